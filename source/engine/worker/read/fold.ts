// What turns a source of bytes into figures. It knows no thread and no file system, so a test can hand it bytes in any
// chunks.
import type {Undecided} from '../../../analysis/forms/decide.ts';
import type {FormsRead} from '../../../analysis/forms/with-forms.ts';
import type {ByteSource} from '../../../input/byte-source.ts';
import type {SourcePlaces} from '../../../input/source-places.ts';
import type {AnalysisResult} from '../../../model/results.ts';
import type {NamedState} from '../../shared/consolidation.ts';
import type {FoldedFile, PartSoFar, ReadSettings} from '../../shared/protocol.ts';

/** How a fold tells where it is, and how it is told to hold or stop. */
export interface FoldPulse {
	/**
	Called after each chunk and before each simulated wait.

	@param look - Says what the records came to so far; it may be called until `report`, and a `wait` that follows, have returned.
	*/
	readonly report: (bytesConsumed: number, rows: number, rejectedRows: number, look?: () => PartSoFar) => void;
	readonly wait: (durationMs: number) => void;
	/**
	Where bytes of the source stand in the file; asked after each read, and `null` where they stand in the same places. Whoever reads keeps the
	places that it tells, and settles those that it has passed; it counts in bytes of the source, and so do the places that it tells.
	*/
	readonly places?: () => SourcePlaces | null;
	/**
	Gives the source in UTF-8 from its beginning, where its bytes have been given out in the encoding of the settings; `undefined` where they have not.

	@param start - All bytes that have been read of it.
	*/
	readonly inUtf8?: (start: Uint8Array) => Promise<ByteSource | undefined>;
}

/**
Reads all records of a source and folds them with the analyses its header calls for. An encoding in the settings is that of its bytes.

@throws {InputError} When the source as a whole cannot be used; whatever `pulse` throws, to stop.
*/
export type Fold = (source: ByteSource, settings: ReadSettings, pulse: FoldPulse) => Promise<Folded>;

export interface Folded extends Omit<FoldedFile, 'bytesRead' | 'folded'> {
	readonly take: TakeStates;
	/** In which forms the columns were read, and what their cells show of them; nothing where no records are read. */
	readonly formsRead?: FormsRead;
}

/**
Gives what the records came to for each analysis, in UTF-8; nothing where the source is empty. To be asked once, before the next source is
read. One state is made after the other, because each may be large.

@param undecided - Columns of which the form is not known: they have no figures.
@param needsGroups - Whether the groups of an analysis are to be merged with others. Where they are not, they are given up in the state, and
its result comes along.
*/
export type TakeStates = (
	needsGroups: (analysis: string) => boolean,
	undecided?: readonly Undecided[],
) => Iterable<TakenState>;

export interface TakenState extends NamedState {
	readonly result?: AnalysisResult;
}

/** A simulated wait comes after each of these numbers of records. */
export const RECORDS_PER_WAIT = 100;
