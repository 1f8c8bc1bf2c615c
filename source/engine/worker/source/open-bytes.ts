// Makes a source of bytes that come from anywhere: at once or later, in pieces of any size.
import type {ByteSource} from '../../../input/byte-source.ts';
import {ReadError} from '../../shared/errors.ts';
import type {OpenSource} from './open-source.ts';
import {PACKING_BYTES, packingOf} from './packing.ts';
import {readStart, withStart} from './stream-source.ts';
import {createUnpackedSource, type UnpackedSource, type UnpackLimits} from './unpacked-source.ts';

/** Bytes as they are stored: whether they are packed is not known yet. */
export interface RawSource extends ByteSource, Pick<OpenSource, 'size' | 'identity' | 'close'> {
	/** What may say how it is packed; missing where it has no name. */
	readonly name?: string;
	/** Goes to another place; `null` where the bytes come once, from the first to the last. */
	readonly seek: ((byteOffset: number) => void) | null;
	/** As `OpenSource.verify`, with the number of bytes that were read. */
	readonly verify: (isComplete: boolean, bytesRead: number) => void | Promise<void>;
}

/** @param onPackedRead - See `openSource`. */
export function openBytes(raw: RawSource, limits: UnpackLimits, onPackedRead?: () => void): OpenSource {
	let offset = 0;
	let bytesRead = 0;
	const counted: ByteSource = {
		async read(target) {
			try {
				const length = await raw.read(target);
				offset += length;
				bytesRead += length;
				return length;
			} catch (error) {
				throw new ReadError(error, offset);
			}
		},
	};
	// The first read shows whether it is packed: looking at its beginning earlier would consume it.
	let unpacked: UnpackedSource | null = null;
	let opened: ByteSource | Promise<ByteSource> | null = null;
	const open = async (): Promise<ByteSource> => {
		const start = await readStart(counted, PACKING_BYTES);
		const whole = withStart(start, counted);
		const packing = packingOf(start, raw.name ?? null);
		unpacked = packing === null ? null : createUnpackedSource(packing, whole, raw.size, limits, onPackedRead);
		return unpacked ?? whole;
	};
	return {
		size: raw.size,
		identity: raw.identity,
		async read(target) {
			opened ??= open();
			return (await opened).read(target);
		},
		get isSeekable() {
			return raw.seek !== null && opened !== null && unpacked === null;
		},
		seek(byteOffset) {
			if (raw.seek === null || opened === null || unpacked !== null)
				throw new Error('The source cannot be read from any place');
			raw.seek(byteOffset);
			offset = byteOffset;
			// The bytes that were kept of its beginning must not come again.
			opened = counted;
		},
		get compression() {
			return unpacked?.packing ?? null;
		},
		get bytesRead() {
			return bytesRead;
		},
		verify: isComplete => raw.verify(isComplete, bytesRead),
		close() {
			unpacked?.close();
			raw.close();
		},
	};
}
