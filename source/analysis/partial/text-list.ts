// Different texts as bytes, in the order of their bytes: of each, how many bytes it shares with the one before, then how many more it
// has, and these.
import {copyBytes} from '../copy-bytes.ts';
import {DamagedBytesError, type VarintReader, type VarintWriter} from '../varints.ts';
import type {Texts} from './sort-texts.ts';

/** Writes texts in order; something else may be written behind each. */
export class TextListWriter {
	readonly #writer: VarintWriter;
	readonly #texts: Texts;
	#start = 0;
	#end = 0;

	constructor(writer: VarintWriter, texts: Texts) {
		this.#writer = writer;
		this.#texts = texts;
	}

	/** @param place - Of the text that comes next in order. */
	write(place: number): void {
		const {bytes, starts} = this.#texts;
		const start = starts[place] ?? 0;
		const end = starts[place + 1] ?? 0;
		const before = this.#start;
		const common = Math.min(end - start, this.#end - before);
		let shared = 0;
		while (shared < common && bytes[start + shared] === bytes[before + shared]) shared++;
		this.#writer.unsigned(shared);
		this.#writer.unsigned(end - start - shared);
		this.#writer.bytes(bytes, start + shared, end);
		this.#start = start;
		this.#end = end;
	}
}

const FIRST_ROOM_BYTES = 1024;
const LARGE_BYTES = 256 * 1024;
const GROWTH = 1.5;

/** Reads texts one behind the other into one piece of memory. */
export class TextListReader {
	readonly #reader: VarintReader;
	readonly #maxBytes: number;
	bytes: Uint8Array<ArrayBuffer>;
	#start = 0;
	/** Where the text that was read last ends: how many bytes all have. */
	end = 0;
	#isFirst = true;

	/** @param maxBytes - Of all texts together. */
	constructor(reader: VarintReader, maxBytes: number) {
		this.#reader = reader;
		this.#maxBytes = maxBytes;
		const room = Math.min(maxBytes, FIRST_ROOM_BYTES);
		// Many texts are read into memory that grows in place: to copy them each time would take twice as much of it.
		const isLarge = reader.bytesLeft > LARGE_BYTES;
		this.bytes = new Uint8Array(isLarge ? new ArrayBuffer(room, {maxByteLength: maxBytes}) : new ArrayBuffer(room));
	}

	/**
	@returns Where the text begins.
	@throws {DamagedBytesError} When it does not come behind the one before.
	*/
	read(): number {
		const {bytesLeft} = this.#reader;
		const shared = this.#reader.unsigned();
		const more = this.#reader.unsigned();
		const before = this.end - this.#start;
		if (shared > before || more > bytesLeft || this.end + shared + more > this.#maxBytes)
			throw new DamagedBytesError(`Expected a text within ${this.#maxBytes} bytes`);
		this.#makeRoom(this.end + shared + more);
		const {bytes} = this;
		const rest = this.end + shared;
		this.#reader.copyTo(bytes, rest, more);
		// Behind the bytes that both have stands a larger one, or the text before has no more.
		const isBehind =
			this.#isFirst || (more > 0 && (shared === before || (bytes[rest] ?? 0) > (bytes[this.#start + shared] ?? 0)));
		if (!isBehind) throw new DamagedBytesError('Expected texts in order');
		copyBytes(bytes, this.end, bytes, this.#start, shared);
		this.#isFirst = false;
		this.#start = this.end;
		this.end += shared + more;
		return this.#start;
	}

	#makeRoom(bytes: number): void {
		if (bytes <= this.bytes.length) return;
		const before = this.bytes;
		const room = Math.min(this.#maxBytes, Math.max(bytes, Math.ceil(GROWTH * before.length)));
		if (before.buffer.resizable) before.buffer.resize(room);
		else this.bytes = new Uint8Array(before.buffer.transfer(room));
	}
}
