// Where a path leads, and whether two paths lead to the same file: by what the file system says, not by how they are written.
import {type BigIntStats, lstatSync, readdirSync, readlinkSync, realpathSync, type Stats, statSync} from 'node:fs';
import {basename, dirname, join, resolve} from 'node:path';
import {pathText, systemPath} from '../../text/path-text.ts';
import {safe} from '../../text/safe.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';

export interface Place {
	/** Absolute, links followed, as a text of `text/path-text.ts`; of anything but a regular file, the path as given. */
	readonly path: string;
	/** `null`: nothing is there yet. */
	readonly stats: BigIntStats | null;
}

/** As many as Linux follows. */
const MOST_LINKS = 40;

/** Finds where a path leads, also where its last link leads to nothing yet. */
export const locate = (path: string): Place => follow(path, () => {});

/**
Finds where an output is written.

@throws {EnvironmentError} When a link on the way, or the file, was put by another user into a folder where others may write.
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
	// Behind /dev/stdout may be a pipe, whose name leads nowhere.
	if (stats !== null && !stats.isFile()) return {path, stats};
	let at = path;
	for (let links = 0; links < MOST_LINKS; links++) {
		const folder = realFolder(dirname(at));
		at = join(folder, basename(at));
		const entry = lstatIfThere(at);
		if (entry !== null) onEntry(at, entry, folder);
		if (entry === null || !entry.isSymbolicLink()) return {path: at, stats};
		at = resolve(folder, pathText(readlinkSync(systemPath(at), 'buffer')));
	}
	// Opening it tells that the links lead in a circle.
	return {path: resolve(path), stats: null};
}

/** Whether two places are the same file. Devices do not count as files: each write to them stands for itself. */
export function isSamePlace(left: Place, right: Place): boolean {
	if (left.stats === null || right.stats === null)
		return left.stats === right.stats && isSameName(left.path, right.path);
	return left.stats.ino === right.stats.ino && left.stats.dev === right.stats.dev && !left.stats.isCharacterDevice();
}

/** Whether two files that are not there yet would be the same one. */
function isSameName(left: string, right: string): boolean {
	if (left === right) return true;
	const [leftName, rightName] = [basename(left), basename(right)];
	if (foldName(leftName) !== foldName(rightName)) return false;
	const [leftFolder, rightFolder] = [dirname(left), dirname(right)];
	const [leftStats, rightStats] = [statIfThere(leftFolder), statIfThere(rightFolder)];
	if (leftStats === null || leftStats.ino !== rightStats?.ino || leftStats.dev !== rightStats.dev) return false;
	return leftName === rightName || ignoresCase(leftFolder);
}

/** How names are compared where case and composed characters make no difference. */
export const foldName = (name: string): string => name.normalize('NFC').toLowerCase();

/** Whether names in a folder that differ in case only are one file, as a name that is there can tell. */
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
			const answer = probe(join(folder, name));
			if (answer !== null) return answer;
		}
	} catch {
		// What may not be listed may be asked for by its own name.
	}
	return probe(folder) ?? false;
}

/**
The rule by which Linux protects sticky folders: what is there is for its maker, and for who owns the folder. In folders that
are not sticky, people share their files, but a link may lead to a file that is not shared.
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

function lstatIfThere(path: string): Stats | null {
	try {
		return lstatSync(systemPath(path));
	} catch {
		return null;
	}
}
