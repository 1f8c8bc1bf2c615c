// The structure of a table and its first cells, as its beginning says them.
import {CELLS_LOOKED_AT, FirstCells} from '../../../analysis/first-cells.ts';
import type {Dialect} from '../../../input/dialect.ts';
import {readFirstRecords} from '../../../input/first-records.ts';
import type {Header} from '../../../input/header.ts';
import type {RecordLimits} from '../../../input/record-reader.ts';
import type {TableStructure} from '../../../model/report.ts';
import type {ReadSettings} from '../../shared/protocol.ts';
import {FIRST_RECORDS, structureOf} from '../../shared/table-structure.ts';
import {fittingAnalyses} from './fitting-analyses.ts';

/** Records behind so many bytes are not among the first ones that are told. */
const MAX_BYTES = 1024 * 1024;

/**
@param bytes - From behind the header on.
@returns `null` where more bytes are needed.
*/
export function findStructure(
	{dialect, header}: TableStart,
	bytes: Uint8Array,
	isAll: boolean,
	{limits, map, aliases}: Pick<ReadSettings, 'limits' | 'map' | 'aliases'>,
): TableStructure | null {
	const records = readFirst(dialect, bytes, isAll, FIRST_RECORDS, limits);
	const cells = findFirstCells({dialect, header}, bytes, isAll, limits);
	const {names, position} = header;
	if (names === null) return structureOf(null, []);
	if (records === null || cells === null) return null;
	const table = {header: names, position, delimiter: dialect.delimiter, cells};
	return structureOf(position, records, fittingAnalyses(table, {map, aliases}));
}

interface TableStart {
	readonly dialect: Dialect;
	readonly header: Header;
}

/** The same of the cells of the first records that are as the header says. */
export function findFirstCells(
	{dialect, header: {names}}: TableStart,
	bytes: Uint8Array,
	isAll: boolean,
	limits: RecordLimits,
): FirstCells | null {
	const records = readFirst(dialect, bytes, isAll, CELLS_LOOKED_AT, limits);
	if (records === null || names === null) return null;
	// Where tables were joined, the names stand again.
	const isData = (fields: readonly string[]): boolean =>
		fields.length === names.length && fields.some((cell, index) => cell !== names[index]);
	return new FirstCells(records.filter(isData));
}

/** @returns `null` where more bytes are needed. */
function readFirst(
	dialect: Dialect,
	bytes: Uint8Array,
	isAll: boolean,
	count: number,
	limits: RecordLimits,
): readonly (readonly string[])[] | null {
	const first = bytes.subarray(0, MAX_BYTES);
	const {records, needsMore} = readFirstRecords(first, dialect, isAll && first.length === bytes.length, count, limits);
	return needsMore && !isAll && bytes.length < MAX_BYTES ? null : records;
}
