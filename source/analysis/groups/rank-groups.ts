// Which groups a report lists: the first ones in the order of their table.
import {addDecimals, type Decimal} from '../decimal.ts';
import type {GroupMeasure} from '../declaration.ts';
import {compareDecimals} from '../extremes.ts';
import {SUM_WORDS} from '../figures.ts';
import {compareExtremes, extremesOfGroup, rangeOfGroup} from './group-extremes.ts';
import {countOf, type GroupTable, keyEnd, keyStart, recordsOf, sumAt, sumOf} from './group-table.ts';
import {PART_LENGTH_BYTES, partLength} from './key-parts.ts';

/** Negative where the first of two places stands in front of the second. */
type Order = (groups: GroupTable, place: number, other: number) => number;

/** The places of the first groups, as many as are listed, in order; the others are never sorted. */
export function rankGroups(groups: GroupTable, measure: GroupMeasure): number[] {
	const order = orderOf(groups, measure);
	const isInFront = (place: number, other: number): boolean =>
		(order(groups, place, other) || compareKeys(groups, place, other)) < 0;
	if (groups.count <= measure.limit) return [...sortGroups(groups, measure)];
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

/** The places of all groups, in order. */
export function sortGroups(groups: GroupTable, measure: GroupMeasure): Uint32Array {
	const order = orderOf(groups, measure);
	// A sort of 500,000 groups compares ten million times: most keys differ in their first bytes, and are not read again for that.
	const starts = Float64Array.from({length: groups.count}, (_, place) => startOfKey(groups, place));
	return Uint32Array.from({length: groups.count}, (_, place) => place).sort(
		(place, other) =>
			order(groups, place, other) || (starts[place] ?? 0) - (starts[other] ?? 0) || compareKeys(groups, place, other),
	);
}

const START_BYTES = 6;

/** The first bytes of a key as one number; keys of two parts begin with a length, which says nothing of their order. */
function startOfKey(groups: GroupTable, place: number): number {
	if (groups.layout.keyParts > 1) return 0;
	const [start, end] = [keyStart(groups, place), keyEnd(groups, place)];
	let number = 0;
	for (let at = start; at < start + START_BYTES; at++) number = number * 256 + (at < end ? (groups.keys[at] ?? 0) : 0);
	return number;
}

function orderOf({layout}: GroupTable, {orderBy, measures}: GroupMeasure): Order {
	if (orderBy === 'key') return () => 0;
	const measure = measures[orderBy];
	if (measure === undefined) throw new Error(`Expected rows to have ${orderBy}`);
	if (measure.kind === 'count') return (groups, place, other) => recordsOf(groups, other) - recordsOf(groups, place);
	const {kind} = measure;
	const range = layout.ranges.get(measure.of);
	if (range !== undefined) return (groups, place, other) => compareDays(groups, range, kind, other, place);
	const sum = layout.sums.get(measure.of) ?? 0;
	if (kind === 'min' || kind === 'max') return (groups, place, other) => compareEnds(groups, sum, kind, other, place);
	const compare = measure.kind === 'mean' ? compareMeans : compareSums;
	return (groups, place, other) => {
		// Groups without the number come last.
		const [count, otherCount] = [countOf(groups, place, sum), countOf(groups, other, sum)];
		if (count === 0 || otherCount === 0) return Math.sign(otherCount) - Math.sign(count);
		return compare(groups, sum, other, place);
	};
}

/** By the first day or the last one; groups without one come last, in descending order. */
function compareDays(groups: GroupTable, range: number, kind: string, place: number, other: number): number {
	const dayOf = (group: number): number => {
		const {earliest, latest} = rangeOfGroup(groups, group, range) ?? {earliest: 0, latest: 0};
		return kind === 'min' ? earliest : latest;
	};
	return dayOf(place) - dayOf(other);
}

/** By the smallest or the largest number; groups without one come last, in descending order. */
function compareEnds(groups: GroupTable, sum: number, kind: 'min' | 'max', place: number, other: number): number {
	const [count, otherCount] = [countOf(groups, place, sum), countOf(groups, other, sum)];
	if (count === 0 || otherCount === 0) return Math.sign(count) - Math.sign(otherCount);
	if (groups.wideExtremes.size === 0) return compareExtremes(groups, sum, place, other, kind);
	const endOf = (group: number): Decimal => {
		const extremes = extremesOfGroup(groups, group, sum);
		if (extremes === null) throw new Error('Expected a group with a number to have extremes');
		return kind === 'min' ? extremes.lowest : extremes.highest;
	};
	return compareDecimals(endOf(place), endOf(other));
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
	const {keys, layout} = groups;
	const [start, end] = [keyStart(groups, place), keyEnd(groups, place)];
	const [otherStart, otherEnd] = [keyStart(groups, other), keyEnd(groups, other)];
	if (layout.keyParts === 1) return compareBytes(keys, start, end, otherStart, otherEnd);
	const [first, otherFirst] = [start + PART_LENGTH_BYTES, otherStart + PART_LENGTH_BYTES];
	const [second, otherSecond] = [first + partLength(keys, start), otherFirst + partLength(keys, otherStart)];
	return (
		compareBytes(keys, first, second, otherFirst, otherSecond) || compareBytes(keys, second, end, otherSecond, otherEnd)
	);
}

function compareBytes(keys: Uint8Array, start: number, end: number, otherStart: number, otherEnd: number): number {
	const length = end - start;
	const otherLength = otherEnd - otherStart;
	const common = Math.min(length, otherLength);
	for (let at = 0; at < common; at++) {
		const compared = (keys[start + at] ?? 0) - (keys[otherStart + at] ?? 0);
		if (compared !== 0) return compared;
	}
	return length - otherLength;
}
