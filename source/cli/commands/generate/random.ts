// Our own random generator, so that a seed gives the same bytes on every machine and in every version of Node. xoshiro128**
// 1.1 by David Blackman and Sebastiano Vigna (public domain, https://prng.di.unimi.it/xoshiro128starstar.c), seeded through
// the finalizer of MurmurHash3 (Austin Appleby, public domain). 32-bit integers only, no floating point.

const GOLDEN_RATIO = 0x9e3779b9;

export class Random {
	#s0: number;
	#s1: number;
	#s2: number;
	#s3: number;

	/** @param seeds - Whole numbers from 0 to 2^53 - 1. Different seeds give different sequences. */
	constructor(...seeds: readonly number[]) {
		let hash = 0;
		const absorb = (word: number): number => {
			hash = scramble((hash + GOLDEN_RATIO) ^ word);
			return hash;
		};
		for (const seed of seeds) {
			absorb(seed >>> 0);
			absorb(Math.floor(seed / 0x1_0000_0000));
		}
		this.#s0 = absorb(0);
		this.#s1 = absorb(1);
		this.#s2 = absorb(2);
		// With zero in all four words the generator would only return zeros.
		this.#s3 = absorb(3) | 1;
	}

	/** @returns 32 random bits, as a number from 0 to 2^32 - 1. */
	next(): number {
		const product = Math.imul(this.#s1, 5);
		const result = Math.imul((product << 7) | (product >>> 25), 9);
		const shifted = this.#s1 << 9;
		this.#s2 ^= this.#s0;
		this.#s3 ^= this.#s1;
		this.#s1 ^= this.#s2;
		this.#s0 ^= this.#s3;
		this.#s2 ^= shifted;
		this.#s3 = (this.#s3 << 11) | (this.#s3 >>> 21);
		return result >>> 0;
	}

	/** @returns A whole number from 0 to `limit` - 1; `limit` up to 2^21, so that the product stays exact (32 + 21 = 53 bits). */
	below(limit: number): number {
		return Math.floor((this.next() * limit) / 0x1_0000_0000);
	}

	/** @returns One of the items, each equally often. */
	pick<Item>(items: readonly Item[]): Item {
		// The index always exists, unless there are no items.
		return items[this.below(items.length)] as Item;
	}
}

function scramble(word: number): number {
	let hash = word;
	hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
	hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
	return (hash ^ (hash >>> 16)) >>> 0;
}

/** 0 to 65,535 from 32 random bits, small values far more often: the product of the two halves. */
export const skew = (bits: number): number => ((bits >>> 16) * (bits & 0xffff)) >>> 16;
