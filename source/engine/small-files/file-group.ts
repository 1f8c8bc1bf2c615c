// Small files go to a thread in groups: one message each way for all files of a group, where one for each would take longer than
// reading the file. They are still read one after the other, begin and end one after the other, and can be held, cancelled
// and lost one by one.
import type {RunningGroup, TaskOutcome} from '../backend/job-backend.ts';
import {type Attempt, type AttemptOutcome, watchAttempt} from '../jobs/attempt.ts';
import type {Job} from '../jobs/job.ts';
import type {NamedPartial, ReadSettings} from '../shared/protocol.ts';
import {type Directive, noProgress} from '../shared/shared-progress.ts';
import type {GroupBackend} from './dequeue-group.ts';
import {
	elapsedMsOf,
	type GroupedOutcome,
	type ReportedOutcomes,
	type SmallFileCompleted,
	withResults,
} from './group-outcomes.ts';
import type {GroupPace} from './group-pace.ts';

/** What a group asks of the run. */
export interface GroupOwner {
	readonly settings: ReadSettings;
	readonly timeoutMs: number;
	/** Left out where groups need not care. */
	readonly pace?: GroupPace | undefined;
	readonly now: () => number;
	readonly isPaused: () => boolean;
	/** The attempt begins; `attempt` is `null` where its end is known already and follows at once. */
	readonly startAttempt: (job: Job, attempt: Attempt | null, startedAtMs: number) => void;
	readonly finishAttempt: (job: Job, outcome: AttemptOutcome | SmallFileCompleted) => void;
	readonly merge: (partials: readonly NamedPartial[]) => void;
	/** Puts files that were not started back into the queue, in their order. */
	readonly requeue: (jobs: readonly Job[]) => void;
	/** Ends a cancelled file that does not run. */
	readonly cancel: (job: Job) => void;
}

/** The file of a group whose attempt runs: its start has been reported, its end is not known yet. */
interface CurrentFile {
	readonly index: number;
	readonly job: Job;
	readonly attempt: Attempt;
	readonly end: (outcome: TaskOutcome) => void;
}

/** One group, from its wait for a thread until each of its files is finished or queued again. */
export class FileGroup {
	/** In the order in which the thread has them; `null` for a file that was cancelled before the thread got to it. */
	#jobs: Array<Job | null>;
	readonly #owner: GroupOwner;
	#running: RunningGroup | null = null;
	/** The first file that is not finished. */
	#next = 0;
	#current: CurrentFile | null = null;
	/** The file that the thread was at in the last poll. */
	#polledIndex = -1;
	/** Files that the thread had taken when they were cancelled. */
	readonly #cancelled = new Set<Job>();
	/** Replies that have come and are not reported yet. */
	#pendingReports = 0;
	#reporting: Promise<void> = Promise.resolve();

	constructor(jobs: readonly Job[], owner: GroupOwner) {
		this.#jobs = [...jobs];
		this.#owner = owner;
		for (const job of jobs) job.work.removeFromGroup = this.#remove;
	}

	/** Resolves when each file that the thread got is finished or queued again, which is soon after its last reply. */
	get reported(): Promise<void> {
		return this.#reporting;
	}

	/** Whether a reply of the thread is being reported. */
	get isReporting(): boolean {
		return this.#pendingReports > 0;
	}

	/**
	Gives the files to a thread, as soon as one is free; resolves when the thread can take others.

	@param mayStartWorker - See `GroupClient`.
	@returns False when no thread could be had.
	*/
	async work(backend: GroupBackend, mayStartWorker = true): Promise<boolean> {
		const {settings, isPaused, pace} = this.#owner;
		let couldStart = false;
		const started = backend.startGroup({
			mayStartWorker,
			choose: () => {
				couldStart = true;
				const wanted = isPaused() ? [] : this.#remaining();
				return {sources: wanted.map(({source}) => source), settings};
			},
			onStart: running => {
				this.#jobs = this.#remaining();
				this.#running = running;
				pace?.start();
			},
			onReply: ({outcomes, merged, rows}) => {
				pace?.addFiles(outcomes.length);
				this.#owner.merge(merged);
				const reported = withResults(outcomes, rows);
				this.#report(() => this.#finishAll(reported));
			},
		});
		// Each file will say why there is no thread, when it asks for one by itself.
		const running = await started.catch(() => null);
		if (running === null) {
			this.#owner.requeue(this.#remaining());
			return couldStart;
		}
		const end = await running.ended;
		if (end.type === 'done') return true;
		this.#report(() => this.#handleLoss(end.cause));
		// Files that are queued again must be there when the next ones are admitted.
		await this.#reporting;
		return true;
	}

	/** Reports the start of the file that the thread is at, if all files in front of it have been reported. */
	startCurrent(): void {
		this.#startIf(current => current === this.#next);
	}

	/** To be called from time to time: reports the start of the file that the thread is at, if it was there in the last poll as well. */
	poll(): void {
		// The files in front of it are reported with the next reply, which may never come.
		this.#startIf(current => current === this.#next || current === this.#polledIndex);
		this.#polledIndex = this.#owner.isPaused() ? -1 : (this.#running?.currentIndex() ?? -1);
	}

	/** Holds the thread, or lets it go on, unless someone holds the file that it is at. */
	hold(isHeld: boolean): void {
		if (isHeld || !this.#current?.job.work.isPaused) this.#running?.direct(isHeld ? 'hold' : 'run');
	}

	#startIf(isDue: (current: number) => boolean): void {
		const running = this.#running;
		if (running === null || this.#current !== null) return;
		const current = running.currentIndex();
		const job = this.#jobs[current] ?? null;
		if (job === null || current < this.#next) return;
		// The grace of a cancelled attempt, which a pause does not stop, ends a thread that hangs at this file.
		const isCancelled = this.#cancelled.has(job);
		if (!isCancelled && (this.#owner.isPaused() || !isDue(current))) return;
		this.#start(running, job, current);
		if (isCancelled) job.work.attempt?.cancel();
	}

	#remaining(): Job[] {
		return this.#jobs.filter(job => job !== null);
	}

	/** Cancels a file; whether the thread had not started it, and never will. One function for all files of the group. */
	readonly #remove = (job: Job): boolean => {
		const running = this.#running;
		const index = this.#jobs.indexOf(job);
		if (running === null || index === -1 || running.cancelFile(index)) {
			// It may be queued again, and is in another group then.
			if (index !== -1) this.#jobs[index] = null;
			return true;
		}
		this.#cancelled.add(job);
		running.abortFile(index);
		return false;
	};

	#start(running: RunningGroup, job: Job, index: number): CurrentFile {
		const {timeoutMs, now, isPaused} = this.#owner;
		let end: (outcome: TaskOutcome) => void = () => {};
		const outcome = new Promise<TaskOutcome>(resolve => {
			end = resolve;
		});
		let last = noProgress;
		const task = {
			outcome,
			readProgress() {
				const totals = running.readProgress();
				// The thread may have gone on to the next file, or be about to: then they begin anew.
				if (running.currentIndex() === index && totals.bytesRead >= last.bytesRead && totals.rows >= last.rows)
					last = totals;
				return last;
			},
			direct(directive: Directive) {
				if (directive !== 'abort') {
					running.direct(directive);
					return;
				}
				running.abortFile(index);
				// The files behind it are not aborted, and not held because this one was.
				running.direct(isPaused() ? 'hold' : 'run');
			},
			kill: running.kill,
		};
		const begun = {index, job, attempt: watchAttempt(task, {source: job.source, timeoutMs, nowMs: now()}), end};
		this.#current = begun;
		this.#owner.startAttempt(job, begun.attempt, now());
		return begun;
	}

	/** Reports replies one after the other. */
	#report(report: () => Promise<void>): void {
		this.#pendingReports++;
		this.#reporting = this.#reporting.then(report).then(() => {
			this.#pendingReports--;
		});
	}

	async #finishAll(outcomes: ReportedOutcomes): Promise<void> {
		const first = this.#next;
		// The file that runs ends before others begin.
		const begun = this.#current;
		const reported = begun === null ? undefined : outcomes.at(begun.index - first);
		if (begun !== null && reported !== undefined && reported.type !== 'skipped')
			await this.#finishCurrent(begun, reported);
		for (let place = 0; place < outcomes.length; place++) {
			const outcome = outcomes.at(place);
			const index = first + place;
			const job = this.#jobs[index] ?? null;
			this.#next = index + 1;
			if (job === null || index === begun?.index || outcome === undefined) continue;
			if (outcome.type === 'skipped') this.#cancelSkipped(job);
			else this.#finish(job, outcome);
		}
	}

	/** @param outcome - Of an attempt whose start subscribers know of. */
	async #finishCurrent({attempt, end, job}: CurrentFile, outcome: GroupedOutcome): Promise<void> {
		const {finishAttempt, isPaused} = this.#owner;
		end(outcome.type === 'summed' ? {type: 'completed', file: {...outcome.file, folded: []}} : outcome);
		const ended = await attempt.outcome;
		this.#current = null;
		// A hold of this file that came too late for it does not hold the files behind it; a pause of the run does.
		this.#running?.direct(isPaused() ? 'hold' : 'run');
		finishAttempt(job, outcome.type === 'summed' ? outcome : ended);
	}

	/** It was not certain, when the file was cancelled, that it would never begin. */
	#cancelSkipped(job: Job): void {
		if (!this.#cancelled.has(job)) return;
		job.work.removeFromGroup = null;
		this.#owner.cancel(job);
	}

	#finish(job: Job, outcome: GroupedOutcome): void {
		const {startAttempt, finishAttempt, now} = this.#owner;
		startAttempt(job, null, now() - elapsedMsOf(outcome));
		if (outcome.type === 'summed') finishAttempt(job, outcome);
		else if (outcome.type === 'failed' && !this.#cancelled.has(job)) finishAttempt(job, outcome);
		else finishAttempt(job, {type: 'cancelled', bytesRead: outcome.type === 'failed' ? outcome.bytesRead : 0});
	}

	/**
	The thread is gone: the file it was at has failed. A file in front of it that is known to have started is tried again, and the
	failure does not count against it; the others are as if the thread had never got them.
	*/
	async #handleLoss(cause: string): Promise<void> {
		const running = this.#running;
		if (running === null) return;
		// Where no file was started, the first one is at fault: otherwise the same group would be tried for ever.
		const lostIndex = Math.max(0, running.currentIndex());
		const others: Job[] = [];
		/** Of the attempt that watched the thread, which may have been past its file. */
		let watched: AttemptOutcome | null = null;
		for (const [index, job] of this.#jobs.entries()) {
			if (index < this.#next || job === null) continue;
			const begun: CurrentFile | null = this.#current?.index === index ? this.#current : null;
			if (begun === null && index !== lostIndex) {
				others.push(job);
				continue;
			}
			const {attempt, end} = begun ?? this.#start(running, job, index);
			this.#current = null;
			if (this.#cancelled.has(job)) attempt.cancel();
			end({type: 'worker-lost', cause});
			const outcome = await attempt.outcome;
			const hasFailed = outcome.type === 'failed';
			if (hasFailed && index !== lostIndex) this.#owner.finishAttempt(job, lostAtAnother(outcome.bytesRead));
			// It has timed out if the watched one has.
			else this.#owner.finishAttempt(job, hasFailed && watched?.type === 'failed' ? watched : outcome);
			watched = outcome;
		}
		this.#owner.requeue(others.filter(({phase}) => phase === 'admitted'));
		for (const job of others) if (this.#cancelled.has(job)) this.#owner.cancel(job);
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
