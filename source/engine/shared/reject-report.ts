// What is told of records that were left out.
import {decodeBytes, encodingOf, type TextEncoding} from '../../analysis/text-encoding.ts';
import {showInvalid} from '../../input/encodings/invalid-bytes.ts';
import {InputError} from '../../input/input-error.ts';
import {quoteNeverClosed} from '../../input/reading-errors.ts';
import type {OpenUntil, RecordPosition} from '../../input/record-reader.ts';
import type {RejectReason, RejectReport} from '../../model/report.ts';
import {inQuotes} from '../../text/in-quotes.ts';
import type {ReadSettings} from './protocol.ts';
import {hintOf} from './reject-hint.ts';

/** A rejected value is cut after this number of characters. */
export const REJECT_VALUE_LENGTH = 200;

/** A record that was left out, with its texts as bytes, one character per byte: how they are decoded is known at the end of the file. */
export interface FoundReject {
	readonly position: RecordPosition;
	readonly columnBytes: string | null;
	readonly reason: RejectReason;
	readonly valueBytes: string;
}

/** A character has at most 4 bytes, so what is behind these is cut anyway. */
const VALUE_BYTES = 4 * REJECT_VALUE_LENGTH;

export const foundReject = (
	position: RecordPosition,
	columnBytes: string | null,
	reason: RejectReason,
	valueBytes: string,
): FoundReject => ({position, columnBytes, reason, valueBytes: valueBytes.slice(0, VALUE_BYTES)});

export function rejectReport(
	{position: {line, byteOffset}, columnBytes, reason, valueBytes}: FoundReject,
	encoding: TextEncoding,
): RejectReport {
	const column = columnBytes === null ? null : decodeBytes(columnBytes, encoding).trim();
	// What a function says is not from the file.
	const value = cutValue(decodeBytes(showInvalid(valueBytes), reason === 'not-accepted' ? 'utf-8' : encoding));
	return {line, byte_offset: byteOffset, column, reason, value};
}

/** What cannot be seen, and would end a line, is written as JSON writes it. */
const quoteValue = (value: string): string => inQuotes(JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"'));

function describeReject(reject: RejectReport): string {
	const {line, column, reason, value} = reject;
	const where = column === null ? `line ${line}` : `line ${line}, column ${column}`;
	if (reason === 'not-accepted') return `${reason} at ${where}: ${quoteValue(value.slice(0, 200))}`;
	const hint = hintOf([reject]);
	return `${reason} at ${where}, found ${quoteValue(value.slice(0, 50))}${hint === null ? '' : `. ${hint}`}`;
}

/**
The file is not read to its end, so the encoding is that of the texts in the message, unless somebody has named one.

@param until - Of a quote that is never closed.
*/
export function tooManyRejects(
	count: number,
	found: FoundReject,
	until: OpenUntil,
	encoding = encodingOf([found.columnBytes ?? '', wholeCharacters(found.valueBytes)]),
): InputError {
	if (count === 1 && found.reason === 'unclosed-quote') {
		const quote = found.valueBytes.startsWith("'") ? "'" : '"';
		return quoteNeverClosed(found.position, {quote}, until);
	}
	const last = rejectReport(found, encoding);
	const sentence =
		count === 1
			? '1 record was rejected; --strict fails a file at the first one'
			: `${count.toLocaleString('en')} records were rejected; --max-errors ${count} fails a file at that number. The last one`;
	return new InputError('TOO_MANY_REJECTS', `${sentence}: ${describeReject(last)}`, {
		line: last.line,
		byteOffset: last.byte_offset,
	});
}

interface RejectCounts {
	readonly rows: number;
	readonly rejectedRows: number;
}

/** Whether a file that has been read to its end fails because of its share of rejected records. */
export const isShareExceeded = (
	{rows, rejectedRows}: RejectCounts,
	{maxErrorsPerMillion}: Pick<ReadSettings, 'maxErrorsPerMillion'>,
): boolean =>
	maxErrorsPerMillion !== null &&
	rejectedRows > 0 &&
	BigInt(rejectedRows) * 1_000_000n >= BigInt(maxErrorsPerMillion) * BigInt(rows);

/** @param first - The first of the rejected records. */
export function tooLargeShare(
	{rows, rejectedRows}: RejectCounts,
	{maxErrorsPerMillion}: Pick<ReadSettings, 'maxErrorsPerMillion'>,
	first: RejectReport,
): InputError {
	const percent = Math.floor((rejectedRows / rows) * 1e4) / 100;
	return new InputError(
		'TOO_MANY_REJECTS',
		`${rejectedRows.toLocaleString('en')} of ${rows.toLocaleString('en')} records were rejected (${percent}%); ${(maxErrorsPerMillion ?? 0) / 1e4}% fail the file. The first: ${describeReject(first)}`,
		{line: first.line, byteOffset: first.byte_offset},
		{isFoundAtEnd: true},
	);
}

/** Without the bytes of a character that was cut, if there may be one. */
const wholeCharacters = (bytes: string): string =>
	bytes.length < VALUE_BYTES ? bytes : bytes.replace(/[\xc0-\xff][\x80-\xbf]{0,2}$/, '');

const cutValue = (value: string): string =>
	value.length > REJECT_VALUE_LENGTH ? Array.from(value).slice(0, REJECT_VALUE_LENGTH).join('') : value;
