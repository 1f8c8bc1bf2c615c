// How many claims are between their intent and their end at a time: enough that each flush of the disk is shared by many. One that waits for
// somebody else keeps no other file from its turn.

const MAX_OPEN = 256;
/** Of larger ones fewer: they are read side by side, and are to be finished soon when it is to end. */
const MAX_OPEN_LARGE = 64;
const MAX_OPEN_BYTES = 16 * 1024 * 1024;
/** Claims that wait: some kilobytes each. */
const MAX_WAITING = 4096;

export class Slots {
	readonly #work = new Set<Promise<void>>();
	readonly #onFree: () => void;
	#bytes = 0;
	#waiting = 0;
	#freed = Promise.withResolvers<void>();

	/** @param onFree - Called when there may be room for another claim. */
	constructor(onFree: () => void) {
		this.#onFree = onFree;
	}

	/** Those that are open, also where they wait. */
	get size(): number {
		return this.#work.size;
	}

	get hasRoom(): boolean {
		const most = this.#bytes < MAX_OPEN_BYTES ? MAX_OPEN : MAX_OPEN_LARGE;
		return this.#work.size - this.#waiting < most && this.#waiting < MAX_WAITING;
	}

	/** @param work - It does not fail. */
	add(work: Promise<void>, bytes: number): void {
		this.#bytes += bytes;
		const running = work.then(() => {
			this.#work.delete(running);
			this.#bytes -= bytes;
			this.#free();
		});
		this.#work.add(running);
	}

	/** What a claim waits for that nobody here has in hand. */
	async aside<Value>(wait: () => Promise<Value>): Promise<Value> {
		this.#waiting++;
		this.#free();
		try {
			return await wait();
		} finally {
			this.#waiting--;
			this.#free();
		}
	}

	/** Resolves when there is room for another claim. */
	async untilRoom(): Promise<void> {
		while (!this.hasRoom) await this.#freed.promise;
	}

	/** Resolves when all that are open now have ended. */
	async untilEnded(): Promise<void> {
		await Promise.all(this.#work);
	}

	#free(): void {
		const freed = this.#freed;
		this.#freed = Promise.withResolvers();
		freed.resolve();
		this.#onFree();
	}
}
