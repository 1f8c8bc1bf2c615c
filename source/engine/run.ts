// A run: a plan of files goes in, events come out.
//
//   plan ──> queue ──> p-limit admits `concurrency` files ──> a thread each ──> attempt ──┬──> completed: merged
//              ▲                                                                          ├──> failed, cancelled
//              └────────────── after a growing, jittered wait ──────── may pass ──────────┘
//
// Memory is flat because nothing is read before it is admitted, and admission asks the queue for the next file only when
// there is room. Every attempt that started ends with exactly one event (`settle`), every file with exactly one report.
// A run that is over goes on when somebody has files tried again: then it ends once more, with another `run-completed`.
import pLimit from 'p-limit';
import type {AnalysisResult} from '../analysis/results.ts';
import type {RunEvent, RunFact} from '../model/events.ts';
import type {ErrorReport, FileReport} from '../model/report.ts';
import {KeptTexts} from '../text/kept-texts.ts';
import {type Attempt, type AttemptOutcome, watchAttempt} from './jobs/attempt.ts';
import {createJob, type Job, JobQueue, NO_WORK} from './jobs/job.ts';
import {completedReport, neverReadReport, summedReport, sumTotals, unfinishedReport} from './jobs/reports.ts';
import {computeRetryWaitMs, countFailure} from './jobs/retry-policy.ts';
import {inspectMonthsOf} from './month-sums.ts';
import {type PlanEntry, sumUpPlan} from './plan/plan.ts';
import {type RunningTask, refusedTask} from './pool/task.ts';
import {ReadStates} from './read-states.ts';
import {RunClock} from './run-clock.ts';
import type {Run, RunOptions} from './run-options.ts';
import {Consolidation} from './shared/consolidation.ts';
import {MergeBoard} from './shared/merge-board.ts';
import {monotonicMs} from './shared/monotonic.ts';
import {
	type BatchingPool,
	type BatchOwner,
	FileBatch,
	mayBatch,
	type SmallFileCompleted,
	takeBatch,
} from './small-files/small-files.ts';
import {Turns} from './turns.ts';
import {WallClock} from './wall-clock.ts';

/** How often the counters of running files are looked at: ten times a second is as often as a screen is painted. */
const SAMPLE_INTERVAL_MS = 100;

export function startRun(options: RunOptions): Run {
	const {plan, retries, timeoutMs, readSettings, pool, onEvent} = options;
	const random = options.random ?? Math.random;
	const clock = new RunClock(options.monotonicNow ?? monotonicMs);
	const {now} = clock;

	const jobs = new Map<string, Job>();
	/** Reports of entries that are no jobs. */
	const otherReports: FileReport[] = [];
	const running = new Set<Job>();
	const limit = pLimit(options.concurrency);
	const readStates = new ReadStates();
	const mergeBoard = new MergeBoard();
	const consolidation = new Consolidation(mergeBoard);
	const queue = new JobQueue();
	/** Jobs that have not ended, and one for the plan until all of it is queued. */
	let openCount = 1;
	let isPaused = false;
	/** There while subscribers cannot take more. */
	let room: Promise<void> | null = null;
	const isHeld = (): boolean => isPaused || room !== null;
	let isStopping = false;
	let isOver = false;
	let seq = 0;
	let failure: {readonly error: unknown} | null = null;
	let ending = Promise.withResolvers<void>();

	const batches = new Set<FileBatch>();
	/** There while small files go to the threads by the hundred. */
	let batching: BatchingPool | null = mayBatch(pool, readSettings) ? pool : null;
	const batchOwner: BatchOwner = {
		settings: readSettings,
		texts: new KeptTexts(),
		timeoutMs,
		now,
		isPaused: isHeld,
		begin: (job, attempt, startedAtMs) => begin(job, attempt, startedAtMs),
		settle: (job, outcome) => settle(job, outcome),
		merge: partials => consolidation.absorb(...partials),
		putBack(jobs) {
			for (const job of jobs.toReversed()) {
				job.work.leaveBatch = null;
				queue.putBack(job);
			}
		},
		cancel: job => cancel(job),
	};

	const wallClock = new WallClock();
	const emit = (fact: RunFact): void => {
		// A subscriber that throws must not leave attempts without an end: the run stops in order, then the error is told.
		if (failure !== null) return;
		const elapsedMs = Math.round(now() * 1000) / 1000;
		// The order of the keys is that of the lines of events.
		const event: RunEvent = Object.assign({type: fact.type, seq: ++seq, at: wallClock.now(), elapsedMs}, fact);
		try {
			onEvent(event);
		} catch (error) {
			failure = {error};
			stop();
		}
		if (room === null) waitForRoom();
	};

	const admit = (): void => {
		while (!isHeld() && !isStopping && limit.activeCount + limit.pendingCount < limit.concurrency) {
			const small = batching === null ? [] : takeBatch(queue, Math.min(limit.concurrency, options.threads));
			if (batching !== null && small.length > 1) {
				limit(runBatch, new FileBatch(small, batchOwner), batching).then(admit, fail);
				continue;
			}
			const job = small[0] ?? queue.take();
			if (job === undefined) return;
			job.work.admission = new AbortController();
			limit(runAttempt, job, job.work.admission.signal).then(admit, fail);
		}
	};

	/** A bug of ours: no end in order can be hoped for, and waiting for one would be waiting for ever. */
	const fail = (error: unknown): void => {
		if (isOver) return;
		for (const job of jobs.values()) clearTimeout(job.work.retryTimer);
		failure ??= {error};
		close();
		finish(ending);
	};

	const runBatch = async (batch: FileBatch, pool: BatchingPool): Promise<void> => {
		batches.add(batch);
		const couldStart = await batch.work(pool);
		// The thread does not wait until all that it did is told.
		batch.settled.then(() => batches.delete(batch), fail);
		// One by one, files that get no thread fail with the reason.
		if (!couldStart) batching = null;
	};

	const begin = (job: Job, attempt: Attempt | null, startedAtMs: number): void => {
		job.work.attempt = attempt;
		job.work.admission = null;
		job.work.leaveBatch = null;
		job.work.isUnwanted = false;
		job.phase = 'running';
		job.attempts++;
		job.work.startedAtMs = startedAtMs;
		// Subscribers know of no hold of an attempt that has just begun, so the last one's is not carried over.
		job.work.isPaused = false;
		if (attempt !== null) {
			running.add(job);
			applyHold(job);
		}
		emit({type: 'file-started', file: job.file, attempt: job.attempts});
	};

	const runAttempt = async (job: Job, admission: AbortSignal): Promise<void> => {
		// p-limit begins a moment after it is asked, and a pause may have come in between.
		if (isHeld() && !admission.aborted) {
			job.work.admission = null;
			queue.putBack(job);
			return;
		}
		let task: RunningTask | null = null;
		let startError: unknown = 'the pool is closed';
		try {
			const {source, bytesTotal} = job;
			task = await pool.start({source, settings: readSettings, bytesTotal, mergeBoard: mergeBoard.buffer}, admission);
		} catch (error) {
			startError = error;
		}
		// Of the files that had this place before, all is told first: no more are in flight than may be.
		await Promise.all(Array.from(batches, ({settled}) => settled));
		// A stop reaches one file after the other, and this one has its thread before.
		if (isStopping) cancel(job);
		if (admission.aborted) {
			// Cancelled before it began: its end has been told already. A thread it got at that moment must not read on.
			if (task === null) return;
			const unwanted = watchAttempt(task, {source: job.source, timeoutMs, nowMs: now()});
			unwanted.cancel();
			await unwanted.outcome;
			return;
		}
		// All is in place before the event: whoever is told of the start may hold or cancel the attempt at once.
		const attempt = watchAttempt(task ?? refusedTask(startError), {source: job.source, timeoutMs, nowMs: now()});
		begin(job, attempt, now());
		const outcome = await attempt.outcome;
		settle(job, outcome, outcome.type === 'completed' ? await consolidation.takeIn(outcome.file) : null);
	};

	/** The one end of an attempt. */
	const settle = (
		job: Job,
		outcome: AttemptOutcome | SmallFileCompleted,
		result: AnalysisResult | null = null,
	): void => {
		job.work.attempt = null;
		running.delete(job);
		if (outcome.type === 'summed') {
			const {state, identity = null} = outcome.file;
			job.readState = state === undefined ? identity : readStates.keep(state);
		}
		if (outcome.type === 'completed') job.readState = outcome.file.identity ?? null;
		const attempted = {file: job.file, attempts: job.attempts, elapsedMs: now() - job.work.startedAtMs};
		if (outcome.type === 'summed') end(job, summedReport(attempted, outcome.file, outcome.resultText));
		else if (outcome.type === 'completed') end(job, completedReport(attempted, outcome.file, result));
		else if (outcome.type === 'cancelled' || job.work.isUnwanted) {
			end(job, unfinishedReport(attempted, 'cancelled', outcome.bytesRead, null));
		} else if (outcome.error.code === 'OWN_OUTPUT' && job.isFound) {
			// A report or a log of ours beside the data is not a failure, and is listed as skipped.
			end(job, unfinishedReport(attempted, 'skipped', 0, outcome.error));
		} else if (outcome.isBlameless) {
			// However few attempts there may be: this was none of its own.
			retryLater(job, outcome.error);
		} else {
			const lastError = countFailure(job, outcome.error, retries);
			if (lastError === null && !isStopping) retryLater(job, outcome.error);
			else end(job, unfinishedReport(attempted, 'failed', outcome.bytesRead, lastError ?? outcome.error));
		}
	};

	const retryLater = (job: Job, error: ErrorReport): void => {
		const waitMs = computeRetryWaitMs(job.work.failures, random());
		job.phase = 'waiting';
		job.work.retryTimer = setTimeout(() => {
			queue.add(job);
			admit();
		}, waitMs);
		emit({type: 'file-retrying', file: job.file, attempt: job.attempts, error, waitMs});
	};

	const end = (job: Job, report: FileReport): void => {
		job.phase = 'ended';
		job.report = report;
		job.work = NO_WORK;
		openCount--;
		emit({type: `file-${report.status}`, file: job.file, attempt: job.attempts, report});
		endIfDone();
	};

	const close = (): void => {
		isOver = true;
		clock.stop();
		clearInterval(sampler);
		options.signal?.removeEventListener('abort', stop);
	};

	const finish = ({resolve, reject}: PromiseWithResolvers<void>): void => {
		const tell = (): void => (failure === null ? resolve() : reject(failure.error));
		// A subscriber may have files tried again as soon as it gets this event.
		if (options.releaseThreads === undefined || !isOver) tell();
		else options.releaseThreads().then(tell, reject);
	};

	const endIfDone = (): void => {
		if (openCount > 0 || isOver) return;
		close();
		const ended = ending;
		const reports = Array.from(jobs.values(), job => job.report).filter(report => report !== null);
		const totals = sumTotals([...reports, ...otherReports], now());
		emit({
			type: 'run-completed',
			// A stop that came too late to keep anything from completing stopped nothing.
			status: isStopping && totals.cancelled > 0 ? 'cancelled' : 'completed',
			totals,
			analyses: consolidation.finish(),
		});
		finish(ended);
	};

	const cancel = (job: Job): void => {
		if (job.phase === 'ended') return;
		if (job.phase === 'running') {
			// Its end may be on its way already, and a failure is not one of a file that nobody wants any more.
			job.work.isUnwanted = true;
			job.work.attempt?.cancel();
			return;
		}
		// A thread may have it already, and then its end comes from there.
		if (job.work.leaveBatch !== null && !job.work.leaveBatch(job)) return;
		clearTimeout(job.work.retryTimer);
		job.phase = 'ended';
		job.work.admission?.abort();
		const attempted = {file: job.file, attempts: job.attempts, elapsedMs: 0};
		end(job, unfinishedReport(attempted, 'cancelled', 0, null));
	};

	const stop = (): void => {
		if (isOver || isStopping) return;
		isStopping = true;
		for (const job of running) cancel(job);
		cancelAll().catch(fail);
	};
	const cancelAll = async (): Promise<void> => {
		const turns = new Turns();
		for (const job of jobs.values()) {
			// The run may have ended meanwhile, and go on with files that are tried again.
			if (!isStopping) return;
			cancel(job);
			if (room !== null) await room;
			else if (turns.isOver()) await turns.next();
		}
	};

	const applyHold = (job: Job): void => {
		job.work.attempt?.hold(isHeld() || job.work.isPaused, now());
	};
	const applyHolds = (): void => {
		for (const job of running) applyHold(job);
		for (const batch of batches) batch.hold(isHeld());
	};
	const waitForRoom = (): void => {
		room = options.untilRoom?.() ?? null;
		if (room === null) return;
		applyHolds();
		room.then(() => {
			waitForRoom();
			if (room !== null) return;
			applyHolds();
			admit();
		}, fail);
	};
	const setRunPaused = (shallPause: boolean): void => {
		if (isPaused === shallPause || isOver || isStopping) return;
		// A subscriber may pause while one batch is told: what others are at is told when there is room for it.
		if (!Array.from(batches).some(({isTelling}) => isTelling)) for (const batch of batches) batch.beginCurrent();
		isPaused = shallPause;
		applyHolds();
		emit({type: shallPause ? 'run-paused' : 'run-resumed'});
		admit();
	};
	const setFilePaused = (file: string, shallPause: boolean): void => {
		const job = jobs.get(file);
		if (job === undefined || job.phase !== 'running' || job.work.isPaused === shallPause) return;
		job.work.isPaused = shallPause;
		applyHold(job);
		reportProgress(job, true);
	};

	/** What was last told of each attempt: what has not changed is not told again. */
	const told = new WeakMap<Attempt, number>();
	const reportProgress = (job: Job, isForced: boolean): void => {
		if (job.work.attempt === null) return;
		const totals = job.work.attempt.sample(now());
		const mark = totals.bytesRead + totals.rows;
		if (!isForced && told.get(job.work.attempt) === mark) return;
		told.set(job.work.attempt, mark);
		emit({type: 'file-progressed', file: job.file, attempt: job.attempts, ...totals, isPaused: job.work.isPaused});
	};
	const sample = (): void => {
		for (const batch of batches) batch.look();
		for (const job of running) reportProgress(job, false);
	};
	let sampler: NodeJS.Timeout | undefined;
	/** At the beginning, and again when files are tried once more after the end. */
	const open = (): void => {
		isOver = false;
		clock.goOn();
		sampler = setInterval(sample, SAMPLE_INTERVAL_MS);
		options.signal?.addEventListener('abort', stop, {once: true});
	};
	const reopen = (): void => {
		ending = Promise.withResolvers();
		isStopping = false;
		isPaused = false;
		open();
	};

	const retryFiles = (files: readonly string[]): number => {
		let count = 0;
		for (const file of files) {
			// Looked at each time: a subscriber may stop the run as it is told of one of them.
			if (failure !== null || options.signal?.aborted || (isStopping && !isOver)) break;
			const job = jobs.get(file);
			if (job?.report?.status !== 'failed' && job?.report?.status !== 'cancelled') continue;
			if (job.source.kind !== 'file') continue;
			if (isOver) reopen();
			job.report = null;
			openCount++;
			count++;
			queue.add(job);
			emit({type: 'file-queued', file, attempt: job.attempts, bytesTotal: job.bytesTotal});
		}
		admit();
		return count;
	};

	const setConcurrency = (count: number): number => {
		if (!isOver && Number.isFinite(count))
			limit.concurrency = Math.max(1, Math.min(options.threads, Math.round(count)));
		admit();
		return limit.concurrency;
	};

	const enter = (entry: PlanEntry): void => {
		const {file} = entry;
		if (entry.type === 'file') {
			const job = createJob(file, entry.source, entry.bytesTotal, entry.isFound);
			jobs.set(file, job);
			openCount++;
			queue.add(job);
			emit({type: 'file-queued', file, attempt: 0, bytesTotal: job.bytesTotal});
			if (isStopping) cancel(job);
			return;
		}
		const report = neverReadReport(entry);
		otherReports.push(report);
		if (entry.type === 'skipped') emit({type: 'file-skipped', file, attempt: 0, report});
		else {
			emit({type: 'file-queued', file, attempt: 0, bytesTotal: 0});
			emit({type: 'file-failed', file, attempt: 0, report});
		}
	};

	const enterAll = async (): Promise<void> => {
		const turns = new Turns();
		const {entries} = plan;
		for (const entry of entries) {
			enter(entry);
			if (room !== null) await room;
			if (!turns.isOver()) continue;
			// Threads have work while the others are queued.
			admit();
			await turns.next();
		}
		entries.length = 0;
		openCount--;
		admit();
		endIfDone();
	};

	const beginRun = (): void => {
		const {paths, version, concurrency, threads} = options;
		emit({type: 'run-started', version, paths, ...sumUpPlan(plan), concurrency, threads});
		open();
		if (options.signal?.aborted) stop();
		enterAll().catch(fail);
	};
	beginRun();

	return {
		done: ending.promise,
		whenOver: () => ending.promise,
		now,
		pause: () => setRunPaused(true),
		resume: () => setRunPaused(false),
		pauseFile: file => setFilePaused(file, true),
		resumeFile: file => setFilePaused(file, false),
		cancelFile: file => {
			const job = jobs.get(file);
			if (job !== undefined) cancel(job);
		},
		retryFiles,
		setConcurrency,
		inspectFile: async file => (await jobs.get(file)?.work.attempt?.inspect()) ?? null,
		inspectRun: async () => consolidation.finish(),
		inspectMonths: inspectMonthsOf(jobs, readStates, readSettings),
		stop,
	};
}
