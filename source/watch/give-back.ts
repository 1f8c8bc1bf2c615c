// Puts a claimed file back where it came from, as if it had never been taken.
import {link, rename, rm, unlink, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {systemPath} from '../text/path-text.ts';
import {codeOf} from '../text/system-error.ts';
import {homeOf, restoreReason} from './claim-home.ts';
import type {OpenClaim} from './claim-life.ts';
import {MARKER} from './inbox.ts';
import type {WatchContext} from './watch-context.ts';

/** How the attempt of a file ends that is given back: recovery must know why it may have two names. */
export const GIVEN_BACK = 'STOPPED';

/** Where another file has its name by now, it stays claimed, and is worked on when somebody watches again. */
export async function giveBack(context: WatchContext, claim: OpenClaim, attempt: number): Promise<void> {
	const {folders, sync, states, wallClock} = context;
	const from = join(folders.underprocess, claim.storedName);
	const {path: to, failed} = await homeOf(context, claim);
	states.release(claim.id);
	await context.commit([{type: 'give-up', id: claim.id, attempt, at: wallClock(), code: GIVEN_BACK}], []);
	if (failed !== null) await restoreReason(context, failed);
	await rm(systemPath(join(folders.work, claim.id)), {recursive: true, force: true});
	if (!(await moveWithoutOverwriting(from, to))) return;
	if (failed === null) await markAgain(context, to);
	await Promise.all([sync.sync(dirname(to)), sync.sync(folders.underprocess)]);
	await context.commit([{type: 'withdraw', id: claim.id}], []);
}

/** Its marker was removed when it was taken. It may be done twice. */
export async function markAgain({needsMarker}: WatchContext, path: string): Promise<void> {
	if (needsMarker) await writeFile(systemPath(`${path}${MARKER}`), '');
}

/** @returns Whether it is there now. */
async function moveWithoutOverwriting(from: string, to: string): Promise<boolean> {
	try {
		// A rename would replace what is there.
		await link(systemPath(from), systemPath(to));
		await unlink(systemPath(from));
		return true;
	} catch (error) {
		const code = codeOf(error);
		if (code === 'EEXIST' || code === 'ENOENT') return false;
		// File systems without hard links.
		if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP') throw error;
		await rename(systemPath(from), systemPath(to));
		return true;
	}
}
