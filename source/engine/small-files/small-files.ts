// Small files go to a thread by the hundred: one message each way for all of them, where one for each would take longer than
// reading the file. They are still done one after the other, begin and end one after the other, and can be held, cancelled
// and lost one by one.

import type {KeptTexts, TextSlice} from '../../text/kept-texts.ts';
import {type Attempt, type AttemptOutcome, watchAttempt} from '../jobs/attempt.ts';
import type {Job, JobQueue} from '../jobs/job.ts';
import {isSmall, type RunningBatch} from '../pool/running-batch.ts';
import type {TaskOutcome} from '../pool/task.ts';
import type {WorkerPool} from '../pool/worker-pool.ts';
import type {FoldedPartial, OutcomeList, ReadSettings, SmallFileOutcome, SummedFile} from '../shared/protocol.ts';
import type {Directive, ProgressTotals} from '../shared/shared-progress.ts';

/** So many files of a batch, or so many bytes: some 10 ms of work, beside which the time between two batches is nothing. */
const MOST_FILES = 256;
const MOST_BYTES = 4 * 1024 * 1024;

export type BatchingPool = Pick<WorkerPool, 'startBatch'>;

/** Whether small files that are read so go by the hundred. Simulated waits are there to show files one by one. */
export const goesByBatches = ({reader, simulateIoMs}: Pick<ReadSettings, 'reader' | 'simulateIoMs'>): boolean =>
	reader === 'kernel' && simulateIoMs === 0;

export const mayBatch = (pool: Partial<BatchingPool>, settings: ReadSettings): pool is BatchingPool =>
	pool.startBatch !== undefined && goesByBatches(settings);

/**
Takes the next small files from the queue, if it begins with any: fewer towards the end, so that threads end together.

@param lanes - How many batches are worked through at the same time.
*/
export function takeBatch(queue: JobQueue, lanes: number): Job[] {
	const most = Math.min(MOST_FILES, Math.ceil(queue.size / (2 * lanes)));
	const jobs: Job[] = [];
	let bytes = 0;
	for (let job = queue.peek(); job !== undefined && isSmall(job); job = queue.peek()) {
		bytes += job.bytesTotal ?? 0;
		if (jobs.length > 0 && (jobs.length === most || bytes > MOST_BYTES)) break;
		queue.dequeue();
		jobs.push(job);
		if (most <= 1) break;
	}
	return jobs;
}

/** What a batch asks of the run. */
export interface BatchOwner {
	readonly settings: ReadSettings;
	readonly texts: KeptTexts;
	readonly timeoutMs: number;
	readonly now: () => number;
	readonly isPaused: () => boolean;
	/** The attempt begins; `attempt` is `null` where its end is known already and follows at once. */
	readonly begin: (job: Job, attempt: Attempt | null, startedAtMs: number) => void;
	readonly settle: (job: Job, outcome: AttemptOutcome | SmallFileCompleted) => void;
	readonly merge: (partials: readonly FoldedPartial[]) => void;
	/** Files that were not begun, in order, are to be queued again. */
	readonly putBack: (jobs: readonly Job[]) => void;
	/** Someone did not want the file any more, and it does not run. */
	readonly cancel: (job: Job) => void;
}

export interface SmallFileCompleted {
	readonly type: 'summed';
	readonly file: SummedFile & {readonly elapsedMs: number};
	readonly resultText: TextSlice | null;
}

/** What is begun of a batch: its attempt runs, and its end is not known yet. */
interface Begun {
	readonly index: number;
	readonly job: Job;
	readonly attempt: Attempt;
	readonly end: (outcome: TaskOutcome) => void;
}

/** One batch, from its wait for a thread until all of its files are settled or put back. */
export class FileBatch {
	/** As the thread counts them, once it has them. Who is cancelled in time is no part of it any more. */
	#jobs: Array<Job | null>;
	readonly #owner: BatchOwner;
	#running: RunningBatch | null = null;
	/** The first file that is not settled. */
	#next = 0;
	#begun: Begun | null = null;
	/** The file that the thread was at when it was looked at last. */
	#seen = -1;
	/** Files that the thread had taken when they were cancelled. */
	readonly #unwanted = new Set<Job>();
	/** Replies that have come and are not all told. */
	#untoldCount = 0;
	#settling: Promise<void> = Promise.resolve();

	constructor(jobs: readonly Job[], owner: BatchOwner) {
		this.#jobs = [...jobs];
		this.#owner = owner;
		for (const job of jobs) job.work.leaveBatch = this.#leave;
	}

	/** Resolves when every file that was given to the thread is settled or put back, which is soon after it has answered. */
	get settled(): Promise<void> {
		return this.#settling;
	}

	/** Whether something is being told of what the thread did before. */
	get isTelling(): boolean {
		return this.#untoldCount > 0;
	}

	/**
	Gives the files to a thread, as soon as one is free; resolves when the thread can take others.

	@returns False when no thread could be had.
	*/
	async work(pool: BatchingPool): Promise<boolean> {
		const {settings, isPaused} = this.#owner;
		let couldStart = false;
		const startBatch = pool.startBatch({
			choose: () => {
				couldStart = true;
				const wanted = isPaused() ? [] : this.#remaining();
				return {sources: wanted.map(({source}) => source), settings};
			},
			onStart: begun => {
				this.#jobs = this.#remaining();
				this.#running = begun;
			},
			onReply: ({outcomes, merged, texts}) => {
				this.#owner.merge(merged);
				const told = withTexts(outcomes, this.#owner.texts, texts);
				this.#tell(() => this.#settleAll(told));
			},
		});
		// Why there is no thread will be said of each file, when it asks for one by itself.
		const running = await startBatch.catch(() => null);
		if (running === null) {
			this.#owner.putBack(this.#remaining());
			return couldStart;
		}
		const end = await running.ended;
		if (end.type === 'done') return true;
		this.#tell(() => this.#lose(end.cause));
		// Whoever is put back must be there when the next files are admitted.
		await this.#settling;
		return true;
	}

	/** Tells of the file that the thread is at, if all in front of it has been told. */
	beginCurrent(): void {
		this.#beginIf(current => current === this.#next);
	}

	/** To be called from time to time: tells of the file that the thread is at, when it is there for longer than a glance. */
	look(): void {
		// What it did before may be untold for as long as it is there, which can be for ever.
		this.#beginIf(current => current === this.#next || current === this.#seen);
		this.#seen = this.#owner.isPaused() ? -1 : (this.#running?.board.current ?? -1);
	}

	/** Holds the thread, or lets it go on, unless someone holds the file that it is at. */
	hold(isHeld: boolean): void {
		if (isHeld || !this.#begun?.job.work.isPaused) this.#running?.progress.direct(isHeld ? 'hold' : 'run');
	}

	#beginIf(isDue: (current: number) => boolean): void {
		const running = this.#running;
		if (running === null || this.#begun !== null) return;
		const {current} = running.board;
		const job = this.#jobs[current] ?? null;
		if (job === null || current < this.#next) return;
		// A thread that hangs at a file nobody wants is ended by the attempt's own time, which a pause does not stop.
		const isUnwanted = this.#unwanted.has(job);
		if (!isUnwanted && (this.#owner.isPaused() || !isDue(current))) return;
		this.#begin(running, job, current);
		if (isUnwanted) job.work.attempt?.cancel();
	}

	#remaining(): Job[] {
		return this.#jobs.filter(job => job !== null);
	}

	/** A file is cancelled: whether it was waiting, and never begins. One for all of its files. */
	readonly #leave = (job: Job): boolean => {
		const running = this.#running;
		const index = this.#jobs.indexOf(job);
		if (running === null || index === -1 || running.board.cancel(index)) {
			// It may be queued again, and then it is another's.
			if (index !== -1) this.#jobs[index] = null;
			return true;
		}
		this.#unwanted.add(job);
		running.board.abort(index);
		running.progress.nudge();
		return false;
	};

	#begin(running: RunningBatch, job: Job, index: number): Begun {
		const {board, progress, kill} = running;
		const {timeoutMs, now, isPaused} = this.#owner;
		let end: (outcome: TaskOutcome) => void = () => {};
		const outcome = new Promise<TaskOutcome>(resolve => {
			end = resolve;
		});
		let last = noProgress;
		const task = {
			outcome,
			readProgress() {
				const totals = progress.read();
				// The thread may have gone on to the next file, or be about to: then they begin anew.
				if (board.current === index && totals.bytesRead >= last.bytesRead && totals.rows >= last.rows) last = totals;
				return last;
			},
			direct(directive: Directive) {
				if (directive !== 'abort') {
					progress.direct(directive);
					return;
				}
				board.abort(index);
				// The files behind it are not aborted, and not held because this one was.
				progress.direct(isPaused() ? 'hold' : 'run');
				progress.nudge();
			},
			kill,
		};
		const begun = {index, job, attempt: watchAttempt(task, {source: job.source, timeoutMs, nowMs: now()}), end};
		this.#begun = begun;
		this.#owner.begin(job, begun.attempt, now());
		return begun;
	}

	/** One after the other. */
	#tell(telling: () => Promise<void>): void {
		this.#untoldCount++;
		this.#settling = this.#settling.then(telling).then(() => {
			this.#untoldCount--;
		});
	}

	async #settleAll(outcomes: ToldList): Promise<void> {
		const first = this.#next;
		// The one that runs ends before others begin.
		const begun = this.#begun;
		const told = begun === null ? undefined : outcomes.at(begun.index - first);
		if (begun !== null && told !== undefined && told.type !== 'skipped') await this.#endBegun(begun, told);
		for (let place = 0; place < outcomes.length; place++) {
			const outcome = outcomes.at(place);
			const index = first + place;
			const job = this.#jobs[index] ?? null;
			this.#next = index + 1;
			if (job !== null && index !== begun?.index && outcome !== undefined && outcome.type !== 'skipped')
				this.#settle(job, outcome);
		}
	}

	/** @param outcome - The last of an attempt that subscribers know of. */
	async #endBegun({attempt, end, job}: Begun, outcome: Outcome): Promise<void> {
		const {settle, isPaused} = this.#owner;
		end(outcome.type === 'summed' ? {type: 'completed', file: {...outcome.file, folded: null}} : outcome);
		const ended = await attempt.outcome;
		this.#begun = null;
		// A hold of this file that came too late for it is none of the files behind it; one of the run is theirs, too.
		this.#running?.progress.direct(isPaused() ? 'hold' : 'run');
		settle(job, outcome.type === 'summed' ? outcome : ended);
	}

	#settle(job: Job, outcome: Outcome): void {
		const {begin, settle, now} = this.#owner;
		begin(job, null, now() - elapsedMsOf(outcome));
		if (outcome.type === 'summed') settle(job, outcome);
		else if (outcome.type === 'failed' && !this.#unwanted.has(job)) settle(job, outcome);
		else settle(job, {type: 'cancelled', bytesRead: outcome.type === 'failed' ? outcome.bytesRead : 0});
	}

	/**
	The thread is gone: the file it was at has failed. One in front of it that is known to have begun is tried again, and not held
	to blame for it; the others are as if they had never been given to the thread.
	*/
	async #lose(cause: string): Promise<void> {
		const running = this.#running;
		if (running === null) return;
		// One that was not even begun is at fault if none was: or else the same would be tried for ever.
		const lostIndex = Math.max(0, running.board.current);
		const others: Job[] = [];
		/** Of the attempt that watched over the thread, which may have been past its file. */
		let watched: AttemptOutcome | null = null;
		for (const [index, job] of this.#jobs.entries()) {
			if (index < this.#next || job === null) continue;
			const begun: Begun | null = this.#begun?.index === index ? this.#begun : null;
			if (begun === null && index !== lostIndex) {
				others.push(job);
				continue;
			}
			const {attempt, end} = begun ?? this.#begin(running, job, index);
			this.#begun = null;
			if (this.#unwanted.has(job)) attempt.cancel();
			end({type: 'worker-lost', cause});
			const outcome = await attempt.outcome;
			const hasFailed = outcome.type === 'failed';
			if (hasFailed && index !== lostIndex) this.#owner.settle(job, lostAtAnother(outcome.bytesRead));
			// It has timed out if the one that was watched has.
			else this.#owner.settle(job, hasFailed && watched?.type === 'failed' ? watched : outcome);
			watched = outcome;
		}
		this.#owner.putBack(others.filter(({phase}) => phase === 'admitted'));
		for (const job of others) if (this.#unwanted.has(job)) this.#owner.cancel(job);
	}
}

const lostAtAnother = (bytesRead: number): AttemptOutcome => ({
	type: 'failed',
	error: {
		code: 'WORKER_LOST',
		message: 'The thread that read the file ended while it read another file, before it had reported this one',
		line: null,
		byte_offset: null,
	},
	bytesRead,
	isBlameless: true,
});

/** What a thread told of a file, with its figures. */
type Told = SmallFileCompleted | Exclude<SmallFileOutcome, {type: 'completed'}>;
type Outcome = Exclude<Told, {type: 'skipped'}>;

interface ToldList {
	readonly length: number;
	readonly at: (place: number) => Told | undefined;
}

const elapsedMsOf = (outcome: Outcome): number =>
	outcome.type === 'summed' ? outcome.file.elapsedMs : outcome.elapsedMs;

/** Gives each file the figures that came beside the outcomes. */
function withTexts(outcomes: OutcomeList, kept: KeptTexts, bytes: Uint8Array): ToldList {
	const lengths = Array.from(outcomes, outcome => (outcome.type === 'completed' ? outcome.textBytes : 0));
	const texts = kept.keep(bytes, lengths);
	return {
		length: outcomes.length,
		at(place) {
			const outcome = outcomes.at(place);
			if (outcome?.type !== 'completed') return outcome;
			return {type: 'summed', file: outcome, resultText: outcome.textBytes === 0 ? null : (texts[place] ?? null)};
		},
	};
}

const noProgress: ProgressTotals = {bytesRead: 0, rows: 0, rejectedRows: 0};
