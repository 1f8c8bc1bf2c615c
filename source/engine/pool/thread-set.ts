// The threads that there are: each is started when it is needed, and replaced after it died when the next file needs it. It knows whether more
// can be had, and if not, why.
import {type PoolLog, PoolThread} from './pool-thread.ts';
import {countHungThreads, groupRoom, type StartedThread, startThread} from './start-thread.ts';
import {TooManyHungThreadsError} from './too-many-hung-threads.ts';

const CLOSE_DEADLINE_MS = 500;
/**
After this number of failed starts, while no thread is left to wait for and none has ever started, the next one will most likely
fail as well: the program may not be whole, or memory may be short. From then on one start is tried in each interval, and not one
for each file.
*/
const MAX_FAILED_STARTS = 3;
const NEXT_START_MS = 1000;

export interface RemovedThread {
	readonly thread: PoolThread;
	/** Whether no thread is left, and this one ended before it could work. */
	readonly isFailedStart: boolean;
}

export class ThreadSet {
	readonly #threads = new Set<PoolThread>();
	/** Threads that did not answer, until they are gone. */
	readonly #killed = new Set<PoolThread>();
	readonly #onLog: PoolLog;
	readonly #onRemoved: (removed: RemovedThread) => void;
	/** Fewer than wanted where the machine allows no more. */
	#allowedCount = Number.POSITIVE_INFINITY;
	#nextId = 1;
	#isClosed = false;
	/** Threads that ended before they could work, so that no thread was left; `null` once one can. */
	#failedStarts: number | null = 0;
	#startError: Error | null = null;

	/** @param onRemoved - Called when a thread has died, unless the set is closed. */
	constructor(onLog: PoolLog, onRemoved: (removed: RemovedThread) => void) {
		this.#onLog = onLog;
		this.#onRemoved = onRemoved;
	}

	get isClosed(): boolean {
		return this.#isClosed;
	}

	/** Why no thread can be had, until the next try. */
	get startError(): Error | null {
		return this.#startError;
	}

	get count(): number {
		return this.#threads.size;
	}

	/** What the least busy thread has worked of the time since the last call, 0 to 1. */
	takeUtilization(): number {
		return Math.min(...Array.from(this.#threads, thread => thread.takeUtilization()));
	}

	get startingCount(): number {
		return Array.from(this.#threads).filter(({wasReady}) => !wasReady).length;
	}

	/**
	Starts a thread.

	@param maxThreads - How many there may be, this one included.
	@returns `null` where there are some and no more are allowed.
	@throws Where the machine does not allow a single one.
	*/
	start(maxThreads: number): PoolThread | null {
		if (this.#threads.size >= Math.min(maxThreads, this.#allowedCount) || this.#isMemoryAwaited()) return null;
		let started: StartedThread;
		try {
			started = startThread();
		} catch (error) {
			this.#onLog('worker-not-started', {threads: this.#threads.size, cause: String(error)});
			if (this.#threads.size === 0) throw error;
			// Threads that hang may come back.
			if (!(error instanceof TooManyHungThreadsError)) this.#allowedCount = this.#threads.size;
			return null;
		}
		const thread = new PoolThread(this.#nextId++, started, {
			onLog: this.#onLog,
			onReady: () => {
				this.#failedStarts = null;
			},
			onLost: (lost, cause) => this.#remove(lost, cause),
			kill: hanging => this.#kill(hanging),
		});
		this.#threads.add(thread);
		return thread;
	}

	/** Starts a thread for work that can go on without it. */
	startOptional(maxThreads: number): PoolThread | null {
		try {
			return this.start(maxThreads);
		} catch {
			return null;
		}
	}

	/** Resolves when all threads are gone, or after half a second: a thread may hang in the operating system. */
	async close(): Promise<void> {
		this.#isClosed = true;
		const gone = Promise.all(Array.from([...this.#threads, ...this.#killed], thread => thread.end()));
		let timer: NodeJS.Timeout | undefined;
		const deadline = new Promise<void>(resolve => {
			timer = setTimeout(resolve, CLOSE_DEADLINE_MS);
		});
		await Promise.race([gone, deadline]);
		clearTimeout(timer);
		for (const thread of this.#threads) this.#remove(thread, 'the pool was closed');
	}

	/**
	Whether some of the threads wait for memory. Then a further one would most likely wait, too, and take memory for that: files with
	very many categories mostly lie together. A thread that is held may be what the others wait for, and a held file must not keep
	others from being read.
	*/
	#isMemoryAwaited(): boolean {
		const all = Array.from(this.#threads, ({progress}) => progress);
		return all.some(progress => progress.isWaitingForOthers) && !all.some(progress => progress.isHeld);
	}

	#kill(thread: PoolThread): void {
		this.#killed.add(thread);
		void thread.end(true).then(() => this.#killed.delete(thread));
		this.#onLog('worker-killed', {thread: thread.id, hung: countHungThreads()});
		this.#remove(thread, 'it was ended because it did not answer');
	}

	#remove(thread: PoolThread, cause: string): void {
		if (thread.isDead) return;
		thread.markDead(cause);
		groupRoom.leave(thread.threadId);
		this.#threads.delete(thread);
		thread.loseRequest();
		if (this.#isClosed) return;
		const isFailedStart = !thread.wasReady && this.#threads.size === 0;
		if (isFailedStart) this.#countFailedStart(cause);
		this.#onRemoved({thread, isFailedStart});
	}

	#countFailedStart(cause: string): void {
		if (this.#failedStarts === null || ++this.#failedStarts < MAX_FAILED_STARTS) return;
		this.#startError = new Error(cause);
		setTimeout(() => {
			this.#startError = null;
		}, NEXT_START_MS).unref();
	}
}
