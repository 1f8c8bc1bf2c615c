// What coordinators and workers need of a queue. BullMQ gives it on Redis and on Postgres (bullmq-queue.ts); tests have one in memory.

/** What the queue says of a job. */
export type JobState =
	| {readonly type: 'waiting' | 'active' | 'missing'}
	| {readonly type: 'completed'; readonly result: unknown}
	| {readonly type: 'failed'; readonly reason: string};

/** Said of a job whose workers died one after the other. */
export const CRASHED = 'its workers ended before it did';

/** Said of a job whose worker let go of it, as nobody seemed to wait for it any more. */
export const NOT_WANTED = 'its worker heard nothing of its run, or was told that nobody waits for it';

/** Said of a job that was done, but whose result did not come through to the queue. */
export const UNSENT = 'what its worker had made of it did not reach the queue';

/** A text that a worker or a run says of itself, for all others to read. Each one replaces the one before. */
export interface Bulletin {
	readonly id: string;
	readonly text: unknown;
}

export interface Bulletins {
	readonly publish: (id: string, text: string) => Promise<void>;
	readonly retract: (id: string) => Promise<void>;
	readonly list: () => Promise<readonly Bulletin[]>;
	/** `null` where there is none. */
	readonly find: (id: string) => Promise<unknown>;
}

export interface JobQueue {
	/** In this order. A token that is there already stays as it is. */
	readonly add: (jobs: readonly {readonly token: string; readonly text: string}[]) => Promise<void>;
	readonly look: (token: string) => Promise<JobState>;
	/** What a worker told of a job that it still has; `null` where it has not told anything. */
	readonly readSoFar: (token: string) => Promise<unknown>;
	/** What a worker has stays. */
	readonly remove: (token: string) => Promise<void>;
	/** Calls back when something may have happened to a job. Nobody waits for it. */
	readonly onHint: (listener: (token: string) => void) => void;
	readonly bulletins: Bulletins;
	/** Things that somebody should know of the queue itself. */
	readonly warnings: readonly string[];
	readonly close: () => Promise<void>;
}

/** A job that a worker has. */
export interface TakenJob {
	readonly token: string;
	readonly text: unknown;
	/** Tells what there is so far. */
	readonly tellSoFar: (text: string) => Promise<void>;
	/** Aborted when the queue has given the job to another worker. */
	readonly lost: AbortSignal;
}

export interface TakingOptions {
	/** Jobs at a time. */
	readonly concurrency: number;
	/** Resolves with the result. Rejects with the reason where the job cannot be done by any worker. */
	readonly work: (job: TakenJob) => Promise<string>;
	/** A job was done, and another worker had it meanwhile: the result was not taken. */
	readonly onLate: (token: string) => void;
	readonly onTrouble: (error: Error) => void;
}

export interface WorkerQueue {
	readonly take: (options: TakingOptions) => Taking;
	readonly bulletins: Bulletins;
	readonly warnings: readonly string[];
	readonly close: () => Promise<void>;
}

export interface Taking {
	/** Takes no more jobs. Resolves when those that it has are done. */
	readonly drain: () => Promise<void>;
	/** Lets go of the jobs that it has, so that others get them at once. */
	readonly giveBack: () => Promise<void>;
}
