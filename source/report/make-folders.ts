import {mkdir, stat} from 'node:fs/promises';
import {dirname} from 'node:path';
import {codeOf} from '../text/system-error.ts';

/**
Makes a folder, and those above it that are missing. Not with `recursive`: in folders like /proc, where no folder can be made, Node would loop
forever.

@throws {Error} Of the system.
*/
export async function makeFolders(folder: string, mode?: number): Promise<void> {
	try {
		await mkdir(folder, {mode});
	} catch (error) {
		const parent = dirname(folder);
		if (codeOf(error) === 'ENOENT' && parent !== folder) {
			await makeFolders(parent, mode);
			await mkdir(folder, {mode});
		} else if (!(await stat(folder).catch(() => null))?.isDirectory()) throw error;
	}
}
