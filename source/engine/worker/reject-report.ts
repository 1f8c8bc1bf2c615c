// What is told of records that were left out.
import {bytesToText, type RejectReason} from '../../analysis/analysis.ts';
import {InputError} from '../../csv/input-error.ts';
import type {RecordPosition} from '../../csv/record-reader.ts';
import type {RejectReport} from '../../store/report-types.ts';

/** The report keeps so many rejected records of a file. */
export const REJECTS_KEPT = 20;
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

export function tooManyRejects(count: number, last: RejectReport): InputError {
	const where = last.column === null ? `line ${last.line}` : `line ${last.line}, column ${last.column}`;
	const records = count === 1 ? 'A record was' : `${count} records were`;
	return new InputError(
		'TOO_MANY_REJECTS',
		`${records} rejected, which is as many as fail the file; the last: ${last.reason} at ${where}, found ${JSON.stringify(last.value.slice(0, 50))}`,
		{line: last.line, byteOffset: last.byte_offset},
	);
}

/** A character has at most 4 bytes, so what is behind these is cut anyway. */
function cutValue(bytes: string): string {
	const value = bytesToText(bytes.slice(0, 4 * REJECT_VALUE_LENGTH));
	return value.length > REJECT_VALUE_LENGTH ? Array.from(value).slice(0, REJECT_VALUE_LENGTH).join('') : value;
}
