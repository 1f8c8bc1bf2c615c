import type {Ledger} from '../../../ledger/ledger.ts';
import {quoted, UsageError} from '../../arguments/usage-error.ts';

/** More do not help to choose. */
const SHOWN_IDS = 5;

/**
The id of the run that somebody means by an id, its beginning, or `last`.

@returns The word itself where no run begins so.
@throws {UsageError} When several runs do.
*/
export function resolveRun(ledger: Ledger, word: string): string {
	const ids = ledger.idsOf(word);
	const [id = word] = ids;
	if (ids.length <= 1) return id;
	const more = ids.length > SHOWN_IDS ? ', …' : '';
	throw new UsageError(
		`${ids.length} runs begin with ${quoted(word)}: ${ids.slice(0, SHOWN_IDS).join(', ')}${more}. Say more of the id.`,
	);
}
