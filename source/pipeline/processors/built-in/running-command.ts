// A program that runs for a file, with all that it has started: they are one group of processes, which is ended together.
import {type ChildProcess, type StdioOptions, spawn} from 'node:child_process';
import {type FileHandle, open, stat} from 'node:fs/promises';
import type {Readable} from 'node:stream';
import {monotonicMs} from '../../../engine/shared/monotonic.ts';
import {systemPath} from '../../../text/path-text.ts';

export interface Command {
	readonly program: string;
	/** What it is given; `{file}` in them stands for the path. */
	readonly words: readonly string[];
	/** Of the file, as a text of `text/path-text.ts`. */
	readonly path: string;
	/** Whether the file is its standard input. */
	readonly isInput: boolean;
	readonly cwd: string;
	readonly env: NodeJS.ProcessEnv;
	/** Takes what it writes to standard output; `null` where that is only to be told. The bytes are there until it resolves. */
	readonly onOutput: ((bytes: Uint8Array) => Promise<void>) | null;
}

export interface Ended {
	/** `null` where a signal has ended it. */
	readonly code: number | null;
	readonly signal: string | null;
	/** The end of what it has written; of standard output only what was not taken. */
	readonly stdout: string;
	readonly stderr: string;
	readonly elapsedMs: number;
}

/** So much of what it writes is told. */
const TOLD_BYTES = 2000;
/** A group that was asked to end has so long to do so. */
const TERM_GRACE_MS = 2000;
/** What it has left behind may hold its streams open: nobody waits longer for their end. */
const STREAMS_GRACE_MS = 1000;

/** Groups of processes that run. They do not outlive the program, unless that is killed. */
const groups = new Set<number>();
const endGroups = (): void => {
	for (const pid of groups) signalGroup(pid, 'SIGKILL');
};

function signalGroup(pid: number, signal: NodeJS.Signals): void {
	try {
		process.kill(-pid, signal);
	} catch {
		// It has ended.
	}
}

export class RunningCommand {
	readonly #child: ChildProcess;
	readonly #startedAtMs = monotonicMs();
	#givenUp: {readonly reason: unknown} | null = null;
	#killTimer: NodeJS.Timeout | undefined;
	/** Rejects with the reason for which it was given up, or with what takes its output has thrown. */
	readonly ended: Promise<Ended>;

	/** @throws When it cannot be started. */
	static async start(command: Command): Promise<RunningCommand> {
		// Node says of a folder that is missing that the program is.
		if (!(await stat(command.cwd)).isDirectory()) throw new Error(`${command.cwd} is no folder`);
		const file = await open(systemPath(command.path), 'r');
		try {
			const running = new RunningCommand(command, file);
			await running.#spawned();
			return running;
		} finally {
			// The program has its own.
			await file.close();
		}
	}

	private constructor({program, words, path, isInput, cwd, env, onOutput}: Command, file: FileHandle) {
		const isText = path.isWellFormed();
		const given = words.map(word => word.replaceAll('{file}', isText ? path : '/dev/fd/3'));
		const stdio: StdioOptions = [isInput ? file.fd : 'ignore', 'pipe', 'pipe', ...(isText ? [] : [file.fd])];
		// A group of its own, with a session of its own: what it starts ends with it.
		this.#child = spawn(program, given, {cwd, env, stdio, detached: true});
		this.ended = this.#untilEnd(onOutput);
		// Who started it may leave first, with the reason why it has not.
		this.ended.catch(() => {});
	}

	/** Ends the whole group, which may take its time. */
	giveUp(reason: unknown): void {
		if (this.#givenUp !== null) return;
		this.#givenUp = {reason};
		const {pid} = this.#child;
		if (pid === undefined) return;
		signalGroup(pid, 'SIGTERM');
		this.#killTimer = setTimeout(() => signalGroup(pid, 'SIGKILL'), TERM_GRACE_MS);
	}

	#spawned(): Promise<void> {
		return new Promise((resolve, reject) => {
			this.#child.once('spawn', resolve);
			this.#child.once('error', reject);
		});
	}

	async #untilEnd(onOutput: Command['onOutput']): Promise<Ended> {
		const {pid, stdout, stderr} = this.#child;
		if (pid !== undefined) begin(pid);
		const [told, toldOfErrors] = [new End(), new End()];
		const taker = new StreamTaker(error => this.giveUp(error));
		const taken = Promise.all([taker.take(stdout, onOutput ?? told.add), taker.take(stderr, toldOfErrors.add)]);
		try {
			const {code, signal} = await this.#exited();
			// Others of the group may go on, and write to its streams.
			if (this.#givenUp !== null && pid !== undefined) signalGroup(pid, 'SIGKILL');
			await taker.untilNothingComes(taken);
			if (this.#givenUp !== null) throw this.#givenUp.reason;
			return {code, signal, stdout: told.text, stderr: toldOfErrors.text, elapsedMs: monotonicMs() - this.#startedAtMs};
		} finally {
			clearTimeout(this.#killTimer);
			// What it has left behind ends with it.
			if (pid !== undefined) signalGroup(pid, 'SIGKILL');
			if (pid !== undefined) groups.delete(pid);
			if (groups.size === 0) process.off('exit', endGroups);
		}
	}

	#exited(): Promise<{readonly code: number | null; readonly signal: string | null}> {
		return new Promise((resolve, reject) => {
			this.#child.once('exit', (code, signal) => resolve({code, signal}));
			this.#child.once('error', reject);
		});
	}
}

function begin(pid: number): void {
	if (groups.size === 0) process.on('exit', endGroups);
	groups.add(pid);
}

/** Takes what comes from the streams of a program. */
class StreamTaker {
	readonly #onFault: (error: unknown) => void;
	readonly #streams: Readable[] = [];
	#isOver = false;
	#busyCount = 0;
	#lastAtMs = 0;

	/** @param onFault - Told of what takes it has thrown. */
	constructor(onFault: (error: unknown) => void) {
		this.#onFault = onFault;
	}

	async take(stream: Readable | null, add: (bytes: Uint8Array) => void | Promise<void>): Promise<void> {
		if (stream === null) return;
		this.#streams.push(stream);
		try {
			for await (const bytes of stream as AsyncIterable<Uint8Array>) {
				this.#busyCount++;
				await add(bytes);
				this.#busyCount--;
				this.#lastAtMs = monotonicMs();
			}
		} catch (error) {
			this.#busyCount = 0;
			if (!this.#isOver) this.#onFault(error);
		}
	}

	/** When the program has ended: what it has left behind may hold its streams open. */
	async untilNothingComes(taken: Promise<unknown>): Promise<void> {
		this.#lastAtMs = monotonicMs();
		const timer = setInterval(() => {
			if (this.#busyCount > 0 || monotonicMs() - this.#lastAtMs < STREAMS_GRACE_MS) return;
			this.#isOver = true;
			for (const stream of this.#streams) stream.destroy();
		}, STREAMS_GRACE_MS / 10);
		await taken;
		clearInterval(timer);
	}
}

/** The end of a text that comes in pieces. */
class End {
	#bytes = Buffer.alloc(0);
	#isCut = false;

	readonly add = (piece: Uint8Array): void => {
		const all = Buffer.concat([this.#bytes, piece]);
		this.#isCut ||= all.length > TOLD_BYTES;
		this.#bytes = all.subarray(-TOLD_BYTES);
	};

	get text(): string {
		return `${this.#isCut ? '…' : ''}${this.#bytes
			.toString()
			.replace(/^\ufffd+/, '')
			.trim()}`;
	}
}
