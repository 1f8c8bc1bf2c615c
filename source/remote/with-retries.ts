// Tries again what may work a moment later, and waits longer each time.
import {RemoteError} from './remote-error.ts';

export interface RetryRules {
	/** How often without getting any further. */
	readonly attempts: number;
	readonly firstWaitMs: number;
	readonly longestWaitMs: number;
}

/** Some 10 s in all. What takes longer is for the retries of the whole file, of which people see something. */
export const defaultRetries: RetryRules = {attempts: 6, firstWaitMs: 200, longestWaitMs: 5000};

/**
@param attempt - Is given what tells that it got further, after which failures count anew.
@throws Whatever the last attempt threw.
*/
export async function withRetries<Result>(
	attempt: (onProgress: () => void) => Promise<Result>,
	signal: AbortSignal,
	rules: RetryRules = defaultRetries,
): Promise<Result> {
	let failures = 0;
	for (;;) {
		try {
			return await attempt(() => {
				failures = 0;
			});
		} catch (error) {
			failures++;
			if (!(error instanceof RemoteError && error.isPassing) || failures >= rules.attempts || signal.aborted)
				throw error;
			await wait(waitBefore(failures, rules, error.waitMs), signal);
		}
	}
}

/** A random part of it, so that requests that failed together do not come back together. */
function waitBefore(failures: number, {firstWaitMs, longestWaitMs}: RetryRules, wantedMs: number | null): number {
	const longest = Math.min(longestWaitMs, firstWaitMs * 2 ** (failures - 1));
	return Math.max(longest * (0.5 + Math.random() / 2), Math.min(wantedMs ?? 0, longestWaitMs));
}

/** Ends early where nobody waits any more; the next attempt says so. */
const wait = (durationMs: number, signal: AbortSignal): Promise<void> =>
	new Promise(resolve => {
		const end = (): void => {
			clearTimeout(timer);
			signal.removeEventListener('abort', end);
			resolve();
		};
		const timer = setTimeout(end, durationMs);
		signal.addEventListener('abort', end);
	});
