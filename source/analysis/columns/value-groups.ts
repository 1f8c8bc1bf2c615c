// The different values of a column with how often each is there: numbers are equal by value (1.5 = 1.50), dates by their
// days, all others by their bytes.
import {type Decimal, withScale} from '../decimal.ts';
import type {Units} from '../units.ts';
import {type Cell, type CellNumber, readCell} from './cell.ts';

export interface ValueGroup {
	readonly cell: Cell;
	/** As it is written most often, by its bytes where several forms are as frequent. */
	text: string;
	/** Of that form. */
	textCount: number;
	/** Of all forms. */
	count: number;
}

/**
@param values - Different cells; those without a value are left out.
@param onCell - Called for each of them.
*/
export function groupValues(
	values: Iterable<readonly [text: string, count: number]>,
	onCell?: (cell: Cell, text: string, count: number) => void,
): readonly ValueGroup[] {
	const groups: ValueGroup[] = [];
	const byValue = new Map<string, ValueGroup>();
	for (const [text, count] of values) {
		const cell = readCell(text);
		onCell?.(cell, text, count);
		if (cell.class === 'empty' || cell.class === 'null') continue;
		const group = {cell, text, textCount: count, count};
		const key = 'units' in cell ? keyOf(cell) : cell.class === 'date' ? `day ${cell.seconds}` : null;
		const known = key === null ? undefined : byValue.get(key);
		if (known === undefined) {
			groups.push(group);
			if (key !== null) byValue.set(key, group);
			continue;
		}
		known.count += count;
		if (count > known.textCount || (count === known.textCount && text < known.text)) {
			known.text = text;
			known.textCount = count;
		}
	}
	return groups;
}

function keyOf({units, scale}: CellNumber): string {
	if (scale === 0) return String(units);
	const digits = String(units);
	let end = digits.length;
	let left = scale;
	for (; left > 0 && digits.charCodeAt(end - 1) === 0x30; left--) end--;
	const rest = end === 0 || digits.slice(0, end) === '-' ? '0' : digits.slice(0, end);
	return left === 0 || rest === '0' ? rest : `${rest}e${left}`;
}

/** The most frequent ones, equally frequent ones by their bytes. */
export const rankGroups = (groups: readonly ValueGroup[], limit: number): readonly ValueGroup[] =>
	groups.toSorted((one, other) => other.count - one.count || (one.text < other.text ? -1 : 1)).slice(0, limit);

/** A number of a group, and how often it is there. */
export interface CountedNumber {
	readonly units: number | bigint;
	readonly scale: number;
	readonly nearest: number;
	readonly count: number;
}

/** By value. */
export const numbersInOrder = (groups: readonly ValueGroup[]): readonly CountedNumber[] =>
	groups
		.flatMap(({cell, count}) =>
			'units' in cell ? [{units: cell.units, scale: cell.scale, nearest: cell.nearest, count}] : [],
		)
		// Numbers that have the same double may still differ.
		.sort((one, other) => one.nearest - other.nearest || compareExactly(one, other));

function compareExactly(one: CountedNumber, other: CountedNumber): number {
	const scale = Math.max(one.scale, other.scale);
	const [left, right] = [unitsAt(one, scale), unitsAt(other, scale)];
	return left < right ? -1 : left > right ? 1 : 0;
}

export const unitsAt = ({units, scale}: Pick<CountedNumber, 'units' | 'scale'>, wanted: number): bigint =>
	withScale({units: BigInt(units), scale} satisfies Decimal, wanted).units;

/** The same, a number where it is a safe integer. */
export function narrowUnitsAt(value: Pick<CountedNumber, 'units' | 'scale'>, wanted: number): Units {
	const {units, scale} = value;
	if (scale === wanted) return units;
	const product =
		typeof units === 'number' && wanted - scale <= SAFE_POWER ? units * 10 ** (wanted - scale) : Number.NaN;
	return Number.isSafeInteger(product) ? product : unitsAt(value, wanted);
}

/** Ten to this power is a double exactly. */
const SAFE_POWER = 22;
