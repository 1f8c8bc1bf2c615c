// The ledger of a watched folder, as the process that watches it has it.
import type {ClaimAnswers, ClaimCommit, ClaimQuestion, ClaimsThreadData} from './claims-protocol.ts';
import {type CommitThread, startCommitThread} from './start-commit-thread.ts';

export interface ClaimsLedger extends Pick<CommitThread<ClaimCommit, ClaimQuestion, number>, 'commit' | 'close'> {
	/** Counts up with each process that has watched the folder. */
	readonly epoch: number;
	readonly ask: <Question extends ClaimQuestion>(question: Question) => Promise<ClaimAnswers[Question['type']]>;
}

/** @throws {LedgerError} When the ledger cannot be written. */
export async function openClaimsLedger(data: ClaimsThreadData): Promise<ClaimsLedger> {
	const {opened, commit, ask, close} = await startCommitThread<ClaimCommit, ClaimQuestion, number>(
		'claims-thread',
		data,
	);
	return {epoch: opened, commit, ask: ask as ClaimsLedger['ask'], close};
}
