import {existsSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {setTimeout} from 'node:timers/promises';
import type {BatchSettings} from '../../engine/batch.ts';
import {diffWithEarlier, type EndedRun} from '../../ledger/diff-runs.ts';
import {openLedger as openToRead} from '../../ledger/ledger.ts';
import {LedgerError} from '../../ledger/ledger-error.ts';
import {type SavedRun, type SavingOptions, saveRun} from '../../ledger/save-run.ts';
import type {RunEvent} from '../../model/events.ts';
import type {Drift} from '../../model/run-diff.ts';
import type {ReportCollector} from '../../report/collect-report.ts';
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

export interface OpenLedger extends SavedRun {
	/** What changed since the earlier run; `null` also before the end of this one. */
	readonly drift: () => Drift;
	/** Resolves when what has happened is on the disk: a result that somebody was told of can be found again. Not waited for at any price. */
	readonly kept: () => Promise<void>;
}

/** A disk that takes longer does not answer, or another process writes to the ledger: then the report comes first. */
const KEPT_WITHIN_MS = 5000;

/**
Begins to save the run. An error of the ledger is told at once and at the end, because the run goes on without it.

@param path - `null`: the ledger of one's own, whose folder is made.
@param settings - How the files are read.
@param saving - Which results are kept and found.
@param collector - Handles each event before this does.
*/
export function openLedger(
	path: string | null,
	settings: BatchSettings,
	saving: Omit<SavingOptions, 'startedAt' | 'onFailed'>,
	collector: ReportCollector,
): OpenLedger {
	const file = path ?? makeOwnLedgerFolder();
	// In one that this run makes there is no earlier run, and it may not be there yet when the run ends.
	const wasThere = existsSync(file);
	const startedAt = Date.now();
	const saved = saveRun(file, settings, {...saving, startedAt, onFailed: tellFailure});
	let paths: readonly string[] = [];
	let hasEnded = false;
	let drift: Drift | undefined;
	return {
		...saved,
		handle(event: RunEvent) {
			saved.handle(event);
			if (event.type === 'run-started') paths = event.paths;
			if (event.type !== 'run-completed' && event.type !== 'file-queued') return;
			// What a stopped run did not read has not changed for that.
			hasEnded = event.type === 'run-completed' && event.status === 'completed';
			drift = undefined;
		},
		drift() {
			if (!wasThere || !hasEnded) return null;
			const place = {id: saved.id, startedAt, folder: process.cwd(), paths};
			drift ??= findDrift(file, {
				...{...place, reading: saving.reading ?? ''},
				...{report: collector.report(), analyses: collector.analyses()},
			});
			return drift;
		},
		kept: () => Promise.race([saved.flush(), setTimeout(KEPT_WITHIN_MS, undefined, {ref: false})]),
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

/** At once, because a run may take hours; the dashboard keeps what is written to standard error. */
function tellFailure(error: Error): void {
	if (error instanceof LedgerError)
		process.stderr.write(`fileproc-tui: ${error.message} The run goes on, and is not saved.\n`);
}

function findDrift(path: string, run: EndedRun): Drift {
	try {
		const ledger = openToRead(path);
		try {
			return diffWithEarlier(ledger, run);
		} finally {
			ledger.close();
		}
	} catch (error) {
		if (error instanceof LedgerError) return {problem: error.message};
		throw error;
	}
}

function makeOwnLedgerFolder(): string {
	const path = ownLedgerPath();
	if (makePrivateFolder(dirname(path)) === null)
		throw new EnvironmentError(
			`A ledger of your own cannot be kept in ${safe(dirname(path))}: it must be a folder that only you can write to, on a disk with room. Name another place: --ledger ledger.db`,
		);
	return path;
}
