// Whether the server does its work: what was found when somebody asked.
import {statfsSync} from 'node:fs';
import {setTimeout as wait} from 'node:timers/promises';
import type {ServerLedger} from '../ledger/server-ledger.ts';
import type {ServedInbox} from './served-inbox.ts';

export type Check = 'pass' | 'fail';

export interface Health {
	/** `degraded`: it answers, and files can hardly be taken. */
	readonly status: 'healthy' | 'degraded' | 'unhealthy';
	readonly checks: {
		readonly database: Check;
		readonly disk: Check;
		/** Tasks whose turn it is are worked on. */
		readonly workers: Check;
		/** There is room for further tasks. */
		readonly queue: Check;
		/** There where a folder is watched beside. */
		readonly inbox?: Check;
		/** It has not been set back. */
		readonly clock: Check;
	};
	readonly bytesFree: number;
}

/** With less room a large file is refused before long. */
const LOW_DISK_BYTES = 64 * 1024 * 1024;
/** A ledger that takes longer to write down nothing has stopped. */
const LEDGER_TIMEOUT_MS = 2000;
const RECENT_MS = 1000;
/** A task that could be worked on for so long, and is not while nothing else is, waits for a fault. */
const STANDING_MS = 10_000;
/** What is set right by less is no fault. */
const CLOCK_MS = 60_000;

export interface HealthParts {
	readonly ledger: ServerLedger;
	readonly dataFolder: string;
	readonly inbox: ServedInbox | null;
	readonly tasks: {
		/** Nothing is worked on, and something could be. */
		readonly isStanding: boolean;
		readonly hasRoom: boolean;
	};
}

/** So long what was found is told to others who ask: however many do so, it is looked at as often as one of them would. */
const FRESH_MS = 500;

/** @returns Looks again where what was found last is old; who asks meanwhile is told the same. */
export function healthOf(parts: HealthParts): () => Promise<Health> {
	let [found, endedAt] = [null as Promise<Health> | null, 0];
	let standingSince: number | null = null;
	return () => {
		if (found === null || performance.now() - endedAt > FRESH_MS) {
			endedAt = Number.POSITIVE_INFINITY;
			standingSince = parts.tasks.isStanding ? (standingSince ?? performance.now()) : null;
			const isWorking = standingSince === null || performance.now() - standingSince < STANDING_MS;
			found = checkHealth(parts, isWorking).finally(() => {
				endedAt = performance.now();
			});
		}
		return found;
	};
}

async function checkHealth({ledger, dataFolder, inbox, tasks}: HealthParts, isWorking: boolean): Promise<Health> {
	const isWritten = await canWrite(ledger);
	// Within microseconds; on Node's own threads it would wait behind all files that are being flushed.
	const {bavail, bsize} = statfsSync(dataFolder);
	const bytesFree = bavail * bsize;
	const check = (isWell: boolean): Check => (isWell ? 'pass' : 'fail');
	const checks = {
		...{database: check(isWritten), disk: check(bytesFree >= LOW_DISK_BYTES)},
		...{workers: check(isWorking), queue: check(tasks.hasRoom)},
		...(inbox !== null && {inbox: check(inbox.look().status.health.status === 'ok')}),
		clock: check(Date.now() > performance.timeOrigin + performance.now() - CLOCK_MS),
	};
	const isWell = Object.values(checks).every(each => each === 'pass');
	// What several servers share may be away for all of them: what is there can still be read, so none of them is to be passed over.
	const isStopped = checks.database === 'fail' && ledger.shared === null;
	const status = isStopped ? 'unhealthy' : isWell ? 'healthy' : 'degraded';
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
