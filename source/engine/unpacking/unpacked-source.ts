// Unpacks a file as it is read, and never more of it than a bound.
import type {ByteSource} from '../../input/byte-source.ts';
import {InputError} from '../../input/input-error.ts';
import {RATIO_FLOOR_BYTES, type ReadLimits} from '../shared/limits.ts';
import type {Packing} from '../shared/protocol.ts';
import {unpackBrotli} from './unpack-brotli.ts';
import {unpackGzip} from './unpack-gzip.ts';
import {unpackZstd} from './unpack-zstd.ts';
import {PACKED_CHUNK_BYTES, type Unpacker} from './unpacker.ts';

export interface UnpackLimits extends Pick<ReadLimits, 'maxUnpackedBytes' | 'maxUnpackRatio'> {
	/** Only beyond it the ratio counts: for tests. */
	readonly ratioFloorBytes?: number;
}

export interface UnpackedSource extends Unpacker {
	readonly packing: Packing;
}

const unpackers: {readonly [Each in Packing]: (packed: ByteSource, chunkBytes: number) => Unpacker} = {
	gzip: unpackGzip,
	zstd: unpackZstd,
	brotli: unpackBrotli,
};

/**
@param packed - The packed bytes, from the beginning.
@param size - How many there should be; `null` where it is not known.
@param onRead - Called when packed bytes have come, of which there may be many before any are unpacked.
*/
export function createUnpackedSource(
	packing: Packing,
	packed: ByteSource,
	size: number | null,
	limits: UnpackLimits,
	onRead: () => void = () => {},
): UnpackedSource {
	let packedBytes = 0;
	const counted: ByteSource = {
		async read(target) {
			const length = await packed.read(target);
			packedBytes += length;
			onRead();
			return length;
		},
	};
	// Where files are small and many, what they do not need would be most of the memory.
	const unpacker = unpackers[packing](counted, Math.min(PACKED_CHUNK_BYTES, size || PACKED_CHUNK_BYTES));
	const assertWithin = createBound(limits);
	return {
		packing,
		async read(target) {
			const length = await unpacker.read(target);
			assertWithin(length, packedBytes);
			return length;
		},
		close: unpacker.close,
	};
}

/** Returns what is told of bytes as they are unpacked, and of all that were read for them, and fails where that is too much. */
export function createBound(limits: UnpackLimits): (length: number, packedBytes: number) => void {
	const {maxUnpackedBytes, maxUnpackRatio, ratioFloorBytes = RATIO_FLOOR_BYTES} = limits;
	let unpackedBytes = 0;
	return (length, packedBytes) => {
		unpackedBytes += length;
		const ratio = unpackedBytes / Math.max(1, packedBytes);
		const isOverRatio = unpackedBytes > ratioFloorBytes && ratio > maxUnpackRatio;
		if (unpackedBytes <= maxUnpackedBytes && !isOverRatio) return;
		throw new InputError(
			'SUSPECTED_BOMB',
			`${packedBytes} packed bytes gave more than ${unpackedBytes} bytes; at most ${maxUnpackRatio} times as many (--max-unpack-ratio), and ${maxUnpackedBytes} in all (--max-unpacked-bytes), are unpacked. If the file is what it should be, unpack it first`,
			{line: null, byteOffset: unpackedBytes},
		);
	};
}
