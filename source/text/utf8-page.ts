/** Room for one write, and for the part that exceeds it. */
const PAGE_BYTES = 80 * 1024;

/** Joins many small texts as UTF-8, so that one write covers them. */
export class Utf8Page {
	#page = Buffer.alloc(0);
	#length = 0;

	/** Bytes added since the last `drain`. */
	get length(): number {
		return this.#length;
	}

	add(text: string): void {
		// A UTF-16 unit takes three bytes at most.
		const hasRoom = this.#length + text.length * 3 <= this.#page.length;
		const page = this.#pageFor(hasRoom ? 0 : Buffer.byteLength(text));
		this.#length += page.write(text, this.#length);
	}

	/** Returns what was added since the last call. It belongs to the caller and is not changed later; see `freePage`. */
	drain(): Uint8Array {
		const page = this.#page.subarray(0, this.#length);
		this.#page = Buffer.alloc(0);
		this.#length = 0;
		return page;
	}

	#pageFor(bytes: number): Buffer {
		const needed = this.#length + bytes;
		return needed <= this.#page.length ? this.#page : this.#grow(needed);
	}

	#grow(needed: number): Buffer {
		const larger = Buffer.allocUnsafeSlow(Math.max(PAGE_BYTES, needed, 2 * this.#page.length));
		this.#page.copy(larger, 0, 0, this.#length);
		this.#page = larger;
		return larger;
	}
}

/**
Releases the memory of a page that has been written. The garbage collector does not know its size, and would leave some
60 MB unreclaimed.
*/
export function freePage(page: Uint8Array): void {
	(page.buffer as ArrayBuffer).transfer(0);
}
