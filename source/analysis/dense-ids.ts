// Ids that somebody counted up, as `C0012345`: all begin alike and end in a number, so each is a bit, and sets of 100,000 are
// merged word by word. They come so from the kernel (kernel/assembly/dense-ids.ts has the same rules).
//
// An id fits a form where it begins with the prefix and is as long as its number says: all ids have one length, with zeros in front
// of numbers, or all ids are without such zeros. So each id has one bit of its own.

export interface DenseIds {
	/** In front of all numbers, one character per byte, up to 8. */
	readonly prefix: string;
	/** Of all ids, in bytes, up to 15; 0 where no number has zeros in front. */
	readonly length: number;
	/** Number n is bit n % 32 of word n / 32. */
	bits: Uint32Array;
	/** How many bits are set. */
	count: number;
}

/** As in the kernel. */
export const MAX_DIGITS = 8;
const ZERO = 0x30;

export const isSameForm = (one: DenseIds, other: DenseIds): boolean =>
	one.prefix === other.prefix && one.length === other.length;

/** Adds ids of the same form, and no more bits than there are. */
export function mergeBits(target: DenseIds, {bits}: DenseIds): void {
	const own = target.bits;
	for (let word = 0; word < bits.length; word++) {
		const more = (bits[word] ?? 0) & ~(own[word] ?? 0);
		if (more === 0) continue;
		own[word] = (own[word] ?? 0) | more;
		target.count += countBits(more);
	}
}

export function growBits(target: DenseIds, words: number): void {
	const grown = new Uint32Array(words);
	grown.set(target.bits);
	target.bits = grown;
}

/** Sets the bit of a number. */
export function addNumber(target: DenseIds, number: number): void {
	const word = target.bits[number >>> 5] ?? 0;
	const bit = 1 << (number & 31);
	if ((word & bit) !== 0) return;
	target.bits[number >>> 5] = word | bit;
	target.count++;
}

/** The number of an id by its key of four words (see distinct.ts), where it has a bit; else -1. */
export function numberOf(
	{prefix, length, bits}: DenseIds,
	...words: readonly [word0: number, word1: number, word2: number, word3: number]
): number {
	const bytes = (words[3] >>> 24) - 1;
	const digits = bytes - prefix.length;
	if (digits < 1 || digits > MAX_DIGITS || (length !== 0 && bytes !== length)) return -1;
	const byteAt = (index: number): number => ((words[index >>> 2] ?? 0) >>> ((index & 3) * 8)) & 0xff;
	for (let index = 0; index < prefix.length; index++) if (byteAt(index) !== prefix.charCodeAt(index)) return -1;
	let number = 0;
	for (let index = prefix.length; index < bytes; index++) {
		const digit = byteAt(index) - ZERO;
		if (digit < 0 || digit > 9) return -1;
		number = number * 10 + digit;
	}
	const hasZeros = digits > 1 && number < 10 ** (digits - 1);
	return number >= bits.length * 32 || (length === 0 && hasZeros) ? -1 : number;
}

/** All ids, one character per byte. */
export function* idsOf({prefix, length, bits}: DenseIds): Generator<string, void> {
	for (let word = 0; word < bits.length; word++) {
		for (let rest = bits[word] ?? 0; rest !== 0; rest &= rest - 1) {
			const number = word * 32 + 31 - Math.clz32(rest & -rest);
			yield prefix + String(number).padStart(length - prefix.length, '0');
		}
	}
}

/** How many bytes all ids have together. */
export function bytesOf(ids: DenseIds): number {
	if (ids.length !== 0) return ids.count * ids.length;
	let bytes = 0;
	for (const id of idsOf(ids)) bytes += id.length;
	return bytes;
}

/** Bits of a word, added up side by side (H. S. Warren, Hacker's Delight, 5-1). */
export function countBits(word: number): number {
	const pairs = word - ((word >>> 1) & 0x5555_5555);
	const nibbles = (pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333);
	return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}
