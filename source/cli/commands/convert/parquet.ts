// Records as Parquet: every cell a text, as it is.
import {ByteWriter, ParquetWriter} from 'hyparquet-writer';
import {cellsOf} from '../../../engine/worker/table/canonical-records.ts';
import {guardFormulas} from '../../../report/guard-formulas.ts';
import type {ConvertOptions} from '../../arguments/options.ts';
import type {RecordFormat} from './record-format.ts';

/** A group of rows is kept until it is written: so many rows, or so many bytes of text. */
const MAX_ROWS = 100_000;
const MAX_BYTES = 16 * 1024 * 1024;

export function createParquet({guardsFormulas}: ConvertOptions): RecordFormat {
	const writer = new ByteWriter();
	let parquet: ParquetWriter | null = null;
	let columns: {readonly name: string; readonly data: string[]}[] = [];
	let rows = 0;
	let bytes = 0;
	const take = (): Uint8Array => {
		const written = writer.getBytes().slice();
		writer.index = 0;
		return written;
	};
	const writeGroup = (): void => {
		if (rows > 0) parquet?.write({columnData: columns, rowGroupSize: rows});
		for (const {data} of columns) data.length = 0;
		rows = 0;
		bytes = 0;
	};
	const open = (names: readonly string[]): ParquetWriter => {
		columns = names.map(name => ({name, data: []}));
		return new ParquetWriter({
			writer,
			schema: [
				{name: 'root', num_children: names.length},
				...names.map(
					name => ({name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED'}) as const,
				),
			],
			createdBy: 'fileproc-tui',
		});
	};
	return {
		begin(names) {
			parquet = open(names);
			return take();
		},
		add(records) {
			for (const cells of cellsOf(records)) {
				for (const [index, {data}] of columns.entries()) {
					const cell = cells[index] ?? '';
					data.push(guardsFormulas ? guardFormulas(cell) : cell);
				}
				rows++;
				if (rows === MAX_ROWS) writeGroup();
			}
			bytes += records.length;
			if (bytes >= MAX_BYTES) writeGroup();
			return take();
		},
		end() {
			// Without any data it is a table without columns.
			parquet ??= open([]);
			writeGroup();
			parquet.finish();
			return take();
		},
	};
}
