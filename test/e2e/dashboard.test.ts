// The built command in a real terminal, as a person uses it: a program presses keys and reads the screen.
import {mkdirSync, renameSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeEach, describe, expect, test, vi} from 'vitest';
import {createFolder, readReport, transactions, WITHOUT_AMOUNT, writeFiles} from '../helpers/command.ts';
import {PATIENT} from '../helpers/patient.ts';
import {Robot, whyNoTerminal} from '../helpers/pty.ts';
import {KEY} from '../helpers/virtual-terminal.ts';

beforeEach(({skip}) => {
	if (whyNoTerminal !== null) skip(whyNoTerminal);
});

/** Six files that would take minutes each, so that only keys change the screen. */
function createSlowBatch(): string {
	const cwd = createFolder();
	writeFiles(cwd, 6, 1000);
	return cwd;
}

const SLOW = ['--simulate-io', '60000', '-j', '2', '--threads', '2'];

async function startSlow(options: {columns?: number; rows?: number} = {}): Promise<Robot> {
	const robot = Robot.command(['.', ...SLOW], {cwd: createSlowBatch(), ...options});
	await robot.waitForScreen('2 running');
	return robot;
}

/** The line of the screen with the cursor. */
const selected = /^ ?[▸>❯] ?.*?(\d{4})\.csv/m;

describe('while a run is on', () => {
	test('the dashboard fills a screen of its own, with the files and the keys', async () => {
		const robot = await startSlow();
		expect(await robot.isAlternateScreen()).toBe(true);
		expect(await robot.isCursorShown()).toBe(false);
		const lines = await robot.lines();
		expect(lines).toHaveLength(24);
		expect(lines[0]).toContain('6 files');
		expect(lines.at(-1)).toContain('q quit');
		for (const number of [1, 2, 3, 4, 5, 6]) expect(lines.join('\n')).toContain(`000${number}.csv`);
	});

	test('arrow keys move the cursor', async () => {
		const robot = await startSlow();
		robot.press(KEY.home);
		const numberOf = (screen: string) => Number(selected.exec(screen)?.[1]);
		await vi.waitFor(async () => expect(numberOf(await robot.screen())).toBe(1), PATIENT);
		robot.press(KEY.down, KEY.down, KEY.down, KEY.up);
		await vi.waitFor(async () => expect(numberOf(await robot.screen())).toBe(3), PATIENT);
		robot.press(KEY.end);
		await vi.waitFor(async () => expect(numberOf(await robot.screen())).toBe(6), PATIENT);
	});

	test('Enter opens the details of a file, Esc goes back', async () => {
		const robot = await startSlow();
		robot.press(KEY.home, KEY.enter);
		const details = await robot.waitForScreen('Esc back');
		expect(details).toContain('0001.csv');
		expect(details).not.toContain('0004.csv');
		robot.press(KEY.escape);
		await robot.waitForScreen('0004.csv');
	});

	test('? shows the keys and hides them again', async () => {
		const robot = await startSlow();
		robot.press('?');
		const help = await robot.waitForScreen('KEYS');
		expect(help).toContain('One page down');
		robot.press(KEY.end);
		await robot.waitForScreen('Leave; during a run it asks');
		robot.press('?');
		expect(await robot.waitForScreen('0001.csv')).not.toContain('KEYS');
	});

	test('p pauses the run, and p again resumes it', async () => {
		const robot = await startSlow();
		robot.press('p');
		expect(await robot.waitForScreen(/paused/i)).toContain('Paused: running files are held');
		robot.press('?', '?');
		await robot.waitForScreen('p resume');
		robot.press('p');
		await robot.waitForScreen('Going on');
		robot.press('?', '?');
		await robot.waitForScreen('p pause');
	});

	test('x asks and then cancels the file under the cursor, and the next one starts in its place', async () => {
		const robot = await startSlow();
		robot.press(KEY.home, 'x');
		await robot.waitForScreen('Cancel ./0001.csv?');
		robot.press('y');
		const screen = await robot.waitForScreen('1 cancelled');
		expect(screen).toMatch(/0001\.csv.*cancelled/i);
		await robot.waitForScreen(/2 running.*3 queued/);
	});

	test('r retries a failed file', async () => {
		const cwd = createSlowBatch();
		writeFileSync(join(cwd, '0000.csv'), WITHOUT_AMOUNT);
		const robot = Robot.command(['.', ...SLOW, '--report', 'x.json'], {cwd});
		await robot.waitForScreen('1 failed');
		writeFileSync(join(cwd, '0000.csv'), transactions(5));
		robot.press(KEY.home, 'r');
		await robot.waitForScreen('Retrying');
		// Earlier files use both places; one of them is cancelled.
		robot.press(KEY.down, 'x', 'y');
		await robot.waitForScreen('1 cancelled');
		robot.press(KEY.down, 'x', 'y');
		await robot.waitForScreen('2 cancelled');
		for (let count = 3; count <= 6; count++) {
			robot.press(KEY.down, 'x', 'y');
			await robot.waitForScreen(`${count} cancelled`);
		}
		await robot.waitForScreen('1 of 7 completed');
		robot.press('q');
		await robot.exit;
		expect(readReport(join(cwd, 'x.json')).files[0]).toMatchObject({status: 'completed', attempts: 2, rows: 5});
	});

	test('a resized terminal is filled, and nothing old is left on it', async () => {
		const robot = await startSlow();
		const sizes = [
			[40, 10],
			[200, 60],
			[120, 40],
			[41, 16],
			[80, 24],
		] as const;
		for (const [columns, rows] of sizes) {
			robot.resize(columns, rows);
			await vi.waitFor(async () => {
				const lines = await robot.lines();
				expect(lines).toHaveLength(rows);
				expect(lines[0]).toContain(' 6 files');
				expect(lines.at(-1)).toContain('q quit');
				expect(lines.filter(line => line.includes('0003.csv'))).toHaveLength(1);
				expect(lines.filter(line => line.includes('q quit'))).toHaveLength(1);
				// The rules go from edge to edge.
				if (rows >= 16) expect(lines[3]).toBe('─'.repeat(columns));
			}, PATIENT);
		}
	});

	test('a terminal that is too small says so, and shows the run again when it grows', async () => {
		const robot = await startSlow();
		robot.resize(30, 8);
		const small = await robot.waitForScreen(/Needs 40 × 10, has 30 × 8/);
		expect(small).not.toContain('.csv');
		robot.resize(80, 24);
		expect(await robot.waitForScreen('q quit')).toContain('0006.csv');
	});

	test('many changes of size end in a screen of the last one', async () => {
		const robot = await startSlow();
		for (let step = 0; step < 40; step++) robot.resize(30 + step * 3, 8 + step);
		robot.resize(80, 24);
		await vi.waitFor(async () => {
			const lines = await robot.lines();
			expect(lines[0]).toContain('6 files');
			expect(lines.at(-1)).toContain('q quit');
			expect(lines.join('\n').match(/\.csv/g)).toHaveLength(6);
		}, PATIENT);
	});

	test('a terminal that shrank and grew back unseen is repainted', async () => {
		const robot = await startSlow();
		// While the program is stopped, both changes become one signal, after which the size is the same as before.
		robot.kill('SIGSTOP');
		robot.resize(30, 8);
		robot.resize(80, 24);
		const lost = await robot.screen();
		expect(lost).not.toMatch(/6 files.*0006\.csv.*q quit/s);
		robot.kill('SIGCONT');
		await robot.waitForScreen(/6 files.*0001\.csv.*0006\.csv.*q quit/s);
	});

	test('q asks and stops the run gently, the report says so, and the exit code is that of Ctrl+C', async () => {
		const cwd = createSlowBatch();
		const robot = Robot.command(['.', ...SLOW, '--report', 'x.json'], {cwd});
		await robot.waitForScreen('2 running');
		robot.press('q');
		await robot.waitForScreen('Stop the run and leave? (2 running, 4 waiting)');
		robot.press('y');
		expect(await robot.exit).toBe(130);
		await robot.expectRestored();
		expect(await robot.scrollback()).toMatch(/0 of 6 files completed.*6 cancelled/);
		expect(readReport(join(cwd, 'x.json'))).toMatchObject({status: 'cancelled', totals: {cancelled: 6}});
	});
});

describe('when the run has ended', () => {
	test('the summary is shown until q leaves it; then it stays in the scrollback of the normal screen', async () => {
		const cwd = createFolder();
		writeFiles(cwd, 3, 20);
		writeFileSync(join(cwd, 'bad.csv'), WITHOUT_AMOUNT);
		const robot = Robot.command(['.'], {cwd, rows: 40});
		const summary = await robot.waitForScreen('3 of 4 completed');
		expect(summary).toContain('FAILED');
		expect(summary).toContain('TRANSACTIONS');
		expect(await robot.isAlternateScreen()).toBe(true);
		robot.press('q');
		expect(await robot.exit).toBe(1);
		await robot.expectRestored();
		const left = await robot.scrollback();
		expect(left).toMatch(/^✖ 3 of 4 files completed, 1 failed/m);
		expect(left).toMatch(/^ +Total amount +75\.00$/m);
		expect(left).toContain('bad.csv');
		expect(left).not.toContain('q quit');
	});

	test('success is code 0', async () => {
		const cwd = createFolder();
		writeFiles(cwd, 3, 20);
		const robot = Robot.command(['.'], {cwd});
		await robot.waitForScreen('3 of 3 completed');
		robot.press('q');
		expect(await robot.exit).toBe(0);
		expect(await robot.scrollback()).toMatch(/^✔ 3 files, /m);
	});

	test('a report is written before the user leaves', async () => {
		const cwd = createFolder();
		writeFiles(cwd, 3, 20);
		const robot = Robot.command(['.', '--report', 'x.json'], {cwd});
		await robot.waitForScreen('3 of 3 completed');
		await vi.waitFor(() => expect(readReport(join(cwd, 'x.json')).totals.completed).toBe(3), PATIENT);
		robot.press('q');
		expect(await robot.exit).toBe(0);
	});

	test('a report that cannot be written is reported on the normal screen, after the summary', async () => {
		const cwd = createFolder();
		writeFiles(join(cwd, 'data'), 3, 500);
		mkdirSync(join(cwd, 'lost'));
		const args = ['data', '--report', 'lost/x.json', '--simulate-io', '60000', '-j', '2', '--threads', '2'];
		const robot = Robot.command(args, {cwd});
		await robot.waitForScreen('2 running');
		renameSync(join(cwd, 'lost'), join(cwd, 'away'));
		robot.press('q', 'y');
		expect(await robot.exit).toBe(3);
		await robot.expectRestored();
		expect((await robot.scrollback()).replaceAll('\n', ' ')).toMatch(
			/✖ 0 of 3 files completed, .*fileproc-tui: The report lost\/x\.json was not written/,
		);
	});

	test('earlier contents of the normal screen are still there', async () => {
		const cwd = createFolder();
		writeFiles(cwd, 2, 20);
		const script = 'echo "typed before"; "$NODE" "$CLI" .; echo "code $?"';
		const robot = new Robot('sh', ['-c', script], {cwd});
		expect(await robot.waitForScreen('2 of 2 completed')).not.toContain('typed before');
		robot.press('q');
		await robot.exit;
		expect(await robot.scrollback()).toMatch(/^typed before\n✔ 2 files, [\s\S]*code 0$/);
	});

	test('--no-alt-screen draws on the normal screen', async () => {
		const cwd = createFolder();
		writeFiles(cwd, 2, 20);
		const robot = Robot.command(['.', '--no-alt-screen'], {cwd});
		await robot.waitForScreen('2 of 2 completed');
		expect(await robot.isAlternateScreen()).toBe(false);
		robot.press('q');
		expect(await robot.exit).toBe(0);
		await robot.expectRestored();
	});
});

test('data on standard input leaves the keyboard to the dashboard', async () => {
	const cwd = createFolder();
	writeFiles(cwd, 1, 100);
	const robot = new Robot('sh', ['-c', 'cat 0001.csv | "$NODE" "$CLI" -'], {cwd});
	await robot.waitForScreen('1 of 1 completed');
	robot.press('q');
	expect(await robot.exit).toBe(0);
	await robot.expectRestored();
	expect(await robot.scrollback()).toMatch(/^✔ 1 file, /m);
});

test('a hostile file name reaches the terminal only as text', async () => {
	const cwd = createFolder();
	const name = 'a\u{1b}]0;owned\u{7}\u{9b}31m.csv';
	writeFileSync(join(cwd, name), transactions(5));
	writeFileSync(join(cwd, `bad${name}`), WITHOUT_AMOUNT);
	const robot = Robot.command(['.'], {cwd});
	await robot.waitForScreen('1 of 2 completed');
	robot.press('q');
	await robot.exit;
	expect(robot.written).not.toMatch(/\u{1b}\]0;owned|\u{7}|\u{9b}/u);
	expect(await robot.scrollback()).toContain(String.raw`bada\x1b]0;owned\x07\x9b31m.csv`);
});
