// The memory that the engine shares with a thread which works through a batch of small files: which of them it has taken,
// and which it must not take any more.
//
//   Int32    [0] how many were taken   [1 + n] state of file n
//
// A file is taken by the thread or cancelled by the engine, whichever comes first, and both know at once which it was.

const TAKEN_COUNT = 0;

const WAITING = 0;
const TAKEN = 1;
const CANCELLED = 2;
/** Taken, and then told to be given up. */
const ABORTED = 3;

export class BatchBoard {
	readonly buffer: SharedArrayBuffer;
	readonly #cells: Int32Array;

	constructor(fileCount: number, buffer = new SharedArrayBuffer(4 * (1 + fileCount))) {
		this.buffer = buffer;
		this.#cells = new Int32Array(buffer);
	}

	/** The thread's side: whether the file is to be done. */
	take(file: number): boolean {
		const isMine = Atomics.compareExchange(this.#cells, 1 + file, WAITING, TAKEN) === WAITING;
		Atomics.store(this.#cells, TAKEN_COUNT, file + 1);
		return isMine;
	}

	/** The engine's side: whether the file was still waiting, and now never begins. */
	cancel(file: number): boolean {
		return Atomics.compareExchange(this.#cells, 1 + file, WAITING, CANCELLED) === WAITING;
	}

	/** The engine's side: marks a file that was taken as one to give up. */
	abort(file: number): void {
		Atomics.compareExchange(this.#cells, 1 + file, TAKEN, ABORTED);
	}

	/** The thread's side: whether it is this file that was meant. */
	isAborted(file: number): boolean {
		return Atomics.load(this.#cells, 1 + file) === ABORTED;
	}

	/** The file that is being worked on, or was last; -1 before the first. */
	get current(): number {
		return Atomics.load(this.#cells, TAKEN_COUNT) - 1;
	}
}
