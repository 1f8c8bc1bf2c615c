// Whether a record has the names of columns, or is data: by what stands in the columns below it.
import {isTyped, kindOf, shapeOf} from './cell-kinds.ts';

type Fields = readonly string[];

const YEAR = /^(?:19|20)\d\d$/;
/** More records say nothing more. */
const MAX_COMPARED = 100;

/**
@param first - The record in question.
@param data - The records behind it, of as many fields.
*/
export function isHeader(first: Fields, data: readonly Fields[]): boolean {
	// Where tables were joined, the names stand again.
	const compared = data.filter(fields => fields.some((cell, column) => cell !== first[column])).slice(0, MAX_COMPARED);
	let votes = 0;
	let recurring = 0;
	let hasData = false;
	for (const [column, cell] of first.entries()) {
		const kind = kindOf(cell);
		const below = compared.map(fields => fields[column] ?? '').filter(other => other.trim() !== '');
		votes += voteOf(cell, below);
		if (kind === 'text' && !below.every(isTyped)) recurring += recurrenceOf(cell, below);
		if (kind === 'time' || (kind === 'number' && !YEAR.test(cell.trim()))) hasData = true;
	}
	votes += Math.min(0, recurring);
	// A time or a number is no name, unless there is much that speaks for names.
	return votes > 0 || (votes === 0 && !hasData);
}

/** 1 where a cell is a name, -1 where it is a cell of its column, 0 where that is not known. */
function voteOf(cell: string, filled: readonly string[]): -1 | 0 | 1 {
	const kind = kindOf(cell);
	if (kind === 'empty') return 0;
	const typed = filled.filter(isTyped).length;
	if (kind === 'text') {
		if (filled.length > 0 && typed === filled.length) return 1;
		// A text with a number is no name where those below it are like it.
		const shape = shapeOf(cell);
		return shape.includes('0') && filled.length > 1 && filled.every(other => shapeOf(other) === shape) ? -1 : 0;
	}
	// A year is the name of figures, unless there are years or such numbers below it.
	if (YEAR.test(cell.trim())) return filled.length > 1 && filled.every(other => YEAR.test(other.trim())) ? -1 : 0;
	return filled.length === 0 || typed * 2 >= filled.length ? -1 : 0;
}

/** -1 where a text is a value that occurs again, 1 where nearly all others do and it does not: of a record, most do or none. */
function recurrenceOf(cell: string, filled: readonly string[]): -1 | 0 | 1 {
	if (filled.includes(cell)) return -1;
	const counts = new Map<string, number>();
	for (const other of filled) counts.set(other, (counts.get(other) ?? 0) + 1);
	const repeated = filled.filter(other => (counts.get(other) ?? 0) > 1).length;
	return filled.length > 1 && repeated * 2 >= filled.length ? 1 : 0;
}

/** How many records have names: a further one has the same, or texts where all records below it have numbers or times. */
export function countHeaderRows(records: readonly Fields[]): number {
	let count = 1;
	while (count < MAX_HEADER_ROWS && records.length >= count + 3 && isFurtherHeader(records, count)) count++;
	return count;
}

const MAX_HEADER_ROWS = 3;

function isFurtherHeader(records: readonly Fields[], place: number): boolean {
	const row = records[place] ?? [];
	if (row.some(isTyped)) return false;
	if (row.every((name, column) => name === records[0]?.[column])) return true;
	const below = records.slice(place + 1, place + 1 + MAX_COMPARED);
	let typedColumns = 0;
	let names = 0;
	for (const [column, cell] of row.entries()) {
		const filled = below.map(fields => fields[column] ?? '').filter(other => other.trim() !== '');
		// The first record, of which a cell that should be a number is damaged.
		if (voteOf(cell, filled) === -1) return false;
		if (filled.length < 2 || !filled.every(isTyped)) continue;
		typedColumns++;
		if (cell.trim() !== '') names++;
	}
	if (typedColumns === 0 || names < typedColumns) return false;
	// So many cells of one record are not damaged at once.
	const areMany = names >= MANY_NAMES && areDifferent(row);
	return names * 2 >= row.length || (place === 1 && (areMany || areGroups(records[0] ?? [], row)));
}

const MANY_NAMES = 3;

/** Whether each column has a name that no other has. */
export const areDifferent = (names: Fields): boolean =>
	names.every(name => name.trim() !== '') && new Set(names).size === names.length;

/**
Whether a record names groups of columns, and the next one each column: a group stands above its first column alone, or again above
each of its columns.
*/
function areGroups(groups: Fields, names: Fields): boolean {
	return areDifferent(names) && groups.some((name, column) => name.trim() === '' || name === groups[column - 1]);
}
