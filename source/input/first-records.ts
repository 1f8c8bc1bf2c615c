// The first records of a source as they stand, before anything is made of them.
import {noBlankLines} from './blank-lines.ts';
import type {Dialect} from './dialect.ts';
import {readHeader} from './header.ts';
import {InputError} from './input-error.ts';
import type {RecordLimits} from './record-reader.ts';

export interface FirstRecords {
	/** The fields of each, without quotes, one character per byte. */
	readonly records: readonly (readonly string[])[];
	/** Whether more bytes could bring more of them. */
	readonly needsMore: boolean;
}

/**
@param bytes - From the beginning of a record, or of blank lines in front of it.
@param isAll - Whether the source ends with them.
@param count - So many, at most; fewer where the source ends, or where one breaks a bound.
*/
export function readFirstRecords(
	bytes: Uint8Array,
	dialect: Dialect,
	isAll: boolean,
	count: number,
	limits?: RecordLimits,
): FirstRecords {
	const records: (readonly string[])[] = [];
	let start = 0;
	try {
		while (records.length < count) {
			const record = readHeader(
				bytes.subarray(start),
				{...dialect, headerRows: 1, bomBytes: 0},
				isAll,
				noBlankLines,
				limits,
			);
			if (record === null) return {records, needsMore: true};
			if (record.names === null) break;
			records.push(record.names);
			start += record.length;
		}
	} catch (error) {
		// Those who read the file will say what is wrong there.
		if (!(error instanceof InputError)) throw error;
	}
	return {records, needsMore: false};
}
