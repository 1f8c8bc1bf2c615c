// What an analysis is. A file's records are folded into a partial; partials merge; a merged partial is finished into
// the figures of the report. Merging is associative and commutative with the empty partial as identity, which is why
// the report does not depend on threads, order or where the data was cut.
//
// Text from files arrives as bytes, one character per byte (Latin-1): comparing two such strings compares their bytes,
// and nothing is decoded that nobody will read. A file that is not in UTF-8 has its texts transcoded before they meet those of
// others; see text-encoding.ts.
import type {GroupColumns} from './groups.ts';
import type {NumberedIds} from './numbered-ids.ts';
import type {AnalysisName, AnalysisResults} from './results.ts';
import type {TextEncoding} from './text-encoding.ts';
import type {TransactionsPartial} from './transactions/partial.ts';

/** Why a record was left out. Where several hold, the first in this order counts. */
export type RejectReason = 'field-count' | 'quote' | 'missing' | 'not-a-number' | 'too-many-digits' | 'not-a-date';

/** The partial of each analysis, by its name. */
export interface AnalysisPartials {
	readonly transactions: TransactionsPartial;
}

/** What is wrong with one cell. */
export interface CellFault {
	/** An entry of the analysis's `columns`. */
	readonly column: string;
	readonly reason: RejectReason;
	/** The cell as found, one character per byte. */
	readonly value: string;
}

/** Takes the records of one source, one after the other. */
export interface RecordFold<Name extends AnalysisName> {
	/**
	Takes one record in, or leaves it out as a whole and says why.

	@param fields - All fields, quotes removed, one character per byte.
	@param columnIndexes - Where each of the analysis's `columns` stands among them.
	*/
	readonly add: (fields: readonly string[], columnIndexes: readonly number[]) => CellFault | null;
	/** What the records came to so far. It crosses threads by structured clone. */
	readonly takePartial: () => AnalysisPartials[Name];
}

/** Figures of columns, as a reader gives them that does not hand out records; see kernel/kernel.ts. */
export interface ColumnFigures {
	readonly groups: GroupColumns;
	/** Whether there were too many: then the only one has the records of all. */
	readonly groupsAreGivenUp: boolean;
	readonly earliest: string | null;
	readonly latest: string | null;
	readonly distinct:
		| {
				readonly keys: Uint32Array;
				readonly longValues: Set<string>;
				/** Those of them that are bits; `null` for none. */
				readonly numbered: NumberedIds | null;
				/** How many more there are, which were told with the figures of another source. */
				readonly toldBefore: number;
				readonly registers: null;
		  }
		| {readonly keys: null; readonly longValues: null; readonly registers: Uint8Array};
}

/** The same with groups in pieces, each name in one of them. */
export type ColumnFiguresInPieces = Omit<ColumnFigures, 'groups'> & {readonly groups: Iterable<GroupColumns>};

/** Which columns such a reader shall look at, by their place in a record, and how much it may keep. */
export interface KernelColumns {
	readonly idColumn: number;
	readonly amountColumn: number;
	readonly dateColumn: number;
	readonly groupColumn: number;
	readonly mostGroups: number;
	readonly mostGroupBytes: number;
	readonly mostValues: number;
	readonly mostValueBytes: number;
}

export interface Analysis<Name extends AnalysisName> {
	readonly name: Name;
	/** The columns it cannot do without, lower case. */
	readonly columns: readonly string[];
	readonly createFold: () => RecordFold<Name>;
	/** @param columnIndexes - Where each of the `columns` stands. */
	readonly kernelColumns: (columnIndexes: readonly number[]) => KernelColumns;
	/** The partial of the figures of those columns: the same as the fold's of the same records. */
	readonly fromColumns: (figures: ColumnFigures) => AnalysisPartials[Name];
	/**
	The same in UTF-8 with those groups only that the figures list: `finish` gives the same of it, but it cannot be merged. It takes
	little memory, however many groups there are.
	*/
	readonly listedFromColumns: (figures: ColumnFiguresInPieces, encoding: TextEncoding) => AnalysisPartials[Name];
	/** Whether its groups are given up for good: then those of others need not be merged into it. */
	readonly hasGivenUpGroups: (partial: AnalysisPartials[Name]) => boolean;
	/** Gives them up. */
	readonly giveUpGroups: (partial: AnalysisPartials[Name]) => void;
	/** The identity of merging. */
	readonly createPartial: () => AnalysisPartials[Name];
	/** Merges `source` into `target`; `source` is left as it is. */
	readonly mergeInto: (target: AnalysisPartials[Name], source: AnalysisPartials[Name]) => void;
	/** The same, where the source is not looked at any more: its memory is taken over or given back. */
	readonly absorb: (target: AnalysisPartials[Name], source: AnalysisPartials[Name]) => void;
	/** The same for a thread that has others to serve: `nextTurn` resolves when they have been. */
	readonly absorbInTurns: (
		target: AnalysisPartials[Name],
		source: AnalysisPartials[Name],
		nextTurn: () => Promise<unknown>,
	) => Promise<void>;
	/** Gives the memory of a partial back that is not looked at any more. */
	readonly discard: (partial: AnalysisPartials[Name]) => void;
	/** The same of a source in Windows-1252 with its texts in UTF-8; see text-encoding.ts. The partial is left as it is. */
	readonly inUtf8: (partial: AnalysisPartials[Name]) => AnalysisPartials[Name];
	/** The same without what is only there to merge into it: for being sent. */
	readonly pack: (partial: AnalysisPartials[Name]) => AnalysisPartials[Name];
	/** What of a packed partial is handed over to another thread instead of being copied. */
	readonly buffersOf: (partial: AnalysisPartials[Name]) => ArrayBuffer[];
	readonly finish: (partial: AnalysisPartials[Name]) => AnalysisResults[Name];
	/** How the figures name a group, and how many of them they list. */
	readonly listedName: (bytes: string) => string;
	readonly mostListed: number;
}
