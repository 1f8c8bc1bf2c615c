import {freePage, Utf8Page} from '../../text/utf8-page.ts';
import type {OutputStream} from './output-stream.ts';

/** Maximum size of one write. */
const WRITE_BYTES = 64 * 1024;
/** A reader this far behind has stopped: from here on the producer of lines waits for it. */
const MAX_PENDING_BYTES = 8 * 1024 * 1024;

/**
Lines for a reader that may be slow: in order, as bytes, and joined into larger writes when they come faster than it reads.
*/
export class LineQueue {
	readonly #stream: OutputStream;
	readonly #lines = new Utf8Page();
	/** Full pages that wait, oldest first. */
	#pages: Uint8Array[] = [];
	#pageBytes = 0;
	#isWriting = false;
	#written: Promise<void> = Promise.resolve();

	constructor(stream: OutputStream) {
		this.#stream = stream;
	}

	/** Whether the reader receives lines as they come. */
	get isReaderKeepingUp(): boolean {
		return this.#pendingBytes <= WRITE_BYTES;
	}

	/** @param line - With its newline. */
	add(line: string): void {
		if (this.#stream.isClosed()) return;
		this.#lines.add(line);
		if (this.#lines.length >= WRITE_BYTES) this.#turnPage();
		if (this.#isWriting) return;
		this.#isWriting = true;
		this.#written = this.#writeAll();
		// `written` reports the error; the catch keeps it from being an unhandled one.
		this.#written.catch(() => {});
	}

	/** `null` while there is room; otherwise a promise that resolves when there is room again, or when the reader has left. */
	untilRoom(): Promise<void> | null {
		return this.#pendingBytes > MAX_PENDING_BYTES ? this.#written.catch(() => {}) : null;
	}

	/**
	Resolves when no line is queued any more: all are written, or the reader has left.

	@throws {EnvironmentError} As `OutputStream.write`.
	*/
	written(): Promise<void> {
		return this.#written;
	}

	get #pendingBytes(): number {
		return this.#pageBytes + this.#lines.length;
	}

	#turnPage(): void {
		this.#pageBytes += this.#lines.length;
		this.#pages.push(this.#lines.drain());
	}

	/** The reader has left. */
	#drop(): void {
		this.#lines.drain();
		this.#pages = [];
		this.#pageBytes = 0;
	}

	async #writeAll(): Promise<void> {
		try {
			while (this.#pendingBytes > 0 && !this.#stream.isClosed()) {
				if (this.#pages.length === 0) this.#turnPage();
				const pages = this.#pages;
				this.#pages = [];
				for (const page of pages) {
					// Read first: a released page has length 0.
					const {length} = page;
					await this.#stream.write(page, () => freePage(page));
					this.#pageBytes -= length;
				}
			}
		} finally {
			this.#isWriting = false;
			if (this.#stream.isClosed()) this.#drop();
		}
	}
}
