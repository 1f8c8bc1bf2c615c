// The folder of files that several instances share, as a network drive that all of them have: whether it is the same one is seen by a file in it.
import {existsSync} from 'node:fs';
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {ServerLedger} from '../ledger/server-ledger.ts';
import {makeFolders} from '../report/make-folders.ts';
import {safe} from '../text/safe.ts';
import {codeOf, messageOf} from '../text/system-error.ts';
import {ServeError} from './serve-error.ts';

/** Has the id of the log in it that the files belong to. */
const MARK = 'shared-by';

/** @throws {ServeError} Where it cannot be used, or is not the folder of the others. */
export async function openSharedFiles(folder: string, ledger: ServerLedger): Promise<void> {
	const log = ledger.shared?.log ?? '';
	await makeFolders(folder, 0o700).catch((error: unknown) => {
		throw new ServeError(`${safe(folder)} cannot be used as --shared-files: ${messageOf(error)}.`);
	});
	const path = join(folder, MARK);
	for (;;) {
		const found = await readMark(path);
		if (found === log) return;
		if (found !== null)
			throw new ServeError(
				`${safe(folder)} has the files of other servers, which share another log: expected ${log} in ${safe(path)}, and found ${safe(found)}. Name the folder of these by --shared-files.`,
			);
		assertHasFiles(folder, ledger);
		try {
			await writeFile(path, `${log}\n`, {flag: 'wx', mode: 0o600, flush: true});
		} catch (error) {
			// Another instance begins at this moment.
			if (codeOf(error) !== 'EEXIST')
				throw new ServeError(`${safe(folder)} cannot be used as --shared-files: ${messageOf(error)}.`);
		}
	}
}

/** `null`: there is none. */
async function readMark(path: string): Promise<string | null> {
	try {
		return (await readFile(path, 'utf8')).trim();
	} catch (error) {
		if (codeOf(error) === 'ENOENT') return null;
		throw new ServeError(`${safe(path)} cannot be read: ${messageOf(error)}.`);
	}
}

/** A folder without a mark is that of a server which was alone until now, or a new one: then nothing has been sent in yet. */
function assertHasFiles(folder: string, ledger: ServerLedger): void {
	const row = ledger.get(`SELECT id FROM datasets WHERE state = 'stored' ORDER BY number LIMIT 1`);
	if (row === undefined || existsSync(join(folder, 'files', String(row.id)))) return;
	throw new ServeError(
		`${safe(folder)} has none of the files that were sent in: is it the folder that all instances share, and is the drive mounted? A server that was alone until now has them in its --data: move files, incoming, rejects and tables from there.`,
	);
}
