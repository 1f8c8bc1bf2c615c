// The structure of a table, for people who want to see what a file looks like.
import {decodeBytes, type TextEncoding} from '../../analysis/text-encoding.ts';
import {showInvalid} from '../../input/encodings/invalid-bytes.ts';
import type {RecordPosition} from '../../input/record-reader.ts';
import type {TableStructure} from '../../model/report.ts';

/** So many of the first records are told. */
export const FIRST_RECORDS = 5;

/** @param records - One character per byte. */
export const structureOf = (
	position: RecordPosition | null,
	records: readonly (readonly string[])[],
	fitting: Pick<TableStructure, 'analyses' | 'lacks'> = {analyses: []},
): TableStructure => ({
	header: position === null ? null : {line: position.line, byte_offset: position.byteOffset},
	first_records: records,
	...fitting,
});

/** @param structure - Whose texts are bytes, one character per byte: which encoding they have is known at the end of the file. */
export const decodeStructure = (
	structure: TableStructure | undefined,
	encoding: TextEncoding,
): {readonly structure?: TableStructure} =>
	structure === undefined
		? {}
		: {
				structure: {
					...structure,
					first_records: structure.first_records.map(cells =>
						cells.map(cell => decodeBytes(showInvalid(cell), encoding)),
					),
				},
			};
