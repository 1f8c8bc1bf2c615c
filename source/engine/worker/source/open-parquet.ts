// Parquet files, whose text is made by code that is loaded for it.
import {FORMAT_BYTES, hasControlBytes, mayBeParquet, PARQUET_MARK_BYTES} from '../../../input/foreign-formats.ts';
import type {RegularFile} from '../../shared/regular-file.ts';
import type {UnpackLimits} from '../../unpacking/unpacked-source.ts';
import type {Unpacker} from '../../unpacking/unpacker.ts';
import type {ParquetText} from './parquet/parquet-text.ts';

export interface ParquetSource extends Unpacker {
	readonly packing: 'parquet';
	readonly bytesRead: number;
}

/** @param start - The first bytes of the file. Text may begin alike, but has neither such an end nor such bytes. */
export function isParquet(start: Uint8Array, file: RegularFile): boolean {
	if (!mayBeParquet(start)) return false;
	const end = new Uint8Array(PARQUET_MARK_BYTES);
	file.readAt(end, Math.max(0, file.stats.size - PARQUET_MARK_BYTES));
	return mayBeParquet(end) || hasControlBytes(file.readBytes(0, FORMAT_BYTES));
}

/** @param onRead - Called when bytes of the file have come. */
export function openParquet(file: RegularFile, limits: UnpackLimits, onRead?: () => void): ParquetSource {
	let text: ParquetText | null = null;
	return {
		packing: 'parquet',
		async read(target) {
			text ??= new (await import('./parquet/parquet-text.ts')).ParquetText(file, limits, onRead);
			return text.read(target);
		},
		get bytesRead() {
			return text?.bytesRead ?? 0;
		},
		close() {},
	};
}
