// A process that runs processors, as this side sees it: one request at a time, each with an end. What does not answer in time, or takes too
// much memory, is ended together with its process.
import {type ChildProcess, fork} from 'node:child_process';
import {readFileSync} from 'node:fs';
import type {Socket} from 'node:net';
import {extname} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {FromProcess, ProcessReply, ToProcess} from '../protocol.ts';
import {describeTimeout} from '../timeout.ts';

/** Its entry is a file that Node runs by itself: see rolldown.config.ts for what it is when built. */
const ENTRY = new URL(
	extname(import.meta.url) === '.ts' ? '../worker/processor-process.ts' : './worker/processor-process.cjs',
	import.meta.url,
);

export interface ProcessLimits {
	/** Of JavaScript values: a text of 64 MiB, what is made of it, and room for the collector. */
	readonly heapMiB: number;
	/** Of all that it has, buffers too, which V8 does not bound. Where the operating system does not tell, there is no such limit. */
	readonly memoryMiB: number;
}

export const defaultProcessLimits: ProcessLimits = {heapMiB: 512, memoryMiB: 1024};

/** A process has ended, or was ended, before it has answered. */
export class ProcessLost extends Error {
	override readonly name = 'ProcessLost';
	/** What is to blame: the request, one before it, or what kept the process from beginning. */
	readonly by: 'request' | 'earlier' | 'start';

	constructor(message: string, by: ProcessLost['by'] = 'request') {
		super(message);
		this.by = by;
	}
}

export interface RequestOptions {
	readonly timeoutMs: number;
	readonly signal?: AbortSignal | undefined;
	readonly onLog?: ((message: string) => void) | undefined;
	/** Told of a file of results when it is there, though not whole. */
	readonly onOutput?: ((name: string) => void) | undefined;
}

export interface ProcessWatcher {
	/** It has ended while it had no request, with the reason. */
	readonly onIdleEnd: (reason: string) => void;
	/** It has written something while it had none. */
	readonly onLog: (message: string) => void;
}

/** What was told to stop has so long to do so by itself. */
const ABORT_GRACE_MS = 1000;
/** The operating system may not let go of a process. */
const END_GRACE_MS = 2000;
const MEMORY_LOOK_MS = 100;
const MiB = 1024 ** 2;

interface Waiting extends Pick<RequestOptions, 'onLog' | 'onOutput'> {
	readonly resolve: (reply: ProcessReply) => void;
	readonly reject: (error: unknown) => void;
}

export class StartedProcess {
	readonly #child: ChildProcess;
	readonly #limits: ProcessLimits;
	readonly #watcher: ProcessWatcher;
	readonly #gone: Promise<void>;
	#waiting: Waiting | null = null;
	#isReady = false;
	/** Whether V8 has said that its heap is full, which it does before it ends the process. */
	#isHeapFull = false;
	/** Why it has ended, or is going to; `null` while it works. */
	#lost: ProcessLost | null = null;

	constructor(limits: ProcessLimits, watcher: ProcessWatcher) {
		this.#limits = limits;
		this.#watcher = watcher;
		this.#child = fork(fileURLToPath(ENTRY), {
			execArgv: [`--max-old-space-size=${limits.heapMiB}`],
			serialization: 'advanced',
			// Keys of the terminal are for this program alone: it decides when what it has begun ends.
			detached: true,
			// What a module prints must not come between the lines of an output, or onto the dashboard's screen.
			stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
		});
		for (const stream of this.#streams) {
			stream.on('data', (bytes: Buffer) => this.#tell(bytes.toString()));
			stream.on('error', () => {});
		}
		this.#child.on('message', message => this.#receive(message as FromProcess));
		this.#child.on('error', error => this.#lose(error.message));
		this.#gone = new Promise(resolve => {
			this.#child.once('exit', (code, signal) => {
				this.#exited(code, signal);
				resolve();
			});
			this.#child.once('error', () => {
				// It was never there.
				if (this.#child.pid === undefined) resolve();
			});
		});
		this.#unref();
	}

	get isUsable(): boolean {
		return this.#lost === null;
	}

	get #streams(): readonly Socket[] {
		return [this.#child.stdout, this.#child.stderr].filter(stream => stream !== null) as unknown as readonly Socket[];
	}

	/**
	@throws {ProcessLost} When there is no answer.
	@throws The reason of the signal, when that comes first.
	*/
	async request(message: ToProcess, {timeoutMs, signal, onLog, onOutput}: RequestOptions): Promise<ProcessReply> {
		signal?.throwIfAborted();
		if (this.#lost !== null) throw this.#lost;
		if (this.#waiting !== null) throw new Error('Expected a process that has nothing to do');
		const {promise, resolve, reject} = Promise.withResolvers<ProcessReply>();
		this.#waiting = {resolve, reject, onLog, onOutput};
		this.#ref();
		let givenUp: {readonly reason: unknown} | null = null;
		let graceTimer: NodeJS.Timeout | undefined;
		const giveUp = (reason: unknown): void => {
			givenUp ??= {reason};
			this.#send({type: 'abort'});
			graceTimer ??= setTimeout(() => this.#end(reason), ABORT_GRACE_MS);
		};
		const timer = setTimeout(() => giveUp(new ProcessLost(describeTimeout(timeoutMs))), timeoutMs);
		const memoryTimer = setInterval(() => this.#lookAtMemory(), MEMORY_LOOK_MS);
		const onAbort = (): void => giveUp(signal?.reason);
		signal?.addEventListener('abort', onAbort, {once: true});
		try {
			this.#send(message);
			const reply = await promise;
			// An answer after that is too late, and what is left of the work may go on.
			const late = givenUp as {readonly reason: unknown} | null;
			if (late === null) return reply;
			this.#end(late.reason);
			await this.#gone;
			throw late.reason;
		} finally {
			clearTimeout(timer);
			clearTimeout(graceTimer);
			clearInterval(memoryTimer);
			signal?.removeEventListener('abort', onAbort);
			this.#waiting = null;
			this.#unref();
		}
	}

	/** Resolves when it is gone. */
	async close(): Promise<void> {
		this.#end(new ProcessLost(CLOSED));
		this.#ref();
		await this.#gone;
	}

	/** Only those who wait for it keep the program from ending. */
	#unref(): void {
		this.#child.unref();
		this.#child.channel?.unref();
		for (const stream of this.#streams) stream.unref();
	}

	#ref(): void {
		this.#child.ref();
		this.#child.channel?.ref();
	}

	#send(message: ToProcess): void {
		// One that has ended has told so.
		if (this.#child.connected) this.#child.send(message, () => {});
	}

	#receive(message: FromProcess): void {
		if (message.type === 'ready') this.#isReady = true;
		else if (message.type === 'log') this.#waiting?.onLog?.(message.message);
		else if (message.type === 'writing') this.#waiting?.onOutput?.(message.name);
		else if (message.type === 'ending') this.#lose(message.message, message.isOfEarlier ? 'earlier' : 'request');
		else this.#waiting?.resolve(message);
	}

	#tell(text: string): void {
		this.#isHeapFull ||= HEAP_FULL.test(text);
		// Behind that come addresses of V8.
		if (!this.#isHeapFull) (this.#waiting?.onLog ?? this.#watcher.onLog)(text.slice(0, MAX_TOLD).trimEnd());
	}

	#exited(code: number | null, signal: string | null): void {
		this.#kill();
		const isIdle = this.#waiting === null && this.#lost?.message !== CLOSED;
		if (this.#isHeapFull || FATAL_SIGNALS.includes(signal ?? ''))
			this.#lose(
				`It took more than ${this.#limits.heapMiB} MiB of memory. Lines and records can be read one by one, with file.lines() and file.records()`,
			);
		else
			this.#lose(
				signal === null ? `Its process has ended with exit code ${code}` : `Its process was ended by ${signal}`,
			);
		if (isIdle) this.#watcher.onIdleEnd(this.#lost?.message ?? '');
	}

	#lookAtMemory(): void {
		const {memoryMiB} = this.#limits;
		if (memoryOf(this.#child.pid) > memoryMiB * MiB)
			this.#end(new ProcessLost(`It took more than ${memoryMiB} MiB of memory`));
	}

	/** Who waits hears of it when it is gone. */
	#end(reason: unknown): void {
		this.#lost ??= reason instanceof ProcessLost ? reason : new ProcessLost('It was given up');
		const {reject} = this.#waiting ?? {};
		const timer = setTimeout(() => reject?.(reason), END_GRACE_MS);
		if (this.#child.exitCode === null && this.#child.signalCode === null) this.#kill();
		void this.#gone.then(() => {
			clearTimeout(timer);
			reject?.(reason);
		});
	}

	/** With all that a module has started, which is of its group. */
	#kill(): void {
		const {pid} = this.#child;
		if (pid === undefined) return;
		try {
			process.kill(-pid, 'SIGKILL');
		} catch {
			// None of the group is left.
		}
	}

	#lose(message: string, by: ProcessLost['by'] = this.#isReady ? 'request' : 'start'): void {
		// One that is being ended has its reason.
		if (this.#lost !== null) return;
		this.#lost = new ProcessLost(message, by);
		this.#waiting?.reject(this.#lost);
	}
}

/** Of what is printed at once, in characters. */
const MAX_TOLD = 4000;

const CLOSED = 'The program is ending';

const HEAP_FULL = /<--- Last few GCs --->|heap out of memory|Fatal JavaScript/;
/** By which V8 ends a process whose memory is not enough. */
const FATAL_SIGNALS = ['SIGABRT', 'SIGTRAP', 'SIGILL'];

const PAGE_BYTES = 4096;

/** What a process has of the machine's memory, in bytes; 0 where that cannot be known. */
function memoryOf(pid: number | undefined): number {
	if (pid === undefined || process.platform !== 'linux') return 0;
	try {
		const [, pages = '0'] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ');
		return Number(pages) * PAGE_BYTES;
	} catch {
		// It has ended.
		return 0;
	}
}
