// The contract between a run and what reads its files for it. Worker threads of this process (engine/pool) are one backend; it
// says nothing that a queue on other machines could not do: no memory is shared, and no call waits for an answer but by a promise.

import type {ErrorReport} from '../../model/report.ts';
import type {FileInspection} from '../../model/run-control.ts';
import type {FilesReply, FoldedFile, RangedPart, ReadSettings, SourceLocation} from '../shared/protocol.ts';
import type {RangeSpan, ReadRange} from '../shared/range-board.ts';
import type {Directive, ProgressTotals} from '../shared/shared-progress.ts';
import type {SplitCheckpoint} from '../shared/split-checkpoint.ts';

/**
What a run gives its work to. Each run has a backend of its own, even if several of them share the same workers.

1. The run may call anything at any time; what comes too late does nothing.
2. A start that resolves with a task, or a group, has a worker, and ends with exactly one outcome, also when the worker dies, is
   killed, or the backend is closed. One that resolves with `null` has nothing and no outcome.
3. Starts of the same run get a worker in the order of their calls, as far as they may have one.
4. What happens to one task changes no other: not to those of this run, and not to those of others that share the workers.
5. What a backend reports arrives in the order in which it happened, and nothing arrives after the outcome.
6. The run looks at the totals from time to time, and decides when a task has stood still for too long: a backend knows no
   deadlines of its own but for its workers.
*/
export interface JobBackend {
	/**
	Has one file read as soon as a worker is free. Resolves with `null` when the signal was aborted or the backend closed before
	that. Once it has resolved the signal has no effect.

	@throws When no worker can be had: later starts may have one.
	*/
	readonly start: (task: WorkerTask, signal: AbortSignal) => Promise<RunningTask | null>;
	/**
	Has some ranges of a large file read, by rules as of `start`, for those who have the others read elsewhere. Left out where files are
	read as a whole only.
	*/
	readonly startSpan?: (task: SpanTask, signal: AbortSignal) => Promise<RunningSpan | null>;
	/**
	Has small files read one after the other by one worker, as soon as one is free. Resolves with `null` when no file is wanted by
	then, or the backend was closed. Left out where files are read one by one only.

	@throws When no worker can be had.
	*/
	readonly startGroup?: (client: GroupClient) => Promise<RunningGroup | null>;
	/** Whether a file is to be started by itself, however small it is; left out where none is. */
	readonly isAlone?: (source: SourceLocation) => boolean;
	/** How many files the run has in flight at most from now on. It is not a limit of the backend, but what it should have workers for. */
	readonly setFilesInFlight: (count: number) => void;
	/** Groups of an analysis are not needed of files that end from now on: their partials may come without them, if `result` comes along. */
	readonly giveUpGroups: (analysis: string) => void;
	/** Ends all waits and tasks of this run. Resolves when they have their outcome; nothing is started any more. */
	readonly close: () => Promise<void>;
}

/** A file to read. Where a worker cannot reach the source, the outcome is `failed`. */
export interface WorkerTask {
	readonly source: SourceLocation;
	readonly settings: ReadSettings;
	/** `null` or nothing where it is not known. */
	readonly bytesTotal?: number | null;
	/** There where the reading may be ended at any moment, and another one goes on from there; only some files can. */
	readonly checkpoints?: TaskCheckpoints;
}

export interface TaskCheckpoints {
	/** To go on from; `null`: from the beginning. */
	readonly from: SplitCheckpoint | null;
	/** Called from time to time: each one replaces the one before. */
	readonly onTaken: (checkpoint: SplitCheckpoint) => void;
}

export type TaskOutcome =
	| {readonly type: 'completed'; readonly file: FoldedFile}
	| {readonly type: 'failed'; readonly error: ErrorReport; readonly bytesRead: number}
	/** It was told to abort, and has read no further. */
	| {readonly type: 'aborted'}
	/** The worker is gone and gave no answer. */
	| {readonly type: 'worker-lost'; readonly cause: string};

/** Ranges of a large file, one behind the other: which, all who read some of it must agree upon. */
export interface FileSpan extends RangeSpan {
	readonly fileBytes: number;
	readonly rangeBytes: number;
}

export interface SpanTask extends Pick<WorkerTask, 'source' | 'settings'> {
	readonly span: FileSpan;
}

export type SpanOutcome =
	/** All of them, by one or several threads. */
	| {readonly type: 'read'; readonly parts: readonly RangedPart[]; readonly ranges: readonly ReadRange[]}
	/** The file is not as it should be for that: one must read it from its beginning. */
	| {readonly type: 'not-in-ranges'}
	| Exclude<TaskOutcome, {readonly type: 'completed'}>;

export type RunningSpan = Omit<RunningTask, 'outcome' | 'inspect'> & {readonly outcome: Promise<SpanOutcome>};

/** A file that a worker reads. */
export interface RunningTask {
	readonly outcome: Promise<TaskOutcome>;
	/** How far the worker is, as far as it is known here. Totals never fall. */
	readonly readProgress: () => ProgressTotals;
	/** Changes whenever anything was read, also where the totals stand still because something is read again. */
	readonly countReads?: () => number;
	/**
	Tells the worker to hold, to go on, or to abort; the last word counts, and nothing follows an abort. A worker that holds reads no
	further. One that was told to abort may still complete or fail, if it did before it heard of it.
	*/
	readonly direct: (directive: Directive) => void;
	/** Gives the worker up, whatever it is doing: the outcome is `worker-lost` unless an answer came before. */
	readonly kill: () => void;
	/** What the file came to so far; `null`, or nothing to call, where that cannot be said. */
	readonly inspect?: () => Promise<FileInspection | null>;
}

export interface FilesOfGroup {
	readonly sources: readonly SourceLocation[];
	readonly settings: ReadSettings | null;
}

/** Who has a group of files read. */
export interface GroupClient {
	/** Whether a worker may be started for it where there are others; left out: yes. Otherwise it waits until one of them is free. */
	readonly mayStartWorker?: boolean;
	/** Called once, when there is a worker: gives the files that are still wanted, or no files where no worker is needed any more. */
	readonly choose: () => FilesOfGroup;
	/** Called right after `choose`, before anything else can happen: the worker has the files. */
	readonly onStart: (group: RunningGroup) => void;
	/** Called with the outcomes of the next files, in order, each file once. The last reply says so. */
	readonly onReply: (reply: FilesReply) => void;
}

export type GroupEnd =
	| {readonly type: 'done'}
	/** The worker is gone: files without an outcome have none. */
	| {readonly type: 'lost'; readonly cause: string};

/** A group that a worker reads. Files are known by their places in what `choose` gave. */
export interface RunningGroup {
	/** The file that is being read, or was last, as far as it is known here; -1 before the first. Never falls. */
	readonly currentIndex: () => number;
	/** Of the file that is being read: begins anew with each. */
	readonly readProgress: () => ProgressTotals;
	/** Holds the worker, or lets it go on. A file that has not begun does not begin while it is held. */
	readonly direct: (directive: Exclude<Directive, 'abort'>) => void;
	/**
	Cancels a file that has not begun; its outcome is `skipped`.

	@returns Whether it is certain that it never begins. Where that cannot be known at once it may still do so: its outcome tells.
	*/
	readonly cancelFile: (index: number) => boolean;
	/** Aborts a file that has begun, if it has; the others go on, also while the group is held. */
	readonly abortFile: (index: number) => void;
	/** Gives the worker up: the group ends as `lost` unless its last reply came before. */
	readonly kill: () => void;
	/** Resolves after the last reply. */
	readonly ended: Promise<GroupEnd>;
}
