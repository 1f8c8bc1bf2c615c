// The contract of everything that turns bytes into records. The reference reader (csv-parse) implements it; a fast
// reader must make the same calls for the same bytes, whatever the chunks.
//
// A record follows RFC 4180, with LF, CRLF or CR between records; a line without any character is not a record. A byte
// order mark in front of a record is not part of it, because joined files may each begin with one. A field that begins
// with a quote is quoted, and two quotes in it stand for one; a quote elsewhere in an unquoted field is text. Spaces and
// tabs after a closing quote are padding. Other text there makes the record malformed, and it continues to the next record
// separator as unquoted text.
//
// A quote is unclosed if it is still open at the end of the file, or when its record has as many bytes as a record may
// have, or if the quote that closes it stands in a later line and text follows: that one opens another field. Then the
// record ends with the physical line in which the quote stands, and the next line begins another one. Whether a quote is
// unclosed depends on the bytes behind it alone, and never on how they were read. In a header it fails the file, and so
// does a line that is as long as a record may be.

import type {BlankLines} from './blank-lines.ts';
import type {Dialect} from './dialect.ts';
import type {TextEvidence} from './text-evidence.ts';

/** The limits of a file; a file that exceeds one fails. */
export interface RecordLimits {
	/** Longest record, in bytes without its separator. A longer one is nearly always a quote that was never closed. */
	readonly maxRecordBytes: number;
	/** Longest field, in bytes without its quotes. A longer one is not a cell of a table but a file within the file. */
	readonly maxFieldBytes: number;
	/** Maximum number of columns of a header. */
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
	/** The field as written in the file, one character per byte, cut after a few hundred. */
	readonly raw: string;
}

/**
Where it turns out that a quote is unclosed: at the end of the file, in front of the text behind the quote that closes it, or at the most
bytes of a record.
*/
export type OpenUntil = 'end' | 'text' | {readonly limit: number};

export interface UnclosedQuote {
	/** Of the field that it opens. */
	readonly fieldIndex: number;
	/** Of the quote itself. */
	readonly position: RecordPosition;
	/** From the quote to the end of its line, as in `StrayText`. */
	readonly raw: string;
	/** All of the record, from its beginning to the end of that line. */
	readonly bytes: Uint8Array;
	readonly until: OpenUntil;
}

/** Receives the records in order. An exception from it ends the reading. */
export interface RecordSink {
	/**
	The first record; called once, before any other, unless the file has no record.

	@param repeatable - See `repeatableHeader`.
	*/
	readonly onHeader: (names: readonly string[], position: RecordPosition, repeatable: Uint8Array | null) => void;
	/**
	@param fields - Quotes removed, one character per byte.
	@param stray - Text after a closing quote, where the record has any.
	@param bytes - All of the record, without its separator.
	*/
	readonly onRecord: (
		fields: readonly string[],
		position: RecordPosition,
		stray: StrayText | null,
		bytes: Uint8Array,
	) => void;
	/** A data record with a quote that is never closed. It ends with the line of the quote. */
	readonly onUnclosedQuote: (quote: UnclosedQuote) => void;
}

/** Finds the dialect of one file; see `DialectFinder`. */
export interface DialectSearch {
	/** Examines the beginning of the file. Returns how many of the bytes are skipped, and need not be passed again. */
	readonly scan: (bytes: Uint8Array, isAll: boolean) => number;
	/** `null` while more bytes are needed. */
	readonly dialect: Dialect | null;
	/** The blank lines that were skipped. */
	readonly blank: BlankLines;
}

export interface ReadOptions {
	/** Memory to read into, which may be reused for the next file. The records do not depend on its size. */
	readonly chunk: Uint8Array;
	readonly finder: DialectSearch;
	/** Omitted limits are the defaults. */
	readonly limits?: RecordLimits;
	/**
	Called between chunks with the bytes consumed so far; it may pause the reading by waiting, and end it by throwing.
	*/
	readonly onChunk: (bytesConsumed: number) => void;
}

export interface ReadOutcome {
	readonly dialect: Dialect;
	/** The first separator between records; `null` where there is none. */
	readonly newline: '\n' | '\r\n' | '\r' | null;
	readonly bytesConsumed: number;
	/** Of all records. */
	readonly textEvidence: TextEvidence;
}
