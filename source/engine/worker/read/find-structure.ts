// The structure of a table, as its beginning says it.
import type {Dialect} from '../../../input/dialect.ts';
import {readFirstRecords} from '../../../input/first-records.ts';
import type {Header} from '../../../input/header.ts';
import type {RecordLimits} from '../../../input/record-reader.ts';
import type {TableStructure} from '../../../model/report.ts';
import {FIRST_RECORDS, structureOf} from '../../shared/table-structure.ts';

/** Records behind so many bytes are not among the first ones that are told. */
const MAX_BYTES = 1024 * 1024;

/**
@param bytes - From behind the header on.
@returns `null` where more bytes are needed.
*/
export function findStructure(
	{dialect, header}: {readonly dialect: Dialect; readonly header: Header},
	bytes: Uint8Array,
	isAll: boolean,
	limits: RecordLimits,
): TableStructure | null {
	const isEnough = isAll || bytes.length >= MAX_BYTES;
	const first = bytes.subarray(0, MAX_BYTES);
	const {records, needsMore} = readFirstRecords(
		first,
		dialect,
		isAll && first.length === bytes.length,
		FIRST_RECORDS,
		limits,
	);
	if (needsMore && !isEnough) return null;
	return structureOf(header.names === null ? null : header.position, records);
}
