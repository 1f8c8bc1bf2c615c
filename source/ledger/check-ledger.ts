// Whether a ledger is whole.
import {statSync} from 'node:fs';
import {LedgerError} from './ledger-error.ts';
import {explained, openToRead} from './open-database.ts';

export interface CheckedLedger {
	readonly runs: number;
	readonly bytes: number;
	/** What is wrong, and what to do; `null` where it is whole. */
	readonly fault: string | null;
}

/** What SQLite says of the place of a fault helps nobody who has no other copy. */
const DAMAGED =
	'It is damaged: a part of it is not what was written. Put it aside, and restore a copy of it; without one, the next run that is saved makes a new one.';

/** Reads all of it. */
export function checkLedger(path: string): CheckedLedger {
	try {
		const database = openToRead(path);
		try {
			return explained(path, () => {
				const [first] = database.prepare('PRAGMA integrity_check(1)').all();
				const found = String(first?.integrity_check);
				const {runs} = database.prepare('SELECT count(*) AS runs FROM runs').get() ?? {};
				const fault = found === 'ok' ? null : DAMAGED;
				return {runs: Number(runs), bytes: statSync(path).size, fault};
			});
		} finally {
			database.close();
		}
	} catch (error) {
		if (!(error instanceof LedgerError)) throw error;
		return {runs: 0, bytes: 0, fault: error.message};
	}
}
