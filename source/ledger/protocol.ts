// What a run and the thread that writes its ledger say to each other.
import type {FinalFileStatus, RunStatus, RunTotals} from '../model/report.ts';

export interface LedgerThreadData {
	readonly path: string;
	/** What names the settings that results depend on: results of others are not found. 32 hexadecimal digits. */
	readonly settingsDigest: string;
}

/** A run as it begins. */
export interface NewRun {
	readonly id: string;
	/** Milliseconds since 1970, as all times here. */
	readonly startedAt: number;
	/** The working folder, which the paths start from. */
	readonly folder: string;
	readonly paths: readonly string[];
	/** How the files are read: the settings of the batch as JSON. */
	readonly settings: string;
	/** Names what of them figures depend on; missing where that is not known. */
	readonly reading?: string;
	/** Names the process that writes: see `process-name.ts`. */
	readonly process: string;
	/** The version of the program. */
	readonly version: string;
}

/** A file that has ended; a later row of the same position replaces it, because files may be retried after the end. */
export interface FileRow {
	/** Its place among the files of the run, in the order in which they were queued. */
	readonly position: number;
	/** The name in the report. */
	readonly file: string;
	readonly status: FinalFileStatus;
	/** Why it completed without an accepted record; `null` for any other file. */
	readonly noRecord: string | null;
	/** The code of its error. */
	readonly code: string | null;
	/** Names of what was made of it, with spaces between them. */
	readonly analyses: string | null;
	readonly attempts: number;
	readonly bytes: number;
	readonly rows: number;
	readonly rejectedRows: number;
	/** As in `FileReport`; `null` where there is none. */
	readonly contentHash: string | null;
}

/** An attempt at a file; a later row of the same number replaces it. */
export interface AttemptRow {
	readonly position: number;
	/** 1 is the first. */
	readonly number: number;
	/** The name in the report. */
	readonly file: string;
	readonly startedAt: number;
	/** `null` while it goes on; for ever where the process died. */
	readonly endedAt: number | null;
	/** Of the error that it ended with. */
	readonly code: string | null;
}

/** Why the first rejected records of a file were rejected. */
export interface RejectRow {
	readonly position: number;
	readonly reason: string;
	/** Of those that the report lists. */
	readonly count: number;
	/** Of the first one. */
	readonly line: number;
}

export interface RunEnd {
	readonly status: RunStatus;
	readonly endedAt: number;
	readonly totals: RunTotals;
}

/** What a file came to. */
export interface NewResult {
	/** See `KeptResult` of the engine. */
	readonly path: string;
	readonly kind: string;
	readonly identity: string;
	/** As in `FileReport`. */
	readonly contentHash: string;
	readonly result: Uint8Array<ArrayBuffer>;
}

/** From where a file could be read on; it replaces the one before. */
export interface NewCheckpoint {
	readonly path: string;
	readonly identity: string;
	readonly checkpoint: Uint8Array;
}

/** What has happened since the last message, in one transaction. */
export interface NewEntries {
	/** Events as lines of JSON, in UTF-8; empty where there are none. */
	readonly lines: Uint8Array;
	readonly files: readonly FileRow[];
	readonly attempts?: readonly AttemptRow[];
	readonly rejects?: readonly RejectRow[];
	readonly results: readonly NewResult[];
	readonly checkpoints: readonly NewCheckpoint[];
	/** `null` while the run goes on, also where it goes on after its end. */
	readonly end: RunEnd | null;
}

/** What waits in memory until it is written. */
export const byteCountOf = ({lines, results, checkpoints}: NewEntries): number =>
	lines.length +
	results.reduce((sum, {result}) => sum + result.length, 0) +
	checkpoints.reduce((sum, {checkpoint}) => sum + checkpoint.length, 0);

export type ToLedger =
	/** Before anything is found: which files something is known of that was kept with the same settings. */
	| {readonly type: 'list'}
	/** Before anything is written. */
	| {readonly type: 'begin'; readonly run: NewRun}
	| ({readonly type: 'write'} & NewEntries)
	| {readonly type: 'find'; readonly id: number; readonly path: string; readonly kind: string}
	/** Asks for an answer when all in front of it is on the disk. */
	| {readonly type: 'flush'}
	/** Nothing follows. */
	| {readonly type: 'end'};

/** What is known of a file, and in which state it was. */
export interface FoundFile {
	readonly identity: string;
	readonly result: Uint8Array | null;
	/** Of that result. */
	readonly contentHash: string | null;
	readonly checkpoint: Uint8Array | null;
}

/** What earlier runs with the same settings have left. */
export interface KnownFiles {
	/** The paths of all files that something is known of. */
	readonly paths: readonly string[];
	readonly cut: readonly CutFile[];
}

/** A file that was being read when a process died. */
export interface CutFile {
	readonly path: string;
	/** How many processes have died so since there was last a checkpoint or a result of it. */
	readonly deaths: number;
	/** When the last of them had begun with it. */
	readonly lastStartedAt: number;
	/** Whether a run can go on within it. */
	readonly hasCheckpoint: boolean;
}

export type FromLedger =
	| ({readonly type: 'listed'} & KnownFiles)
	| {readonly type: 'found'; readonly id: number; readonly known: FoundFile | null}
	| {readonly type: 'flushed'}
	/** So many bytes that were sent are on the disk since the last message. */
	| {readonly type: 'written'; readonly byteCount: number}
	/** All that has been sent is on the disk, and the file is closed. */
	| {readonly type: 'finished'}
	/** Nothing more is written; what was committed before stays. */
	| {readonly type: 'failed'; readonly message: string};
