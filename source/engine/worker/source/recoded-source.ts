// Gives out a text in UTF-8 that is in another encoding, with a note where its bytes are no character.
import {isAscii} from 'node:buffer';
import type {ByteSource} from '../../../input/byte-source.ts';
import {noteInvalid} from '../../../input/encodings/invalid-bytes.ts';
import {OtherByteOrderError, type Recoder} from '../../../input/encodings/recoder.ts';
import {PieceMap} from './piece-map.ts';

const PIECE_BYTES = 128 * 1024;
const nothing = new Uint8Array(0);

export class RecodedSource implements ByteSource {
	readonly #source: ByteSource;
	readonly #recoder: Recoder;
	readonly #explain: (error: OtherByteOrderError, fileOffset: number) => Error;
	readonly places: PieceMap | null;
	readonly #memory = Buffer.alloc(PIECE_BYTES);
	/** At the beginning of the memory: bytes of a character whose end has not come yet. */
	#heldBytes = 0;
	#fileOffset = 0;
	#place = 0;
	/** In UTF-8, to be given out. */
	#texts: Uint8Array[] = [];
	#hasEnded = false;
	/** Why nothing follows. Where that is because of the bytes, all in front of them is given out before. */
	failure: unknown = null;

	/** @param explain - Says what is wrong with the text at an offset of the file. */
	constructor(
		source: ByteSource,
		recoder: Recoder,
		tellsPlaces: boolean,
		explain: (error: OtherByteOrderError, fileOffset: number) => Error,
	) {
		this.#source = source;
		this.#recoder = recoder;
		this.#explain = explain;
		this.places = tellsPlaces ? new PieceMap(recoder) : null;
	}

	async read(target: Uint8Array): Promise<number> {
		while (this.#texts.length === 0) {
			if (this.failure !== null) throw this.failure;
			if (this.#hasEnded) return 0;
			await this.#readPiece();
		}
		let length = 0;
		for (let text = this.#texts[0]; text !== undefined && length < target.length; text = this.#texts[0]) {
			const part = text.subarray(0, target.length - length);
			target.set(part, length);
			length += part.length;
			if (part.length === text.length) this.#texts.shift();
			else this.#texts[0] = text.subarray(part.length);
		}
		return length;
	}

	async #readPiece(): Promise<void> {
		const length = await this.#readSource();
		this.#hasEnded = length === 0;
		const bytes = this.#memory.subarray(0, this.#heldBytes + length);
		const whole = this.#hasEnded ? bytes.length : this.#recoder.wholeBytes(bytes);
		this.#recode(bytes.subarray(0, whole));
		this.#heldBytes = bytes.length - whole;
		this.#memory.copyWithin(0, whole, bytes.length);
	}

	async #readSource(): Promise<number> {
		try {
			return await this.#source.read(this.#memory.subarray(this.#heldBytes));
		} catch (error) {
			this.failure = error;
			throw error;
		}
	}

	#recode(bytes: Buffer): void {
		for (let at = 0; at < bytes.length && this.failure === null; ) {
			at += this.#recodeValid(bytes.subarray(at));
			if (at === bytes.length || this.failure !== null) break;
			const invalid = bytes.subarray(at, at + this.#recoder.invalidBytes(bytes, at));
			this.#give(noteInvalid(invalid), invalid, true);
			at += invalid.length;
		}
	}

	/** As far as bytes are characters. Returns how many are. */
	#recodeValid(bytes: Buffer): number {
		try {
			const {text, end} = this.#recoder.toUtf8(bytes);
			// More is recoded before it is given out.
			if (end > 0) this.#give(end === bytes.length ? text : text.slice(), bytes.subarray(0, end), false);
			return end;
		} catch (error) {
			if (!(error instanceof OtherByteOrderError)) throw error;
			this.failure = this.#explain(error, this.#fileOffset + error.index);
			return error.index === 0 ? 0 : this.#recodeValid(bytes.subarray(0, error.index));
		}
	}

	#give(text: Uint8Array, bytes: Uint8Array, isNote: boolean): void {
		this.#texts.push(text);
		if (this.places !== null) {
			const isPlain = !isNote && isAscii(text);
			this.places.add({
				fileOffset: this.#fileOffset,
				place: this.#place,
				text: isPlain ? null : isNote ? nothing : text,
				bytes: isPlain || !(isNote || this.#recoder.keepsBytes) ? nothing : bytes,
			});
		}
		this.#fileOffset += bytes.length;
		this.#place += text.length;
	}
}
