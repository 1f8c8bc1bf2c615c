// Flushes a folder for many at once: what hundreds ask for at the same moment is done once for all of them.
import {syncFolder} from '../report/sync-folder.ts';

export class FolderSync {
	readonly #folder: string;
	/** One that has not begun yet. */
	#coming: Promise<void> | null = null;
	#underWay: Promise<void> = Promise.resolve();

	constructor(folder: string) {
		this.#folder = folder;
	}

	/** Resolves when all names that are there by now stay there. One that is under way may have begun before. */
	flush(): Promise<void> {
		this.#coming ??= this.#underWay.then(() => {
			this.#coming = null;
			const flushed = syncFolder(this.#folder);
			this.#underWay = flushed.catch(() => {});
			return flushed;
		});
		return this.#coming;
	}
}
