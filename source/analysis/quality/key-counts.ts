// How many keys come again: all different keys up to a cap, and beside them always a sample of the keys with exact counts, because what is
// exact may meet what is not.
//
// The sample has the different keys with the smallest hashes. One that is among them at the end has been among them since it first came,
// so it has been counted each time.
import type {KeyCaps} from '../columns/column-caps.ts';
import {addDistinct, countValues, createDistinct, type DistinctValues, mergeDistinct} from '../distinct.ts';
import {hash64, hashShortKey, wordAt} from '../hash64.ts';
import {HASH_LIMIT} from '../position-sample.ts';
import {comparePlacedCells, keepFirst, mapPlaced, type Place, type PlacedCell, placeCell} from './places.ts';

export interface KeyCounts {
	readonly caps: KeyCaps;
	/** Of all records that have one. */
	count: number;
	readonly values: DistinctValues;
	readonly sample: KeySample;
}

export interface KeySample {
	/** Keys with this hash or a larger one are not in the sample. */
	limit: number;
	/** By the key, one character per byte. */
	readonly keys: Map<string, SampledKey>;
}

export interface SampledKey {
	readonly hash: number;
	count: number;
	/** Where it comes first and second. */
	readonly first: PlacedCell[];
}

/** The first place, and the one of the first duplicate. */
export const PLACES_OF_KEY = 2;

export const createKeyCounts = (caps: KeyCaps): KeyCounts => ({
	caps,
	count: 0,
	values: createDistinct({maxValues: caps.maxValues, maxValueBytes: caps.maxValueBytes}),
	sample: {limit: HASH_LIMIT, keys: new Map()},
});

/** @param key - 1 to 15 bytes. @param text - What is shown of it. */
export function addKey(target: KeyCounts, key: string, text: string, place: Place): void {
	target.count++;
	addDistinct(target.values, key);
	const hash = hashOf(key);
	if (hash < target.sample.limit) addSampled(target, key, {hash, count: 1, first: [placeCell(place, text)]});
}

/**
Adds to the sample alone a key that comes several times.

@param text - What is shown of it. @param places - The first ones.
*/
export function addSampledKey(
	target: KeyCounts,
	key: string,
	text: string,
	count: number,
	places: readonly Place[],
): void {
	const first = places.slice(0, PLACES_OF_KEY).map(place => placeCell(place, text));
	addSampled(target, key, {hash: hashOf(key), count, first});
}

const HIGH_BITS = 20;

/** @returns A whole number below `HASH_LIMIT`. */
export function hashOf(key: string): number {
	hashShortKey(wordAt(key, 0), wordAt(key, 4), wordAt(key, 8), wordAt(key, 12) | ((key.length + 1) << 24));
	return (hash64.high >>> (32 - HIGH_BITS)) * 2 ** 32 + (hash64.low >>> 0);
}

/** `key` is not looked at any more. */
function addSampled({sample, caps}: KeyCounts, key: string, {hash, count, first}: SampledKey): void {
	if (hash >= sample.limit) return;
	const known = sample.keys.get(key);
	if (known === undefined) {
		sample.keys.set(key, {hash, count, first: [...first]});
		if (sample.keys.size > 2 * caps.maxSampled) settleKeys(sample, caps);
		return;
	}
	known.count += count;
	for (const cell of first) keepFirst(known.first, cell, comparePlacedCells, PLACES_OF_KEY);
}

/** Leaves the keys that belong to the sample, in their order. */
export function settleKeys(sample: KeySample, {maxSampled}: KeyCaps): void {
	if (isSettled(sample, maxSampled)) return;
	const all = [...sample.keys].filter(([, {hash}]) => hash < sample.limit).sort(compareKeys);
	const next = all[maxSampled];
	if (next !== undefined) sample.limit = next[1].hash;
	sample.keys.clear();
	for (const [key, sampled] of all) if (sampled.hash < sample.limit) sample.keys.set(key, sampled);
}

function isSettled({limit, keys}: KeySample, maxSampled: number): boolean {
	if (keys.size > maxSampled) return false;
	let [before, hashBefore] = ['', -1];
	for (const [key, {hash}] of keys) {
		const isInOrder = hash > hashBefore || (hash === hashBefore && key > before);
		if (!isInOrder || hash >= limit) return false;
		before = key;
		hashBefore = hash;
	}
	return true;
}

/** By hash, then by key. */
const compareKeys = (
	[one, {hash: left}]: readonly [string, SampledKey],
	[other, {hash: right}]: readonly [string, SampledKey],
): number => left - right || (one < other ? -1 : 1);

/** Merges `source` into `target`; `source` is left as it is. */
export function mergeKeyCounts(target: KeyCounts, source: KeyCounts): void {
	target.count += source.count;
	mergeDistinct(target.values, source.values);
	target.sample.limit = Math.min(target.sample.limit, source.sample.limit);
	for (const [key, sampled] of source.sample.keys) addSampled(target, key, sampled);
}

/** The same with the texts that are shown changed. The keys stay those of the file: it is enough that different ones stay different. */
export function mapKeyCounts(source: KeyCounts, toText: (text: string) => string): KeyCounts {
	const target = createKeyCounts(source.caps);
	mergeKeyCounts(target, source);
	for (const [key, sampled] of target.sample.keys)
		target.sample.keys.set(key, {...sampled, first: mapPlaced(sampled.first, toText)});
	return target;
}

export interface Duplicates {
	/** Records whose key came before. */
	readonly value: number;
	readonly exact: boolean;
	/** Of an estimate: the standard error of the share of duplicates. */
	readonly error: number | null;
}

export function countDuplicates({count, values, sample, caps}: KeyCounts): Duplicates {
	if (values.registers === null) return {value: count - countValues(values), exact: true, error: null};
	settleKeys(sample, caps);
	let [sampled, again] = [0, 0];
	for (const key of sample.keys.values()) {
		sampled += key.count;
		again += key.count - 1;
	}
	return {
		value: sampled === 0 ? 0 : Math.round((again / sampled) * count),
		exact: false,
		error: 1 / Math.sqrt(Math.max(1, sample.keys.size)),
	};
}

/** Where keys of the sample come for the second time, the first of such places, each with where it came first. */
export function firstDuplicates({
	sample,
	caps,
}: KeyCounts): readonly {readonly again: PlacedCell; readonly before: Place}[] {
	// Between two settlings there are more keys, and which of them depends on the order in which parts were merged.
	settleKeys(sample, caps);
	const found: {readonly again: PlacedCell; readonly before: Place}[] = [];
	for (const {
		first: [before, again],
	} of sample.keys.values())
		if (before !== undefined && again !== undefined)
			keepFirst(found, {again, before}, (one, other) => comparePlacedCells(one.again, other.again));
	return found;
}
