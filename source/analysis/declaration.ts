// An analysis as data: which columns it needs, what it measures, and how its result is shown. The measures are the result: their
// names, in their order, are the keys of its JSON. Readers, partials, reports and outputs know nothing else of an analysis.
import type {FiguresView, TableView} from '../model/analysis-info.ts';

export type CellType = 'text' | 'number' | 'date' | 'timestamp';

/** The best first; those in a list of their own are equally good: where a header has two of them, it is not known which one is meant. */
export type ColumnAliases = readonly (string | readonly string[])[];
/** Names of what is added, and of what is subtracted, as `credit` and `debit`. */
export type ColumnPair = readonly [plus: readonly string[], minus: readonly string[]];

export interface ColumnDeclaration {
	/**
	A number is an exact decimal, a date a day of the calendar with or without a time, and a timestamp such a day with its time, as the
	clock was written; see amount.ts, calendar-date.ts and moment.ts.
	*/
	readonly is: CellType;
	/** Other names it may have in a header. The name of the column itself comes before them. */
	readonly aliases?: ColumnAliases;
	/** Of a number: two columns that may stand for it, the second of which is subtracted from the first. */
	readonly pairs?: readonly ColumnPair[];
	/**
	The header may be without it, and a cell that is empty or of another type counts as none. Without this, a header without the
	column does not fit, and a cell that is empty, or not a number or date, rejects the record. A text is never rejected.
	*/
	readonly optional?: true;
}

/** A column that is computed of others; used like one of the header. */
export type Derivation<Numbers extends string, Values = AnyRecord, Type extends ComputedType = ComputedType> =
	/** Exact, with the decimals of both together. */
	| {readonly product: readonly [Numbers, Numbers]}
	/** The first of them that the header has, for the whole file. Its cells are needed even where the columns are optional. */
	| {readonly firstOf: readonly Numbers[]}
	| ComputedColumn<Values, Type>;

/**
A column that a function computes of each record. It must be a function of the record alone: results must not depend on the order of records,
and no thread sees all of them. A record that it gives `null` for is as one with an empty cell of an optional column.

A number is rounded half to even to `decimals` before it is added: 0 to 18, by default 6. A text is exact up to 38 digits. Of a Date it
is the day in UTC.
*/
export interface ComputedColumn<Values = AnyRecord, Type extends ComputedType = ComputedType> {
	readonly is: Type;
	readonly decimals?: number;
	js(this: void, record: Values): Computed<Type>;
}
export type ComputedType = Exclude<CellType, 'timestamp'>;
type Computed<Type extends ComputedType> =
	| null
	| (Type extends 'number' ? number | bigint | string : Type extends 'text' ? string : string | Date);

/**
What functions are given of a record, while they run: its columns by their names. A number is the JavaScript number nearest to the cell; a date is a
text, `2024-05-31`, and a timestamp `2024-05-31T09:30:15`. An optional column is `null` where the header does not have it, and where its cell is empty or of another type.
*/
export type AnyRecord = {readonly [Column in string]: number | string | null};
export type RecordOf<C extends Columns> = {
	readonly [Name in keyof C]: ValueOf<C[Name]['is']> | (C[Name] extends {optional: true} ? null : never);
};
/** What a condition is given, which comes first: any number or date may be missing or something else, and is `null` then. */
export type CellsOf<C extends Columns> = {
	readonly [Name in keyof C]: RecordOf<C>[Name] | (C[Name]['is'] extends 'text' ? never : null);
};
type ValueOf<Type extends CellType> = Type extends 'number' ? number : string;

/** How many accepted records. */
export interface CountMeasure {
	readonly kind: 'count';
}
/** The exact sum of a number, as text with the most decimals of any accepted value; `null` where no record has one. */
export interface SumMeasure<Of extends string = string> {
	readonly kind: 'sum';
	readonly of: Of;
}
/** The sum divided by how many there are, as text with 6 decimals, rounded half to even; `null` where there are none. */
export interface MeanMeasure<Of extends string = string> {
	readonly kind: 'mean';
	readonly of: Of;
}
/** In groups: the part of the whole sum, as text with 6 decimals, rounded half to even; `null` where the whole is zero. */
export interface ShareMeasure<Of extends string = string> {
	readonly kind: 'share';
	readonly of: Of;
}
/** The JSON number nearest to a sum or mean. */
export interface NearestMeasure<Of extends string = string> {
	readonly kind: 'nearest';
	readonly to: SumMeasure<Of> | MeanMeasure<Of>;
}
/**
The smallest or the largest value: of a number as text with the most decimals of any accepted value, of a date as `YYYY-MM-DD`, of a
timestamp as `YYYY-MM-DDTHH:MM:SS`; `null` where no record has one.
*/
export interface ExtremeMeasure<Of extends string = string> {
	readonly kind: 'min' | 'max';
	readonly of: Of;
}
/** `{earliest, latest}`, or `null`: days as `2024-03-01`, times as `2024-03-01T09:30:15`. */
export interface DateRangeMeasure<Of extends string = string> {
	readonly kind: 'date-range';
	readonly of: Of;
}
/** How many different values that are not empty: `{value, exact}`. */
export interface DistinctMeasure<Of extends string = string> {
	readonly kind: 'distinct';
	readonly of: Of;
}
/**
A table: records by one or two keys, with a row for each group. A key is a text, a part of a date: `2024`, `2024-05`, `2024-05-01`, its
weekday: `1` for Monday to `7` for Sunday, or the hour of a timestamp: `00` to `23`.

A row has the keys by their names, then the measures by theirs. The table has every group; a report lists the first `limit` by
`orderBy`, descending, groups that are equal in that by the bytes of their keys. `orderBy: 'key'` lists by the keys.

Of lines, records whose keys are all empty may be left out: most lines have no level.
*/
export interface GroupMeasure<Rows extends RowMeasures = RowMeasures, Key extends GroupKey = GroupKey> {
	readonly kind: 'groups';
	readonly keys: readonly Key[];
	readonly measures: Rows;
	readonly orderBy: string;
	readonly limit: number;
	readonly leavesOutEmpty?: true;
}

type RowMeasures<Numbers extends string = string, Dates extends string = string> = Readonly<
	Record<string, RowMeasure<Numbers, Dates>>
>;

/** The weekday is that of ISO 8601; the hour is of timestamps only. */
export type DatePart = 'year' | 'month' | 'day' | 'weekday' | 'hour';

export interface GroupKey<
	Of extends string = string,
	Name extends string = string,
	Part extends 'text' | DatePart = 'text' | DatePart,
> {
	/** The key of the row in JSON. */
	readonly name: Name;
	readonly of: Of;
	/** `text` for a column that is a text, otherwise a part of a date or timestamp. */
	readonly part: Part;
}

export type RowMeasure<Numbers extends string = string, Dates extends string = string> =
	| CountMeasure
	| SumMeasure<Numbers>
	| MeanMeasure<Numbers>
	| ShareMeasure<Numbers>
	| ExtremeMeasure<Numbers | Dates>;
/**
How many records each hour or weekday has, as a list of numbers: 24 from midnight on, 7 from Monday on. Records without a time are not
among them.
*/
export interface CountsMeasure<Of extends string = string, Part extends ClockPart = ClockPart> {
	readonly kind: 'counts';
	readonly by: {readonly of: Of; readonly part: Part};
}
export type ClockPart = 'hour' | 'weekday';
/** `{hour, records}` of the hour with the most records, the earliest of equal ones; `null` where no record has a time. */
export interface BusiestHourMeasure {
	readonly kind: 'busiest-hour';
	/** The name of counts by hour. */
	readonly counts: string;
}
/** How many different keys that are not empty a table of one key has: `{value, exact}`, an estimate where it cannot keep all groups. */
export interface DistinctKeysMeasure {
	readonly kind: 'distinct-keys';
	readonly table: string;
}
/** How many physical lines the files have, their headers included. */
export interface LineCountMeasure {
	readonly kind: 'line-count';
}
/** The name of the first row of a table of one key; `null` where there is none. */
export interface FirstKeyMeasure {
	readonly kind: 'first-key';
	readonly table: string;
}
/** How many groups a table has, listed or not: `{value, exact}`; `null` where they are more than can be kept. */
export interface GroupCountMeasure {
	readonly kind: 'group-count';
	readonly table: string;
}
/** `{code, message}` where a table has more groups than can be kept, and so no rows; the key is missing in any other case. */
export interface TableErrorMeasure<Table extends string = string> {
	readonly kind: 'table-error';
	readonly table: Table;
}

/** Of lines: the sum of whole numbers, as a JSON number. */
export interface TotalMeasure<Of extends string = string> {
	readonly kind: 'total';
	readonly of: Of;
}
/** Of lines: `{line, bytes}` of the one with the largest number of bytes, the first of equally long ones; `null` where there are none. */
export interface LongestMeasure<Of extends string = string> {
	readonly kind: 'longest';
	readonly of: Of;
}
/**
Of lines: the most frequent values of a text that are not empty, equally frequent ones by their bytes: a row for each with the value
by its name, `count` and `exact`. With more values than can be counted, counts are estimates, and `exact` is false.
*/
export interface TopMeasure<Of extends string = string, Name extends string = string> {
	readonly kind: 'top-values';
	readonly of: Of;
	/** The key of the row that has the value. */
	readonly name: Name;
	readonly limit: number;
}

/** Of columns: a row for each column of the header with all that is known of its cells; see `ColumnResult` in model/results.ts. */
export interface ColumnsMeasure {
	readonly kind: 'column-figures';
	/** Of what is known, its type alone: there is less to be kept. */
	readonly only?: 'types';
}

/** Of columns: a part of what is known of faults in cells and records; see `QualityResult` in model/results.ts. */
export interface QualityMeasure {
	readonly kind: 'quality';
	readonly part: QualityPart;
}
export type QualityPart =
	| 'rows'
	| 'score'
	| 'score_exact'
	| 'formula'
	| 'columns'
	| 'duplicate_keys'
	| 'duplicate_records'
	| 'finding_count'
	| 'findings';

export type Measure<Numbers extends string = string, Texts extends string = string, Dates extends string = string> =
	| RowMeasure<Numbers, Dates>
	| NearestMeasure<Numbers>
	| DateRangeMeasure<Dates>
	| DistinctMeasure<Texts>
	| GroupMeasure<RowMeasures<Numbers, Dates>, GroupKey<Texts, string, 'text'> | GroupKey<Dates, string, DatePart>>
	| FirstKeyMeasure
	| GroupCountMeasure
	| TableErrorMeasure
	| CountsMeasure<Dates>
	| BusiestHourMeasure
	| DistinctKeysMeasure
	| LineCountMeasure
	| TotalMeasure<Numbers>
	| LongestMeasure<Numbers>
	| TopMeasure<Texts>
	| ColumnsMeasure
	| QualityMeasure;

export const count = (): CountMeasure => ({kind: 'count'});
export const sum = <const Of extends string>(of: Of): SumMeasure<Of> => ({kind: 'sum', of});
/** The figure of a number that any table needs: its exact sum. */
export const numbers = sum;
export const mean = <const Of extends string>(of: Of): MeanMeasure<Of> => ({kind: 'mean', of});
export const min = <const Of extends string>(of: Of): ExtremeMeasure<Of> => ({kind: 'min', of});
export const max = <const Of extends string>(of: Of): ExtremeMeasure<Of> => ({kind: 'max', of});
export const share = <const Of extends string>(of: Of): ShareMeasure<Of> => ({kind: 'share', of});
export const nearest = <const Of extends string>(to: SumMeasure<Of> | MeanMeasure<Of>): NearestMeasure<Of> => ({
	kind: 'nearest',
	to,
});
export const dateRange = <const Of extends string>(of: Of): DateRangeMeasure<Of> => ({kind: 'date-range', of});
export const distinct = <const Of extends string>(of: Of): DistinctMeasure<Of> => ({kind: 'distinct', of});
export const firstKey = (table: string): FirstKeyMeasure => ({kind: 'first-key', table});
export const groupCount = (table: string): GroupCountMeasure => ({kind: 'group-count', table});
/** @param by - `hour('timestamp')` or `weekday('date')`. */
export const countBy = <const Of extends string, const Part extends ClockPart>({
	of,
	part,
}: GroupKey<Of, string, Part>): CountsMeasure<Of, Part> => ({kind: 'counts', by: {of, part}});
export const busiestHour = (counts: string): BusiestHourMeasure => ({kind: 'busiest-hour', counts});
export const distinctKeys = (table: string): DistinctKeysMeasure => ({kind: 'distinct-keys', table});
export const lineCount = (): LineCountMeasure => ({kind: 'line-count'});
export const tableError = <const Table extends string>(table: Table): TableErrorMeasure<Table> => ({
	kind: 'table-error',
	table,
});

export const total = <const Of extends string>(of: Of): TotalMeasure<Of> => ({kind: 'total', of});
export const longest = <const Of extends string>(of: Of): LongestMeasure<Of> => ({kind: 'longest', of});
export const topValues = <const Of extends string, const Name extends string>(
	of: Of,
	{name, limit}: {readonly name: Name; readonly limit: number},
): TopMeasure<Of, Name> => ({kind: 'top-values', of, name, limit});

export const columnFigures = (): ColumnsMeasure => ({kind: 'column-figures'});
export const columnTypes = (): ColumnsMeasure => ({kind: 'column-figures', only: 'types'});
export const qualityPart = (part: QualityPart): QualityMeasure => ({kind: 'quality', part});

interface KeyOfDate<Part extends DatePart> {
	<const Of extends string>(of: Of): GroupKey<Of, Part, Part>;
	/** @param options.as - The key of the row; by default the part's name. */
	<const Of extends string, const Name extends string>(of: Of, options: {readonly as: Name}): GroupKey<Of, Name, Part>;
}

const keyOfDate = <const Part extends DatePart>(part: Part): KeyOfDate<Part> =>
	(<Of extends string>(of: Of, {as = part}: {readonly as?: string} = {}) => ({name: as, of, part})) as KeyOfDate<Part>;

/** Keys that are parts of a date, for `groupBy`: `month('hire_date', {as: 'hired'})`. */
export const year: KeyOfDate<'year'> = keyOfDate('year');
export const month: KeyOfDate<'month'> = keyOfDate('month');
export const day: KeyOfDate<'day'> = keyOfDate('day');
export const weekday: KeyOfDate<'weekday'> = keyOfDate('weekday');
/** Of a timestamp. */
export const hour: KeyOfDate<'hour'> = keyOfDate('hour');

const DEFAULT_LIMIT = 100;

/** A key as it is written: the name of a text column, or a part of a date. */
type KeyWord = string | GroupKey;
type KeyOf<Word extends KeyWord> = Word extends string ? GroupKey<Word, Word, 'text'> : Extract<Word, GroupKey>;

/** @param by - One key or two. */
export function groupBy<const Word extends KeyWord, const Rows extends RowMeasures>(
	by: Word | readonly Word[],
	measures: Rows,
	{
		orderBy,
		limit = DEFAULT_LIMIT,
		leavesOutEmpty = false,
	}: {
		readonly orderBy: (keyof Rows & string) | 'key';
		readonly limit?: number;
		readonly leavesOutEmpty?: boolean;
	},
): GroupMeasure<Rows, KeyOf<Word>> {
	const words: readonly KeyWord[] = typeof by === 'object' && 'length' in by ? by : [by];
	const keys = words.map(word => (typeof word === 'string' ? {name: word, of: word, part: 'text'} : word));
	return {
		kind: 'groups',
		keys: keys as unknown as readonly KeyOf<Word>[],
		measures,
		orderBy,
		limit,
		...(leavesOutEmpty && {leavesOutEmpty}),
	};
}

export type Columns = Readonly<Record<string, ColumnDeclaration>>;
export type NamesOf<C extends Columns, Type extends CellType> = {
	[Name in keyof C & string]: C[Name]['is'] extends Type ? Name : never;
}[keyof C & string];
export type NumbersOf<C extends Columns, D> = NamesOf<C, 'number'> | (keyof D & string);

/** The types of derived columns by their names; of numbers that are declared there is none. */
export type DerivedTypes = Readonly<Record<string, ComputedType | undefined>>;
export type DerivedOf<T extends DerivedTypes, Type extends ComputedType> = {
	[Name in keyof T & string]: T[Name] extends Type ? Name : never;
}[keyof T & string];

export type DeclaredNumber<Numbers extends string> = Exclude<Derivation<Numbers>, ComputedColumn>;
export type DerivationsOf<C extends Columns, T extends DerivedTypes> = {
	readonly [Name in keyof T]: Derivation<NamesOf<C, 'number'>, RecordOf<C>, Extract<T[Name], ComputedType>>;
};

/** What follows from the measures is not declared; in a short form nothing but the names of measures is. */
export type DeclaredView =
	| FiguresView
	| Omit<TableView, 'limit' | 'count'>
	| {readonly show: 'figures'; readonly of: readonly string[]}
	| {readonly show: 'bars' | 'series'; readonly of: string};

/** An analysis of any columns: what the engine, reports and outputs know of one. */
export interface AnalysisDeclaration {
	/** Lower case letters, digits and dashes: the key in the report. */
	readonly name: string;
	/** Raised when figures of the same name come to mean something else: partials of different versions never merge. */
	readonly version: number;
	/** For people: `Sales by department`. */
	readonly title: string;
	/**
	What its records are: those of a CSV file, or the lines of any text, which have the columns of line-columns.ts. With `columns` they are
	records of any header: it declares no columns, and measures those that there are.
	*/
	readonly reads?: DeclaredReading;
	/** Of a text, the lines that have a user are records, too: its columns are those of user-columns.ts. */
	readonly alsoReads?: 'lines';
	readonly columns: Columns;
	readonly derive?: Readonly<Record<string, Derivation<string>>>;
	/** Says which records the analysis is about. Others are filtered: it neither accepts nor rejects them. */
	where?(this: void, record: AnyRecord): boolean;
	/** Says `true` of a record that counts, and of any other why it is rejected. */
	accept?(this: void, record: AnyRecord): string | true;
	/** Where its functions are from. A module is loaded by each thread, so only its loader sets this. */
	readonly code?: CodeOrigin;
	readonly measures: Readonly<Record<string, Measure>>;
	/** Without them, all measures are shown by their names. */
	readonly views?: readonly DeclaredView[];
}

export type DeclaredReading = 'records' | 'lines' | 'columns';

/** A module with functions. */
export interface CodeOrigin {
	/** Absolute, without links. */
	readonly path: string;
	/** Of its path and the text of all files that it has imported: partials of different code never merge. */
	readonly digest: string;
	/** Which analysis of the module it is. */
	readonly place: number;
}

export interface TypedDeclaration<C extends Columns, D, M> {
	readonly name: string;
	readonly version: number;
	readonly title: string;
	readonly reads?: DeclaredReading;
	readonly alsoReads?: 'lines';
	readonly columns: C;
	readonly derive?: D;
	where?(this: void, record: CellsOf<C>): boolean;
	accept?(this: void, record: RecordOf<C>): string | true;
	readonly measures: M;
	readonly views?: readonly DeclaredView[];
}

/** Gives a built-in analysis its types. It is not checked at run time, because every thread would spend 3 ms on that; a test checks all. */
export const declareAnalysis = <
	const C extends Columns,
	const M extends Readonly<
		Record<string, Measure<NumbersOf<C, D>, NamesOf<C, 'text'>, NamesOf<C, 'date' | 'timestamp'>>>
	>,
	const D extends Readonly<Record<string, DeclaredNumber<NamesOf<C, 'number'> | (keyof D & string)>>> = Record<
		never,
		never
	>,
>(
	declaration: TypedDeclaration<C, D, M>,
): TypedDeclaration<C, D, M> => declaration;
