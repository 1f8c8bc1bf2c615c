// What a run is given, and what whoever started it has of it.
import type {RunControl} from '../store/control.ts';
import type {RunEvent} from '../store/events.ts';
import type {Plan} from './plan.ts';
import type {BatchingPool} from './small-files.ts';
import type {ReadSettings} from './worker/protocol.ts';
import type {WorkerPool} from './worker-pool.ts';

export interface RunOptions {
	readonly plan: Plan;
	/** What was asked for, for `run-started`. */
	readonly paths: readonly string[];
	readonly version: string;
	/** Files in flight; each needs a thread of its own to be read. */
	readonly concurrency: number;
	readonly threads: number;
	/** Further attempts after an error that may pass. */
	readonly retries: number;
	readonly timeoutMs: number;
	readonly readSettings: ReadSettings;
	readonly pool: Pick<WorkerPool, 'start'> & Partial<BatchingPool>;
	/** Aborting it stops the run. */
	readonly signal?: AbortSignal | undefined;
	readonly onEvent: (event: RunEvent) => void;
	/** Monotonic milliseconds. */
	readonly monotonicNow?: () => number;
	/** From 0 up to 1: spreads retries. */
	readonly random?: () => number;
}

export interface Run extends RunControl {
	/** Resolves after `run-completed`; rejects when a subscriber of the events threw. */
	readonly done: Promise<void>;
	/** Milliseconds since the run began, on the clock of its events. */
	readonly now: () => number;
}
