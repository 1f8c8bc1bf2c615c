// Makes a source of bytes that come from anywhere: at once or later, in pieces of any size.
import {type ByteSource, readStart, withStart} from '../../../input/byte-source.ts';
import {InputError} from '../../../input/input-error.ts';
import {ReadError} from '../../shared/errors.ts';
import {AbortedError} from '../../shared/shared-progress.ts';
import {assertNotNamedPacked} from '../../unpacking/corrupt-data.ts';
import {PACKING_BYTES, packingOf} from '../../unpacking/packing.ts';
import {createUnpackedSource, type UnpackedSource, type UnpackLimits} from '../../unpacking/unpacked-source.ts';
import type {OpenSource} from './open-source.ts';

/** Bytes as they are stored, or as an archive gives them: whether they are packed is not known yet. */
export interface RawSource extends ByteSource, Pick<OpenSource, 'size' | 'identity' | 'close'> {
	/** What may say how it is packed; missing where it has no name. */
	readonly name?: string;
	/** There where they come from an archive: how that is packed, and how much of it was read for them. */
	readonly packedIn?: {
		readonly compression: NonNullable<OpenSource['compression']>;
		readonly bytesRead: () => number;
	};
	/** Whether it is all of a file, whose content may be hashed. */
	readonly isWholeFile?: boolean;
	/** See `SeekableSource`. */
	readonly expect?: (end: number) => void;
	/** Goes to another place; `null` where the bytes come once, from the first to the last. */
	readonly seek: ((byteOffset: number) => void) | null;
	/** As `OpenSource.verify`, with the number of bytes that were read. */
	readonly verify: (isComplete: boolean, bytesRead: number) => void | Promise<void>;
}

/** @param onPackedRead - See `openSource`. */
export function openBytes(raw: RawSource, limits: UnpackLimits, onPackedRead?: () => void): OpenSource {
	let offset = 0;
	let bytesRead = 0;
	let hashing: ((bytes: Uint8Array, byteOffset: number) => void) | null = null;
	const counted: ByteSource = {
		async read(target) {
			try {
				const length = await raw.read(target);
				hashing?.(target.subarray(0, length), offset);
				offset += length;
				bytesRead += length;
				return length;
			} catch (error) {
				if (error instanceof InputError || error instanceof ReadError || error instanceof AbortedError) throw error;
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
		const name = raw.name ?? null;
		if (start.length === 0) assertNotNamedPacked(name);
		const packing = packingOf(start, name);
		unpacked = packing === null ? null : createUnpackedSource(packing, whole, raw.size, limits, onPackedRead);
		return unpacked ?? whole;
	};
	return {
		size: raw.size,
		identity: raw.identity,
		dialect: null,
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
			return raw.packedIn?.compression ?? unpacked?.packing ?? null;
		},
		get bytesRead() {
			return raw.packedIn?.bytesRead() ?? bytesRead;
		},
		verify: isComplete => raw.verify(isComplete, bytesRead),
		expect: raw.expect,
		...(raw.isWholeFile === true && {
			hashWith(take) {
				hashing = take;
			},
		}),
		close() {
			unpacked?.close();
			raw.close();
		},
	};
}
