// Input of a real terminal besides keys, and its effect on the dashboard.
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeEach, describe, expect, test, vi} from 'vitest';
import {createFolder, readReport, WITHOUT_AMOUNT, writeFiles} from '../helpers/command.ts';
import {PATIENT} from '../helpers/patient.ts';
import {Robot, whyNoTerminal} from '../helpers/pty.ts';
import {KEY} from '../helpers/virtual-terminal.ts';

beforeEach(({skip}) => {
	if (whyNoTerminal !== null) skip(whyNoTerminal);
});

const SLOW = ['--simulate-io', '60000', '-j', '2', '--threads', '2'];

function createSlowBatch(): string {
	const cwd = createFolder();
	writeFiles(cwd, 6, 1000);
	return cwd;
}

async function startSlow(): Promise<Robot> {
	const robot = Robot.command(['.', ...SLOW], {cwd: createSlowBatch()});
	await robot.waitForScreen('2 running');
	return robot;
}

/** A press and a release of the left button, as a terminal reports them; column and row from 1. */
const click = (column: number, row: number): string => `\u{1b}[<0;${column};${row}M\u{1b}[<0;${column};${row}m`;

/** The row of the screen with this text, from 1. */
async function rowOf(robot: Robot, text: string): Promise<number> {
	const lines = await robot.lines();
	return lines.findIndex(line => line.includes(text)) + 1;
}

describe('the mouse', () => {
	test('a click selects a row, a second one opens it', async () => {
		const robot = await startSlow();
		expect((await robot.modes()).mouseTrackingMode).toBe('vt200');
		const row = await rowOf(robot, '0004.csv');
		robot.press(click(10, row));
		await robot.waitForScreen(/▸ \S*0004\.csv/);
		robot.press(click(10, row));
		expect(await robot.waitForScreen('Esc back')).not.toContain('0001.csv');
	});

	test('a click on a heading sorts by it, a second one reverses the order', async () => {
		const robot = await startSlow();
		const [heading = ''] = (await robot.lines()).filter(line => line.includes('STATUS'));
		const place = click(heading.indexOf('STATUS') + 1, await rowOf(robot, 'STATUS'));
		robot.press(place);
		await robot.waitForScreen('STATUS ▲');
		robot.press(place);
		await robot.waitForScreen('STATUS ▼');
	});

	test('m leaves it to the terminal, and m takes it back', async () => {
		const robot = await startSlow();
		robot.press('m');
		await robot.waitForScreen('The mouse is for the terminal');
		await vi.waitFor(async () => expect((await robot.modes()).mouseTrackingMode).toBe('none'), PATIENT);
		robot.press('m');
		await vi.waitFor(async () => expect((await robot.modes()).mouseTrackingMode).toBe('vt200'), PATIENT);
	});
});

test('answers of the terminal and pasted text are never keys', async () => {
	const robot = await startSlow();
	robot.press('\u{1b}[?62;22c\u{1b}]11;rgb:q/q/q\u{1b}\\\u{1b}P>|qqyy\u{1b}\\\u{1b}[12;40R');
	robot.press('\u{1b}[200~qyxy\r\u{3}\u{1b}[201~');
	robot.press('\u{1b}[O', '\u{1b}[I');
	// Right after a paste no key counts; an obeyed key would be visible by now.
	const screenAfter = await vi.waitFor(async () => {
		robot.press('j');
		const screen = await robot.screen();
		expect(screen).toMatch(/▸ \S*000[2-6]\.csv/);
		return screen;
	}, PATIENT);
	expect(screenAfter).toContain('q quit');
	robot.press('/');
	await robot.waitForScreen('6 of 6');
	robot.press('\u{1b}[200~00\n04\u{1b}[201~');
	const screen = await robot.waitForScreen('/00 04');
	expect(screen).toContain('2 running');
});

test('an arrow key that arrives in two pieces is an arrow key', async () => {
	const robot = await startSlow();
	robot.press(KEY.home);
	await robot.waitForScreen(/▸ \S*0001\.csv/);
	for (const byte of KEY.down) robot.press(byte);
	await robot.waitForScreen(/▸ \S*0002\.csv/);
});

test('files are filtered as the filter is typed, marked, and cancelled together', async () => {
	const cwd = createSlowBatch();
	writeFileSync(join(cwd, '0000.csv'), WITHOUT_AMOUNT);
	const robot = Robot.command(['.', ...SLOW, '--report', 'x.json'], {cwd});
	await robot.waitForScreen('1 failed');
	robot.press('/');
	await robot.waitForScreen('7 of 7');
	robot.press('!status:failed 000');
	expect(await robot.waitForScreen('6 of 7')).not.toContain('0000.csv');
	robot.press(KEY.enter, 'a', 'x');
	await robot.waitForScreen('Cancel 6 marked files?');
	robot.press('y');
	await robot.waitForScreen('0 of 7 completed');
	robot.press('q');
	await robot.exit;
	expect(readReport(join(cwd, 'x.json')).totals).toMatchObject({cancelled: 6, failed: 1});
});

test('+ and - change how many files are read at a time', async () => {
	const robot = await startSlow();
	robot.press('-');
	await robot.waitForScreen('1 file at a time');
	robot.press('+', '+');
	await robot.waitForScreen('It stays at 2 files at a time, one for each thread');
});

describe('Ctrl+Z', () => {
	/** A shell with job control, as people use it. */
	async function startInShell(): Promise<Robot> {
		const cwd = createSlowBatch();
		const robot = new Robot('bash', ['--norc', '--noprofile', '-i'], {cwd, env: {PS1: 'shell> '}});
		await robot.waitForScreen('shell>');
		robot.press(`"$NODE" "$CLI" . ${SLOW.join(' ')} --report x.json\r`);
		await robot.waitForScreen('2 running');
		return robot;
	}

	test('gives the terminal to the shell, and fg brings the dashboard back', async () => {
		const robot = await startInShell();
		for (let round = 0; round < 2; round++) {
			robot.press('\u{1a}');
			await robot.waitForScreen('Stopped');
			expect(await robot.isAlternateScreen()).toBe(false);
			expect(await robot.isCursorShown()).toBe(true);
			expect(await robot.modes()).toMatchObject({mouseTrackingMode: 'none', sendFocusMode: false});
			robot.press('echo "the shell $((20 + 22))"\r');
			await robot.waitForScreen('the shell 42');
			robot.press('fg\r');
			await robot.waitForScreen(/6 files.*0001\.csv.*0006\.csv.*q quit/s);
			expect(await robot.isAlternateScreen()).toBe(true);
			expect(await robot.modes()).toMatchObject({mouseTrackingMode: 'vt200', sendFocusMode: true});
			robot.press('j');
			await robot.waitForScreen('▸');
		}
		robot.press(KEY.ctrlC);
		await robot.waitForScreen(/0 of 6 files completed.*shell>/s);
		expect(await robot.isAlternateScreen()).toBe(false);
	});

	/** Waits until the header is in the first line, and a rule is as wide as the screen: the first frame may be of the size before. */
	const expectWidth = (robot: Robot, columns: number): Promise<void> =>
		vi.waitFor(async () => {
			const [first = '', ...lines] = await robot.lines();
			expect(first).toContain('6 files');
			expect(lines.filter(line => line === '─'.repeat(columns))).not.toEqual([]);
		}, PATIENT);

	test('after fg, the dashboard has the size that the window has now', async () => {
		const robot = await startInShell();
		robot.press('\u{1a}');
		await robot.waitForScreen('Stopped');
		robot.resize(60, 16);
		robot.press('fg\r');
		await robot.waitForScreen(/0001\.csv.*q quit/s);
		await expectWidth(robot, 60);
		robot.press('q', 'y');
		await robot.waitForScreen(/0 of 6 files completed.*shell>/s);
	});

	test('in the background the run continues without a screen, and fg brings the dashboard back', async () => {
		const robot = await startInShell();
		robot.press('\u{1a}');
		await robot.waitForScreen('Stopped');
		robot.press('bg\r');
		// The shell has the keys and the screen.
		robot.press('echo "the shell $((20 + 22))"\r');
		await robot.waitForScreen('the shell 42');
		expect(await robot.isAlternateScreen()).toBe(false);
		robot.press('jobs\r');
		await robot.waitForScreen(/Running/);
		robot.press('fg\r');
		await robot.waitForScreen(/6 files.*0001\.csv.*q quit/s);
		expect(await robot.isAlternateScreen()).toBe(true);
		robot.press('q', 'y');
		await robot.waitForScreen(/0 of 6 files completed.*shell>/s);
	});

	test('a run that was started in the background shows its dashboard with fg', async () => {
		const robot = new Robot('bash', ['--norc', '--noprofile', '-i'], {cwd: createSlowBatch(), env: {PS1: 'shell> '}});
		await robot.waitForScreen('shell>');
		robot.press(`"$NODE" "$CLI" . ${SLOW.join(' ')} --report x.json &\r`);
		robot.press('echo "the shell $((20 + 22))"\r');
		await robot.waitForScreen('the shell 42');
		robot.press('fg\r');
		await robot.waitForScreen(/6 files.*0001\.csv.*q quit/s);
		robot.press('q', 'y');
		await robot.waitForScreen(/0 of 6 files completed.*shell>/s);
	});

	test('a run that was started in the background shows its dashboard in the size that the window has now', async () => {
		const robot = new Robot('bash', ['--norc', '--noprofile', '-i'], {cwd: createSlowBatch(), env: {PS1: 'shell> '}});
		await robot.waitForScreen('shell>');
		robot.press(`"$NODE" "$CLI" . ${SLOW.join(' ')} --log-file x.log &\r`);
		// The log says that the run has started, with the size that the window had then.
		robot.press('until [ -s x.log ]; do :; done; echo "begun $((20 + 22))"\r');
		await robot.waitForScreen('begun 42');
		robot.resize(60, 16);
		robot.press('fg\r');
		await robot.waitForScreen(/0001\.csv.*q quit/s);
		await expectWidth(robot, 60);
		robot.press('q', 'y');
		await robot.waitForScreen(/0 of 6 files completed.*shell>/s);
	});

	test('a run that ends in the background prints its summary', async () => {
		const cwd = createSlowBatch();
		const robot = new Robot('bash', ['--norc', '--noprofile', '-i'], {cwd, env: {PS1: 'shell> '}});
		await robot.waitForScreen('shell>');
		robot.press(`"$NODE" "$CLI" . --simulate-io 1 --report x.json &\r`);
		await robot.waitForScreen(/✔ 6 files/);
		// `wait` alone is always 0.
		robot.press('wait $!; echo "the code is $?"\r');
		await robot.waitForScreen('the code is 0');
	});

	test('a run that ends in the background after a dashboard prints its summary, and ends', async () => {
		const cwd = createFolder();
		writeFiles(cwd, 2, 1500);
		const robot = new Robot('bash', ['--norc', '--noprofile', '-i'], {cwd, env: {PS1: 'shell> '}});
		await robot.waitForScreen('shell>');
		robot.press('"$NODE" "$CLI" . --simulate-io 200 --threads 2\r');
		await robot.waitForScreen('2 running');
		robot.press('\u{1a}');
		await robot.waitForScreen('Stopped');
		robot.press('bg; wait %1; echo "the code is $?"\r');
		await robot.waitForScreen(/✔ 2 files[\s\S]*the code is 0/);
	});

	test('where no shell waits, nothing is stopped', async () => {
		const robot = await startSlow();
		robot.press('\u{1a}', '?');
		await robot.waitForScreen('KEYS');
	});
});
