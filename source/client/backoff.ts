// How long to wait before something that failed is tried again: longer each time, and at random, so that those who lost the same server do not
// come back in step.
import {setTimeout as wait} from 'node:timers/promises';
import {ClientError} from './client-error.ts';

export interface BackoffOptions {
	/** Before the first further try at most so long, and double before each one after it. */
	readonly firstMs?: number;
	readonly longestMs?: number;
	/** Of 0 to 1. */
	readonly random?: () => number;
}

/** @param failures - In a row: 1 after the first. */
export function waitMsAfter(
	failures: number,
	{firstMs = 1000, longestMs = 30_000, random = Math.random}: BackoffOptions = {},
): number {
	const most = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 30));
	return Math.round(random() * most);
}

export interface Patience {
	/** Between two successes at most so long; then the last error is thrown. */
	readonly patienceMs: number;
	/** What is waited for however long it takes, because it will come: patience does not count meanwhile. */
	readonly isWorthWaiting?: (error: ClientError) => boolean;
	/** Called before each wait. */
	readonly onWait?: (error: ClientError, waitMs: number) => void;
	readonly signal?: AbortSignal | undefined;
	readonly backoff?: BackoffOptions;
}

/**
Does something again and again until it goes well: only for what does no harm when it is done twice.

@param attempt - `succeeded`: to be called where a part of it has gone well, so that patience begins anew.
@throws {ClientError} What will not pass by itself, or has not for as long as there is patience.
*/
export async function untilItGoesWell<Value>(
	attempt: (succeeded: () => void) => Promise<Value>,
	{patienceMs, isWorthWaiting = () => false, onWait, signal, backoff}: Patience,
): Promise<Value> {
	let failures = 0;
	let since = performance.now();
	const succeeded = (): void => {
		failures = 0;
		since = performance.now();
	};
	for (;;) {
		try {
			return await attempt(succeeded);
		} catch (error) {
			if (signal?.aborted === true) throw signal.reason;
			if (!(error instanceof ClientError && error.mayPass)) throw error;
			if (isWorthWaiting(error)) succeeded();
			failures++;
			const waitMs = Math.max(waitMsAfter(failures, backoff), error.retryAfterMs ?? 0);
			if (performance.now() - since + waitMs > patienceMs) throw error;
			onWait?.(error, waitMs);
			await wait(waitMs, undefined, {...(signal !== undefined && {signal})});
		}
	}
}
