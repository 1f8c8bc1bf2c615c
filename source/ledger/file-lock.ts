// A lock that one process at a time holds. The system itself holds it, and lets it go when the process dies in any way.
import type {DatabaseSync} from 'node:sqlite';
import {loadAnySqlite} from './sqlite.ts';

export interface FileLock {
	readonly release: () => void;
}

/** SQLite: another connection holds the lock. */
const SQLITE_BUSY = 5;

/**
Node has no locks of files, but SQLite has: those of an empty database, which is never written.

@returns `null` where another process holds it.
@throws {Error} When the file cannot be opened.
*/
export function takeLock(path: string | Buffer): FileLock | null {
	let database: DatabaseSync | null = null;
	try {
		const {DatabaseSync} = loadAnySqlite();
		database = new DatabaseSync(path, {timeout: 0});
		database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
	} catch (error) {
		database?.close();
		if (isBusy(error)) return null;
		throw error;
	}
	return {release: () => database.close()};
}

const isBusy = (error: unknown): boolean =>
	error instanceof Error &&
	'errcode' in error &&
	typeof error.errcode === 'number' &&
	(error.errcode & 0xff) === SQLITE_BUSY;
