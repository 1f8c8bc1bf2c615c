// Records as they stand in an output: CSV, JSON lines or Parquet.
import {differentNames} from '../../../input/join-names.ts';
import {guardFormulas} from '../../../text/formula-guard.ts';
import type {EncodedRecords, TableWork} from '../../shared/table-protocol.ts';
import {canonicalRecord, cellsOf} from './canonical-records.ts';

/** Turns the records of one file into bytes of its output. */
export interface RecordEncoder {
	/** @param records - Whole records as in canonical-records.ts. What is returned may be the same bytes. */
	readonly add: (records: Uint8Array) => EncodedRecords | null;
	/** What is left when all records have been added. */
	readonly end: () => EncodedRecords | null;
}

/** @param names - Of the columns that the records have. */
export async function loadEncoder(
	format: Exclude<TableWork['as'], 'kinds'>,
	work: TableWork,
	names: readonly string[],
): Promise<RecordEncoder> {
	switch (format) {
		case 'csv':
			return work.guardsFormulas ? guardedCsv : plainCsv;
		case 'jsonl':
			return createJsonLines(names, work);
		case 'parquet': {
			const {createParquetGroups} = await import('./parquet-groups.ts');
			return createParquetGroups(names, work);
		}
	}
}

/** The records come as they are to be. */
const plainCsv: RecordEncoder = {add: bytes => ({bytes}), end: () => null};

const guardedCsv: RecordEncoder = {
	add(records) {
		const written = cellsOf(records).map(cells => canonicalRecord(cells.map(guardFormulas)));
		return {bytes: Buffer.from(written.join(''))};
	},
	end: () => null,
};

function createJsonLines(names: readonly string[], {guardsFormulas}: TableWork): RecordEncoder {
	const keys = differentNames(names).map(name => `${JSON.stringify(name)}:`);
	const valueText = guardsFormulas ? (cell: string) => jsonText(guardFormulas(cell)) : jsonText;
	const lineOf = (cells: readonly string[]): string => {
		let line = '{';
		for (const [index, key] of keys.entries()) line += (index > 0 ? ',' : '') + key + valueText(cells[index] ?? '');
		return `${line}}\n`;
	};
	return {add: records => ({bytes: Buffer.from(cellsOf(records).map(lineOf).join(''))}), end: () => null};
}

/** Characters that JSON writes as they are. */
const PLAIN = /^[ !#-[\]-~\u00a0-\u2027\u202a-\ud7ff]*$/;

const jsonText = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text));
