// What a run is given, and what its starter gets in return.

import type {AnalysisInfo} from '../../model/analysis-info.ts';
import type {CompleteTable} from '../../model/complete-table.ts';
import type {RunEvent} from '../../model/events.ts';
import type {FileAddress} from '../../model/file-address.ts';
import type {RunControl} from '../../model/run-control.ts';
import type {JobBackend} from '../backend/job-backend.ts';
import type {Plan, PlanEntry} from '../plan/plan.ts';
import type {NamedState} from '../shared/consolidation.ts';
import type {NamedPartial, ReadSettings} from '../shared/protocol.ts';
import type {JobSettings} from './job-settings.ts';

export interface RunOptions {
	readonly plan: Plan;
	/** What was asked for, for `run-started`. */
	readonly paths: readonly string[];
	readonly version: string;
	/** All that may be chosen for the files, for `run-started`. */
	readonly analyses: readonly AnalysisInfo[];
	/** Put on every event, where the events of several runs go to the same place. */
	readonly runId?: string | undefined;
	/** Whether the run stays open when it has no file left, until `close` is called. */
	readonly staysOpen?: boolean | undefined;
	/** Whether nothing is kept of files that have ended: they cannot be tried again or looked into. Default: no. */
	readonly forgetsEnded?: boolean | undefined;
	/** What files of an earlier run have come to: its `takeStates`. Its results and those of this one are one. */
	readonly earlier?: readonly NamedState[] | undefined;
	/**
	Takes what each file came to, as it crosses threads, before the event with its report. Then nothing is merged, and there are no results of all
	files together.
	*/
	readonly onPartials?: ((file: FileAddress, encode: () => readonly NamedPartial[]) => void) | undefined;
	/** Files in flight; each needs a thread of its own to be read. */
	readonly concurrency: number;
	/** How many files may be in flight when `concurrency` is raised later: as many as can get a thread. */
	readonly maxConcurrency: number;
	/** Threads for any work; there may be more where more files are in flight. */
	readonly threads: number;
	/** Of the workers on other machines that read the files, as it may be shown; left out: threads do. */
	readonly queue?: string | undefined;
	/** Further attempts after an error that may pass. */
	readonly retries: number;
	readonly timeoutMs: number;
	readonly readSettings: ReadSettings;
	readonly backend: JobBackend;
	/** Called when the run is over: nothing is asked of the backend until files are tried again. */
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
	/**
	Adds a file to a run that is on. It ends as any file of the plan does.

	@param settings - Where they differ from those of the run.
	@returns How events name the file; `null`, and nothing has happened, where the run takes no more files, because it was closed
	or stopped or is over.
	*/
	readonly addFile: (entry: PlanEntry, settings?: JobSettings) => FileAddress | null;
	/**
	The same for many files, in turns, while others are read. A run that is closed meanwhile takes all of them before it ends; one
	that is stopped takes them too, and cancels them.

	@returns How many were added: all, or none where the run takes no more files.
	*/
	readonly addFiles: (entries: Iterable<PlanEntry>, settings?: JobSettings) => Promise<number>;
	/** The tables of what has been read so far, complete; to be read before more is. */
	readonly tables: () => readonly CompleteTable[];
	/** What all files have come to, for a run that goes on where this one has ended. */
	readonly takeStates: () => readonly NamedState[];
	/** Says that no more files are added: a run that stays open until then ends as soon as no file is left. */
	readonly close: () => void;
	/** Resolves after the first `run-completed`, when the threads are released; rejects when a subscriber of the events threw. */
	readonly done: Promise<void>;
	/** The same for the latest end: another promise once files are tried again after the run was over. */
	readonly whenOver: () => Promise<void>;
	/** Milliseconds that the run has been at work, on the clock of its events. */
	readonly now: () => number;
}
