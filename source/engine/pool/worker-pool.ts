// The threads. Each reads one file at a time, so a thread that dies costs one attempt of one file; it is replaced when
// the next file needs it. Threads are started when they are first needed, and live until the pool is closed. The pool belongs
// to the one that creates it; each run that reads with it is a client, and a pool has as many at a time as there are runs.
//
//   pool-client.ts        what a run has of the pool    thread-share.ts   whose turn it is
//   thread-allocator.ts   who gets which thread         thread-queue.ts   who waits for one
//   thread-set.ts         the threads that there are    pool-thread.ts    one of them
//   whole-file.ts, split-files.ts, file-group.ts        what a thread does: a file, a part of one, a group of small ones
import {type ClientOptions, PoolClient} from './pool-client.ts';
import type {PoolLog} from './pool-thread.ts';
import {SplitFiles} from './split-files.ts';
import {ThreadAllocator, type ThreadLimits} from './thread-allocator.ts';

export interface PoolOptions {
	/** Threads that are worth having for any work: usually one for each core. */
	readonly threads: number;
	/**
	Where its clients have more files than `threads` in flight, each file that would otherwise wait gets a thread, as long as
	there are fewer threads than this in all. Left out: `threads`.
	*/
	readonly maxThreads?: number | undefined;
	/** Whether nobody waits for a single file, and it goes on for months: then threads are started when they are seen to be worth it. Left out: no. */
	readonly isUnattended?: boolean | undefined;
	/** Told of the life of threads, for the log. */
	readonly onLog: PoolLog;
}

export interface WorkerPool {
	/** Lets a run read with the threads of this pool. */
	readonly client: (options: ClientOptions) => PoolClient;
	/** Ends all threads. Resolves when they are gone, or after half a second: a thread may hang in the operating system. */
	readonly close: () => Promise<void>;
}

export function createWorkerPool({
	threads,
	maxThreads = threads,
	isUnattended = false,
	onLog,
}: PoolOptions): WorkerPool {
	const clients = new Set<PoolClient>();
	const limits = (): ThreadLimits => {
		const filesInFlight = Array.from(clients).reduce((sum, client) => sum + client.filesInFlight, 0);
		return {threads, maxThreads: Math.max(threads, Math.min(maxThreads, filesInFlight))};
	};
	const allocator: ThreadAllocator = new ThreadAllocator({
		limits: limits(),
		isUnattended,
		onLog,
		onIdle: () => splitFiles.onIdle(),
		onShortage: () => splitFiles.releaseHelper(),
	});
	const splitFiles = new SplitFiles(allocator);
	const onChange = (): void => {
		for (const client of clients) if (client.filesInFlight === 0) clients.delete(client);
		allocator.setLimits(limits());
	};
	return {
		client(options) {
			const client = new PoolClient(options, {allocator, splitFiles, threads, isUnattended, onChange});
			clients.add(client);
			onChange();
			return client;
		},
		close: () => allocator.close(),
	};
}
