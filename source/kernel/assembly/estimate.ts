// The estimate of a number of distinct values: HyperLogLog, see analysis/distinct.ts, which holds the same registers. The first
// 14 bits of a value's hash choose a register, and the register keeps the largest position of the first 1 among the other 50.
import {hashBytes, hashKey, LONG_KEY_TAG, SHORT_KEY_BYTES, shortKey} from './keys';
import {allocate, release} from './memory';

const INDEX_BITS: u64 = 14;
const REGISTERS_BYTES: usize = 1 << (INDEX_BITS as usize);

/** All zero. */
export function createRegisters(): usize {
	const registers = allocate(REGISTERS_BYTES);
	memory.fill(registers, 0, REGISTERS_BYTES);
	return registers;
}
export function releaseRegisters(registers: usize): void {
	release(registers, REGISTERS_BYTES);
}

/** Takes a value by its hash. */
export function register(registers: usize, hash: u64): void {
	const at = registers + ((hash >> (64 - INDEX_BITS)) as usize);
	// A 1 is put behind the 50 bits, so that the rank is 51 where they are all 0.
	const rank = (clz<u64>((hash << INDEX_BITS) | ((1 as u64) << (INDEX_BITS - 1))) as u8) + 1;
	if (rank > load<u8>(at)) store<u8>(at, rank);
}

/** Takes a text; an empty one is not counted. */
export function registerText(registers: usize, start: usize, length: usize): void {
	if (length === 0) return;
	if (length > SHORT_KEY_BYTES) {
		register(registers, hashKey(hashBytes(start, length), LONG_KEY_TAG << 56));
		return;
	}
	const key = shortKey(start, length);
	register(registers, hashKey(i64x2.extract_lane(key, 0) as u64, i64x2.extract_lane(key, 1) as u64));
}
