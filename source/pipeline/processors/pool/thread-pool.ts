// Threads for processors: so many at most, each with one file at a time. They are started when they are needed, stay for the files that
// follow, and are replaced when they are lost.
import type {ThreadReply, ToThread} from '../protocol.ts';
import {type RequestOptions, StartedThread, type ThreadLimits} from './started-thread.ts';

export interface ThreadPoolOptions {
	/** At most. */
	readonly threads: number;
	readonly limits: ThreadLimits;
	readonly onLog: (message: string) => void;
}

export class ThreadPool {
	readonly #options: ThreadPoolOptions;
	readonly #idle: StartedThread[] = [];
	readonly #all = new Set<StartedThread>();
	readonly #waiting: (() => void)[] = [];
	#busyCount = 0;
	#isClosed = false;

	constructor(options: ThreadPoolOptions) {
		this.#options = options;
	}

	/** Asks the next thread that is free; requests get threads in their order. @throws As `StartedThread.request`. */
	async request(message: ToThread, options: RequestOptions): Promise<ThreadReply> {
		await this.#untilFree(options.signal);
		let thread: StartedThread | null = null;
		try {
			if (this.#isClosed) throw new Error('The threads of processors have been ended');
			thread = this.#take();
			return await thread.request(message, options);
		} finally {
			if (thread?.isUsable === true && !this.#isClosed) this.#idle.push(thread);
			else if (thread !== null) this.#all.delete(thread);
			this.#busyCount--;
			this.#waiting.shift()?.();
		}
	}

	/** Ends all threads; what they work on fails. */
	async close(): Promise<void> {
		this.#isClosed = true;
		await Promise.all(Array.from(this.#all, thread => thread.close()));
		this.#all.clear();
		this.#idle.length = 0;
	}

	async #untilFree(signal: AbortSignal | undefined): Promise<void> {
		if (this.#busyCount < this.#options.threads) {
			this.#busyCount++;
			return;
		}
		const {promise, resolve, reject} = Promise.withResolvers<void>();
		const next = (): void => {
			signal?.removeEventListener('abort', leave);
			this.#busyCount++;
			resolve();
		};
		const leave = (): void => {
			this.#waiting.splice(this.#waiting.indexOf(next), 1);
			reject(signal?.reason);
		};
		signal?.addEventListener('abort', leave, {once: true});
		this.#waiting.push(next);
		await promise;
	}

	/** The one that worked last: its modules are warm, and the others may be given up. */
	#take(): StartedThread {
		for (let thread = this.#idle.pop(); thread !== undefined; thread = this.#idle.pop()) {
			if (thread.isUsable) return thread;
			this.#all.delete(thread);
		}
		const started: StartedThread = new StartedThread(this.#options.limits, reason => {
			this.#all.delete(started);
			this.#options.onLog(`A thread of processors ended between two files, and is replaced: ${reason}`);
		});
		this.#all.add(started);
		return started;
	}
}
