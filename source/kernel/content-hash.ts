// What the bytes of a file are known by. A file is hashed in blocks, and its hash is made of theirs, so that several threads may hash ranges of it,
// in any order, and come to the same.
//
// `xxh3`: blocks of 64 KiB, each hashed by XXH3 with 128 bits and mixed with its place; the hash of the file is their sum (see assembly/xxh3.ts).
// It finds what changed by accident, at no noticeable price.
//
// `sha256`: blocks of 1 MiB. The hash of a file of one block (or none) is its SHA-256, as `sha256sum` prints it, written `sha256:…`. The hash of a larger
// one is the SHA-256 of the SHA-256 hashes of its blocks, 32 bytes each, one behind the other, written `sha256-tree:…`: a name of its own, so that
// a small file made of such hashes is not taken for the large one. It finds what somebody forged, too.

export type ContentHashName = 'xxh3' | 'sha256';

/** Of all blocks of a file, or of some. */
export type ContentHash = Xxh3Hash | Sha256Hash;

export interface Xxh3Hash {
	/** Two halves, each below 2^64. */
	readonly high: bigint;
	readonly low: bigint;
	/** How many bytes were hashed. */
	readonly bytes: number;
}

export interface Sha256Hash {
	/** The numbers of the blocks, in the order of the digests. */
	readonly blocks: readonly number[];
	/** 32 bytes each. */
	readonly digests: Uint8Array;
	readonly bytes: number;
}

/** Of parts of a file that share no block. */
export function addHashes(one: ContentHash, other: ContentHash): ContentHash {
	const bytes = one.bytes + other.bytes;
	if ('blocks' in one && 'blocks' in other)
		return {blocks: [...one.blocks, ...other.blocks], digests: Buffer.concat([one.digests, other.digests]), bytes};
	if ('blocks' in one || 'blocks' in other) throw new Error('Parts of a file were hashed in different ways');
	return {
		high: BigInt.asUintN(64, one.high + other.high),
		low: BigInt.asUintN(64, one.low + other.low),
		bytes,
	};
}

/** As it stands in reports: 32 hexadecimal digits, or `sha256:` or `sha256-tree:` and 64. */
export function hashText(hash: ContentHash): string {
	if ('blocks' in hash) return sha256Text(hash);
	return hash.high.toString(16).padStart(16, '0') + hash.low.toString(16).padStart(16, '0');
}

export const DIGEST_BYTES = 32;

/** Node's own, loaded only where it is needed. */
export const sha256 = (bytes: Uint8Array): Buffer =>
	process.getBuiltinModule('node:crypto').createHash('sha256').update(bytes).digest();

function sha256Text({blocks, digests}: Sha256Hash): string {
	const digestAt = (place: number): Uint8Array => digests.subarray(place * DIGEST_BYTES, (place + 1) * DIGEST_BYTES);
	if (blocks.length <= 1) {
		const digest = blocks.length === 0 ? sha256(new Uint8Array()) : digestAt(0);
		return `sha256:${Buffer.from(digest).toString('hex')}`;
	}
	const inOrder = blocks.map((block, place) => ({block, place})).sort((left, right) => left.block - right.block);
	return `sha256-tree:${sha256(Buffer.concat(inOrder.map(({place}) => digestAt(place)))).toString('hex')}`;
}
