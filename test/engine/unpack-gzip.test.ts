import {constants, gzipSync} from 'node:zlib';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {defaultLimits, RATIO_FLOOR_BYTES} from '../../source/engine/shared/limits.ts';
import {createUnpackedSource, type UnpackLimits} from '../../source/engine/unpacking/unpacked-source.ts';
import type {ByteSource} from '../../source/input/byte-source.ts';
import type {InputError} from '../../source/input/input-error.ts';
import {bytesInPieces} from '../helpers/fold-bytes.ts';

const CHUNK_BYTES = 64 * 1024;

interface Unpacking {
	readonly limits?: UnpackLimits;
	/** Sizes in which the packed bytes come. */
	readonly pieces?: readonly number[];
	readonly targetBytes?: number;
}

async function unpack(
	packed: Uint8Array | ByteSource,
	{limits = defaultLimits, pieces = [CHUNK_BYTES], targetBytes = 50_000}: Unpacking = {},
): Promise<Buffer> {
	const bytes = packed instanceof Uint8Array ? bytesInPieces(packed, pieces) : packed;
	const source = createUnpackedSource('gzip', bytes, null, limits);
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

const text = (packed: Uint8Array): Promise<string> => unpack(packed).then(bytes => bytes.toString('utf8'));

/** A gzip file of exactly so many bytes. */
function packedOfLength(length: number): Buffer {
	for (let size = length; size > 0; size--) {
		const packed = gzipSync(Buffer.alloc(size, 'x'), {level: constants.Z_NO_COMPRESSION});
		if (packed.length === length) return packed;
	}
	throw new Error(`No gzip file of ${length} bytes could be made`);
}

const hello = gzipSync('hello\n');

describe('members', () => {
	test('are read one after the other, however they are cut', async () => {
		const content = fc.uint8Array({maxLength: 300});
		const size = fc.integer({min: 1, max: 400});
		await fc.assert(
			fc.asyncProperty(
				fc.array(content, {minLength: 1, maxLength: 5}),
				fc.array(size, {minLength: 1, maxLength: 4}),
				size,
				async (contents, pieces, targetBytes) => {
					const packed = Buffer.concat(contents.map(part => gzipSync(part)));
					expect(await unpack(packed, {pieces, targetBytes})).toEqual(Buffer.concat(contents));
				},
			),
		);
	});

	test('may begin exactly where a chunk does', async () => {
		const first = packedOfLength(CHUNK_BYTES);
		const unpacked = await unpack(Buffer.concat([first, hello]));
		expect(unpacked.toString('latin1')).toBe(`${await text(first)}hello\n`);
	});

	test('that are empty are nothing', async () => {
		expect(await text(Buffer.concat([gzipSync(''), hello, gzipSync('')]))).toBe('hello\n');
		expect(await text(gzipSync(''))).toBe('');
	});
});

describe('after the last member', () => {
	test.each([1, 511, CHUNK_BYTES, 300_000])('%i zeros are padding, and are read to their end', async count => {
		const packed = Buffer.concat([hello, Buffer.alloc(count)]);
		let readBytes = 0;
		const bytes = bytesInPieces(packed, [CHUNK_BYTES]);
		const counting: ByteSource = {
			async read(target) {
				const length = await bytes.read(target);
				readBytes += length;
				return length;
			},
		};
		expect(String(await unpack(counting))).toBe('hello\n');
		expect(readBytes).toBe(packed.length);
	});

	const zeros = (count: number): Buffer => Buffer.alloc(count);
	const garbage = Buffer.from('garbage');
	const chunk = packedOfLength(CHUNK_BYTES);
	test.each([
		['garbage', [hello, garbage]],
		['a single byte', [hello, Buffer.of(0x1f)]],
		['garbage that begins with a later chunk', [chunk, garbage]],
		['garbage in a later chunk', [packedOfLength(CHUNK_BYTES + 100), garbage]],
		['garbage behind zeros', [hello, zeros(2), garbage]],
		['garbage behind a zero that begins a later chunk', [chunk, zeros(1), garbage]],
		['garbage behind a chunk of zeros', [hello, zeros(CHUNK_BYTES - hello.length), garbage]],
		['garbage behind many chunks of zeros', [hello, zeros(5 * CHUNK_BYTES), garbage]],
		['a member behind zeros', [hello, zeros(2), hello]],
		['a member behind a chunk of zeros', [hello, zeros(CHUNK_BYTES - hello.length), hello]],
		['half a member', [hello, hello.subarray(0, 9)]],
	])('%s is an error, never a success', async (_, parts) => {
		const packed = Buffer.concat(parts);
		for (const pieces of [[CHUNK_BYTES], [1000], [packed.length]]) {
			await expect(unpack(packed, {pieces})).rejects.toMatchObject({name: 'InputError', code: 'CORRUPT_GZIP'});
		}
	});
});

describe('a source whose bytes come late', () => {
	/** Gives one piece at a time, many turns of the event loop after it was asked, and knows how often it is asked at once. */
	function latePieces(pieces: readonly Uint8Array[]) {
		const left = [...pieces];
		let pending = 0;
		const seen = {mostAtOnce: 0};
		const bytes: ByteSource = {
			async read(target) {
				seen.mostAtOnce = Math.max(seen.mostAtOnce, ++pending);
				for (let turn = 0; turn < 100; turn++) await new Promise(resolve => setImmediate(resolve));
				pending--;
				const piece = left.shift() ?? new Uint8Array(0);
				target.set(piece);
				return piece.length;
			},
		};
		return {bytes, seen};
	}

	const zeros = Buffer.alloc(3);
	test.each([
		['the beginning of a member', [hello, gzipSync('more').subarray(0, 8)]],
		['a member', [hello, gzipSync('more')]],
		['garbage', [hello, Buffer.from('garbage')]],
		['garbage, and zeros', [hello, Buffer.from('x'), zeros]],
	])('padding and then %s is an error, and nothing is asked for twice at once', async (_, [first = hello, ...rest]) => {
		const {bytes, seen} = latePieces([Buffer.concat([first, zeros]), ...rest]);
		const packedBytes = first.length + zeros.length + Buffer.concat(rest).length;
		await expect(unpack(bytes)).rejects.toMatchObject({
			message: expect.stringContaining(`ends after ${first.length} of ${packedBytes} bytes`),
			at: {byteOffset: first.length},
		});
		expect(seen.mostAtOnce).toBe(1);
	});

	test('is read to its end', async () => {
		const {bytes, seen} = latePieces([hello.subarray(0, 5), hello.subarray(5), hello, zeros, zeros]);
		expect(String(await unpack(bytes))).toBe('hello\nhello\n');
		expect(seen.mostAtOnce).toBe(1);
	});
});

describe('a damaged file', () => {
	test('is an error wherever it was cut', async () => {
		const packed = gzipSync('id,amount\n1,2\n'.repeat(50));
		for (let length = 2; length < packed.length; length++) {
			await expect(unpack(packed.subarray(0, length)), `cut at ${length}`).rejects.toMatchObject({
				code: 'CORRUPT_GZIP',
				at: {line: null, byteOffset: length},
			});
		}
	});

	test('is told with the place up to which it is sound, in its packed bytes', async () => {
		const packed = gzipSync(Buffer.from(Array.from({length: 900_000}, (_, index) => (index * index) % 251)), {
			level: 0,
		});
		const place = packed.length - 1000;
		const damaged = Buffer.from(packed);
		damaged.fill(0xff, place);
		const error = await unpack(damaged).catch((caught: unknown) => caught);
		expect(error).toMatchObject({code: 'CORRUPT_GZIP'});
		const {byteOffset} = (error as InputError).at;
		expect(byteOffset).toBeGreaterThan(place - 2 * CHUNK_BYTES);
		expect(byteOffset).toBeLessThanOrEqual(place + 8);
	});

	test('is an error when a bit of its checksum or its length is wrong', async () => {
		for (let place = hello.length - 8; place < hello.length; place++) {
			const packed = Buffer.from(hello);
			packed.writeUInt8(packed.readUInt8(place) ^ 1, place);
			await expect(unpack(packed), `byte ${place}`).rejects.toMatchObject({code: 'CORRUPT_GZIP'});
		}
	});

	test.each([
		['cut off', hello.subarray(0, 20), 'The file is cut off: its gzip data does not end within its 20 bytes'],
		['garbage', Buffer.concat([hello, Buffer.from('garbage')]), 'something other than gzip stands behind a complete'],
		[
			'garbage after zeros',
			Buffer.concat([hello, Buffer.from('\0x')]),
			'ends after 26 of 28 bytes, and something else',
		],
		['damaged', Buffer.concat([hello.subarray(0, -8), Buffer.alloc(8)]), 'incorrect data check (Z_DATA_ERROR)'],
	])('names what is wrong and what to do: %s', async (_, packed, message) => {
		await expect(unpack(packed)).rejects.toThrow(message);
		await expect(unpack(packed)).rejects.toThrow(/etch .* again$/);
	});
});

describe('a bomb', () => {
	const anySize = Number.POSITIVE_INFINITY;

	test.each([
		[999, true],
		[1000, true],
		[1001, false],
	])('is what unpacks to more than the limit: %i bytes of 1000 pass: %s', async (size, passes) => {
		const limits = {maxUnpackedBytes: 1000, maxUnpackRatio: anySize, ratioFloorBytes: anySize};
		for (const targetBytes of [1, 64, 5000]) {
			const unpacking = unpack(gzipSync(Buffer.alloc(size)), {limits, targetBytes});
			if (passes) expect(await unpacking).toHaveLength(size);
			else await expect(unpacking).rejects.toMatchObject({code: 'SUSPECTED_BOMB', at: {line: null}});
		}
	});

	test.each([
		[9_999, true],
		[10_000, true],
		[10_001, false],
	])('of any ratio is let pass up to the floor: %i bytes of 10000 pass: %s', async (size, passes) => {
		const limits = {maxUnpackedBytes: anySize, maxUnpackRatio: 1, ratioFloorBytes: 10_000};
		const unpacking = unpack(gzipSync(Buffer.alloc(size)), {limits});
		if (passes) expect(await unpacking).toHaveLength(size);
		else await expect(unpacking).rejects.toMatchObject({code: 'SUSPECTED_BOMB'});
	});

	test.each([
		[+1, true],
		[0, true],
		[-1, false],
	])('is what has more than the ratio: a limit %i bytes off passes: %s', async (offset, passes) => {
		const size = 100_000;
		const packed = gzipSync(Buffer.alloc(size));
		const limits = {maxUnpackedBytes: anySize, maxUnpackRatio: (size + offset) / packed.length, ratioFloorBytes: 0};
		const unpacking = unpack(packed, {limits, targetBytes: 1000});
		if (passes) expect(await unpacking).toHaveLength(size);
		else await expect(unpacking).rejects.toMatchObject({code: 'SUSPECTED_BOMB'});
	});

	test('is given up soon after the bound, by default too', async () => {
		expect([defaultLimits.maxUnpackedBytes, defaultLimits.maxUnpackRatio, RATIO_FLOOR_BYTES]).toEqual([
			20 * 2 ** 30,
			200,
			64 * 2 ** 20,
		]);
		const source = createUnpackedSource(
			'gzip',
			bytesInPieces(gzipSync(Buffer.alloc(2 * RATIO_FLOOR_BYTES)), [CHUNK_BYTES]),
			null,
			defaultLimits,
		);
		const target = new Uint8Array(2 ** 20);
		let unpackedBytes = 0;
		const readAll = async (): Promise<void> => {
			for (;;) unpackedBytes += await source.read(target);
		};
		await expect(readAll()).rejects.toMatchObject({code: 'SUSPECTED_BOMB'});
		source.close();
		expect(unpackedBytes).toBeGreaterThan(RATIO_FLOOR_BYTES - target.length);
		expect(unpackedBytes).toBeLessThanOrEqual(RATIO_FLOOR_BYTES);
	});
});

test('an error of the disk is handed on as it is', async () => {
	const failure = Object.assign(new Error('EIO: i/o error, read'), {code: 'EIO', syscall: 'read'});
	const packed = gzipSync(Buffer.alloc(10));
	let turn = 0;
	const failing: ByteSource = {
		read(target) {
			if (turn++ > 0) throw failure;
			target.set(packed.subarray(0, 10));
			return 10;
		},
	};
	await expect(unpack(failing)).rejects.toBe(failure);
});

test('a source can be closed before its end', async () => {
	const source = createUnpackedSource(
		'gzip',
		bytesInPieces(gzipSync(Buffer.alloc(5_000_000)), [100]),
		null,
		defaultLimits,
	);
	expect(await source.read(new Uint8Array(10))).toBe(10);
	source.close();
	source.close();
});
