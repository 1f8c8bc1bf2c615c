import {setTimeout as wait} from 'node:timers/promises';

export interface ReplayClock {
	/** Milliseconds of the recorded run. */
	readonly now: () => number;
	/** Returns false where it is held already. */
	readonly pause: () => boolean;
	/** Returns false where it is not held. */
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

/** After so long the clock is looked at again: it may have been held or released. */
const LONGEST_SLEEP_MS = 100;

/** Time that runs `speed` times as fast as the real one, and can be held. */
export function createReplayClock(speed: number, options: ReplayClockOptions = {}): ReplayClock {
	const monotonicNow = options.monotonicNow ?? (() => performance.now());
	const sleep = options.sleep ?? ((durationMs, signal) => wait(durationMs, undefined, {signal}));
	let heldAtMs: number | null = null;
	let originMs = monotonicNow();
	const now = (): number => heldAtMs ?? (monotonicNow() - originMs) * speed;
	return {
		now,
		pause() {
			if (heldAtMs !== null) return false;
			heldAtMs = now();
			return true;
		},
		resume() {
			if (heldAtMs === null) return false;
			originMs = monotonicNow() - heldAtMs / speed;
			heldAtMs = null;
			return true;
		},
		async waitUntil(elapsedMs, signal) {
			while (!signal.aborted) {
				const leftMs = (elapsedMs - now()) / speed;
				if (leftMs <= 0) return;
				const durationMs = heldAtMs === null ? Math.min(leftMs, LONGEST_SLEEP_MS) : LONGEST_SLEEP_MS;
				// An abort ends the sleep, and the loop with it.
				await sleep(durationMs, signal).catch(() => {});
			}
		},
	};
}
