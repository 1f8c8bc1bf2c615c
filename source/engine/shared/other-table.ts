// A further table that begins behind what is looked at of a file: its records are rejected, because they have another number of fields.
import type {FilePlace, RejectReport} from '../../model/report.ts';

/** Fewer records in a row are more likely damaged. */
const MIN_RECORDS = 3;

/**
@param rejects - In the order of the file.
@returns Where records begin that stand line by line behind each other and have as many fields each; `null` where none do.
*/
export function findOtherTable(rejects: readonly RejectReport[]): (FilePlace & {readonly counts: string}) | null {
	let count = 0;
	for (const [place, {line, reason, value}] of rejects.entries()) {
		const before = rejects[place - 1];
		const goesOn = before?.reason === reason && before.value === value && before.line === line - 1;
		count = reason !== 'field-count' || value.startsWith('1 field') ? 0 : goesOn ? count + 1 : 1;
		const first = rejects[place - count + 1];
		if (count === MIN_RECORDS && first !== undefined)
			return {line: first.line, byte_offset: first.byte_offset, counts: value};
	}
	return null;
}
