// How records are written: as CSV, JSON lines or Parquet.
import {canonicalRecord, cellsOf} from '../../../engine/worker/table/canonical-records.ts';
import {guardFormulas} from '../../../report/guard-formulas.ts';
import type {ConvertOptions} from '../../arguments/options.ts';

export type FormatName = 'csv' | 'jsonl' | 'parquet';

/** Turns the records of one output into its bytes. */
export interface RecordFormat {
	/** @param names - Of the columns that the records have. Called once, before any record. */
	readonly begin: (names: readonly string[]) => Uint8Array;
	/** @param records - Whole records as in canonical-records.ts. They need not stay there. */
	readonly add: (records: Uint8Array) => Uint8Array;
	/** What is left when all records have been added. */
	readonly end: () => Uint8Array;
}

const NOTHING = new Uint8Array(0);

/** @returns A function that begins a format anew. */
export async function loadFormat(name: FormatName, options: ConvertOptions): Promise<() => RecordFormat> {
	switch (name) {
		case 'csv':
			return () => (options.guardsFormulas ? guardedCsv : plainCsv);
		case 'jsonl':
			return () => createJsonLines(options);
		case 'parquet': {
			const {createParquet} = await import('./parquet.ts');
			return () => createParquet(options);
		}
	}
}

/** The records come as they are to be. */
const plainCsv: RecordFormat = {
	begin: names => Buffer.from(canonicalRecord(names)),
	add: records => records,
	end: () => NOTHING,
};

const guardedCsv: RecordFormat = {
	begin: names => Buffer.from(canonicalRecord(names.map(guardFormulas))),
	add: records =>
		Buffer.from(
			cellsOf(records)
				.map(cells => canonicalRecord(cells.map(guardFormulas)))
				.join(''),
		),
	end: () => NOTHING,
};

function createJsonLines({guardsFormulas}: ConvertOptions): RecordFormat {
	let keys: readonly string[] = [];
	const valueText = guardsFormulas ? (cell: string) => jsonText(guardFormulas(cell)) : jsonText;
	const lineOf = (cells: readonly string[]): string => {
		let line = '{';
		for (const [index, key] of keys.entries()) line += (index > 0 ? ',' : '') + key + valueText(cells[index] ?? '');
		return `${line}}\n`;
	};
	return {
		begin(names) {
			keys = names.map(name => `${JSON.stringify(name)}:`);
			return NOTHING;
		},
		add: records => Buffer.from(cellsOf(records).map(lineOf).join('')),
		end: () => NOTHING,
	};
}

/** Characters that JSON writes as they are. */
const PLAIN = /^[ !#-[\]-~\u00a0-\ud7ff]*$/;

const jsonText = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text));
