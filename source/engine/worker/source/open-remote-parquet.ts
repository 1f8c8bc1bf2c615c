// A Parquet file on another machine: its pages are read where they are, some more than is asked for, because the next page of the column is behind it.
import {plainDialect} from '../../../input/dialect.ts';
import {FORMAT_BYTES, hasControlBytes, mayBeParquet, PARQUET_MARK_BYTES} from '../../../input/foreign-formats.ts';
import type {RemoteSource} from '../../../remote/open-remote.ts';
import {ReadError} from '../../shared/errors.ts';
import type {UnpackLimits} from '../../unpacking/unpacked-source.ts';
import type {OpenSource} from './open-source.ts';
import type {ParquetBytes} from './parquet/read-parquet-bytes.ts';

const AHEAD_BYTES = 1024 * 1024;
/** One for each column that is read, as long as there are no more. */
const MAX_KEPT = 48;

interface Kept {
	readonly start: number;
	readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Keeps what has come, the last ones. */
function keptBytes(size: number, readAt: NonNullable<RemoteSource['readAt']>): ParquetBytes {
	const kept: Kept[] = [];
	return {
		size,
		async readBytes(start, end) {
			const index = kept.findIndex(each => start >= each.start && end <= each.start + each.bytes.length);
			const [found] = index === -1 ? [] : kept.splice(index, 1);
			const used = found ?? {
				start,
				bytes: await readAll(readAt, start, Math.min(size, Math.max(end, start + AHEAD_BYTES))),
			};
			kept.push(used);
			if (kept.length > MAX_KEPT) kept.shift();
			return used.bytes.subarray(start - used.start, end - used.start);
		},
	};
}

async function readAll(
	readAt: NonNullable<RemoteSource['readAt']>,
	start: number,
	end: number,
): Promise<Uint8Array<ArrayBuffer>> {
	try {
		return await readAt(start, end);
	} catch (error) {
		throw error instanceof Error && error.name === 'InputError' ? error : new ReadError(error, start);
	}
}

/** @returns `null` where it is none, whatever its name says, or cannot be read at any place. */
export async function openRemoteParquet(
	{size, readAt, close}: RemoteSource,
	identity: string | null,
	limits: UnpackLimits,
	onRead?: () => void,
): Promise<OpenSource | null> {
	if (readAt === null || size === null || size < PARQUET_MARK_BYTES) return null;
	const bytes = keptBytes(size, readAt);
	const start = await bytes.readBytes(0, Math.min(size, FORMAT_BYTES));
	const end = await bytes.readBytes(size - PARQUET_MARK_BYTES, size);
	if (!mayBeParquet(start) || !(mayBeParquet(end) || hasControlBytes(start))) return null;
	const {ParquetText} = await import('./parquet/parquet-text.ts');
	const text = new ParquetText(bytes, limits, onRead);
	return {
		...{identity, size, close},
		dialect: plainDialect,
		compression: 'parquet',
		read: target => text.read(target),
		isSeekable: false,
		seek() {
			throw new Error('The source cannot be read from any place');
		},
		get bytesRead() {
			return text.bytesRead;
		},
		// Every range of it was asked for by its version.
		verify() {},
	};
}
