// The room on a disk.
import {statfsSync} from 'node:fs';
import {systemPath} from '../text/path-text.ts';

export interface DiskRoom {
	/** What users may still write. */
	readonly freeBytes: number;
	/** How many more files may be made; `null` where the file system has no such limit. */
	readonly freeFiles: number | null;
}

/** @throws When the folder cannot be looked at. */
export function readDiskRoom(folder: string): DiskRoom {
	const {bavail, bsize, files, ffree} = statfsSync(systemPath(folder));
	return {
		freeBytes: bavail * bsize,
		freeFiles: files === 0 ? null : ffree,
	};
}
