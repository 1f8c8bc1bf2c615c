// A table as a file: CSV for people and programs, Parquet for programs, with the types that `convert` would give its columns.

import {type ColumnKind, kindOf} from '../engine/shared/column-kinds.ts';
import {canonicalRecord} from '../engine/worker/table/canonical-records.ts';
import {createParquetGroups} from '../engine/worker/table/parquet-groups.ts';
import {KindFinder} from '../engine/worker/table/typed-cells.ts';
import {createParquetFile} from '../pipeline/convert/parquet-file.ts';
import {guardFormulas} from '../text/formula-guard.ts';
import type {ResultTable} from './result-tables.ts';

/** People open it in spreadsheets: names come out of the data, and none of them is run as a formula. */
export const csvOf = ({columns, rows}: ResultTable): Buffer =>
	Buffer.from([columns, ...rows].map(cells => canonicalRecord(cells.map(guardFormulas))).join(''));

/** Amounts are decimals with all of their digits; a column of names is text, also where they look like numbers. */
export function parquetOf({columns, rows, texts}: ResultTable): Buffer {
	const records = Buffer.from(rows.map(canonicalRecord).join(''));
	const finder = new KindFinder(columns);
	finder.add(records);
	const kinds = finder.shown.map((shown, index): ColumnKind => {
		const column = columns[index];
		return column !== undefined && texts.has(column) ? {kind: 'text'} : kindOf(shown);
	});
	const groups = createParquetGroups(columns, {as: 'parquet', kinds, guardsFormulas: false, normalises: false});
	const file = createParquetFile(kinds);
	const pieces = [file.begin(columns, true)];
	for (const encoded of [groups.add(records), groups.end()])
		if (encoded !== null) pieces.push(file.add({...encoded, bytes: Uint8Array.from(encoded.bytes)}));
	return Buffer.concat([...pieces, file.end()]);
}
