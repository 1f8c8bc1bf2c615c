// Bytes read over the whole run, however long it takes: when the list is full, every other moment is dropped and the
// spacing doubles. So it costs the same after a minute and after a week, and always covers the beginning.
import type {Sample} from './state.ts';

export interface History {
	/** Minimum spacing between moments. */
	readonly spacingMs: number;
	/** Oldest first. */
	readonly moments: readonly Sample[];
}

const FIRST_SPACING_MS = 250;
/** More than a wide screen has columns, even right after half of them were dropped: 480 / 2 = 240. */
const MOMENT_LIMIT = 480;

const SILENCE_MS = 1000;

export const EMPTY_HISTORY: History = {spacingMs: FIRST_SPACING_MS, moments: [{elapsedMs: 0, bytesRead: 0}]};

export function withMoment(history: History, {elapsedMs, bytesRead}: Sample): History {
	const {spacingMs, moments} = history;
	const last = moments.at(-1);
	if (last !== undefined && elapsedMs - last.elapsedMs < spacingMs) return history;
	const next = [...moments, {elapsedMs, bytesRead}];
	if (next.length <= MOMENT_LIMIT) return {spacingMs, moments: next};
	return {spacingMs: spacingMs * 2, moments: next.filter((_, index) => index % 2 === 0)};
}

/** Throughput from the beginning to now, as the rates of `count` equal parts of that time, in bytes per second. */
export function computeThroughput({moments, spacingMs}: History, nowMs: number, count: number): number[] {
	const lastMs = moments.at(-1)?.elapsedMs ?? 0;
	// Reading did not stop between two moments: only a longer gap counts as a stop.
	const endMs = nowMs - lastMs > 2 * spacingMs + SILENCE_MS ? nowMs : lastMs;
	if (endMs <= 0 || count <= 0) return [];
	const partMs = endMs / count;
	let index = 0;
	const bytesAt = (atMs: number): number => {
		while (index < moments.length - 2 && (moments[index + 1]?.elapsedMs ?? 0) <= atMs) index++;
		const [from, to] = [moments[index], moments[index + 1]];
		if (from === undefined) return 0;
		if (to === undefined || to.elapsedMs <= from.elapsedMs) return from.bytesRead;
		const share = Math.min(1, Math.max(0, (atMs - from.elapsedMs) / (to.elapsedMs - from.elapsedMs)));
		return from.bytesRead + share * (to.bytesRead - from.bytesRead);
	};
	let before = bytesAt(0);
	return Array.from({length: count}, (_, part) => {
		const after = bytesAt((part + 1) * partMs);
		const rate = (Math.max(0, after - before) / partMs) * 1000;
		before = after;
		return rate;
	});
}
