// What lies in `unprocessed/`, as it can be seen without watching it: which files wait, and which are not taken, and why.
import {accessSync, constants, readdirSync, type Stats} from 'node:fs';
import {join} from 'node:path';
import {lstatIfThere} from '../engine/shared/lstat-if-there.ts';
import type {SkippedFile, SkipReason, WaitingFile} from '../model/watch-status.ts';
import {displayPath, pathText, systemPath} from '../text/path-text.ts';
import {codeOf} from '../text/system-error.ts';

export interface InspectedInbox {
	/** In the order in which they were changed last; of very many, the first ones. */
	readonly waiting: readonly InboxFile[];
	/** Of all that wait, where `waiting` has the first ones. */
	readonly waitingSum?: {readonly files: number; readonly bytes: number};
	readonly skipped: readonly (SkippedFile & {readonly bytes: number})[];
}

export interface InboxFile {
	/** Below `unprocessed/`, as a text of `text/path-text.ts`. */
	readonly name: string;
	readonly bytes: number;
	/** When it was put there or changed last, whichever was later, in milliseconds since 1970: a file that is moved keeps its older time of content. */
	readonly changedAt: number;
	/** When its content was changed last, as it says itself. */
	readonly modifiedAt: number;
}

/** Nobody is interested in the files of a folder in a folder in a folder … */
const MAX_DEPTH = 64;

/**
@param isRecursive - Whether files in subfolders are taken, too.
@throws When the folder cannot be read.
*/
export function inspectInbox(unprocessed: string, isRecursive: boolean): InspectedInbox {
	const waiting: InboxFile[] = [];
	const skipped: (SkippedFile & {bytes: number})[] = [];
	const skip = (name: string, reason: SkipReason, bytes = 0): void => {
		skipped.push({file: displayPath(name), reason, message: SKIP_MESSAGES[reason], bytes});
	};
	const inspect = (folder: string, depth: number): void => {
		for (const entry of readdirSync(systemPath(join(unprocessed, folder)), 'buffer')) {
			const name = join(folder, pathText(entry));
			const stats = lstatIfThere(join(unprocessed, name));
			// It has been taken meanwhile.
			if (stats === null) continue;
			const reason = reasonOf(pathText(entry), stats, isRecursive && depth < MAX_DEPTH);
			if (reason !== null) skip(name, reason, stats.isFile() ? stats.size : 0);
			else if (stats.isDirectory()) inspectSubfolder(name, depth);
			else if (!isReadable(join(unprocessed, name))) skip(name, 'unreadable', stats.size);
			else
				waiting.push({
					...{name, bytes: stats.size, modifiedAt: stats.mtimeMs},
					changedAt: Math.max(stats.ctimeMs, Math.min(stats.mtimeMs, Date.now())),
				});
		}
	};
	const inspectSubfolder = (name: string, depth: number): void => {
		try {
			inspect(name, depth + 1);
		} catch (error) {
			if (codeOf(error) !== 'ENOENT') skip(name, 'unreadable');
		}
	};
	inspect('', 0);
	waiting.sort((left, right) => left.changedAt - right.changedAt || (left.name < right.name ? -1 : 1));
	return {waiting, skipped};
}

/** What each is, and what to do. */
export const SKIP_MESSAGES: Readonly<Record<SkipReason, string>> = {
	part: 'It is being written, as its name says: who writes it renames it when it is whole.',
	dotfile: 'Names that begin with a dot are those of files that are being copied, or of other programs: rename it.',
	link: 'It is a link, and what it leads to may be changed or removed at any time: move the file itself here.',
	folder: 'Files in subfolders are taken where the configuration says "recursive": true.',
	special: 'It is no regular file: remove it.',
	unreadable: 'It may not be read by this user: change its permissions.',
};

/** `null`: it is a file that is taken, or a folder that is looked into. */
function reasonOf(name: string, stats: Stats, looksIntoFolders: boolean): SkipReason | null {
	if (name.startsWith('.')) return 'dotfile';
	if (stats.isSymbolicLink()) return 'link';
	if (stats.isDirectory()) return looksIntoFolders ? null : 'folder';
	if (!stats.isFile()) return 'special';
	return name.toLowerCase().endsWith('.part') ? 'part' : null;
}

export const waitingFile = ({name, bytes, changedAt}: InboxFile, now: number): WaitingFile => ({
	file: displayPath(name),
	bytes,
	age: Math.max(0, now - changedAt) / 1000,
});

function isReadable(path: string): boolean {
	try {
		accessSync(systemPath(path), constants.R_OK);
		return true;
	} catch (error) {
		return codeOf(error) !== 'EACCES';
	}
}
