// What the system tells of changes in a folder: only a hint to list it sooner.
import {type FSWatcher, watch} from 'node:fs';
import {lstat} from 'node:fs/promises';

export class FolderHints {
	readonly #onHint: () => void;
	#followed: {readonly watcher: FSWatcher; readonly inode: number} | null = null;

	constructor(onHint: () => void) {
		this.#onHint = onHint;
	}

	/** Another folder in its place is followed from now on. @throws {Error} When it is not there. */
	async follow(folder: string): Promise<void> {
		const {ino} = await lstat(folder);
		if (this.#followed?.inode === ino) return;
		this.close();
		try {
			const watcher = watch(folder, this.#onHint);
			// Without it, files are seen at the next poll.
			watcher.on('error', () => {});
			this.#followed = {watcher, inode: ino};
		} catch {
			// As many folders are watched as the system allows.
		}
	}

	close(): void {
		this.#followed?.watcher.close();
		this.#followed = null;
	}
}
