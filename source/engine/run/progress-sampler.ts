// Reads the counters of running files and emits what has changed.
import type {Attempt} from '../jobs/attempt.ts';
import {aboutJob, type Job} from '../jobs/job.ts';
import type {LiveRun} from './live-run.ts';

/** Ten times a second is as often as a screen is painted. */
const SAMPLE_INTERVAL_MS = 100;

export class ProgressSampler {
	readonly #live: LiveRun;
	/** The totals of each attempt that were emitted last. */
	readonly #emitted = new WeakMap<Attempt, number>();
	#timer: NodeJS.Timeout | undefined;

	constructor(live: LiveRun) {
		this.#live = live;
	}

	start(): void {
		this.#timer = setInterval(() => this.#sampleAll(), SAMPLE_INTERVAL_MS);
	}

	stop(): void {
		clearInterval(this.#timer);
	}

	/** @param isForced - Whether the progress is emitted even if the totals have not changed. */
	sample(job: Job, isForced: boolean): void {
		const {attempt, isPaused} = job.work;
		if (attempt === null) return;
		const totals = attempt.sample(this.#live.clock.now());
		const mark = totals.bytesRead + totals.rows;
		if (!isForced && this.#emitted.get(attempt) === mark) return;
		this.#emitted.set(attempt, mark);
		this.#live.events.emit({type: 'file-progressed', ...aboutJob(job), ...totals, isPaused});
	}

	#sampleAll(): void {
		for (const group of this.#live.groups) group.poll();
		for (const job of this.#live.running) this.sample(job, false);
	}
}
