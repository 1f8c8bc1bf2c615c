// The contract of everything that turns bytes into records. The reference reader (csv-parse) fulfils it; a fast one must
// give the same calls for the same bytes, however they were cut into chunks.
//
// What a record is: RFC 4180 with LF, CRLF or CR between records; a line without any character is none. A byte order mark in
// front of a record is not part of it: where files were joined, each may begin with one. A field that
// begins with a quote is quoted, in it two quotes are one; a quote elsewhere in an unquoted field is text. Text after a
// closing quote makes the record a bad one, which goes on to the next record separator as unquoted text.

import type {BlankLines} from './blank-lines.ts';
import type {ByteSource} from './byte-source.ts';
import type {Dialect} from './dialect.ts';

/** What a file may ask for before it fails. */
export interface RecordLimits {
	/** Longest record, in bytes without its separator. What is longer is nearly always a quote that was never closed. */
	readonly maxRecordBytes: number;
	/** Longest field, in bytes without its quotes. A longer one is not a cell of a table but a file within the file. */
	readonly maxFieldBytes: number;
	/** Most columns a header may have. */
	readonly maxColumns: number;
}

export const MAX_RECORD_BYTES = 16 * 1024 * 1024;
export const MAX_FIELD_BYTES = 1024 * 1024;
export const MAX_COLUMNS = 16_384;

export const defaultRecordLimits: RecordLimits = {
	maxRecordBytes: MAX_RECORD_BYTES,
	maxFieldBytes: MAX_FIELD_BYTES,
	maxColumns: MAX_COLUMNS,
};

/** Where a record begins. */
export interface RecordPosition {
	/** Physical line, 1-based. */
	readonly line: number;
	/** 0-based, from the first byte of the source; a byte order mark counts. */
	readonly byteOffset: number;
}

/** A field with text after its closing quote. */
export interface StrayText {
	readonly fieldIndex: number;
	/** The field as it stands in the file, one character per byte, cut after some hundred. */
	readonly raw: string;
}

/** Takes records as they come. What it throws ends the reading. */
export interface RecordSink {
	/** The first record; called once, before any other, unless the file has no record at all. */
	readonly onHeader: (names: readonly string[], position: RecordPosition) => void;
	/**
	@param fields - Quotes removed, one character per byte.
	@param stray - Text after a closing quote, where the record has any.
	*/
	readonly onRecord: (fields: readonly string[], position: RecordPosition, stray: StrayText | null) => void;
}

/** Finds the dialect of one file; see `DialectFinder`. */
export interface DialectSearch {
	/** Looks at the beginning of the file. Returns how many of the bytes are passed over, and need not be given again. */
	readonly look: (bytes: Uint8Array, isAll: boolean) => number;
	/** `null` while more bytes are needed. */
	readonly dialect: Dialect | null;
	/** The blank lines that were passed over. */
	readonly blank: BlankLines;
}

export interface ReadOptions {
	/** Memory to read into, which may be used for one file after the other. The records do not depend on its size. */
	readonly chunk: Uint8Array;
	readonly finder: DialectSearch;
	/** The default ones where they are left out. */
	readonly limits?: RecordLimits;
	/** Called between chunks with what has been consumed; waiting in it holds the reading, throwing ends it. */
	readonly onChunk: (bytesConsumed: number) => void;
}

export interface ReadOutcome {
	readonly dialect: Dialect;
	/** The first separator between records, `null` where there is none. */
	readonly newline: '\n' | '\r\n' | '\r' | null;
	readonly bytesConsumed: number;
	/** Whether all of it is text in UTF-8. */
	readonly isUtf8: boolean;
}

export type ReadRecords = (source: ByteSource, sink: RecordSink, options: ReadOptions) => Promise<ReadOutcome>;
