// The threads. Each reads one file at a time, so a thread that dies costs one attempt of one file; it is replaced when
// the next file needs it. Threads are started when they are first needed, and live until the pool is closed.
//
//   thread-allocator.ts   who gets which thread         thread-queue.ts   who waits for one
//   thread-set.ts         the threads that there are    pool-thread.ts    one of them
//   whole-file.ts, split-files.ts, file-group.ts        what a thread does: a file, a part of one, a group of small ones
import {type GroupClient, type RunningGroup, startFileGroup} from './file-group.ts';
import type {PoolLog} from './pool-thread.ts';
import {SplitFiles} from './split-files.ts';
import {canSplit} from './split-task.ts';
import type {RunningTask, WorkerTask} from './task.ts';
import {ThreadAllocator, type ThreadLimits} from './thread-allocator.ts';
import {startWholeFile} from './whole-file.ts';

export type {RunningTask, TaskOutcome, WorkerTask} from './task.ts';

export interface PoolOptions {
	/** Threads that are worth having for any work: usually one for each core. */
	readonly threads: number;
	/** Where more files than `threads` are in flight, each that would otherwise wait gets a thread. Left out: no file does. */
	readonly filesInFlight?: number | undefined;
	/** Told of the life of threads, for the log. */
	readonly onLog: PoolLog;
}

export interface WorkerPool {
	/** Hands the task to a thread as soon as one is free; `null` when the signal was aborted or the pool closed before that. Rejects when no thread can be had. */
	readonly start: (task: WorkerTask, signal: AbortSignal) => Promise<RunningTask | null>;
	/**
	Hands a thread, as soon as one is free, a group of small files to read one after the other.

	@returns `null` when there is nothing to do (any more).
	*/
	readonly startGroup: (client: GroupClient) => Promise<RunningGroup | null>;
	/** Changes `filesInFlight`. Nothing happens where it was left out. */
	readonly setFilesInFlight: (count: number) => void;
	/** Ends all threads. Resolves when they are gone, or after half a second: a thread may hang in the operating system. */
	readonly close: () => Promise<void>;
}

const never = new AbortController().signal;

/** Most files get a thread sooner, and a run of them takes longer where one more is started. */
const OVERDUE_MS = 250;

/** How long a file waits until it gets a thread beyond those for any work. Cores are idle in simulated waits. */
const overdueMsOf = ({settings}: WorkerTask): number => (settings.simulateIoMs > 0 ? 0 : OVERDUE_MS);

export function createWorkerPool({threads, filesInFlight, onLog}: PoolOptions): WorkerPool {
	const limitsFor = (fileCount = threads): ThreadLimits => ({threads, maxThreads: Math.max(threads, fileCount)});
	const allocator: ThreadAllocator = new ThreadAllocator({
		limits: limitsFor(filesInFlight),
		onLog,
		onIdle: () => splitFiles.onIdle(),
		onShortage: () => splitFiles.releaseHelper(),
	});
	const splitFiles = new SplitFiles(allocator);
	return {
		async start(task, signal) {
			const thread = await allocator.acquire(signal, overdueMsOf(task));
			if (thread === null) return null;
			const release = (): void => allocator.release(thread);
			if (signal.aborted || allocator.isClosed) {
				release();
				return null;
			}
			if (thread.isDead) throw new Error(thread.cause);
			if (canSplit(task, threads)) return splitFiles.start(thread, task);
			return startWholeFile(thread, task, () => allocator.startDelayed(), release);
		},
		async startGroup(client) {
			const thread = await allocator.acquire(never, null);
			if (thread === null || thread.isDead || allocator.isClosed) return null;
			return startFileGroup(thread, client, () => allocator.release(thread));
		},
		setFilesInFlight(count) {
			if (filesInFlight !== undefined) allocator.setLimits(limitsFor(count));
		},
		close: () => allocator.close(),
	};
}
