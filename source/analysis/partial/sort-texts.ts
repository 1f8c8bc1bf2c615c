// Sorts hundreds of thousands of texts by their bytes without an object for any: four bytes of each and its place are one number, and
// numbers are sorted natively. Texts that are equal in these bytes are sorted by the next ones.

import {allocate, discard} from '../groups/large-memory.ts';

/** Texts in one piece of memory: text n begins at `starts[n]` and ends where the next one begins. */
export interface Texts {
	readonly bytes: Uint8Array;
	/** One more than there are texts. */
	readonly starts: Uint32Array;
}

const PLACE_BITS = 20;
const MAX_TEXTS = 2 ** PLACE_BITS;
const CHUNK_BYTES = 4;
/** The upper word of 2^52. A number of that size has the 52 bits of a chunk and a place as they are, in the order of its value. */
const EXPONENT = 0x4330_0000;
/** Up to this number of texts are sorted by comparing them. */
const FEW = 12;

/** @returns The places of the texts, which must differ from one another, in order. */
export function sortTexts(texts: Texts): Uint32Array {
	const count = texts.starts.length - 1;
	if (count > MAX_TEXTS) throw new RangeError(`Expected at most ${MAX_TEXTS} texts, found ${count}`);
	const sorter = new Sorter(texts, count);
	sorter.sort(0, count, 0);
	sorter.discard();
	return sorter.places;
}

class Sorter {
	readonly places: Uint32Array;
	readonly #keyed: Float64Array;
	/** The same as words, the lower one of each number first. */
	readonly #words: Uint32Array;
	readonly #bytes: Uint8Array;
	readonly #starts: Uint32Array;

	constructor({bytes, starts}: Texts, count: number) {
		this.#bytes = bytes;
		this.#starts = starts;
		this.#keyed = new Float64Array(allocate(8 * count));
		this.#words = new Uint32Array(this.#keyed.buffer);
		this.places = new Uint32Array(allocate(4 * count));
		for (let place = 0; place < count; place++) this.places[place] = place;
	}

	/** Gives back what is not needed any more. */
	discard(): void {
		discard(this.#words);
	}

	/** Sorts those from one index of `places` to another, whose first `depth` bytes are the same. */
	sort(from: number, to: number, depth: number): void {
		if (to - from <= FEW) {
			this.#sortFew(from, to);
			return;
		}
		const start = from + this.#putEndedFirst(from, to, depth);
		const shared = depth + this.#countShared(start, to, depth);
		const {places} = this;
		const words = this.#words;
		for (let index = start; index < to; index++) {
			const place = places[index] ?? 0;
			const chunk = this.#chunkOf(place, shared);
			words[2 * index] = (chunk << PLACE_BITS) | place;
			words[2 * index + 1] = EXPONENT | (chunk >>> (32 - PLACE_BITS));
		}
		this.#keyed.subarray(start, to).sort();
		for (let index = start; index < to; index++) places[index] = (words[2 * index] ?? 0) & (MAX_TEXTS - 1);
		for (let index = start; index < to; ) {
			let end = index + 1;
			while (end < to && this.#isSameChunk(index, end)) end++;
			if (end - index > 1) this.sort(index, end, shared + CHUNK_BYTES);
			index = end;
		}
	}

	#isSameChunk(index: number, other: number): boolean {
		const words = this.#words;
		return (
			words[2 * index + 1] === words[2 * other + 1] &&
			(words[2 * index] ?? 0) >>> PLACE_BITS === (words[2 * other] ?? 0) >>> PLACE_BITS
		);
	}

	/** Where texts end within a chunk, zeros are taken for what is missing: so at most one for each length is among equal ones. */
	#putEndedFirst(from: number, to: number, depth: number): number {
		let ended = from;
		for (let index = from; index < to; index++) {
			const place = this.places[index] ?? 0;
			if (this.#lengthOf(place) > depth) continue;
			this.places[index] = this.places[ended] ?? 0;
			this.places[ended++] = place;
		}
		this.#sortFew(from, ended);
		return ended - from;
	}

	#lengthOf = (place: number): number => (this.#starts[place + 1] ?? 0) - (this.#starts[place] ?? 0);

	/** How many further bytes are the same in all. */
	#countShared(from: number, to: number, depth: number): number {
		const first = this.places[from] ?? 0;
		const at = (this.#starts[first] ?? 0) + depth;
		let shared = this.#lengthOf(first) - depth;
		for (let index = from + 1; index < to && shared > 0; index++) {
			const place = this.places[index] ?? 0;
			const other = (this.#starts[place] ?? 0) + depth;
			shared = Math.min(shared, this.#lengthOf(place) - depth);
			let same = 0;
			while (same < shared && this.#bytes[at + same] === this.#bytes[other + same]) same++;
			shared = same;
		}
		return Math.max(0, shared);
	}

	#chunkOf(place: number, depth: number): number {
		const at = (this.#starts[place] ?? 0) + depth;
		const end = this.#starts[place + 1] ?? 0;
		const bytes = this.#bytes;
		let chunk = 0;
		for (let index = at; index < at + CHUNK_BYTES; index++) {
			chunk = (chunk << 8) | (index < end ? (bytes[index] ?? 0) : 0);
		}
		return chunk;
	}

	#sortFew(from: number, to: number): void {
		const {places} = this;
		for (let index = from + 1; index < to; index++) {
			const place = places[index] ?? 0;
			let at = index;
			for (; at > from && this.#compare(places[at - 1] ?? 0, place) > 0; at--) places[at] = places[at - 1] ?? 0;
			places[at] = place;
		}
	}

	#compare(place: number, other: number): number {
		const start = this.#starts[place] ?? 0;
		const otherStart = this.#starts[other] ?? 0;
		const common = Math.min(this.#lengthOf(place), this.#lengthOf(other));
		for (let at = 0; at < common; at++) {
			const difference = (this.#bytes[start + at] ?? 0) - (this.#bytes[otherStart + at] ?? 0);
			if (difference !== 0) return difference;
		}
		return this.#lengthOf(place) - this.#lengthOf(other);
	}
}
