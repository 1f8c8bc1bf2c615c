// Groups of rows from the threads -> a file of Parquet.
import type {RowGroup, SchemaElement} from 'hyparquet';
import {ByteWriter, ParquetWriter} from 'hyparquet-writer';
import type {ColumnKind} from '../../engine/shared/column-kinds.ts';
import {parquetSchema} from '../../engine/shared/parquet-schema.ts';
import type {OutputFormat} from './output-format.ts';

const MARK = Buffer.from('PAR1');

export function createParquetFile(kinds: readonly ColumnKind[]): OutputFormat {
	// Without any data it is a table without columns.
	let schema: SchemaElement[] = parquetSchema([], []);
	let hasBegun = false;
	let position = MARK.length;
	let groups: readonly RowGroup[] = [];
	return {
		begin(names) {
			schema = parquetSchema(names, kinds);
			hasBegun = true;
			return MARK;
		},
		add({bytes, rowGroups = []}) {
			groups = [...groups, ...rowGroups.map(group => moveGroup(group, BigInt(position)))];
			position += bytes.length;
			return bytes;
		},
		mark() {
			const before = {position, groups};
			return () => {
				position = before.position;
				groups = before.groups;
			};
		},
		end() {
			const writer = new ByteWriter();
			const parquet = new ParquetWriter({writer, schema, createdBy: 'fileproc-tui'});
			if (hasBegun) writer.index = 0;
			parquet.row_groups = [...groups];
			parquet.num_rows = groups.reduce((sum, {num_rows: rows}) => sum + rows, 0n);
			void parquet.finish();
			return writer.getBytes();
		},
	};
}

/** The group where it stands so many bytes further on. */
function moveGroup(group: RowGroup, by: bigint): RowGroup {
	const move = (offset: bigint): bigint => offset + by;
	return {
		...group,
		columns: group.columns.map(column => {
			const {meta_data: data} = column;
			if (data === undefined) throw new Error('Expected what is told of a column');
			const {dictionary_page_offset: dictionary} = data;
			return {
				...column,
				file_offset: move(column.file_offset),
				meta_data: {
					...data,
					data_page_offset: move(data.data_page_offset),
					...(dictionary !== undefined && {dictionary_page_offset: move(dictionary)}),
				},
			};
		}),
	};
}
