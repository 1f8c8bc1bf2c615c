// What the engine has given up of all files together, in shared memory: a thread looks when it has read a file, which may have
// begun long before, and does not send what nobody needs.
//
//   Int32   [0] 1 when groups of further files are not needed any more

export class MergeBoard {
	readonly buffer: SharedArrayBuffer;
	readonly #words: Int32Array;

	constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) {
		this.buffer = buffer;
		this.#words = new Int32Array(buffer);
	}

	/** The engine's side, for good. */
	giveUpGroups(): void {
		Atomics.store(this.#words, 0, 1);
	}

	get takesGroups(): boolean {
		return Atomics.load(this.#words, 0) === 0;
	}
}
