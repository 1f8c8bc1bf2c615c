// The threads. Each reads one file at a time, so a thread that dies costs one attempt of one file; it is replaced when
// the next file needs it. Threads are started when they are first needed, at most `threads` of them, and live until the
// pool is closed.
//
//   thread-allocator.ts   who gets which thread         thread-queue.ts   who waits for one
//   thread-set.ts         the threads that there are    pool-thread.ts    one of them
//   whole-file.ts, split-files.ts, file-group.ts        what a thread does: a file, a part of one, a group of small ones
import {type GroupClient, type RunningGroup, startFileGroup} from './file-group.ts';
import type {PoolLog} from './pool-thread.ts';
import {SplitFiles} from './split-files.ts';
import {canSplit} from './split-task.ts';
import {groupRoom} from './start-thread.ts';
import type {RunningTask, WorkerTask} from './task.ts';
import {ThreadAllocator} from './thread-allocator.ts';
import {startWholeFile} from './whole-file.ts';

export type {RunningTask, TaskOutcome, WorkerTask} from './task.ts';

export interface PoolOptions {
	readonly threads: number;
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
	/** Ends all threads. Resolves when they are gone, or after half a second: a thread may hang in the operating system. */
	readonly close: () => Promise<void>;
}

const never = new AbortController().signal;

export function createWorkerPool({threads, onLog}: PoolOptions): WorkerPool {
	const allocator: ThreadAllocator = new ThreadAllocator({
		maxThreads: threads,
		onLog,
		onIdle: () => splitFiles.onIdle(),
		onShortage: () => splitFiles.releaseHelper(),
	});
	const splitFiles = new SplitFiles(allocator);
	groupRoom.shareAmong(threads);
	return {
		async start(task, signal) {
			const thread = await allocator.acquire(signal);
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
			const thread = await allocator.acquire(never);
			if (thread === null || thread.isDead || allocator.isClosed) return null;
			return startFileGroup(thread, client, () => allocator.release(thread));
		},
		close: () => allocator.close(),
	};
}
