// A thread of the pool, and who waits for one.
import type {Worker} from 'node:worker_threads';
import type {PackedFilesReply} from '../shared/protocol.ts';
import type {SharedProgress} from '../shared/shared-progress.ts';
import type {SnapshotAsks} from './snapshot-asks.ts';
import type {StartedThread} from './start-thread.ts';
import type {ThreadReply} from './task.ts';

export interface Thread {
	readonly id: number;
	/** As Node counts them. */
	readonly threadId: number;
	readonly worker: Worker;
	readonly progress: SharedProgress;
	readonly end: StartedThread['end'];
	/** Resolves when the thread can take a task, or never will because it is dead. */
	readonly ready: Promise<void>;
	readonly becomeReady: () => void;
	/** Whether it came so far. */
	wasReady: boolean;
	/** There while the thread works on a request. */
	settle: ((reply: ThreadReply) => void) | null;
	/** Told of replies that are not the last of their request. */
	onReply: ((reply: PackedFilesReply) => void) | null;
	readonly snapshots: SnapshotAsks;
	isDead: boolean;
	/** Why it died. */
	cause: string;
}

/** Somebody who waits for a thread. */
export interface Waiter {
	/** `null` where there will be none. */
	readonly take: (thread: Thread | null) => void;
	readonly fail: (reason: unknown) => void;
}

/**
Whether some of the threads wait for memory. Then a further one would most likely wait, too, and take memory for that: files with very
many categories mostly lie together. A thread that is held may be what the others wait for, and a held file must not keep others from
being read.
*/
export function isMemoryAwaited(threads: Iterable<Thread>): boolean {
	const all = Array.from(threads, ({progress}) => progress);
	return all.some(progress => progress.isWaitingForOthers) && !all.some(progress => progress.isHeld);
}
