// The room on a disk, and what kind of file system it is.
import {statfsSync} from 'node:fs';
import {systemPath} from '../text/path-text.ts';

export interface DiskRoom {
	/** What users may still write. */
	readonly freeBytes: number;
	/** How many more files may be made; `null` where the file system has no such limit. */
	readonly freeFiles: number | null;
	/** What it is called where it is on another machine, whose renames and locks cannot be relied on; `null` for others. */
	readonly network: string | null;
}

/** @throws When the folder cannot be looked at. */
export function readDiskRoom(folder: string): DiskRoom {
	const {type, bavail, bsize, files, ffree} = statfsSync(systemPath(folder));
	return {
		freeBytes: bavail * bsize,
		freeFiles: files === 0 ? null : ffree,
		network: process.platform === 'linux' ? (NETWORK_TYPES.get(type >>> 0) ?? null) : null,
	};
}

/** Numbers of statfs(2), from linux/magic.h and the sources of the file systems. */
const NETWORK_TYPES: ReadonlyMap<number, string> = new Map([
	[0x6969, 'NFS'],
	[0xff534d42, 'SMB'],
	[0xfe534d42, 'SMB'],
	[0x517b, 'SMB'],
	[0x564c, 'NetWare'],
	[0x5346414f, 'AFS'],
	[0x6b414653, 'AFS'],
	[0x73757245, 'Coda'],
	[0x00c36400, 'Ceph'],
	[0x01021997, '9p'],
	[0x7461636f, 'OCFS2'],
	[0x01161970, 'GFS2'],
	[0x0bd00bd0, 'Lustre'],
	[0x47504653, 'GPFS'],
	[0x19830326, 'BeeGFS'],
	[0xa501fcf5, 'VxFS'],
]);
