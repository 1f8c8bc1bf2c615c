// What a run is given, and what its starter gets in return.

import type {AnalysisInfo} from '../../model/analysis-info.ts';
import type {RunEvent} from '../../model/events.ts';
import type {RunControl} from '../../model/run-control.ts';
import type {Plan} from '../plan/plan.ts';
import type {WorkerPool} from '../pool/worker-pool.ts';
import type {ReadSettings} from '../shared/protocol.ts';
import type {GroupPool} from '../small-files/dequeue-group.ts';

export interface RunOptions {
	readonly plan: Plan;
	/** What was asked for, for `run-started`. */
	readonly paths: readonly string[];
	readonly version: string;
	/** All that may be chosen for the files, for `run-started`. */
	readonly analyses: readonly AnalysisInfo[];
	/** Put on every event, where the events of several runs go to the same place. */
	readonly runId?: string | undefined;
	/** Files in flight; each needs a thread of its own to be read. */
	readonly concurrency: number;
	readonly threads: number;
	/** Further attempts after an error that may pass. */
	readonly retries: number;
	readonly timeoutMs: number;
	readonly readSettings: ReadSettings;
	readonly pool: Pick<WorkerPool, 'start'> & Partial<GroupPool>;
	/** Called when the run is over: nothing is asked of the pool until files are tried again. */
	readonly releaseThreads?: () => Promise<void>;
	/** Aborting it stops the run. */
	readonly signal?: AbortSignal | undefined;
	readonly onEvent: (event: RunEvent) => void;
	/** See `BatchOptions.untilRoom`. */
	readonly untilRoom?: (() => Promise<void> | null) | undefined;
	/** Monotonic milliseconds. */
	readonly monotonicNow?: () => number;
	/** From 0 up to 1: spreads retries. */
	readonly random?: () => number;
}

export interface Run extends RunControl {
	/** Resolves after the first `run-completed`, when the threads are released; rejects when a subscriber of the events threw. */
	readonly done: Promise<void>;
	/** The same for the latest end: another promise once files are tried again after the run was over. */
	readonly whenOver: () => Promise<void>;
	/** Milliseconds that the run has been at work, on the clock of its events. */
	readonly now: () => number;
}
