// Whether the server does its work: what was found when somebody asked.
import {statfsSync} from 'node:fs';
import {setTimeout as wait} from 'node:timers/promises';
import type {ServerLedger} from '../ledger/server-ledger.ts';
import type {ServedInbox} from './served-inbox.ts';

export type Check = 'pass' | 'fail';

export interface Health {
	/** `degraded`: it answers, and files can hardly be taken. */
	readonly status: 'healthy' | 'degraded' | 'unhealthy';
	/** `inbox`: there where a folder is watched beside. */
	readonly checks: {readonly database: Check; readonly disk: Check; readonly inbox?: Check};
	readonly bytesFree: number;
}

/** With less room a large file is refused before long. */
const LOW_DISK_BYTES = 64 * 1024 * 1024;
/** A ledger that takes longer to write down nothing has stopped. */
const LEDGER_TIMEOUT_MS = 2000;
const RECENT_MS = 1000;

/** So long what was found is told to others who ask: however many do so, it is looked at as often as one of them would. */
const FRESH_MS = 500;

/** @returns Looks again where what was found last is old; who asks meanwhile is told the same. */
export function healthOf(...parts: Parameters<typeof checkHealth>): () => Promise<Health> {
	let [found, endedAt] = [null as Promise<Health> | null, 0];
	return () => {
		if (found === null || performance.now() - endedAt > FRESH_MS) {
			endedAt = Number.POSITIVE_INFINITY;
			found = checkHealth(...parts).finally(() => {
				endedAt = performance.now();
			});
		}
		return found;
	};
}

export async function checkHealth(
	ledger: ServerLedger,
	dataFolder: string,
	inbox: ServedInbox | null,
): Promise<Health> {
	const isWritten = await canWrite(ledger);
	// Within microseconds; on Node's own threads it would wait behind all files that are being flushed.
	const {bavail, bsize} = statfsSync(dataFolder);
	const bytesFree = bavail * bsize;
	const check = (isWell: boolean): Check => (isWell ? 'pass' : 'fail');
	const checks = {
		...{database: check(isWritten), disk: check(bytesFree >= LOW_DISK_BYTES)},
		...(inbox !== null && {inbox: check(inbox.look().status.health.status === 'ok')}),
	};
	const isWell = Object.values(checks).every(each => each === 'pass');
	const status = checks.database === 'fail' ? 'unhealthy' : isWell ? 'healthy' : 'degraded';
	return {status, checks, bytesFree};
}

/** One that has just written something need not show it; else a transaction without changes goes the way of all others. */
async function canWrite(ledger: ServerLedger): Promise<boolean> {
	if (performance.now() - ledger.committedAt < RECENT_MS) return true;
	const written = ledger.commit().then(
		() => true,
		() => false,
	);
	return Promise.race([written, wait(LEDGER_TIMEOUT_MS, false, {ref: false})]);
}
