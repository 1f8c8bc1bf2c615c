// Of numbers and texts: how many there are in each bucket, and the registers of an estimate of how many are different. See
// analysis/columns/buckets.ts and registers.ts, which have the same.
import {allocate, release} from '../memory';

/** Buckets have the bits of a double from there on: 64 for each doubling. */
export const BUCKET_SHIFT: u64 = 46;
/**
Numbers are whole multiples of 10^-scale up to 10^15 < 2^50, so of one sign they have fewer buckets; the first one is
that of zero.
*/
export const BUCKETS_OF_SIGN: usize = 64 * 51;
export const BUCKETS_BYTES: usize = 2 * 4 * BUCKETS_OF_SIGN;

export function createBuckets(): usize {
	const buckets = allocate(BUCKETS_BYTES);
	memory.fill(buckets, 0, BUCKETS_BYTES);
	return buckets;
}
export function releaseBuckets(buckets: usize): void {
	release(buckets, BUCKETS_BYTES);
}

export function createRegisters(bits: u64): usize {
	const bytes: usize = (1 as usize) << (bits as usize);
	const registers = allocate(bytes);
	memory.fill(registers, 0, bytes);
	return registers;
}
export function releaseRegisters(registers: usize, bits: u64): void {
	release(registers, (1 as usize) << (bits as usize));
}

/** Takes a value by its hash. @param bits - Of the hash that choose the register. */
export function register(registers: usize, bits: u64, hash: u64): void {
	const at = registers + ((hash >> (64 - bits)) as usize);
	// A 1 is put behind the other bits, so that the rank is one more than their number where they are all 0.
	const rank = (clz<u64>((hash << bits) | ((1 as u64) << (bits - 1))) as u8) + 1;
	if (rank > load<u8>(at)) store<u8>(at, rank);
}
