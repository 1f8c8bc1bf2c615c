import {lstatSync, mkdirSync, realpathSync, type Stats} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {codeOf} from '../../text/system-error.ts';

/**
Makes a folder, if it does not exist, where only this user and root can create files, and which nobody else can replace by
another folder.

@returns Its path without links; `null` where such a folder is impossible.
*/
export function makePrivateFolder(path: string): string | null {
	const user = process.geteuid?.();
	// Windows has no such modes; there, a user's folders are private.
	if (user === undefined) return path;
	try {
		const {folder, missing} = findFolder(path);
		if (!areSafe(folder, user)) return null;
		// Not with `recursive`: in folders like /proc, Node would loop forever.
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

/** The existing part of a path without links, and the names behind it. */
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

/** Whether in a folder and all its parents only this user and root can replace anything. */
function areSafe(folder: string, user: number): boolean {
	const parent = dirname(folder);
	return isSafe(lstatSync(folder), user) && (parent === folder || areSafe(parent, user));
}

function isSafe(stats: Stats, user: number): boolean {
	const isShared = (stats.mode & 0o022) !== 0;
	// In a sticky folder everybody may create files, but cannot replace those of others.
	const isSticky = (stats.mode & 0o1000) !== 0;
	return stats.isDirectory() && (stats.uid === user || stats.uid === 0) && (!isShared || isSticky);
}

function makeFolder(path: string): void {
	try {
		mkdirSync(path, 0o700);
	} catch (error) {
		// Another process has created it meanwhile.
		if (codeOf(error) !== 'EEXIST') throw error;
	}
}
