// zstd and Brotli; what gzip does is in unpack-gzip.test.ts.
import {brotliCompressSync, constants, gzipSync, zstdCompressSync} from 'node:zlib';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {defaultLimits} from '../../source/engine/shared/limits.ts';
import type {Packing} from '../../source/engine/shared/protocol.ts';
import {createUnpackedSource, type UnpackLimits} from '../../source/engine/unpacking/unpacked-source.ts';
import {bytesInPieces} from '../helpers/fold-bytes.ts';
import {randomCases} from '../helpers/random-cases.ts';

async function unpack(
	packing: Packing,
	packed: Uint8Array,
	{pieces = [100_000], targetBytes = 50_000, limits = defaultLimits as UnpackLimits, onRead = () => {}} = {},
): Promise<Buffer> {
	const source = createUnpackedSource(packing, bytesInPieces(packed, pieces), packed.length, limits, onRead);
	try {
		const parts: Uint8Array[] = [];
		const target = new Uint8Array(targetBytes);
		for (;;) {
			const length = await source.read(target);
			if (length === 0) return Buffer.concat(parts);
			parts.push(target.slice(0, length));
		}
	} finally {
		source.close();
	}
}

const withChecksum = (content: Uint8Array | string): Buffer =>
	zstdCompressSync(content, {params: {[constants.ZSTD_c_checksumFlag]: 1}});

/** A frame that says nothing of its size, as of a program that writes into a pipe. */
const ofUnknownSize = (content: Uint8Array | string): Buffer =>
	zstdCompressSync(content, {params: {[constants.ZSTD_c_contentSizeFlag]: 0}});

function skippable(length: number, last = 0): Buffer {
	const frame = Buffer.alloc(8 + length, 0x28);
	frame.writeUInt32LE(0x184d2a50 + last, 0);
	frame.writeUInt32LE(length, 4);
	return frame;
}

const content = fc.oneof(
	fc.uint8Array({maxLength: 300}),
	// Blocks of one repeated byte.
	fc.integer({min: 1, max: 300_000}).map(size => Buffer.alloc(size, '7')),
	// Several blocks.
	fc
		.integer({min: 1, max: 3})
		.map(seed => Buffer.from(Array.from({length: 150_000}, (_, at) => (at * at * seed) >> 7))),
);
const frame = fc.oneof(
	fc.tuple(content, fc.constantFrom(zstdCompressSync, withChecksum, ofUnknownSize)).map(([bytes, pack]) => ({
		bytes,
		packed: pack(bytes),
	})),
	fc.nat({max: 20}).map(length => ({bytes: Buffer.alloc(0), packed: skippable(length, length % 16)})),
);
const size = fc.integer({min: 1, max: 60_000});
const smallSize = fc.integer({min: 1, max: 40});

test.each([
	'gzip',
	'zstd',
	'brotli',
] as const)('%s: what was unpacked and taken is given back at once', async packing => {
	const MEBIBYTES = 96;
	const content = Buffer.alloc(MEBIBYTES << 20);
	for (let at = 0; at < content.length; at += 64) content.writeUInt32LE((at * 2654435761) >>> 0, at);
	const pack = {gzip: gzipSync, zstd: zstdCompressSync, brotli: brotliCompressSync}[packing];
	const level = {gzip: {level: 1}, zstd: {}, brotli: {params: {[constants.BROTLI_PARAM_QUALITY]: 0}}}[packing];
	const packed = pack(content, level);
	const limits = {...defaultLimits, maxUnpackRatio: 1000};
	const source = createUnpackedSource(packing, bytesInPieces(packed, [256 * 1024]), packed.length, limits);
	const target = new Uint8Array(100_000);
	const before = process.memoryUsage().arrayBuffers;
	let [offset, most] = [0, 0];
	for (let length = await source.read(target); length > 0; length = await source.read(target)) {
		if (Buffer.compare(target.subarray(0, length), content.subarray(offset, offset + length)) !== 0)
			expect.fail(`Other bytes behind byte ${offset}`);
		offset += length;
		most = Math.max(most, process.memoryUsage().arrayBuffers - before);
	}
	source.close();
	expect(offset).toBe(content.length);
	expect(most).toBeLessThan(4 << 20);
});

describe('zstd', () => {
	test('is read with all of its frames, however they are cut', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(frame, {minLength: 1, maxLength: 5}),
				fc.oneof(fc.array(size, {minLength: 1, maxLength: 3}), fc.array(smallSize, {minLength: 1, maxLength: 3})),
				async (frames, pieces) => {
					const packed = Buffer.concat(frames.map(each => each.packed));
					const expected = Buffer.concat(frames.map(each => each.bytes));
					expect((await unpack('zstd', packed, {pieces})).equals(expected)).toBe(true);
				},
			),
			{numRuns: randomCases(60)},
		);
	});

	test('is cut off wherever it ends too early, never a success', async () => {
		const first = Buffer.concat([withChecksum('id,amount\n'.repeat(9)), skippable(3)]);
		const packed = Buffer.concat([first, zstdCompressSync('1,2\n')]);
		for (let length = 4; length < packed.length; length++) {
			// A frame that ends is an end.
			if (length === first.length || length === first.length - 11) continue;
			const unpacking = unpack('zstd', packed.subarray(0, length), {pieces: [7]});
			await expect(unpacking, `cut at ${length}`).rejects.toMatchObject({code: 'CORRUPT_ZSTD'});
		}
		await expect(unpack('zstd', packed.subarray(0, -3))).rejects.toMatchObject({
			message: `The file is cut off: its Zstandard data does not end within its ${packed.length - 3} bytes. Fetch it again`,
			at: {line: null, byteOffset: packed.length - 3},
		});
	});

	test.each([
		['text', Buffer.from('garbage!')],
		['a byte', Buffer.of(0x28)],
		['zeros', Buffer.alloc(9)],
		['gzip', gzipSync('a')],
	])('fails where %s follows', async (_, rest) => {
		const data = zstdCompressSync('a,b\n');
		const packed = Buffer.concat([data, rest]);
		await expect(unpack('zstd', packed)).rejects.toMatchObject({
			code: 'CORRUPT_ZSTD',
			at: {line: null, byteOffset: data.length},
			message: `The packed data ends after ${data.length} of ${packed.length} bytes, and something else follows. Expected nothing but Zstandard; fetch the file again`,
		});
	});

	test('fails where a checksum is wrong, and where a block is of no known kind', async () => {
		const packed = withChecksum('a,b\n1,2\n');
		const wrong = Buffer.from(packed);
		wrong.writeUInt8(wrong.readUInt8(wrong.length - 1) ^ 1, wrong.length - 1);
		const sound = zstdCompressSync('x\n');
		await expect(unpack('zstd', Buffer.concat([sound, wrong]))).rejects.toMatchObject({
			message: expect.stringContaining('ZSTD_error_checksum_wrong'),
			at: {line: null, byteOffset: sound.length},
		});
		const unknown = Buffer.of(0x28, 0xb5, 0x2f, 0xfd, 0x20, 4, 0x07, 0, 0);
		await expect(unpack('zstd', unknown)).rejects.toMatchObject({code: 'CORRUPT_ZSTD'});
	});

	test('is refused where it would take too much memory', async () => {
		// Its header says that it looks back 2 GiB.
		const packed = Buffer.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0xa8, 1, 0, 0);
		await expect(unpack('zstd', packed)).rejects.toMatchObject({
			code: 'UNSUPPORTED_FORMAT',
			message: expect.stringContaining('zstd -d --long=31'),
		});
	});
});

describe('Brotli', () => {
	test('is read, however it is cut', async () => {
		await fc.assert(
			fc.asyncProperty(content, fc.array(size, {minLength: 1, maxLength: 3}), async (bytes, pieces) => {
				expect((await unpack('brotli', brotliCompressSync(bytes), {pieces})).equals(bytes)).toBe(true);
			}),
			{numRuns: randomCases(20)},
		);
	});

	test('is cut off wherever it ends too early', async () => {
		const packed = brotliCompressSync('id,amount\n1,2\n'.repeat(20));
		for (let length = 1; length < packed.length; length++) {
			const unpacking = unpack('brotli', packed.subarray(0, length), {pieces: [3]});
			await expect(unpacking, `cut at ${length}`).rejects.toThrow(
				`cut off: its Brotli data does not end within its ${length} b`,
			);
		}
	});

	test.each([
		[Buffer.from('garbage')],
		[Buffer.alloc(3)],
		[brotliCompressSync('b')],
	])('fails where something follows: %j', async rest => {
		const data = brotliCompressSync('a,b\n1,2\n'.repeat(40));
		for (const pieces of [[1], [1000]]) {
			const unpacking = unpack('brotli', Buffer.concat([data, rest]), {pieces});
			await expect(unpacking).rejects.toMatchObject({
				code: 'CORRUPT_BROTLI',
				at: {line: null, byteOffset: data.length},
				message: expect.stringContaining(`ends after ${data.length} of`),
			});
		}
	});

	test('is none where a file is only named so', async () => {
		await expect(unpack('brotli', Buffer.from('id,amount,date\n1,2,3\n'))).rejects.toMatchObject({
			code: 'CORRUPT_BROTLI',
		});
	});
});

describe.each([
	['zstd', zstdCompressSync],
	['brotli', brotliCompressSync],
] as const)('a bomb of %s', (packing, pack) => {
	const anySize = Number.POSITIVE_INFINITY;
	const packed = pack(Buffer.alloc(100_000));

	test('is what unpacks to more than a limit', async () => {
		const limits = {maxUnpackedBytes: 100_000, maxUnpackRatio: anySize, ratioFloorBytes: anySize};
		expect(await unpack(packing, packed, {limits})).toHaveLength(100_000);
		const stricter = {...limits, maxUnpackedBytes: 99_999};
		await expect(unpack(packing, packed, {limits: stricter})).rejects.toMatchObject({code: 'SUSPECTED_BOMB'});
	});

	test('is what has more than the ratio past the floor', async () => {
		const limits = {maxUnpackedBytes: anySize, maxUnpackRatio: 100_000 / packed.length, ratioFloorBytes: 99_999};
		expect(await unpack(packing, packed, {limits})).toHaveLength(100_000);
		const stricter = {...limits, maxUnpackRatio: 99_999 / packed.length};
		await expect(unpack(packing, packed, {limits: stricter})).rejects.toMatchObject({code: 'SUSPECTED_BOMB'});
	});
});

test('it is told when packed bytes have come', async () => {
	let count = 0;
	await unpack('zstd', zstdCompressSync('a,b\n'), {pieces: [1], onRead: () => count++});
	expect(count).toBeGreaterThan(10);
});
