// What some records came to, as a reader gives it for one analysis of a program (program.ts): in the order of its sums, ranges, sets
// and tables. Texts are as they stand in the file, one byte each where it is in Windows-1252.
import type {Columns} from './columns/columns.ts';
import type {Decimal} from './decimal.ts';
import type {DenseIds} from './dense-ids.ts';
import type {Extremes} from './extremes.ts';
import type {LongestRecord} from './longest.ts';
import type {TopValues} from './top-values.ts';

export interface AnalysisFigures {
	/** Accepted records. */
	readonly records: number;
	/** Physical lines that were gone over; 0 where the reader does not count them. */
	readonly lines?: number;
	readonly sums: readonly SumFigures[];
	/** `YYYY-MM-DD`, or moments as text (moment.ts); `null` where no record has one. */
	readonly ranges: readonly ({readonly earliest: string; readonly latest: string} | null)[];
	readonly sets: readonly SetFigures[];
	readonly tables: readonly TableFigures[];
	/** Of lines only. */
	readonly longest?: readonly (LongestRecord | null)[];
	readonly tops?: readonly TopValues[];
	/** Of an analysis that reads columns only. */
	readonly columns?: Columns;
}

/** Exact; the scale is the largest number of decimals of all values, whether it is needed for the sum or not. */
export interface SumFigures extends Decimal {
	/** How many records have the number. */
	readonly count: number;
	/** Where they are kept: its smallest and its largest value; `null` where no record has one. */
	readonly extremes?: Extremes | null;
}

/** Either all different values, in any order, or the registers of an estimate. */
export type SetFigures =
	| {
			/** Short values as keys of four words; see distinct.ts. */
			readonly keys: Uint32Array;
			readonly longValues: ReadonlySet<string>;
			/** Values that are kept as bits; `null` where there are no such values. */
			readonly denseIds: DenseIds | null;
			readonly registers: null;
	  }
	| {readonly registers: Uint8Array};

/** Groups, each once, in any order. */
export interface TableFigures {
	/** Whether there are more than can be kept: then no group stands here. */
	readonly isGivenUp: boolean;
	/**
	For each group: where its key ends among the keys; the number of its records as low and high word; for each sum its 128 bits as
	four words, lowest first; then for each counted sum how many of the records have the number, as low and high word; then for each sum
	with extremes 1, and its smallest and its largest number as low and high words of 64 bits, or 0 where there are none; then for each
	range the first and the last day as yyyymmdd, or the first and the last moment (moment.ts), as low and high words, 0 for none.
	*/
	readonly entries: Uint32Array;
	/** All keys, one behind the other. A key of two parts is the length of the first in four bytes, lowest first, and both parts. */
	readonly keys: Uint8Array;
	/** The number of decimals of each sum, for all groups. */
	readonly scales: readonly number[];
	/** By the place of a group and of a sum in it: what does not fit in 128 bits, or has more than 18 decimals, and is to be added. */
	readonly additions: readonly {readonly group: number; readonly sum: number; readonly value: Decimal}[];
	/** The same of extremes that do not fit in 64 bits, and are to be joined with those of the entry. */
	readonly wideExtremes?: readonly {readonly group: number; readonly sum: number; readonly extremes: Extremes}[];
	/** Where keys are still counted when the groups are given up: the estimate of different ones. */
	readonly registers?: Uint8Array;
}

/** The same with tables in pieces, for those who keep few groups; each key is in one piece. They are taken before anything else is read. */
export type AnalysisFiguresInPieces = Omit<AnalysisFigures, 'tables'> & {
	readonly tables: readonly Iterable<TableFigures>[];
};

export const KEY_END_WORD = 0;
export const RECORDS_WORD = 1;
export const FIRST_SUM_WORD = 3;
export const SUM_WORDS = 4;
export const COUNT_WORDS = 2;

/** Whether there are extremes, the smallest and the largest number. */
export const EXTREMES_WORDS = 5;
export const RANGE_WORDS = 4;

/** How many words an entry has. */
export const entryWords = (
	sums: readonly {readonly isCounted: boolean; readonly hasExtremes?: boolean}[],
	rangeCount = 0,
): number =>
	FIRST_SUM_WORD +
	SUM_WORDS * sums.length +
	COUNT_WORDS * sums.filter(({isCounted}) => isCounted).length +
	EXTREMES_WORDS * sums.filter(({hasExtremes}) => hasExtremes === true).length +
	RANGE_WORDS * rangeCount;

/** How many records there are: a low and a high word. */
export const readCount = (words: Uint32Array, at: number): number => (words[at] ?? 0) + (words[at + 1] ?? 0) * 2 ** 32;

export function writeCount(words: Uint32Array, at: number, count: number): void {
	words[at] = count;
	words[at + 1] = count / 2 ** 32;
}

/** Figures with further lines, as those of a header. */
export const addLines = <Figures extends {readonly lines?: number}>(figures: Figures, more: number): Figures => ({
	...figures,
	lines: (figures.lines ?? 0) + more,
});
