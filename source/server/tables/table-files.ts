// A table as a file: CSV for people and programs, Parquet for programs, with the types that `convert` would give its columns.

import {type ColumnKind, kindOf} from '../../engine/shared/column-kinds.ts';
import type {EncodedRecords} from '../../engine/shared/table-protocol.ts';
import {canonicalRecord} from '../../engine/worker/table/canonical-records.ts';
import {createParquetGroups} from '../../engine/worker/table/parquet-groups.ts';
import {KindFinder} from '../../engine/worker/table/typed-cells.ts';
import {createParquetFile} from '../../pipeline/convert/parquet-file.ts';
import {guardFormulas} from '../../text/formula-guard.ts';
import type {ResultTable} from './result-tables.ts';

/** People open it in spreadsheets: names come out of the data, and none of them is run as a formula. */
export const csvOf = ({columns, rows}: ResultTable): Buffer =>
	Buffer.from([columns, ...rows].map(cells => canonicalRecord(cells.map(guardFormulas))).join(''));

/** Amounts are decimals with all of their digits; a column of names is text, also where they look like numbers. */
export function parquetOf(table: ResultTable): Buffer {
	const records = Buffer.from(table.rows.map(canonicalRecord).join(''));
	return Buffer.concat([...parquetPieces(table, () => [records])]);
}

/** @param read - Gives the records, whole ones each time, as in canonical-records.ts; called twice. */
export function* parquetPieces(
	{columns, texts}: Pick<ResultTable, 'columns' | 'texts'>,
	read: () => Iterable<Uint8Array>,
): Generator<Uint8Array, void, undefined> {
	const finder = new KindFinder(columns);
	for (const records of read()) finder.add(records);
	const kinds = finder.shown.map((shown, index): ColumnKind => {
		const column = columns[index];
		return column !== undefined && texts.has(column) ? {kind: 'text'} : kindOf(shown);
	});
	const groups = createParquetGroups(columns, {as: 'parquet', kinds, guardsFormulas: false, normalises: false});
	const file = createParquetFile(kinds);
	yield file.begin(columns, true);
	const added = (encoded: EncodedRecords | null): readonly Uint8Array[] =>
		encoded === null ? [] : [file.add({...encoded, bytes: Uint8Array.from(encoded.bytes)})];
	for (const records of read()) yield* added(groups.add(records));
	yield* added(groups.end());
	yield file.end();
}
