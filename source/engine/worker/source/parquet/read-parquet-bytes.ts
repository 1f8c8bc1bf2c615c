import {corruptParquet} from './parquet-errors.ts';

/** A Parquet file wherever it lies, read at any place: on this machine at once. */
export interface ParquetBytes {
	readonly size: number;
	/** Fewer bytes where there are fewer. */
	readonly readBytes: (start: number, end: number) => Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>;
}

/** @throws {InputError} Where there are fewer: then the file became shorter. */
export async function readParquetBytes(
	file: ParquetBytes,
	start: number,
	end: number,
): Promise<Uint8Array<ArrayBuffer>> {
	const read = file.readBytes(start, end);
	const bytes = read instanceof Uint8Array ? read : await read;
	if (bytes.length === end - start) return bytes;
	throw corruptParquet(`it ends within its ${file.size} bytes`, start + bytes.length);
}
