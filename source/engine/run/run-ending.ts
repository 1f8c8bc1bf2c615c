// The end of a run, of which there may be several: a run that is over goes on when somebody has files tried again.
import type {LiveRun} from './live-run.ts';
import type {ProgressSampler} from './progress-sampler.ts';
import type {RunOptions} from './run-options.ts';

export interface RunEndingOptions extends Pick<RunOptions, 'signal' | 'releaseThreads'> {
	/** The signal was aborted. */
	readonly onAbort: () => void;
}

export class RunEnding {
	readonly #live: LiveRun;
	readonly #sampler: ProgressSampler;
	readonly #options: RunEndingOptions;
	#next = Promise.withResolvers<void>();

	constructor(live: LiveRun, sampler: ProgressSampler, options: RunEndingOptions) {
		this.#live = live;
		this.#sampler = sampler;
		this.#options = options;
	}

	/** Of the latest end: settles when the run is over and its threads are released. */
	get promise(): Promise<void> {
		return this.#next.promise;
	}

	/** At the beginning, and again when files are tried once more after the end. */
	open(): void {
		const {signal, onAbort} = this.#options;
		this.#live.isOver = false;
		this.#live.clock.goOn();
		this.#sampler.start();
		signal?.addEventListener('abort', onAbort, {once: true});
	}

	reopen(): void {
		this.#next = Promise.withResolvers();
		this.#live.isStopping = false;
		this.#live.isPaused = false;
		this.open();
	}

	readonly endIfDone = (): void => {
		const {openCount, isOver, isStopping, jobs, clock, events, consolidation} = this.#live;
		if (openCount > 0 || isOver) return;
		this.#close();
		const ended = this.#next;
		const totals = jobs.totals(clock.now());
		events.emit({
			type: 'run-completed',
			// A stop that came too late to keep anything from completing stopped nothing.
			status: isStopping && totals.cancelled > 0 ? 'cancelled' : 'completed',
			totals,
			analyses: consolidation.finish(),
		});
		this.#finish(ended);
	};

	/** A bug of ours: an end in order cannot be hoped for, and waiting for one would be waiting for ever. */
	readonly fail = (error: unknown): void => {
		const {isOver, jobs, events} = this.#live;
		if (isOver) return;
		for (const job of jobs) clearTimeout(job.work.retryTimer);
		events.fail(error);
		this.#close();
		this.#finish(this.#next);
	};

	#close(): void {
		const {signal, onAbort} = this.#options;
		this.#live.isOver = true;
		this.#live.clock.stop();
		this.#sampler.stop();
		signal?.removeEventListener('abort', onAbort);
	}

	#finish({resolve, reject}: PromiseWithResolvers<void>): void {
		const {isOver, events} = this.#live;
		const {releaseThreads} = this.#options;
		const settle = (): void => (events.failure === null ? resolve() : reject(events.failure.error));
		// A subscriber may have files tried again as soon as it gets this event.
		if (releaseThreads === undefined || !isOver) settle();
		else releaseThreads().then(settle, reject);
	}
}
