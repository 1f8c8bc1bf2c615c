// Opens the file of a ledger, and makes it where there is none. A file of anything else is refused before it is touched.
import {closeSync, constants, fstatSync, openSync, readSync, statfsSync} from 'node:fs';
import type {DatabaseSync} from 'node:sqlite';
import {safe} from '../text/safe.ts';
import {codeOf, messageOf} from '../text/system-error.ts';
import {LedgerError} from './ledger-error.ts';
import {APPLICATION_ID, MIGRATIONS} from './schema.ts';
import {loadSqlite} from './sqlite.ts';

/** How long a process waits for another one that writes to the same ledger. A transaction takes milliseconds. */
const BUSY_TIMEOUT_MS = 30_000;

/**
Opens a ledger to write to it, and brings its tables up to date; a copy of an older one is kept beside it, as
`ledger.db.v1-20261129155624123.bak`.

@param migrations - The steps from one version of the tables to the next.
@throws {LedgerError} When that is not possible.
*/
export function openToWrite(path: string, migrations = MIGRATIONS): DatabaseSync {
	const {DatabaseSync} = loadSqlite();
	return explained(path, () => {
		assertLedgerOrNew(path, constants.O_RDWR | constants.O_CREAT);
		const database = new DatabaseSync(path, {timeout: BUSY_TIMEOUT_MS});
		try {
			assertOurs(database, migrations);
			database.exec('PRAGMA auto_vacuum = INCREMENTAL');
			const {journal_mode: mode} = database.prepare('PRAGMA journal_mode = WAL').get() ?? {};
			if (mode !== 'wal') throw new Error('its file system has no shared memory, which a ledger needs');
			database.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
			migrate(database, path, migrations);
			return database;
		} catch (error) {
			database.close();
			throw error;
		}
	});
}

/**
Opens a ledger to read it.

@throws {LedgerError} When there is none, or it cannot be read.
*/
export function openToRead(path: string, migrations = MIGRATIONS): DatabaseSync {
	const {DatabaseSync} = loadSqlite();
	return explained(path, () => {
		assertLedgerOrNew(path, constants.O_RDONLY);
		const database = new DatabaseSync(path, {readOnly: true, timeout: BUSY_TIMEOUT_MS});
		try {
			const version = assertOurs(database, migrations);
			if (version === 0) throw new Error('nothing has been saved to it yet: a run with --ledger makes a ledger of it');
			if (version < migrations.length)
				throw new Error(
					'it is of an older version of this program: it is brought up to date when a run is saved to it',
				);
			return database;
		} catch (error) {
			database.close();
			throw error;
		}
	});
}

/** Runs something on a ledger; an error says which ledger, and what to do. */
export function explained<Value>(path: string, perform: () => Value): Value {
	try {
		return perform();
	} catch (error) {
		if (error instanceof LedgerError) throw error;
		throw new LedgerError(`The ledger ${safe(path)} cannot be used: ${reasonOf(error, path)}.`, {cause: error});
	}
}

/** The same for what is read one by one, as it is asked for. */
export function* explainedEach<Value>(path: string, values: Iterable<Value>): Generator<Value, void, undefined> {
	try {
		yield* values;
	} catch (error) {
		explained(path, () => {
			throw error;
		});
	}
}

const SQLITE_FILE_START = Buffer.from('SQLite format 3\0');

/** SQLite itself would first write to a file that is empty or open one of another program, and then complain. */
function assertLedgerOrNew(path: string, flags: number): void {
	// Other users have no part in it: it holds names and values of the data.
	const descriptor = openSync(path, flags | constants.O_NONBLOCK, 0o600);
	try {
		const stats = fstatSync(descriptor);
		if (!stats.isFile()) throw new Error('it is not a regular file: name another one');
		const start = Buffer.alloc(SQLITE_FILE_START.length);
		const length = readSync(descriptor, start, 0, start.length, 0);
		if (length > 0 && !start.equals(SQLITE_FILE_START)) throw new Error('it is something else: name another file');
	} finally {
		closeSync(descriptor);
	}
}

/** @returns The version of its tables; 0 where it is new. */
function assertOurs(database: DatabaseSync, migrations: readonly string[]): number {
	const id = readNumber(database, 'application_id');
	const version = readNumber(database, 'user_version');
	if (version > migrations.length && id === APPLICATION_ID)
		throw new Error('it is of a newer version of this program: update it, or name another file');
	const {count} = database.prepare('SELECT count(*) AS count FROM sqlite_schema').get() ?? {};
	const isNew = version === 0 && count === 0;
	if (id !== APPLICATION_ID && !isNew) throw new Error('it is a database of another program: name another file');
	return version;
}

function migrate(database: DatabaseSync, path: string, migrations: readonly string[]): void {
	if (assertOurs(database, migrations) === migrations.length) return;
	// Another process may be at the same: only one of them gets the lock, and the others find the work done.
	database.exec('BEGIN IMMEDIATE');
	try {
		const version = assertOurs(database, migrations);
		if (version > 0 && version < migrations.length) keepCopy(path, version);
		for (const step of migrations.slice(version)) database.exec(step);
		database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${migrations.length}`);
		database.exec('COMMIT');
	} catch (error) {
		if (database.isTransaction) database.exec('ROLLBACK');
		throw error;
	}
}

/** By a connection of its own, because no copy can be made within a transaction; readers are not locked out. */
function keepCopy(path: string, version: number): void {
	const {DatabaseSync} = loadSqlite();
	const database = new DatabaseSync(path, {readOnly: true, timeout: BUSY_TIMEOUT_MS});
	try {
		const time = new Date().toISOString().replace(/\D/g, '');
		database.prepare('VACUUM INTO ?').run(`${path}.v${version}-${time}.bak`);
	} finally {
		database.close();
	}
}

function readNumber(database: DatabaseSync, pragma: 'application_id' | 'user_version'): number {
	const value = database.prepare(`PRAGMA ${pragma}`).get()?.[pragma];
	if (typeof value !== 'number') throw new Error(`Expected PRAGMA ${pragma} to be a number`);
	return value;
}

/** Result codes of SQLite (sqlite.org/rescode.html), without what their upper bits add. */
const REASONS: Readonly<Record<number, string>> = {
	5: 'another process has been writing to it for too long: end that one, or name another file',
	6: 'another process has locked it: end that one, or name another file',
	8: 'it may not be written: change its permissions, or name another file',
	10: 'its disk reports an error: check the disk, or name a file on another one',
	11: 'it is damaged: put it aside, and restore a copy of it, or let the next run make a new one',
	14: 'it cannot be opened: its folder must exist and be yours to write',
	26: 'it is damaged, or something else: put it aside, or name another file',
};

/** SQLite: the disk has reported an error; it is full. */
const [SQLITE_IOERR, SQLITE_FULL] = [10, 13];
/** More than a small transaction takes, and the index of a log. */
const SMALL_BYTES = 1024 * 1024;

/** A result code of SQLite, without what its upper bits add; `null`: it is an error of something else. */
export const resultCodeOf = (error: unknown): number | null =>
	error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : null;

/** Whether an error is that the disk of a ledger is full. For files beside the ledger SQLite says no more than that the disk has reported an error. */
export function isOutOfRoom(error: unknown, path: string): boolean {
	const result = resultCodeOf(error);
	return (
		result === SQLITE_FULL ||
		['ENOSPC', 'EDQUOT'].includes(codeOf(error) ?? '') ||
		(result === SQLITE_IOERR && hasNoRoom(path))
	);
}

function hasNoRoom(path: string): boolean {
	try {
		const {bavail, bsize} = statfsSync(path);
		return bavail * bsize < SMALL_BYTES;
	} catch {
		return false;
	}
}

/** What is wrong, as the end of a sentence. */
function reasonOf(error: unknown, path: string): string {
	if (isOutOfRoom(error, path)) return 'its disk is full: make room, or name a file on another one';
	const result = resultCodeOf(error);
	if (result !== null) return REASONS[result] ?? messageOf(error);
	switch (codeOf(error)) {
		case 'ENOENT':
			return 'there is no such file or folder';
		case 'EISDIR':
			return 'it is a folder: name a file';
		case 'ENOTDIR':
			return 'a part of its path is a file: name another one';
		case 'EACCES':
		case 'EPERM':
			return 'it may not be opened by you: change its permissions, or name another file';
		case 'EROFS':
			return 'its disk is read-only: name a file on another one';
		default:
			return messageOf(error);
	}
}
