// The beginning of a source, kept so that the source can be read once more from there.
import {type SampleSeed, SEED_BYTES, seedOf} from '../../../analysis/position-sample.ts';
import {type ByteSource, readStart, withStart} from '../../../input/byte-source.ts';

/** More is kept of no source: nearly every header is shorter. */
const MAX_KEPT_BYTES = 1024 * 1024;
/** What is looked at to see what a source is: the same for any pieces in which it comes. */
export const LOOK_BYTES = 64 * 1024;

/** One piece of memory for all sources of this thread, of which each keeps a copy. */
const memory = new Uint8Array(LOOK_BYTES);

export interface Start {
	readonly bytes: Uint8Array;
	/** The first of them. */
	readonly look: Uint8Array;
	/** Whether the source has no more than these. */
	readonly isAll: boolean;
}

/**
Keeps what has been read of a source while that is little. The piece with which it becomes too much is not copied: it is there for as long as nothing else is
read, and most headers end in it.
*/
export class KeptStart implements ByteSource {
	readonly #source: ByteSource;
	#pieces: Uint8Array[] | null = [];
	#bytes = 0;
	#hasEnded = false;

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
		if (length === 0) this.#hasEnded = true;
		const piece = target.subarray(0, length);
		this.#bytes += length;
		this.#pieces?.push(this.#bytes > MAX_KEPT_BYTES ? piece : piece.slice());
		return length;
	}

	/**
	A copy of all that has been read, and of as much more as is needed for a look at the source; `null` where more has been read than is
	kept.
	*/
	async take(): Promise<Start | null> {
		while (this.#bytes < LOOK_BYTES && !this.#hasEnded) await this.read(memory);
		if (this.#pieces === null) return null;
		const bytes = Buffer.concat(this.#pieces);
		const isAll = this.#hasEnded && bytes.length <= LOOK_BYTES;
		return {bytes, look: bytes.subarray(0, LOOK_BYTES), isAll};
	}
}

/** Reads as much of a source as says which one it is for samples; the source that is given back has it still. */
export async function readSeed(source: ByteSource): Promise<{readonly seed: SampleSeed; readonly source: ByteSource}> {
	const bytes = await readStart(source, SEED_BYTES);
	return {seed: seedOf(bytes), source: withStart(bytes, source)};
}
