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
import {GIVEN_BACK, markAgain} from './give-back.ts';
import {tidyWork} from './publish.ts';
import {unlessRefused} from './refusal.ts';
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

/** Where the system refuses something of one file, it goes on with the others, and leaves that one to the next recovery. */
export async function recover(context: WatchContext, {isOpen, nextJobId}: RecoveryOptions): Promise<Recovered> {
	const claims = (await context.ask({type: 'unfinished'})).filter(({id}) => !isOpen(id));
	const resumed: OpenClaim[] = [];
	let [moved, adopted, withdrawn] = [0, 0, 0];
	const goOnWith = async (claim: KnownClaim): Promise<void> => {
		if (claim.decision !== null) {
			await bringToEnd(context, claim, claim.decision);
			moved++;
		} else if (await isTaken(context, claim)) resumed.push({...claim, jobId: nextJobId()});
		else {
			await context.commit([{type: 'withdraw', id: claim.id}], []);
			withdrawn++;
		}
	};
	for (const claim of claims) await unlessRefused(context, claim, () => goOnWith(claim));
	for (const storedName of await unknownFiles(context, isOpen)) {
		await unlessRefused(context, {id: storedName, name: storedName, storedName}, async () => {
			const claim = await adopt(context, storedName);
			resumed.push({...claim, jobId: nextJobId(), attempts: 0, cutAttempts: 0});
			adopted++;
		});
	}
	await tidyWork(context);
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

/** Whether the file is this program's to work on: it was moved to `underprocess/`, and not given back. */
async function isTaken(context: WatchContext, claim: KnownClaim): Promise<boolean> {
	const {folders, sync} = context;
	const {state, storedName, lastCode} = claim;
	const home = await homeOf(context, claim);
	const [taken, dropped] = await Promise.all([
		lstat(systemPath(join(folders.underprocess, storedName))).catch(() => null),
		lstat(systemPath(home.path)).catch(() => null),
	]);
	const wasGivenBack = lastCode === GIVEN_BACK && dropped !== null;
	if (taken === null) {
		if (wasGivenBack && home.failed === null) await markAgain(context, home.path);
		// Of a claim that was told, a file that is not there any more is a loss that must be told, too.
		return state === 'claimed' && !wasGivenBack;
	}
	// Of two names the one that it is given back to counts. Without that, somebody has dropped the same file again, as a link.
	if (!wasGivenBack || dropped.ino !== taken.ino || dropped.dev !== taken.dev) {
		if (home.failed !== null) await removeReason(context, home.failed);
		return true;
	}
	if (home.failed === null) await markAgain(context, home.path);
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
