// How fast, and how much longer: pure functions of samples and now. Callers show a dash for `undefined`, never a zero.
import type {Sample} from './state.ts';

/** A rate looks back over this long: shorter is nervous, longer is late to see a change. */
const WINDOW_MS = 5000;
/** The first moments come out of the disk cache and would promise a finish time that is never met. */
const WARM_UP_MS = 750;

/**
Estimates the current rate in bytes per second from cumulative byte counts.

@param samples - Oldest first.
@param nowMs - On the samples' clock. A reader that stands still becomes slower with every moment that passes.
@returns `undefined` until the samples span the warm-up.
*/
export function computeBytesPerSecond(samples: readonly Sample[], nowMs: number): number | undefined {
	const last = samples.at(-1);
	if (last === undefined) return undefined;
	const end = Math.max(nowMs, last.elapsedMs);
	// The oldest sample inside the window, or the youngest before it where the window holds only one.
	const first =
		samples.find((sample, index) => end - sample.elapsedMs <= WINDOW_MS && index < samples.length - 1) ??
		samples.at(-2);
	if (first === undefined) return undefined;
	// Between two samples a running reader is not standing still: up to 1.5 s after the last one it is taken as now.
	const spanMs = (end - last.elapsedMs > 1500 ? end : last.elapsedMs) - first.elapsedMs;
	if (spanMs < WARM_UP_MS) return undefined;
	return Math.max(0, ((last.bytesRead - first.bytesRead) / spanMs) * 1000);
}

/** Until then caches, and threads that still start, make any forecast a guess. */
const FORECAST_AFTER_MS = 2000;

/** Whether the samples go back so far that a time that is left can be computed from them. */
export function canForecast(samples: readonly Sample[], nowMs: number): boolean {
	const [first] = samples;
	return first !== undefined && nowMs - first.elapsedMs >= FORECAST_AFTER_MS;
}

/**
Estimates how much longer `bytesLeft` bytes take, in milliseconds.

@returns Zero or more; `undefined` while the rate is not known or nothing moves.
*/
export function computeRemainingMs(bytesLeft: number, bytesPerSecond: number | undefined): number | undefined {
	if (bytesLeft <= 0) return 0;
	if (bytesPerSecond === undefined || bytesPerSecond <= 0) return undefined;
	return (bytesLeft / bytesPerSecond) * 1000;
}

/** The rates between neighbouring samples, in bytes per second, oldest first: the points of a sparkline. */
export function computeRateHistory(samples: readonly Sample[]): number[] {
	const rates: number[] = [];
	for (let index = 1; index < samples.length; index++) {
		const from = samples[index - 1];
		const to = samples[index];
		if (from === undefined || to === undefined || to.elapsedMs <= from.elapsedMs) continue;
		rates.push(Math.max(0, ((to.bytesRead - from.bytesRead) / (to.elapsedMs - from.elapsedMs)) * 1000));
	}
	return rates;
}
