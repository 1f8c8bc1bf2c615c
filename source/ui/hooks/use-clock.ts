import {useEffect, useReducer, useRef} from 'react';

/**
The one clock of the screen. Everything that moves is a pure function of what it gives.

It is looked at whenever there is news, and ticks only where there has been none for a while: a screen that is painted
for the news anyway is not laid out once more for the time.

@param news - What is painted anyway when it changes.
@param isTicking - While false, time stands still on the screen and nothing is painted for its sake.
*/
export function useClock(now: () => number, news: object, isTicking: boolean, intervalMs: number): number {
	const [tick, turn] = useReducer((count: number) => count + 1, 0);
	const seen = useRef<{readonly news: object; readonly tick: number; readonly nowMs: number} | null>(null);
	if (seen.current === null || seen.current.news !== news || seen.current.tick !== tick) {
		seen.current = {news, tick, nowMs: now()};
	}
	const {nowMs} = seen.current;
	// biome-ignore lint/correctness/useExhaustiveDependencies: each time the clock has been looked at, it waits anew.
	useEffect(() => {
		if (!isTicking) return;
		const timer = setTimeout(turn, intervalMs);
		return () => clearTimeout(timer);
	}, [nowMs, news, tick, isTicking, intervalMs]);
	return nowMs;
}
