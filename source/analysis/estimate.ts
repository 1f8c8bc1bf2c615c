// Estimates of how many different values there are: HyperLogLog (Flajolet, Fusy, Gandouet, Meunier 2007) with 2^14 registers, which have a
// standard error of 1.04 / sqrt(2^14) = 0.81 %. The registers are a function of the set of values alone. They are used only far above
// 2.5 × 2^14 values, and the hash has 64 bits, so neither of the paper's range corrections applies.
import {hash64, hashLongValue, hashShortKey, wordAt} from './hash64.ts';

const INDEX_BITS = 14;
export const REGISTER_COUNT = 2 ** INDEX_BITS;
/** Of a value whose other bits are all zeros. */
export const MAX_RANK = 64 - INDEX_BITS + 1;
const ALPHA = 0.7213 / (1 + 1.079 / REGISTER_COUNT);

export const createRegisters = (): Uint8Array => new Uint8Array(REGISTER_COUNT);

/** Adds the value that was hashed last: the first 14 bits choose a register; the rank is the position of the first 1 in the other 50. */
export function addHashed(registers: Uint8Array): void {
	const {high, low} = hash64;
	const index = high >>> (32 - INDEX_BITS);
	const restHigh = (high << INDEX_BITS) >>> INDEX_BITS;
	const rank = restHigh === 0 ? 32 - INDEX_BITS + Math.clz32(low) + 1 : Math.clz32(restHigh) - INDEX_BITS + 1;
	if (rank > (registers[index] ?? 0)) registers[index] = rank;
}

/** Values of at most this number of bytes have keys of four words, see distinct.ts. */
export const SHORT_BYTES = 15;

/** Adds a value, one character per byte; an empty one is not counted. */
export function addText(registers: Uint8Array, value: string): void {
	if (value === '') return;
	if (value.length > SHORT_BYTES) hashLongValue(value);
	else hashShortKey(wordAt(value, 0), wordAt(value, 4), wordAt(value, 8), lastWordOf(value));
	addHashed(registers);
}

/** Of the key of a short value. */
export const lastWordOf = (value: string): number => wordAt(value, 12) | ((value.length + 1) << 24);

export function mergeRegisters(target: Uint8Array, source: Uint8Array): void {
	for (let index = 0; index < REGISTER_COUNT; index++) {
		target[index] = Math.max(target[index] ?? 0, source[index] ?? 0);
	}
}

export function estimateCount(registers: Uint8Array): number {
	let sum = 0;
	for (const rank of registers) sum += 2 ** -rank;
	return Math.round((ALPHA * REGISTER_COUNT * REGISTER_COUNT) / sum);
}
