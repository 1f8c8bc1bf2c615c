// Estimates of how many different values a column has, from any number on: HyperLogLog as in estimate.ts, with the improved estimator of
// Ertl (New cardinality estimation algorithms for HyperLogLog sketches, 2017, algorithm 6), which has no bias where values are few.
// The registers are a function of the set of values alone.
import {addHashed, REGISTER_COUNT} from '../estimate.ts';
import {hash64, hashLongValue, hashShortKey, wordAt} from '../hash64.ts';

const FULL_BITS = Math.log2(REGISTER_COUNT);
const HASH_BITS = 64;
const SHORT_BYTES = 15;
/** The last word of a number's key; in that of a short text, its length + 1 is the first byte. */
const NO_LENGTH = 0;

const words = new Uint32Array(2);
const double = new Float64Array(words.buffer);

/** Adds a number: equal ones are one, however they are written. @param nearest - Never -0. */
export function addNumberTo(registers: Uint8Array, nearest: number): void {
	double[0] = nearest;
	hashShortKey(words[0] ?? 0, words[1] ?? 0, 0, NO_LENGTH);
	addTo(registers);
}

/** @param text - One character per byte. */
export function addTextTo(registers: Uint8Array, text: string): void {
	if (text.length > SHORT_BYTES) hashLongValue(text);
	else hashShortKey(wordAt(text, 0), wordAt(text, 4), wordAt(text, 8), wordAt(text, 12) | ((text.length + 1) << 24));
	addTo(registers);
}

/** Adds the value that was hashed last: the first bits choose a register; the rank is the position of the first 1 in the others. */
function addTo(registers: Uint8Array): void {
	if (registers.length === REGISTER_COUNT) {
		addHashed(registers);
		return;
	}
	const bits = Math.log2(registers.length);
	const index = hash64.high >>> (32 - bits);
	const restHigh = (hash64.high << bits) >>> bits;
	const rank = restHigh === 0 ? 32 - bits + Math.clz32(hash64.low) + 1 : Math.clz32(restHigh) - bits + 1;
	if (rank > (registers[index] ?? 0)) registers[index] = rank;
}

/** The same as if the values had been added to fewer registers. */
export function foldRegisters(registers: Uint8Array, bits: number): Uint8Array {
	let folded = registers;
	while (folded.length > 2 ** bits) {
		const half = new Uint8Array(folded.length / 2);
		for (let index = 0; index < half.length; index++) {
			const even = folded[2 * index] ?? 0;
			// The last bit of the index becomes the first one of the others.
			half[index] = (folded[2 * index + 1] ?? 0) > 0 ? 1 : 0;
			if (even > 0) half[index] = Math.max(half[index] ?? 0, even + 1);
		}
		folded = half;
	}
	return folded;
}

/** Merges `source` into `target`, which has as many registers or fewer. */
export function mergeColumnRegisters(target: Uint8Array, source: Uint8Array): void {
	const folded = foldRegisters(source, Math.log2(target.length));
	for (let index = 0; index < folded.length; index++) {
		const rank = folded[index] ?? 0;
		if (rank > (target[index] ?? 0)) target[index] = rank;
	}
}

/** The relative standard error of an estimate. */
export const errorOf = (registers: Uint8Array): number => 1.04 / Math.sqrt(registers.length);

export function estimateDistinct(registers: Uint8Array): number {
	const count = registers.length;
	const maxRank = HASH_BITS - Math.log2(count) + 1;
	const ranks = new Float64Array(maxRank + 1);
	for (let index = 0; index < count; index++) {
		const rank = registers[index] ?? 0;
		ranks[rank] = (ranks[rank] ?? 0) + 1;
	}
	let sum = count * largeTerm(1 - (ranks[maxRank] ?? 0) / count);
	for (let rank = maxRank - 1; rank > 0; rank--) sum = 0.5 * (sum + (ranks[rank] ?? 0));
	sum += count * smallTerm((ranks[0] ?? 0) / count);
	return Math.round((count * count) / (2 * Math.LN2 * sum));
}

/** σ of the paper, for the part of the registers that are 0. */
function smallTerm(part: number): number {
	if (part === 1) return Number.POSITIVE_INFINITY;
	let power = part;
	let factor = 1;
	let sum = part;
	for (let before = -1; sum !== before; ) {
		power *= power;
		before = sum;
		sum += power * factor;
		factor += factor;
	}
	return sum;
}

/** τ of the paper, for the part of the registers that do not have the highest rank. */
function largeTerm(part: number): number {
	if (part === 0 || part === 1) return 0;
	let root = part;
	let factor = 1;
	let sum = 1 - part;
	for (let before = -1; sum !== before; ) {
		root = Math.sqrt(root);
		before = sum;
		factor *= 0.5;
		sum -= (1 - root) ** 2 * factor;
	}
	return sum / 3;
}

export const createColumnRegisters = (bits: number): Uint8Array => new Uint8Array(2 ** Math.min(bits, FULL_BITS));
