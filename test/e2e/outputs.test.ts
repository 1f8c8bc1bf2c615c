// The built command and its output files: none of them may be an input, another output, or a file of another program.
import {execFileSync} from 'node:child_process';
import {
	chmodSync,
	closeSync,
	constants,
	existsSync,
	linkSync,
	mkdirSync,
	openSync,
	readdirSync,
	readFileSync,
	renameSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import {basename, join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {describe, expect, onTestFinished, test} from 'vitest';
import {CONFIG_FILE_NAME} from '../../source/cli/config-file/config-names.ts';
import {
	createFolder,
	type Ending,
	expectToAddUp,
	expectToBeWellFormed,
	parseEvents,
	parseReport,
	readReport,
	runCommand,
	runShell,
	startCommand,
	startProgram,
	transactions,
	writeFiles,
} from '../helpers/command.ts';

/** The bytes of all files of a folder, by name. */
const contentsOf = (folder: string): Record<string, string> =>
	Object.fromEntries(
		readdirSync(folder, {withFileTypes: true})
			.filter(entry => entry.isFile())
			.map(({name}) => [name, readFileSync(join(folder, name), 'latin1')]),
	);

/** `a.csv` and `b.csv` with data, a link and a hard link to the first, a list and a configuration file. */
function createData(): string {
	const cwd = createFolder();
	writeFileSync(join(cwd, 'a.csv'), transactions(3));
	writeFileSync(join(cwd, 'b.csv'), transactions(4));
	symlinkSync('a.csv', join(cwd, 'link.csv'));
	linkSync(join(cwd, 'a.csv'), join(cwd, 'hard.csv'));
	mkdirSync(join(cwd, 'sub'));
	symlinkSync('../a.csv', join(cwd, 'sub', 'link.csv'));
	writeFileSync(join(cwd, 'list.csv'), 'b.csv\n');
	writeFileSync(join(cwd, CONFIG_FILE_NAME), '{"theme": "mono"}');
	return cwd;
}

function expectRefusal({code, stdout, stderr}: Ending, ...names: readonly string[]): void {
	expect(stderr).toMatch(/^fileproc-tui: .+\n$/);
	for (const name of names) expect(stderr).toContain(name);
	expect({code, stdout}).toEqual({code: 2, stdout: ''});
}

describe('an output that is an input', () => {
	test.each([
		['the same name', 'a.csv --report a.csv', ['--report “a.csv”', 'input “a.csv”']],
		['another spelling', 'a.csv --report ./sub/../a.csv', ['--report “./sub/../a.csv”', 'input “a.csv”']],
		['an absolute path', 'a.csv --report "$PWD/a.csv"', ['/a.csv”', 'input “a.csv”']],
		['a symbolic link', 'a.csv --report link.csv', ['--report “link.csv”', 'input “a.csv”']],
		['what a link leads to', 'link.csv --report a.csv', ['--report “a.csv”', 'input “link.csv”']],
		['a link in another folder', 'a.csv --report sub/link.csv', ['--report “sub/link.csv”']],
		['a hard link', 'a.csv --report hard.csv', ['--report “hard.csv”', 'input “a.csv”']],
		['a log', 'a.csv --log-file a.csv', ['--log-file “a.csv”', 'input “a.csv”']],
		['a recording', 'a.csv --record a.csv', ['--record “a.csv”', 'input “a.csv”']],
		['found by a walk', '. --report b.csv', ['--report “b.csv”', 'input “./b.csv”']],
		['found by a pattern', "'*.csv' --report b.csv", ['--report “b.csv”', 'input “b.csv”']],
		['on a list', '--files-from list.csv --report b.csv', ['--report “b.csv”', 'input “b.csv”']],
		['the list', '--files-from list.csv --report list.csv', ['--report “list.csv”', '--files-from “list.csv”']],
		['the list on stdin', '--files-from - --report list.csv <list.csv', ['“list.csv”', 'standard input']],
		['standard input', '- --report a.csv <a.csv', ['--report “a.csv”', 'standard input']],
		['the device of standard input', '/dev/stdin --report a.csv <a.csv', ['--report “a.csv”']],
		['a configuration file', `b.csv --log-file ./${CONFIG_FILE_NAME}`, ['--log-file', 'configuration file']],
		['not there yet', 'b.csv new.csv --report ./new.csv', ['--report “./new.csv”', 'input “new.csv”']],
		['standard output', 'b.csv --plain >>b.csv', ['standard output', 'input “b.csv”']],
		['forced', 'a.csv --report a.csv --force', ['--report “a.csv”']],
		['forced, found by a walk', '. --report a.csv --force', ['--report “a.csv”']],
	])('is refused before anything is written: %s', async (_what, words, names) => {
		const cwd = createData();
		const before = contentsOf(cwd);
		expectRefusal(await runShell(`fileproc ${words}`, {cwd}), ...names);
		expect(contentsOf(cwd)).toEqual(before);
	});
});

test('standard error that is an input is not written to, and standard output says why', async () => {
	const cwd = createData();
	const before = contentsOf(cwd);
	const {code, stdout} = await runShell('fileproc b.csv --plain 2>>b.csv', {cwd});
	expect(stdout).toMatch(/^fileproc-tui: standard error is the same file as the input “b.csv”, .+\n$/);
	expect(code).toBe(2);
	expect((await runShell('fileproc b.csv --plain >>b.csv 2>&1', {cwd})).code).toBe(2);
	expect(contentsOf(cwd)).toEqual(before);
});

test('a recording is not replayed into itself', async () => {
	const cwd = createData();
	expect((await runCommand(['b.csv', '--json', '--record', 'run.jsonl'], {cwd})).code).toBe(0);
	const before = contentsOf(cwd);
	expectRefusal(await runShell('fileproc replay run.jsonl >>./run.jsonl', {cwd}), '“run.jsonl”', 'standard output');
	expect(contentsOf(cwd)).toEqual(before);
});

describe('an output that is another output', () => {
	test.each([
		'--report x.json --record x.json',
		'--report x.json --log-file ./x.json',
		'--record x.json --log-file x.json',
		'--report x.json --report ./x.json',
		'--report x.json --report sub/../x.json',
		'--report x.json --record dangling.json',
		'--report x.json --export x.json',
		'--export ./out --log-file out',
		'--report x.json >x.json',
		'--log-file x.json 2>x.json; code=$?; cat x.json >&2; exit $code',
	])('is refused: %s', async words => {
		const cwd = createData();
		symlinkSync('x.json', join(cwd, 'dangling.json'));
		const {code, stderr} = await runShell(`fileproc b.csv --plain ${words}`, {cwd});
		expect(stderr).toMatch(/^fileproc-tui: .+ and .+ are the same file: name two\./);
		expect(code).toBe(2);
	});

	test('is allowed where both are /dev/null', async () => {
		const cwd = createData();
		const words = ['b.csv', '--json', '--record', '/dev/null', '--log-file', '/dev/null'];
		expect(await runCommand(words, {cwd})).toMatchObject({code: 0, stderr: ''});
	});
});

describe('a file of another program', () => {
	const text = 'dear diary\n';

	test.each([
		['--report', 'r.csv', 'report'],
		['--report', 'r.json', 'report'],
		['--report', 'r.md', 'report'],
		['--report', 'r.html', 'report'],
		['--record', 'r.jsonl', 'recording'],
		['--log-file', 'r.txt', 'log'],
	])('is not overwritten by %s %s', async (flag, name, kind) => {
		const cwd = createFolder();
		writeFiles(join(cwd, 'data'), 2, 3);
		writeFileSync(join(cwd, name), text);
		const {code, stdout, stderr} = await runCommand(['data', '--json', flag, name], {cwd});
		expect(stderr).toContain(
			`${name} is not written: a file of that name exists that is not a ${kind} of fileproc-tui. --force `,
		);
		expect(stderr).toContain('--force');
		expect({code, stdout, text: readFileSync(join(cwd, name), 'utf8')}).toEqual({code: 3, stdout: '', text});
	});

	test('is overwritten with --force, and a log is appended to it', async () => {
		const cwd = createFolder();
		writeFiles(join(cwd, 'data'), 2, 3);
		for (const name of ['r.json', 'r.jsonl', 'r.log']) writeFileSync(join(cwd, name), text);
		const words = 'data --json --force --report r.json --record r.jsonl --log-file r.log'.split(' ');
		expect(await runCommand(words, {cwd})).toMatchObject({code: 0, stderr: ''});
		expect(readReport(join(cwd, 'r.json')).totals.completed).toBe(2);
		expect(readFileSync(join(cwd, 'r.jsonl'), 'utf8')).toMatch(/^\{"type":"run-started".+\n/);
		expect(readFileSync(join(cwd, 'r.log'), 'utf8').split('\n').slice(0, 2)).toEqual([
			'dear diary',
			expect.stringMatching(/^\{"at":".+"message":"run-started"/),
		]);
	});

	test('of one of our kinds, but not the requested one, is kept', async () => {
		const cwd = createFolder();
		writeFiles(join(cwd, 'data'), 1, 3);
		expect((await runCommand(['data', '--json', '--record', 'run.json'], {cwd})).code).toBe(0);
		const before = contentsOf(cwd);
		for (const flag of ['--report', '--log-file']) {
			expect((await runCommand(['data', '--json', flag, 'run.json'], {cwd})).code).toBe(3);
		}
		expect(contentsOf(cwd)).toEqual(before);
	});
});

test('our own reports, recordings and logs are overwritten without --force, and so are empty files', async () => {
	const cwd = createFolder();
	writeFiles(join(cwd, 'data'), 2, 3);
	const names = ['r.json', 'r.csv', 'r.md', 'r.html', 'run.jsonl', 'run.log'];
	for (const name of names) writeFileSync(join(cwd, name), '');
	const reports = '--report r.json --report r.csv --report r.md --report r.html';
	const words = `data --json ${reports} --record run.jsonl --log-file run.log`.split(' ');
	for (let count = 1; count <= 2; count++) {
		expect(await runCommand(words, {cwd})).toMatchObject({code: 0, stderr: ''});
		const {'run.log': log = '', ...others} = contentsOf(cwd);
		expect(log.match(/"message":"run-started"/g)).toHaveLength(count);
		expect(Object.keys(others).sort()).toEqual(['r.csv', 'r.html', 'r.json', 'r.md', 'run.jsonl']);
		for (const text of Object.values(others)) expect(text).not.toBe('');
	}
	// What `--json` has printed is a report, too.
	writeFileSync(join(cwd, 'r.json'), (await runCommand(['data', '--json'], {cwd})).stdout);
	expect((await runCommand(words, {cwd})).code).toBe(0);
});

test('a log of text is added to and put aside as one of JSON is, and a file that only looks like it is not', async () => {
	const cwd = createFolder();
	writeFiles(join(cwd, 'data'), 9, 3);
	const words = 'data --json --log-file run.log --log-max-size 4096 --log-format'.split(' ');
	for (const format of ['text', 'text', 'json', 'text'])
		expect(await runCommand([...words, format], {cwd})).toMatchObject({code: 0, stderr: ''});
	const logs = Object.entries(contentsOf(cwd)).filter(([name]) => name.startsWith('run.log'));
	expect(logs.length).toBeGreaterThan(2);
	const lines = logs.flatMap(([, text]) => text.split('\n').slice(0, -1));
	const completed = lines.filter(line =>
		/^[\d-]+T[\d:.]+Z info fileproc-tui: file-completed run=\S+ .*file=/.test(line),
	);
	expect(completed).toHaveLength(27);
	expect(lines.filter(line => line.includes('"message":"file-completed"'))).toHaveLength(9);

	writeFileSync(join(cwd, 'run.log'), '2026-12-01T00:00:00.000Z info another: started\n');
	const {code, stderr} = await runCommand([...words, 'text'], {cwd});
	expect(stderr).toContain('is not a log of fileproc-tui');
	expect(code).not.toBe(0);
});

test('an incomplete last line of a log does not spoil the next one', async () => {
	const cwd = createFolder();
	writeFiles(join(cwd, 'data'), 1, 3);
	const words = ['data', '--json', '--log-file', 'run.log'];
	expect((await runCommand(words, {cwd})).code).toBe(0);
	const before = readFileSync(join(cwd, 'run.log'), 'utf8').slice(0, -10);
	writeFileSync(join(cwd, 'run.log'), before);
	expect((await runCommand(words, {cwd})).code).toBe(0);
	const added = readFileSync(join(cwd, 'run.log'), 'utf8').slice(before.length);
	expect(added.startsWith('\n{"at":')).toBe(true);
});

describe('outputs in the folder of the data', () => {
	test.each([
		['.', ''],
		['.', '--log-format text'],
		['"*"', ''],
		['"*"', '--log-format text'],
		['"./**/*"', ''],
	])('are not data the next time: %s %s', async (paths, format) => {
		const cwd = createFolder();
		writeFiles(join(cwd), 2, 3);
		const script = `fileproc ${paths} --json --report summary.csv --log-file run.log ${format} --record run.txt 2>errors.txt >out.txt`;
		const totals = [];
		for (let count = 0; count < 3; count++) {
			expect((await runShell(script, {cwd})).code).toBe(0);
			const {processing_time, ...rest} = parseReport(readFileSync(join(cwd, 'out.txt'), 'utf8')).totals;
			totals.push(rest);
		}
		expect(totals[0]).toMatchObject({files: 2, completed: 2});
		expect(totals).toEqual([totals[0], totals[0], totals[0]]);
	});

	test('are nothing to process where there is nothing else', async () => {
		const cwd = createFolder();
		writeFiles(join(cwd, 'data'), 1, 3);
		mkdirSync(join(cwd, 'out'));
		expect((await runCommand(['data', '--json', '--report', 'out/r.csv'], {cwd})).code).toBe(0);
		for (const path of ['out', 'out/*.csv']) {
			const {code, stderr} = await runCommand([path, '--json', '--report', 'out/r.csv'], {cwd});
			expect(stderr).toMatch(/^fileproc-tui: Nothing to process: out/);
			expect(code).toBe(4);
		}
	});
});

describe('output of an earlier run', () => {
	/** `data.csv`, and of each kind of output one with the name of a data file. */
	async function createFolderWithOutputs(): Promise<string> {
		const cwd = createFolder();
		writeFileSync(join(cwd, 'data.csv'), transactions(3));
		const reports = '--report r.csv --report r.json --report r.md --report r.html';
		const words = `data.csv --json ${reports} --record run.txt --log-file run.log`;
		const {code, stdout} = await runCommand(words.split(' '), {cwd});
		expect(code).toBe(0);
		writeFileSync(join(cwd, 'report.txt'), stdout);
		renameSync(join(cwd, 'r.md'), join(cwd, 'markdown.txt'));
		renameSync(join(cwd, 'r.html'), join(cwd, 'page.txt'));
		writeFileSync(join(cwd, 'old.log.gz'), gzipSync(readFileSync(join(cwd, 'run.log'))));
		return cwd;
	}
	const outputs = [
		['markdown.txt', 'Markdown report'],
		['old.log.gz', 'log'],
		['page.txt', 'HTML report'],
		['r.csv', 'CSV report'],
		['report.txt', 'JSON report'],
		['run.log', 'log'],
		['run.txt', 'recording'],
	] as const;

	test.each(['.', './*', '**/*.{csv,txt,log,gz}'])('is skipped and reported where it is found: %s', async paths => {
		const cwd = await createFolderWithOutputs();
		for (const flags of [[], ['--threads', '1'], ['--simulate-io', '1']]) {
			const {code, stdout} = await runCommand([paths, '--json', ...flags], {cwd});
			const report = parseReport(stdout);
			const files = report.files.filter(({file}) => !file.endsWith('.json'));
			const skipped = files.filter(({status}) => status === 'skipped');
			expect(files.filter(({status}) => status === 'completed')).toHaveLength(1);
			expect(skipped.map(({file, error}) => [basename(file), error?.code, error?.message])).toEqual(
				outputs.map(([name, kind]) => [
					name,
					'OWN_OUTPUT',
					`Expected data, but this is a ${kind} that fileproc-tui has written. Leave it out`,
				]),
			);
			expectToAddUp(report, report.files.length);
			expect(code).toBe(0);
		}
	});

	test.each(outputs)('fails where it is named: %s', async (name, kind) => {
		const cwd = await createFolderWithOutputs();
		const {code, stdout} = await runCommand([name, '--json'], {cwd});
		expect(parseReport(stdout).files[0]).toMatchObject({
			status: 'failed',
			error: {code: 'OWN_OUTPUT', message: expect.stringContaining(`a ${kind} that fileproc-tui has written`)},
		});
		expect(code).toBe(1);
	});

	test('is reported in events, with an end for every attempt, and in plain lines', async () => {
		const cwd = await createFolderWithOutputs();
		const events = parseEvents((await runCommand(['.', '--jsonl'], {cwd})).stdout);
		expectToBeWellFormed(events);
		expect(events.filter(({type}) => type === 'file-skipped')).toHaveLength(outputs.length);
		const {stdout} = await runCommand(['.', '--plain'], {cwd});
		expect(stdout).toContain(`${outputs.length} skipped`);
		expect(stdout).toMatch(/run\.log.*OWN_OUTPUT/);
	});
});

describe('a report that could not be written at the end', () => {
	test.each([
		['a folder', (path: string) => mkdirSync(path), 'there is a folder, a device or a pipe'],
		['a FIFO', (path: string) => execFileSync('mkfifo', [path]), 'there is a folder, a device or a pipe'],
		['a link in a circle', (path: string) => symlinkSync('r.json', path), 'links lead in a circle'],
	])('is reported at the start: %s', async (_what, make, sentence) => {
		const cwd = createFolder();
		writeFiles(join(cwd, 'data'), 1, 3);
		make(join(cwd, 'r.json'));
		const {code, stdout, stderr} = await runCommand(['data', '--json', '--report', 'r.json'], {cwd});
		expect(stderr).toContain(`The report r.json cannot be written: ${sentence}`);
		expect({code, stdout}).toEqual({code: 3, stdout: ''});
	});

	test('because another program has created the file during the run, is written beside it', async () => {
		const cwd = createFolder();
		writeFiles(join(cwd, 'data'), 1, 1000);
		const reading = Promise.withResolvers<void>();
		const command = startCommand('data --jsonl --simulate-io 60000 --report r.json'.split(' '), {
			cwd,
			onOutput(text) {
				if (text.includes('"type":"file-started"')) reading.resolve();
			},
		});
		await reading.promise;
		writeFileSync(join(cwd, 'r.json'), 'foreign');
		command.kill('SIGINT');
		const {code, stderr} = await command.ended;
		expect(stderr).toMatch(/The report r\.json was not written, because .+ The report is in r-2\.json instead/);
		expect(code).toBe(3);
		expect(readFileSync(join(cwd, 'r.json'), 'utf8')).toBe('foreign');
		expect(readReport(join(cwd, 'r-2.json')).status).toBe('cancelled');
	});
});

describe('a log or a recording that goes to a FIFO', () => {
	test.each(['--log-file', '--record'])('is refused where no program reads from it: %s', async flag => {
		const cwd = createFolder();
		writeFiles(join(cwd, 'data'), 1, 3);
		execFileSync('mkfifo', [join(cwd, 'pipe')]);
		const {code, stdout, stderr} = await runCommand(['data', '--json', flag, 'pipe'], {cwd});
		expect(stderr).toContain(
			'pipe cannot be opened: no program reads from it. If it is a FIFO, start its reader first',
		);
		expect({code, stdout}).toEqual({code: 3, stdout: ''});
	});

	test.each([
		'--log-file',
		'--record',
	])('is complete, also behind a shell’s substitution and a device: %s', async flag => {
		const cwd = createFolder();
		writeFiles(join(cwd, 'data'), 50, 3);
		const events = /"(?:type|message)":"file-completed"/g;
		const run = `"$NODE" "$CLI" data --json ${flag}`;
		const script = `mkfifo pipe; cat pipe >fifo.txt & ${run} pipe >1.json && wait
			${run} >(cat >substituted.txt) >2.json
			${run} /dev/stderr 2>&1 >3.json | cat >device.txt
			until grep -q run-completed substituted.txt; do sleep 0.01; done`;
		const {code, stderr} = await startProgram('bash', ['-c', script], {cwd}).ended;
		expect([code, stderr]).toEqual([0, '']);
		for (const name of ['fifo.txt', 'substituted.txt', 'device.txt']) {
			const text = readFileSync(join(cwd, name), 'utf8');
			expect(text.match(events), name).toHaveLength(50);
			expect(text.endsWith('}\n')).toBe(true);
		}
	});

	test.each([
		'--log-file',
		'--record',
	])('does not keep a signal from ending the run when its reader reads nothing: %s', async flag => {
		const cwd = createFolder();
		// More than a pipe holds.
		writeFiles(join(cwd, 'data'), 2000, 1);
		execFileSync('mkfifo', [join(cwd, 'pipe')]);
		const reader = openSync(join(cwd, 'pipe'), constants.O_RDONLY | constants.O_NONBLOCK);
		onTestFinished(() => closeSync(reader));
		const ended = Promise.withResolvers<void>();
		const command = startCommand(['data', '--jsonl', flag, 'pipe'], {
			cwd,
			onOutput(text) {
				if (text.includes('"type":"run-completed"')) ended.resolve();
			},
		});
		await ended.promise;
		// Two signals that come together count as one.
		const timer = setInterval(() => command.kill('SIGINT'), 50);
		onTestFinished(() => clearInterval(timer));
		// A signal while the process is exiting has no listener.
		expect([130, 'SIGINT']).toContain((await command.ended).code);
	});
});

describe('in a folder where others may write', () => {
	const runAsNobody = (script: string, cwd: string): Promise<Ending> =>
		runShell(`setpriv --reuid=54321 --regid=54321 --clear-groups sh -c '${script}'`, {cwd});

	test.skipIf(process.getuid?.() !== 0).each(['--report', '--record', '--log-file'])(
		'%s follows no link of another user',
		async flag => {
			const cwd = createFolder();
			writeFiles(join(cwd, 'data'), 1, 3);
			const shared = join(cwd, 'shared');
			mkdirSync(shared);
			chmodSync(cwd, 0o755);
			chmodSync(shared, 0o1777);
			expect((await runAsNobody('ln -s ../mine.json shared/x.json', cwd)).code).toBe(0);
			const {code, stdout, stderr} = await runCommand(['data', '--json', '--force', flag, 'shared/x.json'], {cwd});
			expect(stderr).toContain('is a link that another user made');
			expect({code, stdout}).toEqual({code: 3, stdout: ''});
			expect(existsSync(join(cwd, 'mine.json'))).toBe(false);
			// A file of theirs does not count as ours either.
			expect((await runAsNobody('echo >shared/y.json', cwd)).code).toBe(0);
			const file = await runCommand(['data', '--json', '--force', flag, 'shared/y.json'], {cwd});
			expect(file.stderr).toContain('is a file that another user made');
			expect([file.code, readFileSync(join(shared, 'y.json'), 'utf8')]).toEqual([3, '\n']);
		},
	);

	test.skipIf(process.getuid?.() !== 0)('a report that cannot be replaced is reported at the start', async () => {
		const cwd = createFolder();
		writeFiles(join(cwd, 'data'), 1, 3);
		mkdirSync(join(cwd, 'shared'));
		expect((await runCommand(['data', '--json', '--report', 'shared/r.json'], {cwd})).code).toBe(0);
		chmodSync(cwd, 0o755);
		chmodSync(join(cwd, 'shared'), 0o1777);
		const {code, stdout, stderr} = await runAsNobody('"$NODE" "$CLI" data --json --report shared/r.json', cwd);
		expect(stderr).toMatch(/The report shared\/r\.json cannot be written: .+EPERM/);
		expect({code, stdout}).toEqual({code: 3, stdout: ''});
	});
});
