// Opens the ledger of a watched folder, and begins the run that its watching is.
import {rm} from 'node:fs/promises';
import {type ClaimsLedger, openClaimsLedger} from '../ledger/claims-ledger.ts';
import {nameProcess} from '../ledger/process-name.ts';
import {createRunId} from '../ledger/save-run.ts';
import {CommitError} from '../ledger/start-commit-thread.ts';
import type {WatchFolders} from './folders.ts';
import type {WatcherOptions} from './watcher-options.ts';

export interface BegunLedger {
	readonly ledger: ClaimsLedger;
	readonly runId: string;
	/** Milliseconds since 1970. */
	readonly startedAt: number;
	/** Whether the disk has no room for more than that. */
	readonly isFull: boolean;
}

/**
@param hasBallast - Whether there is room that was kept for a full disk.
@throws {LedgerError} When it cannot be written.
*/
export async function beginLedger(
	folders: WatchFolders,
	{root, settings, version, isOnce}: WatcherOptions,
	hasBallast: boolean,
): Promise<BegunLedger> {
	const startedAt = Date.now();
	const runId = createRunId(startedAt);
	const data = {
		path: folders.ledger,
		run: {
			...{id: runId, startedAt, folder: root, paths: [root]},
			...{settings: JSON.stringify(settings), process: nameProcess(), version},
		},
	};
	try {
		// Who works off what is there does so as far as the room goes.
		return {ledger: await openClaimsLedger(data), runId, startedAt, isFull: !hasBallast && !isOnce};
	} catch (error) {
		if (!hasBallast || isOnce || !(error instanceof CommitError && error.isFull)) throw error;
		// The room that was kept is enough to begin in, and to wait for more.
		await rm(folders.ballast, {force: true});
		return {ledger: await openClaimsLedger(data), runId, startedAt, isFull: true};
	}
}
