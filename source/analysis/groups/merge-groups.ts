// Groups are merged into others in place.
import {addDecimals, type Decimal} from '../decimal.ts';
import {mergeRegisters} from '../estimate.ts';
import {COUNT_WORDS, RECORDS_WORD, SUM_WORDS} from '../figures.ts';
import {runInTurns, runToEnd} from '../turns.ts';
import {addWords, readWords, scaleWords} from '../wide-sums.ts';
import {addExtremes, mergeEntryExtremes, raiseExtremes} from './group-extremes.ts';
import {
	additionKey,
	addKeys,
	createGroups,
	discardGroups,
	findOrAdd,
	fits,
	type GroupTable,
	giveUpGroups,
	keyEnd,
	keyStart,
	makeIndex,
	sumAt,
} from './group-table.ts';

/** Merges `source` into `target`; `source` is left as it is. */
export function mergeGroups(target: GroupTable, source: GroupTable): void {
	mergeSome(target, source, 0, source.count);
	mergeRest(target, source);
}

/** The same, where the source is not looked at any more: what can be taken over is not copied, the rest is given back. */
export function absorbGroups(target: GroupTable, source: GroupTable): void {
	if (takeOver(target, source)) return;
	mergeGroups(target, source);
	discardGroups(source);
}

/** Some 10 ms. */
const GROUPS_A_TURN = 16_384;

/** The same for a thread that has others to serve; meanwhile, more may be merged into the target. */
export async function absorbGroupsInTurns(
	target: GroupTable,
	source: GroupTable,
	nextTurn: () => Promise<unknown>,
): Promise<void> {
	if (target.count + source.count <= GROUPS_A_TURN || takeOver(target, source)) {
		absorbGroups(target, source);
		return;
	}
	if (!target.isGivenUp) await runInTurns(makeIndex(target, mostGroups(target, source)), nextTurn);
	for (let from = 0; from < source.count && !target.isGivenUp; from += GROUPS_A_TURN) {
		if (from > 0) await nextTurn();
		mergeSome(target, source, from, Math.min(from + GROUPS_A_TURN, source.count));
	}
	mergeRest(target, source);
	discardGroups(source);
}

/** Returns whether the target has the source's memory now. */
function takeOver(target: GroupTable, source: GroupTable): boolean {
	const isFirst =
		target.count === 0 && !target.isGivenUp && target.scales.every((scale, sum) => scale <= (source.scales[sum] ?? 0));
	if (!isFirst || source.isGivenUp || !fits(source, target.layout)) return false;
	const {entries, keys, count, keyBytes, scales, additions, wideExtremes, index} = source;
	Object.assign(target, {entries, keys, count, keyBytes, scales, additions, wideExtremes, index});
	Object.assign(source, createGroups(source.layout));
	return true;
}

/** Merges the groups `from` to `to` (exclusive) of the source; what else there is of them is for `mergeRest`. */
function mergeSome(target: GroupTable, source: GroupTable, from: number, to: number): void {
	if (source.isGivenUp && !target.isGivenUp) giveUpGroups(target);
	if (target.isGivenUp) return;
	for (const [sum, scale] of source.scales.entries()) raiseScale(target, sum, scale);
	if (source.count > 0) runToEnd(makeIndex(target, mostGroups(target, source)));
	const {keys} = source;
	let start = keyStart(source, from);
	for (let place = from; place < to; place++) {
		const end = keyEnd(source, place);
		const own = findOrAdd(target, keys, start, end);
		if (own === -1) {
			giveUpGroups(target);
			return;
		}
		addEntry(target, own, source, place);
		start = end;
	}
}

const mostGroups = (target: GroupTable, source: GroupTable): number =>
	Math.min(target.count + source.count, target.layout.maxGroups);

function mergeRest(target: GroupTable, source: GroupTable): void {
	if (target.registers !== null) {
		addKeys(target.registers, source);
		if (source.registers !== null) mergeRegisters(target.registers, source.registers);
	}
	if (target.isGivenUp) return;
	const sums = source.layout.sums.size;
	const ownPlace = (key: number): number => {
		const place = Math.floor(key / sums);
		return findOrAdd(target, source.keys, keyStart(source, place), keyEnd(source, place));
	};
	for (const [key, addition] of source.additions) addAddition(target, ownPlace(key), key % sums, addition);
	for (const [key, extremes] of source.wideExtremes) addExtremes(target, ownPlace(key), key % sums, extremes);
}

function addEntry(target: GroupTable, own: number, source: GroupTable, place: number): void {
	const {entryWords, countWords, sums} = target.layout;
	const at = own * entryWords;
	const from = place * entryWords;
	addCount(target.entries, at + RECORDS_WORD, source.entries, from + RECORDS_WORD);
	for (let sum = 0; sum < sums.size; sum++) {
		const word = countWords[sum] ?? -1;
		if (word !== -1) addCount(target.entries, at + word, source.entries, from + word);
		addSum(target, own, sum, source.entries, sumAt(source, place, sum), source.scales[sum] ?? 0);
	}
	if (target.layout.hasExtremes) mergeEntryExtremes(target, own, source, place);
}

function addCount(target: Uint32Array, at: number, source: Uint32Array, from: number): void {
	const low = (target[at] ?? 0) + (source[from] ?? 0);
	target[at] = low;
	target[at + COUNT_WORDS - 1] = (target[at + 1] ?? 0) + (source[from + 1] ?? 0) + (low >= 2 ** 32 ? 1 : 0);
}

function addSum(target: GroupTable, own: number, sum: number, words: Uint32Array, from: number, scale: number): void {
	const {entries} = target;
	const at = sumAt(target, own, sum);
	const ownScale = target.scales[sum] ?? 0;
	const isAdded =
		scale === ownScale
			? addWords(entries, at, words, from)
			: scaleWords(scaled, 0, words, from, ownScale - scale) && addWords(entries, at, scaled, 0);
	if (!isAdded) addAddition(target, own, sum, {units: readWords(words, from), scale});
}

const scaled = new Uint32Array(SUM_WORDS);

export function addAddition(groups: GroupTable, place: number, sum: number, addition: Decimal): void {
	const key = additionKey(groups, place, sum);
	const known = groups.additions.get(key);
	groups.additions.set(key, known === undefined ? addition : addDecimals(known, addition));
}

/** Gives all sums of a number as many decimals, unless they have more. */
export function raiseScale(groups: GroupTable, sum: number, scale: number): void {
	const {entries} = groups;
	const before = groups.scales[sum] ?? 0;
	if (scale <= before) return;
	for (let place = 0; place < groups.count; place++) {
		const at = sumAt(groups, place, sum);
		if (scaleWords(scaled, 0, entries, at, scale - before)) entries.set(scaled, at);
		else {
			addAddition(groups, place, sum, {units: readWords(entries, at), scale: before});
			entries.fill(0, at, at + SUM_WORDS);
		}
	}
	groups.scales[sum] = scale;
	raiseExtremes(groups, sum, before);
}
