// Ids that somebody counted up, as `C0012345`, are written as bits. Which ones these are depends on the set of values alone, not on how
// a reader kept them:
//
//   C 0 0 1 2 3 4 5     form: prefix `C`, 7 digits; number 12,345
//
// Each short value that ends in a digit has exactly one form: as many digits as stand at its end, 8 at most, and what stands in front.
// A form whose values are dense is written as bits; all other values are written one by one.

import {countBits, type DenseIds, idsOf, MAX_DIGITS} from '../dense-ids.ts';
import {type DistinctValues, KEY_WORDS, keyOf, slotHash} from '../distinct.ts';
import {SHORT_BYTES} from '../estimate.ts';

/** Fewer values are written one by one. */
const MIN_VALUES = 16;
/** A value that is written by itself takes fewer bits than this. */
const MAX_BITS_FOR_A_VALUE = 64;

export const isDense = (count: number, largest: number): boolean =>
	count >= MIN_VALUES && largest < MAX_BITS_FOR_A_VALUE * count;

const ZERO = 0x30;
const isDigit = (byte: number): boolean => byte >= ZERO && byte <= ZERO + 9;

export interface DenseForm {
	/** One character per byte. */
	readonly prefix: string;
	readonly digits: number;
	/** Number n is bit n % 32 of word n / 32. */
	readonly bits: Uint32Array;
}

export interface SplitSet {
	/** In the order of their prefixes and digits. */
	readonly dense: readonly DenseForm[];
	/** All other short values, as keys of four words. */
	readonly keys: Uint32Array;
}

/** Splits the short values of a set. */
export function splitSet(set: DistinctValues): SplitSet {
	const forms = new Forms();
	const {keys, ranges} = listValues(set);
	const count = keys.length / KEY_WORDS;
	const formOfKey = new Int32Array(count);
	const numberOfKey = new Uint32Array(count);
	for (let key = 0; key < count; key++) {
		formOfKey[key] = forms.add(keys, key);
		numberOfKey[key] = forms.number;
	}
	for (const range of ranges) forms.addRange(range);
	const dense = forms.makeDense();
	const sparse = forms.rangesWithout(dense);
	const rest = new Uint32Array(keys.length + sparse.reduce((sum, range) => sum + range.count * KEY_WORDS, 0));
	let kept = 0;
	for (let key = 0; key < count; key++) {
		const bits = dense.get(formOfKey[key] ?? -1)?.bits;
		const number = numberOfKey[key] ?? 0;
		if (bits === undefined) {
			for (let word = 0; word < KEY_WORDS; word++) rest[kept++] = keys[key * KEY_WORDS + word] ?? 0;
		} else bits[number >>> 5] = (bits[number >>> 5] ?? 0) | (1 << (number & 31));
	}
	for (const {prefix, digits, bits, count: ids} of sparse)
		kept = writeKeys(rest, kept, {prefix, length: prefix.length + digits, bits, count: ids});
	return {dense: [...dense.values()].sort(compareForms), keys: rest.subarray(0, kept)};
}

/** By prefix, then by digits. */
export function compareForms(one: DenseForm, other: DenseForm): number {
	if (one.prefix === other.prefix) return one.digits - other.digits;
	return one.prefix < other.prefix ? -1 : 1;
}

/** Values of one form that are bits already. */
interface BitRange extends DenseForm {
	readonly count: number;
	readonly largest: number;
}

/** What a set has as bits is of one form for each number of digits, unless its prefix ends in a digit itself. */
function listValues({keys, keyCount, denseIds}: DistinctValues): {keys: Uint32Array; ranges: BitRange[]} {
	const own = keys.subarray(0, keyCount * KEY_WORDS);
	if (denseIds === null || denseIds.count === 0) return {keys: own, ranges: []};
	const {prefix, length} = denseIds;
	if (isDigit(prefix.charCodeAt(prefix.length - 1))) {
		const all = new Uint32Array(own.length + denseIds.count * KEY_WORDS);
		all.set(own);
		writeKeys(all, own.length, denseIds);
		return {keys: all, ranges: []};
	}
	const fixed = length - prefix.length;
	const digits = length === 0 ? Array.from({length: MAX_DIGITS}, (_, index) => index + 1) : [fixed];
	const ranges = digits.map(each => {
		const lowest = length !== 0 || each === 1 ? 0 : 10 ** (each - 1);
		const bits = cutBits(denseIds.bits, lowest, 10 ** each);
		return {prefix, digits: each, bits, ...measureBits(bits)};
	});
	return {keys: own, ranges: ranges.filter(({count}) => count > 0)};
}

/** @returns The place behind them. */
function writeKeys(keys: Uint32Array, at: number, ids: DenseIds): number {
	let end = at;
	for (const id of idsOf(ids)) {
		keys.set(keyOf(id), end);
		end += KEY_WORDS;
	}
	return end;
}

/** The bits from one number up to another, at their places. */
function cutBits(bits: Uint32Array, from: number, to: number): Uint32Array {
	const end = Math.min(bits.length, Math.ceil(to / 32));
	if (end * 32 <= from) return new Uint32Array(0);
	const cut = bits.slice(0, end).fill(0, 0, from >>> 5);
	cut[from >>> 5] = (cut[from >>> 5] ?? 0) & (-1 << (from & 31));
	if (to < end * 32) cut[end - 1] = (cut[end - 1] ?? 0) & ((1 << (to & 31)) - 1);
	return cut;
}

export function measureBits(bits: Uint32Array): {count: number; smallest: number; largest: number} {
	let count = 0;
	let smallest = -1;
	let largest = 0;
	for (let word = 0; word < bits.length; word++) {
		const some = bits[word] ?? 0;
		if (some === 0) continue;
		count += countBits(some);
		if (smallest === -1) smallest = word * 32 + 31 - Math.clz32(some & -some);
		largest = word * 32 + 31 - Math.clz32(some);
	}
	return {count, smallest, largest};
}

const FIRST_FORMS = 64;

/** Counts the values of each form. There may be as many forms as values, so they are in a few pieces of memory. */
class Forms {
	/** The number of the value that was added last. */
	number = 0;
	#count = 0;
	/** For each form its prefix, and in the last byte the lengths of prefix and digits. */
	#keys = new Uint32Array(KEY_WORDS * FIRST_FORMS);
	#counts = new Uint32Array(FIRST_FORMS);
	#largest = new Uint32Array(FIRST_FORMS);
	#slots = new Int32Array(2 * FIRST_FORMS);
	readonly #ranges: {readonly form: number; readonly range: BitRange}[] = [];

	/** @returns Which form the value has; -1 for none. */
	add(keys: Uint32Array, key: number): number {
		const at = key * KEY_WORDS;
		const byteAt = (index: number): number => ((keys[at + (index >>> 2)] ?? 0) >>> ((index & 3) * 8)) & 0xff;
		const length = byteAt(SHORT_BYTES) - 1;
		let digits = 0;
		let number = 0;
		for (let power = 1; digits < MAX_DIGITS && digits < length; digits++, power *= 10) {
			const byte = byteAt(length - 1 - digits);
			if (!isDigit(byte)) break;
			number += (byte - ZERO) * power;
		}
		if (digits === 0) return -1;
		this.number = number;
		return this.#addForm(keys, at, length - digits, digits, 1, number);
	}

	addRange(range: BitRange): void {
		const {prefix, digits, count, largest} = range;
		const form = this.#addForm(keyOf(prefix), 0, prefix.length, digits, count, largest);
		this.#ranges.push({form, range});
	}

	/** Bits for the forms that are dense, with those that were bits before. */
	makeDense(): ReadonlyMap<number, DenseForm> {
		const dense = new Map<number, DenseForm>();
		const bytes = Buffer.from(this.#keys.buffer);
		for (let form = 0; form < this.#count; form++) {
			const largest = this.#largest[form] ?? 0;
			if (!isDense(this.#counts[form] ?? 0, largest)) continue;
			const start = form * KEY_WORDS * 4;
			const lengths = bytes[start + SHORT_BYTES] ?? 0;
			const prefix = bytes.toString('latin1', start, start + (lengths >>> 4));
			dense.set(form, {prefix, digits: lengths & 15, bits: new Uint32Array((largest >>> 5) + 1)});
		}
		for (const {form, range} of this.#ranges) {
			const bits = dense.get(form)?.bits;
			if (bits !== undefined) for (let word = 0; word < bits.length; word++) bits[word] = range.bits[word] ?? 0;
		}
		return dense;
	}

	/** What was bits, and is not dense enough. */
	rangesWithout(dense: ReadonlyMap<number, DenseForm>): BitRange[] {
		return this.#ranges.flatMap(({form, range}) => (dense.has(form) ? [] : [range]));
	}

	#addForm(
		words: ArrayLike<number>,
		at: number,
		prefixBytes: number,
		digits: number,
		count: number,
		largest: number,
	): number {
		// Of the prefix's words, the bytes behind it are not looked at.
		const wordAt = (word: number): number => {
			const bytes = prefixBytes - 4 * word;
			const value = words[at + word] ?? 0;
			return bytes >= 4 ? value : bytes <= 0 ? 0 : value & ((1 << (8 * bytes)) - 1);
		};
		const lengths = ((prefixBytes << 4) | digits) << 24;
		const [word0, word1, word2, word3] = [wordAt(0), wordAt(1), wordAt(2), wordAt(3) | lengths];
		const form = this.#findOrAdd(word0, word1, word2, word3);
		this.#counts[form] = (this.#counts[form] ?? 0) + count;
		this.#largest[form] = Math.max(this.#largest[form] ?? 0, largest);
		return form;
	}

	#findOrAdd(word0: number, word1: number, word2: number, word3: number): number {
		const mask = this.#slots.length - 1;
		const keys = this.#keys;
		let slot = slotHash(word0, word1, word2, word3) & mask;
		for (let found = this.#slots[slot] ?? 0; found !== 0; found = this.#slots[slot] ?? 0) {
			const at = (found - 1) * KEY_WORDS;
			const isSame =
				keys[at] === word0 >>> 0 &&
				keys[at + 1] === word1 >>> 0 &&
				keys[at + 2] === word2 >>> 0 &&
				keys[at + 3] === word3 >>> 0;
			if (isSame) return found - 1;
			slot = (slot + 1) & mask;
		}
		const form = this.#count++;
		this.#slots[slot] = form + 1;
		keys.set([word0, word1, word2, word3], form * KEY_WORDS);
		if (this.#count * KEY_WORDS === keys.length) this.#grow();
		return form;
	}

	/** Twice the room: half of the slots stay free. */
	#grow(): void {
		this.#keys = doubled(this.#keys);
		this.#counts = doubled(this.#counts);
		this.#largest = doubled(this.#largest);
		this.#slots = new Int32Array(2 * this.#slots.length);
		const mask = this.#slots.length - 1;
		for (let form = 0; form < this.#count; form++) {
			const [word0 = 0, word1 = 0, word2 = 0, word3 = 0] = this.#keys.subarray(form * KEY_WORDS);
			let slot = slotHash(word0, word1, word2, word3) & mask;
			while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
			this.#slots[slot] = form + 1;
		}
	}
}

function doubled(array: Uint32Array): Uint32Array<ArrayBuffer> {
	const grown = new Uint32Array(2 * array.length);
	grown.set(array);
	return grown;
}
