// Whole numbers as bytes: seven bits each, the lowest first, with the highest bit set in all but the last (LEB128). A signed one is
// folded first, so that numbers near zero are short: 0, -1, 1, -2 … are 0, 1, 2, 3 …

import {copyBytes} from './copy-bytes.ts';
import {readWords} from './wide-sums.ts';

const CONTINUES = 0x80;
const LOW_BITS = CONTINUES - 1;
const BITS = 7;
/** Of a varint: some 270 digits. No sum of fields that are read has more. */
const MAX_VARINT_BYTES = 128;
/** A varint of at most this number of bytes is a safe integer. */
const SAFE_BYTES = 7;
const TOO_LARGE = CONTINUES ** SAFE_BYTES;
/** Twice a number with at most this number of bits in its upper word is a safe integer. */
const SMALL_HIGH_BITS = 19;

const FIRST_BYTES = 256;
/** From here on memory is handed over instead of being copied. */
const LARGE_BYTES = 64 * 1024;

export class VarintWriter {
	#bytes = new Uint8Array(FIRST_BYTES);
	#length = 0;

	get length(): number {
		return this.#length;
	}

	/** @param value - Not negative. */
	unsigned(value: number | bigint): void {
		if (typeof value === 'number' && value < CONTINUES && this.#length < this.#bytes.length) {
			this.#bytes[this.#length++] = value;
			return;
		}
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
		copyBytes(this.#bytes, this.#length, bytes, start, length);
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
		// The memory before is given back at once, not when the garbage collector comes by.
		this.#bytes = new Uint8Array(this.#bytes.buffer.transfer(Math.max(needed, 2 * this.#bytes.length)));
	}
}

/** Of a folded number. */
const unfold = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2);

/** The columns of a table, the same in each row, and which of them are signed. */
export interface TableForm {
	readonly stride: number;
	readonly firstSigned: number;
	readonly signedCount: number;
}

const none: ReadonlyMap<number, bigint> = new Map();

/** The bytes are not what a `VarintWriter` wrote. */
export class DamagedBytesError extends Error {
	override readonly name = 'DamagedBytesError';
}

/** A writer ends a number with its last bits that are not zero. */
const tooLong = (): DamagedBytesError =>
	new DamagedBytesError('Expected the shortest form of a number, found zeros at its end');

/** Reads what a `VarintWriter` wrote. Whatever the bytes are, it ends with a number or with a `DamagedBytesError`. */
export class VarintReader {
	readonly #bytes: Uint8Array;
	/** The same memory. */
	readonly #buffer: Buffer;
	readonly #end: number;
	position: number;

	constructor(bytes: Uint8Array, position = 0, end = bytes.length) {
		// Of a Buffer, `slice` would give the same memory.
		this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
		this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
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
			value += (byte & LOW_BITS) * factor;
			if (byte < CONTINUES) {
				if (byte === 0) throw tooLong();
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
			value += (byte & LOW_BITS) * factor;
			if (byte < CONTINUES) {
				if (byte === 0 && index > 0) throw tooLong();
				return unfold(value);
			}
			factor *= CONTINUES;
		}
		this.position = start;
		return this.#wideSigned();
	}

	/**
	Reads the numbers of a table row by row, in one loop because there are far more of them than of any others. Whether each is in
	its shortest form is not checked: tables are not stored.

	@returns By their places in `target`: signed numbers that are not safe integers.
	*/
	readTable(
		target: Float64Array,
		count: number,
		{stride, firstSigned, signedCount}: TableForm,
	): ReadonlyMap<number, bigint> {
		const bytes = this.#bytes;
		let {position} = this;
		let wide: Map<number, bigint> | null = null;
		let column = 0;
		for (let at = 0; at < count; at++) {
			const start = position;
			let byte = bytes[position++] ?? 0;
			let value = byte & LOW_BITS;
			for (let factor = CONTINUES; byte >= CONTINUES && factor < TOO_LARGE; factor *= CONTINUES) {
				byte = bytes[position++] ?? 0;
				value += (byte & LOW_BITS) * factor;
			}
			const isSigned = column >= firstSigned && column < firstSigned + signedCount;
			if (byte >= CONTINUES) {
				this.position = start;
				const large = isSigned ? this.#wideSigned() : this.unsigned();
				position = this.position;
				target[at] = Number(large);
				if (typeof large === 'bigint') {
					wide ??= new Map();
					wide.set(at, large);
				}
			} else target[at] = isSigned ? unfold(value) : value;
			column = column + 1 === stride ? 0 : column + 1;
		}
		if (position > this.#end) throw new DamagedBytesError('Expected more bytes');
		this.position = position;
		return wide ?? none;
	}

	skip(length: number): void {
		if (length > this.bytesLeft) throw new DamagedBytesError(`Expected ${length} more bytes, found ${this.bytesLeft}`);
		this.position += length;
	}

	/** The next bytes, in the same memory. */
	bytes(length: number): Uint8Array {
		this.skip(length);
		return this.#bytes.subarray(this.position - length, this.position);
	}

	/** Copies the next bytes: no object is made for them, as there may be thousands of short ones. */
	copyTo(target: Uint8Array, at: number, length: number): void {
		this.skip(length);
		copyBytes(target, at, this.#bytes, this.position - length, length);
	}

	/** The next bytes as a text, one character per byte. */
	latin1(length: number): string {
		this.skip(length);
		return this.#buffer.toString('latin1', this.position - length, this.position);
	}

	#wideSigned(): bigint {
		let value = 0n;
		for (let index = 0; index < MAX_VARINT_BYTES; index++) {
			const byte = this.#next();
			value |= BigInt(byte & LOW_BITS) << BigInt(BITS * index);
			if (byte === 0) throw tooLong();
			if (byte < CONTINUES) return (value & 1n) === 0n ? value >> 1n : -((value + 1n) >> 1n);
		}
		throw new DamagedBytesError(`Expected a number of at most ${MAX_VARINT_BYTES} bytes`);
	}

	#next(): number {
		if (this.position >= this.#end) throw new DamagedBytesError('Expected more bytes');
		return this.#bytes[this.position++] ?? 0;
	}
}
