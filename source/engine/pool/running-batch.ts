// A batch of small files, as whoever reads it and whoever has it done see each other: see small-files.ts for the latter.

import type {BatchBoard} from '../shared/batch-board.ts';
import type {FilesReply, ReadSettings, SourceLocation} from '../shared/protocol.ts';
import type {SharedProgress} from '../shared/shared-progress.ts';
import type {WorkerTask} from './task.ts';

/** Up to this size a file takes less time than a message. */
const SMALL_BYTES = 256 * 1024;

export const isSmall = ({source, bytesTotal = null}: Pick<WorkerTask, 'source' | 'bytesTotal'>): boolean =>
	source.kind === 'file' && bytesTotal !== null && bytesTotal <= SMALL_BYTES;

export interface FilesOfBatch {
	readonly sources: readonly SourceLocation[];
	readonly settings: ReadSettings | null;
}

export const noFiles: FilesOfBatch = {sources: [], settings: null};

/** Who has a batch done. */
export interface BatchClient {
	/** Called when there is a thread: gives the files that are still wanted; none means none is needed. */
	readonly choose: () => FilesOfBatch;
	/** Called right after `choose`, before anything else can happen: the thread has the files. */
	readonly onStart: (batch: RunningBatch) => void;
	readonly onReply: (reply: FilesReply) => void;
}

export type BatchEnd =
	| {readonly type: 'done'}
	/** The thread is gone. */
	| {readonly type: 'lost'; readonly cause: string};

/** A batch that a thread works through. */
export interface RunningBatch {
	readonly board: BatchBoard;
	/** Of the file that is being worked on. */
	readonly progress: SharedProgress;
	readonly kill: () => void;
	/** Resolves after the last reply. */
	readonly ended: Promise<BatchEnd>;
}
