// The JSON report: what `--json` prints, `--report x.json` writes and the library returns.
// Scripts rely on every name here, which is why they are in the report's snake_case.
import type {AnalysisResult, AnalysisResults} from './results.ts';

/** Why a record was left out. Where several hold, the first in this order counts. */
export type RejectReason =
	/** It opens a quote that is never closed; the record ends with this line. */
	| 'unclosed-quote'
	| 'field-count'
	/** All of its fields are empty. */
	| 'padding'
	/** It is the header again, as in files that were joined. */
	| 'repeated-header'
	/** It has NUL bytes. */
	| 'nul-byte'
	| 'quote'
	/** Some bytes of it are no character of the encoding of the file; in the value they are written as `<81>`. */
	| 'encoding'
	| 'missing'
	| 'not-a-number'
	| 'too-many-digits'
	| 'not-a-date'
	/** By a function of an own analysis, or a rule of `validate`; the value is what it said. */
	| 'not-accepted';

export interface RejectReport {
	/** The physical line where the record begins: 1-based, the header included. Of an `unclosed-quote`, that of the quote. */
	readonly line: number;
	/** The byte where the record begins, or the quote: 0-based; of the unpacked data where the file is compressed. */
	readonly byte_offset: number;
	/** The column at fault, `null` where the whole record is. */
	readonly column: string | null;
	readonly reason: RejectReason;
	/** What was found, cut after 200 characters. */
	readonly value: string;
}

export interface ErrorReport {
	/** A stable upper-case word to branch on: `ENOENT`, `MISSING_COLUMN`, `UNCLOSED_QUOTE` … */
	readonly code: string;
	/** For people: what was expected, what was found, where, what to try. */
	readonly message: string;
	readonly line: number | null;
	readonly byte_offset: number | null;
}

/** How the file was read. */
export interface DialectReport {
	readonly delimiter: string;
	readonly quote: string;
	/**
	In lower case: the one that was asked for; else `utf-16le`, `utf-16be`, `utf-32le` or `utf-32be` where the first bytes show it; else `utf-8`, and
	where any byte of the file does not fit that, `windows-1252`, and all of its texts are decoded so.
	*/
	readonly encoding: string;
	/** There where nobody has named the encoding, and it is assumed because not all bytes are UTF-8: where the first of these stands. */
	readonly encoding_assumed?: AssumedEncoding;
	/** The first record separator outside quotes; `mixed` where its beginning has several; `null` where the file has none. */
	readonly newline: '\n' | '\r\n' | '\r' | 'mixed' | null;
	/** Whether the names of the columns stand in front of the records; else they are `column_1`, `column_2` … */
	readonly header: boolean;
	/** `\` where a backslash stands in front of a quote within quotes; else quotes are doubled, and the key is not there. */
	readonly escape?: '\\';
	/** Physical lines in front of the header, and behind the last record, that are no part of the table; not there where there are none. */
	readonly skip_lines?: number;
	readonly skip_footer?: number;
	/** What lines begin with that are no part of the table; not there where there is no such line. */
	readonly comment?: string;
	/** What is wrong with how the file is written, beside its rejected records; not there where nothing is. */
	readonly problems?: readonly DialectProblemReport[];
	/** The columns with numbers or dates in another form than `-1234.56` and `2024-12-31`; not there where there is none. */
	readonly columns?: readonly ColumnDialect[];
	/** Of a member of an archive, the archive's. Of a Parquet file the rest tells of the CSV file that says the same. */
	readonly compression: 'gzip' | 'zstd' | 'brotli' | 'zip' | 'tar' | 'tar.gz' | 'tar.zst' | 'tar.br' | 'parquet' | null;
}

export interface DialectProblemReport {
	/** `UNEVEN_HEADER`, `UNCLOSED_QUOTE`, `REPEATED_HEADER`, `JOINED_HEADER`, `OTHER_TABLE`, `LINES_BEHIND`, `MIXED_NEWLINES`. */
	readonly code: string;
	/** Physical line, 1-based. */
	readonly line: number;
	/** Where that line begins: 0-based; of the unpacked data where the file is compressed. */
	readonly byte_offset: number;
	/** For people: what was expected, and what was found. */
	readonly message: string;
}

/** How the numbers or dates of a column are written: one decision, of all of its cells. */
export interface ColumnDialect {
	/** Its place in the header, from 0. */
	readonly index: number;
	readonly name: string;
	/** Of numbers: what stands in front of decimals, and between groups of digits, where anything does. */
	readonly decimal?: '.' | ',';
	readonly thousands?: string;
	/** Whether a percent sign stands behind each number. */
	readonly percent?: true;
	/** Of dates, as `--date-format` takes it. */
	readonly date_format?: string;
}

/** Where something stands in a file. */
export interface FilePlace {
	/** Physical line, 1-based. */
	readonly line: number;
	/** 0-based; of the unpacked data where the file is compressed. */
	readonly byte_offset: number;
}

export interface AssumedEncoding extends FilePlace {
	/** Whether there are characters of UTF-8 as well: parts of the file seem to be in different encodings. */
	readonly mixed: boolean;
}

/** What can be told of a table without an analysis of it. */
export interface TableStructure {
	/** Where the header begins; `null` where there is none. */
	readonly header: FilePlace | null;
	/** The cells of the first records behind it, as they stand. */
	readonly first_records: readonly (readonly string[])[];
	/** There where only the beginning of the file was read, and there is more of it. */
	readonly is_cut?: true;
	/** The names of the analyses that can be made of it. The one that a run would choose comes first. */
	readonly analyses: readonly string[];
	/** For people: where no analysis finds its columns, what the nearest one lacks. */
	readonly lacks?: string;
}

export type FinalFileStatus = 'completed' | 'failed' | 'cancelled' | 'skipped';

export interface FileReport {
	/** The path as given or found. */
	readonly file: string;
	readonly status: FinalFileStatus;
	/** `null` where analyses are combined. */
	readonly analysis: string | null;
	/** Attempts started; 0 where the file was never begun. */
	readonly attempts: number;
	/** Bytes read from the file (packed bytes where it is compressed; of a member of a packed tar archive, its own). */
	readonly bytes: number;
	/** Data records read: accepted + rejected + filtered. */
	readonly rows: number;
	/** Where analyses are combined: those that any of them rejects, each counted once. */
	readonly rejected_rows: number;
	/**
	Records that do not fit the condition of the run, or that of the analysis; there only where one of them has one, and the file has
	completed. Where analyses are combined, those of the run's.
	*/
	readonly filtered?: number;
	/** Seconds from the start of the last attempt to its end. */
	readonly processing_time: number;
	readonly error: ErrorReport | null;
	readonly dialect: DialectReport | null;
	/** There only where it was asked for, and the file is a table that has completed. No report that is written has it. */
	readonly structure?: TableStructure;
	/**
	What the bytes of the file are known by, where that was asked for, or the run is saved to a ledger, and the file is one by itself that has
	completed. With `hash: 'sha256'` it is `sha256:` and the SHA-256 of the file, as `sha256sum` prints it, for a file of at most 1 MiB; for a larger one
	`sha256-tree:` and the SHA-256 of the SHA-256 hashes of its blocks of 1 MiB, 32 bytes each, one behind the other, so that several threads can
	hash it. Otherwise 32 hexadecimal digits, which stand in no report that is written: XXH3 of its blocks, see `kernel/content-hash.ts`.
	*/
	readonly content_hash?: string;
	/** There where the file was not read, because it has not changed since an earlier run read it, whose ledger has the results. */
	readonly source?: 'ledger';
	/** `null` where analyses are combined. */
	readonly result: AnalysisResult | null;
	/**
	The first 20 rejected records, or as many as `maxRejectsKept` says. Where analyses are combined, those whose structure is wrong, by the
	names of the header.
	*/
	readonly rejects: readonly RejectReport[];
	/**
	A sentence on what nearly all of them have in common, where that is known: decimal commas, other dates. Otherwise, of a table that is
	profiled because no analysis finds its columns, what the nearest one lacks. There in no other case.
	*/
	readonly hint?: string;
	/**
	There where analyses are combined: what the file came to for each of them, in the order in which they were asked for; nothing where it did
	not complete.
	*/
	readonly results?: Readonly<Record<string, AnalysisReport>>;
	/** Of an archive that a watched folder has taken: what each of its members came to. There in no other case. */
	readonly members?: readonly FileReport[];
	/** In a watched folder: no step has read records, so the figures say nothing. There in no other case. */
	readonly uncounted?: true;
}

/** What a file came to for one of several analyses: the same as if it was read for this one alone. */
export interface AnalysisReport {
	/** Data records: accepted + rejected + filtered. */
	readonly rows: number;
	/** Those that this analysis rejects, and those whose structure is wrong. */
	readonly rejected_rows: number;
	/** Those that do not fit the condition of the run, or its own; there only where one of them has one. */
	readonly filtered?: number;
	/** The first of them. */
	readonly rejects: readonly RejectReport[];
	/** `null` where the file is empty, and where the analysis is not made of it. */
	readonly result: AnalysisResult | null;
	/** As in `FileReport`. */
	readonly hint?: string;
	/** Why the analysis is not made of the file although others are: a column is missing. There in no other case. */
	readonly error?: ErrorReport;
}

export type RunStatus = 'completed' | 'cancelled';

export interface RunTotals {
	/** Always completed + failed + cancelled + skipped. */
	readonly files: number;
	readonly completed: number;
	readonly failed: number;
	readonly cancelled: number;
	readonly skipped: number;
	readonly bytes: number;
	readonly rows: number;
	readonly rejected_rows: number;
	/** Of all files; there only where any file says it. */
	readonly filtered?: number;
	/** Seconds from the first event to the last. */
	readonly processing_time: number;
}

export interface Report {
	/** 2 where analyses are combined: then files have `results`. */
	readonly report_version: 1 | 2;
	readonly status: RunStatus;
	readonly totals: RunTotals;
	/** The consolidated result of all files of an analysis; an analysis without a file is not there. */
	readonly analyses: AnalysisResults;
	/** By path, in UTF-8 byte order; files of the same name in the order in which they were added to the run. */
	readonly files: readonly FileReport[];
}

/** What can be told of a run before its end, or without one: the files that have ended, and nothing of the others. */
export interface ReportSoFar extends Omit<Report, 'status'> {
	/** `interrupted`: its process ended before the run did. */
	readonly status: RunStatus | 'running' | 'interrupted';
}
