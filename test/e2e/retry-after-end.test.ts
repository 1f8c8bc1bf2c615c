// Files retried from the final screen: as long as the dashboard is open, its run can continue.
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeEach, expect, test, vi} from 'vitest';
import type {RunEvent} from '../../source/model/events.ts';
import {
	createFolder,
	expectToAddUp,
	parseEvents,
	readReport,
	runCommand,
	transactions,
	WITHOUT_AMOUNT,
} from '../helpers/command.ts';
import {PATIENT} from '../helpers/patient.ts';
import {Robot, whyNoTerminal} from '../helpers/pty.ts';
import {KEY} from '../helpers/virtual-terminal.ts';

beforeEach(({skip}) => {
	if (whyNoTerminal !== null) skip(whyNoTerminal);
});

const OUTPUTS = ['--report', '../x.json', '--report', '../x.md', '--record', '../x.jsonl'];

/** Starts a run of one good and two broken files, and waits for its end. */
async function startBroken(): Promise<{robot: Robot; cwd: string; parent: string}> {
	const parent = createFolder();
	const cwd = join(parent, 'data');
	mkdirSync(cwd);
	writeFileSync(join(cwd, '1.csv'), transactions(10));
	writeFileSync(join(cwd, '2.csv'), WITHOUT_AMOUNT);
	writeFileSync(join(cwd, '3.csv'), WITHOUT_AMOUNT);
	const robot = Robot.command(['.', ...OUTPUTS], {cwd});
	await robot.waitForScreen('finished in');
	return {robot, cwd, parent};
}

const untilReport = (parent: string, totals: object): Promise<void> =>
	vi.waitFor(() => expect(readReport(join(parent, 'x.json')).totals).toMatchObject(totals), PATIENT);

test('r on the final screen retries the failed files, and report, summary, recording and exit code are those of the new end', async () => {
	const {robot, cwd, parent} = await startBroken();
	await untilReport(parent, {completed: 1, failed: 2});
	writeFileSync(join(cwd, '2.csv'), transactions(5));
	writeFileSync(join(cwd, '3.csv'), transactions(7));
	robot.press('r');
	await robot.waitForScreen('Retry 2 failed files?');
	robot.press('y');
	await robot.waitForScreen('3 of 3 completed');
	// Saved as soon as the run is over, even while the screen stays open.
	await untilReport(parent, {completed: 3, failed: 0});
	robot.press('q');
	expect(await robot.exit).toBe(0);
	expect(await robot.screen()).toMatch(/✔ 3 files/);

	const report = readReport(join(parent, 'x.json'));
	expectToAddUp(report, 3);
	expect(report.analyses.transactions).toMatchObject({total_transactions: 22, total_amount_exact: '27.50'});
	expect(report.files.map(({attempts}) => attempts)).toEqual([1, 2, 2]);
	expect(readFileSync(join(parent, 'x.md'), 'utf8')).toContain('Completed: 3 files');

	const events: readonly RunEvent[] = parseEvents(readFileSync(join(parent, 'x.jsonl'), 'utf8'));
	expect(events.filter(({type}) => type === 'run-completed')).toHaveLength(2);
	expect(events.at(-1)).toMatchObject({type: 'run-completed', totals: report.totals, analyses: report.analyses});
	const replayed = await runCommand(['replay', 'x.jsonl', '--speed', '1000'], {cwd: parent});
	expect(replayed.stdout).toMatch(/✖ 1 of 3 files completed, 2 failed[\s\S]*✔ 3 files/);
});

test('a file that fails again leaves the exit code unchanged, and can be retried from the list', async () => {
	const {robot, cwd, parent} = await startBroken();
	writeFileSync(join(cwd, '2.csv'), transactions(5));
	robot.press('r', 'y');
	await robot.waitForScreen('2 of 3 completed');
	await untilReport(parent, {completed: 2, failed: 1});
	// The last file of the list: a single current file needs no question.
	robot.press('1', KEY.end, 'r');

	await vi.waitFor(() => expect(readReport(join(parent, 'x.json')).files[2]).toMatchObject({attempts: 3}), PATIENT);
	robot.press('q');
	expect(await robot.exit).toBe(1);
	expect(await robot.screen()).toContain('Exit code 1: 1 file failed');
});

test.each([
	['q', async (robot: Robot) => robot.press('q', 'y')],
	['Ctrl+C', async (robot: Robot) => robot.press(KEY.ctrlC)],
	['SIGINT', async (robot: Robot) => robot.kill('SIGINT')],
] as const)('%s while files are retried stops them as during the run', async (_name, stop) => {
	const cwd = createFolder();
	writeFileSync(join(cwd, '1.csv'), transactions(10));
	writeFileSync(join(cwd, '2.csv'), WITHOUT_AMOUNT);
	const robot = Robot.command(['.', '--simulate-io', '60000', '--report', 'x.json', '--force'], {cwd});
	await robot.waitForScreen('1 failed');
	await robot.waitForScreen('finished in');
	// A file of this many records takes an hour.
	writeFileSync(join(cwd, '2.csv'), transactions(6000));
	robot.press('r', 'y');
	await robot.waitForScreen('1 running');
	await stop(robot);
	expect(await robot.exit).toBe(130);
	expect(await robot.screen()).toContain('1 of 2 files completed, 1 cancelled');
	const report = readReport(join(cwd, 'x.json'));
	expect(report).toMatchObject({status: 'cancelled', totals: {completed: 1, cancelled: 1, failed: 0}});
	expect(report.analyses.transactions?.total_transactions).toBe(10);
});
