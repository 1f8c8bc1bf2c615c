// Performs the commands that a run is sent.
import type {FileAddress} from '../../model/file-address.ts';
import {type PerformCommand, performWith} from '../../model/run-command.ts';
import {aboutJob} from '../jobs/job.ts';
import {canReadAgain} from '../shared/source-location.ts';
import {Turns} from '../shared/turns.ts';
import type {Admission} from './admission.ts';
import type {Intake} from './intake.ts';
import type {JobLife} from './job-life.ts';
import type {LiveRun} from './live-run.ts';
import type {ProgressSampler} from './progress-sampler.ts';
import type {RunEnding} from './run-ending.ts';

export interface SteeringParts {
	readonly life: JobLife;
	readonly admission: Admission;
	readonly sampler: ProgressSampler;
	readonly ending: RunEnding;
	readonly intake: Intake;
	/** Aborting it stops the run, and no file is tried again afterwards. */
	readonly signal: AbortSignal | undefined;
}

export class Steering {
	readonly #live: LiveRun;
	readonly #parts: SteeringParts;

	constructor(live: LiveRun, parts: SteeringParts) {
		this.#live = live;
		this.#parts = parts;
	}

	readonly perform: PerformCommand = performWith({
		pause: () => this.#setRunPaused(true),
		resume: () => this.#setRunPaused(false),
		'pause-file': file => this.#setFilePaused(file, true),
		'resume-file': file => this.#setFilePaused(file, false),
		'cancel-file': file => this.#cancelFile(file),
		'retry-files': ({files}) => ({fileCount: this.#retryFiles(files)}),
		// Only the files of a watched folder are claims.
		'retry-claims': async () => ({fileCount: 0}),
		'set-concurrency': ({concurrency}) => ({concurrency: this.#parts.admission.setConcurrency(concurrency)}),
		stop: () => this.stop(),
	});

	#setRunPaused(isPaused: boolean): void {
		const {groups, isOver, isStopping, events} = this.#live;
		if (this.#live.isPaused === isPaused || isOver || isStopping) return;
		// A subscriber may pause while what a group did is emitted: the current files of others are emitted when there is room.
		if (!Array.from(groups).some(({isReporting}) => isReporting)) for (const group of groups) group.startCurrent();
		this.#live.isPaused = isPaused;
		this.#live.applyHolds();
		events.emit({type: isPaused ? 'run-paused' : 'run-resumed'});
		this.#parts.admission.admit();
	}

	#setFilePaused(address: FileAddress, isPaused: boolean): void {
		const job = this.#live.jobs.find(address);
		if (job === undefined || job.phase !== 'running' || job.work.isPaused === isPaused) return;
		job.work.isPaused = isPaused;
		this.#live.applyHold(job);
		this.#parts.sampler.sample(job, true);
	}

	#cancelFile(address: FileAddress): void {
		const job = this.#live.jobs.find(address);
		if (job !== undefined) this.#parts.life.cancel(job);
	}

	/** @returns How many files are queued again. */
	#retryFiles(files: readonly FileAddress[]): number {
		const {queue, events} = this.#live;
		const {admission, ending, signal} = this.#parts;
		let count = 0;
		for (const address of files) {
			// Asked each time: a subscriber may stop the run as it gets the event of one of them.
			if (events.failure !== null || signal?.aborted || (this.#live.isStopping && !this.#live.isOver)) break;
			const job = this.#live.jobs.find(address);
			if (job?.report?.status !== 'failed' && job?.report?.status !== 'cancelled') continue;
			if (!canReadAgain(job.source)) continue;
			if (this.#live.isOver) ending.reopen();
			job.report = null;
			this.#live.openCount++;
			count++;
			queue.add(job);
			events.emit({type: 'file-queued', ...aboutJob(job), bytesTotal: job.bytesTotal});
		}
		admission.admit();
		return count;
	}

	readonly stop = (): void => {
		const {isOver, isStopping, running} = this.#live;
		if (isOver || isStopping) return;
		this.#live.isStopping = true;
		for (const job of running) this.#parts.life.cancel(job);
		this.#cancelAll().catch(this.#parts.ending.fail);
		this.#parts.intake.close();
	};

	async #cancelAll(): Promise<void> {
		const {jobs, events} = this.#live;
		const turns = new Turns();
		for (const job of jobs) {
			// The run may have ended meanwhile, and go on with files that are tried again.
			if (!this.#live.isStopping) return;
			this.#parts.life.cancel(job);
			if (events.room !== null) await events.room;
			else if (turns.isOver()) await turns.next();
		}
	}
}
