// Removes what is kept for a time only, when that is over.
import type {ServerLedger} from '../ledger/server-ledger.ts';
import {messageOf} from '../text/system-error.ts';
import type {Refusals} from './audit/refusals.ts';
import type {Datasets} from './datasets.ts';
import type {EventHub} from './event-hub.ts';
import type {Occasions} from './notices/occasions.ts';
import type {OidcLogins} from './oidc/oidc-logins.ts';
import type {Results} from './results.ts';
import {ANSWERS_MS, BULKS_MS, DEVICE_LOGINS_MS, INBOX_DROPS_MS, MAX_EVENTS, NOTICES_MS} from './retention.ts';
import type {Tasks} from './tasks.ts';
import type {Tokens} from './tokens.ts';
import type {Uploads} from './uploads.ts';

export interface HousekeepingParts {
	readonly ledger: ServerLedger;
	readonly datasets: Datasets;
	readonly results: Results;
	readonly uploads: Uploads;
	readonly hub: EventHub;
	readonly tokens: Tokens;
	readonly refusals: Refusals;
	readonly occasions: Occasions;
	/** What is done by the keeper alone, where several instances share a ledger: woken when this one may have become it. */
	readonly keeperWork: readonly {readonly wake: () => void}[];
	/** Those of instances that have died begin again. */
	readonly tasks: Pick<Tasks, 'resume'>;
	/** `null`: there is no provider of logins. */
	readonly oidc: Pick<OidcLogins, 'checkDue'> | null;
	/** Called with how many have expired. */
	readonly onExpired: (what: 'dataset' | 'result' | 'upload', count: number) => void;
	/** Called when something could not be done, which is tried again after the same time. */
	readonly onFault: (error: unknown) => void;
}

/** A minute more is of no importance for what is kept for an hour. */
const INTERVAL_MS = 60_000;
/** Another process may disable an account, which ends its streams: within five seconds, so that there is time to spare. */
const TOKENS_INTERVAL_MS = 2000;

/** Those that have died are known by their silence, which takes half a minute. */
const INSTANCES_INTERVAL_MS = 2000;

/** What a provider has said holds for a minute at least. */
const PROVIDER_INTERVAL_MS = 10_000;

export interface Housekeeping {
	/** Resolves when nothing of it is under way any more. */
	readonly close: () => Promise<void>;
}

export function startHousekeeping(parts: HousekeepingParts): Housekeeping {
	const {onFault, ledger} = parts;
	/** Of several instances one does it; without others it is this one. */
	const isKeeper = (): boolean => ledger.shared?.isKeeper !== false;
	const loops = [
		repeat(async () => isKeeper() && tidyUp(parts), onFault, INTERVAL_MS),
		repeat(() => watchTokens(parts), onFault, TOKENS_INTERVAL_MS),
		repeat(async () => isKeeper() && parts.oidc?.checkDue(), onFault, PROVIDER_INTERVAL_MS),
		...(ledger.shared === null ? [] : [repeat(() => watchInstances(parts), onFault, INSTANCES_INTERVAL_MS)]),
	];
	return {
		async close() {
			await Promise.all(loops.map(loop => loop.close()));
		},
	};
}

/** @param onFailed - Called once with what goes wrong in the same way again and again. */
export function repeat(
	perform: () => Promise<unknown>,
	onFailed: (error: unknown) => void,
	intervalMs: number,
): Housekeeping {
	let underWay: Promise<unknown> = Promise.resolve();
	let isUnderWay = false;
	/** What was told last; the same is told once, until it is well again. */
	let told: string | null = null;
	const tell = (error: unknown): void => {
		const fault = messageOf(error);
		if (fault !== told) onFailed(error);
		told = fault;
	};
	const timer = setInterval(() => {
		if (isUnderWay) return;
		isUnderWay = true;
		underWay = perform()
			.then(() => {
				told = null;
			}, tell)
			.finally(() => {
				isUnderWay = false;
			});
	}, intervalMs);
	timer.unref();
	return {
		async close() {
			clearInterval(timer);
			await underWay;
		},
	};
}

/** @param maxEvents - So many of the newest events stay. */
export async function tidyUp(
	{ledger, datasets, results, uploads, hub, tokens, occasions, oidc, onExpired, onFault}: HousekeepingParts,
	maxEvents = MAX_EVENTS,
): Promise<void> {
	const now = Date.now();
	onExpired('dataset', await datasets.removeExpired());
	onExpired('result', await results.removeExpired());
	onExpired('upload', await uploads.removeExpired());
	await ledger.commit(
		{statement: 'removeAnswers', values: [now - ANSWERS_MS]},
		{statement: 'removeBulks', values: [now - BULKS_MS]},
		{statement: 'removeNotices', values: [now - NOTICES_MS]},
		{statement: 'removeExpiredInvitations', values: [now]},
		{statement: 'removeExpiredDropLinks', values: [now]},
		{statement: 'removeExpiredDeviceLogins', values: [now - DEVICE_LOGINS_MS]},
		{statement: 'removeInboxDrops', values: [now - INBOX_DROPS_MS]},
		{statement: 'removeEvents', values: [maxEvents]},
		{statement: 'removeOldEpochs', values: []},
		tokens.removalOfExpired(now),
		{statement: 'removeIdleGrants', values: [now]},
	);
	await occasions.lookAtInbox();
	hub.forget();
	await oidc?.checkDue();
	// Of those for the inbox the scanner may have said nothing. At the end, because it may take minutes again.
	await uploads.finishAll('all', onFault);
}

/** Another one may have died. */
async function watchInstances({ledger, keeperWork, tasks}: HousekeepingParts): Promise<void> {
	if (ledger.shared?.isKeeper === true) for (const work of keeperWork) work.wake();
	await tasks.resume();
}

async function watchTokens({tokens, refusals}: HousekeepingParts): Promise<void> {
	tokens.endStreams();
	await tokens.writeUses();
	await refusals.write();
}
