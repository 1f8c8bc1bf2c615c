import {setTimeout as wait} from 'node:timers/promises';

export interface ReplayClock {
	/** Milliseconds of the recorded run. */
	readonly now: () => number;
	/** Returns false where it is already paused. */
	readonly pause: () => boolean;
	/** Returns false where it is not paused. */
	readonly resume: () => boolean;
	/** Resolves when the run has come to this moment, or on abort. */
	readonly waitUntil: (elapsedMs: number, signal: AbortSignal) => Promise<void>;
}

export interface ReplayClockOptions {
	/** Monotonic milliseconds. */
	readonly monotonicNow?: () => number;
	/** Rejects on abort. */
	readonly sleep?: (durationMs: number, signal: AbortSignal) => Promise<unknown>;
}

/** The clock is checked at least this often: it may have been paused or resumed. */
const MAX_SLEEP_MS = 100;

/** A clock that runs `speed` times as fast as real time, and can be paused. */
export function createReplayClock(speed: number, options: ReplayClockOptions = {}): ReplayClock {
	const monotonicNow = options.monotonicNow ?? (() => performance.now());
	const sleep = options.sleep ?? ((durationMs, signal) => wait(durationMs, undefined, {signal}));
	let pausedAtMs: number | null = null;
	let originMs = monotonicNow();
	const now = (): number => pausedAtMs ?? (monotonicNow() - originMs) * speed;
	return {
		now,
		pause() {
			if (pausedAtMs !== null) return false;
			pausedAtMs = now();
			return true;
		},
		resume() {
			if (pausedAtMs === null) return false;
			originMs = monotonicNow() - pausedAtMs / speed;
			pausedAtMs = null;
			return true;
		},
		async waitUntil(elapsedMs, signal) {
			while (!signal.aborted) {
				const leftMs = (elapsedMs - now()) / speed;
				if (leftMs <= 0) return;
				const durationMs = pausedAtMs === null ? Math.min(leftMs, MAX_SLEEP_MS) : MAX_SLEEP_MS;
				// An abort ends the sleep, and the loop with it.
				await sleep(durationMs, signal).catch(() => {});
			}
		},
	};
}
