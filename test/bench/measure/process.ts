// One measurement: a program from its start to its exit, with its output and the most memory it had.
//
// What it prints goes to a file, as DuckDB's figures by file do, and as who wants them kept would have it: whoever read
// ten megabytes from a pipe meanwhile would take time on a processor that the program may need.
//
// The memory is what GNU time says (the kernel's own figure for a child that has ended). Where there is none, VmHWM is
// read from /proc every few milliseconds: the kernel keeps it as a maximum, so only growth in the last moment is missed.
import {spawn, spawnSync} from 'node:child_process';
import {closeSync, mkdtempSync, openSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {BenchError} from '../bench-error.ts';
import type {Command} from '../own-command.ts';

export interface Measurement {
	/** From before the start to the end of the output and the exit. */
	readonly wallMs: number;
	/** `null` where it cannot be known. */
	readonly peakBytes: number | null;
	readonly stdout: string;
}

const GNU_TIME = '/usr/bin/time';
const POLL_MS = 4;

let isGnuTime: boolean | undefined;
/** Whether GNU time is there. */
export function hasGnuTime(): boolean {
	isGnuTime ??= /GNU/.test(spawnSync(GNU_TIME, ['--version'], {encoding: 'utf8'}).output?.join('') ?? '');
	return isGnuTime;
}

/** What a program finds around it: nothing that would change how ours runs. */
export function environment(): Record<string, string> {
	const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG'];
	return Object.fromEntries(
		Object.entries(process.env).flatMap(([name, value]) =>
			kept.includes(name) && value !== undefined ? [[name, value]] : [],
		),
	);
}

/** @throws {BenchError} When the program fails; with what it wrote to stderr. */
export async function measure(command: Command): Promise<Measurement> {
	const folder = mkdtempSync(join(tmpdir(), 'fileproc-tui-bench-'));
	const memory = hasGnuTime() ? watchByTime(command, join(folder, 'kilobytes')) : watchByPolling(command);
	const printed = openSync(join(folder, 'stdout'), 'wx+');
	try {
		const started = performance.now();
		const child = spawn(memory.command.file, memory.command.args, {
			env: environment(),
			stdio: ['ignore', printed, 'pipe'],
		});
		memory.begin(child.pid);
		const errors: Buffer[] = [];
		child.stderr?.on('data', (bytes: Buffer) => {
			errors.push(bytes);
		});
		const code = await new Promise<number | null>((resolve, reject) => {
			child.once('error', reject);
			child.once('close', resolve);
		});
		const wallMs = performance.now() - started;
		if (code !== 0) {
			const line = [command.file, ...command.args.slice(0, 8)].join(' ');
			throw new BenchError(
				`Expected exit code 0, found ${code} from ${line}\n${Buffer.concat(errors).toString().slice(-2000)}`,
			);
		}
		return {wallMs, peakBytes: memory.peakBytes(), stdout: readFileSync(join(folder, 'stdout'), 'utf8')};
	} finally {
		memory.end();
		closeSync(printed);
		rmSync(folder, {recursive: true});
	}
}

/** Watches the memory of one process. */
interface MemoryWatch {
	/** What is to be started. */
	readonly command: Command;
	readonly begin: (pid: number | undefined) => void;
	readonly peakBytes: () => number | null;
	readonly end: () => void;
}

function watchByTime({file, args}: Command, result: string): MemoryWatch {
	return {
		// GNU time forks from its own small memory: a child of ours would begin with our peak as its own.
		command: {file: GNU_TIME, args: ['--format', '%M', '--output', result, file, ...args]},
		begin: () => {},
		peakBytes: () => 1024 * Number(readFileSync(result, 'utf8').trim().split('\n').at(-1)),
		end: () => {},
	};
}

function watchByPolling(command: Command): MemoryWatch {
	let peakBytes: number | null = null;
	let timer: NodeJS.Timeout | undefined;
	return {
		command,
		begin: pid => {
			timer = setInterval(() => {
				peakBytes = Math.max(peakBytes ?? 0, highWaterMark(pid) ?? 0) || null;
			}, POLL_MS);
		},
		peakBytes: () => peakBytes,
		end: () => clearInterval(timer),
	};
}

function highWaterMark(pid: number | undefined): number | null {
	try {
		const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
		return kilobytes === undefined ? null : 1024 * Number(kilobytes);
	} catch {
		// It has just ended, or this is no Linux.
		return null;
	}
}
