// Which folder is watched: one that is gone may come back, another one is not taken for it.
import {mkdirSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {lstat} from 'node:fs/promises';
import {expect, onTestFinished, test, vi} from 'vitest';
import {watchFolders} from '../../source/watch/folders.ts';
import {SameFolder} from '../../source/watch/same-folder.ts';
import {WatchError} from '../../source/watch/watch-error.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';
import {openWatching} from '../helpers/watched-pipeline.ts';

vi.mock('node:fs/promises', async getActual => {
	const fs = await getActual<typeof import('node:fs/promises')>();
	return {...fs, lstat: vi.fn(fs.lstat)};
});
const actual = await vi.importActual<typeof import('node:fs/promises')>('node:fs/promises');

async function open() {
	const folder = createTemporaryFolder();
	const folders = watchFolders(folder.folder('inbox'));
	mkdirSync(folders.state);
	writeFileSync(folders.lock, '');
	const same = new SameFolder(folders);
	await same.prepare();
	return {folder, folders, same};
}

test('folders in it that are gone are made anew', async () => {
	const {folders, same} = await open();
	rmSync(folders.unprocessed, {recursive: true});
	await same.prepare();
	expect(await same.isThere()).toBe(true);
});

test('it may be away for a while', async () => {
	const {folder, folders, same} = await open();
	renameSync(folders.root, folder.at('elsewhere'));
	await expect(same.prepare()).rejects.toMatchObject({code: 'ENOENT'});
	expect(await same.isThere()).toBe(false);
	renameSync(folder.at('elsewhere'), folders.root);
	await same.prepare();
});

test('it may go away between two looks at it', async () => {
	const {folder, folders, same} = await open();
	vi.mocked(lstat).mockImplementation((path, ...options) => {
		if (path === folders.lock) renameSync(folders.root, folder.at('elsewhere'));
		return actual.lstat(path, ...options);
	});
	onTestFinished(() => void vi.mocked(lstat).mockImplementation(actual.lstat));
	await expect(same.prepare()).rejects.toMatchObject({code: 'ENOENT'});
});

test.each(['removed', 'replaced'])('without its lock, which was %s, another process could have it, too', async how => {
	const {folders, same} = await open();
	// The first file keeps its number, so another one has a new one.
	if (how === 'replaced') renameSync(folders.lock, `${folders.lock}.old`);
	else rmSync(folders.state, {recursive: true});
	if (how === 'replaced') writeFileSync(folders.lock, '');
	await expect(same.prepare()).rejects.toThrow(WatchError);
});

test('a folder that is gone before its watch begins is told, and is no fault of the program', async () => {
	const {path} = createTemporaryFolder();
	const {watcher} = await openWatching(path);
	renameSync(path, `${path} away`);
	onTestFinished(() => rmSync(`${path} away`, {recursive: true}));
	await expect(watcher.run()).rejects.toThrow(WatchError);
});
