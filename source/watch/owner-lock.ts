// One process at a time watches a folder. The system itself holds the lock, and lets it go when the process dies in any way.
import type {DatabaseSync} from 'node:sqlite';
import {openToRead} from '../ledger/open-database.ts';
import {loadSqlite} from '../ledger/sqlite.ts';
import {safe} from '../text/safe.ts';
import type {WatchFolders} from './folders.ts';
import {WatchError} from './watch-error.ts';

export interface OwnerLock {
	readonly release: () => void;
}

/** SQLite: another connection holds the lock. */
const SQLITE_BUSY = 5;

/**
Takes the folder. Node has no locks of files, but SQLite has: those of an empty database, which is never written.

@throws {WatchError} When another process has it.
*/
export function takeFolder({root, lock, ledger}: WatchFolders): OwnerLock {
	let database: DatabaseSync | null = null;
	try {
		const {DatabaseSync} = loadSqlite();
		database = new DatabaseSync(lock, {timeout: 0});
		database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
	} catch (error) {
		database?.close();
		if (!isBusy(error)) throw error;
		throw new WatchError(`${safe(root)} is being watched already${describeOwner(ledger)}. End that one first.`);
	}
	return {release: () => database.close()};
}

const isBusy = (error: unknown): boolean =>
	error instanceof Error &&
	'errcode' in error &&
	typeof error.errcode === 'number' &&
	(error.errcode & 0xff) === SQLITE_BUSY;

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
