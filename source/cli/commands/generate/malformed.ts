// Records that a reader must reject without affecting other records: an unclosed quote would swallow the records after it, so
// it never occurs.
import {splitRecord, toFieldText} from './csv-fields.ts';
import type {Kind} from './kind.ts';
import type {Random} from './random.ts';

/** Columns that readers check, as indexes. */
interface Columns {
	readonly numberColumn: number;
	readonly dateColumn: number;
	readonly textColumn: number;
}

const WRONG_NUMBERS = [
	'"12,5o"',
	'n/a',
	'1.2.3',
	'--5',
	'12 50',
	'"1,234.50"',
	'0x1F',
	toFieldText('€9.99'),
	'1e5',
	'NaN',
];
const WRONG_DATES = ['2024-02-30', '2023-02-29', '2024-13-01', '2024-1-5', '31/12/2023', 'yesterday', '2024-04-31'];

/** Each takes the fields of a good record and returns those of a malformed one. */
const BREAKS: readonly ((fields: readonly string[], columns: Columns, random: Random) => readonly string[])[] = [
	(fields, {numberColumn}, random) => fields.with(numberColumn, random.pick(WRONG_NUMBERS)),
	(fields, {numberColumn}) => fields.with(numberColumn, ''),
	(fields, {dateColumn}, random) => fields.with(dateColumn, random.pick(WRONG_DATES)),
	(fields, {dateColumn}) => fields.with(dateColumn, ''),
	fields => fields.slice(0, -1),
	fields => [...fields, 'extra'],
	(fields, {textColumn}) => fields.with(textColumn, `"${(fields[textColumn] ?? '').replaceAll('"', '')}"x`),
];

/** @returns The `breakRecord` of a kind of CSV file. */
export const createFieldBreaker =
	(columns: Columns): Kind['breakRecord'] =>
	(record, random) =>
		random.pick(BREAKS)(splitRecord(record), columns, random).join(',');

/**
Chooses records at random places, exactly the requested number (Knuth, The Art of Computer Programming 2, algorithm 3.4.2 S).

@returns Called once for each record, in order.
*/
export function createSelector(random: Random, rowCount: number, fraction: number): () => boolean {
	// In millionths, so that the count is computed in whole numbers.
	let wanted = Math.round((rowCount * Math.round(fraction * 1_000_000)) / 1_000_000);
	let left = rowCount;
	return () => {
		// 22 bits × at most 30 bits of records stay exact.
		const isChosen = (random.next() >>> 10) * left < wanted * 0x40_0000;
		left--;
		if (isChosen) wanted--;
		return isChosen;
	};
}
