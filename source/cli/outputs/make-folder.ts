import {mkdir} from 'node:fs/promises';
import {dirname, resolve} from 'node:path';
import {ReportWriteError} from '../../report/report-write-error.ts';
import {systemPath} from '../../text/path-text.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';
import {exists} from '../process/exists.ts';

/** @throws {EnvironmentError} */
export async function makeOutputFolder(path: string): Promise<void> {
	try {
		await makeFolder(resolve(path));
	} catch (error) {
		throw new EnvironmentError(new ReportWriteError(path, error, 'was not made', 'The folder').message);
	}
}

/** One folder after the other: Node's own way to make parents tries for ever where a folder cannot be made in one that exists (`/proc`). */
async function makeFolder(path: string): Promise<void> {
	if (exists(path)) return;
	await makeFolder(dirname(path));
	try {
		await mkdir(systemPath(path));
	} catch (error) {
		// Another program was faster.
		if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
	}
}
