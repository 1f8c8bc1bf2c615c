// Reads a source as records, or, where its first line is not a header and it looks like a text, as lines.
import type {ByteSource} from '../../../input/byte-source.ts';
import {recognizeOwnOutput} from '../../../text/own-output.ts';
import type {Fold} from './fold.ts';
import {foldLines} from './fold-lines.ts';
import {MissingColumnError} from './header-errors.ts';
import {looksLikeText} from './looks-like-text.ts';

/**
@param fold - Reads records.
@param linesAnalysis - What is made of lines.
@param fileName - `null` where the source has no name.
*/
export const foldRecordsOrLines =
	(fold: Fold, linesAnalysis: string, fileName: string | null): Fold =>
	async (source, settings, pulse) => {
		const start = new KeptStart(source);
		try {
			return await fold(start, settings, pulse);
		} catch (error) {
			if (!(error instanceof MissingColumnError) || !error.mayBeText) throw error;
			const bytes = start.take();
			if (bytes === null || recognizeOwnOutput(bytes) !== null) throw error;
			if (!looksLikeText({fileName, bytes, isAll: start.hasEnded})) throw error;
			return foldLines(replay(bytes, source), {...settings, analysis: linesAnalysis}, pulse);
		}
	};

/** More is kept of no source: nearly every header is shorter. */
const MAX_KEPT_BYTES = 64 * 1024;

/**
Keeps what has been read of a source while that is little. A large first piece is not copied: it is there for as long as nothing else is
read, and most headers end in it.
*/
class KeptStart implements ByteSource {
	readonly #source: ByteSource;
	#pieces: Uint8Array[] | null = [];
	#bytes = 0;
	hasEnded = false;

	constructor(source: ByteSource) {
		this.#source = source;
	}

	read(target: Uint8Array): number | Promise<number> {
		if (this.#bytes > MAX_KEPT_BYTES) this.#pieces = null;
		const length = this.#source.read(target);
		if (this.#pieces === null) return length;
		return typeof length === 'number' ? this.#keep(target, length) : length.then(read => this.#keep(target, read));
	}

	#keep(target: Uint8Array, length: number): number {
		if (length === 0) this.hasEnded = true;
		const piece = target.subarray(0, length);
		this.#bytes += length;
		this.#pieces?.push(this.#bytes > MAX_KEPT_BYTES ? piece : piece.slice());
		return length;
	}

	/** A copy of all that has been read; `null` where that is more than is kept. */
	take(): Uint8Array | null {
		return this.#pieces === null ? null : Buffer.concat(this.#pieces);
	}
}

/** The bytes of a source from its beginning, of which some have been read. */
function replay(start: Uint8Array, source: ByteSource): ByteSource {
	let at = 0;
	return {
		read(target) {
			if (at === start.length) return source.read(target);
			const piece = start.subarray(at, at + target.length);
			target.set(piece);
			at += piece.length;
			return piece.length;
		},
	};
}
