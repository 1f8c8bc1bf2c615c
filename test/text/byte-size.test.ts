import fc from 'fast-check';
import {expect, test} from 'vitest';
import {formatByteSize, parseByteSize} from '../../source/text/byte-size.ts';

test.each([
	['0', 0],
	['500', 500],
	['1b', 1],
	['64k', 64_000],
	['64 KB', 64_000],
	['1.5GB', 1.5e9],
	['16MiB', 16 * 2 ** 20],
	['16mi', 16 * 2 ** 20],
	['.5KiB', 512],
	['1,000', 1000],
	['1_000_000', 1_000_000],
	['2PiB', 2 ** 51],
	['', undefined],
	['MiB', undefined],
	['-1', undefined],
	['1e3', undefined],
	['1 apple', undefined],
	['1.2.3', undefined],
])('%j is %s bytes', (text, bytes) => {
	expect(parseByteSize(text)).toBe(bytes);
});

test.each([
	[0, '0'],
	[1, '1'],
	[1001, '1001'],
	[2 ** 20, '1MiB'],
	[1e9, '1GB'],
	[20 * 2 ** 30, '20GiB'],
	[1536, '1536'],
	[1000, '1kB'],
])('%i bytes are written as %s', (bytes, text) => {
	expect(formatByteSize(bytes)).toBe(text);
});

test('what is written is read as the same', () => {
	const size = fc.oneof(
		fc.maxSafeNat(),
		fc.nat(4096).map(count => count * 2 ** 20),
		fc.nat(5000).map(count => count * 1e9),
	);
	fc.assert(
		fc.property(size, bytes => {
			expect(parseByteSize(formatByteSize(bytes))).toBe(bytes);
		}),
	);
});
