// The beginning of a source: whole records, as far as they end within its first bytes.
import type {ByteSource} from '../../../input/byte-source.ts';

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;

export class HeadSource implements ByteSource {
	readonly #source: ByteSource;
	readonly #maxBytes: number;
	/** What is given out; there once it is known where it ends. */
	#head: Uint8Array | null = null;
	#offset = 0;
	/** Whether there is more of the source than is given out. */
	isCut = false;

	constructor(source: ByteSource, maxBytes: number) {
		this.#source = source;
		this.#maxBytes = maxBytes;
	}

	async read(target: Uint8Array): Promise<number> {
		this.#head ??= await this.#readHead();
		const piece = this.#head.subarray(this.#offset, this.#offset + target.length);
		target.set(piece);
		this.#offset += piece.length;
		return piece.length;
	}

	async #readHead(): Promise<Uint8Array> {
		// One more byte says whether there is more.
		const bytes = new Uint8Array(this.#maxBytes + 1);
		let length = 0;
		for (;;) {
			const read = await this.#source.read(bytes.subarray(length));
			length += read;
			if (read === 0) return bytes.subarray(0, length);
			if (length === bytes.length) break;
		}
		this.isCut = true;
		return bytes.subarray(0, endOfRecords(bytes.subarray(0, this.#maxBytes)));
	}
}

/** Where the last line ends that surely is the end of a record: within quotes, an odd number of them stands in front of it. */
function endOfRecords(bytes: Uint8Array): number {
	const lineEnd = Math.max(bytes.lastIndexOf(LF), bytes.lastIndexOf(CR)) + 1;
	let isInQuotes = false;
	let end = 0;
	for (let at = 0; at < lineEnd; at++) {
		const byte = bytes[at];
		if (byte === QUOTE) isInQuotes = !isInQuotes;
		else if (!isInQuotes && (byte === LF || (byte === CR && bytes[at + 1] !== LF))) end = at + 1;
	}
	// Where quotes are no signs, or one is never closed, lines are all there is to go by.
	return end >= lineEnd / 2 ? end : lineEnd === 0 ? bytes.length : lineEnd;
}
