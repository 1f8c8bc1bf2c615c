import {useEffect, useState} from 'react';

/**
The one clock of the screen. Everything that moves is a pure function of what it gives.

@param isTicking - While false, time stands still on the screen and nothing is painted for its sake.
*/
export function useClock(now: () => number, isTicking: boolean, intervalMs: number): number {
	const [nowMs, setNowMs] = useState(now);
	useEffect(() => {
		setNowMs(now());
		if (!isTicking) return;
		const timer = setInterval(() => setNowMs(now()), intervalMs);
		return () => clearInterval(timer);
	}, [now, isTicking, intervalMs]);
	return nowMs;
}
