// A file has one hash, however it is cut, read in ranges, or copied on its way.
import {createHash} from 'node:crypto';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {addHashes, type ContentHash, hashText} from '../../source/kernel/content-hash.ts';
import {ContentHasher} from '../../source/kernel/content-hasher.ts';
import {Kernel} from '../../source/kernel/kernel.ts';
import {SHA256_BLOCK_BYTES, Sha256Blocks} from '../../source/kernel/sha256-blocks.ts';
import {XXH3_BLOCK_BYTES} from '../../source/kernel/xxh3-blocks.ts';
import {randomCases} from '../helpers/random-cases.ts';

const kernel = new Kernel();
const sha256Hasher = new ContentHasher(new Sha256Blocks());

/** Each way to hash, with the length of its blocks. */
const ways = [
	{name: 'xxh3', hasher: kernel.hasher, blockBytes: XXH3_BLOCK_BYTES},
	{name: 'sha256', hasher: sha256Hasher, blockBytes: SHA256_BLOCK_BYTES},
] as const;
type Way = (typeof ways)[number];

const pattern = Uint8Array.from({length: 1 << 20}, (_, index) => ((index + 1) * 2_654_435_761) >>> 13);

/** No two of its blocks are equal. */
function bytesOf(length: number): Uint8Array {
	const bytes = new Uint8Array(length);
	for (let start = 0; start < length; start += pattern.length) {
		bytes.set(pattern.subarray(0, length - start), start);
		bytes[start] = start / pattern.length;
	}
	return bytes;
}

function hashWhole({hasher}: Pick<Way, 'hasher'>, bytes: Uint8Array, cuts: readonly number[] = []): ContentHash {
	hasher.begin();
	const ends = [...cuts.filter(cut => cut < bytes.length).sort((left, right) => left - right), bytes.length];
	let start = 0;
	for (const end of ends) {
		hasher.take(bytes.subarray(start, end), start);
		start = end;
	}
	return hasher.end();
}

test('XXH3 of known texts is what its author says', () => {
	// As xxHash has them (XXH3_128bits): the high half, the low half.
	const expected: Readonly<Record<number, string>> = {
		241: '50b62ee1ee6455a7bc424a2c480dd281',
		256: '20d618055259b36c2d040b1ab40f0d78',
		1024: '53bd178b75ab292e1fd15e7d36f5e1bc',
		1025: 'd1ad5f4a3cce4374fe08e5a874d23fd2',
		2048: '2e141090da5502aa81ec4a6a9ee23d55',
		65536: '463ae68f708ee10132152aa15c5ff65a',
	};
	kernel.hasher.begin();
	for (const [length, hash] of Object.entries(expected)) {
		const bytes = Uint8Array.from({length: Number(length)}, (_, index) => ((index * 2_654_435_761) >>> 13) & 255);
		expect(hashText({...kernel.xxh3.xxh3(bytes), bytes: 0}), length).toBe(hash);
	}
});

test('SHA-256 of a file of one block is that of its bytes, and of more blocks that of the hashes of the blocks', () => {
	const sha256 = (...parts: readonly Uint8Array[]): Buffer => {
		const hash = createHash('sha256');
		for (const part of parts) hash.update(part);
		return hash.digest();
	};
	const textOf = (bytes: Uint8Array): string => hashText(hashWhole({hasher: sha256Hasher}, bytes));
	for (const length of [0, 1, 1000, SHA256_BLOCK_BYTES]) {
		const bytes = bytesOf(length);
		expect(textOf(bytes)).toBe(`sha256:${sha256(bytes).toString('hex')}`);
	}
	for (const length of [SHA256_BLOCK_BYTES + 1, 2 * SHA256_BLOCK_BYTES, 2.5 * SHA256_BLOCK_BYTES]) {
		const bytes = bytesOf(length);
		const digests: Buffer[] = [];
		for (let start = 0; start < length; start += SHA256_BLOCK_BYTES)
			digests.push(sha256(bytes.subarray(start, start + SHA256_BLOCK_BYTES)));
		expect(textOf(bytes)).toBe(`sha256-tree:${sha256(...digests).toString('hex')}`);
		// A file that consists of the hashes is another one.
		expect(textOf(Buffer.concat(digests))).toBe(`sha256:${sha256(...digests).toString('hex')}`);
	}
});

test.each(ways)('$name does not depend on where reads end, or whose memory they read into', way => {
	const {blockBytes} = way;
	const length = fc.oneof(fc.nat({max: 600}), fc.nat({max: 4 * blockBytes}));
	fc.assert(
		fc.property(length, fc.array(fc.nat({max: 4 * blockBytes}), {maxLength: 6}), (bytes, cuts) => {
			const data = bytesOf(bytes);
			const expected = hashWhole(way, data);
			expect(expected.bytes).toBe(bytes);
			expect(hashText(hashWhole(way, data, cuts))).toBe(hashText(expected));
			kernel.input.begin(0);
			const inKernel = kernel.input.space(Math.max(1, bytes)).subarray(0, bytes);
			inKernel.set(data);
			expect(hashText(hashWhole(way, inKernel, cuts))).toBe(hashText(expected));
		}),
		{numRuns: randomCases(40)},
	);
});

test.each(ways)('$name of ranges that several read, each a little beyond its own, is that of the whole', way => {
	const {hasher, blockBytes} = way;
	const blocks = 9;
	fc.assert(
		fc.property(
			fc.nat({max: blockBytes}),
			fc.array(fc.integer({min: 1, max: 3}), {minLength: 1, maxLength: 5}),
			fc.array(fc.nat({max: 2}), {minLength: 9, maxLength: 9}),
			fc.nat({max: 3 * blockBytes}),
			(rest, lengths, readers, beyond) => {
				const data = bytesOf(blocks * blockBytes + rest);
				const starts = [0];
				for (const length of lengths) starts.push((starts.at(-1) ?? 0) + length * blockBytes);
				const ranges = starts.filter(start => start < data.length);
				const stopOf = (range: number): number => ranges[range + 1] ?? Number.POSITIVE_INFINITY;
				const hashes: ContentHash[] = [];
				for (const reader of [0, 1, 2]) {
					hasher.begin(false);
					// Each has read the header.
					let at = Math.min(data.length, beyond);
					hasher.take(data.subarray(0, at), 0);
					let last: number | null = null;
					for (const [range, start] of ranges.entries()) {
						if (readers[range % readers.length] !== reader) continue;
						if (range > 0 && range - 1 !== last) {
							hasher.forgetAhead();
							at = start - 1;
						}
						hasher.claim(start, stopOf(range));
						const end = Math.min(data.length, Math.max(at, stopOf(range) + beyond));
						hasher.take(data.subarray(at, end), at);
						at = end;
						last = range;
					}
					hashes.push(hasher.end());
				}
				const sum = hashes.reduce(addHashes);
				expect(sum.bytes).toBe(data.length);
				expect(hashText(sum)).toBe(hashText(hashWhole(way, data)));
			},
		),
		{numRuns: randomCases(10)},
	);
});

test.each(ways)('$name: one byte, the order of blocks and zeros at the end make another hash', way => {
	const {blockBytes} = way;
	const data = bytesOf(3 * blockBytes + 100);
	const {bytes, ...hash} = hashWhole(way, data);
	const changes: readonly ((copy: Uint8Array) => Uint8Array)[] = [
		copy => copy.fill((copy[70_000] ?? 0) ^ 1, 70_000, 70_001),
		copy => Uint8Array.from([...copy.subarray(blockBytes), ...copy.subarray(0, blockBytes)]),
		copy => copy.subarray(0, -1),
	];
	for (const change of changes) expect(hashWhole(way, change(data.slice()))).not.toEqual({...hash, bytes});
	// XXH3 has a short block filled up with zeros, so the length is a part of what is compared.
	expect(hashWhole(way, new Uint8Array(10))).not.toEqual(hashWhole(way, new Uint8Array(11)));
});
