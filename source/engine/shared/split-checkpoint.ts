// What some ranges of a file came to. Whoever reads the others gets the whole file, in another process and at any later time.

import {isDeepStrictEqual} from 'node:util';
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

// Asked for where they are needed, because most runs have no checkpoints, and would load them.
const v8 = (): typeof import('node:v8') => process.getBuiltinModule('node:v8');
const zlib = (): typeof import('node:zlib') => process.getBuiltinModule('node:zlib');

const formatOf = (version: string): Format => ({version, v8: process.versions.v8});

/** @param version - Of the program. */
export function encodeCheckpoint(checkpoint: SplitCheckpoint, version: string): Uint8Array {
	const {constants, zstdCompressSync} = zlib();
	const withChecksum = {params: {[constants.ZSTD_c_checksumFlag]: 1}};
	return zstdCompressSync(v8().serialize({...formatOf(version), checkpoint}), withChecksum);
}

/** `null` where another version has written it, or it is damaged. */
export function decodeCheckpoint(bytes: Uint8Array, version: string): SplitCheckpoint | null {
	try {
		const {checkpoint, ...format} = v8().deserialize(zlib().zstdDecompressSync(bytes)) as Format & {
			readonly checkpoint: SplitCheckpoint;
		};
		return isDeepStrictEqual(format, formatOf(version)) ? checkpoint : null;
	} catch {
		// Zstandard says so of damage, and V8 of a format that it does not know.
		return null;
	}
}
