// Reading ledgers, as the library does it.

import {readAgain} from './engine/read-again.ts';
import {type Ledger, openLedger as openToRead} from './ledger/ledger.ts';
import {type VerifiedFile, type VerifyOptions, verifyFiles} from './ledger/verify-files.ts';
import {wholePath} from './text/whole-path.ts';

/** Saved runs; see `openLedger`. */
export interface SavedRuns extends Pick<Ledger, 'runs' | 'report' | 'events' | 'files' | 'close'> {
	/**
	Reads files again as their runs did, and compares their bytes and figures: of each file the newest run that has it.

	@returns A verdict for each file; what could not be hashed, like a stream or a member of an archive, is `not-hashed`.
	@throws {LedgerError} When the ledger cannot be read, or has no such run.
	@throws The reason of the signal, when it is aborted before all is read.
	*/
	readonly verify: (options?: VerifySettings) => Promise<readonly VerifiedFile[]>;
}

export interface VerifySettings extends VerifyOptions {
	readonly signal?: AbortSignal | undefined;
}

/**
Opens a ledger that runs were saved to, by `processBatch` or by the command. It is read only, also while others write to it.

@throws {LedgerError} When it cannot be read: a sentence with its path, what is wrong, and what to do. So do its functions.
@example
const ledger = openLedger('ledger.db');
for (const {id, totals} of ledger.runs({search: 'status:failed since:2026-11-01', limit: 10})) {
	console.log(id, totals.failed, ledger.report(id)?.analyses);
}
const changed = (await ledger.verify({paths: ['./exports']})).filter(({verdict}) => verdict !== 'matched');
ledger.close();
*/
export function openLedger(path: string): SavedRuns {
	const ledger = openToRead(path);
	const {runs, report, events, files, close} = ledger;
	return {
		...{runs, report, events, files, close},
		async verify({paths, run, signal} = {}) {
			const wanted = {...(paths !== undefined && {paths: paths.map(each => wholePath(each))}), run};
			const verified = await verifyFiles(ledger, wanted, (read, settings) => readAgain(read, settings, {signal}));
			signal?.throwIfAborted();
			return verified;
		},
	};
}
