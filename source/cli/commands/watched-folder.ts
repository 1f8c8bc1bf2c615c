// The folder that `status`, `clean` and `doctor` are told.
import {displayPath} from '../../text/path-text.ts';
import {safe} from '../../text/safe.ts';
import type {WatchFolders} from '../../watch/folders.ts';
import {findWatched} from '../../watch/status.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';

/**
@returns `null` where it is none that has been watched, after a sentence that says so.
@throws {EnvironmentError} When it may not be looked into.
*/
export function watchedFolder(root: string): WatchFolders | null {
	const found = findWatched(root);
	if (found === 'forbidden')
		throw new EnvironmentError(
			`${safe(displayPath(root))} may not be looked into by this user: its .state/ belongs to the one who watches it. Run this as that user.`,
		);
	if (found === 'missing') tell(`There is no folder ${safe(displayPath(root))}.`);
	else if (found === 'not-watched')
		tell(
			`${safe(displayPath(root))} is not a watched folder: it has no .state/ledger.db, which the first fileproc-tui watch makes.`,
		);
	else return found;
	return null;
}

const tell = (sentence: string): void => {
	process.stderr.write(`fileproc-tui: ${sentence}\n`);
};
