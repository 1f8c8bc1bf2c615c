// The files of a run, before anything of them is read: names, kinds and sizes.
import type {Stats} from 'node:fs';
import type {OtherFiles, RunStarted} from '../../model/events.ts';
import type {ErrorReport} from '../../model/report.ts';
import type {ReadLimits} from '../shared/limits.ts';
import type {SourceLocation} from '../shared/protocol.ts';

/** One file of the run. `file` is the path as given or found; bytes that are not UTF-8 are written as `\xff`. */
export type PlanEntry =
	| {
			readonly type: 'file';
			readonly file: string;
			readonly source: SourceLocation;
			/** `null` where it is not known before it is read. */
			readonly bytesTotal: number | null;
			/** There where a walk or a pattern has found the file, and nobody named it. */
			readonly isFound?: true;
	  }
	/** Not to be read; `kind` says what it is: `a FIFO`, `a dangling link` … */
	| {readonly type: 'skipped'; readonly file: string; readonly kind: string}
	/** What can't be tried again: a folder that may not be listed, a pattern without a match. */
	| {readonly type: 'unreadable'; readonly file: string; readonly error: ErrorReport};

export interface Plan {
	/** Sorted by path in byte order, which is the order of the run. A run takes them out, for 100,000 are not to be kept twice. */
	readonly entries: PlanEntry[];
	/** What was given and led to nothing at all: a sentence for each. */
	readonly unmatched: readonly string[];
	/** Files that walks have left out because of their names; missing where there are none. Hidden ones are not counted. */
	readonly otherFiles?: OtherFiles;
}

/** What `run-started` tells of a plan. */
export const sumUpPlan = ({
	entries,
	otherFiles,
}: Plan): Pick<RunStarted, 'fileCount' | 'bytesTotal' | 'otherFiles'> => ({
	fileCount: entries.length,
	bytesTotal: entries.reduce((sum, entry) => sum + (entry.type === 'file' ? (entry.bytesTotal ?? 0) : 0), 0),
	...(otherFiles === undefined ? {} : {otherFiles}),
});

/** Called with what is found while more is looked for. */
export interface PlanWatcher {
	/** The number of files that have been found; now and then. What is waited for is there before very many more are found at once. */
	readonly onCount?: (fileCount: number) => void | Promise<void>;
	/** Packed bytes of an archive have been read that must be unpacked as a whole to know what is in it. */
	readonly onArchiveRead?: (file: string, bytesRead: number, bytesTotal: number) => void;
}

/** Knows the files that the run itself writes. */
export interface OutputFilter {
	/** Whether a file that is found is left out, because it is one of them. */
	readonly isOutput: (stats: Stats, path: string | Uint8Array, isGiven: boolean) => boolean;
	/** The same of an object on another machine, by its name. */
	readonly isRemoteOutput?: (name: string) => boolean;
}

export interface PlanOptions {
	/** Whether links to folders that were found, rather than named, are followed. */
	readonly follow?: boolean | undefined;
	readonly watcher?: PlanWatcher | undefined;
	readonly outputs?: OutputFilter | undefined;
	/** Whether an archive is one file, and not its members. @default false */
	readonly keepsArchives?: boolean | undefined;
	/** What archives may unpack to, as in `ReadLimits`. */
	readonly limits?: {readonly [Name in keyof UnpackLimits]?: number | undefined} | undefined;
}

/** See `ReadLimits`. */
export type UnpackLimits = Pick<ReadLimits, 'maxUnpackedBytes' | 'maxUnpackRatio'>;
