// The beginning of a source: whole records, as far as they end within its first bytes.
import {type ByteSource, emptySource, readStart, withStart} from '../../../input/byte-source.ts';

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;

export class HeadSource implements ByteSource {
	readonly #source: ByteSource;
	readonly #maxBytes: number;
	/** What is given out; there once it is known where it ends. */
	#head: ByteSource | null = null;
	/** Whether there is more of the source than is given out. */
	isCut = false;

	constructor(source: ByteSource, maxBytes: number) {
		this.#source = source;
		this.#maxBytes = maxBytes;
	}

	async read(target: Uint8Array): Promise<number> {
		this.#head ??= withStart(await this.#readHead(), emptySource);
		return this.#head.read(target);
	}

	async #readHead(): Promise<Uint8Array> {
		// One more byte says whether there is more.
		const bytes = await readStart(this.#source, this.#maxBytes + 1);
		this.isCut = bytes.length > this.#maxBytes;
		return this.isCut ? bytes.subarray(0, endOfRecords(bytes.subarray(0, this.#maxBytes))) : bytes;
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
