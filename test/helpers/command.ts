// The built command as a child process, with an environment of its own: nothing that a developer's shell or the test
// runner has set decides what is seen.
import {type ChildProcess, type StdioOptions, spawn} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Writable} from 'node:stream';
import {fileURLToPath} from 'node:url';
import {expect, onTestFinished, vi} from 'vitest';
import type {RunEvent} from '../../source/model/events.ts';
import type {Report, RunTotals} from '../../source/model/report.ts';
import {PATIENT} from './patient.ts';

export const CLI_PATH = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** Whoever runs the tests may have settings of their own, which are none of the tests' business. */
const XDG_CONFIG_HOME = join(tmpdir(), 'fileproc-e2e-no-such-folder');

export type Environment = Readonly<Record<string, string>>;

/** What the command finds around it: a terminal of 256 colours in UTF-8, no CI, no setting of its own. */
export function commandEnvironment(changes: Environment = {}): Record<string, string> {
	const inherited = Object.entries(process.env).flatMap(([name, value]) =>
		['PATH', 'HOME', 'TMPDIR'].includes(name) && value !== undefined ? [[name, value] as const] : [],
	);
	// The e2e scripts of a shell call the command by these two.
	const own = {LANG: 'C.UTF-8', TERM: 'xterm-256color', NODE: process.execPath, CLI: CLI_PATH, XDG_CONFIG_HOME};
	// By itself a run has as many threads as the machine has cores. To start one takes as long as all else of a short run, and what more
	// of them change is what some tests are about.
	return {...Object.fromEntries(inherited), ...own, FILEPROC_THREADS: '1', ...changes};
}

export interface StartOptions {
	readonly cwd?: string;
	readonly env?: Environment;
	/** Standard input: this text, or a descriptor; `open` leaves a pipe that nobody writes to. Nothing by default. */
	readonly input?: string | Buffer | number | 'open';
	/** Called with all that has been written to standard output so far, whenever there is more of it. */
	readonly onOutput?: (stdout: string) => void;
}

export interface Ending {
	/** The name of the signal when one ended it that it had no handler for. */
	readonly code: number | NodeJS.Signals | null;
	readonly stdout: string;
	readonly stderr: string;
}

export interface RunningCommand {
	readonly pid: number;
	readonly kill: (signal: NodeJS.Signals) => void;
	/** Writes to its standard input, where that is open; `null` closes it. */
	readonly write: (data: string | Buffer | null) => void;
	readonly ended: Promise<Ending>;
}

/** Starts a program; it does not outlive the test. */
export function startProgram(file: string, args: readonly string[], options: StartOptions = {}): RunningCommand {
	const {cwd, env, input, onOutput} = options;
	const isText = typeof input === 'string' || Buffer.isBuffer(input);
	const stdin = input === undefined ? 'ignore' : typeof input === 'number' ? input : 'pipe';
	const stdio: StdioOptions = [stdin, 'pipe', 'pipe'];
	const child: ChildProcess = spawn(file, args, {cwd, env: commandEnvironment(env), stdio});
	onTestFinished(() => {
		child.kill('SIGKILL');
	});
	const output = {stdout: '', stderr: ''};
	for (const name of ['stdout', 'stderr'] as const) {
		child[name]?.setEncoding('utf8').on('data', (text: string) => {
			output[name] += text;
			if (name === 'stdout') onOutput?.(output.stdout);
		});
	}
	if (isText && input !== 'open') endWith(child.stdin, input);
	const ended = new Promise<Ending>((resolve, reject) => {
		child.once('error', reject);
		child.once('close', (code, signal) => {
			resolve({code: code ?? signal, ...output});
		});
	});
	return {
		pid: child.pid ?? -1,
		kill: signal => void child.kill(signal),
		write(data) {
			if (data === null) child.stdin?.end();
			else child.stdin?.write(data);
		},
		ended,
	};
}

function endWith(stdin: Writable | null, input: string | Buffer): void {
	// A program that has enough does not read to the end.
	stdin?.on('error', () => {});
	stdin?.end(input);
}

export const startCommand = (args: readonly string[], options?: StartOptions): RunningCommand =>
	startProgram(process.execPath, [CLI_PATH, ...args], options);

export const runCommand = (args: readonly string[], options?: StartOptions): Promise<Ending> =>
	startCommand(args, options).ended;

/** Runs a script of the shell, in which `fileproc` is the command. */
export const runShell = (script: string, options?: StartOptions): Promise<Ending> =>
	startProgram('sh', ['-c', `fileproc() { "$NODE" "$CLI" "$@"; }\n${script}`], options).ended;

/** A folder of the test's own. */
export function createFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'fileproc-e2e-'));
	onTestFinished(() => {
		rmSync(folder, {recursive: true, force: true});
	});
	return folder;
}

export const HEADER = 'transaction_id,customer_id,amount,date,category';

/** A good file of transactions, each of 1.25. */
export function transactions(rows: number): string {
	let text = `${HEADER}\n`;
	for (let row = 1; row <= rows; row++) text += `T${row},C${row % 7},1.25,2024-01-0${1 + (row % 9)},food\n`;
	return text;
}

/** What no analysis can be found for, so that a file with it fails: it nearly has the columns of one, where others have a profile. */
export const WITHOUT_AMOUNT = 'transaction_id,customer_id,amuont,date,category\nT1,C1,1.50,2024-01-01,food\n';

/** Fills a folder with `0001.csv` and so on. */
export function writeFiles(folder: string, count: number, rows: number): void {
	const text = transactions(rows);
	mkdirSync(folder, {recursive: true});
	for (let number = 1; number <= count; number++) {
		writeFileSync(join(folder, `${String(number).padStart(4, '0')}.csv`), text);
	}
}

export const parseReport = (json: string): Report => JSON.parse(json) as Report;
export const readReport = (path: string): Report => parseReport(readFileSync(path, 'utf8'));

export const sumOf = ({completed, failed, cancelled, skipped}: RunTotals): number =>
	completed + failed + cancelled + skipped;

/** The totals are those of the files, and every file is told of once. */
export function expectToAddUp(report: Report, fileCount: number): void {
	const {totals, files} = report;
	expect(totals.files).toBe(fileCount);
	expect(new Set(files.map(({file}) => file)).size).toBe(fileCount);
	expect(sumOf(totals)).toBe(fileCount);
	for (const status of ['completed', 'failed', 'cancelled', 'skipped'] as const) {
		expect(files.filter(file => file.status === status).length, status).toBe(totals[status]);
	}
	expect(files.reduce((sum, {rows}) => sum + rows, 0)).toBe(totals.rows);
}

export function parseEvents(jsonLines: string): RunEvent[] {
	expect(jsonLines.endsWith('\n')).toBe(true);
	return jsonLines
		.slice(0, -1)
		.split('\n')
		.map(line => JSON.parse(line) as RunEvent);
}

/** What holds for the events of any run, whatever happened in it. */
export function expectToBeWellFormed(events: readonly RunEvent[]): void {
	expect(events[0]?.type).toBe('run-started');
	expect(events.at(-1)?.type).toBe('run-completed');
	expect(events.map(({seq}) => seq)).toEqual(events.map((_, index) => index + 1));
	const running = new Set<string>();
	for (const event of events) {
		if (event.type === 'file-started') {
			const attempt = `${event.file} ${event.attempt}`;
			expect(running.has(attempt), `${attempt} started twice`).toBe(false);
			running.add(attempt);
		} else if (isAttemptEnd(event) && event.attempt > 0) {
			const attempt = `${event.file} ${event.attempt}`;
			expect(running.delete(attempt), `${attempt} ended without a start`).toBe(true);
		}
	}
	expect([...running], 'attempts without an end').toEqual([]);
}

type AttemptEnd = Extract<RunEvent, {type: `file-${'completed' | 'failed' | 'cancelled' | 'retrying' | 'skipped'}`}>;

export const isAttemptEnd = (event: RunEvent): event is AttemptEnd =>
	['file-completed', 'file-failed', 'file-cancelled', 'file-retrying', 'file-skipped'].includes(event.type);

/** Why it cannot be seen whether a process listens for signals; `null` where it can. */
export const whyNoSignalState = existsSync('/proc/self/status')
	? null
	: 'there is no /proc to see when the command listens';

/**
Whether the command has its handlers for signals. Linux tells so by SIGQUIT (3): for those behind it, and for SIGINT, Node has
handlers of its own.
*/
export function hasSignalHandlers(pid: number): boolean {
	const [, mask = '0'] = /^SigCgt:\s*([\da-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
	return (BigInt(`0x${mask}`) & 4n) === 4n;
}

/** Resolves when no signal waits to be taken by the process. */
export const untilDelivered = (pid: number): Promise<void> =>
	vi.waitFor(() => {
		expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^ShdPnd:\s*0+$/m);
	}, PATIENT);
