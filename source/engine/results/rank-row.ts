// Which groups of a file's row its table lists, in order: the same as `rankGroups` finds in a table of a state.
import type {GroupMeasure} from '../../analysis/declaration.ts';
import {FIRST_UNITS, type GroupShape, KEY, RECORDS, type RowTable} from '../../analysis/file-rows.ts';
import type {TableLayout} from '../../analysis/state-layout.ts';
import type {Units} from '../../analysis/units.ts';

/** What a table is ordered by. */
export interface RowOrder {
	readonly by: 'key' | 'records' | 'sum' | 'mean';
	/** Where the units and their count stand among the values of a group. */
	readonly unitsPlace: number;
	readonly countPlace: number;
	readonly stride: number;
	readonly limit: number;
}

export function rowOrderOf(
	{orderBy, measures, limit}: GroupMeasure,
	{countPlaces, extremePlaces, rangePlaces, stride}: GroupShape,
	{sums, ranges}: Pick<TableLayout, 'sums' | 'ranges'>,
): RowOrder {
	const measure = measures[orderBy];
	if (measure === undefined || measure.kind === 'count')
		return {by: measure === undefined ? 'key' : 'records', unitsPlace: 0, countPlace: RECORDS, stride, limit};
	const last = measure.kind === 'max' ? 1 : 0;
	const range = ranges.get(measure.of);
	if (range !== undefined) {
		// A day is 0 where there is none.
		const day = (rangePlaces[range] ?? 0) + last;
		return {by: 'sum', unitsPlace: day, countPlace: day, stride, limit};
	}
	const sum = sums.get(measure.of) ?? 0;
	if (measure.kind === 'min' || measure.kind === 'max') {
		const unitsPlace = (extremePlaces[sum] ?? 0) + last;
		return {by: 'sum', unitsPlace, countPlace: countPlaces[sum] ?? RECORDS, stride, limit};
	}
	// A share is as large as the part.
	const by = measure.kind === 'mean' ? 'mean' : 'sum';
	return {by, unitsPlace: FIRST_UNITS + sum, countPlace: countPlaces[sum] ?? RECORDS, stride, limit};
}

/**
The places of the groups that are listed, in order.

@param ranks - By the number of a key: its place in the order of bytes.
*/
export function rankRow(
	{length, values, wide}: RowTable,
	ranks: readonly number[],
	{by, unitsPlace, countPlace, stride, limit}: RowOrder,
): number[] {
	const rankOf = (group: number): number => ranks[values[group * stride + KEY] ?? -1] ?? 0;
	const countOf = (group: number): number => values[group * stride + countPlace] ?? 0;
	const unitsOf = (group: number): Units =>
		wide.get(group * stride + unitsPlace) ?? values[group * stride + unitsPlace] ?? 0;
	const compare = (group: number, other: number): number => {
		if (by === 'key') return 0;
		const [count, otherCount] = [countOf(group), countOf(other)];
		if (by === 'records') return otherCount - count;
		if (count === 0 || otherCount === 0) return Math.sign(otherCount) - Math.sign(count);
		if (by === 'sum') return compareUnits(unitsOf(other), unitsOf(group));
		return compareUnits(BigInt(unitsOf(other)) * BigInt(count), BigInt(unitsOf(group)) * BigInt(otherCount));
	};
	const groups = Array.from({length}, (_, group) => group);
	groups.sort((group, other) => compare(group, other) || rankOf(group) - rankOf(other));
	return groups.slice(0, limit);
}

const compareUnits = (units: Units, other: Units): number => (units < other ? -1 : units > other ? 1 : 0);
