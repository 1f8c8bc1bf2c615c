// Sums of 128 bits with a sign, as four words in two's complement, the lowest first: so the SIMD kernel has them. Hundreds of
// thousands of them are added and scaled without a bigint for each.
import {SUM_WORDS} from './figures.ts';

const WORD = 2 ** 32;
/** A factor of this number of digits, times a word, is still exact. */
const DIGITS_AT_ONCE = 6;

/** Of the highest word: how far it is from that of a sum near zero. */
const distance = (high: number): number => ((high | 0) < 0 ? -1 - (high | 0) : high);

/** Half of what 128 bits hold, so that the highest words tell whether there is room for a result. */
const hasRoom = (high: number): boolean => distance(high) < 2 ** 30;

/** Adds one sum to another. Returns false where the result might leave 128 bits, and then does nothing. */
export function addWords(target: Uint32Array, at: number, source: Uint32Array, from: number): boolean {
	if (!hasRoom(target[at + 3] ?? 0) || !hasRoom(source[from + 3] ?? 0)) return false;
	let carry = 0;
	for (let word = 0; word < SUM_WORDS; word++) {
		const sum = (target[at + word] ?? 0) + (source[from + word] ?? 0) + carry;
		target[at + word] = sum;
		carry = sum >= WORD ? 1 : 0;
	}
	return true;
}

/** Writes a sum times 10^exponent. Returns false where that might leave 128 bits, and then `target` is undefined. */
export function scaleWords(
	target: Uint32Array,
	at: number,
	source: Uint32Array,
	from: number,
	exponent: number,
): boolean {
	for (let word = 0; word < SUM_WORDS; word++) target[at + word] = source[from + word] ?? 0;
	for (let left = exponent; left > 0; left -= DIGITS_AT_ONCE) {
		const factor = 10 ** Math.min(left, DIGITS_AT_ONCE);
		if ((distance(target[at + 3] ?? 0) + 1) * factor > 2 ** 30) return false;
		let carry = 0;
		for (let word = 0; word < SUM_WORDS; word++) {
			const product = (target[at + word] ?? 0) * factor + carry;
			const low = product % WORD;
			target[at + word] = low;
			carry = (product - low) / WORD;
		}
	}
	return true;
}

export const readWords = (words: Uint32Array, at: number): bigint =>
	BigInt.asIntN(
		128,
		BigInt(words[at] ?? 0) |
			(BigInt(words[at + 1] ?? 0) << 32n) |
			(BigInt(words[at + 2] ?? 0) << 64n) |
			(BigInt(words[at + 3] ?? 0) << 96n),
	);

/** Returns false where it has more than 128 bits, and then does nothing. */
export function writeWords(target: Uint32Array, at: number, units: bigint): boolean {
	if (BigInt.asIntN(128, units) !== units) return false;
	for (let word = 0; word < SUM_WORDS; word++) target[at + word] = Number((units >> BigInt(32 * word)) & 0xffff_ffffn);
	return true;
}
