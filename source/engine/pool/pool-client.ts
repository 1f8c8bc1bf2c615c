// What a run has of a pool that it may share with other runs: its own limits, its turns at the threads, and its own end.
import type {
	FilesOfGroup,
	GroupClient,
	JobBackend,
	RunningGroup,
	RunningSpan,
	RunningTask,
	SpanTask,
	WorkerTask,
} from '../backend/job-backend.ts';
import {MergeBoard} from '../shared/merge-board.ts';
import {startFileGroup} from './file-group.ts';
import type {PoolThread} from './pool-thread.ts';
import {spanEnd, wholeFileEnd} from './split-ends.ts';
import type {SplitFiles} from './split-files.ts';
import {canSplit} from './split-rules.ts';
import type {ThreadAllocator} from './thread-allocator.ts';
import {ThreadShare} from './thread-share.ts';
import {startWholeFile} from './whole-file.ts';

export interface ClientOptions {
	/** Files that the run has in flight at most. Where a pool has fewer threads, it may start one for each, see `PoolOptions`. */
	readonly filesInFlight: number;
	/** Threads that the run may have at the same time, helpers included; left out: as many as there are. */
	readonly maxThreads?: number | undefined;
}

/** The parts of the pool that a client works with. */
export interface ClientParts {
	readonly allocator: ThreadAllocator;
	readonly splitFiles: SplitFiles;
	/** Threads for any work. */
	readonly threads: number;
	/** See `PoolOptions`. A thread that was started stays, so files wait longer before one more is. */
	readonly isUnattended: boolean;
	/** `filesInFlight` has changed, or the client was closed. */
	readonly onChange: () => void;
}

/** What a client has begun and can end. */
interface Running {
	readonly abort: () => void;
	readonly kill: () => void;
	readonly ended: Promise<unknown>;
}

/** Most files get a thread sooner, and a further thread costs 50 ms of CPU, which a run of such files would not gain back. */
const OVERDUE_MS = 250;
/** Groups end sooner than most files, and many of them wait for each other: only those behind long files are in need of a thread. */
const GROUP_OVERDUE_MS = 1000;

/** On a busy machine the threads may get no turn for a second. */
const UNATTENDED_OVERDUE_MS = 3000;

/** How long a file waits until it gets a thread beyond those for any work. Cores are idle in simulated waits. */
const overdueMsOf = ({settings}: WorkerTask, isUnattended: boolean): number =>
	settings.simulateIoMs > 0 ? 0 : isUnattended ? UNATTENDED_OVERDUE_MS : OVERDUE_MS;

/** A thread that has not stopped by then does not answer: it looks at its directive between two chunks. */
const ABORT_GRACE_MS = 1500;

export class PoolClient implements JobBackend {
	readonly #parts: ClientParts;
	readonly #share: ThreadShare;
	/** What is not over. */
	readonly #running = new Set<Running>();
	readonly #closing = new AbortController();
	readonly #mergeBoard = new MergeBoard();
	#filesInFlight: number;

	constructor(options: ClientOptions, parts: ClientParts) {
		const {filesInFlight, maxThreads = Number.POSITIVE_INFINITY} = options;
		this.#filesInFlight = filesInFlight;
		this.#share = new ThreadShare(maxThreads);
		this.#parts = parts;
	}

	get filesInFlight(): number {
		return this.#isClosed ? 0 : this.#filesInFlight;
	}

	readonly setFilesInFlight = (count: number): void => {
		this.#filesInFlight = count;
		this.#parts.onChange();
	};

	readonly start = async (task: WorkerTask, signal: AbortSignal): Promise<RunningTask | null> => {
		const {allocator, splitFiles, threads} = this.#parts;
		const had = await this.#acquire(task, signal);
		if (had === null) return null;
		const {thread, release} = had;
		const threadTask = {...task, mergeBoard: this.#mergeBoard.buffer};
		const running = canSplit(task, Math.min(threads, this.#share.maxThreads))
			? splitFiles.start(thread, threadTask, this.#share, wholeFileEnd(threadTask))
			: startWholeFile(thread, threadTask, () => allocator.startDelayed(), release);
		this.#follow({abort: () => running.direct('abort'), kill: running.kill, ended: running.outcome});
		return running;
	};

	readonly startSpan = async ({source, settings, span}: SpanTask, signal: AbortSignal): Promise<RunningSpan | null> => {
		const {fileBytes, rangeBytes, ...ranges} = span;
		const task = {source, settings: {...settings, rangeBytes}, bytesTotal: fileBytes};
		const had = await this.#acquire(task, signal);
		if (had === null) return null;
		const threadTask = {...task, mergeBoard: this.#mergeBoard.buffer};
		const running = this.#parts.splitFiles.start(had.thread, threadTask, this.#share, spanEnd(ranges));
		this.#follow({abort: () => running.direct('abort'), kill: running.kill, ended: running.outcome});
		return running;
	};

	/** @returns `null` where nobody wants it any more. */
	async #acquire(
		task: WorkerTask,
		signal: AbortSignal,
	): Promise<{readonly thread: PoolThread; readonly release: () => void} | null> {
		const {allocator, isUnattended} = this.#parts;
		const ending = AbortSignal.any([signal, this.#closing.signal]);
		const thread = await allocator.acquire(this.#share, ending, overdueMsOf(task, isUnattended));
		if (thread === null) return null;
		const release = (): void => allocator.release(thread);
		if (!ending.aborted && !allocator.isClosed && !thread.isDead) return {thread, release};
		release();
		if (!ending.aborted && !allocator.isClosed) throw new Error(thread.cause);
		return null;
	}

	readonly startGroup = async (client: GroupClient): Promise<RunningGroup | null> => {
		const {allocator, isUnattended} = this.#parts;
		const overdueMs = isUnattended ? UNATTENDED_OVERDUE_MS : GROUP_OVERDUE_MS;
		const thread = await allocator.acquire(this.#share, this.#closing.signal, overdueMs, client.mayStartWorker);
		if (thread === null) return null;
		const release = (): void => allocator.release(thread);
		if (this.#isClosed || allocator.isClosed || thread.isDead) {
			release();
			return null;
		}
		let fileCount = 0;
		const choose = (): FilesOfGroup => {
			const files = client.choose();
			fileCount = files.sources.length;
			return files;
		};
		const group = startFileGroup(thread, {...client, choose}, release);
		if (group === null) return null;
		// From the end, so that the thread finds no other file to take when it gives up the one it has.
		const abort = (): void => {
			for (let index = fileCount - 1; index >= 0; index--) if (!group.cancelFile(index)) group.abortFile(index);
		};
		this.#follow({abort, kill: group.kill, ended: group.ended});
		return group;
	};

	readonly giveUpGroups = (analysis: string): void => this.#mergeBoard.giveUpGroups(analysis);

	readonly close = async (): Promise<void> => {
		if (this.#isClosed) return;
		this.#closing.abort();
		this.#parts.onChange();
		const running = [...this.#running];
		for (const {abort} of running) abort();
		const timer = setTimeout(() => {
			for (const {kill} of this.#running) kill();
		}, ABORT_GRACE_MS);
		await Promise.all(running.map(({ended}) => ended));
		clearTimeout(timer);
	};

	get #isClosed(): boolean {
		return this.#closing.signal.aborted;
	}

	#follow(running: Running): void {
		this.#running.add(running);
		void running.ended.then(() => this.#running.delete(running));
	}
}
