// Starts worker threads. A thread needs 50 ms until it can work, which is longer than many jobs take: so a program that will
// need threads may start them before it knows what for, and the pool uses them.
import {getCompileCacheDir} from 'node:module';
import {dirname, extname} from 'node:path';
import {Worker} from 'node:worker_threads';
import {folderKeys} from '../shared/encryption.ts';
import {GroupRoom} from '../shared/group-room.ts';
import type {FromWorker, WorkerData} from '../shared/protocol.ts';
import {SharedProgress} from '../shared/shared-progress.ts';
import {TooManyHungThreadsError} from './too-many-hung-threads.ts';

/**
A thread may fill so much JavaScript heap before it, alone, is ended: one record at its largest, as bytes, as text and as
fields (3 × 16 MiB), 500,000 categories (75 MB), 200,000 ids (14 MB), and room for the collector.
*/
const MAX_HEAP_MIB = 512;

/**
Records live shortly: with less the collector runs too often, with more the memory is only touched later. With 16, two threads and
100,000 files on the dashboard take 30 MiB more; only the reference reader is faster with it, by 3 to 9 %.
*/
const YOUNG_HEAP_MIB = 8;

/** The worker's entry is a file that Node runs by itself: see rolldown.config.ts for what it is when built. */
const WORKER_ENTRY = new URL(
	extname(import.meta.url) === '.ts' ? '../worker/worker-entry.ts' : './worker/worker-entry.cjs',
	import.meta.url,
);

export interface StartedThread {
	readonly worker: Worker;
	readonly progress: SharedProgress;
	/** Resolves with what the thread says when it can work; not at all if it never can. */
	readonly ready: Promise<Extract<FromWorker, {type: 'ready'}>>;
	/** Whether it has ended already. */
	readonly hasEnded: () => boolean;
	/**
	Ends it; resolves when it is gone. That may be never: nothing can end it in a call that the operating system does not answer.

	@param isUnresponsive - Whether that is to be expected: it was asked to stop, and did not.
	*/
	readonly end: (isUnresponsive?: boolean) => Promise<unknown>;
}

/** How many threads may hang in calls that the operating system does not answer. The memory of each is lost. */
const MAX_HUNG_THREADS = 16;

/** Threads that were asked to end and are not gone. */
const hungThreads = new Set<StartedThread>();

export const countHungThreads = (): number => hungThreads.size;

/** Those of them that did not answer before. The others may only take their time to end, as on a busy machine. */
const unresponsiveThreads = new Set<StartedThread>();

export const countUnresponsiveThreads = (): number => unresponsiveThreads.size;

const waiting: StartedThread[] = [];

/** Makes sure that this number of threads is ready for the next who needs one. They end with the process. */
export function prestartThreads(count: number): void {
	while (waiting.length < count) {
		let started: StartedThread;
		try {
			// In a folder that has been removed a thread ends as it begins, and this fails.
			process.cwd();
			started = startNew();
		} catch {
			// The pool will try again, and report why no thread can be had.
			return;
		}
		// The pool that uses it keeps the process open as long as there is work.
		started.worker.unref();
		waiting.push(started);
	}
}

export function startThread(): StartedThread {
	if (hungThreads.size >= MAX_HUNG_THREADS) throw new TooManyHungThreadsError(hungThreads.size);
	const started = waiting.shift();
	if (started === undefined || started.hasEnded()) return startNew();
	started.worker.ref();
	return started;
}

/** Of all threads of this process. */
export const groupRoom = new GroupRoom();

/** A thread does not know by itself where V8's compiled code is kept, by which it is ready 5 ms sooner. */
function environmentOfThread(): NodeJS.ProcessEnv {
	const folder = getCompileCacheDir();
	// Node keeps it in a folder of its version in the one that it is told.
	return folder === undefined ? process.env : {...process.env, NODE_COMPILE_CACHE: dirname(folder)};
}

function startNew(): StartedThread {
	const progress = new SharedProgress();
	const worker = new Worker(WORKER_ENTRY, {
		workerData: {shared: progress.buffer, groupRoom: groupRoom.buffer, keys: folderKeys()} satisfies WorkerData,
		env: environmentOfThread(),
		resourceLimits: {maxOldGenerationSizeMb: MAX_HEAP_MIB, maxYoungGenerationSizeMb: YOUNG_HEAP_MIB},
		// Whatever a thread or Node itself has to say in it goes to the log, never onto the dashboard's screen.
		stdout: true,
		stderr: true,
	});
	// Listened for from the beginning: no pool may use the thread yet when it is ready, or has failed.
	let hasEnded = false;
	worker.on('error', () => {});
	worker.once('exit', () => {
		hasEnded = true;
	});
	const ready = new Promise<Extract<FromWorker, {type: 'ready'}>>(resolve => {
		worker.once('message', resolve);
	});
	const ended = new Promise(resolve => {
		worker.once('exit', resolve);
	});
	const settled: Promise<unknown> = Promise.race([ready, ended]).then(() => starting.delete(settled));
	starting.add(settled);
	worker.once('online', () => {
		onlineCount++;
		for (const check of onlineChecks) check();
	});
	const thread: StartedThread = {
		worker,
		progress,
		ready,
		hasEnded: () => hasEnded,
		end(isUnresponsive = false) {
			if (hasEnded) return Promise.resolve();
			hungThreads.add(thread);
			if (isUnresponsive) unresponsiveThreads.add(thread);
			return worker.terminate();
		},
	};
	worker.once('exit', () => {
		hungThreads.delete(thread);
		unresponsiveThreads.delete(thread);
	});
	return thread;
}

/** Threads as they start, each until it is ready for work or has ended. */
const starting = new Set<Promise<unknown>>();

/** Resolves when all threads that were started so far can work, or never will. Who gives them work has heard it before. */
export async function threadsSettled(): Promise<void> {
	await Promise.all(starting);
}

/** Threads that were online at some time, and who waits for more. */
let onlineCount = 0;
const onlineChecks = new Set<() => void>();

/** Resolves when this number of threads of this process has begun to run code. */
export const threadsOnline = (count: number): Promise<void> =>
	new Promise(resolve => {
		const check = (): void => {
			if (onlineCount < count) return;
			onlineChecks.delete(check);
			resolve();
		};
		onlineChecks.add(check);
		check();
	});
