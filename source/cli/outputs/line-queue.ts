import {freePage, Utf8Page} from '../../text/utf8-page.ts';
import type {Output} from './output.ts';

/** At most so much is written at once. */
const WRITE_BYTES = 64 * 1024;
/** A reader that is so far behind has stopped: what produces lines waits for it from there on. */
const MOST_WAITING_BYTES = 8 * 1024 * 1024;

/** Lines on their way to a reader that may be slow: in order, as bytes, many of them in one write where they come faster than it reads. */
export class LineQueue {
	readonly #output: Output;
	readonly #lines = new Utf8Page();
	/** Pages that are full and wait, the oldest first. */
	#pages: Uint8Array[] = [];
	#pageBytes = 0;
	#isWriting = false;
	#written: Promise<void> = Promise.resolve();

	constructor(output: Output) {
		this.#output = output;
	}

	/** Whether the reader takes lines as they come. */
	get isFlowing(): boolean {
		return this.#waitingBytes <= WRITE_BYTES;
	}

	/** @param line - Its newline included. */
	add(line: string): void {
		if (this.#output.isClosed()) return;
		this.#lines.add(line);
		if (this.#lines.length >= WRITE_BYTES) this.#turnPage();
		if (this.#isWriting) return;
		this.#isWriting = true;
		this.#written = this.#writeAll();
		// `written` reports it; until then it is not an unhandled error.
		this.#written.catch(() => {});
	}

	/** `null` while there is room for more, or a promise that resolves when there is, or the reader has left. */
	untilRoom(): Promise<void> | null {
		return this.#waitingBytes > MOST_WAITING_BYTES ? this.#written.catch(() => {}) : null;
	}

	/**
	Resolves when no line waits here any more: the output has them, or the reader has left.

	@throws {EnvironmentError} As `Output.write`.
	*/
	written(): Promise<void> {
		return this.#written;
	}

	get #waitingBytes(): number {
		return this.#pageBytes + this.#lines.length;
	}

	#turnPage(): void {
		this.#pageBytes += this.#lines.length;
		this.#pages.push(this.#lines.drain());
	}

	/** Nobody reads them. */
	#drop(): void {
		this.#lines.drain();
		this.#pages = [];
		this.#pageBytes = 0;
	}

	async #writeAll(): Promise<void> {
		try {
			while (this.#waitingBytes > 0 && !this.#output.isClosed()) {
				if (this.#pages.length === 0) this.#turnPage();
				const pages = this.#pages;
				this.#pages = [];
				for (const page of pages) {
					// A page that is given back has no length any more.
					const {length} = page;
					await this.#output.write(page, () => freePage(page));
					this.#pageBytes -= length;
				}
			}
		} finally {
			this.#isWriting = false;
			if (this.#output.isClosed()) this.#drop();
		}
	}
}
