// Opens a claimed file and hashes it, and says in which state it was.
import {type BigIntStats, constants} from 'node:fs';
import {type FileHandle, open} from 'node:fs/promises';
import {hashText, sha256} from '../kernel/content-hash.ts';
import {SHA256_BLOCK_BYTES} from '../kernel/sha256-blocks.ts';
import {systemPath} from '../text/path-text.ts';

export interface HashedFile {
	readonly stats: BigIntStats;
	/** SHA-256 as in `FileReport.content_hash`. */
	readonly hash: string;
}

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
		const buffer = Buffer.allocUnsafe(Math.min(SHA256_BLOCK_BYTES, Number(stats.size) + 1));
		const digests: Buffer[] = [];
		let bytes = 0;
		for (;;) {
			signal.throwIfAborted();
			const length = await fill(handle, buffer, bytes);
			// A block takes less than a millisecond, so signals and screens do not wait.
			if (length > 0) digests.push(sha256(buffer.subarray(0, length)));
			bytes += length;
			if (length < buffer.length) break;
		}
		// Whoever has dropped it may not have done so, and what is said of it is to be true after a power cut, too.
		await handle.datasync();
		return {stats, hash: hashText({blocks: Array.from(digests.keys()), digests: Buffer.concat(digests), bytes})};
	} finally {
		await handle.close();
	}
}

/** @returns How many bytes there were: fewer than there is room for only at the end of the file. */
async function fill(handle: FileHandle, buffer: Buffer, position: number): Promise<number> {
	let length = 0;
	while (length < buffer.length) {
		const {bytesRead} = await handle.read(buffer, length, buffer.length - length, position + length);
		if (bytesRead === 0) break;
		length += bytesRead;
	}
	return length;
}
