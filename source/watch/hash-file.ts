// Opens a claimed file and hashes it, and says in which state it was.
import {createHash} from 'node:crypto';
import {type BigIntStats, constants} from 'node:fs';
import {type FileHandle, open} from 'node:fs/promises';
import {systemPath} from '../text/path-text.ts';

export interface HashedFile {
	readonly stats: BigIntStats;
	/** SHA-256, 64 hexadecimal digits. */
	readonly hash: string;
}

/** A part of so many bytes takes less than a millisecond, so that signals and screens do not wait. */
const PART_BYTES = 1024 * 1024;

/**
A link is not followed, and a pipe not waited for: only a regular file is read.

@returns `null` where it is none.
@throws {Error} Of the file system, or the reason of the signal.
*/
export async function hashFile(path: string, signal: AbortSignal): Promise<HashedFile | null> {
	let handle: FileHandle;
	try {
		handle = await open(systemPath(path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ELOOP') return null;
		throw error;
	}
	try {
		const stats = await handle.stat({bigint: true});
		if (!stats.isFile()) return null;
		const hash = createHash('sha256');
		const size = Number(stats.size);
		const buffer = Buffer.allocUnsafe(Math.min(PART_BYTES, size + 1));
		for (let position = 0; ; ) {
			signal.throwIfAborted();
			const {bytesRead} = await handle.read(buffer, 0, buffer.length, position);
			if (bytesRead === 0) break;
			hash.update(buffer.subarray(0, bytesRead));
			position += bytesRead;
		}
		return {stats, hash: hash.digest('hex')};
	} finally {
		await handle.close();
	}
}
