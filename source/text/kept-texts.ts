// The texts of the results of all files. They are bytes in a few buffers, so they cost the garbage collector nothing.
// Past a bound the buffers are compressed: the texts of 100,000 files would take more memory than everything else that
// is kept of these files, and few are read before the report is written.

/** Below this size, compressing would cost time for memory that nothing else needs. */
const PLAIN_LIMIT_BYTES = 8 * 1024 * 1024;
/** A whole block is unpacked to read one of its texts: 0.1 ms. */
const BLOCK_BYTES = 64 * 1024;
/** Neighbours in a report are mostly neighbours in a block. A few blocks stay open, because the threads alternate. */
const OPEN_BLOCKS = 16;

/** Several texts, one after the other, in UTF-8. */
class TextBlock {
	/** Packed blocks that were read most recently. */
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

	/** Returns the packed size in bytes. */
	pack(): number {
		const {deflateRawSync} = process.getBuiltinModule('node:zlib');
		// zlib returns a slice of a larger buffer, all of which would be kept.
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
		// One buffer of its own, so that it can be released at once.
		return inflateRawSync(this.#packed ?? Buffer.alloc(0), {chunkSize: Math.max(BLOCK_BYTES, this.#length + 1)});
	}

	#close(): void {
		const bytes = this.#bytes;
		this.#bytes = null;
		if (bytes !== null) release(bytes);
	}
}

/** A text kept as bytes, with many others in one buffer. */
export class TextSlice {
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

	/** Returns the number of bytes copied. */
	copyTo(target: Buffer, position: number): number {
		return this.#block.bytes.copy(target, position, this.#start, this.#end);
	}

	toString(): string {
		return this.#block.bytes.toString('utf8', this.#start, this.#end);
	}
}

/** Releases memory at once. The garbage collector does not know its size, and would leave some 100 MB unreclaimed. */
const release = ({buffer}: Uint8Array): void => {
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

	/** The memory used by all of them. */
	get bytesHeld(): number {
		return this.#plainBytes + this.#packedBytes;
	}

	/**
	@param bytes - Texts one after the other, in UTF-8. The caller hands this memory over and must not use it any more.
	@param lengths - The length of each text in bytes.
	*/
	keep(bytes: Uint8Array, lengths: readonly number[]): TextSlice[] {
		const isPacked = this.#plainBytes + bytes.length > this.#plainLimitBytes;
		const parts: TextSlice[] = [];
		let blockStart = 0;
		while (parts.length < lengths.length) {
			const ends = endsOfBlock(lengths, parts.length, isPacked ? BLOCK_BYTES : bytes.length);
			const length = ends.at(-1) ?? 0;
			const plain = Buffer.from(bytes.buffer, bytes.byteOffset + blockStart, length);
			const block = new TextBlock(plain);
			if (isPacked) this.#packedBytes += block.pack();
			for (const [index, end] of ends.entries()) parts.push(new TextSlice(block, ends[index - 1] ?? 0, end));
			blockStart += length;
		}
		if (!isPacked) this.#plainBytes += bytes.length;
		else if (bytes.length === bytes.buffer.byteLength) release(bytes);
		return parts;
	}
}

/**
Where the texts of the next block end, from the given text on: as many texts as fill `blockBytes`, or all that are left.
*/
function endsOfBlock(lengths: readonly number[], first: number, blockBytes: number): number[] {
	const ends: number[] = [];
	let end = 0;
	for (let index = first; index < lengths.length && (index === first || end < blockBytes); index++) {
		end += lengths[index] ?? 0;
		ends.push(end);
	}
	return ends;
}
