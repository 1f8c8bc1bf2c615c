// Resolves a path, and compares two paths: by the file system, not by how they are written.
import {type BigIntStats, readdirSync, readlinkSync, realpathSync, type Stats, statSync} from 'node:fs';
import {basename, dirname, join, resolve} from 'node:path';
import {lstatIfThere} from '../../engine/shared/lstat-if-there.ts';
import {pathText, systemPath} from '../../text/path-text.ts';
import {safe} from '../../text/safe.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';

export interface Place {
	/** Absolute and without links, as a text of `text/path-text.ts`; for anything but a regular file, the path as given. */
	readonly path: string;
	/** `null`: the file does not exist yet. */
	readonly stats: BigIntStats | null;
}

/** The limit of Linux. */
const MAX_LINKS = 40;

/** Resolves a path, even if its last link leads to a file that does not exist yet. */
export const locate = (path: string): Place => follow(path, () => {});

/**
Resolves the path of an output.

@throws {EnvironmentError} When another user put the file, or a link on the way, into a folder where others may write.
*/
export const locateOutput = (path: string): Place =>
	follow(path, (at, stats, folder) => {
		if (!isPlanted(stats, folder)) return;
		const kind = stats.isSymbolicLink() ? 'link' : 'file';
		throw new EnvironmentError(
			`${safe(path)} is not written: ${safe(at)} is a ${kind} that another user made in a folder where others may write. Choose a name in a folder of your own.`,
		);
	});

function follow(path: string, onEntry: (at: string, stats: Stats, folder: string) => void): Place {
	const stats = statIfThere(path);
	// /dev/stdout may be a pipe, whose name cannot be resolved.
	if (stats !== null && !stats.isFile()) return {path, stats};
	let at = path;
	for (let links = 0; links < MAX_LINKS; links++) {
		const folder = realFolder(dirname(at));
		at = join(folder, basename(at));
		const entry = lstatIfThere(at);
		if (entry !== null) onEntry(at, entry, folder);
		if (entry === null || !entry.isSymbolicLink()) return {path: at, stats};
		at = resolve(folder, pathText(readlinkSync(systemPath(at), 'buffer')));
	}
	// Opening it will report that the links form a circle.
	return {path: resolve(path), stats: null};
}

/** Whether two places are the same file. Devices are never the same, because writing to one overwrites nothing. */
export function isSamePlace(left: Place, right: Place): boolean {
	if (left.stats === null || right.stats === null)
		return left.stats === right.stats && isSameName(left.path, right.path);
	return left.stats.ino === right.stats.ino && left.stats.dev === right.stats.dev && !left.stats.isCharacterDevice();
}

/** Whether two files that do not exist yet would be the same one. */
function isSameName(left: string, right: string): boolean {
	if (left === right) return true;
	const [leftName, rightName] = [basename(left), basename(right)];
	if (foldName(leftName) !== foldName(rightName)) return false;
	const [leftFolder, rightFolder] = [dirname(left), dirname(right)];
	const [leftStats, rightStats] = [statIfThere(leftFolder), statIfThere(rightFolder)];
	if (leftStats === null || leftStats.ino !== rightStats?.ino || leftStats.dev !== rightStats.dev) return false;
	return leftName === rightName || ignoresCase(leftFolder);
}

/** How names are compared where case and composed characters do not matter. */
export const foldName = (name: string): string => name.normalize('NFC').toLowerCase();

/** Whether a folder ignores case, tested with the names in it. */
function ignoresCase(folder: string): boolean {
	const probe = (path: string): boolean | null => {
		const name = basename(path);
		const other = name === name.toLowerCase() ? name.toUpperCase() : name.toLowerCase();
		if (other === name) return null;
		const [stats, otherStats] = [lstatIfThere(path), lstatIfThere(join(dirname(path), other))];
		return stats !== null && stats.ino === otherStats?.ino && stats.dev === otherStats.dev;
	};
	try {
		for (const name of readdirSync(systemPath(folder))) {
			const result = probe(join(folder, name));
			if (result !== null) return result;
		}
	} catch {
		// The folder may not be listed, but its own name can be tested.
	}
	return probe(folder) ?? false;
}

/**
The rule by which Linux protects sticky folders: a file may be used by its owner and by the owner of the folder. In other
folders people share their files, but a link may lead to a file that is not shared.
*/
function isPlanted(entry: Stats, folder: string): boolean {
	const user = process.geteuid?.();
	const {mode, uid} = statSync(systemPath(folder));
	const isShared = (mode & 0o022) !== 0 && (entry.isSymbolicLink() || (mode & 0o1000) !== 0);
	return user !== undefined && isShared && ![user, uid, 0].includes(entry.uid);
}

function realFolder(folder: string): string {
	try {
		return pathText(realpathSync.native(systemPath(folder), 'buffer'));
	} catch {
		return resolve(folder);
	}
}

function statIfThere(path: string): BigIntStats | null {
	try {
		return statSync(systemPath(path), {bigint: true});
	} catch {
		return null;
	}
}
