// Finds what was left by a process that died, and says what is to be done with it. It changes nothing that is not as good as before, so it may
// be cut off and begun again at any point.
import {lstat, readdir, rename, unlink} from 'node:fs/promises';
import {join} from 'node:path';
import type {KnownClaim, NewClaim} from '../ledger/claims-protocol.ts';
import {pathText, systemPath} from '../text/path-text.ts';
import {homeOf, removeReason} from './claim-home.ts';
import {claimOfStoredName} from './claim-ids.ts';
import {finish, type OpenClaim} from './claim-life.ts';
import {documentOfDecision} from './documents.ts';
import {tidyWork} from './publish.ts';
import type {WatchContext} from './watch-context.ts';

/** What recovery has done, in numbers of files. */
export interface Recovered {
	/** To be worked on again: they were being worked on. */
	readonly resumed: readonly OpenClaim[];
	/** Decided ones that were brought to their destination. */
	readonly moved: number;
	/** Files in `underprocess/` that nobody knew. They are among the resumed ones. */
	readonly adopted: number;
	/** Claims whose file was never taken, or is not there any more. */
	readonly withdrawn: number;
}

export interface RecoveryOptions {
	/** Claims that this process is at. */
	readonly isOpen: (claim: string) => boolean;
	/** The next number for events to name a claim by. */
	readonly nextJobId: () => number;
}

export async function recover(context: WatchContext, {isOpen, nextJobId}: RecoveryOptions): Promise<Recovered> {
	const claims = (await context.ask({type: 'unfinished'})).filter(({id}) => !isOpen(id));
	const resumed: OpenClaim[] = [];
	let [moved, adopted, withdrawn] = [0, 0, 0];
	for (const claim of claims) {
		if (claim.decision !== null) {
			await bringToEnd(context, claim, claim.decision);
			moved++;
		} else if (await isTaken(context, claim)) resumed.push({...claim, jobId: nextJobId()});
		else {
			await context.commit([{type: 'withdraw', id: claim.id}], []);
			withdrawn++;
		}
	}
	for (const storedName of await unknownFiles(context, isOpen)) {
		const claim = await adopt(context, storedName);
		resumed.push({...claim, jobId: nextJobId(), attempts: 0, cutAttempts: 0});
		adopted++;
	}
	await tidyWork(context.folders, isOpen);
	return {resumed, moved, adopted, withdrawn};
}

async function bringToEnd(
	context: WatchContext,
	claim: KnownClaim,
	decision: NonNullable<KnownClaim['decision']>,
): Promise<void> {
	const kept = decision.duplicateOf === null ? await context.ask({type: 'result', id: claim.id}) : null;
	await finish(context, claim, decision, kept ?? documentOfDecision(claim, decision));
}

/** Whether the file lies in `underprocess/`, and there only. */
async function isTaken(context: WatchContext, claim: KnownClaim): Promise<boolean> {
	const {folders, sync} = context;
	const {state, storedName} = claim;
	const home = await homeOf(context, claim);
	const [taken, dropped] = await Promise.all([
		lstat(systemPath(join(folders.underprocess, storedName))).catch(() => null),
		lstat(systemPath(home.path)).catch(() => null),
	]);
	if (taken === null) {
		// Of a claim that was told, a file that is in neither place is a loss that must be told, too.
		return state === 'claimed' && dropped === null;
	}
	if (dropped === null || dropped.ino !== taken.ino || dropped.dev !== taken.dev) {
		if (home.failed !== null) await removeReason(context, home.failed);
		return true;
	}
	// It was being given back: the second name is the one that counts.
	await unlink(systemPath(join(folders.underprocess, storedName)));
	await sync.sync(folders.underprocess);
	return false;
}

async function unknownFiles(
	{folders, ask}: WatchContext,
	isOpen: (claim: string) => boolean,
): Promise<readonly string[]> {
	const names = (await readdir(systemPath(folders.underprocess), {encoding: 'buffer'})).map(name => pathText(name));
	const ids = names.flatMap(name => claimOfStoredName(name) ?? []);
	const known = new Set(await ask({type: 'known', ids}));
	return names.filter(name => {
		const id = claimOfStoredName(name);
		return id === null || !(known.has(id) || isOpen(id));
	});
}

/** Under the claim that its name says, or under a new one. */
async function adopt(
	{folders, sync, commit, createId, storedName, wallClock}: WatchContext,
	found: string,
): Promise<NewClaim> {
	const ownId = claimOfStoredName(found);
	const name = ownId === null ? found : found.slice(ownId.length + 2);
	const id = ownId ?? createId();
	const target = ownId === null ? storedName(id, name) : found;
	const from = join(folders.underprocess, found);
	if (target !== found) {
		await rename(systemPath(from), systemPath(join(folders.underprocess, target)));
		await sync.sync(folders.underprocess);
	}
	const stats = await lstat(systemPath(join(folders.underprocess, target)));
	const at = wallClock();
	const claim = {
		...{id, name, storedName: target, source: 'adopted'},
		...{bytes: stats.size, arrivedAt: at, claimedAt: at},
	};
	await commit([{type: 'adopt', claim}], []);
	return claim;
}
