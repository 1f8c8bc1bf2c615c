// What the engine has given up of all files together, in shared memory: a thread looks when it has read a file, which may have
// begun long before, and does not send what nobody needs.
//
//   Int32   for each analysis that is known, in their order, 1 when groups of further files are not needed any more
import {knownNames} from '../../analysis/registry.ts';

export class MergeBoard {
	readonly buffer: SharedArrayBuffer;
	readonly #words: Int32Array;

	/** The last word is that of a question, of which a run makes one at most. */
	constructor(
		buffer: SharedArrayBuffer = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT * (knownNames().length + 1)),
	) {
		this.buffer = buffer;
		this.#words = new Int32Array(buffer);
	}

	/** The engine's side, for good. */
	giveUpGroups(analysis: string): void {
		Atomics.store(this.#words, this.#placeOf(analysis), 1);
	}

	takesGroups(analysis: string): boolean {
		return Atomics.load(this.#words, this.#placeOf(analysis)) === 0;
	}

	#placeOf(analysis: string): number {
		const place = knownNames().indexOf(analysis);
		return place === -1 ? this.#words.length - 1 : place;
	}
}
