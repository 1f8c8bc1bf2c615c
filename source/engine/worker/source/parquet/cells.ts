// The cells of some rows of a column as they stand in a CSV file, each with the comma behind it: few bytes each, where strings or views would
// take a hundred.
import {isUtf8} from 'node:buffer';
import type {CellText, Value} from './cell-text.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const CR = 0x0d;
const LF = 0x0a;

/** Copying so few bytes one by one is faster than asking for it. */
const SHORT_BYTES = 32;

export class ByteWriter {
	bytes = new Uint8Array(16 * 1024);
	length = 0;

	/** Makes room for so many bytes more. */
	reserve(count: number): void {
		if (this.length + count <= this.bytes.length) return;
		const larger = new Uint8Array(Math.max(2 * this.bytes.length, this.length + count));
		larger.set(this.bytes.subarray(0, this.length));
		this.bytes = larger;
	}

	copy(source: Uint8Array, start: number, end: number): void {
		this.reserve(end - start);
		if (end - start > SHORT_BYTES) {
			this.bytes.set(source.subarray(start, end), this.length);
			this.length += end - start;
		} else for (let at = start; at < end; at++) this.bytes[this.length++] = source[at] ?? 0;
	}

	writeAscii(text: string): void {
		this.reserve(text.length);
		for (let at = 0; at < text.length; at++) this.bytes[this.length++] = text.charCodeAt(at);
	}

	writeByte(byte: number): void {
		this.reserve(1);
		this.bytes[this.length++] = byte;
	}

	/** A field with quotes where it needs them. */
	writeField(text: Uint8Array): void {
		if (!text.some(byte => byte === QUOTE || byte === COMMA || byte === LF || byte === CR)) {
			this.copy(text, 0, text.length);
			return;
		}
		this.reserve(2 * text.length + 2);
		this.bytes[this.length++] = QUOTE;
		for (const byte of text) {
			if (byte === QUOTE) this.bytes[this.length++] = QUOTE;
			this.bytes[this.length++] = byte;
		}
		this.bytes[this.length++] = QUOTE;
	}

	take(): Uint8Array {
		const taken = this.bytes.subarray(0, this.length);
		this.bytes = new Uint8Array(Math.max(16 * 1024, this.length));
		this.length = 0;
		return taken;
	}
}

/** Cells in a row, of which those at the front have been written. */
export interface Cells {
	readonly count: number;
	readonly memoryBytes: number;
	readonly write: (index: number, writer: ByteWriter) => void;
}

export class PackedCells implements Cells {
	readonly #bytes: Uint8Array;
	readonly #ends: Uint32Array;

	/**
	@param levels - 1 where a cell has a value, 0 where it is empty; `null` where all have one.
	@throws {TypeError} Where there are fewer values than places for them.
	*/
	constructor(values: ArrayLike<Value>, levels: Int32Array | null, text: CellText) {
		const writer = new ByteWriter();
		this.#ends = new Uint32Array(levels?.length ?? values.length);
		let passed = 0;
		for (let index = 0; index < this.#ends.length; index++) {
			if (levels === null || levels[index] === 1) {
				const value = values[passed++];
				if (value === undefined) throw new TypeError(`value ${passed} is missing`);
				const cell = text.of(value);
				if (typeof cell === 'string') writer.writeAscii(cell);
				else writer.writeField(cell);
			}
			writer.writeByte(COMMA);
			this.#ends[index] = writer.length;
		}
		this.#bytes = writer.bytes.slice(0, writer.length);
	}

	get count(): number {
		return this.#ends.length;
	}

	get memoryBytes(): number {
		return this.#bytes.length + this.#ends.byteLength;
	}

	/** Whether all are UTF-8: with the commas, a character that begins in one cell does not end in the next. */
	get areText(): boolean {
		return isUtf8(this.#bytes);
	}

	write(index: number, writer: ByteWriter): void {
		writer.copy(this.#bytes, index === 0 ? 0 : (this.#ends[index - 1] ?? 0), this.#ends[index] ?? 0);
	}
}

/** Cells whose values stand once in a dictionary. */
export class IndexedCells implements Cells {
	readonly #dictionary: PackedCells;
	/** -1 is an empty cell. */
	readonly #indexes: Int32Array;

	/**
	@param levels - As for `PackedCells`.
	@throws {Error} Where the dictionary has no such value.
	*/
	constructor(indexes: Int32Array, levels: Int32Array | null, dictionary: PackedCells) {
		this.#dictionary = dictionary;
		const missing = indexes.find(index => index >= dictionary.count);
		if (missing !== undefined)
			throw new Error(`its dictionary has ${dictionary.count} values, and one should be number ${missing + 1}`);
		let passed = 0;
		this.#indexes = levels === null ? indexes : levels.map(level => (level === 1 ? (indexes[passed++] ?? -1) : -1));
	}

	get count(): number {
		return this.#indexes.length;
	}

	get memoryBytes(): number {
		return this.#indexes.byteLength + this.#dictionary.memoryBytes;
	}

	write(at: number, writer: ByteWriter): void {
		const index = this.#indexes[at] ?? -1;
		if (index === -1) writer.writeByte(COMMA);
		else this.#dictionary.write(index, writer);
	}
}
