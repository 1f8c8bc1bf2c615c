import {dirname, join} from 'node:path';
import type {BatchSettings} from '../../engine/batch.ts';
import {LedgerError} from '../../ledger/ledger-error.ts';
import {type SavedRun, saveRun} from '../../ledger/save-run.ts';
import {safe} from '../../text/safe.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';
import {makePrivateFolder} from '../process/private-folder.ts';
import {stateFolder} from '../process/state-folder.ts';

/** The ledger of one's own, for `--save` and for commands that are told no other. @throws {EnvironmentError} Without a home. */
export function ownLedgerPath(): string {
	const folder = stateFolder();
	if (folder === null)
		throw new EnvironmentError('There is no home folder to keep a ledger in: name a file, as in --ledger ledger.db');
	return join(folder, 'ledger.db');
}

/**
Begins to save the run. An error of the ledger is told at the end, because the run goes on without it.

@param path - `null`: the ledger of one's own, whose folder is made.
@param settings - How the files are read.
*/
export function openLedger(path: string | null, settings: BatchSettings): SavedRun {
	const file = path ?? makeOwnLedgerFolder();
	const saved = saveRun(file, settings);
	return {
		...saved,
		async finish() {
			try {
				await saved.finish();
			} catch (error) {
				if (error instanceof LedgerError) throw new EnvironmentError(error.message);
				throw error;
			}
		},
	};
}

function makeOwnLedgerFolder(): string {
	const path = ownLedgerPath();
	if (makePrivateFolder(dirname(path)) === null)
		throw new EnvironmentError(
			`A ledger of your own cannot be kept in ${safe(dirname(path))}: it must be a folder that only you can write to, on a disk with room. Name another place: --ledger ledger.db`,
		);
	return path;
}
