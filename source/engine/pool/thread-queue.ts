// The queue of those who wait for a thread, first come, first served.
import type {PoolThread} from './pool-thread.ts';

interface Waiter {
	/** `null` where there will be no thread. */
	readonly assign: (thread: PoolThread | null) => void;
	readonly fail: (reason: unknown) => void;
}

export class ThreadQueue {
	#waiters: Waiter[] = [];

	get length(): number {
		return this.#waiters.length;
	}

	/** Resolves with a thread, or with `null` when the signal was aborted or the queue closed before. */
	wait(signal: AbortSignal): Promise<PoolThread | null> {
		return new Promise((resolve, reject) => {
			const waiter: Waiter = {
				assign(thread) {
					signal.removeEventListener('abort', leave);
					resolve(thread);
				},
				fail(reason) {
					signal.removeEventListener('abort', leave);
					reject(reason);
				},
			};
			const leave = (): void => {
				this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
				resolve(null);
			};
			signal.addEventListener('abort', leave, {once: true});
			this.#waiters.push(waiter);
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
