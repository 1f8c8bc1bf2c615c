// Counts different values: exactly up to a cap, and past it as an estimate that says so.
//
// Which of the two it is depends only on the values, not on how they were cut into partials: a partial turns into an
// estimate when its own values pass the cap, so the union does in every order, or in none. The estimate is HyperLogLog
// (Flajolet, Fusy, Gandouet, Meunier 2007) with 2^14 registers: a standard error of 1.04 / sqrt(2^14) = 0.81 %. Its
// registers are a function of the set of values alone. It is used only far above 2.5 × 2^14 values, and its hash has
// 64 bits, so neither of the paper's range corrections applies.
import type {DistinctCount} from './transactions/result.ts';

/** 200,000 ids of 10 bytes are about 14 MB in a Set. */
export const DISTINCT_CAP = 200_000;
/** And their bytes, should they be no ids. */
export const DISTINCT_BYTES_CAP = 16 * 1024 * 1024;

const INDEX_BITS = 14;
const REGISTER_COUNT = 2 ** INDEX_BITS;
const ALPHA = 0.7213 / (1 + 1.079 / REGISTER_COUNT);

/** Crosses threads by structured clone. */
export interface DistinctPartial {
	/** The values, one character per byte, while they are within the caps; else empty. */
	values: Set<string>;
	/** Their bytes together. */
	valueBytes: number;
	/** The registers once there are more. */
	registers: Uint8Array | null;
}

export const createDistinct = (): DistinctPartial => ({values: new Set(), valueBytes: 0, registers: null});

export function addDistinct(target: DistinctPartial, value: string): void {
	if (target.registers !== null) {
		record(target.registers, value);
		return;
	}
	const sizeBefore = target.values.size;
	target.values.add(value);
	if (target.values.size === sizeBefore) return;
	target.valueBytes += value.length;
	if (target.values.size > DISTINCT_CAP || target.valueBytes > DISTINCT_BYTES_CAP) toEstimate(target);
}

export function mergeDistinct(target: DistinctPartial, source: DistinctPartial): void {
	for (const value of source.values) addDistinct(target, value);
	if (source.registers === null) return;
	const registers = target.registers ?? toEstimate(target);
	for (let index = 0; index < REGISTER_COUNT; index++) {
		registers[index] = Math.max(registers[index] ?? 0, source.registers[index] ?? 0);
	}
}

export function countDistinct({values, registers}: DistinctPartial): DistinctCount {
	if (registers === null) return {value: values.size, exact: true};
	let sum = 0;
	for (const rank of registers) sum += 2 ** -rank;
	return {value: Math.round((ALPHA * REGISTER_COUNT * REGISTER_COUNT) / sum), exact: false};
}

function toEstimate(target: DistinctPartial): Uint8Array {
	const registers = new Uint8Array(REGISTER_COUNT);
	for (const value of target.values) record(registers, value);
	target.values = new Set();
	target.valueBytes = 0;
	target.registers = registers;
	return registers;
}

/** The first 14 bits of the hash choose a register; the rank is the position of the first 1 in the other 50. */
function record(registers: Uint8Array, value: string): void {
	const high = hash32(value, 0x9747b28c);
	const low = hash32(value, 0x85ebca6b);
	const index = high >>> (32 - INDEX_BITS);
	const restHigh = (high << INDEX_BITS) >>> INDEX_BITS;
	const rank = restHigh === 0 ? 32 - INDEX_BITS + Math.clz32(low) + 1 : Math.clz32(restHigh) - INDEX_BITS + 1;
	if (rank > (registers[index] ?? 0)) registers[index] = rank;
}

/** FNV-1a over the bytes, then the finaliser of MurmurHash3 (public domain, Appleby), which spreads it over all bits. */
function hash32(value: string, seed: number): number {
	let hash = (0x811c9dc5 ^ seed) | 0;
	for (let index = 0; index < value.length; index++) hash = Math.imul(hash ^ value.charCodeAt(index), 0x01000193);
	hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
	hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
	return (hash ^ (hash >>> 16)) >>> 0;
}
