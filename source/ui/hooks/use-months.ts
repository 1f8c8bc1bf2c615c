import {useEffect, useReducer, useRef} from 'react';
import type {MonthFigure, MonthsSoFar, RunControl} from '../../model/run-control.ts';
import type {FileState} from '../../store/state.ts';
import {type KnownMonths, NO_MONTHS} from '../views/result-lines.ts';

type Ask = RunControl['inspectMonths'];

/** Who only passes by on the way to another file has nothing read. */
export const MONTHS_DELAY_MS = 500;

/** So many answers, and so many months in all of them, are kept: a file may have 120,000. */
const MOST_ANSWERS = 32;
const MOST_MONTHS = 20_000;

/**
Asks for the amounts by month of a file that runs or has completed, once it has been looked at for a moment, and gives what
there is of them while they are read. A whole answer is kept, so that whoever comes back sees it at once; what nobody waits
for any more is broken off.

@param file - The file that is looked at, `null` for none.
@param frameMs - While something moves, the screen is painted that often: what comes in waits for it, and only where nothing
moves has the screen painted.
*/
export function useMonths(ask: Ask, file: FileState | null, frameMs: number): KnownMonths {
	const answers = useRef(new Map<string, KnownMonths>());
	const soFar = useRef<{readonly key: string; readonly known: KnownMonths} | null>(null);
	const painted = useRef(NO_MONTHS);
	const [, paint] = useReducer((count: number) => count + 1, 0);
	const latest = useRef({ask, frameMs});
	latest.current = {ask, frameMs};
	const canAsk = ask !== undefined;
	const name = file !== null && mayHaveMonths(file) ? file.file : null;
	// A file that is tried once more is another one; one that completes while it is looked at is still the same.
	const key = name === null ? null : `${file?.attempt} ${name}`;
	useEffect(() => {
		const kept = answers.current;
		if (name === null || key === null || !canAsk || kept.has(key)) return;
		const leaving = new AbortController();
		let paintTimer: NodeJS.Timeout | undefined;
		const paintSoon = (): void => {
			paintTimer ??= setTimeout(() => {
				paintTimer = undefined;
				if (soFar.current !== null && painted.current !== soFar.current.known) paint();
			}, latest.current.frameMs);
		};
		const take = ({months, bytesRead, bytesTotal}: MonthsSoFar): void => {
			if (leaving.signal.aborted) return;
			soFar.current = {key, known: {months, part: {bytesRead, bytesTotal}}};
			paintSoon();
		};
		const timer = setTimeout(async () => {
			const months = (await latest.current.ask?.(name, leaving.signal, take).catch(() => null)) ?? null;
			if (leaving.signal.aborted) return;
			soFar.current = null;
			if (months !== null) keep(kept, key, months);
			paint();
		}, MONTHS_DELAY_MS);
		return () => {
			clearTimeout(timer);
			clearTimeout(paintTimer);
			soFar.current = null;
			leaving.abort();
		};
	}, [name, key, canAsk]);
	const partial = soFar.current?.key === key ? soFar.current?.known : undefined;
	const known = (key === null ? undefined : answers.current.get(key)) ?? partial ?? NO_MONTHS;
	useEffect(() => {
		painted.current = known;
	}, [known]);
	return known;
}

/** Without an analysis a file has no amounts; whether it has one is known when it has completed. */
const mayHaveMonths = ({status, report}: FileState): boolean =>
	status === 'running' || (status === 'completed' && report?.analysis != null);

/** Those that came first are forgotten first. */
function keep(answers: Map<string, KnownMonths>, key: string, months: readonly MonthFigure[]): void {
	answers.set(key, {months, part: null});
	let count = Array.from(answers.values(), answer => answer.months.length).reduce((sum, length) => sum + length, 0);
	for (const [oldest, answer] of answers) {
		if (oldest === key || (answers.size <= MOST_ANSWERS && count <= MOST_MONTHS)) return;
		answers.delete(oldest);
		count -= answer.months.length;
	}
}
