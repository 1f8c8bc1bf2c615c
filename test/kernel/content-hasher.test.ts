// A file has one hash, however it is cut, read in ranges, or copied on its way.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {addHashes, type ContentHash, HASHED_BLOCK_BYTES, hashText} from '../../source/kernel/content-hasher.ts';
import {Kernel} from '../../source/kernel/kernel.ts';
import {randomCases} from '../helpers/random-cases.ts';

const kernel = new Kernel();
const {hasher} = kernel;

const bytesOf = (length: number, seed = 1): Uint8Array =>
	Uint8Array.from({length}, (_, index) => ((index + seed) * 2_654_435_761) >>> 13);

function hashWhole(bytes: Uint8Array, cuts: readonly number[] = []): ContentHash {
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
	hasher.begin();
	for (const [length, hash] of Object.entries(expected)) {
		const bytes = Uint8Array.from({length: Number(length)}, (_, index) => ((index * 2_654_435_761) >>> 13) & 255);
		expect(hashText({...hasher.xxh3(bytes), bytes: 0}), length).toBe(hash);
	}
});

test('the hash does not depend on where reads end, or whose memory they read into', () => {
	const length = fc.oneof(fc.nat({max: 600}), fc.nat({max: 4 * HASHED_BLOCK_BYTES}));
	fc.assert(
		fc.property(length, fc.array(fc.nat({max: 4 * HASHED_BLOCK_BYTES}), {maxLength: 6}), (bytes, cuts) => {
			const data = bytesOf(bytes);
			const expected = hashWhole(data);
			expect(expected.bytes).toBe(bytes);
			expect(hashWhole(data, cuts)).toEqual(expected);
			kernel.input.begin(0);
			const inKernel = kernel.input.space(Math.max(1, bytes)).subarray(0, bytes);
			inKernel.set(data);
			expect(hashWhole(inKernel, cuts)).toEqual(expected);
		}),
		{numRuns: randomCases(60)},
	);
});

test('ranges that several read, each a little beyond its own, come to the hash of the whole', () => {
	const blocks = 9;
	fc.assert(
		fc.property(
			fc.nat({max: HASHED_BLOCK_BYTES}),
			fc.array(fc.integer({min: 1, max: 3}), {minLength: 1, maxLength: 5}),
			fc.array(fc.nat({max: 2}), {minLength: 9, maxLength: 9}),
			fc.nat({max: 3 * HASHED_BLOCK_BYTES}),
			(rest, lengths, readers, beyond) => {
				const data = bytesOf(blocks * HASHED_BLOCK_BYTES + rest);
				const starts = [0];
				for (const length of lengths) starts.push((starts.at(-1) ?? 0) + length * HASHED_BLOCK_BYTES);
				const ranges = starts.filter(start => start < data.length);
				const stopOf = (range: number): number => ranges[range + 1] ?? Number.POSITIVE_INFINITY;
				let sum: ContentHash = {high: 0n, low: 0n, bytes: 0};
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
					sum = addHashes(sum, hasher.end());
				}
				expect(sum).toEqual(hashWhole(data));
			},
		),
		{numRuns: randomCases(15)},
	);
});

test('one byte, the order of blocks and zeros at the end make another hash', () => {
	const data = bytesOf(3 * HASHED_BLOCK_BYTES + 100);
	const {high, low, bytes} = hashWhole(data);
	const changes: readonly ((copy: Uint8Array) => Uint8Array)[] = [
		copy => copy.fill((copy[70_000] ?? 0) ^ 1, 70_000, 70_001),
		copy => copy.copyWithin(0, HASHED_BLOCK_BYTES, 2 * HASHED_BLOCK_BYTES),
		copy => Uint8Array.from([...copy.subarray(HASHED_BLOCK_BYTES), ...copy.subarray(0, HASHED_BLOCK_BYTES)]),
		copy => copy.subarray(0, -1),
	];
	for (const change of changes) expect(hashWhole(change(data.slice()))).not.toEqual({high, low, bytes});
	// A short block is filled up with zeros, so the length is a part of what is compared.
	expect(hashWhole(new Uint8Array(10))).not.toEqual(hashWhole(new Uint8Array(11)));
});
