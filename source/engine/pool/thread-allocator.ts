// Who gets which thread: one that is idle, or else the next that becomes free, or a new one where more may be started.
//
//   acquire ──> an idle thread, or a place in the queue ──> request ──> release ──> the next in the queue, or idle
//                    └──> starts a thread where there may be more
//
// Each thread that was acquired is released once, also when it has died.
//
// There are two limits. `threads` is how many are worth having for any work, usually one for each core. Beyond that a thread
// costs 30 ms of CPU and makes nothing faster, but a file that is in flight should not wait for another one to be read to its
// end: so where no thread has come free for some time, a file that waits gets one beyond `threads`, up to `maxThreads`.
//
// Where nobody waits for a single file (`isUnattended`), a second thread and further ones are started only when those that there are have no
// time left, or for a part of a large file: each takes some 25 MB for as long as the program runs.
import type {PoolLog, PoolThread} from './pool-thread.ts';
import {groupRoom} from './start-thread.ts';
import {ThreadQueue} from './thread-queue.ts';
import {type RemovedThread, ThreadSet} from './thread-set.ts';
import type {ThreadShare} from './thread-share.ts';

export interface ThreadLimits {
	readonly threads: number;
	/** At least `threads`. */
	readonly maxThreads: number;
}

export interface AllocatorOptions {
	readonly limits: ThreadLimits;
	/** See `PoolOptions`. */
	readonly isUnattended: boolean;
	readonly onLog: PoolLog;
	/** Called when a thread is idle. */
	readonly onIdle: () => void;
	/** Called when someone waits for a thread and no thread is started for them. */
	readonly onShortage: () => void;
}

/** Threads that have worked for so much of such a time are not enough. Of the rest most is the main thread's, which has more to do with a small file. */
const [BUSY_MS, BUSY_SHARE] = [2000, 0.8];

export class ThreadAllocator {
	readonly #threads: ThreadSet;
	readonly #queue = new ThreadQueue();
	readonly #idle: PoolThread[] = [];
	readonly #onIdle: () => void;
	readonly #onShortage: () => void;
	#limits: ThreadLimits;
	/** How many threads are worth having by what was seen so far, where that is to be seen first. */
	#worthCount: number;
	/** Runs while somebody waits, until a thread is idle. */
	#busyTimer: NodeJS.Timeout | null = null;
	/** Threads given out so far. */
	#turnCount = 0;

	constructor({limits, isUnattended, onLog, onIdle, onShortage}: AllocatorOptions) {
		this.#worthCount = isUnattended ? 1 : Number.POSITIVE_INFINITY;
		this.#limits = limits;
		this.#onIdle = onIdle;
		this.#onShortage = onShortage;
		this.#threads = new ThreadSet(onLog, removed => this.#replace(removed));
		groupRoom.shareAmong(limits.maxThreads);
	}

	get isClosed(): boolean {
		return this.#threads.isClosed;
	}

	/** Whether someone waits for a thread. */
	get isAwaited(): boolean {
		return this.#queue.length > 0;
	}

	/** Threads that there are already may be more. */
	setLimits(limits: ThreadLimits): void {
		this.#limits = limits;
		groupRoom.shareAmong(limits.maxThreads);
		this.startDelayed();
	}

	/**
	Resolves with a thread as soon as one is free; with `null` when the signal was aborted or the pool closed before that.

	@param share - Of the client that gets the thread.
	@param overdueMs - After this time a thread beyond `threads` may be started; `null`: never.
	@param mayStart - Whether a thread may be started before that, if there is any.
	@throws When no thread can be had.
	*/
	async acquire(
		share: ThreadShare,
		signal: AbortSignal,
		overdueMs: number | null,
		mayStart = true,
	): Promise<PoolThread | null> {
		if (this.isClosed || signal.aborted) return null;
		if (this.#threads.startError !== null) throw this.#threads.startError;
		const onOverdue = (): void => this.startDelayed();
		const wait = {share, signal, overdueMs, onOverdue, mayStart};
		if (share.isFull) return this.#queue.wait(wait);
		const idle = this.#idle.pop();
		if (idle !== undefined) return this.#give(idle, share);
		const started = mayStart || this.#threads.count === 0 ? this.#threads.start(this.#threadsForAny) : null;
		const acquired = this.#queue.wait(wait);
		if (started === null) this.#onShortage();
		else this.#assignWhenReady(started);
		this.#watchBusy();
		return acquired;
	}

	/** A thread that helps others as long as nobody waits for it: an idle or a new one, which may not be ready yet. */
	acquireHelper(share: ThreadShare): PoolThread | null {
		if (this.isClosed || this.isAwaited || share.isFull) return null;
		// Where all cores are busy, one more thread would only take turns with the others.
		if (this.#threads.count - this.#idle.length >= this.#limits.threads) return null;
		const helper = this.#idle.pop() ?? this.#threads.startOptional(this.#limits.threads);
		return helper === null ? null : this.#give(helper, share);
	}

	/** The client does not need the thread any more: it is free for the next in the queue. */
	release(thread: PoolThread): void {
		if (thread.share !== null) thread.share.busyCount--;
		thread.share = null;
		this.#queue.markFreed();
		this.#assign(thread);
	}

	#give(thread: PoolThread, share: ThreadShare): PoolThread {
		thread.share = share;
		share.busyCount++;
		share.lastTurn = ++this.#turnCount;
		return thread;
	}

	#assign(thread: PoolThread): void {
		if (thread.isDead) return;
		// Memory of WebAssembly never shrinks: so another thread gets the room next.
		if (groupRoom.isTakenBy(thread.threadId)) {
			thread.cause = 'it had taken much memory for groups';
			void thread.end();
			return;
		}
		const share = this.#queue.assign(thread);
		if (share !== null) {
			this.#give(thread, share);
			this.startDelayed();
			return;
		}
		this.#idle.push(thread);
		this.#stopWatching();
		this.#onIdle();
	}

	/** Starts a thread for those in the queue whom no new one is on its way to, if one is allowed by now. */
	startDelayed(): void {
		if (this.#startableCount > this.#threads.startingCount) this.#startIfAwaited();
	}

	async close(): Promise<void> {
		const closed = this.#threads.close();
		this.#stopWatching();
		this.#queue.close();
		await closed;
	}

	#replace({thread, isFailedStart}: RemovedThread): void {
		const place = this.#idle.indexOf(thread);
		if (place !== -1) this.#idle.splice(place, 1);
		// Those in the queue have the other threads. The next start may fail, too.
		if (!thread.wasReady && !isFailedStart) return;
		// Each in the queue has a start of its own, until it is known that none succeeds.
		if (isFailedStart) {
			const {startError} = this.#threads;
			this.#queue.fail(new Error(thread.cause), startError === null ? 1 : this.#queue.length);
		}
		this.#startIfAwaited();
	}

	get #startableCount(): number {
		return this.#threads.count === 0 ? this.#queue.length : this.#queue.startableCount;
	}

	/** There is a place for a new thread, which someone may be waiting for. */
	#startIfAwaited(): void {
		if (this.#startableCount === 0) return;
		const {maxThreads} = this.#limits;
		// A thread that is about to be ready is the next to come free.
		const isStuck = this.#queue.hasOverdue && this.#threads.startingCount === 0;
		try {
			const started = this.#threads.start(isStuck ? maxThreads : this.#threadsForAny);
			if (started !== null) this.#assignWhenReady(started);
		} catch (error) {
			// No thread is left to wait for.
			this.#queue.fail(error);
		}
	}

	/** How many there may be for any work. */
	get #threadsForAny(): number {
		return Math.min(this.#limits.threads, this.#worthCount);
	}

	#watchBusy(): void {
		if (this.#worthCount >= this.#limits.threads || this.#busyTimer !== null) return;
		this.#threads.takeUtilization();
		this.#busyTimer = setTimeout(() => {
			this.#busyTimer = null;
			if (!this.isAwaited) return;
			if (this.#threads.takeUtilization() >= BUSY_SHARE) this.#worthCount = this.#threads.count + 1;
			this.startDelayed();
			this.#watchBusy();
		}, BUSY_MS).unref();
	}

	#stopWatching(): void {
		if (this.#busyTimer !== null) clearTimeout(this.#busyTimer);
		this.#busyTimer = null;
	}

	/** A new thread goes to the first in the queue by then: the one that it was started for may have got another one sooner. */
	#assignWhenReady(thread: PoolThread): void {
		void thread.ready.then(() => {
			this.#assign(thread);
		});
	}
}
