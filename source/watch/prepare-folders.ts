// Makes the folders of a watched folder, and makes sure that files can be moved between them in one step.
import {randomBytes} from 'node:crypto';
import {lstat, mkdir, open, rm, statfs} from 'node:fs/promises';
import {basename, dirname} from 'node:path';
import {FolderSync} from '../report/folder-sync.ts';
import {safe} from '../text/safe.ts';
import {codeOf, messageOf} from '../text/system-error.ts';
import type {WatchFolders} from './folders.ts';
import {isFullDisk, systemCodeOf} from './refusal.ts';
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
const movedBetween = ({unprocessed, underprocess, processed, failed, results, state}: WatchFolders) =>
	({unprocessed, underprocess, processed, failed, results, '.state': state}) as const;

/** So much is kept free to write down that the disk is full. */
export const BALLAST_BYTES = 4 * 1024 * 1024;

export interface PreparingOptions {
	readonly allowsNetworkDrive: boolean;
	readonly onNotice: (notice: string) => void;
}

/**
@returns Whether there was room to keep some free for bad times.
@throws {WatchError} When the folder cannot be used.
*/
export async function prepareFolders(
	folders: WatchFolders,
	{allowsNetworkDrive, onNotice}: PreparingOptions,
): Promise<boolean> {
	const {root} = folders;
	const sync = new FolderSync();
	try {
		const isNew = await makeRoot(root);
		await makeFolders(folders);
		await sync.sync(root);
		if (isNew) {
			await sync.sync(dirname(root));
			onNotice(
				`${safe(root)} was not there: it was made, with the folders in it. Files go into ${safe(folders.unprocessed)}.`,
			);
		}
		await assertOneFileSystem(folders);
		if (!allowsNetworkDrive) await assertLocal(folders);
		return await makeBallast(folders);
	} catch (error) {
		throw watchErrorOf(root, error);
	}
}

/**
Without those above it: a name with a typo in it is more likely than that none of them is there yet.

@returns Whether it was not there.
*/
async function makeRoot(root: string): Promise<boolean> {
	try {
		await mkdir(root);
		return true;
	} catch (error) {
		if (codeOf(error) === 'ENOENT')
			throw new WatchError(
				`There is no folder ${safe(dirname(root))} to make ${safe(basename(root))} in: make it first, or name another one.`,
			);
		if (codeOf(error) !== 'EEXIST') throw error;
		return false;
	}
}

export function watchErrorOf(root: string, error: unknown): WatchError {
	if (error instanceof WatchError) return error;
	const isRefused = ['EACCES', 'EPERM', 'EROFS'].includes(systemCodeOf(error) ?? '');
	const advice = isRefused ? ' Its folders must be yours to write.' : '';
	return new WatchError(`${safe(root)} cannot be watched: ${messageOf(error)}.${advice}`, {cause: error});
}

/** Makes those that are missing; the watched folder itself is there. */
export async function makeFolders(folders: WatchFolders): Promise<void> {
	for (const [name, path] of Object.entries(movedBetween(folders))) {
		// Its files hold names and values of the data.
		await makeFolder(path, name === '.state' ? 0o700 : 0o777);
	}
	await makeFolder(folders.work, 0o700);
}

/** Without those above it: where the watched folder is not there now, none is to be put in its place. */
async function makeFolder(path: string, mode: number): Promise<void> {
	try {
		await mkdir(path, {mode});
	} catch (error) {
		if (codeOf(error) !== 'EEXIST') throw error;
	}
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

/** Makes the file that is removed when the disk is full. @returns Whether there was room for it: else there is none. */
export async function makeBallast({ballast}: WatchFolders): Promise<boolean> {
	try {
		const handle = await open(ballast, 'a', 0o600);
		try {
			const {size} = await handle.stat();
			// Zeros would take no room on some file systems.
			if (size < BALLAST_BYTES) await handle.appendFile(randomBytes(BALLAST_BYTES - size));
			await handle.sync();
		} finally {
			await handle.close();
		}
		return true;
	} catch (error) {
		if (!isFullDisk(systemCodeOf(error))) throw error;
		await rm(ballast, {force: true});
		return false;
	}
}
