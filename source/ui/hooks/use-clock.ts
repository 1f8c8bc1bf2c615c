import {useEffect, useReducer, useRef} from 'react';

/**
The one clock of the screen. Everything that moves is a pure function of its time.

It is read whenever `trigger` changes, and ticks only when there was no change for a while: a screen that is painted for a
change anyway is not laid out again for the time.

@param trigger - A change of it is painted anyway.
@param isTicking - While false, the time on the screen stands still and causes no painting.
*/
export function useClock(now: () => number, trigger: object, isTicking: boolean, intervalMs: number): number {
	const [tick, advance] = useReducer((count: number) => count + 1, 0);
	const last = useRef<{readonly trigger: object; readonly tick: number; readonly nowMs: number} | null>(null);
	if (last.current === null || last.current.trigger !== trigger || last.current.tick !== tick) {
		last.current = {trigger, tick, nowMs: now()};
	}
	const {nowMs} = last.current;
	// biome-ignore lint/correctness/useExhaustiveDependencies: each reading of the clock restarts the timer.
	useEffect(() => {
		if (!isTicking) return;
		const timer = setTimeout(advance, intervalMs);
		return () => clearTimeout(timer);
	}, [nowMs, trigger, tick, isTicking, intervalMs]);
	return nowMs;
}
