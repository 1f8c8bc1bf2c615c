import {useEffect, useRef, useState} from 'react';
import type {MonthFigure, RunControl} from '../../store/control.ts';
import type {FileState} from '../../store/state.ts';

type Months = readonly MonthFigure[];

/** Who only passes by on the way to another file has nothing read. */
export const MONTHS_DELAY_MS = 500;

/** So many answers, and so many months in all of them, are kept: a file may have 120,000. */
const MOST_ANSWERS = 32;
const MOST_MONTHS = 20_000;

const NO_MONTHS: Months = [];

/**
Asks for the amounts by month of a file that has completed, once it has been looked at for a moment. An answer is kept, so
that whoever comes back sees it at once; what nobody waits for any more is broken off.

@param file - The file that is looked at, `null` for none.
@returns None while they are not known.
*/
export function useMonths(ask: RunControl['inspectMonths'], file: FileState | null): Months {
	const answers = useRef(new Map<string, Months>());
	const [, setAnswered] = useState<Months>(NO_MONTHS);
	const latestAsk = useRef(ask);
	latestAsk.current = ask;
	const canAsk = ask !== undefined;
	const isCompleted = file?.status === 'completed' && file.report?.analysis != null;
	const name = isCompleted ? file.file : null;
	// A file that was done once more is another one.
	const key = isCompleted ? `${file.attempt} ${file.file}` : null;
	useEffect(() => {
		const known = answers.current;
		if (name === null || key === null || !canAsk || known.has(key)) return;
		const leaving = new AbortController();
		const timer = setTimeout(async () => {
			const months = (await latestAsk.current?.(name, leaving.signal).catch(() => null)) ?? null;
			if (months === null || leaving.signal.aborted) return;
			keep(known, key, months);
			setAnswered(months);
		}, MONTHS_DELAY_MS);
		return () => {
			clearTimeout(timer);
			leaving.abort();
		};
	}, [name, key, canAsk]);
	return (key === null ? undefined : answers.current.get(key)) ?? NO_MONTHS;
}

/** Those that came first are forgotten first. */
function keep(answers: Map<string, Months>, key: string, months: Months): void {
	answers.set(key, months);
	let count = Array.from(answers.values(), ({length}) => length).reduce((sum, length) => sum + length, 0);
	for (const [oldest, {length}] of answers) {
		if (oldest === key || (answers.size <= MOST_ANSWERS && count <= MOST_MONTHS)) return;
		answers.delete(oldest);
		count -= length;
	}
}
