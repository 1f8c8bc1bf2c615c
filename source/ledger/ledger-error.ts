/** A ledger that cannot be used: a sentence with its path, what is wrong, and what to do. */
export class LedgerError extends Error {
	override readonly name = 'LedgerError';
}
