// The columns of a table as Parquet has them.

import type {SchemaElement} from 'hyparquet';
import {differentNames} from '../../input/join-names.ts';
import type {ColumnKind} from './column-kinds.ts';

/** A decimal of more digits than an integer of 64 bits has takes so many bytes. */
const WIDE_BYTES = 16;
const INT64_DIGITS = 18;

export const parquetSchema = (names: readonly string[], kinds: readonly ColumnKind[]): SchemaElement[] => [
	{name: 'root', num_children: names.length},
	...differentNames(names).map((name, index) => ({name, ...typeOf(kinds[index] ?? {kind: 'text'})})),
];

function typeOf(column: ColumnKind): Omit<SchemaElement, 'name'> {
	const optional = {repetition_type: 'OPTIONAL'} as const;
	switch (column.kind) {
		case 'text':
			return {type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED'};
		case 'boolean':
			return {type: 'BOOLEAN', ...optional};
		case 'integer':
			return {type: 'INT64', ...optional};
		case 'date':
			return {type: 'INT32', converted_type: 'DATE', ...optional};
		case 'timestamp': {
			const type = {type: 'TIMESTAMP', isAdjustedToUTC: column.isInstant, unit: 'MICROS'} as const;
			return {type: 'INT64', logical_type: type, ...optional};
		}
		case 'decimal': {
			const {precision, scale} = column;
			const decimal = {converted_type: 'DECIMAL', precision, scale, ...optional} as const;
			return precision <= INT64_DIGITS
				? {type: 'INT64', ...decimal}
				: {type: 'FIXED_LEN_BYTE_ARRAY', type_length: WIDE_BYTES, ...decimal};
		}
	}
}
