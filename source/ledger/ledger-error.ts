import type {Report} from '../model/report.ts';

/** A ledger that cannot be used: a sentence with its path, what is wrong, and what to do. */
export class LedgerError extends Error {
	override readonly name = 'LedgerError';
	/** What the run came to that could not be saved; there where the library has read files, and the ledger alone is at fault. */
	declare report?: Report;
}
