// What a file is packed with: seen from its first bytes, and only where those say nothing, from its name.

import type {Packing} from '../shared/protocol.ts';

const packings: readonly Packing[] = ['gzip', 'zstd', 'brotli'];

/** Bytes that tell how a file is packed. */
export const PACKING_BYTES = 4;

export const packingNames: {readonly [Each in Packing]: string} = {gzip: 'gzip', zstd: 'Zstandard', brotli: 'Brotli'};

/** What the shortest file has that nothing was packed into. */
export const emptyPackedBytes: {readonly [Each in Packing]: number} = {gzip: 20, zstd: 9, brotli: 1};

/** The ends of names that say it. */
export const packingEndings: {readonly [Each in Packing]: string} = {gzip: '.gz', zstd: '.zst', brotli: '.br'};

/** @param name - A path as bytes, or as text of one character per byte; `null` where there is none. */
export function packingOfName(name: string | Uint8Array | null): Packing | null {
	if (name === null) return null;
	const end = typeof name === 'string' ? name.slice(-4) : Buffer.from(name.subarray(-4)).toString('latin1');
	const ending = end.slice(end.lastIndexOf('.')).toLowerCase();
	return packings.find(each => packingEndings[each] === ending) ?? null;
}

/** Whether data begins like gzip (RFC 1952, 2.3.1). */
const isGzip = (start: Uint8Array): boolean => start[0] === 0x1f && start[1] === 0x8b;

/** Whether data begins like a frame of Zstandard, or like one to be skipped (RFC 8878, 3.1). */
const isZstd = ([first = 0, second, third, fourth]: Uint8Array): boolean =>
	(first === 0x28 && second === 0xb5 && third === 0x2f && fourth === 0xfd) ||
	(first >> 4 === 5 && second === 0x2a && third === 0x4d && fourth === 0x18);

/**
How data is packed that begins so; `null` where it is not. Brotli begins with anything, so only a name can say it.

@param start - `PACKING_BYTES`, or fewer where there are fewer.
*/
export function packingOf(start: Uint8Array, name: string | Uint8Array | null): Packing | null {
	if (isGzip(start)) return 'gzip';
	if (isZstd(start)) return 'zstd';
	return packingOfName(name) === 'brotli' && start.length > 0 ? 'brotli' : null;
}
