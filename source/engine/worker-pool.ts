// The threads. Each reads one file at a time, so a thread that dies costs one attempt of one file; it is replaced when
// the next file needs it. Threads are started when they are first needed, at most `threads` of them, and live until the
// pool is closed.
//
//   acquire (first come, first served) ──> idle thread or a new one ──> task ──> exactly one outcome ──> idle again
import {extname} from 'node:path';
import {Worker} from 'node:worker_threads';
import type {ErrorReport} from '../store/report-types.ts';
import type {FoldedFile, FromWorker, ReadSettings, SourceLocation, ToWorker, WorkerData} from './worker/protocol.ts';
import {type Directive, type ProgressTotals, SharedProgress} from './worker/shared-progress.ts';

/**
A thread may fill so much JavaScript heap before it, alone, is ended: one record at its largest, as bytes, as text and as
fields (3 × 16 MiB), 500,000 categories (75 MB), 200,000 ids (14 MB), and room for the collector.
*/
const MAX_HEAP_MIB = 512;

/** Records live shortly: with less the collector runs too often, with more the memory is only touched later (32: + 15 %). */
const YOUNG_HEAP_MIB = 16;

/** The worker's entry is a file that Node runs by itself: `.js` when built, `.ts` from the sources. */
const WORKER_ENTRY = new URL(`./worker/worker-entry${extname(import.meta.url)}`, import.meta.url);

export interface WorkerTask {
	readonly source: SourceLocation;
	readonly settings: ReadSettings;
}

export type TaskOutcome =
	| {readonly type: 'completed'; readonly file: FoldedFile}
	| {readonly type: 'failed'; readonly error: ErrorReport; readonly bytesRead: number}
	| {readonly type: 'aborted'}
	/** The thread ended without an answer. */
	| {readonly type: 'worker-lost'; readonly cause: string};

/** A file that a thread is working on. */
export interface RunningTask {
	readonly outcome: Promise<TaskOutcome>;
	readonly readProgress: () => ProgressTotals;
	readonly direct: (directive: Directive) => void;
	/** Ends the thread, whatever it is doing; the outcome is `worker-lost` unless an answer came before. */
	readonly kill: () => void;
}

export interface PoolOptions {
	readonly threads: number;
	/** Told of the life of threads, for the log. */
	readonly onLog: (message: string, fields: Readonly<Record<string, unknown>>) => void;
}

export interface WorkerPool {
	/** Hands the task to a thread as soon as one is free; `null` when the signal was aborted or the pool closed before that. Rejects when no thread can be had. */
	readonly start: (task: WorkerTask, signal: AbortSignal) => Promise<RunningTask | null>;
	/** Ends all threads. Resolves when they are gone, or after a second: a thread may hang in the operating system. */
	readonly close: () => Promise<void>;
}

interface Thread {
	readonly id: number;
	readonly worker: Worker;
	readonly progress: SharedProgress;
	/** Resolves when the thread can take a task, or never will because it is dead. */
	readonly ready: Promise<void>;
	readonly becomeReady: () => void;
	/** There while the thread works on a task. */
	settle: ((outcome: TaskOutcome) => void) | null;
	isDead: boolean;
	/** Why it died. */
	cause: string;
}

/** A thread starts in some 50 ms; on a machine that swaps it may take seconds. */
const START_DEADLINE_MS = 20_000;
const CLOSE_DEADLINE_MS = 1000;

export function createWorkerPool({threads: threadLimit, onLog}: PoolOptions): WorkerPool {
	const threads = new Set<Thread>();
	const idle: Thread[] = [];
	/** Those who wait for a thread, in order. */
	const waiting: Array<(thread: Thread | null) => void> = [];
	let nextId = 1;
	let isClosed = false;

	const createThread = (): Thread => {
		const progress = new SharedProgress();
		const worker = new Worker(WORKER_ENTRY, {
			workerData: {shared: progress.buffer} satisfies WorkerData,
			resourceLimits: {maxOldGenerationSizeMb: MAX_HEAP_MIB, maxYoungGenerationSizeMb: YOUNG_HEAP_MIB},
			// Whatever a thread or Node itself has to say in it goes to the log, never onto the dashboard's screen.
			stdout: true,
			stderr: true,
		});
		let becomeReady: () => void = () => {};
		const ready = new Promise<void>(resolve => {
			becomeReady = resolve;
		});
		const thread: Thread = {id: nextId++, worker, progress, ready, becomeReady, settle: null, isDead: false, cause: ''};
		threads.add(thread);
		const startTimer = setTimeout(() => {
			void worker.terminate();
			bury(thread, 'it did not start in time');
		}, START_DEADLINE_MS);
		void ready.then(() => {
			clearTimeout(startTimer);
		});
		worker.on('message', (reply: FromWorker) => {
			if (reply.type === 'ready') becomeReady();
			else release(thread, toOutcome(reply));
		});
		worker.on('error', (error: Error) => {
			thread.cause = 'code' in error ? `${String(error.code)}: ${error.message}` : error.message;
		});
		worker.on('messageerror', (error: Error) => {
			thread.cause = error.message;
			void worker.terminate();
		});
		worker.on('exit', exitCode => {
			onLog('worker-ended', {thread: thread.id, exitCode, cause: thread.cause});
			bury(thread, thread.cause === '' ? `it ended with code ${exitCode}` : thread.cause);
		});
		for (const stream of [worker.stdout, worker.stderr]) {
			stream.setEncoding('utf8').on('data', (text: string) => {
				onLog('worker-said', {thread: thread.id, text});
			});
		}
		onLog('worker-started', {thread: thread.id});
		return thread;
	};

	/** The thread is free for the next who waits. */
	const giveBack = (thread: Thread): void => {
		if (thread.isDead) return;
		const next = waiting.shift();
		if (next === undefined) idle.push(thread);
		else next(thread);
	};

	/** The thread has answered. */
	const release = (thread: Thread, outcome: TaskOutcome): void => {
		const settle = thread.settle;
		if (settle === null) return;
		thread.settle = null;
		settle(outcome);
		giveBack(thread);
	};

	/** From here on the thread is as good as gone, even if it hangs in the operating system and cannot be ended. */
	const bury = (thread: Thread, cause: string): void => {
		if (thread.isDead) return;
		thread.isDead = true;
		thread.cause = cause;
		thread.becomeReady();
		threads.delete(thread);
		const place = idle.indexOf(thread);
		if (place !== -1) idle.splice(place, 1);
		release(thread, {type: 'worker-lost', cause});
		// Its place is free for a new one, which someone may be waiting for.
		if (isClosed || threads.size >= threadLimit) return;
		const next = waiting.shift();
		if (next !== undefined) next(createThread());
	};

	const acquire = async (signal: AbortSignal): Promise<Thread | null> => {
		if (isClosed || signal.aborted) return null;
		const free = idle.pop();
		if (free !== undefined) return free;
		if (threads.size < threadLimit) return createThread();
		return new Promise(resolve => {
			const take = (thread: Thread | null): void => {
				signal.removeEventListener('abort', giveUp);
				resolve(thread);
			};
			const giveUp = (): void => {
				waiting.splice(waiting.indexOf(take), 1);
				resolve(null);
			};
			signal.addEventListener('abort', giveUp, {once: true});
			waiting.push(take);
		});
	};

	return {
		async start(task, signal) {
			const thread = await acquire(signal);
			if (thread === null) return null;
			await thread.ready;
			if (signal.aborted || isClosed) {
				giveBack(thread);
				return null;
			}
			if (thread.isDead) throw new Error(thread.cause);
			const {worker, progress} = thread;
			progress.reset();
			let isRunning = true;
			const outcome = new Promise<TaskOutcome>(resolve => {
				thread.settle = result => {
					isRunning = false;
					resolve(result);
				};
			});
			worker.postMessage({type: 'process-file', ...task} satisfies ToWorker);
			return {
				outcome,
				readProgress: () => progress.read(),
				direct(directive) {
					if (isRunning) progress.direct(directive);
				},
				kill() {
					if (!isRunning) return;
					void worker.terminate();
					bury(thread, 'it was ended because it did not answer');
				},
			};
		},
		async close() {
			isClosed = true;
			for (const give of waiting.splice(0)) give(null);
			const gone = Promise.all(Array.from(threads, thread => thread.worker.terminate()));
			let timer: NodeJS.Timeout | undefined;
			const deadline = new Promise<void>(resolve => {
				timer = setTimeout(resolve, CLOSE_DEADLINE_MS);
			});
			await Promise.race([gone, deadline]);
			clearTimeout(timer);
			for (const thread of threads) bury(thread, 'the pool was closed');
		},
	};
}

function toOutcome(reply: Exclude<FromWorker, {type: 'ready'}>): TaskOutcome {
	if (reply.type === 'completed') {
		const {type, ...file} = reply;
		return {type, file};
	}
	return reply;
}
