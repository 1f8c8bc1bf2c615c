// What is known of the run at one moment: facts only, no formatted text, no clocks, no handles.

import type {AnalysisInfo} from '../model/analysis-info.ts';
import type {RunEvent} from '../model/events.ts';
import type {FileAddress} from '../model/file-address.ts';
import type {ErrorReport, FileReport, FinalFileStatus, RunStatus, RunTotals} from '../model/report.ts';
import type {AnalysisResults} from '../model/results.ts';
import type {History} from './history.ts';
import type {Tally} from './tally.ts';

export type FileStatus = 'queued' | 'running' | 'retrying' | FinalFileStatus;

/** A cumulative byte count at a moment: rates and the ETA are computed from a few of these. */
export interface Sample {
	readonly elapsedMs: number;
	readonly bytesRead: number;
}

export interface FileState extends FileAddress {
	readonly status: FileStatus;
	/** The current or last attempt; 0 before the first. */
	readonly attempt: number;
	readonly isPaused: boolean;
	/** Of the current or last attempt. */
	readonly bytesRead: number;
	/** `null` where unknown. */
	readonly bytesTotal: number | null;
	readonly rows: number;
	readonly rejectedRows: number;
	/** When the current or last attempt began and ended, in `elapsedMs` of the run; `null` before that. */
	readonly startedAtMs: number | null;
	readonly endedAtMs: number | null;
	/** Recent byte counts of the current attempt, oldest first. Empty once the file has ended. */
	readonly samples: readonly Sample[];
	/** The error of each failed attempt, oldest first; if the file failed, the last one is the reason. */
	readonly errors: readonly AttemptError[];
	/** Set once the file has ended. */
	readonly report: FileReport | null;
}

export interface AttemptError {
	readonly attempt: number;
	readonly error: ErrorReport;
}

export interface RunState {
	readonly phase: 'waiting' | 'running' | 'ended';
	/** `null` until the run has ended. */
	readonly status: RunStatus | null;
	readonly isPaused: boolean;
	readonly version: string;
	readonly paths: readonly string[];
	readonly concurrency: number;
	readonly threads: number;
	/** How to present the results. */
	readonly analysisInfos: readonly AnalysisInfo[];
	/** Whether all of them are made of each file that has their columns, instead of one. */
	readonly areCombined: boolean;
	/** Whether files come as long as it runs: then `files` has those that are at work, and those that have ended last. */
	readonly isEndless: boolean;
	/** In the order of the plan: by path, in byte order. */
	readonly files: readonly FileState[];
	/** The folder that all files share, ending with a slash; empty where there is none. */
	readonly commonFolder: string;
	/** From what `keyOf` gives of a file to its index in `files`: mostly its name. */
	readonly indexByFile: ReadonlyMap<string | number, number>;
	readonly counts: Readonly<Record<FileStatus, number>>;
	/** Running files that a person holds. */
	readonly heldCount: number;
	/** Bytes of those files that are not read yet. */
	readonly heldBytesLeft: number;
	/** Since when every running file is held, in `elapsedMs`; `null` while any file can move. */
	readonly heldSinceMs: number | null;
	/** How many files the plan holds, from `run-started`. */
	readonly fileCount: number;
	/** Bytes of all files of known size. */
	readonly bytesTotal: number;
	/** Bytes read so far, by running and ended files. */
	readonly bytesRead: number;
	/** Bytes that need no more work: all bytes of ended files, and the bytes read of running ones. */
	readonly bytesSettled: number;
	/** Bytes of cancelled files that were not read: settled, but not done. */
	readonly bytesLeftOut: number;
	readonly rows: number;
	readonly rejectedRows: number;
	/** Recent totals of bytes read, oldest first; they never decrease, even when an attempt starts again. */
	readonly samples: readonly Sample[];
	/** Totals of bytes read over the whole run, at growing intervals. */
	readonly history: History;
	/** Failures by reason and the slowest files, updated file by file. */
	readonly tally: Tally;
	/** The last events that people want to read, oldest first, without progress. */
	readonly log: readonly RunEvent[];
	/** The number of such events so far. */
	readonly logCount: number;
	/** Time of the last event. */
	readonly elapsedMs: number;
	/** Set once the run has ended. */
	readonly totals: RunTotals | null;
	readonly analyses: AnalysisResults;
}
