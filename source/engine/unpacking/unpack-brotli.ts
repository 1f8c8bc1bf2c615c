// Unpacks Brotli (RFC 7932). It has neither a beginning to know it by nor a checksum: what is damaged within may not be seen.
import type {ByteSource} from '../../input/byte-source.ts';
import {unpackWithStream} from './unpack-stream.ts';
import {UNPACKED_CHUNK_BYTES, type Unpacker} from './unpacker.ts';

/** @param chunkBytes - Packed bytes that are handed over at a time. */
export function unpackBrotli(packed: ByteSource, chunkBytes: number): Unpacker {
	const {createBrotliDecompress} = process.getBuiltinModule('node:zlib');
	const stream = createBrotliDecompress({chunkSize: UNPACKED_CHUNK_BYTES});
	return unpackWithStream(stream, packed, {form: 'brotli', chunkBytes});
}
