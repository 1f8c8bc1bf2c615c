// Whether the server does its work: what was found when somebody asked.
import {statfs} from 'node:fs/promises';
import {setTimeout as wait} from 'node:timers/promises';
import type {ServerLedger} from '../ledger/server-ledger.ts';

export type Check = 'pass' | 'fail';

export interface Health {
	/** `degraded`: it answers, and files can hardly be taken. */
	readonly status: 'healthy' | 'degraded' | 'unhealthy';
	readonly checks: {readonly database: Check; readonly disk: Check};
	readonly bytesFree: number;
}

/** With less room a large file is refused before long. */
const LOW_DISK_BYTES = 64 * 1024 * 1024;
/** A ledger that takes longer to write down nothing has stopped. */
const LEDGER_TIMEOUT_MS = 2000;

export async function checkHealth(ledger: ServerLedger, dataFolder: string): Promise<Health> {
	const [isWritten, {bavail, bsize}] = await Promise.all([canWrite(ledger), statfs(dataFolder)]);
	const bytesFree = bavail * bsize;
	const checks = {
		database: isWritten ? 'pass' : 'fail',
		disk: bytesFree >= LOW_DISK_BYTES ? 'pass' : 'fail',
	} as const;
	const status = checks.database === 'fail' ? 'unhealthy' : checks.disk === 'fail' ? 'degraded' : 'healthy';
	return {status, checks, bytesFree};
}

/** A transaction without changes goes the way of all others. */
const canWrite = (ledger: ServerLedger): Promise<boolean> =>
	Promise.race([
		ledger.commit().then(
			() => true,
			() => false,
		),
		wait(LEDGER_TIMEOUT_MS, false, {ref: false}),
	]);
