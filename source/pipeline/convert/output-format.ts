// What an output has beside the records, which come from the threads as they stand in it: see engine/worker/table/record-encoder.ts.
import type {ColumnKind} from '../../engine/shared/column-kinds.ts';
import type {TablePiece} from '../../engine/shared/table-protocol.ts';
import {canonicalRecord} from '../../engine/worker/table/canonical-records.ts';
import {guardFormulas} from '../../text/formula-guard.ts';

export type FormatName = 'csv' | 'jsonl' | 'parquet';

export interface OutputFormat {
	/**
	Called once, before any record.

	@param names - Of the columns that the records have.
	@param areOfFile - Whether they stand in a file; else they are made up, and CSV does without.
	*/
	readonly begin: (names: readonly string[], areOfFile: boolean) => Uint8Array;
	readonly add: (piece: TablePiece) => Uint8Array;
	/** @returns What takes back all that was added from here on. */
	readonly mark: () => () => void;
	/** What is left when all records have been added. */
	readonly end: () => Uint8Array;
}

const NOTHING = new Uint8Array(0);

const addBytes = {
	add: ({bytes}: TablePiece) => bytes,
	mark: () => () => {},
	end: () => NOTHING,
};

/** Where nothing is written. */
export const createNoFormat = (): OutputFormat => ({...addBytes, begin: () => NOTHING});

/** @returns A function that begins a format anew. @param kinds - Of its columns, where the format has types. */
export async function loadFormat(
	name: FormatName,
	{guardsFormulas}: {readonly guardsFormulas: boolean},
	kinds: readonly ColumnKind[],
): Promise<() => OutputFormat> {
	switch (name) {
		case 'csv': {
			const guard = guardsFormulas ? guardFormulas : (cell: string) => cell;
			return () => ({
				...addBytes,
				begin: (names, areOfFile) => (areOfFile ? Buffer.from(canonicalRecord(names.map(guard))) : NOTHING),
			});
		}
		case 'jsonl':
			return createNoFormat;
		case 'parquet': {
			const {createParquetFile} = await import('./parquet-file.ts');
			return () => createParquetFile(kinds);
		}
	}
}
