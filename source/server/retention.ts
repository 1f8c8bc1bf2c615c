// How long each class of what a server keeps is kept, what there is of it, and when the next of it goes.
import type {ServerLedger} from '../ledger/server-ledger.ts';
import {timeOf} from './time-of.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Uploads that nobody goes on with. */
export const UNFINISHED_UPLOADS_MS = DAY_MS;
/** What was put into the inbox counts for the quota of who has sent it. */
export const INBOX_DROPS_MS = DAY_MS;
/** Answers to requests with a key. */
export const ANSWERS_MS = DAY_MS;
/** Actions on all that matched, which have ended. */
export const BULKS_MS = 30 * DAY_MS;
/** Notices that have been delivered, or cannot be. */
export const NOTICES_MS = 30 * DAY_MS;
/** Codes of programs that have expired: they are told so for a while. */
export const DEVICE_LOGINS_MS = 60 * 60 * 1000;
/** Of all users together; a hundred megabytes at most. */
export const MAX_EVENTS = 200_000;

export interface Retention {
	readonly class: string;
	/** `null`: it is kept, or by number. */
	readonly kept_seconds: number | null;
	/** So many of the newest of all accounts are kept; `null`: by time, or for ever. */
	readonly kept_count: number | null;
	readonly count: number;
	/** When the next of it may go; `null`: none of it does by time. */
	readonly next_expires_at: string | null;
}

/** `null`: for ever. */
export interface KeptTimes {
	readonly datasetTtlMs: number | null;
	readonly resultTtlMs: number | null;
}

interface KeptClass {
	readonly name: string;
	readonly keptMs: number | null;
	readonly keptCount?: number;
	/** Gives how many there are, and the time from which on the oldest is kept, or when the first one goes. */
	readonly sql: string;
}

const classesOf = (datasetTtlMs: number | null, resultTtlMs: number | null): readonly KeptClass[] => [
	{
		...{name: 'files', keptMs: datasetTtlMs},
		// It is known of each, so that another --dataset-ttl is for those that come.
		sql: `SELECT count(*) AS count, min(expires_at) AS goes FROM datasets WHERE state = 'stored' AND (?1 IS NULL OR account = ?1)`,
	},
	{
		...{name: 'results', keptMs: resultTtlMs},
		sql: 'SELECT count(*) AS count, min(ended_at) AS oldest FROM tasks WHERE report IS NOT NULL AND (?1 IS NULL OR account = ?1)',
	},
	{
		...{name: 'unfinished-uploads', keptMs: UNFINISHED_UPLOADS_MS},
		sql: 'SELECT count(*) AS count, min(touched_at) AS oldest FROM uploads WHERE dataset IS NULL AND (?1 IS NULL OR account = ?1)',
	},
	{
		...{name: 'notices', keptMs: NOTICES_MS},
		sql: 'SELECT count(*) AS count, min(created_at) AS oldest FROM notices WHERE ?1 IS NULL OR account = ?1',
	},
	{
		...{name: 'bulk-actions', keptMs: BULKS_MS},
		sql: 'SELECT count(*) AS count, min(ended_at) AS oldest FROM bulks WHERE ?1 IS NULL OR account = ?1',
	},
	{
		...{name: 'answers', keptMs: ANSWERS_MS},
		sql: 'SELECT count(*) AS count, min(answered_at) AS oldest FROM answers WHERE ?1 IS NULL OR account = ?1',
	},
	{
		...{name: 'events', keptMs: null, keptCount: MAX_EVENTS},
		sql: 'SELECT count(*) AS count, NULL AS oldest FROM server_events WHERE ?1 IS NULL OR account = ?1',
	},
	{
		...{name: 'history', keptMs: null},
		sql: 'SELECT count(*) AS count, NULL AS oldest FROM tasks WHERE ?1 IS NULL OR account = ?1',
	},
];

/** @param account - `null`: of all accounts. */
export const retentionOf = (
	ledger: Pick<ServerLedger, 'get'>,
	account: string | null,
	{datasetTtlMs, resultTtlMs}: KeptTimes,
): readonly Retention[] =>
	classesOf(datasetTtlMs, resultTtlMs).map(({name, keptMs, keptCount = null, sql}) => {
		const {count, oldest = null, goes = null} = ledger.get(sql, account) ?? {};
		const nextAt = goes ?? (keptMs === null || oldest === null ? null : Number(oldest) + keptMs);
		return {
			...{class: name, kept_seconds: keptMs === null ? null : keptMs / 1000, kept_count: keptCount},
			...{count: Number(count), next_expires_at: timeOf(nextAt as number | null)},
		};
	});
