// A terminal that does not read any more (a dead link, a paused multiplexer) blocks nothing but the screen.
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeEach, expect, test, vi} from 'vitest';
import {createFolder, expectToAddUp, readReport, writeFiles} from '../helpers/command.ts';
import {PATIENT} from '../helpers/patient.ts';
import {Robot, whyNoTerminal} from '../helpers/pty.ts';

beforeEach(({skip}) => {
	if (whyNoTerminal !== null) skip(whyNoTerminal);
});

const FILE_COUNT = 200;
/** V8's heaps settle at 220 MB, whether the terminal reads or not; data kept for one that does not adds to that. */
const MEMORY_LIMIT_MB = 300;

async function startStalled(...flags: readonly string[]): Promise<{robot: Robot; cwd: string}> {
	const cwd = createFolder();
	writeFiles(join(cwd, 'data'), FILE_COUNT, 100);
	const args = ['data', '--report', 'x.json', '--simulate-io', '10', '--fps', '60', ...flags];
	const robot = Robot.command(args, {cwd, columns: 120, rows: 40});
	await vi.waitFor(() => expect(robot.written).toMatch(/running|Processing/), PATIENT);
	await robot.stall();
	return {robot, cwd};
}

/** Waits for the report; returns the maximum memory of the program meanwhile. */
async function waitForReport(robot: Robot, cwd: string, onPoll: () => void = () => {}): Promise<number> {
	let most = 0;
	await vi.waitFor(() => {
		onPoll();
		most = Math.max(most, residentMegabytes(robot.pid));
		expect(existsSync(join(cwd, 'x.json'))).toBe(true);
	}, PATIENT);
	return most;
}

/** Zero where there is no /proc. */
function residentMegabytes(pid: number): number {
	if (!existsSync(`/proc/${pid}/status`)) return 0;
	const [, kibibytes = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
	return Number(kibibytes) / 1024;
}

test.each([
	['dashboard', []],
	['plain', ['--plain']],
] as const)('%s: the run finishes, its report is written, memory stays flat, and SIGTERM ends it', async (_, flags) => {
	const {robot, cwd} = await startStalled(...flags);
	expect(await waitForReport(robot, cwd)).toBeLessThan(MEMORY_LIMIT_MB);
	const report = readReport(join(cwd, 'x.json'));
	expectToAddUp(report, FILE_COUNT);
	expect(report.totals).toMatchObject({completed: FILE_COUNT, rows: FILE_COUNT * 100});
	robot.kill('SIGTERM');
	expect(await robot.exit).toBe(143);
});

test('SIGTERM in the middle of the run ends it in an orderly way', async () => {
	const {robot, cwd} = await startStalled('--simulate-io', '60000');
	robot.kill('SIGTERM');
	expect(await robot.exit).toBe(143);
	const report = readReport(join(cwd, 'x.json'));
	expectToAddUp(report, FILE_COUNT);
	expect(report.status).toBe('cancelled');
});

test('a terminal that reads again gets no old frames, shows how the run ended, and accepts keys', async () => {
	const {robot, cwd} = await startStalled();
	const {length} = robot.written;
	let step = 0;
	// Each size is a whole frame of some 4 kB: hundreds of kilobytes if they were kept.
	await waitForReport(robot, cwd, () => robot.resize(100 + (step++ % 20), 40));
	expect(step).toBeGreaterThan(50);
	robot.resize(120, 40);
	robot.drain();
	const screen = await robot.waitForScreen(`${FILE_COUNT} of ${FILE_COUNT} completed`);
	expect(screen.split('\n')).toHaveLength(40);
	expect(screen).toMatch(/q quit$/);
	expect(robot.written.slice(length).replaceAll('\0', '').length).toBeLessThan(64 * 1024);
	robot.press('q');
	expect(await robot.exit).toBe(0);
	await robot.expectRestored();
});
