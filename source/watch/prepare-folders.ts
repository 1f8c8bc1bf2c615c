// Makes the folders of a watched folder, and makes sure that files can be moved between them in one step.
import {lstat, mkdir, open, statfs} from 'node:fs/promises';
import {safe} from '../text/safe.ts';
import {codeOf, messageOf} from '../text/system-error.ts';
import type {WatchFolders} from './folders.ts';
import {WatchError} from './watch-error.ts';

/** File systems where a rename, a lock or a flush is not what it is on a disk: statfs(2), linux/magic.h. */
const NETWORK_FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
	[0x6969, 'NFS'],
	[0x517b, 'SMB'],
	[0xff534d42, 'CIFS'],
	[0xfe534d42, 'SMB'],
	[0x01021997, '9P'],
	[0x65735546, 'FUSE'],
	[0x00c36400, 'Ceph'],
	[0x5346414f, 'AFS'],
	[0x0bd00bd0, 'Lustre'],
	[0x47504653, 'GPFS'],
	[0x7461636f, 'OCFS2'],
	[0x01161970, 'GFS2'],
]);

/** `null`: it lies on a disk of this machine, as far as the system says. */
export async function networkFileSystemOf(path: string): Promise<string | null> {
	const {type} = await statfs(path);
	return NETWORK_FILE_SYSTEMS.get(type >>> 0) ?? null;
}

/** Files move between these. */
export const movedBetween = ({unprocessed, underprocess, processed, failed, results, state}: WatchFolders) =>
	({unprocessed, underprocess, processed, failed, results, '.state': state}) as const;

/** So much is kept free to write down that the disk is full. */
const BALLAST_BYTES = 4 * 1024 * 1024;

export interface PreparingOptions {
	readonly allowsNetworkDrive: boolean;
}

/** @throws {WatchError} When the folder cannot be used. */
export async function prepareFolders(folders: WatchFolders, {allowsNetworkDrive}: PreparingOptions): Promise<void> {
	try {
		await mkdir(folders.root, {recursive: true});
		for (const [name, path] of Object.entries(movedBetween(folders))) {
			// Its files hold names and values of the data.
			await mkdir(path, {recursive: true, mode: name === '.state' ? 0o700 : 0o777});
		}
		await mkdir(folders.work, {recursive: true, mode: 0o700});
	} catch (error) {
		throw new WatchError(
			`${safe(folders.root)} cannot be watched: ${messageOf(error)}. Its folders must be yours to write.`,
			{cause: error},
		);
	}
	await assertOneFileSystem(folders);
	if (!allowsNetworkDrive) await assertLocal(folders);
	await makeBallast(folders);
}

async function assertOneFileSystem(folders: WatchFolders): Promise<void> {
	const {dev} = await lstat(folders.unprocessed);
	for (const [name, path] of Object.entries(movedBetween(folders))) {
		const stats = await lstat(path);
		if (!stats.isDirectory())
			throw new WatchError(
				`Expected ${safe(path)} to be a folder, but it is ${stats.isSymbolicLink() ? 'a link' : 'something else'}.`,
			);
		if (stats.dev !== dev)
			throw new WatchError(
				`Expected ${name}/ to be on the same file system as unprocessed/, so that files can be moved in one step: ${safe(path)} is on another one.`,
			);
	}
}

async function assertLocal({root}: WatchFolders): Promise<void> {
	const network = await networkFileSystemOf(root);
	if (network === null) return;
	throw new WatchError(
		`${safe(root)} is on ${network}, where files may be lost or counted twice when a machine or the network fails. Watch a folder on a disk of this machine, or take the risk with --allow-network-drive.`,
	);
}

/** Makes the file that is removed when the disk is full. Without room for it there is none. */
export async function makeBallast({ballast}: WatchFolders): Promise<boolean> {
	try {
		const handle = await open(ballast, 'a', 0o600);
		try {
			const {size} = await handle.stat();
			// Zeros would take no room on some file systems.
			if (size < BALLAST_BYTES) {
				const {randomBytes} = await import('node:crypto');
				await handle.write(randomBytes(BALLAST_BYTES - size));
				await handle.sync();
			}
		} finally {
			await handle.close();
		}
		return true;
	} catch (error) {
		if (codeOf(error) === 'ENOSPC' || codeOf(error) === 'EDQUOT') return false;
		throw error;
	}
}
