// The columns of a table as Parquet has them.
import type {SchemaElement} from 'hyparquet';

export function parquetSchema(names: readonly string[]): SchemaElement[] {
	return [
		{name: 'root', num_children: names.length},
		...names.map(name => ({name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED'}) as const),
	];
}
