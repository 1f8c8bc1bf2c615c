// Parquet files for tests.
import type {SchemaElement} from 'hyparquet';
import {ByteWriter, type ColumnSource, ParquetWriter} from 'hyparquet-writer';

export type Column = Pick<SchemaElement, 'name'> & Partial<SchemaElement> & {readonly data: ColumnSource['data']};

export interface ParquetOptions extends Partial<ConstructorParameters<typeof ParquetWriter>[0]> {
	readonly rowGroupSize?: number;
	readonly pageSize?: number;
}

export const text = {type: 'BYTE_ARRAY', converted_type: 'UTF8'} as const;

/** Values are as the writer wants them for the type. */
export function parquetOf(
	columns: readonly Column[],
	{rowGroupSize, pageSize, ...options}: ParquetOptions = {},
): Buffer {
	const writer = new ByteWriter();
	const parquet = new ParquetWriter({
		writer,
		schema: [
			{name: 'root', num_children: columns.length},
			...columns.map(({data, ...element}) => ({repetition_type: 'OPTIONAL' as const, ...element})),
		],
		...options,
	});
	const columnData = columns.map(({name, data}) => ({name, data}));
	parquet.write({
		columnData,
		...(rowGroupSize !== undefined && {rowGroupSize}),
		...(pageSize !== undefined && {pageSize}),
	});
	parquet.finish();
	return Buffer.from(writer.getBytes());
}
