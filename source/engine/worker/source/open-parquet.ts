// Parquet files, whose text is made by code that is loaded for it.
import {FORMAT_BYTES, hasControlBytes, mayBeParquet, PARQUET_MARK_BYTES} from '../../../input/foreign-formats.ts';
import type {RegularFile} from '../../shared/regular-file.ts';
import type {UnpackLimits} from '../../unpacking/unpacked-source.ts';
import type {Unpacker} from '../../unpacking/unpacker.ts';
import type {ParquetText} from './parquet/parquet-text.ts';
import type {ParquetBytes} from './parquet/read-parquet-bytes.ts';

/** Whole blocks of content hashes. */
const HASHED_BYTES = 1024 * 1024;

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

/** Takes the bytes of a file, in their order. */
export type TakeBytes = (bytes: Uint8Array, byteOffset: number) => void;

/**
@param onRead - Called when bytes of the file have come.
@param hashing - What hashes the file; `null`: nothing does. Its pages are read in an order of their own, so for this it is read once more, as
far as they have come: that takes a hundredth of the time.
*/
export function openParquet(
	file: RegularFile,
	limits: UnpackLimits,
	onRead: (() => void) | undefined,
	hashing: () => TakeBytes | null,
): ParquetSource {
	let text: ParquetText | null = null;
	let hashedBytes = 0;
	const hashUntil = (end: number): void => {
		const take = hashing();
		while (take !== null && hashedBytes < end) {
			const bytes = file.readBytes(hashedBytes, Math.min(hashedBytes + HASHED_BYTES, file.stats.size));
			if (bytes.length === 0) return;
			take(bytes, hashedBytes);
			hashedBytes += bytes.length;
		}
	};
	return {
		packing: 'parquet',
		async read(target) {
			text ??= new (await import('./parquet/parquet-text.ts')).ParquetText(bytesOf(file), limits, onRead);
			const length = await text.read(target);
			hashUntil(length === 0 ? file.stats.size : Math.min(text.bytesRead, file.stats.size));
			return length;
		},
		get bytesRead() {
			return text?.bytesRead ?? 0;
		},
		close() {},
	};
}

const bytesOf = (file: RegularFile): ParquetBytes => ({
	size: file.stats.size,
	readBytes: (start, end) => file.readBytes(start, end),
});
