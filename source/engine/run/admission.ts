// Which files are in flight: p-limit admits as many as `concurrency` says, and only then the next one is taken from the
// queue, so that nothing is read before it is admitted.

import pLimit from 'p-limit';
import type {RunningTask} from '../backend/job-backend.ts';
import {watchAttempt} from '../jobs/attempt.ts';
import {aboutJob, type Job} from '../jobs/job.ts';
import {refusedTask} from '../pool/task.ts';
import {decodeState, type FileResult, finishAlone} from '../shared/consolidation.ts';
import {partialsOfKept} from '../shared/kept-file.ts';
import type {FoldedFile} from '../shared/protocol.ts';
import {canGroup, dequeueGroup, type GroupBackend} from '../small-files/dequeue-group.ts';
import {FileGroup, type GroupOwner} from '../small-files/file-group.ts';
import {GroupPace} from '../small-files/group-pace.ts';
import type {JobLife} from './job-life.ts';
import type {LiveRun} from './live-run.ts';
import type {RunOptions} from './run-options.ts';

export interface AdmissionOptions
	extends Pick<
		RunOptions,
		'concurrency' | 'maxConcurrency' | 'threads' | 'readSettings' | 'backend' | 'onPartials' | 'staysOpen'
	> {
	/** Something has failed that cannot fail. */
	readonly onBug: (error: unknown) => void;
}

export class Admission {
	readonly #live: LiveRun;
	readonly #life: JobLife;
	readonly #options: AdmissionOptions;
	readonly #limit: ReturnType<typeof pLimit>;
	readonly #groupOwner: Omit<GroupOwner, 'settings' | 'timeoutMs' | 'pace'>;
	/** There while small files go to the threads in groups. */
	#groupPool: GroupBackend | null;
	/** Groups that a thread has or will have. */
	#groupCount = 0;
	/** Of a run that ends by itself; in others files come now and then. */
	readonly #pace: GroupPace | null;

	constructor(live: LiveRun, life: JobLife, options: AdmissionOptions) {
		const {backend, readSettings} = options;
		this.#live = live;
		this.#life = life;
		this.#options = options;
		this.#limit = pLimit(options.concurrency);
		this.#groupPool = canGroup(backend, readSettings) ? backend : null;
		this.#pace = options.staysOpen === true ? null : new GroupPace(live.clock.now);
		this.#groupOwner = this.#createGroupOwner();
	}

	/** Admits further files, as far as there is room for them. */
	readonly admit = (): void => {
		const {queue} = this.#live;
		const {threads, onBug, backend} = this.#options;
		const {isAlone} = backend;
		const limit = this.#limit;
		while (!this.#live.isHeld && !this.#live.isStopping && limit.activeCount + limit.pendingCount < limit.concurrency) {
			const pool = this.#groupPool;
			const small = pool === null ? [] : dequeueGroup(queue, Math.min(limit.concurrency, threads), isAlone);
			const [first] = small;
			if (pool !== null && first !== undefined && small.length > 1) {
				const {readSettings: settings, timeoutMs} = first.rules;
				// The group exists before its turn comes, because its files may be cancelled at once.
				const group = new FileGroup(small, {...this.#groupOwner, settings, timeoutMs, pace: this.#pace ?? undefined});
				limit(() => this.#runGroup(group, pool)).then(this.admit, onBug);
				continue;
			}
			const job = first ?? queue.dequeue();
			if (job === undefined) return;
			const admission = new AbortController();
			job.work.admission = admission;
			limit(() => this.#runAttempt(job, admission.signal)).then(this.admit, onBug);
		}
	};

	/** @returns How many files are in flight at once from now on. */
	setConcurrency(count: number): number {
		if (!this.#live.isOver && Number.isFinite(count)) {
			this.#limit.concurrency = Math.max(1, Math.min(this.#options.maxConcurrency, Math.round(count)));
			this.#options.backend.setFilesInFlight(this.#limit.concurrency);
		}
		this.admit();
		return this.#limit.concurrency;
	}

	async #runGroup(group: FileGroup, pool: GroupBackend): Promise<void> {
		const {groups, queue} = this.#live;
		// Some group always may, so that there is a thread for them beside those that read large files.
		const mayStart = this.#pace === null || this.#groupCount === 0 || this.#pace.needsThreads(queue.size);
		groups.add(group);
		this.#groupCount++;
		const couldStart = await group.work(pool, mayStart);
		this.#groupCount--;
		// The thread does not wait until all that it did is emitted.
		group.reported.then(() => groups.delete(group), this.#options.onBug);
		// One by one, files that get no thread fail with the reason.
		if (!couldStart) this.#groupPool = null;
	}

	async #runAttempt(job: Job, admission: AbortSignal): Promise<void> {
		const {clock, groups, queue} = this.#live;
		// p-limit begins a moment after it is asked, and a pause may have come in between.
		if (this.#live.isHeld && !admission.aborted) {
			job.work.admission = null;
			queue.putBack(job);
			return;
		}
		const task = await this.#startTask(job, admission);
		// All events of the files that had this place before come first: no more are in flight than may be.
		await Promise.all(Array.from(groups, ({reported}) => reported));
		// A stop reaches one file after the other, and this one has its thread before.
		if (this.#live.isStopping) this.#life.cancel(job);
		// A cancelled job has ended already, and somebody may have queued it again.
		if (admission.aborted && task === null) return;
		const {source, rules} = job;
		const attempt = watchAttempt(task ?? refusedTask('the pool is closed'), {
			source,
			timeoutMs: rules.timeoutMs,
			nowMs: clock.now(),
		});
		if (admission.aborted) {
			// A thread that it got at that moment must not read on.
			attempt.cancel();
			await attempt.outcome;
			return;
		}
		// All is in place before the event: a subscriber may hold or cancel the attempt at once.
		this.#life.startAttempt(job, attempt, clock.now());
		const outcome = await attempt.outcome;
		const results = outcome.type === 'completed' ? await this.#takeIn(job, outcome.file) : [];
		this.#life.finishAttempt(job, outcome, results);
	}

	async #takeIn(job: Job, file: FoldedFile): Promise<readonly FileResult[]> {
		const {onPartials} = this.#options;
		if (onPartials === undefined) return this.#live.consolidation.takeIn(file);
		const {results, encode} = await finishAlone(file);
		onPartials(aboutJob(job), encode);
		return results;
	}

	/** Resolves with `null` where the job was cancelled before it got a thread, or the pool is closed. */
	async #startTask({source, bytesTotal, rules}: Job, admission: AbortSignal): Promise<RunningTask | null> {
		try {
			const task = {source, settings: rules.readSettings, bytesTotal};
			return await this.#options.backend.start(task, admission);
		} catch (error) {
			return admission.aborted ? null : refusedTask(error);
		}
	}

	#createGroupOwner(): Omit<GroupOwner, 'settings' | 'timeoutMs'> {
		const {clock, queue, consolidation} = this.#live;
		const {onPartials} = this.#options;
		return {
			now: clock.now,
			isPaused: () => this.#live.isHeld,
			startAttempt: (job, attempt, startedAtMs) => this.#life.startAttempt(job, attempt, startedAtMs),
			finishAttempt: (job, outcome) => {
				const kept = outcome.type === 'summed' ? outcome.kept : null;
				if (kept !== null) onPartials?.(aboutJob(job), () => partialsOfKept(kept));
				this.#life.finishAttempt(job, outcome);
			},
			merge: partials => {
				if (onPartials === undefined) consolidation.absorb(...partials.map(decodeState));
			},
			requeue(jobs) {
				for (const job of jobs.toReversed()) {
					job.work.removeFromGroup = null;
					queue.putBack(job);
				}
			},
			cancel: job => this.#life.cancel(job),
		};
	}
}
