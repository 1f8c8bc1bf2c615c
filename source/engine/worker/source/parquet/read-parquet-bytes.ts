import type {RegularFile} from '../../../shared/regular-file.ts';
import {corruptParquet} from './parquet-errors.ts';

/** @throws {InputError} Where there are fewer: then the file became shorter. */
export function readParquetBytes(file: RegularFile, start: number, end: number): ArrayBuffer {
	const bytes = new Uint8Array(end - start);
	for (let filled = 0; filled < bytes.length; ) {
		const length = file.readAt(bytes.subarray(filled), start + filled);
		if (length === 0) throw corruptParquet(`it ends within its ${file.stats.size} bytes`, start + filled);
		filled += length;
	}
	return bytes.buffer;
}
