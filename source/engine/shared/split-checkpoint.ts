// What some ranges of a file came to. Whoever reads the others gets the whole file, in another process and at any later time.

import {isDeepStrictEqual} from 'node:util';
import {deserialize, serialize} from 'node:v8';
import {constants, zstdCompressSync, zstdDecompressSync} from 'node:zlib';
import type {RangedPart} from './protocol.ts';
import type {ReadRange} from './range-board.ts';

export interface SplitCheckpoint {
	/** See `OpenSource.identity`: of any other state of the file it says nothing. */
	readonly identity: string;
	readonly fileBytes: number;
	readonly rangeBytes: number;
	/** All that have been read. */
	readonly ranges: readonly ReadRange[];
	readonly parts: readonly RangedPart[];
}

/** A checkpoint is worth some seconds of work, so one of another program or another engine is thrown away. */
interface Format {
	readonly version: string;
	readonly v8: string;
}

const WITH_CHECKSUM = {params: {[constants.ZSTD_c_checksumFlag]: 1}};

const formatOf = (version: string): Format => ({version, v8: process.versions.v8});

/** @param version - Of the program. */
export const encodeCheckpoint = (checkpoint: SplitCheckpoint, version: string): Uint8Array =>
	zstdCompressSync(serialize({...formatOf(version), checkpoint}), WITH_CHECKSUM);

/** `null` where another version has written it, or it is damaged. */
export function decodeCheckpoint(bytes: Uint8Array, version: string): SplitCheckpoint | null {
	try {
		const {checkpoint, ...format} = deserialize(zstdDecompressSync(bytes)) as Format & {
			readonly checkpoint: SplitCheckpoint;
		};
		return isDeepStrictEqual(format, formatOf(version)) ? checkpoint : null;
	} catch {
		// Zstandard says so of damage, and V8 of a format that it does not know.
		return null;
	}
}
