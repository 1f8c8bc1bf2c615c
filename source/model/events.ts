// The one vocabulary of what happens. The engine emits these; the dashboard, the plain lines, the JSON stream and the
// report are subscribers. Rules that hold for all of them:
//   - past tense, and every fact is a total, never a delta: an event may come late or be merged with the next one;
//   - `run-started` is the first event, `run-completed` the last; where files are queued again after it, the run goes on, and ends
//     with another one;
//   - every attempt that started ends with exactly one of file-completed, -failed, -retrying, -cancelled, -skipped.

import type {AnalysisInfo} from './analysis-info.ts';
import type {FileAddress} from './file-address.ts';
import type {ErrorReport, FileReport, RunStatus, RunTotals} from './report.ts';
import type {AnalysisResults} from './results.ts';

/** What every event carries, put on as it leaves the engine. */
export interface EventStamp {
	/** 1, 2, 3 … without a gap. */
	readonly seq: number;
	/** Wall-clock time, ISO 8601. For people and logs; nothing is computed from it. */
	readonly at: string;
	/** Monotonic milliseconds since the run began. Rates and times are computed from this. */
	readonly elapsedMs: number;
	/** There where the run was given an id, because the events of several runs go to the same place. */
	readonly runId?: string;
}

export interface RunStarted {
	readonly type: 'run-started';
	/** The version of the program. */
	readonly version: string;
	/** What was asked for, as given. */
	readonly paths: readonly string[];
	/** How many files the plan holds, skipped ones included; those that are added later are not counted. */
	readonly fileCount: number;
	/** Their sizes together; a file of unknown size (standard input) counts nothing. */
	readonly bytesTotal: number;
	readonly concurrency: number;
	/** 0 where it is not this machine whose threads read. */
	readonly threads: number;
	/** All that may be chosen for the files, so that an output can present a result without knowing its analysis. */
	readonly analyses: readonly AnalysisInfo[];
	/** There where all of them are made of each file that has their columns, instead of one. */
	readonly areCombined?: true;
	/** Files of walked folders that are left out because of their names; missing where there are none. Hidden ones do not count. */
	readonly otherFiles?: OtherFiles;
	/** There where a server processes the files: its address. Then nobody knows of its threads here. */
	readonly server?: string;
	/** There where workers on other machines read the files: the address of the queue that they take them from. */
	readonly queue?: string;
	/** There where files come as long as it runs, in a watched folder: who follows it does not keep all of them. */
	readonly isEndless?: true;
}

export interface OtherFiles {
	readonly count: number;
	/** Their extensions, the most frequent ones first and 20 at most; empty for names without one. */
	readonly extensions: readonly string[];
}

interface AboutFile extends FileAddress {
	/** The attempt this is about; for a file that waits or never began, how many have been started so far. */
	readonly attempt: number;
}

/** What else is known of a file of a watched folder that has ended. */
interface Ended {
	readonly report: FileReport;
	/** Where the file lies from now on, below the watched folder: `processed/<claim>__<name>`. */
	readonly place?: string;
	/** The route that it came to its end on; `null`: it took none. */
	readonly tag?: string | null;
}

/** The file waits for its turn: at the start of the run, or again because someone asked for a retry. */
export interface FileQueued extends AboutFile {
	readonly type: 'file-queued';
	/** `null` where it is not known (standard input). */
	readonly bytesTotal: number | null;
	/** There where the file was added while the run was on: the figures of `run-started` do not count it. */
	readonly isAdded?: true;
}

/** The file is not data: the plan says so, or an attempt has found a report or a log of this program in it. */
export interface FileSkipped extends AboutFile, Ended {
	readonly type: 'file-skipped';
	/** As in `FileQueued`. */
	readonly isAdded?: true;
}

export interface FileStarted extends AboutFile {
	readonly type: 'file-started';
}

/** Totals of the attempt so far, sampled a few times a second. */
export interface FileProgressed extends AboutFile {
	readonly type: 'file-progressed';
	readonly bytesRead: number;
	readonly rows: number;
	readonly rejectedRows: number;
	/** Whether this file is held by someone (the pause of the whole run is `run-paused`). */
	readonly isPaused: boolean;
}

/** The attempt ended with an error that may pass; the next one starts after `waitMs`. */
export interface FileRetrying extends AboutFile {
	readonly type: 'file-retrying';
	readonly error: ErrorReport;
	readonly waitMs: number;
}

export interface FileCompleted extends AboutFile, Ended {
	readonly type: 'file-completed';
}

export interface FileFailed extends AboutFile, Ended {
	readonly type: 'file-failed';
}

export interface FileCancelled extends AboutFile {
	readonly type: 'file-cancelled';
	readonly report: FileReport;
}

export interface RunPaused {
	readonly type: 'run-paused';
}

export interface RunResumed {
	readonly type: 'run-resumed';
}

export interface RunCompleted {
	readonly type: 'run-completed';
	readonly status: RunStatus;
	readonly totals: RunTotals;
	readonly analyses: AnalysisResults;
}

/** A fact without its stamp: what the parts of the engine say. */
export type RunFact =
	| RunStarted
	| FileQueued
	| FileSkipped
	| FileStarted
	| FileProgressed
	| FileRetrying
	| FileCompleted
	| FileFailed
	| FileCancelled
	| RunPaused
	| RunResumed
	| RunCompleted;

export type RunEvent = RunFact & EventStamp;
export type RunEventType = RunFact['type'];
