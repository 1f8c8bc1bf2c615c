// The texts of results, of as many files as there are. They are bytes in few pieces of memory, so the collector has nothing to do
// with them; past a bound they are packed, because the texts of 100,000 files would take more memory than all else that is kept
// of these files, and hardly any is looked at before the report is written.

/** Up to here packing would cost time and gain nothing that is missed. */
const PLAIN_LIMIT_BYTES = 8 * 1024 * 1024;
/** Unpacked at once, for one of its texts: 0.1 ms. */
const BLOCK_BYTES = 64 * 1024;
/** Files that are next to each other in a report are mostly so in a block. A few are open at once where threads took turns. */
const OPEN_BLOCKS = 16;

/** Several texts, one after the other, in UTF-8. */
class TextBlock {
	/** Blocks that are packed and have been looked at last. */
	static readonly #open: TextBlock[] = [];
	readonly #length: number;
	#bytes: Buffer | null;
	#packed: Uint8Array | null = null;

	constructor(bytes: Buffer) {
		this.#length = bytes.length;
		this.#bytes = bytes;
	}

	get bytes(): Buffer {
		this.#bytes ??= this.#unpack();
		return this.#bytes;
	}

	/** Returns how many bytes are left. */
	pack(): number {
		const {deflateRawSync} = process.getBuiltinModule('node:zlib');
		// zlib gives a part of a larger piece of memory, all of which would be kept.
		this.#packed = new Uint8Array(deflateRawSync(this.bytes, {level: 1}));
		this.#bytes = null;
		return this.#packed.length;
	}

	#unpack(): Buffer {
		const {inflateRawSync} = process.getBuiltinModule('node:zlib');
		const open = TextBlock.#open;
		open.push(this);
		const oldest = open.length > OPEN_BLOCKS ? open.shift() : undefined;
		if (oldest !== undefined) oldest.#close();
		// One piece of memory for all of it, and not one that is shared with small texts.
		return inflateRawSync(this.#packed ?? Buffer.alloc(0), {chunkSize: Math.max(BLOCK_BYTES, this.#length + 1)});
	}

	#close(): void {
		const bytes = this.#bytes;
		this.#bytes = null;
		if (bytes !== null) giveBack(bytes);
	}
}

/** A text that is kept as bytes, with many others in one piece of memory. */
export class PartOfText {
	readonly #block: TextBlock;
	readonly #start: number;
	readonly #end: number;

	constructor(block: TextBlock, start: number, end: number) {
		this.#block = block;
		this.#start = start;
		this.#end = end;
	}

	/** In bytes. */
	get length(): number {
		return this.#end - this.#start;
	}

	/** Returns how many bytes that were. */
	copyTo(target: Buffer, position: number): number {
		return this.#block.bytes.copy(target, position, this.#start, this.#end);
	}

	toString(): string {
		return this.#block.bytes.toString('utf8', this.#start, this.#end);
	}
}

/** Gives memory back at once. The collector does not know how much it is, and would leave some 100 MB of it lying. */
const giveBack = ({buffer}: Uint8Array): void => {
	(buffer as ArrayBuffer).transfer(0);
};

/** Keeps the texts of a run. */
export class KeptTexts {
	readonly #plainLimitBytes: number;
	#plainBytes = 0;
	#packedBytes = 0;

	constructor(plainLimitBytes = PLAIN_LIMIT_BYTES) {
		this.#plainLimitBytes = plainLimitBytes;
	}

	/** The memory that all of them take. */
	get bytesHeld(): number {
		return this.#plainBytes + this.#packedBytes;
	}

	/**
	@param bytes - Texts one after the other, in UTF-8. They are handed over: the caller must not use this memory any more.
	@param lengths - Of the texts, in bytes.
	*/
	keep(bytes: Uint8Array, lengths: readonly number[]): PartOfText[] {
		const isPacked = this.#plainBytes + bytes.length > this.#plainLimitBytes;
		const parts: PartOfText[] = [];
		let blockStart = 0;
		while (parts.length < lengths.length) {
			const ends = endsOfBlock(lengths, parts.length, isPacked ? BLOCK_BYTES : bytes.length);
			const length = ends.at(-1) ?? 0;
			const plain = Buffer.from(bytes.buffer, bytes.byteOffset + blockStart, length);
			const block = new TextBlock(plain);
			if (isPacked) this.#packedBytes += block.pack();
			for (const [index, end] of ends.entries()) parts.push(new PartOfText(block, ends[index - 1] ?? 0, end));
			blockStart += length;
		}
		if (!isPacked) this.#plainBytes += bytes.length;
		else if (bytes.length === bytes.buffer.byteLength) giveBack(bytes);
		return parts;
	}
}

/** Where texts end that are next to each other, from the given one on: as many as are needed for a block of at least that size, or all. */
function endsOfBlock(lengths: readonly number[], first: number, blockBytes: number): number[] {
	const ends: number[] = [];
	let end = 0;
	for (let index = first; index < lengths.length && (index === first || end < blockBytes); index++) {
		end += lengths[index] ?? 0;
		ends.push(end);
	}
	return ends;
}
