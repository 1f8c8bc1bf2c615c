// What is told of records that were left out.
import {bytesToText, type RejectReason} from '../../analysis/analysis.ts';
import {InputError} from '../../csv/input-error.ts';
import type {RecordPosition} from '../../csv/record-reader.ts';
import type {RejectReport} from '../../store/report-types.ts';
import type {ReadSettings} from './protocol.ts';

/** A rejected value is cut after so many characters. */
export const REJECT_VALUE_LENGTH = 200;

/** @param bytes - What was found, one character per byte. */
export const rejectReport = (
	{line, byteOffset}: RecordPosition,
	column: string | null,
	reason: RejectReason,
	bytes: string,
): RejectReport => ({line, byte_offset: byteOffset, column, reason, value: cutValue(bytes)});

/** What is found where a record has too many or too few fields. */
export const countOfFields = (found: number, expected: number): string =>
	`${found} ${found === 1 ? 'field' : 'fields'}, expected ${expected}`;

function describeReject({line, column, reason, value}: RejectReport): string {
	const where = column === null ? `line ${line}` : `line ${line}, column ${column}`;
	return `${reason} at ${where}, found ${JSON.stringify(value.slice(0, 50))}`;
}

export function tooManyRejects(count: number, last: RejectReport): InputError {
	const records = count === 1 ? 'A record was' : `${count} records were`;
	return new InputError(
		'TOO_MANY_REJECTS',
		`${records} rejected, which is as many as fail the file; the last: ${describeReject(last)}`,
		{line: last.line, byteOffset: last.byte_offset},
	);
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
	maxErrorsPerMillion != null &&
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

/** A character has at most 4 bytes, so what is behind these is cut anyway. */
function cutValue(bytes: string): string {
	const value = bytesToText(bytes.slice(0, 4 * REJECT_VALUE_LENGTH));
	return value.length > REJECT_VALUE_LENGTH ? Array.from(value).slice(0, REJECT_VALUE_LENGTH).join('') : value;
}
