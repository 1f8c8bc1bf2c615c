// The queue of those who wait for a thread: clients have turns, and each client's own are served first come, first served.
import type {PoolThread} from './pool-thread.ts';
import type {ThreadShare} from './thread-share.ts';

export interface WaitOptions {
	readonly share: ThreadShare;
	/** Ends the wait. */
	readonly signal: AbortSignal;
	/** After this time, in which no thread has come free, the wait is overdue; `null`: never. */
	readonly overdueMs: number | null;
	readonly onOverdue: () => void;
	/** Whether a thread may be started for it before it is overdue. */
	readonly mayStart: boolean;
}

interface Waiter {
	readonly share: ThreadShare;
	readonly mayStart: boolean;
	isOverdue: boolean;
	/** `null` where there will be no thread. */
	readonly assign: (thread: PoolThread | null) => void;
	readonly fail: (reason: unknown) => void;
}

export class ThreadQueue {
	#waiters: Waiter[] = [];
	/** When a thread came free last. */
	#freedAtMs = Number.NEGATIVE_INFINITY;

	/** How many may get a thread: those of clients that have all they may have do not count. */
	get length(): number {
		return this.#waiters.filter(({share}) => !share.isFull).length;
	}

	/** How many of them a thread may be started for. */
	get startableCount(): number {
		return this.#waiters.filter(({share, mayStart, isOverdue}) => !share.isFull && (mayStart || isOverdue)).length;
	}

	get hasOverdue(): boolean {
		return this.#waiters.some(({share, isOverdue}) => isOverdue && !share.isFull);
	}

	/** Resolves with a thread, or with `null` when the signal was aborted or the queue closed before. */
	wait({share, signal, overdueMs, onOverdue, mayStart}: WaitOptions): Promise<PoolThread | null> {
		return new Promise((resolve, reject) => {
			let timer: NodeJS.Timeout | undefined;
			const stopWaiting = (): void => {
				clearTimeout(timer);
				signal.removeEventListener('abort', leave);
			};
			const waiter: Waiter = {
				share,
				mayStart,
				isOverdue: false,
				assign(thread) {
					stopWaiting();
					resolve(thread);
				},
				fail(reason) {
					stopWaiting();
					reject(reason);
				},
			};
			const leave = (): void => {
				this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
				waiter.assign(null);
			};
			signal.addEventListener('abort', leave);
			this.#waiters.push(waiter);
			if (overdueMs === null) return;
			const watch = (durationMs: number): void => {
				timer = setTimeout(() => {
					// Threads come free all the time: one more would only take turns with them.
					const leftMs = this.#freedAtMs + overdueMs - performance.now();
					if (leftMs > 0) return watch(leftMs);
					waiter.isOverdue = true;
					onOverdue();
				}, durationMs);
			};
			watch(overdueMs);
		});
	}

	/** A thread has come free. */
	markFreed(): void {
		this.#freedAtMs = performance.now();
	}

	/** Gives the thread to the next whose turn it is; `null` where nobody may get one. */
	assign(thread: PoolThread): ThreadShare | null {
		let next: Waiter | null = null;
		for (const waiter of this.#waiters) {
			if (!waiter.share.isFull && (next === null || waiter.share.comesBefore(next.share))) next = waiter;
		}
		if (next === null) return null;
		this.#waiters.splice(this.#waiters.indexOf(next), 1);
		next.assign(thread);
		return next.share;
	}

	/** The next ones in the queue get no thread. */
	fail(reason: unknown, count = this.#waiters.length): void {
		for (const {fail} of this.#waiters.splice(0, count)) fail(reason);
	}

	close(): void {
		for (const {assign} of this.#waiters.splice(0)) assign(null);
	}
}
