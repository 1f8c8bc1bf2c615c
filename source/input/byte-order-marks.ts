// Byte order marks (U+FEFF in UTF-8) within a source: joined files and members of a gzip file may each begin with one.
// At the beginning of a record it states the encoding of the text and is not part of a value. Anywhere else it is text.
import type {FieldSyntax} from './dialect.ts';

const MARK: readonly number[] = [0xef, 0xbb, 0xbf];
export const MARK_BYTES = 3;

export const isMarkAt = (bytes: Uint8Array, index: number): boolean =>
	MARK.every((byte, place) => bytes[index + place] === byte);

/** Whether the bytes are an incomplete byte order mark. */
export const mayBeginMark = (bytes: Uint8Array): boolean =>
	bytes.length < MARK_BYTES && bytes.every((byte, place) => byte === MARK[place]);

const LF = 0x0a;
const CR = 0x0d;

/** Removes the marks from a source for a parser that would read them as text. */
export class MarkFilter {
	readonly #delimiterByte: number;
	readonly #quoteByte: number;
	#state: 'record-start' | 'field-start' | 'unquoted' | 'quoted' | 'after-quote' = 'record-start';
	/** Bytes at the end of the input so far that may be the beginning of a mark. */
	#heldBytes = 0;
	#keptBytes = 0;
	/** The last byte that was kept, and whether a mark followed it. */
	#lastByte = LF;
	#isBehindMark = false;
	/** From the kept byte at `place` on, the source is this many bytes further ahead. */
	readonly #shifts: Array<{readonly place: number; readonly bytes: number}> = [];
	/** The sum of the shifts up to the place that was asked for last. */
	#shift = 0;

	constructor({delimiter, quote}: FieldSyntax) {
		this.#delimiterByte = delimiter.charCodeAt(0);
		this.#quoteByte = quote.charCodeAt(0);
	}

	/** Returns the bytes without marks. Bytes that may begin a mark are held back until the next call. */
	filter(bytes: Uint8Array): Uint8Array {
		// The result may be longer than the input: by the bytes held back, and a line end in front of the first byte.
		const kept = new Uint8Array(bytes.length + MARK_BYTES);
		let length = 0;
		for (const byte of bytes) {
			if (this.#state === 'record-start' && byte === MARK[this.#heldBytes]) {
				this.#heldBytes = (this.#heldBytes + 1) % MARK_BYTES;
				if (this.#heldBytes === 0) {
					this.#shifts.push({place: this.#keptBytes + length, bytes: MARK_BYTES});
					this.#isBehindMark = true;
				}
				continue;
			}
			if (this.#heldBytes > 0) {
				kept.set(this.end(), length);
				length += this.#heldBytes;
				this.#heldBytes = 0;
				this.#isBehindMark = false;
				this.#state = 'unquoted';
			}
			if (this.#isBehindMark && this.#lastByte === CR && byte === LF) {
				// These are two line ends; without the mark between them they would become one.
				kept[length++] = CR;
				this.#shifts.push({place: this.#keptBytes + length, bytes: -1});
			}
			kept[length++] = byte;
			this.#lastByte = byte;
			this.#isBehindMark = false;
			this.#updateState(byte);
		}
		this.#keptBytes += length;
		return kept.subarray(0, length);
	}

	/** The bytes still held back when the source has ended: they are not a mark. */
	end(): Uint8Array {
		return Uint8Array.from(MARK.slice(0, this.#heldBytes));
	}

	/** Where a kept byte was in the source. The places of successive calls must not decrease. */
	sourceOffsetOf(place: number): number {
		for (let next = this.#shifts[0]; next !== undefined && next.place <= place; next = this.#shifts[0]) {
			this.#shift += next.bytes;
			this.#shifts.shift();
		}
		return place + this.#shift;
	}

	#updateState(byte: number): void {
		if (this.#state === 'quoted') {
			if (byte === this.#quoteByte) this.#state = 'after-quote';
		} else if (byte === LF || byte === CR) this.#state = 'record-start';
		else if (byte === this.#delimiterByte) this.#state = 'field-start';
		else this.#state = byte === this.#quoteByte && this.#state !== 'unquoted' ? 'quoted' : 'unquoted';
	}
}
