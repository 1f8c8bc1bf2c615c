import type {PartOfText} from './kept-texts.ts';

/** Room for what is written at once, and for the part that goes beyond it. */
const PAGE_BYTES = 80 * 1024;

/** Puts many small texts together as UTF-8, so that they are written at once. What is in bytes already never becomes a string. */
export class Utf8Page {
	#page: Buffer | null = null;
	#length = 0;

	/** Bytes that have been added since the last were taken. */
	get length(): number {
		return this.#length;
	}

	add(text: string | PartOfText): void {
		if (typeof text === 'string') {
			// A UTF-16 unit takes three bytes at most.
			const mostBytes = text.length * 3;
			const hasRoom = this.#page !== null && this.#length + mostBytes <= this.#page.length;
			const page = this.#pageFor(hasRoom ? 0 : Buffer.byteLength(text));
			this.#length += page.write(text, this.#length);
		} else {
			this.#length += text.copyTo(this.#pageFor(text.length), this.#length);
		}
	}

	/** What has been added since the last time. It is the caller's, and stays as it is; see `freePage`. */
	take(): Uint8Array {
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
Gives the memory of a page back that has been written, and is not needed any more. The collector does not know how much it is, and
would leave some 60 MB of them lying.
*/
export function freePage(page: Uint8Array): void {
	(page.buffer as ArrayBuffer).transfer(0);
}
