// What somebody is told who asks for a file that the scanner has not looked at yet, or that it has not let pass.
import type {ServerLedger} from '../../ledger/server-ledger.ts';
import {notFound, type Problem, problem} from '../problem.ts';

export const notScannedYet = (): Problem =>
	problem('SCANNING', 'The file waits for the scanner of the server, and is not given out before.', {retryAfter: 5});

/** Of a file that an account has not, or has no more. */
export function noSuchFile(ledger: ServerLedger, account: string, id: string): Problem {
	const row = ledger.get('SELECT scan FROM datasets WHERE id = ? AND account = ?', id, account);
	if (row?.scan !== 'blocked') return notFound('file');
	return problem(
		'NOT_FOUND',
		'The file was removed: the scanner of the server called it harmful, or could not look at it. The event file-scanned says which.',
	);
}
