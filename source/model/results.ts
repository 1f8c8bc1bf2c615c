// The results of analyses as scripts read them: parts of the JSON report. Those of the built-in analyses for which users of the
// library have types are the same that the declarations give (analysis/result-types.ts).
import type {ResultObject} from './analysis-info.ts';

/** The results of analyses by their names. An analysis whose result has no type of its own here is like any other one. */
export interface AnalysisResults {
	readonly transactions?: TransactionsResult;
	readonly sales?: SalesResult;
	readonly activity?: ActivityResult;
	readonly lines?: LinesResult;
	readonly profile?: ProfileResult;
	readonly quality?: QualityResult;
	readonly [name: string]: AnalysisResult | undefined;
}

export type AnalysisResult =
	| TransactionsResult
	| SalesResult
	| ActivityResult
	| LinesResult
	| ProfileResult
	| QualityResult
	| ResultObject;

export interface TransactionsResult {
	/** Accepted records. */
	readonly total_transactions: number;
	/** The JSON number nearest to `total_amount_exact`. */
	readonly total_amount: number | null;
	/** The exact sum, with the largest number of decimals seen in the accepted amounts of this scope. */
	readonly total_amount_exact: string | null;
	/** Total divided by accepted records, rounded half to even at 6 decimals. */
	readonly average_transaction: number | null;
	/** The most frequent category; a tie goes to the smallest in UTF-8 byte order. */
	readonly top_category: string | null;
	/** By count, descending, then by name in UTF-8 byte order; at most 100. */
	readonly categories: readonly CategoryFigure[];
	/** Why the two above are empty although there are records. It is there in no other case. */
	readonly categories_error?: CategoriesError;
	readonly date_range: DateRange | null;
	readonly unique_customers: DistinctCount;
}

/** There are more categories than can be kept; no other figure depends on them. */
export interface CategoriesError {
	readonly code: 'TOO_MANY_CATEGORIES';
	/** For people. */
	readonly message: string;
}

export interface CategoryFigure {
	readonly category: string;
	readonly count: number;
	/** An exact decimal with as many decimals as `total_amount_exact`. */
	readonly amount: string;
}

export interface SalesResult {
	/** Accepted records. */
	readonly total_records: number;
	/** The JSON number nearest to `total_sales_exact`. */
	readonly total_sales: number | null;
	/** The exact sum of the sales, or of quantity × price, with the largest number of decimals seen in this scope. */
	readonly total_sales_exact: string | null;
	/** With 6 decimals, rounded half to even. */
	readonly average_sale: string | null;
	/** The exact sum of the quantities that there are. */
	readonly total_quantity: string | null;
	/** `null` where there are more than can be kept. */
	readonly department_count: DistinctCount | null;
	/** By sales, descending, then by name in UTF-8 byte order; at most 100. */
	readonly departments: readonly DepartmentFigure[];
	/** Why there are no departments although there are records. It is there in no other case. */
	readonly departments_error?: DepartmentsError;
}

/** There are more departments than can be kept; no other figure depends on them. */
export interface DepartmentsError {
	readonly code: 'TOO_MANY_DEPARTMENTS';
	/** For people. */
	readonly message: string;
}

export interface DepartmentFigure {
	readonly department: string;
	readonly records: number;
	/** An exact decimal with as many decimals as `total_sales_exact`. */
	readonly sales: string | null;
	/** With 6 decimals, rounded half to even. */
	readonly average: string | null;
	/** The part of all sales, 0 to 1, with 6 decimals; `null` where all sales come to zero. */
	readonly share: string | null;
	readonly quantity: string | null;
}

/** Times are those of the clock as written, to the second: `2024-03-01T09:30:15`, or `2024-03-01` where only a day is written. */
export interface ActivityResult {
	/** Physical lines, the heading of a table included. */
	readonly lines: number;
	/** Accepted records. */
	readonly records: number;
	/** Different users; records without one aside. */
	readonly unique_users: DistinctCount;
	/** By records, descending, then by name in UTF-8 byte order; at most 100. Records without a user have an empty one. */
	readonly users: readonly UserFigure[];
	/** Why there are no users although there are records. It is there in no other case. */
	readonly users_error?: UsersError;
	readonly time_range: DateRange | null;
	/** Records of each hour, from midnight on. */
	readonly hours: readonly number[];
	/** Records of each weekday, from Monday on. */
	readonly weekdays: readonly number[];
	/** The first one of those with the most records; `null` where no record has a time. */
	readonly busiest_hour: BusiestHour | null;
}

export interface UserFigure {
	readonly user: string;
	readonly records: number;
	/** `null` where no record of the user has a time. */
	readonly first: string | null;
	readonly last: string | null;
}

/** There are more users than can be kept; no other figure depends on them. */
export interface UsersError {
	readonly code: 'TOO_MANY_USERS';
	/** For people. */
	readonly message: string;
}

export interface BusiestHour {
	/** 0 to 23. */
	readonly hour: number;
	readonly records: number;
}

/** Blanks are space, tab, CR, VT and FF. CR in front of a line's end is not part of the line. */
export interface LinesResult {
	/** What LF ends, and what stands behind the last one. */
	readonly lines: number;
	/** Without any byte but blanks. */
	readonly blank_lines: number;
	/** Runs of bytes other than blanks. */
	readonly words: number;
	/** Line ends included. */
	readonly bytes: number;
	/** `null` where there are no lines. */
	readonly longest_line: LongestLine | null;
	/** Levels that lines have at their beginning, behind a time, or in brackets, by lines, descending. */
	readonly levels: readonly LevelFigure[];
	/** The 10 most frequent lines with one `#` for each run of digits, blank lines aside; ties in UTF-8 byte order. */
	readonly frequent: readonly FrequentLine[];
}

export interface LongestLine {
	/** Its number in its file, 1-based; the smallest of equally long ones. */
	readonly line: number;
	/** Without the line end. */
	readonly bytes: number;
}

export interface LevelFigure {
	/** ERROR, WARN, INFO, DEBUG, TRACE or FATAL. */
	readonly level: string;
	readonly lines: number;
}

export interface FrequentLine {
	readonly line: string;
	readonly count: number;
	/** With more than 16,384 different lines, or 1 MiB of them, counts are estimates from a sample of the lines. */
	readonly exact: boolean;
}

export interface ProfileResult {
	/** Accepted records. */
	readonly rows: number;
	/** All of them, by their place in the header; those of several files meet by name. */
	readonly columns: readonly ColumnResult[];
}

export type ColumnType =
	| 'empty'
	| 'boolean'
	| 'integer'
	| 'decimal'
	| 'float'
	| 'identifier'
	| 'date'
	| 'timestamp'
	| 'time'
	| 'text';

/**
What the cells of a column are. Figures of numbers and times are of the cells that fit `mostly`, and `null` where the column has no such
figure. A cell is null where it is empty or one of `NA N/A null NULL None nan - ? #N/A`. Numbers that are equal by value are one value.
*/
export interface ColumnResult {
	readonly name: string;
	/** Its place in the header, from 0; of several files the smallest. */
	readonly index: number;
	/** The narrowest type of all cells that are not null: integers within decimals within floats, dates within time stamps. */
	readonly type: ColumnType;
	/** The type that at least 95 % of them have; `null` where there is none. */
	readonly mostly: ColumnType | null;
	/** Cells that are not null. */
	readonly count: number;
	readonly nulls: number;
	/** 0 to 1 with 6 decimals; `null` without a cell. */
	readonly null_share: string | null;
	/** Past 16,384 values or 1 MiB of them an estimate; `error` is its relative standard error. */
	readonly distinct: {readonly value: number; readonly exact: boolean; readonly error?: number} | null;
	/** Numbers with the most decimals of the column, times as they are written, texts by their bytes. */
	readonly min: string | null;
	readonly max: string | null;
	readonly sum: string | null;
	/** With 6 decimals more than the sum, as the standard deviation of the sample, which is `null` below 2 cells. */
	readonly mean: string | null;
	readonly stddev: string | null;
	readonly quantiles: ColumnQuantiles | null;
	readonly zeros: number | null;
	readonly negatives: number | null;
	/** Bytes of the cells in their files; the mean with 6 decimals. */
	readonly lengths: {readonly min: number; readonly max: number; readonly mean: string} | null;
	/** The 10 most frequent values as they are written, ties in byte order; estimates are shares of a sample of 4,096 records. */
	readonly top: readonly {readonly value: string; readonly count: number; readonly exact: boolean}[];
	/** Of numbers: from each edge up to the next one, which is not in it. `exact` is false where buckets were counted. */
	readonly histogram:
		| readonly {readonly from: string; readonly to: string; readonly count: number; readonly exact?: false}[]
		| null;
	/** Why the column has no type and no figures; only where its numbers or dates read in several ways, and no cell decides which one it is. */
	readonly undecided?: {
		/** `ambiguous`: a cell reads in two ways. `mixed`: cells are in two forms. */
		readonly why: 'ambiguous' | 'mixed';
		/** A cell that shows it. */
		readonly value: string | null;
		/** What it is in each; `form` is what `--decimal` or `--date-format` takes. */
		readonly readings: readonly {readonly form: string; readonly value: string | null}[];
		readonly message: string;
	};
}

/** The smallest value with at least that part of the values at or below it. */
export interface ColumnQuantiles {
	readonly p05: string;
	readonly p25: string;
	readonly p50: string;
	readonly p75: string;
	readonly p95: string;
	readonly exact: boolean;
	/** The largest relative error of an estimate of numbers; estimates of time stamps are days. */
	readonly error?: number;
}

/** What is wrong with a table. Cells are those of records that have the fields of the header; missing cells are empty or words for that. */
export interface QualityResult {
	/** All records. */
	readonly rows: number;
	/** 0 to 100 with 2 decimals, by `formula`; `null` without a record. */
	readonly score: string | null;
	/** There where a figure of the score is an estimate. */
	readonly score_exact?: false;
	readonly formula: string;
	/** All of them, by their place in the header; those of several files meet by name. */
	readonly columns: readonly ColumnQualityResult[];
	/** Records with a value of the key that came before; `null` without a key. Past 2^20 different values an estimate. */
	readonly duplicate_keys: ({readonly column: string} & DuplicateCount) | null;
	/** Records with all cells of one that came before; past 2^20 different records an estimate. */
	readonly duplicate_records: DuplicateCount;
	readonly finding_count: DistinctCount;
	/** The first 100, by kind, then by how many there are. */
	readonly findings: readonly QualityFinding[];
}

export interface DuplicateCount {
	readonly value: number;
	readonly exact: boolean;
	/** Of an estimate: the standard error of the share of duplicates. */
	readonly error?: number;
}

/** Numbers of cells. */
export interface ColumnQualityResult {
	readonly name: string;
	readonly missing: number;
	/** Not of the type that at least 95 % of the others have. */
	readonly out_of_type: number;
	readonly blanks: number;
	/** Of texts that differ in case alone: all but the most frequent form of each. */
	readonly case_variants: number;
	readonly outliers: number;
	/** Whether all cells that are not missing are the same. */
	readonly constant: boolean;
	readonly empty: boolean;
	/** There where case variants and outliers are estimates. */
	readonly exact?: false;
}

export interface QualityFinding {
	readonly kind:
		| 'ragged'
		| 'invalid-utf8'
		| 'duplicate-records'
		| 'duplicate-keys'
		| 'missing'
		| 'out-of-type'
		| 'malformed'
		| 'mixed-forms'
		| 'blanks'
		| 'case-variants'
		| 'outliers'
		| 'constant'
		| 'empty';
	/** `null` where it is one of records. */
	readonly column: string | null;
	readonly count: number;
	/** 0 to 1 with 6 decimals: of the records, or of the cells of the column that are not missing. */
	readonly share: string;
	readonly exact?: false;
	/** Of an estimate: of shares the standard error, of outliers by how much the limit may be off. */
	readonly error?: number;
	/** The first three. Lines and bytes are those where the record begins; `null` where the result is one of several files. */
	readonly examples: readonly {
		readonly line: number | null;
		readonly byte_offset: number | null;
		readonly value: string;
	}[];
	/** For people. */
	readonly text: string;
}

/** Calendar dates, `YYYY-MM-DD`, or times, `YYYY-MM-DDTHH:MM:SS`. */
export interface DateRange {
	readonly earliest: string;
	readonly latest: string;
}

/** How many different non-empty values there are; an estimate says so with `exact: false`. */
export interface DistinctCount {
	readonly value: number;
	readonly exact: boolean;
}
