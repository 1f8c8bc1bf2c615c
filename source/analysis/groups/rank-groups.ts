// Which groups a report lists: the first ones in the order of their table.
import {addDecimals, type Decimal} from '../decimal.ts';
import type {GroupMeasure} from '../declaration.ts';
import {SUM_WORDS} from '../figures.ts';
import {countOf, type GroupTable, type KeyPart, keyParts, recordsOf, sumAt, sumOf} from './group-table.ts';

/** Negative where the first of two places stands in front of the second. */
type Order = (groups: GroupTable, place: number, other: number) => number;

/** The places of the first groups, as many as are listed, in order; the others are never sorted. */
export function rankGroups(groups: GroupTable, measure: GroupMeasure): number[] {
	const order = orderOf(groups, measure);
	const isInFront = (place: number, other: number): boolean =>
		(order(groups, place, other) || compareKeys(groups, place, other)) < 0;
	const ranked: number[] = [];
	for (let place = 0; place < groups.count; place++) {
		const last = ranked[measure.limit - 1];
		if (last !== undefined && !isInFront(place, last)) continue;
		let low = 0;
		let high = ranked.length;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if (isInFront(place, ranked[middle] ?? 0)) high = middle;
			else low = middle + 1;
		}
		ranked.splice(low, 0, place);
		if (ranked.length > measure.limit) ranked.pop();
	}
	return ranked;
}

function orderOf({layout}: GroupTable, {orderBy, measures}: GroupMeasure): Order {
	if (orderBy === 'key') return () => 0;
	const measure = measures[orderBy];
	if (measure === undefined) throw new Error(`Expected rows to have ${orderBy}`);
	if (measure.kind === 'count') return (groups, place, other) => recordsOf(groups, other) - recordsOf(groups, place);
	const sum = layout.sums.get(measure.of) ?? 0;
	const compare = measure.kind === 'mean' ? compareMeans : compareSums;
	return (groups, place, other) => {
		// Groups without the number come last.
		const [count, otherCount] = [countOf(groups, place, sum), countOf(groups, other, sum)];
		if (count === 0 || otherCount === 0) return Math.sign(otherCount) - Math.sign(count);
		return compare(groups, sum, other, place);
	};
}

/** Negative where the first one is smaller. */
function compareSums(groups: GroupTable, sum: number, place: number, other: number): number {
	if (groups.additions.size > 0) return sign(difference(sumOf(groups, place, sum), sumOf(groups, other, sum)));
	const {entries} = groups;
	const [at, otherAt] = [sumAt(groups, place, sum), sumAt(groups, other, sum)];
	const highest = SUM_WORDS - 1;
	const signed = ((entries[at + highest] ?? 0) | 0) - ((entries[otherAt + highest] ?? 0) | 0);
	if (signed !== 0) return signed;
	for (let word = highest - 1; word >= 0; word--) {
		const unsigned = (entries[at + word] ?? 0) - (entries[otherAt + word] ?? 0);
		if (unsigned !== 0) return unsigned;
	}
	return 0;
}

function compareMeans(groups: GroupTable, sum: number, place: number, other: number): number {
	const times = ({units, scale}: Decimal, count: number): Decimal => ({units: units * BigInt(count), scale});
	return sign(
		difference(
			times(sumOf(groups, place, sum), countOf(groups, other, sum)),
			times(sumOf(groups, other, sum), countOf(groups, place, sum)),
		),
	);
}

const difference = (left: Decimal, {units, scale}: Decimal): bigint => addDecimals(left, {units: -units, scale}).units;
const sign = (value: bigint): number => (value < 0n ? -1 : value > 0n ? 1 : 0);

function compareKeys(groups: GroupTable, place: number, other: number): number {
	const parts = keyParts(groups, place);
	const others = keyParts(groups, other);
	for (const [index, part] of parts.entries()) {
		const compared = compareParts(groups, part, others[index] ?? part);
		if (compared !== 0) return compared;
	}
	return 0;
}

function compareParts({keys}: GroupTable, part: KeyPart, other: KeyPart): number {
	const length = part.end - part.start;
	const otherLength = other.end - other.start;
	const common = Math.min(length, otherLength);
	for (let at = 0; at < common; at++) {
		const compared = (keys[part.start + at] ?? 0) - (keys[other.start + at] ?? 0);
		if (compared !== 0) return compared;
	}
	return length - otherLength;
}
