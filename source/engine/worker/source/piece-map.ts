// Where bytes in UTF-8 stand in the file that they were made of: piece by piece, for as long as somebody may ask.
import {type Recoder, utf8Length} from '../../../input/encodings/recoder.ts';
import type {SourcePlaces} from '../../../input/source-places.ts';

interface Piece {
	/** Where it begins, in the file and in what was given out. */
	readonly fileOffset: number;
	readonly place: number;
	/** In UTF-8; `null` where all of it is ASCII, and empty where it is no text, but a note. */
	readonly text: Uint8Array | null;
	/** As it is in the file; empty where nothing needs it. */
	readonly bytes: Uint8Array;
}

const nothing = new Uint8Array(0);
/** Small pieces, as beside a note, are not worth it. */
const LEAST_KEPT_BYTES = 64 * 1024;
const MAX_FREE = 8;

export class PieceMap implements SourcePlaces {
	readonly #recoder: Recoder;
	readonly #pieces: Piece[] = [];
	/** Memory of pieces that are settled. */
	readonly #free: Uint8Array<ArrayBufferLike>[] = [];
	readonly #kept = new Map<number, number>();
	/** What was asked for last: mostly what stands behind it is asked for next. */
	#piece: Piece | null = null;
	#bytes = 0;
	#length = 0;

	constructor(recoder: Recoder) {
		this.#recoder = recoder;
	}

	/** Adds the next piece, whose bytes are copied. */
	add({text, bytes, ...piece}: Piece): void {
		this.#pieces.push({...piece, text: text === null ? null : this.#copy(text), bytes: this.#copy(bytes)});
	}

	/** Into memory that is used again: new memory for each piece is freed much later. */
	#copy(bytes: Uint8Array): Uint8Array {
		if (bytes.length === 0) return nothing;
		const free = this.#free.pop();
		const memory = free !== undefined && free.length >= bytes.length ? free : new Uint8Array(2 * bytes.length);
		memory.set(bytes);
		return memory.subarray(0, bytes.length);
	}

	readonly keep = (place: number): void => {
		this.#kept.set(place, this.fileOffsetOf(place));
	};

	readonly settle = (place: number): void => {
		const first = this.#indexOf(place);
		if (first <= 0) return;
		for (const {text, bytes} of this.#pieces.splice(0, first)) {
			for (const {buffer} of [text ?? nothing, bytes])
				if (buffer.byteLength >= LEAST_KEPT_BYTES && this.#free.length < MAX_FREE)
					this.#free.push(new Uint8Array(buffer));
		}
		if (this.#piece !== null && !this.#pieces.includes(this.#piece)) this.#piece = null;
	};

	readonly fileOffsetOf = (place: number): number => {
		const kept = this.#kept.get(place);
		if (kept !== undefined) return kept;
		const piece = this.#pieces[this.#indexOf(place)];
		if (piece === undefined) throw new Error(`Expected a place that is not settled, found ${place}`);
		const {fileOffset, place: start, text, bytes} = piece;
		if (text === null) return fileOffset + this.#recoder.asciiBytes * (place - start);
		if (text.length === 0) return place === start ? fileOffset : fileOffset + bytes.length;
		return fileOffset + this.#bytesOf(piece, text, place - start);
	};

	/** Of the last piece that begins there or in front; -1 where none does. */
	#indexOf(place: number): number {
		let low = -1;
		for (let high = this.#pieces.length - 1; low < high; ) {
			const middle = Math.ceil((low + high) / 2);
			if ((this.#pieces[middle]?.place ?? 0) <= place) low = middle;
			else high = middle - 1;
		}
		return low;
	}

	/** How many bytes the beginning of a piece has in the file: goes from character to character. */
	#bytesOf(piece: Piece, text: Uint8Array, length: number): number {
		if (this.#piece !== piece || this.#length > length) {
			this.#piece = piece;
			this.#bytes = 0;
			this.#length = 0;
		}
		let [bytes, passed] = [this.#bytes, this.#length];
		while (passed < length) {
			const utf8Bytes = utf8Length(text[passed] ?? 0);
			bytes += this.#recoder.characterBytes(utf8Bytes, piece.bytes, bytes);
			passed += utf8Bytes;
		}
		this.#bytes = bytes;
		this.#length = passed;
		return bytes;
	}
}
