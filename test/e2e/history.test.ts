// Past runs in the dashboard of the built command, in a real terminal.
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeEach, expect, test} from 'vitest';
import {createFolder, runCommand, transactions, WITHOUT_AMOUNT, writeFiles} from '../helpers/command.ts';
import {Robot, whyNoTerminal} from '../helpers/pty.ts';
import {KEY} from '../helpers/virtual-terminal.ts';

beforeEach(({skip}) => {
	if (whyNoTerminal !== null) skip(whyNoTerminal);
});

test('a past run is opened while another one is on, and its failed file is read again', async () => {
	const cwd = createFolder();
	writeFiles(cwd, 3, 1000);
	writeFileSync(join(cwd, 'bad.csv'), WITHOUT_AMOUNT);
	const args = ['.', '--analysis', 'transactions', '--ledger', 'ledger.db'];
	await runCommand([...args, '--json'], {cwd});
	writeFileSync(join(cwd, 'bad.csv'), transactions(5));
	const robot = Robot.command([...args, '--simulate-io', '60000', '-j', '2', '--threads', '2'], {cwd});
	await robot.waitForScreen('2 running');
	robot.press('5');
	await robot.waitForScreen(/▸ .* this run/);
	robot.press(KEY.down, KEY.enter);
	expect(await robot.waitForScreen(/past \d{8}-\d{6}/)).toContain('FAILED   1');
	robot.press('1');
	await robot.waitForScreen('MISSING_COLUMN');
	robot.press(KEY.end, 'r');
	await robot.waitForScreen(/Read again, as run \S+: 1 completed/);
	robot.press(KEY.escape);
	await robot.waitForScreen('past runs');
	robot.press(KEY.escape);
	// The new run is the newest one.
	await robot.waitForScreen(/completed +1 +0 +5 /);
	robot.press(KEY.escape);
	await robot.waitForScreen('FILE ▲');
	robot.press('q');
	await robot.waitForScreen('Stop the run and leave?');
	robot.press('y');
	expect(await robot.exit).toBe(130);
	const {stdout} = await runCommand(['history', '--ledger', 'ledger.db', '--json'], {cwd});
	const {runs} = JSON.parse(stdout) as {runs: {status: string; totals: {files: number}}[]};
	expect(runs.map(({status, totals}) => [status, totals.files])).toEqual([
		['completed', 1],
		['cancelled', 4],
		['completed', 4],
	]);
});

test('without a ledger the view says what to do', async () => {
	const cwd = createFolder();
	writeFiles(cwd, 3, 1000);
	const env = {XDG_STATE_HOME: join(cwd, 'state')};
	const robot = Robot.command(['.', '--simulate-io', '60000'], {cwd, env});
	await robot.waitForScreen('q quit');
	robot.press('5');
	await robot.waitForScreen('No ledger is at hand.');
	robot.press('q');
	await robot.waitForScreen('Stop the run and leave?');
	robot.press('y');
	expect(await robot.exit).toBe(130);
});
