// The command on different terminals: no dashboard where none can be drawn, no colours where they are disabled.
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeEach, describe, expect, test} from 'vitest';
import {createFolder, type Environment, runCommand, WITHOUT_AMOUNT, writeFiles} from '../helpers/command.ts';
import {looksOf, Robot, type RobotOptions, whyNoTerminal} from '../helpers/pty.ts';

beforeEach(({skip}) => {
	if (whyNoTerminal !== null) skip(whyNoTerminal);
});

function createBatch(): string {
	const cwd = createFolder();
	writeFiles(cwd, 3, 20);
	writeFileSync(join(cwd, 'bad.csv'), WITHOUT_AMOUNT);
	return cwd;
}

/** Colours among SGR sequences: 16 of foreground and background each, or one of 256, or any. */
const colorsOf = (written: string): string[] =>
	looksOf(written).filter(look => look.split(/[;:]/).some(value => /^(?:[34][0-8]|9[0-7]|10[0-7])$/.test(value)));

async function leaveAtTheEnd(args: readonly string[], options: RobotOptions): Promise<Robot> {
	const robot = Robot.command(args, options);
	await robot.waitForScreen('3 of 4 completed');
	robot.press('q');
	expect(await robot.exit).toBe(1);
	return robot;
}

describe('plain lines on a terminal', () => {
	test.each([
		{env: {TERM: 'dumb'}},
		{env: {CI: 'true'}},
		{env: {CI: '1'}},
	])('are the only output with $env: no sequence moves the cursor, no key is needed', async ({env}) => {
		const robot = Robot.command(['.'], {cwd: createBatch(), env});
		expect(await robot.exit).toBe(1);
		const screen = await robot.scrollback();
		expect(screen).toMatch(/^Processing 4 files/);
		expect(screen).toMatch(/^Processed 4 of 4 files \(100%\)/m);
		expect(screen).toMatch(/^✖ 3 of 4 files completed, 1 failed/m);
		// Styles may be set, nothing else.
		expect(robot.written.replaceAll(/\u{1b}\[[\d;]*m/gu, '')).not.toContain('\u{1b}');
	});

	test('have no colours with TERM=dumb', async () => {
		const robot = Robot.command(['.'], {cwd: createBatch(), env: {TERM: 'dumb'}});
		await robot.exit;
		expect(robot.written).not.toContain('\u{1b}');
	});

	test('are the output with --plain', async () => {
		const robot = Robot.command(['.', '--plain'], {cwd: createBatch()});
		expect(await robot.exit).toBe(1);
		expect(await robot.scrollback()).toMatch(/^Processed 4 of 4 files \(100%\)/m);
		expect(robot.written.replaceAll(/\u{1b}\[[\d;]*m/gu, '')).not.toContain('\u{1b}');
	});

	test('are no wider than the terminal, and have no characters beyond ASCII where it has none', async () => {
		const env = {TERM: 'dumb', LANG: 'C', LC_ALL: 'C'};
		const robot = Robot.command(['.'], {cwd: createBatch(), env, columns: 60});
		await robot.exit;
		expect(robot.written).toMatch(/^[\r\n\x20-\x7e]+$/);
		const [, summary = ''] = robot.written.split(/^FAILED 3 of 4/m);
		for (const line of summary.split('\r\n')) expect(line.length).toBeLessThanOrEqual(60);
	});
});

describe('colours of the dashboard', () => {
	test('are used on a terminal that has them', async () => {
		const robot = await leaveAtTheEnd(['.'], {cwd: createBatch()});
		expect(colorsOf(robot.written)).not.toEqual([]);
	});

	test('are not used where they are disabled, and the rest is the same', async () => {
		const cases: readonly (readonly [args: string[], env: Environment])[] = [
			[[], {NO_COLOR: '1'}],
			[[], {CLICOLOR: '0'}],
			[[], {FORCE_COLOR: '0'}],
			[['--color', 'never'], {}],
			[['--color', 'never'], {FORCE_COLOR: '3'}],
			[['--theme', 'mono'], {}],
		];
		const cwd = createBatch();
		const robots = await Promise.all(cases.map(([args, env]) => leaveAtTheEnd(['.', ...args], {cwd, env})));
		for (const [index, robot] of robots.entries()) {
			expect(colorsOf(robot.written), JSON.stringify(cases[index])).toEqual([]);
			expect(await robot.scrollback()).toMatch(/^✖ 3 of 4 files completed/m);
		}
	});

	test('are used despite NO_COLOR where a flag requests them', async () => {
		const robot = await leaveAtTheEnd(['.', '--color', 'always'], {cwd: createBatch(), env: {NO_COLOR: '1'}});
		expect(colorsOf(robot.written)).not.toEqual([]);
	});
});

test('a pipe gets no colours, unless a flag requests them', async () => {
	const cwd = createBatch();
	const [auto, always] = await Promise.all([runCommand(['.'], {cwd}), runCommand(['.', '--color', 'always'], {cwd})]);
	expect(auto.stdout).not.toContain('\u{1b}');
	expect(colorsOf(always.stdout)).not.toEqual([]);
});

test('--json on a terminal is JSON, with nothing that a terminal would obey', async () => {
	const cwd = createFolder();
	writeFiles(cwd, 1, 5);
	writeFileSync(join(cwd, 'a\u{1b}[2J\u{9b}2Jb.csv'), WITHOUT_AMOUNT);
	const robot = Robot.command(['.', '--json'], {cwd, columns: 500, rows: 200});
	expect(await robot.exit).toBe(1);
	expect(robot.written).not.toMatch(/[\u{1b}\u{80}-\u{9f}]/u);
	expect(JSON.parse(robot.written).totals).toMatchObject({files: 2, completed: 1, failed: 1});
});

test('--ascii draws with ASCII alone', async () => {
	const robot = await leaveAtTheEnd(['.', '--ascii'], {cwd: createBatch()});
	expect(robot.written).toMatch(/^[\u{0}-\u{7e}]+$/u);
});

test('a locale without UTF-8 has a dashboard of ASCII alone', async () => {
	const robot = await leaveAtTheEnd(['.'], {cwd: createBatch(), env: {LC_ALL: 'C'}});
	expect(robot.written).toMatch(/^[\u{0}-\u{7e}]+$/u);
});

describe('a screen reader', () => {
	const milestones =
		/^Processing 4 files, .+\.\s+(?:\d+ percent, .+\.\s+)*Failed: \.\/bad\.csv: MISSING_COLUMN [\s\S]+^Done\.\s+FAILED 3 of 4 files/m;

	test('gets sentences instead of a dashboard, by the flag or by the environment', async () => {
		const cwd = createBatch();
		for (const [args, env] of [
			[['--screen-reader'], {}],
			[[], {ACCESSIBLE: '1'}],
			[[], {INK_SCREEN_READER: 'true'}],
		] as const) {
			const robot = Robot.command(['.', ...args], {cwd, env, columns: 100});
			expect(await robot.exit).toBe(1);
			expect(await robot.scrollback()).toMatch(milestones);
			expect(robot.written).not.toContain('\u{1b}');
		}
	});

	test('gets the dashboard where the flag says so, despite the environment', async () => {
		const robot = await leaveAtTheEnd(['.', '--no-screen-reader'], {cwd: createBatch(), env: {ACCESSIBLE: '1'}});
		expect(robot.written).toContain('\u{1b}[?1049h');
	});

	test('does not affect a pipe, unless the flag says so', async () => {
		const cwd = createBatch();
		const plain = await runCommand(['.'], {cwd, env: {ACCESSIBLE: '1'}});
		expect(plain.stdout).toMatch(/^Processed 4 of 4 files \(100%\)/m);
		expect((await runCommand(['.', '--screen-reader'], {cwd})).stdout).toMatch(milestones);
		expect((await runCommand(['.', '--screen-reader', '--plain'], {cwd})).stdout).toMatch(/^Processed 4 of 4 files/m);
	});
});

test('the window has the title and the progress of the run, unless they are disabled', async () => {
	const cwd = createBatch();
	const env = {TERM_PROGRAM: 'ghostty'};
	// Only a run that continues when the dashboard is shown has a progress: the waits make one of 200 records.
	writeFiles(cwd, 3, 200);
	const told = await leaveAtTheEnd(['.', '--simulate-io', '300'], {cwd, env});
	expect(told.written).toMatch(/\u{1b}\]2;[^\u{1b}]*fileproc\u{1b}\\/u);
	expect(told.written).toContain('\u{1b}]9;4;');
	// The title is restored, and the progress is removed.
	expect(told.written).toMatch(/\u{1b}\[23;2t[\s\S]*\u{1b}\]9;4;0;0|\u{1b}\]9;4;0;0[\s\S]*\u{1b}\[23;2t/u);
	const silent = await leaveAtTheEnd(['.', '--no-title'], {cwd, env});
	expect(silent.written).not.toContain('\u{1b}]');
});
