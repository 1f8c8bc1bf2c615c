// Whole numbers as bytes: seven bits each, the lowest first, with the highest bit set in all but the last (LEB128). A signed one is
// folded first, so that numbers near zero are short: 0, -1, 1, -2 … are 0, 1, 2, 3 …

import {readWords} from './wide-sums.ts';

const CONTINUES = 0x80;
const BITS = 7;
/** Of a varint: some 270 digits. No sum of fields that are read has more. */
const MAX_VARINT_BYTES = 128;
/** A varint of so many bytes is a safe integer. */
const SAFE_BYTES = 7;
/** Twice a number with so many bits in its upper word is a safe integer. */
const SMALL_HIGH_BITS = 19;

const FIRST_BYTES = 256;
/** So much is handed over instead of being copied. */
const LARGE_BYTES = 64 * 1024;

export class VarintWriter {
	#bytes = new Uint8Array(FIRST_BYTES);
	#length = 0;

	get length(): number {
		return this.#length;
	}

	/** @param value - Not negative. */
	unsigned(value: number | bigint): void {
		let rest = value;
		if (typeof rest === 'bigint') {
			for (; rest >= 2n ** 31n; rest >>= 7n) this.#push(Number(rest & 0x7fn) | CONTINUES);
			rest = Number(rest);
		}
		for (; rest >= CONTINUES; rest = Math.floor(rest / CONTINUES)) this.#push((rest % CONTINUES) | CONTINUES);
		this.#push(rest);
	}

	signed(value: bigint): void {
		this.unsigned(value < 0n ? -2n * value - 1n : 2n * value);
	}

	/** The same for a sum of 128 bits as four words, see wide-sums.ts. */
	words(words: Uint32Array, at: number): void {
		const high = (words[at + 1] ?? 0) | 0;
		const sign = high >> 31;
		const isSmall = high >> SMALL_HIGH_BITS === sign && words[at + 2] === sign >>> 0 && words[at + 3] === sign >>> 0;
		if (!isSmall) {
			this.signed(readWords(words, at));
			return;
		}
		const value = high * 2 ** 32 + (words[at] ?? 0);
		this.unsigned(value < 0 ? -2 * value - 1 : 2 * value);
	}

	bytes(bytes: Uint8Array, start = 0, end = bytes.length): void {
		const length = end - start;
		this.#reserve(length);
		// Most pieces are short, and then the call of anything built in takes longer than the copy.
		if (length > 64) this.#bytes.set(bytes.subarray(start, end), this.#length);
		else for (let at = 0; at < length; at++) this.#bytes[this.#length + at] = bytes[start + at] ?? 0;
		this.#length += length;
	}

	/** What has been written since the last time, until more is. */
	get written(): Uint8Array {
		return this.#bytes.subarray(0, this.#length);
	}

	/** What has been written since the last time, in memory of its own. */
	take(): Uint8Array<ArrayBuffer> {
		const length = this.#length;
		this.#length = 0;
		if (length < LARGE_BYTES) return this.#bytes.slice(0, length);
		const {buffer} = this.#bytes;
		this.#bytes = new Uint8Array(FIRST_BYTES);
		return new Uint8Array(buffer.transfer(length));
	}

	#push(byte: number): void {
		this.#reserve(1);
		this.#bytes[this.#length++] = byte;
	}

	#reserve(bytes: number): void {
		const needed = this.#length + bytes;
		if (needed <= this.#bytes.length) return;
		const longer = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
		longer.set(this.#bytes);
		this.#bytes = longer;
	}
}

/** Reads what a `VarintWriter` wrote. Whatever the bytes are, it ends with a number or with this error. */
export class DamagedBytesError extends Error {
	override readonly name = 'DamagedBytesError';
}

export class VarintReader {
	readonly #bytes: Uint8Array;
	readonly #end: number;
	position: number;

	constructor(bytes: Uint8Array, position = 0, end = bytes.length) {
		this.#bytes = bytes;
		this.position = position;
		this.#end = Math.min(end, bytes.length);
	}

	get bytesLeft(): number {
		return this.#end - this.position;
	}

	/** A safe integer. */
	unsigned(): number {
		const first = this.#next();
		if (first < CONTINUES) return first;
		let value = first - CONTINUES;
		let factor = CONTINUES;
		for (let index = 1; index < SAFE_BYTES + 1; index++) {
			const byte = this.#next();
			value += (byte & (CONTINUES - 1)) * factor;
			if (byte < CONTINUES) {
				if (!Number.isSafeInteger(value)) break;
				return value;
			}
			factor *= CONTINUES;
		}
		throw new DamagedBytesError('Expected a number of at most 53 bits');
	}

	/** A number where all of it is one byte after the other of a safe integer, else a bigint. */
	signed(): number | bigint {
		const start = this.position;
		let value = 0;
		let factor = 1;
		for (let index = 0; index < SAFE_BYTES; index++) {
			const byte = this.#next();
			value += (byte & (CONTINUES - 1)) * factor;
			if (byte < CONTINUES) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
			factor *= CONTINUES;
		}
		this.position = start;
		return this.#wideSigned();
	}

	/** So many bytes of the same memory. */
	bytes(length: number): Uint8Array {
		if (length > this.bytesLeft) throw new DamagedBytesError(`Expected ${length} more bytes, found ${this.bytesLeft}`);
		this.position += length;
		return this.#bytes.subarray(this.position - length, this.position);
	}

	#wideSigned(): bigint {
		let value = 0n;
		for (let index = 0; index < MAX_VARINT_BYTES; index++) {
			const byte = this.#next();
			value |= BigInt(byte & (CONTINUES - 1)) << BigInt(BITS * index);
			if (byte < CONTINUES) return (value & 1n) === 0n ? value >> 1n : -((value + 1n) >> 1n);
		}
		throw new DamagedBytesError(`Expected a number of at most ${MAX_VARINT_BYTES} bytes`);
	}

	#next(): number {
		if (this.position >= this.#end) throw new DamagedBytesError('Expected more bytes');
		return this.#bytes[this.position++] ?? 0;
	}
}
