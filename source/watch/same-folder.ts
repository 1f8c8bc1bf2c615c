// Whether the watched folder is there, and is the one that it was: one that is gone may come back; another one in its place must not be taken for it.
import {lstat} from 'node:fs/promises';
import {safe} from '../text/safe.ts';
import {codeOf} from '../text/system-error.ts';
import type {WatchFolders} from './folders.ts';
import {makeFolders} from './prepare-folders.ts';
import {WatchError} from './watch-error.ts';

export class SameFolder {
	readonly #folders: WatchFolders;
	#inode: number | null = null;
	#lockInode: number | null = null;

	constructor(folders: WatchFolders) {
		this.#folders = folders;
	}

	/**
	Makes what is missing in it. The first time it is told which one it is.

	@throws {WatchError} When it is another one.
	@throws {Error} When it is not there.
	*/
	async prepare(): Promise<void> {
		await this.#assertSame();
		await this.#assertOwned();
		await makeFolders(this.#folders);
	}

	async #assertSame(): Promise<void> {
		const {root} = this.#folders;
		const {ino} = await lstat(root);
		this.#inode ??= ino;
		if (ino !== this.#inode) throw new WatchError(`${safe(root)} was replaced by another folder: watch it anew.`);
	}

	/** Without the file of the lock, another process would take the folder, too. */
	async #assertOwned(): Promise<void> {
		const {root, lock} = this.#folders;
		const stats = await lstat(lock).catch(() => null);
		this.#lockInode ??= stats?.ino ?? null;
		if (stats !== null && stats.ino === this.#lockInode) return;
		// All of it may have gone away just now.
		await this.#assertSame();
		throw new WatchError(`The state of ${safe(root)} (.state/) was removed while it was watched: watch it anew.`);
	}

	/** Whether nothing is there by its name: which of its parts was missed first differs from time to time. */
	async isGone(): Promise<boolean> {
		return (await lstat(this.#folders.root).catch(codeOf)) === 'ENOENT';
	}

	async isThere(): Promise<boolean> {
		const {root, underprocess} = this.#folders;
		const [stats] = await Promise.all([lstat(root), lstat(underprocess)]).catch(() => []);
		return stats?.ino === this.#inode;
	}
}
