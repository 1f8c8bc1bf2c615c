// Claims of a watched folder, written as the watch writes them.
import {basename} from 'node:path';
import type {DatabaseSync} from 'node:sqlite';
import type {Claim} from '../../source/ledger/claims-reader.ts';
import {openToWrite} from '../../source/ledger/open-database.ts';
import {nameProcess} from '../../source/ledger/process-name.ts';
import {pathBytes} from '../../source/text/path-text.ts';
import {storedName, type WatchFolders, watchFolders} from '../../source/watch/folders.ts';
import type {TemporaryFolder} from './temporary-folder.ts';

export interface WatchedFolder {
	readonly folders: WatchFolders;
	readonly ledger: DatabaseSync;
}

/** A watched folder with all that belongs to it, and no claim. */
export function createWatchedFolder(folder: TemporaryFolder): WatchedFolder {
	for (const name of ['unprocessed', 'underprocess', 'processed', 'failed', 'results', '.state']) folder.folder(name);
	const folders = watchFolders(folder.path);
	return {folders, ledger: openToWrite(folders.ledger)};
}

/** @returns The epoch. */
export function addOwner(
	ledger: DatabaseSync,
	changes: {process?: string; startedAt?: number; endedAt?: number} = {},
): number {
	const {process = nameProcess(), startedAt = Date.now(), endedAt = null} = changes;
	const {lastInsertRowid} = ledger
		.prepare('INSERT INTO owners (process, started_at, ended_at) VALUES (?, ?, ?)')
		.run(process, startedAt, endedAt);
	return Number(lastInsertRowid);
}

/** A claim of a file of 100 bytes that was processed; `changes` make another one of it. */
export function claimOf(id: string, changes: Partial<Claim> = {}): Claim {
	const {name = `${id}.csv`} = changes;
	return {
		id,
		name,
		storedName: storedName(id, basename(name)),
		source: 'drop',
		route: null,
		retryOf: null,
		retriedBy: null,
		state: 'finished',
		status: 'completed',
		destination: changes.status === 'failed' ? 'failed' : 'processed',
		duplicateOf: null,
		duplicateOfName: null,
		code: null,
		message: null,
		tag: 'transactions',
		step: null,
		attempts: 1,
		bytes: 100,
		rows: 10,
		rejectedRows: 1,
		arrivedAt: 1000,
		claimedAt: 2000,
		startedAt: 3000,
		decidedAt: 4000,
		finishedAt: 5000,
		...changes,
	};
}

/** The same as it is before it is decided. */
export const undecided = {
	state: 'claimed',
	status: null,
	destination: null,
	rows: null,
	rejectedRows: null,
	startedAt: null,
	decidedAt: null,
	finishedAt: null,
} as const satisfies Partial<Claim>;

/** Adds a claim to the ledger, or changes it there. */
export function saveClaim(ledger: DatabaseSync, claim: Claim): Claim {
	// That is in the row of the other claim.
	const {duplicateOfName: _, ...columnsOf} = claim;
	const row = {
		...columnsOf,
		name: pathBytes(claim.name),
		storedName: pathBytes(claim.storedName),
	};
	const keys = Object.keys(row) as (keyof typeof row)[];
	const columns = keys.map(key => key.replaceAll(/[A-Z]/g, letter => `_${letter.toLowerCase()}`));
	ledger
		.prepare(
			`INSERT INTO claims (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
			ON CONFLICT (id) DO UPDATE SET ${columns.map(column => `${column} = excluded.${column}`).join(', ')}`,
		)
		.run(...keys.map(key => row[key]));
	return claim;
}
