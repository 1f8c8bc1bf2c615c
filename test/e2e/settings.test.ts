// The built command and files that control it: configuration files, and recordings of runs.
import {chmodSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test, vi} from 'vitest';
import {
	createFolder,
	parseEvents,
	parseReport,
	readReport,
	runCommand,
	runShell,
	startCommand,
	transactions,
	WITHOUT_AMOUNT,
	writeFiles,
} from '../helpers/command.ts';
import {PATIENT} from '../helpers/patient.ts';
import {Robot, whyNoTerminal} from '../helpers/pty.ts';

/** A folder to work in, with data in it and a settings folder of the user. */
function createPlace() {
	const cwd = createFolder();
	writeFiles(join(cwd, 'data'), 2, 5);
	mkdirSync(join(cwd, 'xdg', 'fileproc-tui'), {recursive: true});
	const env = {XDG_CONFIG_HOME: join(cwd, 'xdg')};
	const write = (name: string, config: unknown): void => {
		writeFileSync(join(cwd, name), typeof config === 'string' ? config : JSON.stringify(config));
	};
	return {cwd, env, write, own: 'xdg/fileproc-tui/config.json'};
}

describe('configuration files', () => {
	test("are read beside the data, in the current folder and in the user's own one, and config shows the source of each setting", async () => {
		const {cwd, env, write, own} = createPlace();
		write(own, {theme: 'mono', retries: 4, fps: 4, report: 'own.json'});
		write('fileproc.config.json', {retries: 5, fps: 5});
		write('data/fileproc.config.json', {fps: 6});
		const {code, stdout, stderr} = await runCommand(['config', 'data', '-j', '7'], {cwd, env});
		expect([code, stderr]).toEqual([0, '']);
		const from = (name: string) =>
			stdout
				.split('\n')
				.find(line => line.startsWith(`${name} `))
				?.split(/ {2,}/)
				.slice(1);
		expect(from('theme')).toEqual(['mono', join(cwd, own)]);
		expect(from('retries')).toEqual(['5', 'fileproc.config.json']);
		expect(from('fps')).toEqual(['6', 'data/fileproc.config.json']);
		expect(from('concurrency')).toEqual(['7', '--concurrency']);
		expect(stdout).toContain(`${join(cwd, own)}  read; your own\n`);
		const run = await runCommand(['data', '--json'], {cwd, env});
		expect(run.code).toBe(0);
		expect(readReport(join(cwd, 'own.json'))).toEqual(parseReport(run.stdout));
	});

	test('with issues are code 3, with place, path and what was meant; --no-config ignores them', async () => {
		const {cwd, env, write} = createPlace();
		write('data/fileproc.config.json', '{\n\t"retries": "many",\n\t"theem": "mono"\n}\n');
		const {code, stdout, stderr} = await runCommand(['data', '--json'], {cwd, env});
		expect([code, stdout]).toEqual([3, '']);
		expect(stderr.split('\n')).toEqual([
			'fileproc-tui: data/fileproc.config.json:2:13: retries takes a whole number from 0 to 100, but got the text “many”.',
			'data/fileproc.config.json:3:2: There is no setting “theem”. Did you mean theme? --no-config goes without.',
			'',
		]);
		expect((await runCommand(['config', 'data'], {cwd, env})).code).toBe(3);
		expect((await runCommand(['data', '--json', '--no-config'], {cwd, env})).code).toBe(0);
		expect((await runCommand(['data', '--json'], {cwd, env: {...env, FILEPROC_CONFIG: '0'}})).code).toBe(0);
		expect((await runCommand(['--help'], {cwd, env})).code).toBe(0);
	});

	test('that come with the data write nothing, change no exit code, and act on no terminal', async () => {
		const {cwd, env, write} = createPlace();
		writeFileSync(join(cwd, 'data', 'bad.csv'), WITHOUT_AMOUNT);
		for (const config of [{report: '../x.json'}, {logFile: 'x.log'}, {record: 'x.jsonl'}, {failOn: 'never'}]) {
			for (const place of ['data/fileproc.config.json', 'fileproc.config.json']) {
				write(place, config);
				const {code, stderr} = await runCommand(['data', '--json'], {cwd, env});
				expect(code).toBe(3);
				expect(stderr).toMatch(/may only be set in your own file/);
				write(place, '{}');
			}
		}
		write('data/fileproc.config.json', '{"\u001b[2J\u009b2J": "\u0007", "theme": "\\u001b]0;x\\u0007"}');
		const {stderr} = await runCommand(['data', '--json'], {cwd, env});
		expect(stderr.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
	});

	test('that may not be read are reported', async ({skip}) => {
		if (process.getuid?.() === 0) skip('root may read everything');
		const {cwd, env, write} = createPlace();
		write('fileproc.config.json', {});
		chmodSync(join(cwd, 'fileproc.config.json'), 0);
		const {code, stderr} = await runCommand(['data', '--json'], {cwd, env});
		expect(stderr).toMatch(/^fileproc-tui: fileproc\.config\.json: cannot be read: EACCES/);
		expect(code).toBe(3);
	});
});

/** Some progress of files is left out, so the numbers of the events may have gaps. */
function expectWholeRun(path: string): void {
	const events = parseEvents(readFileSync(path, 'utf8'));
	expect(events[0]?.type).toBe('run-started');
	expect(events.at(-1)?.type).toBe('run-completed');
	for (const [index, {seq}] of events.entries()) expect(seq).toBeGreaterThan(events[index - 1]?.seq ?? 0);
	const told = events.filter(({type}) => type === 'file-completed');
	expect(told).toHaveLength(3);
}

describe('--record', () => {
	test('records a run beside any other output, and replay plays it to the same end', async () => {
		const cwd = createFolder();
		writeFiles(join(cwd, 'data'), 3, 10);
		const {code, stdout, stderr} = await runCommand(['data', '--json', '--record', 'run.jsonl'], {cwd});
		expect([code, stderr]).toEqual([0, '']);
		const events = parseEvents(readFileSync(join(cwd, 'run.jsonl'), 'utf8'));
		expect(events.at(-1)).toMatchObject({totals: parseReport(stdout).totals});
		const replay = await runCommand(['replay', 'run.jsonl', '--speed', '100'], {cwd});
		expect(replay).toMatchObject({code: 0, stderr: ''});
		expect(replay.stdout).toMatch(/^✔ 3 files/m);
		// And again, over the older one.
		expect((await runCommand(['data', '--json', '--record', 'run.jsonl'], {cwd})).code).toBe(0);
		expectWholeRun(join(cwd, 'run.jsonl'));
	});

	test('records to the end where the reader of the events leaves', async () => {
		const cwd = createFolder();
		writeFiles(join(cwd, 'data'), 3, 10);
		await runShell('fileproc data --jsonl --record run.jsonl | :', {cwd});
		expectWholeRun(join(cwd, 'run.jsonl'));
	});

	test('of a killed run contains what happened until then, and replay says how far that is', async () => {
		const cwd = createFolder();
		writeFiles(join(cwd, 'data'), 3, 500);
		const args = ['data', '--plain', '--simulate-io', '200', '--record', 'run.jsonl'];
		const command = startCommand(args, {cwd});
		const path = join(cwd, 'run.jsonl');
		await vi.waitFor(() => expect(readFileSync(path, 'utf8')).toContain('file-progressed'), PATIENT);
		command.kill('SIGKILL');
		await command.ended;
		for (const line of readFileSync(path, 'utf8').split('\n').slice(0, -1))
			expect(() => JSON.parse(line)).not.toThrow();
		const {code, stdout, stderr} = await runCommand(['replay', 'run.jsonl', '--speed', '100'], {cwd});
		expect(stdout).toMatch(/^✖ 0 of 3 files completed, 3 cancelled/m);
		expect(stderr).toContain('The recording run.jsonl was cut');
		expect(code).toBe(0);
	});

	test('of a run that is interrupted twice in a row ends with complete lines', async () => {
		const cwd = createFolder();
		writeFiles(join(cwd, 'data'), 3, 500);
		const command = startCommand(['data', '--plain', '--simulate-io', '200', '--record', 'run.jsonl'], {cwd});
		const read = (): string => readFileSync(join(cwd, 'run.jsonl'), 'utf8');
		await vi.waitFor(() => expect(read()).toContain('file-progressed'), PATIENT);
		command.kill('SIGTERM');
		command.kill('SIGTERM');
		expect((await command.ended).code).toBe(143);
		expect(read()).toMatch(/\}\n$/);
	});

	test('never overwrites data, and says so before anything is done', async () => {
		const cwd = createFolder();
		writeFiles(cwd, 1, 5);
		writeFileSync(join(cwd, 'other.csv'), transactions(5));
		for (const path of ['other.csv', 'missing/run.jsonl', '.']) {
			const {code, stdout, stderr} = await runCommand(['0001.csv', '--json', '--record', path], {cwd});
			expect([code, stdout]).toEqual([3, '']);
			expect(stderr).toMatch(/^fileproc-tui: The recording .+\n$/);
		}
		expect(readFileSync(join(cwd, 'other.csv'), 'utf8')).toBe(transactions(5));
	});

	test('on a full disk loses the recording, not the run', async () => {
		const cwd = createFolder();
		writeFiles(cwd, 3, 5);
		const {code, stdout, stderr} = await runCommand(['.', '--json', '--record', '/dev/full'], {cwd});
		expect(parseReport(stdout).totals.completed).toBe(3);
		expect(stderr).toMatch(/^fileproc-tui: The recording \/dev\/full cannot be written, and ends early: ENOSPC/);
		expect(code).toBe(3);
	});

	test('can write to a pipe as well', async () => {
		const cwd = createFolder();
		writeFiles(cwd, 3, 5);
		const script = 'mkfifo pipe; cat pipe > run.jsonl & fileproc . --json --record pipe > /dev/null; wait';
		await runShell(script, {cwd});
		expectWholeRun(join(cwd, 'run.jsonl'));
	});
});

describe.skipIf(whyNoTerminal !== null)('the dashboard', () => {
	test("has the keys of the user's own file, and the filter of the flag, which leaves nothing out of the reports", async () => {
		const {cwd, env, write, own} = createPlace();
		write(own, {keys: {quit: ['F10', 'Q']}});
		writeFileSync(join(cwd, 'data', 'bad.csv'), WITHOUT_AMOUNT);
		const args = ['data', '--filter', '!bad', '--simulate-io', '200', '--report', 'x.json'];
		const robot = Robot.command(args, {cwd, env, columns: 120});
		const screen = await robot.waitForScreen('0002.csv');
		// In the list; the summary names what failed, whatever is listed.
		expect(screen).not.toMatch(/bad\.csv {2}/);
		expect(screen).toContain('F10 quit');
		await robot.waitForScreen('2 of 3 completed');
		robot.press('q', 'Q');
		expect(await robot.exit).toBe(1);
		expect(readReport(join(cwd, 'x.json')).totals).toMatchObject({files: 3, failed: 1});
	});

	test('writes the report so far when its key is pressed, and shows where', async () => {
		const {cwd} = createPlace();
		writeFiles(join(cwd, 'data'), 2, 2000);
		writeFileSync(join(cwd, 'data', '0000.csv'), WITHOUT_AMOUNT);
		const robot = Robot.command(['data', '--simulate-io', '200'], {cwd, columns: 120});
		await robot.waitForScreen('1 failed');
		robot.press('e');
		const [, path = ''] =
			/(fileproc-report-\d{8}-\d{6}\.json)/.exec(await robot.waitForScreen('fileproc-report-')) ?? [];
		expect(JSON.parse(readFileSync(join(cwd, path), 'utf8'))).toMatchObject({
			status: 'running',
			totals: {failed: 1},
			files: [{file: 'data/0000.csv', status: 'failed'}],
		});
		robot.press('\u{3}', '\u{3}');
		expect(await robot.exit).toBe(130);
	});
});
