// The smallest and the largest number of each group, and the first and the last date, in the entries of the groups (figures.ts).
import {type Extremes, joinExtremes, unitsAt} from '../extremes.ts';
import {COUNT_WORDS, readCount, writeCount} from '../figures.ts';
import {additionKey, type GroupTable} from './group-table.ts';

const LOWEST = 1;
const HIGHEST = 3;

const readLong = (words: Uint32Array, at: number): bigint =>
	BigInt.asIntN(64, BigInt(words[at] ?? 0) | (BigInt(words[at + 1] ?? 0) << 32n));

const isLong = (units: bigint): boolean => BigInt.asIntN(64, units) === units;

function writeLong(words: Uint32Array, at: number, units: bigint): void {
	words[at] = Number(units & 0xffff_ffffn);
	words[at + 1] = Number((units >> 32n) & 0xffff_ffffn);
}

/** Negative where the first of two integers of 64 bits is smaller. */
function compareLongs(words: Uint32Array, at: number, others: Uint32Array, from: number): number {
	const high = ((words[at + 1] ?? 0) | 0) - ((others[from + 1] ?? 0) | 0);
	return high !== 0 ? high : (words[at] ?? 0) - (others[from] ?? 0);
}

/** @returns -1 where extremes of the sum are not kept. */
function extremesAt({layout}: GroupTable, place: number, sum: number): number {
	const word = layout.extremeWords[sum] ?? -1;
	return word === -1 ? -1 : place * layout.entryWords + word;
}

function narrowExtremes({entries, scales}: GroupTable, at: number, sum: number): Extremes | null {
	if (at === -1 || entries[at] !== 1) return null;
	const scale = scales[sum] ?? 0;
	const valueAt = (from: number): Extremes['lowest'] => ({units: readLong(entries, at + from), scale});
	return {lowest: valueAt(LOWEST), highest: valueAt(HIGHEST)};
}

/** `null` where no record of the group has the number. */
export const extremesOfGroup = (groups: GroupTable, place: number, sum: number): Extremes | null =>
	joinExtremes(
		narrowExtremes(groups, extremesAt(groups, place, sum), sum),
		groups.wideExtremes.get(additionKey(groups, place, sum)) ?? null,
	);

/** Joins extremes of a sum with those of a group. */
export function addExtremes(groups: GroupTable, place: number, sum: number, extremes: Extremes | null): void {
	const at = extremesAt(groups, place, sum);
	if (extremes === null || at === -1) return;
	const joined = joinExtremes(narrowExtremes(groups, at, sum), extremes) ?? extremes;
	if (writeExtremes(groups.entries, at, joined, groups.scales[sum] ?? 0)) return;
	const key = additionKey(groups, place, sum);
	groups.wideExtremes.set(key, joinExtremes(groups.wideExtremes.get(key) ?? null, extremes) ?? extremes);
}

/**
@param at - In an entry.
@param scale - Of the words.
@returns False where they do not fit in 64 bits, or have more decimals: then nothing is written.
*/
export function writeExtremes(words: Uint32Array, at: number, {lowest, highest}: Extremes, scale: number): boolean {
	const [low, high] = [unitsAt(lowest, scale), unitsAt(highest, scale)];
	if (Math.max(lowest.scale, highest.scale) > scale || !isLong(low) || !isLong(high)) return false;
	words[at] = 1;
	writeLong(words, at + LOWEST, low);
	writeLong(words, at + HIGHEST, high);
	return true;
}

/** Joins all extremes of one group with those of another one, those aside that are not in its entry. */
export function mergeEntryExtremes(target: GroupTable, own: number, source: GroupTable, place: number): void {
	const {layout, entries, scales} = target;
	for (let sum = 0; sum < scales.length; sum++) {
		const [at, from] = [extremesAt(target, own, sum), extremesAt(source, place, sum)];
		if (at === -1 || source.entries[from] !== 1) continue;
		if (scales[sum] !== source.scales[sum]) addExtremes(target, own, sum, narrowExtremes(source, from, sum));
		else if (entries[at] !== 1) entries.set(source.entries.subarray(from, from + HIGHEST + 2), at);
		else {
			if (compareLongs(source.entries, from + LOWEST, entries, at + LOWEST) < 0)
				entries.set(source.entries.subarray(from + LOWEST, from + HIGHEST), at + LOWEST);
			if (compareLongs(source.entries, from + HIGHEST, entries, at + HIGHEST) > 0)
				entries.set(source.entries.subarray(from + HIGHEST, from + HIGHEST + 2), at + HIGHEST);
		}
	}
	for (let range = 0; range < layout.rangeWords.length; range++) {
		const other = rangeOfGroup(source, place, range);
		if (other === null) continue;
		const {earliest, latest} = rangeOfGroup(target, own, range) ?? other;
		setRange(target, own, range, Math.min(earliest, other.earliest), Math.max(latest, other.latest));
	}
}

/** Gives the numbers of a sum as many decimals as it has now. @param before - How many they had. */
export function raiseExtremes(groups: GroupTable, sum: number, before: number): void {
	if ((groups.layout.extremeWords[sum] ?? -1) === -1) return;
	for (let place = 0; place < groups.count; place++) {
		const at = extremesAt(groups, place, sum);
		if (groups.entries[at] !== 1) continue;
		const extremes = {
			lowest: {units: readLong(groups.entries, at + LOWEST), scale: before},
			highest: {units: readLong(groups.entries, at + HIGHEST), scale: before},
		};
		groups.entries[at] = 0;
		addExtremes(groups, place, sum, extremes);
	}
}

/** For ranking: negative where the first one is smaller. @param which - Of the two extremes. */
export function compareExtremes(
	groups: GroupTable,
	sum: number,
	place: number,
	other: number,
	which: 'min' | 'max',
): number {
	const [at, otherAt] = [extremesAt(groups, place, sum), extremesAt(groups, other, sum)];
	const word = which === 'min' ? LOWEST : HIGHEST;
	return compareLongs(groups.entries, at + word, groups.entries, otherAt + word);
}

const rangeAt = ({layout}: GroupTable, place: number, range: number): number =>
	place * layout.entryWords + (layout.rangeWords[range] ?? 0);

/** The first and the last day as yyyymmdd, or the first and the last moment; `null` where no record of the group has one. */
export function rangeOfGroup(
	groups: GroupTable,
	place: number,
	range: number,
): {readonly earliest: number; readonly latest: number} | null {
	const at = rangeAt(groups, place, range);
	const [earliest, latest] = [readCount(groups.entries, at), readCount(groups.entries, at + COUNT_WORDS)];
	return latest === 0 ? null : {earliest, latest};
}

export function setRange(groups: GroupTable, place: number, range: number, earliest: number, latest: number): void {
	const at = rangeAt(groups, place, range);
	writeCount(groups.entries, at, earliest);
	writeCount(groups.entries, at + COUNT_WORDS, latest);
}
