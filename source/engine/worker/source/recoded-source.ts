// Gives out a text in UTF-8 that is in another encoding.
import {isAscii} from 'node:buffer';
import type {ByteSource} from '../../../input/byte-source.ts';
import {InvalidTextError, type Recoder} from '../../../input/encodings/recoder.ts';
import {PieceMap} from './piece-map.ts';

const PIECE_BYTES = 128 * 1024;
const nothing = new Uint8Array(0);

export class RecodedSource implements ByteSource {
	readonly #source: ByteSource;
	readonly #recoder: Recoder;
	readonly #explain: (error: InvalidTextError, fileOffset: number) => Error;
	readonly places: PieceMap | null;
	readonly #memory = Buffer.alloc(PIECE_BYTES);
	/** At the beginning of the memory: bytes of a character whose end has not come yet. */
	#heldBytes = 0;
	#fileOffset = 0;
	#place = 0;
	/** In UTF-8, to be given out. */
	#text: Uint8Array = nothing;
	#hasEnded = false;
	/** Why nothing follows. Where that is because of the bytes, all in front of them is given out before. */
	failure: unknown = null;

	/** @param explain - Says what is wrong with the text at an offset of the file. */
	constructor(
		source: ByteSource,
		recoder: Recoder,
		tellsPlaces: boolean,
		explain: (error: InvalidTextError, fileOffset: number) => Error,
	) {
		this.#source = source;
		this.#recoder = recoder;
		this.#explain = explain;
		this.places = tellsPlaces ? new PieceMap(recoder) : null;
	}

	async read(target: Uint8Array): Promise<number> {
		while (this.#text.length === 0) {
			if (this.failure !== null) throw this.failure;
			if (this.#hasEnded) return 0;
			await this.#readPiece();
		}
		const part = this.#text.subarray(0, target.length);
		target.set(part);
		this.#text = this.#text.subarray(part.length);
		return part.length;
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
		if (bytes.length === 0) return;
		try {
			this.#text = this.#recoder.toUtf8(bytes);
			this.#note(bytes);
		} catch (error) {
			if (!(error instanceof InvalidTextError)) throw error;
			this.failure = this.#explain(error, this.#fileOffset + error.index);
			this.#recode(bytes.subarray(0, error.index));
		}
	}

	#note(bytes: Buffer): void {
		const text = this.#text;
		const isPlain = this.places === null || isAscii(text);
		this.places?.add({
			fileOffset: this.#fileOffset,
			place: this.#place,
			text: isPlain ? null : text,
			bytes: isPlain || !this.#recoder.keepsBytes ? nothing : Uint8Array.from(bytes),
		});
		this.#fileOffset += bytes.length;
		this.#place += text.length;
	}
}
