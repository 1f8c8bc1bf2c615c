// Files that go into the watched folder: the watch reads them at once, so they are looked at before.
import {type Problem, problem} from '../problem.ts';
import type {Scans} from './scans.ts';

/** @throws {Problem} Where the scanner calls it harmful, or says nothing. */
export async function assertHarmless(scans: Scans | null, path: string): Promise<void> {
	const verdict = await scans?.scanPath(path);
	if (verdict === undefined || verdict.outcome === 'clean') return;
	if (verdict.outcome === 'blocked') throw notHarmless(verdict.reason);
	throw problem(
		'SCANNER_AWAY',
		'The scanner of the server says nothing at this moment, so nothing goes into the inbox.',
		{
			retryAfter: 30,
		},
	);
}

const notHarmless = (reason: string): Problem => {
	const message = `The scanner of the server calls it ${reason}.`;
	return problem('NOT_TAKEN', message, {more: {reason: {code: 'BLOCKED_BY_SCAN', message}}});
};
