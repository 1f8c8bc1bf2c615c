// Folders that are held open while something is done in them, so that nobody can put a link in the place of one meanwhile.
import {closeSync, constants, lstatSync, openSync} from 'node:fs';
import {join} from 'node:path';
import {systemPath} from '../text/path-text.ts';

/** Of all folders of results at once, these are few. */
const HELD_AT_MOST = 64;

const {O_RDONLY, O_DIRECTORY = 0, O_NOFOLLOW = 0} = constants;

export class HeldFolders {
	readonly #root: string;
	readonly #descriptors = new Map<string, number>();

	constructor(root: string) {
		this.#root = root;
	}

	/**
	A path that leads to a file in a folder below the root, through no link behind the root.

	@param file - Relative to the root.
	@throws {Error} With the code ENOTDIR or ELOOP, where a folder on the way is a link or something else.
	*/
	pathIn(file: string): string {
		const parts = file.split('/');
		const name = parts.pop() ?? '';
		if (parts.includes('..') || name === '..') throw new Error(`Expected a path below the folder, not ${file}`);
		return join(this.#enter(parts.filter(part => part !== '' && part !== '.')), name);
	}

	close(): void {
		for (const descriptor of this.#descriptors.values()) closeSync(descriptor);
		this.#descriptors.clear();
	}

	#enter(parts: readonly string[]): string {
		// Elsewhere a folder has no such name while it is open: then it is looked at just before.
		if (process.platform !== 'linux') return this.#lookAt(parts);
		const key = parts.join('/');
		let descriptor = this.#descriptors.get(key);
		if (descriptor === undefined) {
			const last = parts.at(-1);
			const path = last === undefined ? this.#root : join(this.#enter(parts.slice(0, -1)), last);
			const how = last === undefined ? O_RDONLY | O_DIRECTORY : O_RDONLY | O_DIRECTORY | O_NOFOLLOW;
			descriptor = openSync(systemPath(path), how);
			this.#letGo();
			this.#descriptors.set(key, descriptor);
		}
		return `/proc/self/fd/${descriptor}`;
	}

	#letGo(): void {
		if (this.#descriptors.size < HELD_AT_MOST) return;
		const [oldest] = this.#descriptors;
		if (oldest === undefined) return;
		closeSync(oldest[1]);
		this.#descriptors.delete(oldest[0]);
	}

	#lookAt(parts: readonly string[]): string {
		let path = this.#root;
		for (const part of parts) {
			path = join(path, part);
			if (!lstatSync(systemPath(path)).isDirectory())
				throw Object.assign(new Error(`ENOTDIR: not a directory, ${path}`), {code: 'ENOTDIR'});
		}
		return path;
	}
}
