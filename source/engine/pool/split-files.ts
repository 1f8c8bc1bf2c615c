// The large files that several threads read together: threads that nobody else wants help with them.
import type {PoolThread} from './pool-thread.ts';
import {SplitTask} from './split-task.ts';
import type {RunningTask, WorkerTask} from './task.ts';
import type {ThreadAllocator} from './thread-allocator.ts';

export class SplitFiles {
	readonly #tasks = new Set<SplitTask>();
	readonly #allocator: ThreadAllocator;

	constructor(allocator: ThreadAllocator) {
		this.#allocator = allocator;
	}

	start(thread: PoolThread, task: WorkerTask): RunningTask {
		const split = new SplitTask(
			task,
			request => thread.assign(request),
			() => this.#helpSoon(),
		);
		this.#tasks.add(split);
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

	/** Asks one helper to leave its file, because a thread is wanted elsewhere. */
	releaseHelper(): void {
		for (const task of this.#tasks) if (task.releaseHelper()) return;
	}

	/** Files that are admitted at the same moment come first. */
	#helpSoon(): void {
		setImmediate(() => {
			this.#allocator.startDelayed();
			void this.#help();
		});
	}

	async #help(): Promise<void> {
		for (const task of this.#tasks) {
			while (task.wantsHelp) {
				const thread = this.#allocator.acquireHelper();
				if (thread === null) return;
				await thread.ready;
				if (thread.isDead) continue;
				if (this.#allocator.isClosed || this.#allocator.isAwaited || !task.wantsHelp) {
					this.#allocator.release(thread);
					continue;
				}
				void task.join(thread.assign(task.requestFor(true))).then(() => {
					this.#allocator.release(thread);
				});
			}
		}
	}
}
