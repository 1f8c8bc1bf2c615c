// Files of a server that nobody knows: what was coming in when a process died.
import {readdir, rm} from 'node:fs/promises';
import {join} from 'node:path';
import type {ServerLedger} from '../ledger/server-ledger.ts';
import {idOfName, type StoredNames} from './encryption/stored-names.ts';
import {isLeft} from './is-old.ts';

/** Removes what was coming in at once when a process died, and files that nobody knows. */
export async function tidyStored(ledger: ServerLedger, incoming: StoredNames, files: StoredNames): Promise<void> {
	for (const name of await readdir(incoming.folder)) {
		const {id, bytes} = idOfName(name);
		const row = ledger.get('SELECT received_bytes FROM uploads WHERE id = ? AND dataset IS NULL', id);
		if (row !== undefined && (bytes === null || bytes === Number(row.received_bytes))) continue;
		const path = join(incoming.folder, name);
		if (!(await isLeft(ledger, path))) continue;
		await rm(path, {force: true});
		if (bytes === null) incoming.remove(id);
	}
	for (const name of await readdir(files.folder)) {
		const {id} = idOfName(name);
		const row = ledger.get(`SELECT 1 AS found FROM datasets WHERE id = ? AND state = 'stored'`, id);
		const path = join(files.folder, name);
		if (row !== undefined || !(await isLeft(ledger, path))) continue;
		await rm(path, {force: true});
		files.remove(id);
	}
}
