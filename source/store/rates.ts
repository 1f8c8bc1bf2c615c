// Current rate and remaining time: pure functions of samples and now. Callers show a dash for `undefined`, never a
// zero.
import type {Sample} from './state.ts';

/** The window of a rate: a shorter one fluctuates, a longer one reacts late. */
const WINDOW_MS = 5000;
/** The first moments come from the disk cache and would promise an end that is never met. */
const WARM_UP_MS = 750;

/**
Estimates the current rate in bytes per second from cumulative byte counts.

@param samples - Oldest first.
@param nowMs - On the samples' clock. The rate of a stalled reader falls with time.
@returns `undefined` until the samples span the warm-up.
*/
export function computeBytesPerSecond(samples: readonly Sample[], nowMs: number): number | undefined {
	const last = samples.at(-1);
	if (last === undefined) return undefined;
	const end = Math.max(nowMs, last.elapsedMs);
	// The oldest sample inside the window, or the last one before it where the window holds only one.
	const first =
		samples.find((sample, index) => end - sample.elapsedMs <= WINDOW_MS && index < samples.length - 1) ??
		samples.at(-2);
	if (first === undefined) return undefined;
	// A reader between two samples is not stalled: up to 1.5 s after the last sample, that sample counts as now.
	const spanMs = (end - last.elapsedMs > 1500 ? end : last.elapsedMs) - first.elapsedMs;
	if (spanMs < WARM_UP_MS) return undefined;
	return Math.max(0, ((last.bytesRead - first.bytesRead) / spanMs) * 1000);
}

/** Until then caches and starting threads make any forecast a guess. */
const FORECAST_AFTER_MS = 2000;

/** Whether the samples cover enough time to compute the remaining time. */
export function canForecast(samples: readonly Sample[], nowMs: number): boolean {
	const [first] = samples;
	return first !== undefined && nowMs - first.elapsedMs >= FORECAST_AFTER_MS;
}

/**
Estimates how long `bytesLeft` bytes will take, in milliseconds.

@returns Zero or more; `undefined` while the rate is unknown or zero.
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
