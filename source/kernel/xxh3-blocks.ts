// Blocks of 64 KiB hashed by XXH3 in the kernel, from its own memory wherever they stand there: see content-hash.ts.
import type {Xxh3Hash} from './content-hash.ts';
import type {BlockHasher} from './content-hasher.ts';
import type {KernelExports} from './exports.ts';

/** Small enough for the second-level cache, large enough that few blocks straddle two reads. */
export const XXH3_BLOCK_BYTES = 64 * 1024;
/** XXH3 has other rules for shorter texts, so a short block is filled up with zeros. */
const MIN_HASHED_BYTES = 241;

type Halves = Pick<Xxh3Hash, 'high' | 'low'>;

export class Xxh3Blocks implements BlockHasher<Halves> {
	readonly blockBytes = XXH3_BLOCK_BYTES;
	readonly #kernel: KernelExports;
	/** Memory for one block, of which parts come one after the other; allocated by the first file. */
	#room = 0;
	#sum: Xxh3Hash = {high: 0n, low: 0n, bytes: 0};

	constructor(kernel: KernelExports) {
		this.#kernel = kernel;
	}

	readonly clear = (): void => {
		if (this.#room === 0) this.#room = this.#kernel.allocate(XXH3_BLOCK_BYTES);
		this.#sum = {high: 0n, low: 0n, bytes: 0};
	};

	readonly hashAtOnce = (block: Uint8Array, number: number): Halves | null =>
		block.buffer === this.#kernel.memory.buffer ? this.#hash(block.byteOffset, block.length, number) : null;

	readonly countRun = (blocks: Uint8Array, number: number): boolean => {
		if (blocks.buffer !== this.#kernel.memory.buffer) return false;
		this.#kernel.hashBlocks(blocks.byteOffset, XXH3_BLOCK_BYTES, blocks.length / XXH3_BLOCK_BYTES, number);
		this.count(this.#halves(), number, blocks.length);
		return true;
	};

	readonly takePart = (part: Uint8Array, within: number): void => {
		new Uint8Array(this.#kernel.memory.buffer, this.#room + within, part.length).set(part);
	};

	readonly hashParts = (byteCount: number, number: number): Halves => {
		const length = Math.max(byteCount, MIN_HASHED_BYTES);
		new Uint8Array(this.#kernel.memory.buffer, this.#room, length).fill(0, byteCount);
		return this.#hash(this.#room, length, number);
	};

	readonly count = ({high, low}: Halves, _number: number, byteCount: number): void => {
		this.#sum = {
			high: BigInt.asUintN(64, this.#sum.high + high),
			low: BigInt.asUintN(64, this.#sum.low + low),
			bytes: this.#sum.bytes + byteCount,
		};
	};

	readonly sum = (): Xxh3Hash => this.#sum;

	#hash(address: number, length: number, number: number): Halves {
		const kernel = this.#kernel;
		kernel.hashBlock(address, length, number);
		return this.#halves();
	}

	/** XXH3 of a text of 241 bytes to 64 KiB, as its specification says. For tests. */
	xxh3(bytes: Uint8Array): Halves {
		const kernel = this.#kernel;
		new Uint8Array(kernel.memory.buffer, this.#room, bytes.length).set(bytes);
		kernel.hashBytes(this.#room, bytes.length);
		return this.#halves();
	}

	#halves(): Halves {
		const kernel = this.#kernel;
		return {high: BigInt.asUintN(64, kernel.hashHigh()), low: BigInt.asUintN(64, kernel.hashLow())};
	}
}
