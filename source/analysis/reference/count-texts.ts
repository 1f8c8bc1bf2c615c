// Counts different texts by their bytes, up to a number of them, without a string for each.

const FIRST_SLOTS = 512;
const FIRST_WORDS = 1024;
/** The golden ratio, and another odd number with bits everywhere. */
const FACTOR = 0x9e37_79b1;
const LAST_FACTOR = 0x85eb_ca6b;
const WORD_BYTES = 4;

export interface TextCountCaps {
	readonly maxValues: number;
	readonly maxBytes: number;
}

export class TextCounts {
	readonly #caps: TextCountCaps;
	/** The numbers of texts, plus 1, by their hashes. */
	#slots = new Int32Array(FIRST_SLOTS);
	/** The texts, each from a word on, with zeros behind it. */
	#words = new Int32Array(FIRST_WORDS);
	#wordCount = 0;
	readonly #texts: {readonly start: number; readonly length: number; readonly hash: number; count: number}[] = [];
	#bytes = 0;
	#isGivenUp = false;

	constructor(caps: TextCountCaps) {
		this.#caps = caps;
	}

	/** Whether there were more than are counted: then all are given up. */
	get isGivenUp(): boolean {
		return this.#isGivenUp;
	}

	/** Of all texts. */
	get bytes(): number {
		return this.#bytes;
	}

	/** @param words - The text in words, with zeros behind its last byte. */
	add(words: Int32Array, length: number): void {
		if (this.#isGivenUp) return;
		const wordCount = Math.ceil(length / WORD_BYTES);
		let hash = length;
		for (let at = 0; at < wordCount; at++) {
			hash = Math.imul(hash ^ (words[at] ?? 0), FACTOR);
			hash ^= hash >>> 15;
		}
		hash = Math.imul(hash, LAST_FACTOR);
		hash ^= hash >>> 13;
		const mask = this.#slots.length - 1;
		let slot = hash & mask;
		for (let number = this.#slots[slot] ?? 0; number !== 0; number = this.#slots[slot] ?? 0) {
			const text = this.#texts[number - 1];
			if (text !== undefined && text.hash === hash && this.#isText(text, words, length)) {
				text.count++;
				return;
			}
			slot = (slot + 1) & mask;
		}
		this.#append(words, wordCount, length, hash, slot);
	}

	#isText({start, length: own}: {start: number; length: number}, words: Int32Array, length: number): boolean {
		if (own !== length) return false;
		const all = this.#words;
		for (let at = 0; at * WORD_BYTES < length; at++) if (all[start + at] !== words[at]) return false;
		return true;
	}

	#append(words: Int32Array, wordCount: number, length: number, hash: number, slot: number): void {
		this.#bytes += length;
		if (this.#texts.length === this.#caps.maxValues || this.#bytes > this.#caps.maxBytes) {
			this.#isGivenUp = true;
			this.#texts.length = 0;
			this.#words = new Int32Array(0);
			this.#slots = new Int32Array(0);
			this.#bytes = 0;
			return;
		}
		const start = this.#wordCount;
		this.#wordCount += wordCount;
		if (this.#wordCount > this.#words.length) {
			const grown = new Int32Array(2 * this.#wordCount);
			grown.set(this.#words);
			this.#words = grown;
		}
		this.#words.set(words.subarray(0, wordCount), start);
		this.#slots[slot] = this.#texts.push({start, length, hash, count: 1});
		if (2 * this.#texts.length > this.#slots.length) this.#growSlots();
	}

	#growSlots(): void {
		const slots = new Int32Array(2 * this.#slots.length);
		const mask = slots.length - 1;
		for (const [place, {hash}] of this.#texts.entries()) {
			let slot = hash & mask;
			while (slots[slot] !== 0) slot = (slot + 1) & mask;
			slots[slot] = place + 1;
		}
		this.#slots = slots;
	}

	/** Each text, one character per byte, and its count; `null` where they are given up. */
	toMap(): Map<string, number> | null {
		if (this.#isGivenUp) return null;
		const bytes = Buffer.from(this.#words.buffer);
		return new Map(
			this.#texts.map(({start, length, count}) => {
				const at = start * WORD_BYTES;
				return [bytes.toString('latin1', at, at + length), count];
			}),
		);
	}
}
