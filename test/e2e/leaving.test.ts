// Every way out of the dashboard restores the terminal, and exits with the code of that way.
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeEach, describe, expect, test, vi} from 'vitest';
import {
	createFolder,
	type Environment,
	expectToAddUp,
	readReport,
	untilDelivered,
	writeFiles,
} from '../helpers/command.ts';
import {injecting} from '../helpers/faults.ts';
import {PATIENT} from '../helpers/patient.ts';
import {Robot, whyNoTerminal} from '../helpers/pty.ts';
import {KEY} from '../helpers/virtual-terminal.ts';

beforeEach(({skip}) => {
	if (whyNoTerminal !== null) skip(whyNoTerminal);
});

/**
The shell around the command records the settings of the terminal before and after, the process id and the exit code. To write
a core takes long, and nobody reads it.
*/
const SHELL = `
ulimit -c 0
trap : INT TERM HUP QUIT
stty -g < /dev/tty > before
sh -c 'echo $$ > pid; exec "$NODE" "$CLI" "$@"' sh "$@"
echo $? > code
stty -g < /dev/tty > after
`;

interface Started {
	readonly robot: Robot;
	readonly cwd: string;
	readonly pid: number;
}

async function startInShell(
	args: readonly string[],
	{screen = '2 running', prelude = '', env = {}}: {screen?: string; prelude?: string; env?: Environment} = {},
): Promise<Started> {
	const cwd = createFolder();
	writeFiles(join(cwd, 'data'), 6, 1000);
	const robot = new Robot('sh', ['-c', prelude + SHELL, 'sh', ...args], {cwd, env});
	await robot.waitForScreen(screen);
	return {robot, cwd, pid: Number(readFileSync(join(cwd, 'pid'), 'utf8'))};
}

const SLOW = ['data', '--simulate-io', '60000', '-j', '2', '--threads', '2', '--report', 'x.json'];

/** Waits until all of it has ended; the terminal is as before. */
async function expectToLeave(robot: Robot, cwd: string, code: number): Promise<void> {
	await robot.exit;
	expect(Number(readFileSync(join(cwd, 'code'), 'utf8'))).toBe(code);
	await robot.expectRestored();
	const before = readFileSync(join(cwd, 'before'), 'utf8');
	expect(before).not.toBe('');
	expect(readFileSync(join(cwd, 'after'), 'utf8')).toBe(before);
}

test('the settings of the terminal differ while the dashboard is shown', async () => {
	const {robot, cwd} = await startInShell(SLOW);
	expect(await robot.isAlternateScreen()).toBe(true);
	expect(await robot.isCursorShown()).toBe(false);
	robot.press('q', 'y');
	await expectToLeave(robot, cwd, 130);
});

test('Ctrl+C once stops the run gently: the report accounts for every file', async () => {
	const {robot, cwd} = await startInShell(SLOW);
	robot.press(KEY.ctrlC);
	await expectToLeave(robot, cwd, 130);
	const report = readReport(join(cwd, 'x.json'));
	expectToAddUp(report, 6);
	expect(report).toMatchObject({status: 'cancelled', totals: {cancelled: 6}});
	expect(await robot.scrollback()).toMatch(/0 of 6 files completed, 6 cancelled/);
});

test.each([
	['SIGTERM', 143],
	['SIGHUP', 129],
	['SIGINT', 130],
	['SIGQUIT', 131],
] as const)('%s stops the run in an orderly way, and the terminal is restored', async (signal, code) => {
	const {robot, cwd, pid} = await startInShell(SLOW);
	process.kill(pid, signal);
	await expectToLeave(robot, cwd, code);
	expectToAddUp(readReport(join(cwd, 'x.json')), 6);
	expect(await robot.scrollback()).toMatch(/0 of 6 files completed, 6 cancelled/);
});

test.each([
	['SIGTERM', 143],
	['SIGINT', 130],
] as const)('%s leaves the summary of a run that has ended', async (signal, code) => {
	const {robot, cwd, pid} = await startInShell(['data'], {screen: '6 of 6 completed'});
	process.kill(pid, signal);
	await expectToLeave(robot, cwd, code);
	expect(await robot.scrollback()).toMatch(/^✔ 6 files, /m);
});

test.each([
	['SIGUSR1', 138],
	['SIGUSR2', 140],
	['SIGALRM', 142],
	['SIGVTALRM', 154],
	['SIGXCPU', 152],
	['SIGABRT', 134],
	['SIGTRAP', 133],
	['SIGSYS', 159],
	['SIGIO', 157],
	['SIGPWR', 158],
] as const)('%s ends the program at once, and the terminal is restored', async (signal, code) => {
	const {robot, cwd, pid} = await startInShell(SLOW);
	process.kill(pid, signal);
	await expectToLeave(robot, cwd, code);
	expect(robot.written).not.toContain('Debugger listening');
});

describe('a program that cannot restore the terminal itself', () => {
	// The guard of the terminal is another process, which may be slightly later than the shell.
	const AWAIT_RESTORED =
		'until [ "$(stty -g < /dev/tty)" = "$(cat before)" ]; do sleep 0.02; done; stty -g < /dev/tty > after';

	test.each([
		['SIGKILL', 137],
		['SIGSEGV', 139],
		['SIGBUS', 135],
	] as const)('%s: it is restored', async (signal, code) => {
		const cwd = createFolder();
		writeFiles(join(cwd, 'data'), 6, 1000);
		const robot = new Robot('sh', ['-c', `${SHELL}\n${AWAIT_RESTORED}`, 'sh', ...SLOW], {cwd});
		await robot.waitForScreen('2 running');
		process.kill(Number(readFileSync(join(cwd, 'pid'), 'utf8')), signal);
		await expectToLeave(robot, cwd, code);
		expect(await robot.scrollback()).toContain('fileproc-tui was ended by force, or ran out of memory.');
	});

	test('SIGKILL, where the guard learns of the settings of the terminal when they have changed: it is restored', async () => {
		const cwd = createFolder();
		writeFiles(join(cwd, 'data'), 6, 1000);
		mkdirSync(join(cwd, 'slow'));
		const sttyOfGuard = '#!/bin/sh\nuntil [ -e go ]; do sleep 0.05; done\nPATH=$USUAL_PATH exec stty "$@"\n';
		writeFileSync(join(cwd, 'slow/stty'), sttyOfGuard, {mode: 0o755});
		const slowNode = `#!/bin/sh\nexport USUAL_PATH="$PATH"\nPATH="$PWD/slow:$PATH" exec "${process.execPath}" "$@"\n`;
		writeFileSync(join(cwd, 'node'), slowNode, {mode: 0o755});
		const env = {NODE: join(cwd, 'node')};
		const robot = new Robot('sh', ['-c', `${SHELL}\n${AWAIT_RESTORED}`, 'sh', ...SLOW], {cwd, env});
		await robot.waitForScreen('2 running');
		writeFileSync(join(cwd, 'go'), '');
		process.kill(Number(readFileSync(join(cwd, 'pid'), 'utf8')), 'SIGKILL');
		await expectToLeave(robot, cwd, 137);
		expect(await robot.scrollback()).toContain('fileproc-tui was ended by force, or ran out of memory.');
	});

	test('a main thread that runs out of memory: it is restored', async () => {
		const cwd = createFolder();
		writeFiles(join(cwd, 'data'), 6, 1000);
		writeFileSync(
			join(cwd, 'fill.mjs'),
			`import {existsSync} from 'node:fs';
			import {isMainThread} from 'node:worker_threads';
			if (isMainThread) {
				const kept = [];
				setInterval(() => {
					while (existsSync('full')) kept.push(new Array(1e6).fill(kept.length + 0.5));
				}, 20).unref();
			}`,
		);
		const prelude = 'export NODE_OPTIONS="--import ./fill.mjs --max-old-space-size=64"\n';
		const robot = new Robot('sh', ['-c', `${prelude}${SHELL}\n${AWAIT_RESTORED}`, 'sh', ...SLOW], {cwd});
		await robot.waitForScreen('2 running');
		writeFileSync(join(cwd, 'full'), '');
		await expectToLeave(robot, cwd, 134);
	});
});

/** Standard input is an open, empty pipe: no thread returns from reading it. */
const startWithoutInput = (): Promise<Started> => {
	const prelude = 'mkfifo pipe; exec 3<>pipe; exec < pipe';
	return startInShell(['-', '--report', 'x.json'], {screen: '1 running', prelude});
};
/** Threads wait in the operating system, which this program cannot end. */
const startOnHungDrive = (): Promise<Started> => {
	const names = ['0001.csv', '0002.csv', '0003.csv', '0004.csv', '0005.csv', '0006.csv'];
	const env = injecting(names.map(name => ({call: 'read', name, error: 'hang'})));
	return startInShell(['data', '--report', 'x.json', '-j', '2', '--threads', '2'], {env});
};

describe.each([
	['a run that waits for its input', startWithoutInput],
	['a run whose drive does not answer', startOnHungDrive],
])('%s', (_, startStuck) => {
	/** An orderly end writes a report, so this was not one. */
	const expectNoReport = (cwd: string) => expect(existsSync(join(cwd, 'x.json'))).toBe(false);

	test.each([
		['Ctrl+C twice', KEY.ctrlC, KEY.ctrlC],
		['q, yes and q', 'q', 'y', 'q'],
	])('%s ends it at once, and the terminal is restored', async (_, ...keys) => {
		const {robot, cwd} = await startStuck();
		robot.press(...keys);
		await expectToLeave(robot, cwd, 130);
		expectNoReport(cwd);
	});

	test('two signals end it at once, and the terminal is restored', async () => {
		const {robot, cwd, pid} = await startStuck();
		process.kill(pid, 'SIGINT');
		// Of two pending signals, the system may deliver the second one first.
		await untilDelivered(pid);
		process.kill(pid, 'SIGTERM');
		await expectToLeave(robot, cwd, 143);
		expectNoReport(cwd);
	});
});

test('a run whose drive does not answer is stopped gently by one Ctrl+C, and the process ends', async () => {
	const {robot, cwd} = await startOnHungDrive();
	robot.press(KEY.ctrlC);
	await expectToLeave(robot, cwd, 130);
	expect(readReport(join(cwd, 'x.json'))).toMatchObject({status: 'cancelled', totals: {cancelled: 6}});
	expect(await robot.scrollback()).toMatch(/2 threads do not answer and are ended with the program/);
});

test('threads that run out of memory fail their file, and the terminal is restored', async () => {
	// Loaded into each thread before the program: fills its heap, which is bounded, but not that of others.
	const folder = createFolder();
	writeFileSync(
		join(folder, 'fill.mjs'),
		`import {isMainThread} from 'node:worker_threads';
		const kept = [];
		while (!isMainThread) kept.push(new Array(1e6).fill(kept.length + 0.5));`,
	);
	const prelude = `export NODE_OPTIONS="--import ${join(folder, 'fill.mjs')}"`;
	const {robot, cwd} = await startInShell(['data/0001.csv', '--retries', '5'], {screen: '1 failed', prelude});
	expect(await robot.screen()).toMatch(/1 failed/);
	robot.press('q');
	await expectToLeave(robot, cwd, 1);
	expect(await robot.scrollback()).toMatch(/CRASH_LOOP|threads ended/);
});

test('a lost terminal ends the run in an orderly way: the report is written', async () => {
	const cwd = createFolder();
	writeFiles(join(cwd, 'data'), 6, 1000);
	const robot = Robot.command(SLOW, {cwd});
	await robot.waitForScreen('2 running');
	robot.hangUp();
	await vi.waitFor(() => expect(isAlive(robot.pid)).toBe(false), PATIENT);
	const report = readReport(join(cwd, 'x.json'));
	expectToAddUp(report, 6);
	expect(report.totals.cancelled).toBe(6);
});

test('a terminal lost after the run leaves no process behind', async () => {
	const cwd = createFolder();
	writeFiles(join(cwd, 'data'), 3, 10);
	const robot = Robot.command(['data'], {cwd});
	await robot.waitForScreen('3 of 3 completed');
	robot.hangUp();
	await vi.waitFor(() => expect(isAlive(robot.pid)).toBe(false), PATIENT);
});

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

test('what other code writes to standard error is a notice on the screen, and stays in the scrollback', async () => {
	const cwd = createFolder();
	writeFiles(join(cwd, 'data'), 6, 1000);
	writeFileSync(
		join(cwd, 'write.mjs'),
		`import {existsSync} from 'node:fs';
		import {isMainThread} from 'node:worker_threads';
		const timer = setInterval(() => {
			if (!isMainThread || !existsSync('now')) return;
			clearInterval(timer);
			process.stderr.write('first of two lines\\nsecond \\u001b[31mline\\n');
			process.emitWarning('the library is old');
		}, 20);
		timer.unref();`,
	);
	const robot = Robot.command([...SLOW, '--log-file', 'run.log'], {cwd, env: {NODE_OPTIONS: '--import ./write.mjs'}});
	await robot.waitForScreen('2 running');
	const before = await robot.lines();
	writeFileSync(join(cwd, 'now'), '');
	await robot.waitForScreen('Warning: the library is old');
	// Only the footer has changed.
	const after = await robot.lines();
	const names = (lines: readonly string[]) => lines.map(line => /\d+\.csv/.exec(line)?.[0]);
	expect(names(after)).toEqual(names(before));
	robot.press('q', 'y');
	expect(await robot.exit).toBe(130);
	await robot.expectRestored();
	const scrollback = await robot.scrollback();
	for (const line of ['Warning: the library is old', 'first of two lines', 'second \\x1b[31mline'])
		expect(scrollback.split(line)).toHaveLength(2);
	const log = readFileSync(join(cwd, 'run.log'), 'utf8');
	expect(log).toContain('the library is old');
	expect(log).toContain('first of two lines');
});
