// Records as groups of rows of Parquet. Where they stand in the file, who puts them there knows.
import {ByteWriter, ParquetWriter} from 'hyparquet-writer';
import {differentNames} from '../../../input/join-names.ts';
import {guardFormulas} from '../../../text/formula-guard.ts';
import type {ColumnKind} from '../../shared/column-kinds.ts';
import {parquetSchema} from '../../shared/parquet-schema.ts';
import type {EncodedRecords, TableWork} from '../../shared/table-protocol.ts';
import {cellsOf} from './canonical-records.ts';
import type {RecordEncoder} from './record-encoder.ts';
import {type CellValue, valuesOf} from './typed-cells.ts';

/** A group of rows is kept until it is written: so many rows, or so many bytes of text. */
const MAX_ROWS = 100_000;
const MAX_BYTES = 16 * 1024 * 1024;

export function createParquetGroups(names: readonly string[], {guardsFormulas, kinds = []}: TableWork): RecordEncoder {
	const schema = parquetSchema(names, kinds);
	const columns = differentNames(names).map((name, index) => {
		const column: ColumnKind = kinds[index] ?? {kind: 'text'};
		const read = column.kind === 'text' && guardsFormulas ? guardFormulas : valuesOf(column);
		return {name, read, data: [] as CellValue[], offsetIndex: false};
	});
	let rows = 0;
	let bytes = 0;
	const takeGroup = (): EncodedRecords | null => {
		if (rows === 0) return null;
		const writer = new ByteWriter(bytes);
		const parquet = new ParquetWriter({writer, schema});
		// The mark that a file begins with.
		writer.index = 0;
		writer.offset = 0;
		void parquet.write({columnData: columns, rowGroupSize: rows});
		for (const column of columns) column.data = [];
		rows = 0;
		bytes = 0;
		return {bytes: writer.getBytes(), rowGroups: parquet.row_groups};
	};
	return {
		add(records) {
			const all = cellsOf(records);
			for (const [index, {data, read}] of columns.entries())
				for (const cells of all) data.push(read(cells[index] ?? ''));
			rows += all.length;
			bytes += records.length;
			return rows >= MAX_ROWS || bytes >= MAX_BYTES ? takeGroup() : null;
		},
		end: takeGroup,
	};
}
