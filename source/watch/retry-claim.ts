// Takes the file of a failed claim up again, as a new claim. The file lies in `failed/`, or in `underprocess/` under the name of the new claim:
//
//   intent committed: the failed claim does not count any more → moved from failed/ to underprocess/ → its reason removed → worked on as any
//
// A process may die between any two of them: recovery sees where the file lies.
import {lstat, rename} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import type {KnownClaim} from '../ledger/claims-protocol.ts';
import {displayPath, systemPath} from '../text/path-text.ts';
import {codeOf, messageOf} from '../text/system-error.ts';
import {placeInFailed, removeReason} from './claim-home.ts';
import {newClaimOf, type OpenClaim, workOn} from './claim-life.ts';
import {unlessRefused} from './refusal.ts';
import {isRetriable, type WantedRetry} from './retries.ts';
import type {WatchContext} from './watch-context.ts';

/** Resolves when the file of what is wanted lies at its new destination, or was left in `failed/`. */
export async function retryWanted(
	context: WatchContext,
	{id, route, settle}: WantedRetry,
	jobId: number,
): Promise<void> {
	try {
		const failed = await context.ask({type: 'claim', id});
		if (failed === null || !isRetriable(failed)) return;
		await retryClaim(context, failed, {route, jobId, onTaken: () => settle(true)});
	} finally {
		settle(false);
	}
}

interface RetryOptions {
	readonly route: string | null;
	/** How events name the new claim. */
	readonly jobId: number;
	/** The file has been taken up; what follows is work as on any. */
	readonly onTaken: () => void;
}

async function retryClaim(
	context: WatchContext,
	failed: KnownClaim,
	{route, jobId, onTaken}: RetryOptions,
): Promise<void> {
	const leave = (reason: string): void =>
		context.onNotice(`${displayPath(failed.name)} cannot be tried again: ${reason}.`);
	const {folders, sync, wallClock} = context;
	const from = placeInFailed(folders, failed);
	const stats = await lstat(systemPath(from)).catch(() => null);
	if (!stats?.isFile()) {
		leave(GONE);
		return;
	}
	const [id, at] = [context.createId(), wallClock()];
	const claim: OpenClaim = {
		...{id, storedName: context.storedName(id, failed.name), jobId, source: 'retry', attempts: 0, cutAttempts: 0},
		...{name: failed.name, bytes: stats.size, arrivedAt: at, claimedAt: at, route, retryOf: failed.id},
	};
	await context.commit([{type: 'intend', claim: newClaimOf(claim)}], []);
	try {
		await rename(systemPath(from), systemPath(join(folders.underprocess, claim.storedName)));
	} catch (error) {
		await context.commit([{type: 'withdraw', id}], []);
		leave(codeOf(error) === 'ENOENT' ? GONE : messageOf(error));
		return;
	}
	await unlessRefused(context, claim, async () => {
		await Promise.all([sync.sync(dirname(from)), sync.sync(folders.underprocess)]);
		onTaken();
		await removeReason(context, failed);
		await workOn(context, claim);
	});
}

const GONE = 'it does not lie in failed/ any more';
