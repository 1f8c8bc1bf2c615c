// What some records came to, as far as a result needs it: sets are counted, and tables have the groups that are listed.
import type {SumFigures} from './figures.ts';

export interface CountedFigures {
	/** Accepted records. */
	readonly records: number;
	readonly sums: readonly SumFigures[];
	/** `YYYY-MM-DD`; `null` where no record has one. */
	readonly ranges: readonly ({readonly earliest: string; readonly latest: string} | null)[];
	/** How many different values; an estimate says so with `exact: false`. */
	readonly sets: readonly {readonly value: number; readonly exact: boolean}[];
	readonly tables: readonly CountedTable[];
}

export interface CountedTable {
	/** How many groups there are, listed or not; `null` where there are more than can be kept, and so none here. */
	readonly groupCount: number | null;
	/** The number of decimals of each sum, for all groups. */
	readonly scales: readonly number[];
	/** All groups in any order, or at least those that the table lists. */
	readonly groups: readonly CountedGroup[];
}

export interface CountedGroup {
	/** One or two, one character per byte. */
	readonly keys: readonly string[];
	readonly records: number;
	/** With the table's scales. */
	readonly sums: readonly SumFigures[];
}
