// Unpacks gzip as it is read: all members, checksums verified, and never more than a bound.
import type {ByteSource} from '../../../input/byte-source.ts';
import {InputError} from '../../../input/input-error.ts';
import type {ReadLimits} from '../../shared/limits.ts';
import {readFromStream} from './stream-source.ts';

// The unpacking itself is done by another thread, so each chunk is handed there and back, which takes long on a busy machine:
// larger ones are better, up to what their memory costs.
const PACKED_CHUNK_BYTES = 256 * 1024;
const UNPACKED_CHUNK_BYTES = 256 * 1024;

/** Small files may be as repetitive as they like. */
export const RATIO_FLOOR_BYTES = 64 * 1024 ** 2;

/** Bytes that tell whether it is gzip. */
export const GZIP_MAGIC_BYTES = 2;

/** Whether data begins like gzip (RFC 1952, 2.3.1), whatever its name says. */
export const isGzip = (start: Uint8Array): boolean => start[0] === 0x1f && start[1] === 0x8b;

export interface UnpackLimits extends Pick<ReadLimits, 'maxUnpackedBytes' | 'maxUnpackRatio'> {
	/** Only beyond it the ratio counts: for tests. */
	readonly ratioFloorBytes?: number;
}

export interface GzipSource extends ByteSource {
	readonly close: () => void;
}

/**
@param packed - The packed bytes, from the beginning.
@param size - How many there should be; `null` where it is not known.
@param onRead - Called when packed bytes have come, of which there may be many before any are unpacked.
*/
export function createGzipSource(
	packed: ByteSource,
	size: number | null,
	limits: UnpackLimits,
	onRead: () => void = () => {},
): GzipSource {
	let packedBytes = 0;
	let unpackedBytes = 0;
	/** Where the last packed byte that is not zero ends. */
	let dataEnd = 0;
	const readPacked = async (chunk: Uint8Array): Promise<number> => {
		const length = await packed.read(chunk);
		let end = length;
		while (end > 0 && chunk[end - 1] === 0) end--;
		if (end > 0) dataEnd = packedBytes + end;
		packedBytes += length;
		onRead();
		return length;
	};
	// Asked for here and not imported above, because each thread would load it, for a millisecond of its start.
	const {createGunzip} = process.getBuiltinModule('node:zlib');
	const gunzip = createGunzip({chunkSize: UNPACKED_CHUNK_BYTES});
	// Where files are small and many, what they do not need would be most of the memory.
	const chunk = new Uint8Array(Math.min(PACKED_CHUNK_BYTES, size || PACKED_CHUNK_BYTES));
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
		if (dataEnd <= gunzip.bytesWritten) return;
		throw new InputError(
			'CORRUPT_GZIP',
			`The packed data ends after ${gunzip.bytesWritten} of ${packedBytes} bytes, and something other than zeros follows. Expected nothing but gzip; fetch the file again`,
		);
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
				throw isZlibError(error) ? corrupt(error, packedBytes) : error;
			}
			if (length === 0) await assertOnlyPaddingFollows();
			unpackedBytes += length;
			const ratio = unpackedBytes / Math.max(1, packedBytes);
			const isOverRatio =
				unpackedBytes > (limits.ratioFloorBytes ?? RATIO_FLOOR_BYTES) && ratio > limits.maxUnpackRatio;
			if (unpackedBytes > limits.maxUnpackedBytes || isOverRatio) {
				throw new InputError(
					'SUSPECTED_BOMB',
					`${packedBytes} packed bytes gave more than ${unpackedBytes} bytes; at most ${limits.maxUnpackRatio} times as many (--max-unpack-ratio), and ${limits.maxUnpackedBytes} in all (--max-unpacked-bytes), are unpacked. If the file is what it should be, unpack it first`,
					{line: null, byteOffset: unpackedBytes},
				);
			}
			return length;
		},
		close() {
			gunzip.destroy();
		},
	};
}

const isZlibError = (error: unknown): error is NodeJS.ErrnoException =>
	error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_');

const corrupt = (error: NodeJS.ErrnoException, packedBytes: number): InputError =>
	new InputError(
		'CORRUPT_GZIP',
		`The file cannot be unpacked: ${error.message} (${error.code}) within its first ${packedBytes} bytes. Expected a complete gzip file; fetch it again`,
	);
