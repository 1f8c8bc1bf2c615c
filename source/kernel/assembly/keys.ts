// Keys: a text as 16 bytes that are equal exactly when the texts are.
//
//   up to 15 bytes   [ the bytes, then zeros ............... │ length + 1 ]
//   more             [ hash, 8 bytes │ address, 4 │ length, 3 │ 0xff ]      and then the bytes are compared, too
//
// No key is all zero, which is what an empty slot of a table is. Long texts are kept in an arena, for the input moves on.
import {allocate, KEEP_FIRST, LENGTH_TAG, release} from './memory';

export const SHORT_KEY_BYTES: usize = 15;
export const LONG_KEY_TAG: u64 = 0xff;

// Odd constants with bits all over: 2^64 divided by the golden ratio, and the multipliers of SplitMix64 (Steele, Lea, Flood:
// Fast Splittable Pseudorandom Number Generators, 2014).
const GOLDEN: u64 = 0x9e3779b97f4a7c15;
const MIX_1: u64 = 0xbf58476d1ce4e5b9;
const MIX_2: u64 = 0x94d049bb133111eb;

/** Spreads 64 bits over 64 bits: the finaliser of SplitMix64. */
export function mix(bits: u64): u64 {
	let mixed = bits;
	mixed = (mixed ^ (mixed >> 30)) * MIX_1;
	mixed = (mixed ^ (mixed >> 27)) * MIX_2;
	return mixed ^ (mixed >> 31);
}

/** The hash of a key; for a long one, `low` is already a hash of all of its bytes. The same on every machine: estimates are made of it. */
export function hashKey(low: u64, high: u64): u64 {
	return high >> 56 === LONG_KEY_TAG ? mix(low) : mix(low ^ (high * GOLDEN));
}

/** Random for each thread, so that no file can be made whose keys all meet in one place of a table. */
let multiplier: u64 = GOLDEN;

/** To be called before any table has a key. */
export function seedTables(random: u64): void {
	multiplier = random | 1;
}

/** Odd, and random for each thread. */
export function tableMultiplier(): u64 {
	return multiplier;
}

/**
A quick hash for the tables of this kernel: its upper bits are good, which is all they use. A product with a random odd
number brings any two keys together no more often than chance does, twice (Dietzfelbinger, Hagerup, Katajainen, Penttonen:
A Reliable Randomized Algorithm for the Closest-Pair Problem, 1997).
*/
export function slotHash(low: u64, high: u64): u64 {
	const mixed = (low ^ (high * MIX_1)) * multiplier;
	return (mixed ^ (mixed >> 32)) * MIX_2;
}

/** The key of a text of up to 15 bytes. */
export function shortKey(start: usize, length: usize): v128 {
	return v128.or(v128.and(v128.load(start), v128.load(KEEP_FIRST + 16 * length)), v128.load(LENGTH_TAG + 16 * length));
}

/** A hash of all bytes of a long text: eight at a time, each step a rotation, an xor and a product (as FxHash does). */
export function hashBytes(start: usize, length: usize): u64 {
	let hash: u64 = length as u64;
	let address = start;
	const end = start + length;
	for (; address + 8 <= end; address += 8) hash = hashWord(hash, load<u64>(address));
	const rest = end - address;
	return rest > 0 ? hashWord(hash, load<u64>(address) & (((1 as u64) << ((rest as u64) * 8)) - 1)) : hash;
}

/** One step of it. */
export function hashWord(hash: u64, word: u64): u64 {
	return (rotl<u64>(hash, 5) ^ word) * GOLDEN;
}

export function longKeyHigh(address: usize, length: usize): u64 {
	return (address as u64) | ((length as u64) << 32) | (LONG_KEY_TAG << 56);
}
export function longKeyAddress(high: u64): usize {
	return (high & 0xffff_ffff) as usize;
}
function longKeyLength(high: u64): usize {
	return ((high >> 32) & 0xff_ffff) as usize;
}
export function keyLength(high: u64): usize {
	const tag = high >> 56;
	return tag === LONG_KEY_TAG ? longKeyLength(high) : (tag as usize) - 1;
}

/** Whether a stored key is that of the long text at `start`; its hash is equal already. */
export function isSameLongKey(high: u64, start: usize, length: usize): bool {
	if (high >> 56 !== LONG_KEY_TAG || longKeyLength(high) !== length) return false;
	return memory.compare(longKeyAddress(high), start, length) === 0;
}

// An arena: memory that is taken piece by piece and given back as a whole, in blocks that never move.
//
//   arena, 16 bytes:  [ its last block, 4 │ where the next piece begins, 4 │ where the block ends, 4 │ nothing, 4 ]
//   block:            [ the block before, 4 │ its own size, 4 │ nothing, 56 │ pieces ... ]

const BLOCK: usize = 0;
const CURSOR: usize = 4;
const END: usize = 8;
const ARENA_BLOCK_BYTES: usize = 65_536;
/** So that pieces of 64 bytes are cache lines. */
const ARENA_HEADER_BYTES: usize = 64;

/** Makes an arena within another one. */
export function createArena(arena: usize): usize {
	const created = reserve(arena, 16);
	v128.store(created, i64x2.splat(0));
	return created;
}

/** Keeps a text; it stays where it is until `clearArena`. */
export function keepText(arena: usize, start: usize, length: usize): usize {
	const address = reserve(arena, length);
	memory.copy(address, start, length);
	return address;
}

/** Where so many bytes stay until `clearArena`; it begins with a word of 8 bytes. */
export function reserve(arena: usize, bytes: usize): usize {
	const length = (bytes + 7) & ~7;
	const cursor = load<u32>(arena, CURSOR) as usize;
	if (cursor + length > (load<u32>(arena, END) as usize)) return reserveInNewBlock(arena, length);
	store<u32>(arena, (cursor + length) as u32, CURSOR);
	return cursor;
}

function reserveInNewBlock(arena: usize, length: usize): usize {
	const bytes = max(ARENA_BLOCK_BYTES, length + ARENA_HEADER_BYTES);
	const block = allocate(bytes);
	store<u32>(block, load<u32>(arena, BLOCK));
	store<u32>(block, bytes as u32, 4);
	const address = block + ARENA_HEADER_BYTES;
	store<u32>(arena, block as u32, BLOCK);
	store<u32>(arena, (address + length) as u32, CURSOR);
	store<u32>(arena, (block + bytes) as u32, END);
	return address;
}

export function clearArena(arena: usize): void {
	let block = load<u32>(arena, BLOCK) as usize;
	while (block !== 0) {
		const before = load<u32>(block) as usize;
		release(block, load<u32>(block, 4) as usize);
		block = before;
	}
	v128.store(arena, i64x2.splat(0));
}
