// The life of a job. Every attempt that started ends with exactly one event (`finishAttempt`), every file with exactly one
// report (`finishFile`).
//
//   startAttempt ──> finishAttempt ──┬──> finishFile: completed, failed, cancelled, skipped
//        ▲                           │
//        └── after a growing wait ───┘ the error may pass

import {areCombined} from '../../analysis/registry.ts';
import type {ErrorReport, FileReport} from '../../model/report.ts';
import type {Attempt, AttemptOutcome} from '../jobs/attempt.ts';
import {aboutJob, type Job, NO_WORK} from '../jobs/job.ts';
import {type Attempted, completedReport, summedReport, unfinishedReport} from '../jobs/reports.ts';
import {computeRetryWaitMs, countFailure} from '../jobs/retry-policy.ts';
import type {FileResult} from '../shared/consolidation.ts';
import type {FoldedFile} from '../shared/protocol.ts';
import {rememberSpooledRejects} from '../shared/spooled-rejects.ts';
import type {SmallFileCompleted} from '../small-files/group-outcomes.ts';
import type {LiveRun} from './live-run.ts';
import type {RunOptions} from './run-options.ts';

export interface JobLifeOptions extends Pick<RunOptions, 'random'> {
	/** A job is in the queue again. */
	readonly onQueued: () => void;
	readonly onEnded: () => void;
}

export class JobLife {
	readonly #live: LiveRun;
	readonly #options: JobLifeOptions;

	constructor(live: LiveRun, options: JobLifeOptions) {
		this.#live = live;
		this.#options = options;
	}

	/** @param attempt - `null` where its outcome is known already and follows at once. */
	startAttempt(job: Job, attempt: Attempt | null, startedAtMs: number): void {
		const {work} = job;
		work.attempt = attempt;
		work.admission = null;
		work.removeFromGroup = null;
		work.isCancelRequested = false;
		work.startedAtMs = startedAtMs;
		// Subscribers know of no hold of an attempt that has just begun, so the last one's is not carried over.
		work.isPaused = false;
		job.phase = 'running';
		job.attempts++;
		if (attempt !== null) {
			this.#live.running.add(job);
			this.#live.applyHold(job);
		}
		this.#live.events.emit({type: 'file-started', ...aboutJob(job)});
	}

	/** The one end of an attempt. */
	finishAttempt(job: Job, outcome: AttemptOutcome | SmallFileCompleted, results: readonly FileResult[] = []): void {
		const {running, readStates, forgetsEnded, clock} = this.#live;
		job.work.attempt = null;
		running.delete(job);
		const attempted = attemptedOf(job, clock.now() - job.work.startedAtMs);
		if (outcome.type === 'summed') {
			const {state, identity = null} = outcome.file;
			job.readState = state === undefined || forgetsEnded ? identity : readStates.keep(state);
			this.#finishCompleted(job, summedReport(attempted, outcome.file, outcome.row), outcome.file);
		} else if (outcome.type === 'completed') {
			job.readState = outcome.file.identity ?? null;
			this.#finishCompleted(job, completedReport(attempted, outcome.file, results), outcome.file);
		} else if (outcome.type === 'cancelled' || job.work.isCancelRequested) {
			this.finishFile(job, unfinishedReport(attempted, 'cancelled', outcome.bytesRead, null));
		} else if (outcome.error.code === 'OWN_OUTPUT' && job.isFound) {
			// A report or a log of ours beside the data is not a failure, and is listed as skipped.
			this.finishFile(job, unfinishedReport(attempted, 'skipped', 0, outcome.error));
		} else if (outcome.isBlameless) {
			// Another file has ended this attempt, so it does not count against the file's retries.
			this.#retryLater(job, outcome.error);
		} else {
			const lastError = countFailure(job, outcome.error);
			if (lastError === null && !this.#live.isStopping) this.#retryLater(job, outcome.error);
			else this.finishFile(job, unfinishedReport(attempted, 'failed', outcome.bytesRead, lastError ?? outcome.error));
		}
	}

	#finishCompleted(job: Job, report: FileReport, {spooled}: Pick<FoldedFile, 'spooled'>): void {
		rememberSpooledRejects(report, spooled);
		this.finishFile(job, report);
	}

	cancel(job: Job): void {
		const {work} = job;
		if (job.phase === 'ended') return;
		if (job.phase === 'running') {
			// Its end may be on its way already; if that is a failure, the file is cancelled and not tried again.
			work.isCancelRequested = true;
			work.attempt?.cancel();
			return;
		}
		// A thread may have it already, and then its end comes from there.
		if (work.removeFromGroup !== null && !work.removeFromGroup(job)) return;
		clearTimeout(work.retryTimer);
		job.phase = 'ended';
		work.admission?.abort();
		this.finishFile(job, unfinishedReport(attemptedOf(job, 0), 'cancelled', 0, null));
	}

	/** The one end of a file, until somebody has it tried again. */
	finishFile(job: Job, report: FileReport): void {
		job.phase = 'ended';
		job.work = NO_WORK;
		this.#live.jobs.end(job, report);
		this.#live.openCount--;
		this.#live.events.emit({type: `file-${report.status}`, ...aboutJob(job), report});
		this.#options.onEnded();
	}

	#retryLater(job: Job, error: ErrorReport): void {
		const {random = Math.random, onQueued} = this.#options;
		const waitMs = computeRetryWaitMs(job.work.failures, random());
		job.phase = 'waiting';
		job.work.retryTimer = setTimeout(() => {
			this.#live.queue.add(job);
			onQueued();
		}, waitMs);
		this.#live.events.emit({type: 'file-retrying', ...aboutJob(job), error, waitMs});
	}
}

const attemptedOf = ({file, attempts, rules}: Job, elapsedMs: number): Attempted => ({
	file,
	attempts,
	elapsedMs,
	areCombined: areCombined(rules.readSettings.analysis),
});
