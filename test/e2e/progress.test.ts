// `--progress`: a run whose output goes to a file or a program still shows that it runs.
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {createFolder, parseReport, runCommand, writeFiles} from '../helpers/command.ts';
import {Robot, whyNoTerminal} from '../helpers/pty.ts';

const SLOW = '--simulate-io 60000 -j 2 --threads 2';

test.skipIf(whyNoTerminal !== null).each(['--json', '--jsonl', '--plain', ''])(
	'`%s > file` shows the progress of the run on the terminal',
	async flag => {
		const cwd = createFolder();
		writeFiles(join(cwd, 'data'), 6, 1000);
		const robot = new Robot('sh', ['-c', `"$NODE" "$CLI" data ${SLOW} ${flag} > out`], {cwd});
		await robot.waitForScreen(/^0 of 6 files \(0%\), ETA/);
		robot.press('\u{3}');
		expect(await robot.exit).toBe(130);
		expect(await robot.screen()).toBe('');
		expect(readFileSync(join(cwd, 'out'), 'utf8')).not.toContain('\u{1b}');
	},
);

test('`--progress never` shows nothing', async ({skip}) => {
	if (whyNoTerminal !== null) skip(whyNoTerminal);
	const cwd = createFolder();
	writeFiles(join(cwd, 'data'), 2, 300);
	const robot = new Robot('sh', ['-c', '"$NODE" "$CLI" data --simulate-io 600 --json --progress never > out'], {cwd});
	expect(await robot.exit).toBe(0);
	expect(await robot.scrollback()).toBe('');
});

test('`--progress always` writes lines where standard error is not a terminal; the default writes none', async () => {
	const cwd = createFolder();
	writeFiles(join(cwd, 'data'), 2, 400);
	const args = ['data', '--json', '--simulate-io', '700'];
	const [always, auto] = await Promise.all([
		runCommand([...args, '--progress', 'always'], {cwd}),
		runCommand(args, {cwd}),
	]);
	expect(always.code).toBe(0);
	expect(always.stderr).toMatch(/^(\d of 2 files \(\d+%\), ETA .*\n)+$/);
	expect(auto).toMatchObject({code: 0, stderr: ''});
	expect(parseReport(always.stdout).analyses).toEqual(parseReport(auto.stdout).analyses);
});

test('`-j` beyond the threads is reported', async () => {
	const cwd = createFolder();
	writeFiles(join(cwd, 'data'), 2, 10);
	const {code, stderr} = await runCommand(['data', '--json', '-j', '8', '--threads', '2'], {cwd});
	expect(code).toBe(0);
	expect(stderr).toBe(
		'fileproc-tui: 2 of 8 files are processed at a time, one on each thread. For more, set --threads to 8.\n',
	);
});
