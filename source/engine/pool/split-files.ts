// The large files that several threads read together: threads that nobody else wants help with them.
import type {PoolThread} from './pool-thread.ts';
import {type SplitEnd, SplitTask} from './split-task.ts';
import type {ThreadTask} from './task.ts';
import type {ThreadAllocator} from './thread-allocator.ts';
import type {ThreadShare} from './thread-share.ts';

export class SplitFiles {
	/** With the share of the client that each is read for. */
	readonly #tasks = new Map<SplitTask<unknown>, ThreadShare>();
	readonly #allocator: ThreadAllocator;

	constructor(allocator: ThreadAllocator) {
		this.#allocator = allocator;
	}

	start<Outcome>(thread: PoolThread, task: ThreadTask, share: ThreadShare, end: SplitEnd<Outcome>): SplitTask<Outcome> {
		const split = new SplitTask(
			task,
			(request, onReply) => thread.assign(request, onReply),
			() => this.#helpSoon(),
			end,
		);
		this.#tasks.set(split, share);
		this.#helpSoon();
		void split.outcome.then(() => {
			this.#tasks.delete(split);
			this.#allocator.release(thread);
		});
		return split;
	}

	/** To be called when a thread is idle. */
	onIdle(): void {
		if (this.#tasks.size > 0) setImmediate(() => void this.#help());
	}

	/** Asks one helper to leave its file, because a thread is wanted elsewhere: one of the client that has the most threads. */
	releaseHelper(): void {
		const byShare = [...this.#tasks].sort(([, left], [, right]) => right.busyCount - left.busyCount);
		for (const [task] of byShare) if (task.releaseHelper()) return;
	}

	/** Files that are admitted at the same moment come first. */
	#helpSoon(): void {
		setImmediate(() => {
			this.#allocator.startDelayed();
			void this.#help();
		});
	}

	async #help(): Promise<void> {
		for (let next = this.#nextToHelp(); next !== null; next = this.#nextToHelp()) {
			const [task, share] = next;
			const thread = this.#allocator.acquireHelper(share);
			if (thread === null) return;
			await thread.ready;
			if (thread.isDead || this.#allocator.isClosed || this.#allocator.isAwaited || !task.wantsHelp) {
				this.#allocator.release(thread);
				continue;
			}
			void task
				.join((request, onReply) => thread.assign(request, onReply))
				.then(() => {
					this.#allocator.release(thread);
				});
		}
	}

	/** The first file of the client whose turn it is, of those that another thread would be of use to. */
	#nextToHelp(): readonly [SplitTask<unknown>, ThreadShare] | null {
		let next: readonly [SplitTask<unknown>, ThreadShare] | null = null;
		for (const entry of this.#tasks) {
			const [task, share] = entry;
			if (!task.wantsHelp || share.isFull) continue;
			if (next === null || share.comesBefore(next[1])) next = entry;
		}
		return next;
	}
}
