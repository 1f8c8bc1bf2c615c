// One process at a time watches a folder.
import {type FileLock, takeLock} from '../ledger/file-lock.ts';
import {openToRead} from '../ledger/open-database.ts';
import {safe} from '../text/safe.ts';
import type {WatchFolders} from './folders.ts';
import {WatchError} from './watch-error.ts';

/** @throws {WatchError} When another process has it. */
export function takeFolder({root, lock, ledger}: WatchFolders): FileLock {
	const taken = takeLock(lock);
	if (taken !== null) return taken;
	throw new WatchError(`${safe(root)} is being watched already${describeOwner(ledger)}. End that one first.`);
}

/** As far as its ledger says: a process that has just taken the folder has not written yet who it is. */
function describeOwner(ledger: string): string {
	try {
		const database = openToRead(ledger);
		try {
			const owner = database.prepare('SELECT process, started_at FROM owners ORDER BY epoch DESC LIMIT 1').get();
			if (owner === undefined) return '';
			const [number = '', , host = ''] = String(owner.process).split(' ');
			return `, by process ${number} on ${host} since ${new Date(Number(owner.started_at)).toISOString()}`;
		} finally {
			database.close();
		}
	} catch {
		// There is none yet: it is about to be made.
		return '';
	}
}
