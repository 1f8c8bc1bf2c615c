// Small files go to a thread by the dozen: one message each way for all of them, where one for each would take longer than
// reading the file. They are still done one after the other, begin and end one after the other, and can be held, cancelled
// and lost one by one.
import {type Attempt, type AttemptOutcome, watchAttempt} from './attempt.ts';
import type {Job, JobQueue} from './job.ts';
import type {TaskOutcome} from './task.ts';
import type {FoldedPartial, ReadSettings, SmallFileOutcome, SummedFile} from './worker/protocol.ts';
import type {Directive, ProgressTotals} from './worker/shared-progress.ts';
import type {RunningBatch, WorkerPool} from './worker-pool.ts';

/** Up to this size a file takes less time than a message. */
const SMALL_BYTES = 256 * 1024;
/** So many files of a batch, or so many bytes: some 2 ms of work; more only leave more behind to be collected. */
const MOST_FILES = 32;
const MOST_BYTES = 4 * 1024 * 1024;

export type BatchingPool = Pick<WorkerPool, 'startBatch'>;

/** Whether files of the run may go by the dozen. Simulated waits are there to show files one by one. */
export const mayBatch = (pool: Partial<BatchingPool>, {reader, simulateIoMs}: ReadSettings): pool is BatchingPool =>
	pool.startBatch !== undefined && reader === 'kernel' && simulateIoMs === 0;

const isSmall = ({source, bytesTotal}: Job): boolean =>
	source.kind === 'file' && bytesTotal !== null && bytesTotal <= SMALL_BYTES;

/**
Takes the next small files from the queue, if it begins with any: fewer towards the end, so that threads end together.

@param lanes - How many batches are worked through at the same time.
*/
export function takeBatch(queue: JobQueue, lanes: number): Job[] {
	const most = Math.min(MOST_FILES, Math.ceil(queue.size / (4 * lanes)));
	const jobs: Job[] = [];
	let bytes = 0;
	for (let job = queue.peek(); job !== undefined && isSmall(job); job = queue.peek()) {
		bytes += job.bytesTotal ?? 0;
		if (jobs.length > 0 && (jobs.length === most || bytes > MOST_BYTES)) break;
		queue.take();
		jobs.push(job);
		if (most <= 1) break;
	}
	return jobs;
}

/** What a batch asks of the run. */
export interface BatchOwner {
	readonly settings: ReadSettings;
	readonly timeoutMs: number;
	readonly now: () => number;
	readonly isPaused: () => boolean;
	/** The attempt begins; `attempt` is `null` where its end is known already and follows at once. */
	readonly begin: (job: Job, attempt: Attempt | null, startedAtMs: number) => void;
	readonly settle: (job: Job, outcome: AttemptOutcome | SmallFileCompleted) => void;
	readonly merge: (partials: readonly FoldedPartial[]) => void;
	/** Files that were not begun, in order, are to be queued again. */
	readonly putBack: (jobs: readonly Job[]) => void;
}

export interface SmallFileCompleted {
	readonly type: 'summed';
	readonly file: SummedFile & {readonly elapsedMs: number};
}

/** What is begun of a batch: its attempt runs, and its end is not known yet. */
interface Begun {
	readonly attempt: Attempt;
	readonly end: (outcome: TaskOutcome) => void;
}

/** One batch, from its wait for a thread until all of its files are settled or put back. */
export class FileBatch {
	#jobs: readonly Job[];
	readonly #owner: BatchOwner;
	#running: RunningBatch | null = null;
	/** The first file that is not settled. */
	#next = 0;
	#begun: Begun | null = null;
	/** Files that the thread had taken when they were cancelled. */
	readonly #unwanted = new Set<Job>();
	#settling: Promise<void> = Promise.resolve();

	constructor(jobs: readonly Job[], owner: BatchOwner) {
		this.#jobs = jobs;
		this.#owner = owner;
		for (const [index, job] of jobs.entries()) {
			job.phase = 'admitted';
			job.leaveBatch = () => this.#running === null || this.#leave(index);
		}
	}

	/** Resolves when every file that was given to the thread is settled or put back, which is soon after it has answered. */
	get settled(): Promise<void> {
		return this.#settling;
	}

	/**
	Gives the files to a thread, as soon as one is free; resolves when the thread can take others.

	@returns False when no thread could be had.
	*/
	async work(pool: BatchingPool): Promise<boolean> {
		const {settings, isPaused} = this.#owner;
		let couldStart = false;
		const choose = () => {
			couldStart = true;
			const wanted = isPaused() ? [] : this.#jobs.filter(({phase}) => phase === 'admitted');
			return {sources: wanted.map(({source}) => source), settings};
		};
		const running = await pool.startBatch(choose, ({outcomes, merged}) => {
			this.#owner.merge(merged);
			this.#settling = this.#settling.then(() => this.#settleAll(outcomes));
		});
		this.#jobs = this.#jobs.filter(({phase}) => phase === 'admitted');
		if (running === null) {
			this.#owner.putBack(this.#jobs);
			return couldStart;
		}
		for (const [index, job] of this.#jobs.entries()) job.leaveBatch = () => this.#leave(index);
		this.#running = running;
		const cause = await running.ended;
		if (cause !== null) this.#settling = this.#settling.then(() => this.#lose(cause));
		return true;
	}

	/** Tells of the file that the thread is at, when it is there for longer than a glance. */
	beginCurrent(): void {
		const running = this.#running;
		if (running === null || this.#begun !== null || this.#owner.isPaused()) return;
		const {current} = running.board;
		const job = this.#jobs[current];
		if (current !== this.#next || job?.phase !== 'admitted') return;
		this.#begin(running, job, current);
		if (this.#unwanted.has(job)) job.attempt?.cancel();
	}

	/** Holds the thread, or lets it go on. A file that has been begun has been told already. */
	hold(isHeld: boolean): void {
		if (this.#begun === null) this.#running?.progress.direct(isHeld ? 'hold' : 'run');
	}

	/** A file is cancelled: whether it was waiting, and never begins. */
	#leave(index: number): boolean {
		const running = this.#running;
		const job = this.#jobs[index];
		if (running === null || job === undefined || running.board.cancel(index)) return true;
		this.#unwanted.add(job);
		running.board.abort(index);
		running.progress.direct('abort');
		return false;
	}

	#begin(running: RunningBatch, job: Job, index: number): Begun {
		const {board, progress, kill} = running;
		let end: (outcome: TaskOutcome) => void = () => {};
		const outcome = new Promise<TaskOutcome>(resolve => {
			end = resolve;
		});
		let last = noProgress;
		const task = {
			outcome,
			readProgress() {
				// The thread may have gone on to the next file.
				if (board.current === index) last = progress.read();
				return last;
			},
			direct(directive: Directive) {
				if (directive === 'abort') board.abort(index);
				progress.direct(directive);
			},
			kill,
		};
		const {timeoutMs, now} = this.#owner;
		const begun = {attempt: watchAttempt(task, {timeoutMs, nowMs: now()}), end};
		this.#begun = begun;
		this.#owner.begin(job, begun.attempt, now());
		return begun;
	}

	async #settleAll(outcomes: readonly SmallFileOutcome[]): Promise<void> {
		for (const outcome of outcomes) {
			const job = this.#jobs[this.#next];
			if (job !== undefined && outcome.type !== 'skipped') await this.#settle(job, outcome);
			this.#next++;
		}
	}

	async #settle(job: Job, outcome: Exclude<SmallFileOutcome, {type: 'skipped'}>): Promise<void> {
		const {begin, settle, now} = this.#owner;
		let told: AttemptOutcome | SmallFileCompleted;
		if (this.#begun !== null) {
			const {attempt, end} = this.#begun;
			this.#begun = null;
			end(outcome.type === 'completed' ? {type: 'completed', file: {...outcome, folded: null}} : outcome);
			const ended = await attempt.outcome;
			told = outcome.type === 'completed' ? {type: 'summed', file: outcome} : ended;
		} else {
			begin(job, null, now() - outcome.elapsedMs);
			if (outcome.type === 'completed') told = {type: 'summed', file: outcome};
			else if (outcome.type === 'failed' && !this.#unwanted.has(job)) told = outcome;
			else told = {type: 'cancelled', bytesRead: outcome.type === 'failed' ? outcome.bytesRead : 0};
		}
		settle(job, told);
	}

	/** The thread is gone: the file it was at has failed, the others are as if they had never been given to it. */
	async #lose(cause: string): Promise<void> {
		const running = this.#running;
		if (running === null) return;
		const {current} = running.board;
		const others: Job[] = [];
		for (const [index, job] of this.#jobs.entries()) {
			if (index < this.#next || job.phase === 'ended') continue;
			if (index !== current) {
				others.push(job);
				continue;
			}
			const {attempt, end} = this.#begun ?? this.#begin(running, job, index);
			this.#begun = null;
			if (this.#unwanted.has(job)) attempt.cancel();
			end({type: 'worker-lost', cause});
			this.#owner.settle(job, await attempt.outcome);
		}
		this.#owner.putBack(others.filter(({phase}) => phase === 'admitted'));
	}
}

const noProgress: ProgressTotals = {bytesRead: 0, rows: 0, rejectedRows: 0};
