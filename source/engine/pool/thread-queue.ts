// The queue of those who wait for a thread, first come, first served.
import type {PoolThread} from './pool-thread.ts';

export interface WaitOptions {
	/** Ends the wait. */
	readonly signal: AbortSignal;
	/** After this time the wait is overdue; `null`: never. */
	readonly overdueMs: number | null;
	readonly onOverdue: () => void;
}

interface Waiter {
	isOverdue: boolean;
	/** `null` where there will be no thread. */
	readonly assign: (thread: PoolThread | null) => void;
	readonly fail: (reason: unknown) => void;
}

export class ThreadQueue {
	#waiters: Waiter[] = [];

	get length(): number {
		return this.#waiters.length;
	}

	get hasOverdue(): boolean {
		return this.#waiters.some(({isOverdue}) => isOverdue);
	}

	/** Resolves with a thread, or with `null` when the signal was aborted or the queue closed before. */
	wait({signal, overdueMs, onOverdue}: WaitOptions): Promise<PoolThread | null> {
		return new Promise((resolve, reject) => {
			let timer: NodeJS.Timeout | undefined;
			const stopWaiting = (): void => {
				clearTimeout(timer);
				signal.removeEventListener('abort', leave);
			};
			const waiter: Waiter = {
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
			timer = setTimeout(() => {
				waiter.isOverdue = true;
				onOverdue();
			}, overdueMs);
		});
	}

	/** Gives the thread to the next in the queue; false where the queue is empty. */
	assign(thread: PoolThread): boolean {
		const next = this.#waiters.shift();
		next?.assign(thread);
		return next !== undefined;
	}

	/** The next ones in the queue get no thread. */
	fail(reason: unknown, count = this.#waiters.length): void {
		for (const {fail} of this.#waiters.splice(0, count)) fail(reason);
	}

	close(): void {
		for (const {assign} of this.#waiters.splice(0)) assign(null);
	}
}
