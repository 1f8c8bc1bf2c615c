import {crc32 as expected} from 'node:zlib';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {crc32} from '../../source/analysis/partial/crc32.ts';

test('the check of bytes is the CRC-32 of gzip', () => {
	fc.assert(
		fc.property(fc.uint8Array({maxLength: 300}), bytes => {
			expect(crc32(bytes)).toBe(expected(bytes));
		}),
	);
	const large = new Uint8Array(1024 * 1024).fill(7);
	for (const bytes of [large, large.subarray(1)]) expect(crc32(bytes)).toBe(expected(bytes));
});
