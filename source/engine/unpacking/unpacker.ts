// What all unpackers have in common.
import type {ByteSource} from '../../input/byte-source.ts';

// The unpacking itself is done by another thread, so each chunk is handed there and back, which takes long on a busy machine:
// larger ones are better, up to what their memory costs.
export const PACKED_CHUNK_BYTES = 256 * 1024;
export const UNPACKED_CHUNK_BYTES = 256 * 1024;

/** Gives the unpacked bytes; reads no packed ones before it is read. */
export interface Unpacker extends ByteSource {
	/** May be called again, and before the end. */
	readonly close: () => void;
}

export const isZlibError = (error: unknown): error is NodeJS.ErrnoException =>
	error instanceof Error &&
	'code' in error &&
	typeof error.code === 'string' &&
	/^(?:Z_|ZSTD_|ERR_(?:_ERROR|BROTLI|PADDING))/.test(error.code);
