// Makes changes of folders last: files that have been moved are there after a power cut. Many who ask at the same time share one flush.
import {syncFolder} from './sync-folder.ts';

export class FolderSync {
	readonly #folders = new Map<string, {running: Promise<void>; next: Promise<void> | null}>();

	/** Resolves when all that was changed in the folder before the call is on the disk. */
	sync(folder: string): Promise<void> {
		const known = this.#folders.get(folder);
		if (known === undefined) {
			const entry = {running: syncFolder(folder), next: null};
			this.#folders.set(folder, entry);
			const forget = (): void => {
				if (entry.next === null) this.#folders.delete(folder);
			};
			entry.running.then(forget, forget);
			return entry.running;
		}
		// The one that is under way may have begun before the change.
		known.next ??= known.running
			.catch(() => {})
			.then(() => {
				this.#folders.delete(folder);
				return this.sync(folder);
			});
		return known.next;
	}
}
