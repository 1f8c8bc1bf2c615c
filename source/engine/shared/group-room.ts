// Memory for groups, over all threads: each may have a share of it, and one at a time as much as a file can need. Without it, eight
// threads that each meet a file with hundreds of thousands of categories would take 350 MB. It is a word of shared memory, because
// a thread finds out in the middle of a file, where it takes no messages.
//
//   Int32   [0] the thread that may have more than its share, 0 for none   [1] the share, in groups; 0 for no bound

/** Groups of all shares together, and of one at least: more than any column of categories has. */
const SHARED_GROUPS = 2 ** 18;
const SMALLEST_SHARE = 2 ** 15;

export class GroupRoom {
	readonly buffer: SharedArrayBuffer;
	readonly #words: Int32Array;

	constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)) {
		this.buffer = buffer;
		this.#words = new Int32Array(buffer);
	}

	/** The engine's side. */
	shareAmong(threads: number): void {
		const share = Math.max(SMALLEST_SHARE, Math.floor(SHARED_GROUPS / threads));
		Atomics.store(this.#words, 1, threads === 1 ? 0 : share);
	}

	/** The engine's side: the thread has ended, and its memory is free. */
	leave(threadId: number): void {
		Atomics.compareExchange(this.#words, 0, threadId, 0);
	}

	isTakenBy(threadId: number): boolean {
		return Atomics.load(this.#words, 0) === threadId;
	}

	/** The thread's side: whether it may have this number of groups. Once it may have more than its share, it may until it ends. */
	take(threadId: number, groups: number): boolean {
		const share = Atomics.load(this.#words, 1);
		if (share === 0 || groups <= share || this.isTakenBy(threadId)) return true;
		return Atomics.compareExchange(this.#words, 0, 0, threadId) === 0;
	}
}
