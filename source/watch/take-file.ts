// Takes a file out of the inbox. What comes of it then: claim-life.ts.
import {lstat, rename, rm} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {systemPath} from '../text/path-text.ts';
import {codeOf} from '../text/system-error.ts';
import {newClaimOf, type OpenClaim, untilAtRest, workOn} from './claim-life.ts';
import {contentStateOf, stateOf} from './exact-state.ts';
import type {SettledFile} from './inbox.ts';
import {isGone, reasonOf, unlessRefused} from './refusal.ts';
import type {WatchContext} from './watch-context.ts';

/** Takes a file that has come to rest. Resolves when it lies at its destination, or was left where it is. */
export async function takeFile(context: WatchContext, file: SettledFile, jobId: number): Promise<void> {
	const {folders, sync, inbox, wallClock} = context;
	const id = context.createId();
	const storedName = context.storedName(id, file.name);
	const claim: OpenClaim = {
		...{id, storedName, jobId, source: 'drop', attempts: 0, cutAttempts: 0},
		...{name: file.name, bytes: file.bytes, arrivedAt: file.arrivedAt, claimedAt: wallClock()},
	};
	const before = await lstat(systemPath(file.path), {bigint: true}).catch(() => null);
	if (before === null || stateOf(before) !== file.state) {
		inbox.forget(file.name);
		return;
	}
	await context.commit([{type: 'intend', claim: newClaimOf(claim)}], []);
	const underPath = join(folders.underprocess, storedName);
	try {
		await rename(systemPath(file.path), systemPath(underPath));
	} catch (error) {
		await context.commit([{type: 'withdraw', id}], []);
		inbox.forget(file.name);
		if (codeOf(error) !== 'ENOENT' || !(await isGone(file.path))) context.onBlocked(file.name, reasonOf(error));
		return;
	}
	inbox.forget(file.name);
	context.onTaken(file.name);
	await unlessRefused(context, claim, async () => {
		// The next file of this name is to have a marker of its own.
		if (file.marker !== null) await rm(systemPath(file.marker), {force: true});
		await Promise.all([sync.sync(dirname(file.path)), sync.sync(folders.underprocess)]);
		const after = await lstat(systemPath(underPath), {bigint: true}).catch(() => null);
		// Somebody has put another file in its place at the last moment: that one may still be growing.
		if (after !== null && contentStateOf(after) !== contentStateOf(before))
			await context.aside(() => untilAtRest(context, underPath));
		await workOn(context, claim);
	});
}
