// Removes the files of claims that were finished long ago: what was dropped, what it came to, and why it failed. The ledger keeps its rows,
// so the history stays, and the same content is still known as a duplicate. What a claim came to stays as long as it is that of a later duplicate, too.
//
// It may run beside the process that watches: while files are removed it holds the lock of the ledger for writing, and nothing happens to a
// claim without a commit first. Folders are entered one by one and never through a link.
import {lstatSync, readdirSync, type Stats, unlinkSync} from 'node:fs';
import {dirname, join, relative} from 'node:path';
import type {DatabaseSync} from 'node:sqlite';
import {type FinishedClaim, findFinished, hasLaterDuplicate} from '../ledger/finished-claims.ts';
import {explained, openToRead, openToWrite} from '../ledger/open-database.ts';
import {pathText, systemPath} from '../text/path-text.ts';
import {codeOf, messageOf} from '../text/system-error.ts';
import type {WatchFolders} from './folders.ts';
import {HeldFolders} from './held-folders.ts';

export const CLEANED_FOLDERS = ['processed', 'failed', 'results'] as const;
export type CleanedFolder = (typeof CLEANED_FOLDERS)[number];

export interface FileSum {
	readonly files: number;
	readonly bytes: number;
}

/** What would be removed, and what would not. */
export interface CleaningPlan {
	readonly claims: number;
	readonly folders: Readonly<Record<CleanedFolder, FileSum>>;
	/** Files of claims that are not finished, or were so too lately. */
	readonly younger: number;
	/** Files that belong to no claim. */
	readonly unknown: number;
	/** Folders that are links or something else: nothing in them is looked at. */
	readonly noFolders: readonly CleanedFolder[];
	/** The ids of the claims. */
	readonly ids: readonly string[];
}

export interface CleaningOutcome extends FileSum {
	/** Files that could not be removed, with the reason. */
	readonly faults: readonly {readonly file: string; readonly message: string}[];
}

/** What runs between two batches must not wait for long: the process that watches commits in between. */
const BATCH_CLAIMS = 100;

/**
@param before - Milliseconds since 1970: claims that were finished earlier than this.
@throws {LedgerError} When the ledger cannot be used.
@throws When a folder cannot be listed.
*/
export function planCleaning(folders: WatchFolders, before: number): CleaningPlan {
	const {found, noFolders} = listFiles(folders);
	const ledger = openToRead(folders.ledger);
	try {
		const ids = [...new Set(found.flatMap(({claim}) => (claim === null ? [] : [claim])))].sort();
		const claims = explained(folders.ledger, () => ids.flatMap(id => findFinished(ledger, id) ?? []));
		const known = new Set(claims.flatMap(({id}) => id));
		const old = claims.filter(({finishedAt}) => finishedAt !== null && finishedAt < before);
		const removed = new Set(
			old.flatMap(claim => explained(folders.ledger, () => removableFilesOf(claim, folders, ledger, before))),
		);
		const sums = {processed: {files: 0, bytes: 0}, failed: {files: 0, bytes: 0}, results: {files: 0, bytes: 0}};
		let younger = 0;
		let unknown = 0;
		const own = new Set(claims.flatMap(claim => filesOf(claim, folders)));
		for (const {folder, path, bytes, claim, isRegular} of found) {
			if (!isRegular || claim === null || !known.has(claim) || !own.has(path)) unknown++;
			else if (!removed.has(path)) younger++;
			else {
				sums[folder].files++;
				sums[folder].bytes += bytes;
			}
		}
		return {claims: old.length, folders: sums, younger, unknown, noFolders, ids: old.map(({id}) => id)};
	} finally {
		ledger.close();
	}
}

/**
Removes what was planned, as far as it is still so.

@param before - As for the plan.
@throws {LedgerError} When the ledger cannot be used.
*/
export function cleanFolder(folders: WatchFolders, {ids}: Pick<CleaningPlan, 'ids'>, before: number): CleaningOutcome {
	const ledger = openToWrite(folders.ledger);
	const held = new HeldFolders(folders.root);
	const outcome = {files: 0, bytes: 0, faults: [] as {file: string; message: string}[]};
	try {
		for (let start = 0; start < ids.length; start += BATCH_CLAIMS) {
			explained(folders.ledger, () => ledger.exec('BEGIN IMMEDIATE'));
			try {
				for (const id of ids.slice(start, start + BATCH_CLAIMS)) {
					const claim = explained(folders.ledger, () => findFinished(ledger, id));
					// It may have been taken up again meanwhile.
					if (claim === null || claim.finishedAt === null || claim.finishedAt >= before) continue;
					const files = explained(folders.ledger, () => removableFilesOf(claim, folders, ledger, before));
					for (const path of files) remove(path, folders, held, outcome);
				}
			} finally {
				ledger.exec('ROLLBACK');
			}
		}
		return outcome;
	} finally {
		held.close();
		ledger.close();
	}
}

function remove(
	path: string,
	{root}: WatchFolders,
	held: HeldFolders,
	outcome: {files: number; bytes: number; faults: {file: string; message: string}[]},
): void {
	const file = relative(root, path);
	try {
		const inside = held.pathIn(file);
		const stats = lstatSync(systemPath(inside));
		// A link or a folder of that name was put there by somebody else.
		if (!stats.isFile()) return;
		unlinkSync(systemPath(inside));
		outcome.files++;
		outcome.bytes += stats.size;
	} catch (error) {
		if (codeOf(error) !== 'ENOENT') outcome.faults.push({file, message: messageOf(error)});
	}
}

/** Without results that are those of a later file, too, because it has the same content. */
function removableFilesOf(claim: FinishedClaim, folders: WatchFolders, ledger: DatabaseSync, before: number): string[] {
	const files = filesOf(claim, folders);
	if (!hasLaterDuplicate(ledger, claim.id, before)) return files;
	return files.filter(path => !path.startsWith(`${folders.results}/`));
}

/** All files that a claim has left, whether they are there or not: what its steps have written lies in `results/`, also where it has failed. */
function filesOf({name, storedName, destination, outputs}: FinishedClaim, folders: WatchFolders): string[] {
	const below = dirname(name);
	const isFailed = destination === 'failed';
	const placeOf = (folder: string) => (file: string) => join(folder, below, file);
	const [files, results] = isFailed
		? [[storedName, `${storedName}.reason.json`].map(placeOf(folders.failed)), outputs]
		: [[storedName].map(placeOf(folders.processed)), [`${storedName}.json`, ...outputs]];
	return [...files, ...results.map(placeOf(folders.results))];
}

interface FoundFile {
	readonly folder: CleanedFolder;
	readonly path: string;
	readonly bytes: number;
	/** The id that its name begins with. */
	readonly claim: string | null;
	readonly isRegular: boolean;
}

function listFiles(folders: WatchFolders): {
	readonly found: readonly FoundFile[];
	readonly noFolders: readonly CleanedFolder[];
} {
	const found: FoundFile[] = [];
	const noFolders: CleanedFolder[] = [];
	const list = (folder: CleanedFolder, path: string): void => {
		for (const entry of readdirSync(systemPath(path), 'buffer')) {
			const name = pathText(entry);
			const at = join(path, name);
			const stats: Stats | undefined = lstatSync(systemPath(at), {throwIfNoEntry: false});
			if (stats === undefined) continue;
			if (stats.isDirectory()) list(folder, at);
			else found.push({folder, path: at, bytes: stats.size, claim: claimIn(name), isRegular: stats.isFile()});
		}
	};
	for (const folder of CLEANED_FOLDERS) {
		const stats = lstatSync(systemPath(folders[folder]), {throwIfNoEntry: false});
		if (stats?.isDirectory()) list(folder, folders[folder]);
		else if (stats !== undefined) noFolders.push(folder);
	}
	return {found, noFolders};
}

function claimIn(name: string): string | null {
	const end = name.indexOf('__');
	return end <= 0 ? null : name.slice(0, end);
}
