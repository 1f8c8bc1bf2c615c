// Reads the first record of a source, byte by byte by the rules of `record-reader.ts`: for the kernel, which must know
// the columns before it starts. The result equals that of the reference reader for the same bytes.
import {type BlankLines, lineEndAt, newlineOf, noBlankLines, skipBlankLines} from './blank-lines.ts';
import type {Dialect, FieldSyntax} from './dialect.ts';
import {columnNumbers, joinNames} from './join-names.ts';
import {findUnclosedQuote, isPadding} from './quotes.ts';
import {fieldTooLong, recordTooLong, tooManyColumns, unclosedQuote} from './reading-errors.ts';
import {defaultRecordLimits, type ReadOutcome, type RecordLimits, type RecordPosition} from './record-reader.ts';
import {repeatableHeader} from './repeated-header.ts';

export interface Header {
	/** Without quotes, one character per byte; `null` where the source has no record. */
	readonly names: readonly string[] | null;
	readonly position: RecordPosition;
	/** How many of the given bytes the header takes, with blank lines and its separator. */
	readonly length: number;
	/** The number of the line behind it. */
	readonly nextLine: number;
	/** The first separator in the source. */
	readonly newline: ReadOutcome['newline'];
	/** See `repeatableHeader`. */
	readonly repeatable: Uint8Array | null;
}

/**
@param bytes - From the beginning of the source, without the byte order mark and the lines in `before`.
@param isAll - Whether the source ends with them.
@param before - Blank lines already skipped.
@returns `null` where more bytes are needed.
@throws {InputError} When the header exceeds a bound or does not end.
*/
export function readHeader(
	bytes: Uint8Array,
	dialect: Dialect,
	isAll: boolean,
	before: BlankLines = noBlankLines,
	limits: RecordLimits = defaultRecordLimits,
): Header | null {
	const {headerRows} = dialect;
	const first = readHeaderRecord(bytes, dialect, isAll, before, limits);
	if (first === null || first.names === null) return first;
	if (headerRows === 0) {
		const names = columnNumbers(first.names.length);
		const blank = skipBlankLines(bytes, before, isAll);
		return {...first, names, length: blank.length - before.length, nextLine: first.position.line, repeatable: null};
	}
	const rows = [first.names];
	let {length, nextLine, newline} = first;
	while (rows.length < headerRows) {
		const lines = {length: before.length + length, count: nextLine - 1, newline};
		const next = readHeaderRecord(bytes.subarray(length), dialect, isAll, lines, limits);
		if (next === null) return null;
		if (next.names === null) break;
		rows.push(next.names);
		length += next.length;
		nextLine = next.nextLine;
		newline ??= next.newline;
	}
	const repeatable = headerRows === 1 ? first.repeatable : null;
	return {names: joinNames(rows), position: first.position, length, nextLine, newline, repeatable};
}

function readHeaderRecord(
	bytes: Uint8Array,
	dialect: Dialect,
	isAll: boolean,
	before: BlankLines,
	limits: RecordLimits,
): Header | null {
	const {bomBytes} = dialect;
	const delimiterByte = dialect.delimiter.charCodeAt(0);
	const quoteByte = dialect.quote.charCodeAt(0);
	const blank = skipBlankLines(bytes, before, isAll);
	const start = blank.length - before.length;
	let {newline} = blank;
	let line = 1 + blank.count;
	const position = {line, byteOffset: bomBytes + blank.length};
	if (start === bytes.length) {
		return isAll ? {names: null, position, length: start, nextLine: line, newline: null, repeatable: null} : null;
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
			if (byte === quoteByte) state = 'after-quote';
		} else if (byte === delimiterByte) state = 'field-start';
		else state = byte === quoteByte && state !== 'unquoted' ? 'quoted' : 'unquoted';
	}
	const isUnfinished = end >= bytes.length && !(isAll && state !== 'quoted');
	const isTooLong = end - start > limits.maxRecordBytes + (isUnfinished ? 2 : 0);
	if (isTooLong) throw recordTooLong(position, bytes.subarray(start, start + limits.maxRecordBytes), dialect);
	if (isUnfinished) {
		if (isAll) throw unclosedQuote(position, bytes.subarray(start), dialect);
		return null;
	}
	const record = bytes.subarray(start, end);
	if (line > position.line && findUnclosedQuote(record, dialect) !== null)
		throw unclosedQuote(position, record, dialect);
	const {names, count} = splitFields(record, dialect, position, limits);
	if (count > limits.maxColumns) throw tooManyColumns(count, position, limits.maxColumns);
	if (endLength > 0) newline ??= newlineOf(bytes, end, endLength);
	const repeatable = repeatableHeader(record, names);
	return {names, position, length: end + endLength, nextLine: line, newline, repeatable};
}

/**
The fields of one record without its separator.

@returns As many names as may be used, and the number of all fields.
*/
function splitFields(
	record: Uint8Array,
	syntax: FieldSyntax,
	position: RecordPosition,
	{maxFieldBytes, maxColumns}: RecordLimits,
): {readonly names: readonly string[]; readonly count: number} {
	const text = Buffer.from(record.buffer, record.byteOffset, record.byteLength);
	const names: string[] = [];
	let count = 0;
	for (let index = 0; index <= record.length; index++) {
		const {name, end} = readField(text, index, syntax);
		if (name.length > maxFieldBytes) throw fieldTooLong(count, position, maxFieldBytes);
		count++;
		if (count <= maxColumns) names.push(name);
		index = end;
	}
	return {names, count};
}

function readField(
	record: Buffer,
	start: number,
	{delimiter, quote}: FieldSyntax,
): {readonly name: string; readonly end: number} {
	const delimiterByte = delimiter.charCodeAt(0);
	const quoteByte = quote.charCodeAt(0);
	const endFrom = (index: number): number => {
		const end = record.indexOf(delimiterByte, index);
		return end === -1 ? record.length : end;
	};
	if (record[start] !== quoteByte) {
		const end = endFrom(start);
		return {name: record.toString('latin1', start, end), end};
	}
	let name = '';
	let close = start + 1;
	for (let from = close; close < record.length; close++) {
		if (record[close] !== quoteByte) continue;
		name += record.toString('latin1', from, close);
		if (record[close + 1] !== quoteByte) break;
		name += quote;
		from = close + 2;
		close++;
	}
	const end = endFrom(close + 1);
	// Padding behind a closing quote is left out. A field with text there is kept as written, except for its doubled quotes. At a NUL in this
	// place csv-parse removes the quotes, and so does this reader.
	if (record[close + 1] === 0) name += record.toString('latin1', close + 1, end);
	else if (!isPadding(record, close + 1, end)) name = `${quote}${name}${record.toString('latin1', close, end)}`;
	return {name, end};
}
