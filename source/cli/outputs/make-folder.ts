import {mkdir} from 'node:fs/promises';
import {dirname} from 'node:path';
import {systemPath} from '../../text/path-text.ts';
import {exists} from '../process/exists.ts';

/** One folder after the other: Node's own way to make parents tries for ever where a folder cannot be made in one that exists (`/proc`). */
export async function makeFolder(path: string): Promise<void> {
	if (exists(path)) return;
	await makeFolder(dirname(path));
	try {
		await mkdir(systemPath(path));
	} catch (error) {
		// Another program was faster.
		if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
	}
}
