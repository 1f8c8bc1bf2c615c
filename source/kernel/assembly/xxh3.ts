// XXH3 with 128 bits, for texts of more than 240 bytes (the XXH3 specification of xxHash 0.8): what a block of a file is known by. It
// tells files apart that differ by accident, faster than they are read; it is no defence against somebody who means to deceive.
import {HASH_SECRET} from './memory';

const PRIME32_1: u64 = 0x9e3779b1;
const PRIME32_2: u64 = 0x85ebca77;
const PRIME32_3: u64 = 0xc2b2ae3d;
const PRIME64_1: u64 = 0x9e3779b185ebca87;
const PRIME64_2: u64 = 0xc2b2ae3d27d4eb4f;
const PRIME64_3: u64 = 0x165667b19e3779f9;
const PRIME64_4: u64 = 0x85ebca77c2b2ae63;
const PRIME64_5: u64 = 0x27d4eb2f165667c5;
const AVALANCHE: u64 = 0x165667919e3779f9;

const STRIPE_BYTES: usize = 64;
const SECRET_BYTES: usize = 192;
/** Each stripe takes the secret 8 bytes further on. */
const STRIPES_PER_BLOCK: usize = (SECRET_BYTES - STRIPE_BYTES) / 8;
const BLOCK_BYTES: usize = STRIPES_PER_BLOCK * STRIPE_BYTES;

/** The default secret of the specification; once for a thread. */
export function fillHashSecret(): void {
	store<u64>(HASH_SECRET + 0, 0xbe4ba423396cfeb8);
	store<u64>(HASH_SECRET + 8, 0x1cad21f72c81017c);
	store<u64>(HASH_SECRET + 16, 0xdb979083e96dd4de);
	store<u64>(HASH_SECRET + 24, 0x1f67b3b7a4a44072);
	store<u64>(HASH_SECRET + 32, 0x78e5c0cc4ee679cb);
	store<u64>(HASH_SECRET + 40, 0x2172ffcc7dd05a82);
	store<u64>(HASH_SECRET + 48, 0x8e2443f7744608b8);
	store<u64>(HASH_SECRET + 56, 0x4c263a81e69035e0);
	store<u64>(HASH_SECRET + 64, 0xcb00c391bb52283c);
	store<u64>(HASH_SECRET + 72, 0xa32e531b8b65d088);
	store<u64>(HASH_SECRET + 80, 0x4ef90da297486471);
	store<u64>(HASH_SECRET + 88, 0xd8acdea946ef1938);
	store<u64>(HASH_SECRET + 96, 0x3f349ce33f76faa8);
	store<u64>(HASH_SECRET + 104, 0x1d4f0bc7c7bbdcf9);
	store<u64>(HASH_SECRET + 112, 0x3159b4cd4be0518a);
	store<u64>(HASH_SECRET + 120, 0x647378d9c97e9fc8);
	store<u64>(HASH_SECRET + 128, 0xc3ebd33483acc5ea);
	store<u64>(HASH_SECRET + 136, 0xeb6313faffa081c5);
	store<u64>(HASH_SECRET + 144, 0x49daf0b751dd0d17);
	store<u64>(HASH_SECRET + 152, 0x9e68d429265516d3);
	store<u64>(HASH_SECRET + 160, 0xfca1477d58be162b);
	store<u64>(HASH_SECRET + 168, 0xce31d07ad1b8f88f);
	store<u64>(HASH_SECRET + 176, 0x280416958f3acb45);
	store<u64>(HASH_SECRET + 184, 0x7e404bbbcafbd7af);
}

/**
Hashes a block of more than 240 bytes. What comes of it is mixed with the place of the block, so that hashes of blocks can be added in any
order; `hashLow` and `hashHigh` are its halves.

@param place - Which block of the file it is, from 0.
*/
export function hashBlock(from: usize, length: usize, place: u32): void {
	hashBytes(from, length);
	const factor = (place as u64) + 1;
	low = avalanche(low ^ (factor * PRIME64_1));
	high = avalanche(high ^ (factor * PRIME64_2));
}

/** Hashes blocks of the same length that stand one behind the other; the halves are the sums of theirs. @param place - Of the first one. */
export function hashBlocks(from: usize, length: usize, count: u32, place: u32): void {
	let lows: u64 = 0;
	let highs: u64 = 0;
	for (let block: u32 = 0; block < count; block++) {
		hashBlock(from + length * (block as usize), length, place + block);
		lows += low;
		highs += high;
	}
	low = lows;
	high = highs;
}

function avalanche(value: u64): u64 {
	let hash = value ^ (value >> 37);
	hash *= AVALANCHE;
	return hash ^ (hash >> 32);
}

let low: u64 = 0;
let high: u64 = 0;

export function hashLow(): u64 {
	return low;
}
export function hashHigh(): u64 {
	return high;
}

/** XXH3 itself, of so many bytes, more than 240. */
export function hashBytes(from: usize, length: usize): void {
	let a = i64x2(PRIME32_3, PRIME64_1);
	let b = i64x2(PRIME64_2, PRIME64_3);
	let c = i64x2(PRIME64_4, PRIME32_2);
	let d = i64x2(PRIME64_5, PRIME32_1);
	const blocks = (length - 1) / BLOCK_BYTES;
	let at = from;
	for (let block: usize = 0; block <= blocks; block++) {
		const stripes = block < blocks ? STRIPES_PER_BLOCK : (length - 1 - blocks * BLOCK_BYTES) / STRIPE_BYTES;
		// What is added with its halves swapped is summed up by itself, and swapped once.
		let p = i64x2.splat(0);
		let q = i64x2.splat(0);
		let r = i64x2.splat(0);
		let s = i64x2.splat(0);
		for (let stripe: usize = 0; stripe < stripes; stripe++) {
			const secret = HASH_SECRET + 8 * stripe;
			const u = v128.load(at);
			const v = v128.load(at, 16);
			const w = v128.load(at, 32);
			const x = v128.load(at, 48);
			p = v128.add<u64>(p, u);
			q = v128.add<u64>(q, v);
			r = v128.add<u64>(r, w);
			s = v128.add<u64>(s, x);
			const ku = v128.xor(u, v128.load(secret));
			const kv = v128.xor(v, v128.load(secret, 16));
			const kw = v128.xor(w, v128.load(secret, 32));
			const kx = v128.xor(x, v128.load(secret, 48));
			const lowsUv = v128.shuffle<u32>(ku, kv, 0, 2, 4, 6);
			const highsUv = v128.shuffle<u32>(ku, kv, 1, 3, 5, 7);
			const lowsWx = v128.shuffle<u32>(kw, kx, 0, 2, 4, 6);
			const highsWx = v128.shuffle<u32>(kw, kx, 1, 3, 5, 7);
			a = v128.add<u64>(a, v128.extmul_low<u32>(lowsUv, highsUv));
			b = v128.add<u64>(b, v128.extmul_high<u32>(lowsUv, highsUv));
			c = v128.add<u64>(c, v128.extmul_low<u32>(lowsWx, highsWx));
			d = v128.add<u64>(d, v128.extmul_high<u32>(lowsWx, highsWx));
			at += STRIPE_BYTES;
		}
		a = v128.add<u64>(a, swap(p));
		b = v128.add<u64>(b, swap(q));
		c = v128.add<u64>(c, swap(r));
		d = v128.add<u64>(d, swap(s));
		if (block === blocks) break;
		const secret = HASH_SECRET + SECRET_BYTES - STRIPE_BYTES;
		a = scramble(a, secret);
		b = scramble(b, secret + 16);
		c = scramble(c, secret + 32);
		d = scramble(d, secret + 48);
	}
	// The last stripe ends with the text, and may repeat some of the one in front of it.
	at = from + length - STRIPE_BYTES;
	const secret = HASH_SECRET + SECRET_BYTES - STRIPE_BYTES - 7;
	a = mix(a, at, secret);
	b = mix(b, at + 16, secret + 16);
	c = mix(c, at + 32, secret + 32);
	d = mix(d, at + 48, secret + 48);
	low = merge(a, b, c, d, HASH_SECRET + 11, (length as u64) * PRIME64_1);
	high = merge(a, b, c, d, HASH_SECRET + SECRET_BYTES - STRIPE_BYTES - 11, ~((length as u64) * PRIME64_2));
}

function mix(sum: v128, at: usize, secret: usize): v128 {
	const data = v128.load(at);
	const keyed = v128.xor(data, v128.load(secret));
	const lows = v128.shuffle<u32>(keyed, keyed, 0, 2, 0, 2);
	const highs = v128.shuffle<u32>(keyed, keyed, 1, 3, 1, 3);
	return v128.add<u64>(sum, v128.add<u64>(swap(data), v128.extmul_low<u32>(lows, highs)));
}

function swap(pair: v128): v128 {
	return v128.shuffle<u64>(pair, pair, 1, 0);
}

function scramble(sum: v128, secret: usize): v128 {
	const shifted = v128.xor(sum, v128.shr<u64>(sum, 47));
	return v128.mul<u64>(v128.xor(shifted, v128.load(secret)), v128.splat<u64>(PRIME32_1));
}

function merge(a: v128, b: v128, c: v128, d: v128, secret: usize, start: u64): u64 {
	return avalanche(start + fold(a, secret) + fold(b, secret + 16) + fold(c, secret + 32) + fold(d, secret + 48));
}

/** The halves of the product of both lanes, folded into one. */
function fold(pair: v128, secret: usize): u64 {
	const left = v128.extract_lane<u64>(pair, 0) ^ load<u64>(secret);
	const right = v128.extract_lane<u64>(pair, 1) ^ load<u64>(secret, 8);
	const lowHalf: u64 = 0xffff_ffff;
	const lowLow = (left & lowHalf) * (right & lowHalf);
	const highLow = (left >> 32) * (right & lowHalf);
	const lowHigh = (left & lowHalf) * (right >> 32);
	const highHigh = (left >> 32) * (right >> 32);
	const cross = (lowLow >> 32) + (highLow & lowHalf) + lowHigh;
	const upper = (highLow >> 32) + (cross >> 32) + highHigh;
	return upper ^ ((cross << 32) | (lowLow & lowHalf));
}
