import type {TextSlice} from './kept-texts.ts';

/** Room for one write, and for the part that exceeds it. */
const PAGE_BYTES = 80 * 1024;

/**
Joins many small texts as UTF-8, so that one write covers them. Parts that are bytes already never become strings.
*/
export class Utf8Page {
	#page: Buffer | null = null;
	#length = 0;

	/** Bytes added since the last `drain`. */
	get length(): number {
		return this.#length;
	}

	add(text: string | TextSlice): void {
		if (typeof text === 'string') {
			// A UTF-16 unit takes three bytes at most.
			const maxBytes = text.length * 3;
			const hasRoom = this.#page !== null && this.#length + maxBytes <= this.#page.length;
			const page = this.#pageFor(hasRoom ? 0 : Buffer.byteLength(text));
			this.#length += page.write(text, this.#length);
		} else {
			this.#length += text.copyTo(this.#pageFor(text.length), this.#length);
		}
	}

	/** Returns what was added since the last call. It belongs to the caller and is not changed later; see `freePage`. */
	drain(): Uint8Array {
		const page = this.#pageFor(0).subarray(0, this.#length);
		this.#page = null;
		this.#length = 0;
		return page;
	}

	#pageFor(bytes: number): Buffer {
		const needed = this.#length + bytes;
		if (this.#page !== null && needed <= this.#page.length) return this.#page;
		const larger = Buffer.allocUnsafeSlow(Math.max(PAGE_BYTES, needed, 2 * (this.#page?.length ?? 0)));
		this.#page?.copy(larger, 0, 0, this.#length);
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
