// What an output must know of an analysis to present any result of it: data alone, so that it can travel in an event, and an
// output that has never heard of the analysis can show its results.

/** A part of a report that an analysis gives: JSON whose keys the views name. */
export type ResultObject = {readonly [key: string]: ResultValue};
export type ResultValue =
	| null
	| boolean
	| number
	| string
	| readonly ResultRow[]
	| readonly number[]
	| readonly ResultObject[]
	| ResultObject;
export type ResultRow = {readonly [key: string]: null | boolean | number | string};

export interface AnalysisInfo {
	readonly name: string;
	/** For people: `Sales by department`. */
	readonly title: string;
	/** The roles of its columns, those of a header that must be there in front. */
	readonly columns: readonly ColumnInfo[];
	readonly views: readonly View[];
}

export interface ColumnInfo {
	readonly name: string;
	readonly type: 'text' | 'number' | 'date' | 'timestamp';
	readonly isOptional: boolean;
}

/**
How a value of the result is written for people:

	integer   12,345
	distinct  `{value, exact}` as `12,345`, an estimate as `about 12,345`
	decimal   an exact decimal as text, or a number, with thousands separated
	share     0 to 1, as a percentage
	name      text from a file; empty is `(none)`
	dates     `{earliest, latest}` as `2024-01-01 to 2024-01-31`
	line-length `{line, bytes}` as `1,024 bytes on line 17`
	median    `{p50, exact}` as `12.50`, an estimate as `about 12.50`
	top-value the first of `[{value, count, exact}]` as `food (1,024)`
	fault     how many of something that should not be, as `12,345`, or whether it is so, as `yes`; nothing for 0 and `false`
	places    `[{line, value}]` as `line 7: abc, line 9: def`
	busiest-hour `{hour, records}` as `14:00 to 15:00 (1,024 records)`
*/
export type ValueFormat =
	| 'integer'
	| 'distinct'
	| 'decimal'
	| 'share'
	| 'name'
	| 'dates'
	| 'line-length'
	| 'median'
	| 'top-value'
	| 'fault'
	| 'places'
	| 'busiest-hour';

export interface LabelledValue {
	/** Lower case: `total amount`. */
	readonly label: string;
	/** A key of the result, or of a row; any where rows are numbers. */
	readonly key: string;
	readonly format: ValueFormat;
	/** The key of the result that says why there is no value although there are records: `{code, message}`. */
	readonly error?: string;
	/** The key of the row that says whether the value is exact: an estimate is shown as `about 12,345`. */
	readonly exact?: string;
}

/**
A part of a screen or document. A value that is `null`, missing or of another type is shown as a dash.

	figures  single values, the most important one first
	bars     rows of a table, each with its name, a bar for the first of its `values`, and all of its `values`
	series   rows that follow one another (months): a chart of the first of its `values` over its names
	columns  rows that are the columns of a table, all of them, each with its name, a small histogram and all of its `values` that it has
	sentences rows that say something, each in full, with its `values` under it
*/
export type View = FiguresView | TableView;

export interface FiguresView {
	readonly show: 'figures';
	readonly figures: readonly LabelledValue[];
}

export interface TableView {
	readonly show: 'bars' | 'series' | 'columns' | 'sentences';
	/** `categories` */
	readonly title: string;
	/** The key of the result that has the rows: objects, or numbers, which have their names in `names`. */
	readonly rows: string;
	/** The key of a row that names it, or the two keys. */
	readonly name: string | readonly [string, string];
	/** Of rows that are numbers: what each stands for. */
	readonly names?: readonly string[];
	readonly values: readonly LabelledValue[];
	/** Of columns: the key of a row that has its histogram: `[{count}]`. */
	readonly histogram?: string;
	/** Keys of a row that are counts of faults: the rows with the most of them stand in front. */
	readonly worst?: readonly string[];
	/** The key of the result that says why there are no rows although there are records: `{code, message}`. */
	readonly error?: string;
	/** A report lists no more rows than these. Like `count`, it follows from the measures of the declaration. */
	readonly limit?: number;
	/** The key of the result that has how many rows there are, listed or not: `{value, exact}`. */
	readonly count?: string;
}
