// How a file is written: what stands between its fields and around them, and what of it is not data.

/** What splits records into fields. */
export interface FieldSyntax {
	/** One ASCII character, or two. */
	readonly delimiter: string;
	readonly quote: Quote;
}

/** What may stand around a field; empty where no field is quoted. */
export type Quote = '"' | "'" | '';

export interface Dialect extends FieldSyntax {
	/** How a quote stands in a quoted field, and with a backslash whatever else has a meaning. */
	readonly escaping: 'doubled' | 'backslash';
	/** How many records the names of the columns stand in; 0 where the first record is data. */
	readonly headerRows: number;
	/** Physical lines in front of the header that are no part of the table. Blank lines behind them do not count. */
	readonly skipLines: number;
	/** Physical lines behind the last record that are no part of the table. */
	readonly skipFooter: number;
	/** A line that begins with it is no part of the table; empty where no line is one. */
	readonly comment: string;
	/** Whether a delimiter stands behind the last field of each record, but not behind the last name. */
	readonly endsInDelimiter: boolean;
	/** Whether a quote in the names is never closed: they end with their line, and quotes in them are left out. */
	readonly isHeaderOpen: boolean;
	/** How the names are not as many as the fields of nearly all records, if they are one fewer or one more. */
	readonly unevenHeader: UnevenHeader;
	/** Length of the byte order mark at the start, which is not data. */
	readonly bomBytes: 0 | 3;
	/** What is wrong with how the file is written; not there where nothing was found, or looked for. */
	readonly problems?: readonly DialectProblem[];
}

export type UnevenHeader =
	| 'none'
	/** The first column has no name, as those of row numbers. */
	| 'lacks-first'
	| 'lacks-last'
	/** One of the names is empty, and stands above no column. */
	| 'has-empty'
	/** The last column has a name alone: its cells are empty. */
	| 'has-more';

export interface DialectProblem {
	readonly code: DialectProblemCode;
	/** Physical line, 1-based. */
	readonly line: number;
	/** Where this line begins in the source. */
	readonly byteOffset: number;
	/** For people: what was expected, and what was found. */
	readonly message: string;
}

export type DialectProblemCode =
	/** The names are one fewer or one more than the fields of records. */
	| 'UNEVEN_HEADER'
	/** A quote in the names is never closed. */
	| 'UNCLOSED_QUOTE'
	/** The names stand in two records. */
	| 'REPEATED_HEADER'
	/** There are names of further records, although those of the first one are enough. */
	| 'JOINED_HEADER'
	/** A further table, which is not read. */
	| 'OTHER_TABLE'
	/** Lines behind the only table that are no part of it, where that is not said but found. */
	| 'LINES_BEHIND'
	/** Records end in several ways. */
	| 'MIXED_NEWLINES';

/** Of a file that says nothing else. */
export const plainDialect: Dialect = {
	delimiter: ',',
	quote: '"',
	escaping: 'doubled',
	headerRows: 1,
	skipLines: 0,
	skipFooter: 0,
	comment: '',
	endsInDelimiter: false,
	isHeaderOpen: false,
	unevenHeader: 'none',
	bomBytes: 0,
};
