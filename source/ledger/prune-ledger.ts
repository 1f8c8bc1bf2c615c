// Removes old runs from a ledger, and gives their room back to the disk.
import type {DatabaseSync} from 'node:sqlite';
import {removeOrphans} from './kept-results.ts';
import {explained, openToWrite} from './open-database.ts';
import {isProcessThere} from './process-name.ts';

export interface KeptRuns {
	/** Runs that started earlier than so many days ago are removed; 0 and `null` keep all. */
	readonly keepDays: number | null;
	/** The oldest runs are removed until the ledger is no larger; `null`: it may be of any size. */
	readonly keepSizeBytes: number | null;
}

export interface PrunedLedger {
	readonly removedRuns: number;
	readonly bytesBefore: number;
	readonly bytesAfter: number;
}

/**
Runs that are still going on stay.

@param now - Milliseconds since 1970.
@throws {LedgerError} When the ledger cannot be written.
*/
export function pruneLedger(path: string, {keepDays, keepSizeBytes}: KeptRuns, now = Date.now()): PrunedLedger {
	const database = openToWrite(path);
	try {
		return explained(path, () => {
			const bytesBefore = sizeOf(database);
			const start = keepDays === null || keepDays === 0 ? null : now - keepDays * DAY_MS;
			let removedRuns = 0;
			for (const {number, startedAt} of endedRuns(database)) {
				const isOld = start !== null && startedAt < start;
				if (!isOld && (keepSizeBytes === null || usedBytes(database) <= keepSizeBytes)) break;
				database.prepare('DELETE FROM runs WHERE number = ?').run(number);
				removedRuns++;
				// What remains says how much room there is.
				if (keepSizeBytes !== null) removeOrphans(database);
			}
			removeOrphans(database);
			database.exec('PRAGMA incremental_vacuum');
			database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
			return {removedRuns, bytesBefore, bytesAfter: sizeOf(database)};
		});
	} finally {
		database.close();
	}
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** The oldest first. */
function endedRuns(database: DatabaseSync): {readonly number: number; readonly startedAt: number}[] {
	const rows = database
		.prepare('SELECT number, started_at AS startedAt, status, process FROM runs ORDER BY started_at, number')
		.all() as unknown as {number: number; startedAt: number; status: string; process: string}[];
	return rows.filter(({status, process}) => status !== 'running' || !isProcessThere(process));
}

const sizeOf = (database: DatabaseSync): number => read(database, 'page_count') * read(database, 'page_size');

/** Without the pages that removed runs have left. */
const usedBytes = (database: DatabaseSync): number =>
	(read(database, 'page_count') - read(database, 'freelist_count')) * read(database, 'page_size');

function read(database: DatabaseSync, pragma: 'page_count' | 'page_size' | 'freelist_count'): number {
	return Number(database.prepare(`PRAGMA ${pragma}`).get()?.[pragma]);
}
