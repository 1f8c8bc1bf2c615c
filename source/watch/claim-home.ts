// Where the file of a claim comes from, and goes back to where there is no time for it: `unprocessed/`, or `failed/` for one that had failed and is
// tried again. Beside a file in `failed/` lies its reason, at any time: it is removed after the file has gone, and written before it comes back.
import {rm} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import type {KnownClaim, NewClaim} from '../ledger/claims-protocol.ts';
import {systemPath} from '../text/path-text.ts';
import {documentOfDecision} from './documents.ts';
import type {WatchFolders} from './folders.ts';
import {writeWhole} from './publish.ts';
import type {WatchContext} from './watch-context.ts';

export interface ClaimHome {
	readonly path: string;
	/** The claim that it is the retry of. */
	readonly failed: KnownClaim | null;
}

export async function homeOf(
	{folders, ask}: Pick<WatchContext, 'folders' | 'ask'>,
	{name, retryOf = null}: Pick<NewClaim, 'name' | 'retryOf'>,
): Promise<ClaimHome> {
	const failed = retryOf === null ? null : await ask({type: 'claim', id: retryOf});
	return {path: failed === null ? join(folders.unprocessed, name) : placeInFailed(folders, failed), failed};
}

/** Where the file of a claim lies that has failed. */
export const placeInFailed = (
	{failed}: WatchFolders,
	{name, storedName}: Pick<KnownClaim, 'name' | 'storedName'>,
): string => join(failed, dirname(name), basename(storedName));

const reasonBeside = (path: string): string => `${path}.reason.json`;

/** Removes the reason of a claim whose file is not in `failed/` any more. It may be done twice. */
export async function removeReason({folders, sync}: WatchContext, failed: KnownClaim): Promise<void> {
	const path = placeInFailed(folders, failed);
	await rm(systemPath(reasonBeside(path)), {force: true});
	await sync.sync(dirname(path));
}

/** Says again why it failed. It may be done twice. */
export async function restoreReason({folders, sync, ask, onNotice}: WatchContext, failed: KnownClaim): Promise<void> {
	const {decision} = failed;
	if (decision === null) return;
	const kept = decision.duplicateOf === null ? await ask({type: 'result', id: failed.id}) : null;
	const path = placeInFailed(folders, failed);
	const document = kept ?? documentOfDecision(failed, decision);
	await writeWhole(reasonBeside(path), document, join(folders.work, `${failed.id}.json`), onNotice);
	await sync.sync(dirname(path));
}
