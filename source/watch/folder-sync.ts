// Makes changes of folders last: files that have been moved are there after a power cut. Many who ask at the same time share one flush.
import {type FileHandle, open} from 'node:fs/promises';
import {systemPath} from '../text/path-text.ts';
import {codeOf} from '../text/system-error.ts';

export class FolderSync {
	readonly #folders = new Map<string, {running: Promise<void>; next: Promise<void> | null}>();

	/** Resolves when all that was changed in the folder before the call is on the disk. */
	sync(folder: string): Promise<void> {
		const known = this.#folders.get(folder);
		if (known === undefined) {
			const entry = {running: flush(folder), next: null};
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

async function flush(folder: string): Promise<void> {
	let handle: FileHandle;
	try {
		handle = await open(systemPath(folder), 'r');
	} catch (error) {
		// Nothing of it is to last when somebody has removed it.
		if (codeOf(error) === 'ENOENT') return;
		throw error;
	}
	try {
		await handle.sync();
	} finally {
		await handle.close();
	}
}
