// A thread that runs processors, as this side sees it: one request at a time, each with an end. What does not answer in time, or takes too
// much memory, is ended together with its thread.
import {extname} from 'node:path';
import {Worker} from 'node:worker_threads';
import type {FromThread, ThreadReply, ToThread} from '../protocol.ts';
import {describeTimeout} from '../timeout.ts';

/** The thread's entry is a file that Node runs by itself: see rolldown.config.ts for what it is when built. */
const THREAD_ENTRY = new URL(
	extname(import.meta.url) === '.ts' ? '../worker/processor-thread.ts' : './worker/processor-thread.cjs',
	import.meta.url,
);

export interface ThreadLimits {
	/** Of JavaScript values: a text of 64 MiB, what is made of it, and room for the collector. */
	readonly heapMiB: number;
	/** Of all that the thread has, buffers too, which V8 does not bound. */
	readonly memoryMiB: number;
}

export const defaultThreadLimits: ThreadLimits = {heapMiB: 512, memoryMiB: 1024};

/** A thread has ended, or was ended, before it has answered. */
export class ThreadLost extends Error {
	override readonly name = 'ThreadLost';
}

export interface RequestOptions {
	readonly timeoutMs: number;
	readonly signal?: AbortSignal | undefined;
	readonly onLog?: ((message: string) => void) | undefined;
	/** Told of a file of results when it is there, though not whole. */
	readonly onOutput?: ((name: string) => void) | undefined;
}

/** What was told to stop has so long to do so by itself. */
const ABORT_GRACE_MS = 500;
const END_GRACE_MS = 2000;
const MEMORY_LOOK_MS = 200;
const MiB = 1024 ** 2;

interface Waiting extends Pick<RequestOptions, 'onLog' | 'onOutput'> {
	readonly resolve: (reply: ThreadReply) => void;
	readonly reject: (error: unknown) => void;
}

export class StartedThread {
	readonly #worker: Worker;
	readonly #limits: ThreadLimits;
	#waiting: Waiting | null = null;
	/** Why it has ended, or is going to; `null` while it works. */
	#lost: ThreadLost | null = null;

	/** @param onIdleEnd - Called where it ends while it has no request, with the reason. */
	constructor(limits: ThreadLimits, onIdleEnd: (reason: string) => void) {
		this.#limits = limits;
		this.#worker = new Worker(THREAD_ENTRY, {
			resourceLimits: {maxOldGenerationSizeMb: limits.heapMiB},
			// What a module prints must not come between the lines of an output, or onto the dashboard's screen.
			stdout: true,
			stderr: true,
		});
		for (const stream of [this.#worker.stdout, this.#worker.stderr])
			stream.on('data', (text: Buffer) => this.#waiting?.onLog?.(text.toString().trimEnd()));
		this.#worker.on('message', (message: FromThread) => this.#receive(message));
		this.#worker.on('error', (error: Error) => this.#lose(describeError(error, limits)));
		this.#worker.on('exit', () => {
			const isIdle = this.#waiting === null && this.#lost?.message !== CLOSED;
			this.#lose('Its thread has ended');
			if (isIdle) onIdleEnd(this.#lost?.message ?? '');
		});
		// Only those who wait for it keep the program from ending.
		this.#worker.unref();
	}

	get isUsable(): boolean {
		return this.#lost === null;
	}

	/**
	@throws {ThreadLost} When there is no answer.
	@throws The reason of the signal, when that comes first.
	*/
	async request(message: ToThread, {timeoutMs, signal, onLog, onOutput}: RequestOptions): Promise<ThreadReply> {
		signal?.throwIfAborted();
		if (this.#lost !== null) throw this.#lost;
		if (this.#waiting !== null) throw new Error('Expected a thread that has nothing to do');
		const {promise, resolve, reject} = Promise.withResolvers<ThreadReply>();
		this.#waiting = {resolve, reject, onLog, onOutput};
		this.#worker.ref();
		let graceTimer: NodeJS.Timeout | undefined;
		const giveUp = (reason: unknown): void => {
			this.#worker.postMessage({type: 'abort'} satisfies ToThread);
			graceTimer ??= setTimeout(() => this.#end(reason), ABORT_GRACE_MS);
			givenUp ??= {reason};
		};
		let givenUp: {readonly reason: unknown} | null = null;
		const timer = setTimeout(() => giveUp(new ThreadLost(describeTimeout(timeoutMs))), timeoutMs);
		const memoryTimer = setInterval(() => void this.#lookAtMemory(), MEMORY_LOOK_MS);
		const onAbort = (): void => giveUp(signal?.reason);
		signal?.addEventListener('abort', onAbort, {once: true});
		try {
			this.#worker.postMessage(message);
			const reply = await promise;
			// An answer after that is too late, and what is left of the work may go on.
			const late = givenUp as {readonly reason: unknown} | null;
			if (late === null) return reply;
			this.#end(late.reason);
			throw late.reason;
		} finally {
			clearTimeout(timer);
			clearTimeout(graceTimer);
			clearInterval(memoryTimer);
			signal?.removeEventListener('abort', onAbort);
			this.#waiting = null;
			this.#worker.unref();
		}
	}

	/** Resolves when it is gone. */
	async close(): Promise<void> {
		this.#end(new ThreadLost(CLOSED));
		await this.#worker.terminate();
	}

	#receive(message: FromThread): void {
		if (message.type === 'ready') return;
		if (message.type === 'log') this.#waiting?.onLog?.(message.message);
		else if (message.type === 'writing') this.#waiting?.onOutput?.(message.name);
		else if (message.type === 'ending') this.#lose(message.message);
		else this.#waiting?.resolve(message);
	}

	async #lookAtMemory(): Promise<void> {
		try {
			const {used_heap_size: heap, external_memory: external} = await this.#worker.getHeapStatistics();
			if (heap + external > this.#limits.memoryMiB * MiB)
				this.#end(new ThreadLost(`It took more than ${this.#limits.memoryMiB} MiB of memory`));
		} catch {
			// It is ending.
		}
	}

	/** Who waits hears of it when nothing of the thread runs any more, unless the operating system does not let go of it. */
	#end(reason: unknown): void {
		this.#lost ??= reason instanceof ThreadLost ? reason : new ThreadLost('It was given up');
		const {reject} = this.#waiting ?? {};
		const timer = setTimeout(() => reject?.(reason), END_GRACE_MS);
		void this.#worker.terminate().then(() => {
			clearTimeout(timer);
			reject?.(reason);
		});
	}

	#lose(message: string): void {
		// One that is being ended has its reason.
		if (this.#lost !== null) return;
		this.#lost = new ThreadLost(message);
		this.#waiting?.reject(this.#lost);
	}
}

const CLOSED = 'The program is ending';

function describeError(error: Error, {heapMiB}: ThreadLimits): string {
	if ('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY')
		return `It took more than ${heapMiB} MiB of memory. Lines and records can be read one by one, with file.lines() and file.records()`;
	return error.message;
}
