// Whether a read ends. One from a drive of another machine, or from one that a program provides, may wait for ever, and whoever has
// asked for it waits along; from a disk or from memory it comes or fails, be it after half a minute where the disk is dying.
import {statfsSync} from 'node:fs';

/** By their numbers in Linux (linux/magic.h). */
const localFileSystems: ReadonlySet<number> = new Set([
	0xef53, // ext2, ext3, ext4
	0x5846_5342, // XFS
	0x9123_683e, // Btrfs
	0xf2f5_2010, // F2FS
	0x2fc1_2fc1, // ZFS
	0x794c_7630, // overlayfs, as in containers
	0x0102_1994, // tmpfs
	0x8584_58f6, // ramfs
]);

/** @returns False also where it cannot be known. */
export function isOnLocalDrive(path: string | Uint8Array): boolean {
	if (process.platform !== 'linux') return false;
	try {
		return localFileSystems.has(statfsSync(typeof path === 'string' ? path : Buffer.from(path)).type);
	} catch {
		return false;
	}
}
