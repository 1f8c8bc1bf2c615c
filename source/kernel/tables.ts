// Reads a table of groups: assembly/group-table.ts says how it is kept.
import {copyBytes} from '../analysis/copy-bytes.ts';
import type {Decimal} from '../analysis/decimal.ts';
import {REGISTER_COUNT} from '../analysis/estimate.ts';
import type {Extremes} from '../analysis/extremes.ts';
import {
	COUNT_WORDS,
	EXTREMES_WORDS,
	entryWords,
	RANGE_WORDS,
	SUM_WORDS,
	type TableFigures,
	writeCount,
} from '../analysis/figures.ts';
import {writeExtremes} from '../analysis/groups/group-extremes.ts';
import {allocate} from '../analysis/groups/large-memory.ts';
import {writeWords} from '../analysis/wide-sums.ts';
import type {KernelExports} from './exports.ts';
import {numberOfCode, readExtremes} from './extremes.ts';
import {type HugeSums, readSum, withOwnScale} from './sums.ts';

export interface SummandPlace {
	/** As the kernel numbers it. */
	readonly number: number;
	readonly isCounted: boolean;
	readonly hasExtremes: boolean;
	/** Where its sum is in a slot, and its extremes, where they are kept. */
	readonly sum: number;
	readonly extremes: number;
	/** The decimals of the units, and those that it has by itself. */
	readonly scale: number;
	readonly ownScale: number;
}

export interface TablePlace {
	readonly isGivenUp: boolean;
	/** Of the estimate of different keys; 0 where there is none. */
	readonly registers: number;
	/** How many there are, and where the list of their slots is. */
	readonly groups: number;
	readonly list: number;
	/** Where the number of records is in a slot. */
	readonly records: number;
	readonly summands: readonly SummandPlace[];
	/** Where the first and the last dates are in a slot. */
	readonly ranges: readonly number[];
}

const LONG_KEY_TAG = 0xff;
/** A count is in front of its sum. */
const COUNT_BYTES = 8;

/**
The groups that have records.

@param part - Of the list: from which place, up to which one.
*/
export function packTable(
	kernel: KernelExports,
	{isGivenUp, registers, groups, list, records, summands, ranges}: TablePlace,
	huge: HugeSums | null,
	part: readonly [from: number, to: number] = [0, groups],
): TableFigures {
	const {buffer} = kernel.memory;
	const words = new Uint32Array(buffer);
	const bytes = new Uint8Array(buffer);
	const view = new DataView(buffer);
	const slots = new Uint32Array(buffer, list, groups).subarray(...part);
	const isUsed = (slot: number): boolean =>
		words[(slot + records) >>> 2] !== 0 || words[(slot + records + 4) >>> 2] !== 0;
	let count = 0;
	let keyBytes = 0;
	for (const slot of slots) {
		if (!isUsed(slot)) continue;
		count++;
		keyBytes += keyLength(words, slot);
	}
	const counted = summands.filter(({isCounted}) => isCounted);
	const extreme = summands.flatMap((summand, sum) => (summand.hasExtremes ? [{...summand, place: sum}] : []));
	const entries = new Uint32Array(allocate(4 * count * entryWords(summands, ranges.length)));
	const keys = new Uint8Array(allocate(keyBytes));
	const additions: {group: number; sum: number; value: Decimal}[] = [];
	const wideExtremes: {group: number; sum: number; extremes: Extremes}[] = [];
	let at = 0;
	let end = 0;
	let group = 0;
	for (const slot of slots) {
		if (!isUsed(slot)) continue;
		const start = end;
		end += keyLength(words, slot);
		copyBytes(keys, start, bytes, keyAddress(words, slot), end - start);
		entries[at++] = end;
		at = copyWords(entries, at, words, slot + records, COUNT_WORDS);
		for (const {sum, scale, ownScale} of summands) {
			if (scale !== ownScale) writeWords(entries, at, withOwnScale(readSum(view, slot + sum), scale, ownScale).units);
			else copyWords(entries, at, words, slot + sum, SUM_WORDS);
			at += SUM_WORDS;
		}
		for (const {sum} of counted) at = copyWords(entries, at, words, slot + sum - COUNT_BYTES, COUNT_WORDS);
		for (const {extremes, scale, ownScale} of extreme) {
			const found = readExtremes(view, slot + extremes, scale, ownScale);
			if (found !== null) writeExtremes(entries, at, found, ownScale);
			at += EXTREMES_WORDS;
		}
		for (const range of ranges) at = copyRange(entries, at, words, slot + range);
		if (huge !== null && !huge.isEmpty) {
			const key = Buffer.from(keys.buffer, start, end - start).toString('latin1');
			summands.forEach(({number}, sum) => {
				const value = huge.of(number, key);
				if (value !== undefined) additions.push({group, sum, value});
			});
			for (const {number, place} of extreme) {
				const extremes = huge.extremesOf(number, key);
				if (extremes !== undefined) wideExtremes.push({group, sum: place, extremes});
			}
		}
		group++;
	}
	return {
		...{isGivenUp, entries, keys, scales: summands.map(({ownScale}) => ownScale), additions, wideExtremes},
		...(registers !== 0 && {registers: bytes.slice(registers, registers + REGISTER_COUNT)}),
	};
}

/** Returns the place behind. */
function copyWords(target: Uint32Array, at: number, words: Uint32Array, address: number, count: number): number {
	for (let word = 0; word < count; word++) target[at + word] = words[(address >>> 2) + word] ?? 0;
	return at + count;
}

/** A first and a last date, or time; see assembly/extremes.ts. Returns the place behind. */
function copyRange(target: Uint32Array, at: number, words: Uint32Array, address: number): number {
	const word = (index: number): number => words[(address >>> 2) + index] ?? 0;
	if (word(0) === 0 && word(1) === 0) return at + RANGE_WORDS;
	const lowest = (~word(0) >>> 0) + (word(1) ^ 0x7fff_ffff) * 2 ** 32;
	const highest = word(2) + (word(3) ^ -0x8000_0000) * 2 ** 32;
	writeCount(target, at, numberOfCode(lowest));
	writeCount(target, at + COUNT_WORDS, numberOfCode(highest));
	return at + RANGE_WORDS;
}

/** As in assembly/keys.ts. */
const lastWord = (words: Uint32Array, slot: number): number => words[(slot >>> 2) + 3] ?? 0;
const isLong = (words: Uint32Array, slot: number): boolean => lastWord(words, slot) >>> 24 === LONG_KEY_TAG;
const keyLength = (words: Uint32Array, slot: number): number =>
	isLong(words, slot) ? lastWord(words, slot) & 0xff_ffff : (lastWord(words, slot) >>> 24) - 1;
const keyAddress = (words: Uint32Array, slot: number): number =>
	isLong(words, slot) ? (words[(slot >>> 2) + 2] ?? 0) : slot;
