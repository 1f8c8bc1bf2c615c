import {lstatSync, mkdirSync, realpathSync, type Stats} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {codeOf} from '../../text/system-error.ts';

/**
Makes a folder, unless it is there, where nobody but this user and root can put a file, and for which nobody else can put
another folder in its place.

@returns Its path without links; `null` where there can be no such folder.
*/
export function makePrivateFolder(path: string): string | null {
	const user = process.geteuid?.();
	// Windows has no such modes; there, a user's folders are the user's own.
	if (user === undefined) return path;
	try {
		const {folder, missing} = findFolder(path);
		if (!areSafe(folder, user)) return null;
		// Not with `recursive`: in folders like /proc, Node would try for ever.
		const made = missing.reduce((parent, name) => {
			const child = join(parent, name);
			makeFolder(child);
			return child;
		}, folder);
		const {mode, uid} = lstatSync(made);
		return areSafe(made, user) && uid === user && (mode & 0o077) === 0 ? made : null;
	} catch {
		return null;
	}
}

/** The part of a path that is there, links followed, and the names behind it. */
function findFolder(path: string): {readonly folder: string; readonly missing: readonly string[]} {
	const missing: string[] = [];
	for (let at = path; ; at = dirname(at)) {
		try {
			return {folder: realpathSync.native(at), missing};
		} catch (error) {
			if (codeOf(error) !== 'ENOENT' || at === dirname(at)) throw error;
			missing.unshift(basename(at));
		}
	}
}

/** Whether a folder and all those that it is in are folders in which only this user and root can replace anything. */
function areSafe(folder: string, user: number): boolean {
	const parent = dirname(folder);
	return isSafe(lstatSync(folder), user) && (parent === folder || areSafe(parent, user));
}

function isSafe(stats: Stats, user: number): boolean {
	const isShared = (stats.mode & 0o022) !== 0;
	// In a sticky folder, everybody may make files, but nobody replaces those of others.
	const isSticky = (stats.mode & 0o1000) !== 0;
	return stats.isDirectory() && (stats.uid === user || stats.uid === 0) && (!isShared || isSticky);
}

function makeFolder(path: string): void {
	try {
		mkdirSync(path, 0o700);
	} catch (error) {
		// Another start of the program was faster.
		if (codeOf(error) !== 'EEXIST') throw error;
	}
}
