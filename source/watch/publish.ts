// Puts a decided claim where it belongs: what it came to into `results/`, or the reason beside it, and then the file itself. Each part may have
// been done before by a process that died, so each may be done again.
import {mkdir, open, readdir, rm} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import type {Decision, NewClaim} from '../ledger/claims-protocol.ts';
import {systemPath} from '../text/path-text.ts';
import {codeOf} from '../text/system-error.ts';
import type {WatchFolders} from './folders.ts';
import {makeFolderIn, moveTo} from './make-way.ts';
import {isGone} from './refusal.ts';
import type {WatchContext} from './watch-context.ts';

export interface Published {
	readonly claim: Pick<NewClaim, 'id' | 'name' | 'storedName'>;
	readonly decision: Omit<Decision, 'result' | 'states'>;
	/** What is said of it: its result, or why it failed. */
	readonly document: string;
}

/** Resolves when all of it is on the disk. @throws {Error} Of the file system. */
export async function publish(
	{claim, decision, document}: Published,
	{folders, sync, isThere, onNotice}: Pick<WatchContext, 'folders' | 'sync' | 'isThere' | 'onNotice'>,
): Promise<void> {
	// What is missing then has not been moved by anybody.
	if (!(await isThere())) throw Object.assign(new Error(`ENOENT: the watched folder is not there`), {code: 'ENOENT'});
	const below = dirname(claim.name);
	const workFolder = join(folders.work, claim.id);
	const isFailed = decision.destination === 'failed';
	const folderFor = async (folder: string): Promise<string> => {
		const path = join(folder, below);
		if (below !== '.' && (await makeFolderIn(folder, below, onNotice))) await sync.sync(dirname(path));
		return path;
	};
	const target = await folderFor(isFailed ? folders.failed : folders.processed);
	const results = isFailed && decision.outputs.length === 0 ? null : await folderFor(folders.results);
	const beside = isFailed || results === null ? target : results;
	for (const name of decision.outputs) {
		await moveUnlessMoved(join(workFolder, name), join(results ?? beside, name), onNotice);
	}
	const ending = isFailed ? '.reason.json' : '.json';
	const place = join(beside, `${claim.storedName}${ending}`);
	await writeWhole(place, document, join(folders.work, `${claim.id}.json`), onNotice);
	await Promise.all([sync.sync(beside), ...(results === null || results === beside ? [] : [sync.sync(results)])]);
	await rm(systemPath(workFolder), {recursive: true, force: true});
	await moveUnlessMoved(join(folders.underprocess, claim.storedName), join(target, claim.storedName), onNotice);
	await Promise.all([sync.sync(target), sync.sync(folders.underprocess)]);
}

/** Steps write into a folder of their own, which is empty when they begin. */
export async function makeWorkFolder({work}: WatchFolders, claim: string): Promise<string> {
	const folder = join(work, claim);
	await rm(folder, {recursive: true, force: true});
	await mkdir(folder, {mode: 0o700});
	return folder;
}

/** Makes what steps have written last, before anybody relies on it. */
export async function syncOutputs(folder: string, names: readonly string[]): Promise<void> {
	for (const name of names) {
		const handle = await open(systemPath(join(folder, name)), 'r');
		try {
			await handle.sync();
		} finally {
			await handle.close();
		}
	}
}

/**
Removes what was being written when a process died, but for claims that have not ended: what steps have made for a decided one is there alone, until the
system lets it be moved.
*/
export async function tidyWork({folders: {work}, ask}: Pick<WatchContext, 'folders' | 'ask'>): Promise<void> {
	const names = await readdir(work);
	if (names.length === 0) return;
	// Asked after they were listed: no claim has work before it is in the ledger.
	const unfinished = new Set((await ask({type: 'unfinished'})).map(({id}) => id));
	for (const name of names)
		if (!unfinished.has(name.replace(/\.json$/, ''))) await rm(join(work, name), {recursive: true, force: true});
}

/** A reader sees all of it or nothing, and what is there stays until the new one is whole. */
export async function writeWhole(
	path: string,
	text: string,
	temporary: string,
	onNotice: WatchContext['onNotice'],
): Promise<void> {
	const handle = await open(temporary, 'w', 0o666);
	try {
		await handle.writeFile(text);
		await handle.datasync();
	} finally {
		await handle.close();
	}
	await moveTo(path, temporary, onNotice);
}

async function moveUnlessMoved(from: string, to: string, onNotice: WatchContext['onNotice']): Promise<void> {
	try {
		await moveTo(to, from, onNotice);
	} catch (error) {
		// Where it is still there, the folder that it is to be moved to is not.
		if (codeOf(error) !== 'ENOENT' || !(await isGone(from))) throw error;
	}
}
