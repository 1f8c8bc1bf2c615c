// Somebody has put something where a file of a claim belongs, or a folder for it. It gets another name: nothing of it is lost, and the claim goes on.
import {lstat, mkdir, rename, stat} from 'node:fs/promises';
import {basename, join} from 'node:path';
import {displayPath, systemPath} from '../text/path-text.ts';
import {codeOf} from '../text/system-error.ts';
import {isGone} from './refusal.ts';
import type {WatchContext} from './watch-context.ts';

type OnNotice = WatchContext['onNotice'];

/** A file that is there is replaced; a folder is put aside. */
export async function moveTo(to: string, from: string, onNotice: OnNotice): Promise<void> {
	const move = (): Promise<void> => rename(systemPath(from), systemPath(to));
	try {
		await move();
	} catch (error) {
		if (codeOf(error) !== 'EISDIR') throw error;
		await putAside(to, onNotice);
		await move();
	}
}

/**
Makes a folder below another one, with those between.

@returns Whether any of it was not there.
*/
export async function makeFolderIn(folder: string, below: string, onNotice: OnNotice): Promise<boolean> {
	const make = (): Promise<string | undefined> => mkdir(systemPath(join(folder, below)), {recursive: true});
	try {
		return (await make()) !== undefined;
	} catch (error) {
		if (codeOf(error) !== 'EEXIST' && codeOf(error) !== 'ENOTDIR') throw error;
		let path = folder;
		for (const name of below.split('/')) {
			path = join(path, name);
			if ((await isGone(path)) || (await isFolder(path))) continue;
			await putAside(path, onNotice);
		}
		await make();
		return true;
	}
}

/** Also by a link. */
const isFolder = (path: string): Promise<boolean> =>
	stat(systemPath(path)).then(
		stats => stats.isDirectory(),
		() => false,
	);

async function putAside(path: string, onNotice: OnNotice): Promise<void> {
	let [free, count] = [`${path}.aside`, 1];
	while (await lstat(systemPath(free)).catch(() => null)) free = `${path}.aside-${++count}`;
	await rename(systemPath(path), systemPath(free));
	onNotice(
		`${displayPath(path)} was in the way of a file that belongs there: it is called ${displayPath(basename(free))} now.`,
	);
}
