// Blocks of 1 MiB hashed by Node's SHA-256: see content-hash.ts.
import type {Hash} from 'node:crypto';
import {DIGEST_BYTES, type Sha256Hash, sha256} from './content-hash.ts';
import type {BlockHasher} from './content-hasher.ts';

/** A whole number of blocks is in each range of a split file. Hashes of blocks are a small part of any file, and most files have one block. */
export const SHA256_BLOCK_BYTES = 1024 * 1024;

const FIRST_BLOCKS = 64;

export class Sha256Blocks implements BlockHasher<Uint8Array> {
	readonly blockBytes = SHA256_BLOCK_BYTES;
	/** Of the parts of a block. */
	#hash: Hash | null = null;
	#blocks: number[] = [];
	#digests = new Uint8Array(FIRST_BLOCKS * DIGEST_BYTES);
	#bytes = 0;

	readonly clear = (): void => {
		this.#blocks = [];
		this.#bytes = 0;
	};

	readonly hashAtOnce = (block: Uint8Array): Uint8Array => sha256(block);

	readonly takePart = (part: Uint8Array, within: number): void => {
		if (within === 0 || this.#hash === null) this.#hash = process.getBuiltinModule('node:crypto').createHash('sha256');
		this.#hash.update(part);
	};

	readonly hashParts = (): Uint8Array => {
		if (this.#hash === null) throw new Error('Expected a part of a block before its end');
		const digest = this.#hash.digest();
		this.#hash = null;
		return digest;
	};

	readonly count = (digest: Uint8Array, number: number, byteCount: number): void => {
		const start = this.#blocks.length * DIGEST_BYTES;
		if (start === this.#digests.length) {
			const longer = new Uint8Array(2 * this.#digests.length);
			longer.set(this.#digests);
			this.#digests = longer;
		}
		this.#digests.set(digest, start);
		this.#blocks.push(number);
		this.#bytes += byteCount;
	};

	readonly sum = (): Sha256Hash => ({
		blocks: [...this.#blocks],
		digests: this.#digests.slice(0, this.#blocks.length * DIGEST_BYTES),
		bytes: this.#bytes,
	});
}
