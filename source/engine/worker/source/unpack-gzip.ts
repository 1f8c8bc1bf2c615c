// Unpacks gzip: all members, checksums verified, zeros behind the last one as padding and nothing else.
import type {ByteSource} from '../../../input/byte-source.ts';
import {damagedData, trailingData, truncatedData} from './corrupt-data.ts';
import {readFromStream} from './stream-source.ts';
import {isZlibError, UNPACKED_CHUNK_BYTES, type Unpacker} from './unpacker.ts';

/** @param chunkBytes - Packed bytes that are handed over at a time. */
export function unpackGzip(packed: ByteSource, chunkBytes: number): Unpacker {
	let packedBytes = 0;
	/** Where the last packed byte that is not zero ends. */
	let dataEnd = 0;
	const readPacked = async (chunk: Uint8Array): Promise<number> => {
		const length = await packed.read(chunk);
		let end = length;
		while (end > 0 && chunk[end - 1] === 0) end--;
		if (end > 0) dataEnd = packedBytes + end;
		packedBytes += length;
		return length;
	};
	// Asked for here and not imported above, because each thread would load it, for a millisecond of its start.
	const {createGunzip} = process.getBuiltinModule('node:zlib');
	const gunzip = createGunzip({chunkSize: UNPACKED_CHUNK_BYTES});
	const chunk = new Uint8Array(chunkBytes);
	/** Hands one chunk after the other to be unpacked; each has been when the next takes its place. */
	const feed = async (): Promise<void> => {
		// What is written to a stream that was destroyed is taken at once, without a word.
		while (!gunzip.destroyed) {
			const length = await readPacked(chunk);
			if (length === 0) {
				gunzip.end();
				return;
			}
			await new Promise(resolve => gunzip.write(chunk.subarray(0, length), resolve));
			// It has ended, with padding: what is left is for `assertOnlyPaddingFollows`.
			if (gunzip.bytesWritten < packedBytes) return;
		}
	};
	let isFed = false;
	const read = readFromStream(gunzip);
	/**
	Zeros behind the last member are padding. node:zlib ends with the first of them, whatever follows: another member would
	be left out without a word.
	*/
	const assertOnlyPaddingFollows = async (): Promise<void> => {
		while ((await readPacked(chunk)) > 0);
		if (dataEnd > gunzip.bytesWritten) throw trailingData('gzip', gunzip.bytesWritten, packedBytes);
	};
	/** Node looks for another member behind each; the first one's beginning has been seen before. */
	const explain = (error: NodeJS.ErrnoException): Error => {
		if (error.code === 'Z_BUF_ERROR') return truncatedData('gzip', packedBytes);
		if (error.message === 'incorrect header check')
			return damagedData('gzip', 'something other than gzip stands behind a complete part', packedBytes);
		return damagedData('gzip', `${error.message} (${error.code})`, packedBytes);
	};
	return {
		async read(target) {
			// Nothing is read before anything is wanted: the caller may still go to its beginning.
			if (!isFed) {
				isFed = true;
				// A read that failed ends the unpacking with its error.
				feed().catch((error: Error) => gunzip.destroy(error));
			}
			let length: number;
			try {
				length = await read(target);
			} catch (error) {
				throw isZlibError(error) ? explain(error) : error;
			}
			if (length === 0) await assertOnlyPaddingFollows();
			return length;
		},
		close() {
			gunzip.destroy();
		},
	};
}
