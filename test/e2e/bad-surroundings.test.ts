// The built command in a faulty environment: an endless list, a full log disk, truncated recordings, names that would act on
// the terminal.
import {chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {getPriority} from 'node:os';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {describe, expect, test} from 'vitest';
import {
	createFolder,
	parseReport,
	readReport,
	runCommand,
	runShell,
	startCommand,
	transactions,
	writeFiles,
} from '../helpers/command.ts';
import {Robot, whyNoTerminal} from '../helpers/pty.ts';

test('on a busy machine the reading threads have the same share as any other program', async ({skip}) => {
	if (process.platform !== 'linux') skip('Only Linux tells the priority of each thread');
	const cwd = createFolder();
	writeFiles(cwd, 2, 1000);
	const reading = Promise.withResolvers<void>();
	const command = startCommand(['.', '--jsonl', '--threads', '2', '--simulate-io', '60000'], {
		cwd,
		onOutput(text) {
			if (text.split('"type":"file-started"').length > 2) reading.resolve();
		},
	});
	await reading.promise;
	const tasks = `/proc/${command.pid}/task`;
	// The name of the thread may contain anything; behind it, the priority is the 17th field.
	const niceOf = (id: string): number =>
		Number(readFileSync(`${tasks}/${id}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[16]);
	const niceness = readdirSync(tasks).map(niceOf);
	expect(niceness.length).toBeGreaterThan(2);
	expect(new Set(niceness)).toEqual(new Set([getPriority()]));
	command.kill('SIGKILL');
	await command.ended;
});

test('a full log disk loses the log, not the run', async () => {
	const cwd = createFolder();
	writeFiles(cwd, 3, 10);
	const args = ['.', '--json', '--log-file', '/dev/full', '--report', 'x.json'];
	const {code, stdout, stderr} = await runCommand(args, {cwd});
	expect(parseReport(stdout).totals.completed).toBe(3);
	expect(readReport(join(cwd, 'x.json')).totals.completed).toBe(3);
	expect(stderr).toMatch(/^fileproc-tui: The log file \/dev\/full cannot be written.*ENOSPC/);
	expect(code).toBe(3);
});

test.each([
	['--files-from', '\u{1b}[31mx\u{9b}'],
	['--log-file', '/nope/\u{1b}]52;c;eA==\u{7}'],
	['replay', 'no\u{1b}[2J'],
])('%s with a name that would act on the terminal shows it escaped', async (flag, name) => {
	const cwd = createFolder();
	writeFiles(cwd, 1, 1);
	const args = flag === 'replay' ? [flag, name] : ['.', '--plain', flag, name];
	const {code, stderr} = await runCommand(args, {cwd});
	expect(code).toBe(3);
	expect(stderr).toContain('\\x1b');
	expect(stderr.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
});

describe('replay', () => {
	test('shows a recorded run again, to the same end', async () => {
		const cwd = createFolder();
		writeFiles(cwd, 3, 10);
		const recorded = await runCommand(['.', '--jsonl'], {cwd});
		writeFileSync(join(cwd, 'run.jsonl'), recorded.stdout);
		const {code, stdout, stderr} = await runCommand(['replay', 'run.jsonl', '--speed', '100'], {cwd});
		expect({code, stderr}).toEqual({code: 0, stderr: ''});
		expect(stdout).toMatch(/^✔ 3 files/m);
		expect(stdout).toContain('37.50');
	});

	test('of a truncated recording goes to its end, and then says so', async () => {
		const cwd = createFolder();
		writeFiles(cwd, 3, 10);
		const {stdout: recorded} = await runCommand(['.', '--jsonl'], {cwd});
		const lines = recorded.trimEnd().split('\n');
		const end = lines.findIndex(line => line.startsWith('{"type":"file-completed"')) + 1;
		// The last line is incomplete, as after a kill during a write.
		writeFileSync(join(cwd, 'run.jsonl'), `${lines.slice(0, end).join('\n')}\n${lines[end]?.slice(0, 40)}`);
		const {code, stdout, stderr} = await runCommand(['replay', 'run.jsonl', '--speed', '100'], {cwd});
		expect(stdout).toMatch(/^✖ 1 of 3 files completed, 2 cancelled/m);
		expect(stderr).toMatch(/^fileproc-tui: The recording run\.jsonl was cut .+ into its run\. .+\n$/);
		expect(code).toBe(0);
	});

	test.each([
		['is empty', () => [], /is empty/],
		['was cut in its first line', (lines: string[]) => [lines[0]?.slice(0, 30) ?? ''], /Line 1 of .* is no event/],
		[
			'is torn in its midst',
			(lines: string[]) => [lines[0] ?? '', '{"ty', ...lines.slice(1)],
			/Line 2 of .* is no event/,
		],
		['lacks its beginning', (lines: string[]) => lines.slice(1), /Line 1 of .* is no event/],
		['has events that lack something', () => ['{"type":"run-started","elapsedMs":0}'], /Line 1 of .* is no event/],
		['is no JSON', () => ['hello'], /Line 1 of .* is no event/],
	])('of a recording that %s says so', async (_what, change, sentence) => {
		const cwd = createFolder();
		writeFiles(cwd, 3, 10);
		const {stdout: recorded} = await runCommand(['.', '--jsonl'], {cwd});
		writeFileSync(join(cwd, 'run.jsonl'), change(recorded.trimEnd().split('\n')).join('\n'));
		const {code, stderr} = await runCommand(['replay', 'run.jsonl', '--speed', '100'], {cwd});
		expect(stderr).toMatch(sentence);
		expect(code).toBe(2);
	});
});

test('gzip on standard input is unpacked, from a pipe and from a file', async () => {
	const cwd = createFolder();
	writeFileSync(join(cwd, 'x.csv.gz'), gzipSync(transactions(10)));
	for (const script of ['cat x.csv.gz | fileproc - --json', 'fileproc - --json < x.csv.gz']) {
		const {code, stdout} = await runShell(script, {cwd});
		const [file] = parseReport(stdout).files;
		expect(file).toMatchObject({rows: 10, dialect: {compression: 'gzip'}});
		expect(code).toBe(0);
	}
});

test.skipIf(whyNoTerminal !== null).each(['-', '/dev/stdin', '/dev/tty'])(
	'data typed on the terminal gets the keyboard: %s',
	async path => {
		const robot = Robot.command([path]);
		await robot.waitForScreen('Processing');
		robot.press('customer_id,amount,date,category\r', 'c,12.50,2024-01-01,typed\r', '\u{4}');
		expect(await robot.exit).toBe(0);
		expect(await robot.scrollback()).toMatch(/Total amount +12\.50/);
	},
);

describe('the folder for compiled code', () => {
	const kept = (folder: string): boolean => existsSync(join(folder, 'fileproc-tui'));

	test('is in the user’s cache', async () => {
		const cwd = createFolder();
		const [cache, home] = [join(cwd, 'cache'), join(cwd, 'home')];
		expect((await runCommand(['--version'], {cwd, env: {XDG_CACHE_HOME: cache, HOME: home}})).code).toBe(0);
		expect([kept(cache), existsSync(home)]).toEqual([true, false]);
		expect((await runCommand(['--version'], {cwd, env: {HOME: home}})).code).toBe(0);
		expect(kept(join(home, '.cache'))).toBe(true);
	});

	test('is disabled where that place does not exist', async () => {
		const cwd = createFolder();
		const relative = {XDG_CACHE_HOME: 'cache', HOME: join(cwd, 'home')};
		expect((await runCommand(['--version'], {cwd, env: relative})).code).toBe(0);
		expect([kept(join(cwd, 'cache')), kept(join(cwd, 'home', '.cache'))]).toEqual([false, true]);
		const mayTell = !kept('/.cache');
		const {code, stderr} = await runCommand(['--version'], {cwd, env: {HOME: ''}});
		expect([code, stderr]).toEqual([0, '']);
		if (mayTell) expect(kept('/.cache')).toBe(false);
		expect(kept(join(cwd, '.cache'))).toBe(false);
	});

	test('is disabled where others could put code into it', async () => {
		const cwd = createFolder();
		const shared = join(cwd, 'shared');
		for (const mode of [0o777, 0o770]) {
			mkdirSync(shared, {recursive: true});
			chmodSync(shared, mode);
			for (const env of [{XDG_CACHE_HOME: shared}, {HOME: shared}, {HOME: join(shared, 'home')}]) {
				const {code, stderr} = await runCommand(['--version'], {cwd, env});
				expect([code, stderr]).toEqual([0, '']);
			}
			expect(readdirSync(shared)).toEqual([]);
		}
	});

	test.each(['/proc', '/dev/full', '/dev/null/x', '/proc/self/fd'])('is disabled where the home is %s', async HOME => {
		const {code, stdout, stderr} = await runCommand(['--version'], {cwd: createFolder(), env: {HOME}});
		expect([code, stderr]).toEqual([0, '']);
		expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
	});

	test('is disabled for a user without a home, and the command works', async ({skip}) => {
		if (process.getuid?.() !== 0) skip('only root can be somebody else');
		const cwd = createFolder();
		writeFiles(cwd, 1, 10);
		chmodSync(cwd, 0o755);
		const nobody = ['setpriv', '--reuid=54321', '--regid=54321', '--clear-groups', 'env', '-u', 'HOME'].join(' ');
		const {code, stdout, stderr} = await runShell(`${nobody} "$NODE" "$CLI" . --json`, {cwd});
		expect([code, stderr]).toEqual([0, '']);
		expect(parseReport(stdout).totals.completed).toBe(1);
	});
});
