// Hashes a file as it is read, from the same memory, in blocks: see content-hash.ts.
import type {ContentHash} from './content-hash.ts';

/** Hashes blocks in one of the ways there are, and puts the hashes of those that count together. */
export interface BlockHasher<Hash> {
	readonly blockBytes: number;
	/** The hash of a whole block, if it can be had without copying. */
	readonly hashAtOnce: (block: Uint8Array, number: number) => Hash | null;
	/** Hashes whole blocks that stand one behind the other and all count, if that can be done without copying; left out where it cannot. */
	readonly countRun?: (blocks: Uint8Array, number: number) => boolean;
	/** Takes a part of a block; the first one of each is at 0. */
	readonly takePart: (part: Uint8Array, within: number) => void;
	/** Of the parts that have come. */
	readonly hashParts: (byteCount: number, number: number) => Hash;
	/** Nothing counts yet. */
	readonly clear: () => void;
	readonly count: (hash: Hash, number: number, byteCount: number) => void;
	/** What counts so far. */
	readonly sum: () => ContentHash;
}

export class ContentHasher<Hash = unknown> {
	readonly #blocks: BlockHasher<Hash>;
	/** Blocks that begin between the two bounds count. */
	#from = 0;
	#to = Number.POSITIVE_INFINITY;
	/** Blocks that were read before anybody has claimed them. */
	#ahead: {readonly blockStart: number; readonly byteCount: number; readonly hash: Hash}[] = [];
	/** The block that is being collected, and how much of it is there. */
	#blockStart = 0;
	#keptBytes = 0;

	constructor(blocks: BlockHasher<Hash>) {
		this.#blocks = blocks;
	}

	/** Begins a file. @param isWhole - Whether all of its blocks count; else those that are claimed. */
	begin(isWhole = true): void {
		this.#blocks.clear();
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
		for (const {blockStart, byteCount, hash} of ahead) this.#count(blockStart, byteCount, hash);
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
		const {blockBytes} = this.#blocks;
		for (let start = 0; start < bytes.length; ) {
			const within = (byteOffset + start) % blockBytes;
			const run = within === 0 ? this.#countRun(bytes.subarray(start), byteOffset + start) : 0;
			start += run;
			if (run > 0) continue;
			const length = Math.min(bytes.length - start, blockBytes - within);
			this.#takePart(bytes.subarray(start, start + length), byteOffset + start - within, within);
			start += length;
		}
	};

	/** @param bytes - From the beginning of a block. @returns How many of the bytes were hashed: those of whole blocks, where all of them count. */
	#countRun(bytes: Uint8Array, from: number): number {
		const {blockBytes, countRun} = this.#blocks;
		const length = bytes.length - (bytes.length % blockBytes);
		const doCount = length > 0 && from >= this.#from && from + length <= this.#to;
		return doCount && countRun?.(bytes.subarray(0, length), from / blockBytes) === true ? length : 0;
	}

	#takePart(part: Uint8Array, blockStart: number, within: number): void {
		const {blockBytes, hashAtOnce, takePart} = this.#blocks;
		if (part.length === blockBytes) {
			const hash = hashAtOnce(part, blockStart / blockBytes);
			if (hash !== null) {
				this.#count(blockStart, blockBytes, hash);
				return;
			}
		}
		if (within === 0) {
			this.#blockStart = blockStart;
			this.#keptBytes = 0;
		}
		// The beginning of the block was not read here.
		if (this.#blockStart !== blockStart || this.#keptBytes !== within) return;
		takePart(part, within);
		this.#keptBytes += part.length;
		if (this.#keptBytes === blockBytes) this.#countKept();
	}

	#countKept(): void {
		const {blockBytes, hashParts} = this.#blocks;
		this.#count(this.#blockStart, this.#keptBytes, hashParts(this.#keptBytes, this.#blockStart / blockBytes));
		this.#keptBytes = 0;
	}

	#count(blockStart: number, byteCount: number, hash: Hash): void {
		if (blockStart >= this.#to) this.#ahead.push({blockStart, byteCount, hash});
		else if (blockStart >= this.#from) this.#blocks.count(hash, blockStart / this.#blocks.blockBytes, byteCount);
	}

	/** Of the blocks that count and are complete. */
	get soFar(): ContentHash {
		return this.#blocks.sum();
	}

	/** Of all blocks that count. The last one of a file may be shorter than the others. */
	end(): ContentHash {
		if (this.#keptBytes > 0) this.#countKept();
		return this.soFar;
	}
}
