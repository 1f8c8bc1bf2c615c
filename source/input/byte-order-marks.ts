// Byte order marks (U+FEFF in UTF-8) within a source: where files were joined, and in each member of a gzip file, one may stand. At
// the beginning of a record it says how the text is encoded, and is not part of a value. Anywhere else it is text.

const MARK: readonly number[] = [0xef, 0xbb, 0xbf];
export const MARK_BYTES = 3;

export const isMarkAt = (bytes: Uint8Array, index: number): boolean =>
	MARK.every((byte, place) => bytes[index + place] === byte);

/** Whether some bytes are the beginning of a mark, and no more. */
export const mayBeginMark = (bytes: Uint8Array): boolean =>
	bytes.length < MARK_BYTES && bytes.every((byte, place) => byte === MARK[place]);

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;

/** Takes the marks out of a source whose records somebody else finds, who would take them for text. */
export class MarkFilter {
	readonly #delimiterByte: number;
	#state: 'record-start' | 'field-start' | 'unquoted' | 'quoted' | 'after-quote' = 'record-start';
	/** Bytes at the end of what was taken that may be the beginning of a mark. */
	#heldBytes = 0;
	#keptBytes = 0;
	/** The last byte that was kept, and whether a mark has come behind it. */
	#lastByte = LF;
	#isBehindMark = false;
	/** From which of the bytes that were kept on the source is so many bytes further ahead. */
	readonly #shifts: Array<{readonly place: number; readonly bytes: number}> = [];
	/** How many in all at the place that was asked for last. */
	#shift = 0;

	constructor(delimiter: string) {
		this.#delimiterByte = delimiter.charCodeAt(0);
	}

	/** Returns the bytes without marks. What may be the beginning of one comes with the next bytes. */
	take(bytes: Uint8Array): Uint8Array {
		// There may be more than there were: what was held, and a line end in front of the first byte.
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
				// These are two line ends, and without what stood between they would be one.
				kept[length++] = CR;
				this.#shifts.push({place: this.#keptBytes + length, bytes: -1});
			}
			kept[length++] = byte;
			this.#lastByte = byte;
			this.#isBehindMark = false;
			this.#follow(byte);
		}
		this.#keptBytes += length;
		return kept.subarray(0, length);
	}

	/** What is left when the source has ended: it is not a mark. */
	end(): Uint8Array {
		return Uint8Array.from(MARK.slice(0, this.#heldBytes));
	}

	/** Where in the source a byte was that has been kept. Places that are asked for must not go back. */
	sourceOffsetOf(place: number): number {
		for (let next = this.#shifts[0]; next !== undefined && next.place <= place; next = this.#shifts[0]) {
			this.#shift += next.bytes;
			this.#shifts.shift();
		}
		return place + this.#shift;
	}

	#follow(byte: number): void {
		if (this.#state === 'quoted') {
			if (byte === QUOTE) this.#state = 'after-quote';
		} else if (byte === LF || byte === CR) this.#state = 'record-start';
		else if (byte === this.#delimiterByte) this.#state = 'field-start';
		else this.#state = byte === QUOTE && this.#state !== 'unquoted' ? 'quoted' : 'unquoted';
	}
}
