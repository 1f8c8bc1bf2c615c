// `command`, with real programs.
import {existsSync, readFileSync} from 'node:fs';
import {expect, test, vi} from 'vitest';
import type {JsonObject} from '../../source/pipeline/pipeline.ts';
import {isRunning} from '../helpers/is-running.ts';
import {PATIENT} from '../helpers/patient.ts';
import {createStepRunner, failureOf} from '../helpers/run-step.ts';

const file = {name: 'some file.txt', content: 'text of it\n'};
const shell = (script: string, ...words: string[]): JsonObject => ({run: ['sh', '-c', script, 'sh', ...words]});

test('the file is the input of a program, or is given by its path', async () => {
	const {run, results, folder} = createStepRunner();
	const cat = await run('command', {run: ['cat'], output: 'out'}, file);
	expect(cat.text).toBe(file.content);
	expect(cat.outputs).toEqual([{name: 'c1__some file.txt.command.out', bytes: 11}]);
	expect(cat.metadata).toMatchObject({command: {exit: 0}});
	const path = await run('command', {...shell('printf %s "$1"; cat', '--in={file}'), output: true}, file);
	expect(path.text).toBe(`--in=${folder.at('in/some file.txt')}`);
	const both = await run('command', {...shell('cat - "$1"', '{file}'), input: 'file', output: true}, file);
	expect(both.text).toBe(file.content.repeat(2));
	const none = await run('command', {run: ['cat'], input: 'none', output: true}, file);
	expect(none.text).toBe('');
	expect(results()).toHaveLength(4);
	const {outputs, text} = await run('command', {run: ['cat']}, file);
	expect({outputs, text}).toEqual({outputs: [], text: null});
});

test('nothing of a name or of settings is read by a shell', async () => {
	const {run, folder} = createStepRunner();
	const name = '-n \'$(touch pwned)\' ; `touch pwned` "x".txt';
	const {text} = await run(
		'command',
		{run: ['printf', '%s|%s', '$HOME; ls', '{file}'], output: true},
		{name, content: ''},
	);
	expect(text).toBe(`$HOME; ls|${folder.at(`in/${name}`)}`);
	expect(existsSync('pwned')).toBe(false);
});

test('a program knows of the file by its variables, and works in the folder that was named', async () => {
	const {run, folder} = createStepRunner();
	const settings = {
		...shell('printf "%s|" "$FILEPROC_NAME" "$FILEPROC_CLAIM" "$FILEPROC_TAG" "$FILEPROC_METADATA" "$OWN" "$PWD"'),
		output: true,
		cwd: folder.path,
		env: {OWN: 'mine'},
	};
	const {text} = await run('command', settings, file, {metadata: {rows: 3}});
	expect(text).toBe(`some file.txt|c1|route|{"rows":3}|mine|${folder.path}|`);
	const much = await run('command', {...shell('printf "%s" "$' + '{FILEPROC_METADATA-none}"'), output: true}, file, {
		metadata: {much: 'x'.repeat(200_000)},
	});
	expect(much.text).toBe('none');
});

test('a name of bytes that are no UTF-8 is read all the same', async () => {
	const {run, folder} = createStepRunner();
	folder.folder('in');
	folder.writeBytesName(Buffer.from([...Buffer.from('in/'), 0x66, 0xff]), 'odd');
	const path = folder.at('in/f\udcff');
	const input = {file: {claim: 'c1', name: 'f\udcff', path, bytes: 3}};
	expect((await run('command', {run: ['cat', '{file}'], output: true}, file, input)).text).toBe('odd');
	const second = await run('command', {run: ['cat'], output: true}, file, input);
	expect(second.text).toBe('odd');
});

test('a program that does not end well fails the file with what it has said', async () => {
	const {run, results} = createStepRunner();
	const failed = async (settings: JsonObject) => {
		const {code, message, mayPass} = await failureOf(run('command', {output: true, ...settings}, file));
		expect(code).toBe('COMMAND_FAILED');
		return [message, mayPass];
	};
	expect(await failed(shell('echo out; echo "it is wrong" >&2; exit 3'))).toEqual([
		'The command “sh”: It ended with exit code 3, and wrote: it is wrong',
		false,
	]);
	expect(await failed(shell('exit 75'))).toEqual([
		'The command “sh”: It ended with exit code 75, and wrote nothing to standard error',
		true,
	]);
	const segv = await failed(shell('kill -SEGV $$'));
	expect(segv).toEqual([expect.stringContaining('It was ended by SIGSEGV'), false]);
	// As a service ends.
	expect((await failed(shell('kill -TERM $$')))[1]).toBe(true);
	const [long] = await failed(shell('yes words | head -c 100000 >&2; echo last >&2; exit 1'));
	expect(long).toMatch(/wrote: ….*last$/s);
	expect(String(long).length).toBeLessThan(2100);
	expect((await failed({run: ['no-such-program-here']}))[0]).toContain('there is no such program');
	expect((await failed({run: [`${process.cwd()}/package.json`]}))[0]).toContain('not executable');
	expect((await failed({run: ['true'], cwd: '/nowhere/at/all'}))[0]).toContain('/nowhere/at/all');
	expect(results()).toEqual([]);
});

test('a program that does not read its input, or writes much, does no harm', async () => {
	const {run} = createStepRunner({limits: {maxOutputBytes: 1_000_000}});
	const large = {name: 'large.txt', content: 'x'.repeat(5_000_000)};
	expect((await run('command', {run: ['true']}, large)).metadata).toMatchObject({command: {exit: 0}});
	const exact = await run('command', {...shell('head -c 1000000 /dev/zero'), output: 'bin'}, file);
	expect(exact.data?.bytes).toBe(1_000_000);
	const much = await failureOf(run('command', {run: ['cat', '/dev/zero'], output: true, timeout: 60}, file));
	expect(much.message).toContain('at most 1MB of what it makes');
});

test('a program and all that it has started are ended at the limit, even where they will not', async () => {
	const {run, folder, results} = createStepRunner();
	const script =
		'trap "" TERM; (trap "" TERM; echo $$ >>"$1"; sh -c \'echo $$\' >>"$1"; while :; do sleep 1; done) & while :; do sleep 1; done';
	const settings = {...shell(script, folder.at('pids')), input: 'none', output: true, timeout: 2};
	const error = await failureOf(run('command', settings, file));
	expect(error.message).toBe(
		'The command “sh”: It had not ended after 2 s, so it was stopped. "timeout" in "with" allows it more',
	);
	const pids = readFileSync(folder.at('pids'), 'utf8').trim().split('\n');
	expect(pids).toHaveLength(2);
	await vi.waitFor(() => expect(pids.filter(isRunning)).toEqual([]), PATIENT);
	expect(results()).toEqual([]);
});

test('a program is ended when its file is given up', async () => {
	const {run, folder} = createStepRunner();
	const controller = new AbortController();
	const running = run(
		'command',
		{...shell('echo $$ >"$1.new"; mv "$1.new" "$1"; exec sleep 600', folder.at('pid'))},
		file,
		{
			signal: controller.signal,
		},
	);
	await vi.waitFor(() => expect(existsSync(folder.at('pid'))).toBe(true), PATIENT);
	controller.abort(new Error('no longer'));
	await expect(running).rejects.toThrow('no longer');
	expect(isRunning(readFileSync(folder.at('pid'), 'utf8').trim())).toBe(false);
});

test('what a program has left behind is not waited for', async () => {
	const {run, folder} = createStepRunner();
	const settings = {...shell('sleep 600 & echo $! >"$1"; echo done', folder.at('pid')), output: true};
	const {text} = await run('command', settings, file);
	expect(text).toBe('done\n');
	process.kill(Number(readFileSync(folder.at('pid'), 'utf8')));
});

test('no more programs run at a time than are good for the machine', async () => {
	const {run, folder} = createStepRunner({threads: 2});
	const script = 'touch "$1/$$"; ls "$1" | wc -l >>"$2"; sleep 0.05; rm "$1/$$"';
	const settings = shell(script, folder.folder('running'), folder.at('counts'));
	await Promise.all(Array.from({length: 20}, () => run('command', settings, file)));
	const counts = readFileSync(folder.at('counts'), 'utf8').trim().split(/\s+/).map(Number);
	expect(counts).toHaveLength(20);
	expect(Math.max(...counts)).toBeLessThanOrEqual(4);
});

test('what a program says goes into the log', async () => {
	const {run, logged} = createStepRunner();
	await run('command', shell('echo said; echo warned >&2'), file);
	expect(logged).toEqual(['said', 'warned']);
});

test('settings are checked with the place of what is wrong', async () => {
	const {processors} = createStepRunner();
	const faults = async (settings: JsonObject) =>
		(await processors.check('command', settings)).map(({path, sentence}) => `${path.join('.')}: ${sentence}`);
	expect(await faults({run: 'mail ops'})).toEqual(['run: expected a list, but found "mail ops"']);
	expect(await faults({run: ['', 'x']})).toEqual(['run.0: expected the name of a program']);
	expect(await faults({run: ['a', 3], output: '.x', input: 'stdin'})).toEqual([
		'run.1: expected a text, but found 3',
		'input: expected "file" or "none", but found "stdin"',
		'output: expected true, or the ending of the file as "json", but found ".x"',
	]);
	expect(await faults({run: ['a'], env: {A: 1}})).toEqual(['env.A: expected a text, but found 1']);
	expect(await faults({run: ['mail', '-s', 'errors', 'ops']})).toEqual([]);
});

test('what a program has left behind ends with it', async () => {
	const {run} = createStepRunner();
	const {text} = await run('command', {...shell('sleep 300 >/dev/null 2>&1 & echo $!'), output: true}, file);
	await vi.waitFor(() => expect(isRunning(text?.trim() ?? '')).toBe(false), PATIENT);
});
