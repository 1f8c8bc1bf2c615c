// Unpacks Brotli (RFC 7932). It has neither a beginning to know it by nor a checksum: what is damaged within may not be seen.
import type {ByteSource} from '../../../input/byte-source.ts';
import {damagedData, trailingData, truncatedData} from './corrupt-data.ts';
import {readFromStream} from './stream-source.ts';
import {isZlibError, UNPACKED_CHUNK_BYTES, type Unpacker} from './unpacker.ts';

/** @param chunkBytes - Packed bytes that are handed over at a time. */
export function unpackBrotli(packed: ByteSource, chunkBytes: number): Unpacker {
	const {createBrotliDecompress} = process.getBuiltinModule('node:zlib');
	const stream = createBrotliDecompress({chunkSize: UNPACKED_CHUNK_BYTES});
	const chunk = new Uint8Array(chunkBytes);
	let packedBytes = 0;
	const feed = async (): Promise<void> => {
		while (!stream.destroyed) {
			const length = await packed.read(chunk);
			packedBytes += length;
			if (length === 0) {
				stream.end();
				return;
			}
			await new Promise(resolve => stream.write(chunk.subarray(0, length), resolve));
			// It has ended: what is left is for `assertNothingFollows`.
			if (stream.bytesWritten < packedBytes) return;
		}
	};
	/** node:zlib says nothing of what stands behind the end. */
	const assertNothingFollows = async (): Promise<void> => {
		for (let length = 1; length > 0; packedBytes += length) length = await packed.read(chunk);
		if (packedBytes > stream.bytesWritten) throw trailingData('brotli', stream.bytesWritten, packedBytes);
	};
	let isFed = false;
	const read = readFromStream(stream);
	return {
		async read(target) {
			if (!isFed) {
				isFed = true;
				feed().catch((error: Error) => stream.destroy(error));
			}
			let length: number;
			try {
				length = await read(target);
			} catch (error) {
				if (!isZlibError(error)) throw error;
				if (error.code === 'Z_BUF_ERROR') throw truncatedData('brotli', packedBytes);
				throw damagedData('brotli', `${error.message} (${error.code})`, packedBytes);
			}
			if (length === 0) await assertNothingFollows();
			return length;
		},
		close() {
			stream.destroy();
		},
	};
}
