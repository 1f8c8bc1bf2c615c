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
	const byNumber = new Map<number | string, ValueGroup>();
	const byDay = new Map<number, ValueGroup>();
	for (const [text, count] of values) {
		const cell = readCell(text);
		onCell?.(cell, text, count);
		if (cell.class === 'empty' || cell.class === 'null') continue;
		const group = {cell, text, textCount: count, count};
		let known: ValueGroup | undefined;
		if ('units' in cell) {
			const key = keyOf(cell);
			known = byNumber.get(key);
			if (known === undefined) byNumber.set(key, group);
		} else if (cell.class === 'date') {
			known = byDay.get(cell.seconds);
			if (known === undefined) byDay.set(cell.seconds, group);
		}
		if (known === undefined) {
			groups.push(group);
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

/** Numbers of at most this number of digits, and not too small, are equal where their doubles are. */
const DOUBLE_DIGITS = 15;
const MAX_DOUBLE_SCALE = 22;

/** The same for numbers that are equal: their double where that is certain, else a text. */
export function keyOf({units, scale, nearest}: CellNumber): number | string {
	if (typeof units === 'number' && scale <= MAX_DOUBLE_SCALE && Math.abs(units) < 10 ** DOUBLE_DIGITS) return nearest;
	if (nearest === 0) return 0;
	const digits = String(units);
	let end = digits.length;
	let left = scale;
	for (; left > 0 && digits.charCodeAt(end - 1) === 0x30; left--) end--;
	const rest = digits.slice(0, end);
	// Without the zeros at its end it may be one of those above.
	const length = units < 0 ? rest.length - 1 : rest.length;
	return length <= DOUBLE_DIGITS && left <= MAX_DOUBLE_SCALE ? nearest : `${rest}e${left}`;
}

/** The most frequent ones, equally frequent ones by their bytes. */
export function rankGroups(groups: Iterable<ValueGroup>, limit: number): readonly ValueGroup[] {
	const first: ValueGroup[] = [];
	// Few of many are wanted, so sorting all of them would take longer.
	for (const group of groups) {
		const last = first.at(-1);
		if (first.length === limit && last !== undefined && !isInFront(group, last)) continue;
		let place = first.length;
		for (; place > 0 && isInFront(group, first[place - 1] ?? group); place--);
		first.splice(place, 0, group);
		if (first.length > limit) first.pop();
	}
	return first;
}

const isInFront = (one: ValueGroup, other: ValueGroup): boolean =>
	one.count > other.count || (one.count === other.count && one.text < other.text);

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
		.flatMap(({cell, count}) => {
			if (!('units' in cell)) return [];
			const {units, scale, nearest} = cell;
			return {units, scale, nearest, count};
		})
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
