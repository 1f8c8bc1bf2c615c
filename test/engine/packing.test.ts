import {brotliCompressSync, gzipSync, zstdCompressSync} from 'node:zlib';
import {expect, test} from 'vitest';
import {packingOf, packingOfName} from '../../source/engine/unpacking/packing.ts';

test.each([
	['gzip', Buffer.of(0x1f, 0x8b), 'gzip'],
	['its first byte', Buffer.of(0x1f), null],
	['another byte behind it', Buffer.of(0x1f, 0x8c, 8, 0), null],
	['a frame of zstd', zstdCompressSync('a').subarray(0, 4), 'zstd'],
	['a frame to be skipped', Buffer.of(0x5f, 0x2a, 0x4d, 0x18), 'zstd'],
	['a frame of LZ4', Buffer.of(0x04, 0x22, 0x4d, 0x18), null],
	['letters', Buffer.from('P*M1'), null],
	['three bytes of zstd', zstdCompressSync('a').subarray(0, 3), null],
	['nothing', Buffer.alloc(0), null],
	['text', Buffer.from('id,a'), null],
	['Brotli, which has no beginning', brotliCompressSync('id,amount\n').subarray(0, 4), null],
])('%s', (_, start, packing) => {
	for (const name of [null, 'a.csv', 'a.csv.gz', 'a.zst', Buffer.from('a.csv')])
		expect(packingOf(start, name)).toBe(packing);
});

test('Brotli is known by its name, where the bytes are not those of another packing', () => {
	for (const name of ['a.csv.br', 'A.BR', Buffer.from('\xff.csv.br', 'latin1')])
		expect(packingOf(Buffer.from('id,a'), name)).toBe('brotli');
	expect(packingOf(Buffer.alloc(0), 'a.br')).toBe(null);
	expect(packingOf(gzipSync(''), 'a.br')).toBe('gzip');
	expect(packingOf(zstdCompressSync(''), 'a.br')).toBe('zstd');
});

test.each([
	['a.csv.gz', 'gzip'],
	['A.GZ', 'gzip'],
	['a.zst', 'zstd'],
	['.br', 'brotli'],
	['gz', null],
	['a.gzz', null],
	['agz', null],
	['', null],
	[null, null],
])('by its name, %s is %s', (name, packing) => {
	expect(packingOfName(name)).toBe(packing);
});
