// Hashes a file as it is read, from the same memory: XXH3 of each block of 64 KiB, see assembly/xxh3.ts. The hash of the file is the sum of
// these, so several threads may hash ranges of it, in any order.
import type {KernelExports} from './exports.ts';

/** Small enough for the second-level cache, large enough that few blocks straddle two reads. */
export const HASHED_BLOCK_BYTES = 64 * 1024;
/** XXH3 has other rules for shorter texts, so a short block is filled up with zeros. */
const MIN_HASHED_BYTES = 241;

/** Of a file, or of some blocks of it. */
export interface ContentHash {
	/** Two halves, each below 2^64. */
	readonly high: bigint;
	readonly low: bigint;
	/** How many bytes were hashed. */
	readonly bytes: number;
}

export const NO_CONTENT: ContentHash = {high: 0n, low: 0n, bytes: 0};

/** Of parts of a file that share no block. */
export const addHashes = (one: ContentHash, other: ContentHash): ContentHash => ({
	high: BigInt.asUintN(64, one.high + other.high),
	low: BigInt.asUintN(64, one.low + other.low),
	bytes: one.bytes + other.bytes,
});

/** 32 hexadecimal digits. */
export const hashText = ({high, low}: ContentHash): string =>
	high.toString(16).padStart(16, '0') + low.toString(16).padStart(16, '0');

export class ContentHasher {
	readonly #kernel: KernelExports;
	/** Memory for one block, of which parts come one after the other; allocated by the first `begin`. */
	#room = 0;
	#sum = NO_CONTENT;
	/** Blocks that begin between the two bounds count. */
	#from = 0;
	#to = Number.POSITIVE_INFINITY;
	/** Blocks that were read before anybody has claimed them. */
	#ahead: {readonly blockStart: number; readonly hash: ContentHash}[] = [];
	/** The block that is being collected, and how much of it is there. */
	#blockStart = 0;
	#keptBytes = 0;

	constructor(kernel: KernelExports) {
		this.#kernel = kernel;
	}

	/** Begins a file. @param isWhole - Whether all of its blocks count; else those that are claimed. */
	begin(isWhole = true): void {
		if (this.#room === 0) this.#room = this.#kernel.allocate(HASHED_BLOCK_BYTES);
		this.#sum = NO_CONTENT;
		this.#from = 0;
		this.#to = isWhole ? Number.POSITIVE_INFINITY : 0;
		this.forgetAhead();
	}

	/** Says that blocks between two bounds count, those that were read already among them. */
	claim(from: number, to: number): void {
		this.#from = from;
		this.#to = to;
		const ahead = this.#ahead;
		this.#ahead = [];
		for (const {blockStart, hash} of ahead) this.#count(blockStart, hash);
	}

	/** To be called before a jump to another place, where what was read ahead may be read once more. */
	forgetAhead(): void {
		this.#ahead = [];
		this.#keptBytes = 0;
	}

	/** Takes what was read at a place: where the last read ended, or where a jump has led. */
	readonly take = (bytes: Uint8Array, byteOffset: number): void => {
		// The file is read once more, from its beginning.
		if (byteOffset === 0 && this.#to === Number.POSITIVE_INFINITY) this.begin();
		for (let start = 0; start < bytes.length; ) {
			const within = (byteOffset + start) % HASHED_BLOCK_BYTES;
			const length = Math.min(bytes.length - start, HASHED_BLOCK_BYTES - within);
			this.#takePart(bytes.subarray(start, start + length), byteOffset + start - within, within);
			start += length;
		}
	};

	#takePart(part: Uint8Array, blockStart: number, within: number): void {
		const {buffer} = this.#kernel.memory;
		if (part.length === HASHED_BLOCK_BYTES && part.buffer === buffer) {
			this.#count(blockStart, this.#hash(part.byteOffset, part.length, blockStart));
			return;
		}
		if (within === 0) {
			this.#blockStart = blockStart;
			this.#keptBytes = 0;
		}
		// The beginning of the block was not read here.
		if (this.#blockStart !== blockStart || this.#keptBytes !== within) return;
		new Uint8Array(buffer, this.#room + within, part.length).set(part);
		this.#keptBytes += part.length;
		if (this.#keptBytes === HASHED_BLOCK_BYTES) this.#countKept();
	}

	#countKept(): void {
		const length = Math.max(this.#keptBytes, MIN_HASHED_BYTES);
		new Uint8Array(this.#kernel.memory.buffer, this.#room, length).fill(0, this.#keptBytes);
		const hash = this.#hash(this.#room, length, this.#blockStart);
		this.#count(this.#blockStart, {...hash, bytes: this.#keptBytes});
		this.#keptBytes = 0;
	}

	#hash(address: number, length: number, blockStart: number): ContentHash {
		const kernel = this.#kernel;
		kernel.hashBlock(address, length, blockStart / HASHED_BLOCK_BYTES);
		return {
			high: BigInt.asUintN(64, kernel.hashHigh()),
			low: BigInt.asUintN(64, kernel.hashLow()),
			bytes: length,
		};
	}

	/** XXH3 of a text of 241 bytes to 64 KiB, as its specification says. For tests. */
	xxh3(bytes: Uint8Array): Pick<ContentHash, 'high' | 'low'> {
		const kernel = this.#kernel;
		new Uint8Array(kernel.memory.buffer, this.#room, bytes.length).set(bytes);
		kernel.hashBytes(this.#room, bytes.length);
		return {high: BigInt.asUintN(64, kernel.hashHigh()), low: BigInt.asUintN(64, kernel.hashLow())};
	}

	#count(blockStart: number, hash: ContentHash): void {
		if (blockStart >= this.#to) this.#ahead.push({blockStart, hash});
		else if (blockStart >= this.#from) this.#sum = addHashes(this.#sum, hash);
	}

	/** Of the blocks that count and are complete. */
	get soFar(): ContentHash {
		return this.#sum;
	}

	/** Of all blocks that count. The last one of a file may be shorter than the others. */
	end(): ContentHash {
		if (this.#keptBytes > 0) this.#countKept();
		return this.#sum;
	}
}
