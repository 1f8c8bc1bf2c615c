// The hash of which estimates are made: 64 bits, the same for the same bytes wherever they are read. The SIMD kernel
// computes it in WebAssembly (kernel/assembly/keys.ts); here it is made of 32-bit halves, for JavaScript has no 64-bit
// integers that are fast.

/** The upper and the lower half of what was computed last: one result for all, because there is one for every value. */
export const hash64 = {high: 0, low: 0};

/** 2^64 divided by the golden ratio. */
const GOLDEN = [0x9e3779b9, 0x7f4a7c15] as const;
/** Multipliers of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014). */
const MIX_1 = [0xbf58476d, 0x1ce4e5b9] as const;
const MIX_2 = [0x94d049bb, 0x133111eb] as const;

/** The low 64 bits of a product of 64 × 64 bits, from products of 16 × 16. */
function multiply(high: number, low: number, [factorHigh, factorLow]: readonly [number, number]): void {
	const low0 = low & 0xffff;
	const low1 = low >>> 16;
	const factor0 = factorLow & 0xffff;
	const factor1 = factorLow >>> 16;
	const cross1 = low0 * factor1;
	const cross2 = low1 * factor0;
	const middle = ((low0 * factor0) >>> 16) + (cross1 & 0xffff) + (cross2 & 0xffff);
	const carried = low1 * factor1 + (cross1 >>> 16) + (cross2 >>> 16) + (middle >>> 16);
	hash64.high = (carried + Math.imul(high, factorLow) + Math.imul(low, factorHigh)) | 0;
	hash64.low = Math.imul(low, factorLow);
}

/** x ^ (x >> count), for counts below 32. */
function xorShift(count: number): void {
	const {high, low} = hash64;
	hash64.low = low ^ ((low >>> count) | (high << (32 - count)));
	hash64.high = high ^ (high >>> count);
}

/** The finaliser of SplitMix64. */
export function mix(high: number, low: number): void {
	hash64.high = high;
	hash64.low = low;
	xorShift(30);
	multiply(hash64.high, hash64.low, MIX_1);
	xorShift(27);
	multiply(hash64.high, hash64.low, MIX_2);
	xorShift(31);
}

/** Hashes a short value, given as the four words of its key, lowest first. */
export function hashShortKey(word0: number, word1: number, word2: number, word3: number): void {
	multiply(word3, word2, GOLDEN);
	mix(hash64.high ^ word1, hash64.low ^ word0);
}

/** Hashes a value of any length, one character per byte: eight bytes at a time, a rotation, an xor and a product. */
export function hashLongValue(value: string): void {
	hash64.high = 0;
	hash64.low = value.length;
	for (let index = 0; index < value.length; index += 8) {
		const {high, low} = hash64;
		const rotatedHigh = (high << 5) | (low >>> 27);
		const rotatedLow = (low << 5) | (high >>> 27);
		multiply(rotatedHigh ^ wordAt(value, index + 4), rotatedLow ^ wordAt(value, index), GOLDEN);
	}
	mix(hash64.high, hash64.low);
}

/** Four bytes as a little-endian word; what is behind the end counts as 0. */
export const wordAt = (value: string, index: number): number =>
	value.charCodeAt(index) |
	(value.charCodeAt(index + 1) << 8) |
	(value.charCodeAt(index + 2) << 16) |
	(value.charCodeAt(index + 3) << 24);
