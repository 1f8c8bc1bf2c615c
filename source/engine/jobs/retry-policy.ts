// Which errors may pass, and how long to wait before the next attempt.
import type {ErrorReport} from '../../model/report.ts';
import {isPassingCode} from '../../remote/remote-error.ts';
import {canReadAgain} from '../shared/source-location.ts';
import type {Job} from './job.ts';

/**
What can be different a moment later: what other programs use, and temporary faults of drives and networks. Everything else
- a missing file, a refused one, a full drive, broken data - stays as it is.
*/
const retryableCodes: ReadonlySet<string> = new Set([
	'EMFILE',
	'ENFILE',
	'EIO',
	'EBUSY',
	'ETXTBSY',
	'EAGAIN',
	'EINTR',
	'EDEADLK',
	'ENOLCK',
	'ENOMEM',
	'ENOBUFS',
	'ESTALE',
	'EREMOTEIO',
	'ENODATA',
	'ETIMEDOUT',
	'ETIME',
	'EHOSTDOWN',
	'EHOSTUNREACH',
	'ENETDOWN',
	'ENETUNREACH',
	'ENETRESET',
	'ENONET',
	'ECONNREFUSED',
	'ECONNRESET',
	'ECONNABORTED',
	'ENOTCONN',
	'ESHUTDOWN',
	'EPIPE',
	'ECOMM',
	'ENOLINK',
	'EPROTO',
	'EBADRPC',
	'EREMCHG',
	'WORKER_LOST',
	'CHANGED_WHILE_READING',
]);

export const isRetryable = (code: string): boolean => retryableCodes.has(code) || isPassingCode(code);

/** A file that has ended this number of threads is expected to end the next one too. */
const MAX_WORKERS_LOST = 3;

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;

/**
How long to wait after the given number of failures: 0.25 s, doubling up to 10 s, each time a random part of its upper
half, so that files that failed together do not come back together.

@param failureCount - 1 after the first failure.
@param random - From 0 up to 1.
*/
export function computeRetryWaitMs(failureCount: number, random: number): number {
	const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failureCount - 1));
	return Math.round(longest * (0.5 + random / 2));
}

/** Why a file is given up that threads ended with. */
const crashLoop = (last: ErrorReport, count: number): ErrorReport => ({
	...last,
	code: 'CRASH_LOOP',
	message: `${count} threads ended before they had read this file, so it is not tried again. The last one: ${last.message}`,
});

/** Notes that an attempt failed. Gives the error that the file ends with, or `null` where it may be tried again. */
export function countFailure(job: Job, error: ErrorReport): ErrorReport | null {
	job.work.failures++;
	if (error.code === 'WORKER_LOST') job.work.workersLost++;
	if (job.work.workersLost >= MAX_WORKERS_LOST) return crashLoop(error, job.work.workersLost);
	// What standard input gave is gone; a second attempt would count the rest of it.
	const mayRetry = canReadAgain(job.source) && isRetryable(error.code) && job.work.failures <= job.rules.retries;
	return mayRetry ? null : error;
}
