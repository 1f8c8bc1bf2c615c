// Reads a table of groups: assembly/group-table.ts says how it is kept.
import type {KernelExports} from './exports.ts';
import type {KernelTableFigures, Sum} from './program.ts';
import {type HugeSums, readSum, withScale} from './sums.ts';

export interface SummandPlace {
	/** As the kernel numbers it. */
	readonly number: number;
	readonly isCounted: boolean;
	/** Where its sum is in a slot. */
	readonly sum: number;
	/** The decimals of the units, and those that it has by itself. */
	readonly scale: number;
	readonly ownScale: number;
}

export interface TablePlace {
	readonly isGivenUp: boolean;
	/** How many there are, and where the list of their slots is. */
	readonly groups: number;
	readonly list: number;
	/** Where the number of records is in a slot. */
	readonly records: number;
	readonly summands: readonly SummandPlace[];
}

const LONG_KEY_TAG = 0xff;
/** A count is in front of its sum. */
const COUNT_BYTES = 8;
const SUM_WORDS = 4;
const COUNT_WORDS = 2;
/** The end of the key, and the number of records. */
const FIRST_SUM_WORD = 3;

/**
The groups that have records.

@param part - Of the list: from which place, up to which one.
*/
export function packTable(
	kernel: KernelExports,
	{isGivenUp, groups, list, records, summands}: TablePlace,
	huge: HugeSums | null,
	part: readonly [from: number, to: number] = [0, groups],
): KernelTableFigures {
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
	const entryWords = FIRST_SUM_WORD + SUM_WORDS * summands.length + COUNT_WORDS * counted.length;
	const entries = new Uint32Array(allocate(4 * count * entryWords));
	const keys = new Uint8Array(allocate(keyBytes));
	const additions: {group: number; sum: number; value: Sum}[] = [];
	let at = 0;
	let end = 0;
	let group = 0;
	for (const slot of slots) {
		if (!isUsed(slot)) continue;
		const start = end;
		end += keyLength(words, slot);
		copyKey(keys, start, bytes, keyAddress(words, slot), end - start);
		entries[at++] = end;
		at = copyWords(entries, at, words, slot + records, COUNT_WORDS);
		for (const {sum, scale, ownScale} of summands) {
			if (scale !== ownScale) writeUnits(entries, at, withScale(readSum(view, slot + sum), scale, ownScale).units);
			else copyWords(entries, at, words, slot + sum, SUM_WORDS);
			at += SUM_WORDS;
		}
		for (const {sum} of counted) at = copyWords(entries, at, words, slot + sum - COUNT_BYTES, COUNT_WORDS);
		if (huge !== null && !huge.isEmpty) {
			const key = Buffer.from(keys.buffer, start, end - start).toString('latin1');
			summands.forEach(({number}, sum) => {
				const value = huge.of(number, key);
				if (value !== undefined) additions.push({group, sum, value});
			});
		}
		group++;
	}
	return {isGivenUp, entries, keys, scales: summands.map(({ownScale}) => ownScale), additions};
}

/** Returns the place behind. */
function copyWords(target: Uint32Array, at: number, words: Uint32Array, address: number, count: number): number {
	for (let word = 0; word < count; word++) target[at + word] = words[(address >>> 2) + word] ?? 0;
	return at + count;
}

function writeUnits(target: Uint32Array, at: number, units: bigint): void {
	for (let word = 0; word < SUM_WORDS; word++) target[at + word] = Number((units >> BigInt(32 * word)) & 0xffff_ffffn);
}

const LARGE_BYTES = 256 * 1024;

/**
Memory to be handed to another thread. A buffer that may change its size is mapped by itself, and goes back to the system when it
is discarded there. Any other one would be kept by the allocator for the next time, 20 MB for each thread.
*/
const allocate = (bytes: number): ArrayBuffer =>
	bytes < LARGE_BYTES ? new ArrayBuffer(bytes) : new ArrayBuffer(bytes, {maxByteLength: bytes});

/** Keys are short mostly, and then the call of anything built in takes longer than the copy. */
function copyKey(target: Uint8Array, at: number, bytes: Uint8Array, start: number, length: number): void {
	if (length > 64) target.set(bytes.subarray(start, start + length), at);
	else for (let index = 0; index < length; index++) target[at + index] = bytes[start + index] ?? 0;
}

/** As in assembly/keys.ts. */
const lastWord = (words: Uint32Array, slot: number): number => words[(slot >>> 2) + 3] ?? 0;
const isLong = (words: Uint32Array, slot: number): boolean => lastWord(words, slot) >>> 24 === LONG_KEY_TAG;
const keyLength = (words: Uint32Array, slot: number): number =>
	isLong(words, slot) ? lastWord(words, slot) & 0xff_ffff : (lastWord(words, slot) >>> 24) - 1;
const keyAddress = (words: Uint32Array, slot: number): number =>
	isLong(words, slot) ? (words[(slot >>> 2) + 2] ?? 0) : slot;
