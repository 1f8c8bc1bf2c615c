// Reads the first record of a source, byte by byte by the rules of `record-reader.ts`: for the fast path, which must know
// the columns before it begins. It gives what the reference reader gives for the same bytes.
import {type Dialect, HEAD_BYTES} from './dialect.ts';
import {fieldTooLong, recordTooLong, tooManyColumns, unclosedQuote} from './reading-errors.ts';
import {
	MAX_COLUMNS,
	MAX_FIELD_BYTES,
	MAX_RECORD_BYTES,
	type ReadOutcome,
	type RecordPosition,
} from './record-reader.ts';

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;

export {HEAD_BYTES};

export interface Header {
	/** Quotes removed, one character per byte; `null` where the source has no record at all. */
	readonly names: readonly string[] | null;
	readonly position: RecordPosition;
	/** How many of the given bytes it took, blank lines among them and the separator included. */
	readonly length: number;
	/** The line behind it. */
	readonly nextLine: number;
	/** The first separator there is. */
	readonly newline: ReadOutcome['newline'];
}

/** Lines without any character in front of the header. */
export interface BlankLines {
	/** Their bytes. */
	readonly length: number;
	readonly count: number;
	/** The first of them; `null` where there is none. */
	readonly newline: ReadOutcome['newline'];
}

export const noBlankLines: BlankLines = {length: 0, count: 0, newline: null};

/**
Goes over the blank lines at the beginning of some bytes.

@param before - Those in front of the bytes, which are counted, too.
@returns All of them.
*/
export function skipBlankLines(bytes: Uint8Array, before: BlankLines, isAll: boolean): BlankLines {
	let {count, newline} = before;
	let start = 0;
	for (let length = lineEndAt(bytes, start, isAll); length > 0; length = lineEndAt(bytes, start, isAll)) {
		newline ??= newlineOf(bytes, start, length);
		count++;
		start += length;
	}
	return {length: before.length + start, count, newline};
}

/** The length of the line end at an index; 0 where there is none, or it is not known yet. */
function lineEndAt(bytes: Uint8Array, index: number, isAll: boolean): 0 | 1 | 2 {
	if (bytes[index] === LF) return 1;
	if (bytes[index] !== CR || (index + 1 === bytes.length && !isAll)) return 0;
	return bytes[index + 1] === LF ? 2 : 1;
}

/**
@param bytes - From the beginning of the source, the byte order mark and the lines in `before` left out.
@param isAll - Whether the source ends with them.
@param before - Blank lines that have been gone over.
@returns `null` where more bytes must be had.
@throws {InputError} When the header breaks a bound or does not end.
*/
export function readHeader(
	bytes: Uint8Array,
	dialect: Dialect,
	isAll: boolean,
	before: BlankLines = noBlankLines,
): Header | null {
	const {delimiter, bomBytes} = dialect;
	const delimiterByte = delimiter.charCodeAt(0);
	const blank = skipBlankLines(bytes, before, isAll);
	const start = blank.length - before.length;
	let {newline} = blank;
	let line = 1 + blank.count;
	const position = {line, byteOffset: bomBytes + blank.length};
	if (start === bytes.length) {
		return isAll ? {names: null, position, length: start, nextLine: line, newline: null} : null;
	}

	let state = 'field-start' as 'field-start' | 'unquoted' | 'quoted' | 'after-quote';
	let end = start;
	let endLength = 0;
	for (; end < bytes.length; end++) {
		const byte = bytes[end];
		endLength = lineEndAt(bytes, end, isAll);
		if (endLength > 0) {
			line++;
			if (state !== 'quoted') break;
			if (endLength === 2) end++;
		} else if (state === 'quoted') {
			if (byte === QUOTE) state = 'after-quote';
		} else if (byte === delimiterByte) state = 'field-start';
		else state = byte === QUOTE && state !== 'unquoted' ? 'quoted' : 'unquoted';
	}
	const isUnfinished = end >= bytes.length && !(isAll && state !== 'quoted');
	const isTooLong = end - start > MAX_RECORD_BYTES + (isUnfinished ? 2 : 0);
	if (isTooLong) throw recordTooLong(position, bytes.subarray(start, start + MAX_RECORD_BYTES), delimiter);
	if (isUnfinished) {
		if (isAll) throw unclosedQuote(position, bytes.subarray(start), delimiter);
		return null;
	}
	const names = splitFields(bytes.subarray(start, end), delimiterByte);
	const longField = end - start > MAX_FIELD_BYTES ? names.findIndex(name => name.length > MAX_FIELD_BYTES) : -1;
	if (longField !== -1) throw fieldTooLong(longField, position);
	if (names.length > MAX_COLUMNS) throw tooManyColumns(names.length, position);
	if (endLength > 0) newline ??= newlineOf(bytes, end, endLength);
	return {names, position, length: end + endLength, nextLine: line, newline};
}

const newlineOf = (bytes: Uint8Array, index: number, length: number): '\n' | '\r\n' | '\r' =>
	length === 2 ? '\r\n' : bytes[index] === LF ? '\n' : '\r';

/** The fields of one record, its separator left out. */
function splitFields(record: Uint8Array, delimiterByte: number): string[] {
	const text = Buffer.from(record.buffer, record.byteOffset, record.byteLength);
	const names: string[] = [];
	for (let index = 0; index <= record.length; index++) {
		if (record[index] !== QUOTE) {
			const end = record.indexOf(delimiterByte, index);
			const fieldEnd = end === -1 ? record.length : end;
			names.push(text.toString('latin1', index, fieldEnd));
			index = fieldEnd;
			continue;
		}
		let name = '';
		let close = index + 1;
		for (let from = close; close < record.length; close++) {
			if (record[close] !== QUOTE) continue;
			name += text.toString('latin1', from, close);
			if (record[close + 1] !== QUOTE) break;
			name += '"';
			from = close + 2;
			close++;
		}
		const end = record.indexOf(delimiterByte, close + 1);
		const fieldEnd = end === -1 ? record.length : end;
		// Text behind the closing quote: the field is then taken as it stands but for its doubled quotes. csv-parse takes a NUL
		// there for the end of what it was given, and the quotes as closed.
		if (record[close + 1] === 0) name += text.toString('latin1', close + 1, fieldEnd);
		else if (fieldEnd > close + 1) name = `"${name}${text.toString('latin1', close, fieldEnd)}`;
		names.push(name);
		index = fieldEnd;
	}
	return names;
}
