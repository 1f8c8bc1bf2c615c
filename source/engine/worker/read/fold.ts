// What turns a source of bytes into figures. It knows no thread and no file system, so a test can hand it bytes in any
// chunks.
import type {ByteSource} from '../../../input/byte-source.ts';
import type {FoldedFile, ReadSettings} from '../../shared/protocol.ts';

/** How a fold tells where it is, and how it is told to hold or stop. */
export interface FoldPulse {
	/**
	Called after each chunk and before each simulated wait.

	@param look - Says what the records came to so far; it may be called until `report`, and a `wait` that follows, have returned.
	*/
	readonly report: (bytesConsumed: number, rows: number, rejectedRows: number, look?: () => SoFar) => void;
	readonly wait: (durationMs: number) => void;
}

/** What some records of a source came to; its groups may be only those that the figures list. */
export type SoFar = Omit<FoldedFile, 'bytesRead' | 'result'>;

/**
Reads all records of a source and folds them with the analysis its header calls for.

@throws {InputError} When the source as a whole cannot be used; whatever `pulse` throws, to stop.
*/
export type Fold = (source: ByteSource, settings: ReadSettings, pulse: FoldPulse) => Promise<Folded>;

export interface Folded extends Omit<SoFar, 'folded'> {
	/** What the records came to; to be asked once, before the next source is read. */
	readonly takeFolded: () => FoldedFile['folded'];
	/** The same for its figures alone, where its groups need not be merged with others: instead of `takeFolded`. */
	readonly takeListed: () => FoldedFile['folded'];
}

/** Simulated waits come after every so many records. */
export const RECORDS_PER_WAIT = 100;
