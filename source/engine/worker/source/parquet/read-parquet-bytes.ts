import type {RegularFile} from '../../../shared/regular-file.ts';
import {corruptParquet} from './parquet-errors.ts';

/** @throws {InputError} Where there are fewer: then the file became shorter. */
export function readParquetBytes(file: RegularFile, start: number, end: number): ArrayBuffer {
	const {buffer, length} = file.readBytes(start, end);
	if (length === end - start) return buffer;
	throw corruptParquet(`it ends within its ${file.stats.size} bytes`, start + length);
}
