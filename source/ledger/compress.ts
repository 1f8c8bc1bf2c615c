// Compresses what the ledger keeps. SQLite has no checksums of its own.
import {constants, zstdCompressSync} from 'node:zlib';

/** Level 1 takes half as long as the usual one, and what is kept here is as small. */
const PARAMS = {[constants.ZSTD_c_checksumFlag]: 1, [constants.ZSTD_c_compressionLevel]: 1};
const [LEAST_CHUNK_BYTES, MOST_CHUNK_BYTES] = [1024, 64 * 1024];

/** JSON takes a quarter or less then. The memory for the result is made for that, because it is kept with the result, and garbage after it. */
export function compressed(bytes: Uint8Array): Buffer {
	const chunkSize = Math.min(MOST_CHUNK_BYTES, Math.max(LEAST_CHUNK_BYTES, bytes.length >>> 2));
	// With the length known, zstd takes memory for that, and not 3 MB each time.
	return zstdCompressSync(bytes, {chunkSize, params: PARAMS, pledgedSrcSize: bytes.length});
}
