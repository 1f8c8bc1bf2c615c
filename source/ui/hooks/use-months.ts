import {useEffect, useReducer, useRef} from 'react';
import type {MonthFigure, MonthsSoFar, RunControl} from '../../model/run-control.ts';
import type {FileState} from '../../store/state.ts';
import {type KnownMonths, NO_MONTHS} from '../views/month-lines.ts';

type Ask = RunControl['inspectMonths'];

/** Moving past a file in the list does not read it. */
export const MONTHS_DELAY_MS = 500;

/** Limits for kept answers and for their months in total: a file may have 120,000 months. */
const MAX_ANSWERS = 32;
const MAX_MONTHS = 20_000;

/**
Requests the amounts by month of a running or completed file, once its details have been open for a moment, and returns
partial amounts while they are read. Complete answers are kept, so that they appear at once later; a request is aborted when
its file is left.

@param file - The file whose details are open, `null` for none.
@param frameMs - The interval of frames while the screen is animated: partial amounts wait for it, and cause a frame only
where nothing else does.
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
	// A retried file counts as another one; a file that completes while its details are open stays the same.
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
		const handleProgress = ({months, bytesRead, bytesTotal}: MonthsSoFar): void => {
			if (leaving.signal.aborted) return;
			soFar.current = {key, known: {months, part: {bytesRead, bytesTotal}}};
			paintSoon();
		};
		const timer = setTimeout(async () => {
			const months = (await latest.current.ask?.(name, leaving.signal, handleProgress).catch(() => null)) ?? null;
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

/** A file without an analysis has no amounts; whether it has one is known when it has completed. */
const mayHaveMonths = ({status, report}: FileState): boolean =>
	status === 'running' || (status === 'completed' && report?.analysis != null);

/** The oldest answers are dropped first. */
function keep(answers: Map<string, KnownMonths>, key: string, months: readonly MonthFigure[]): void {
	answers.set(key, {months, part: null});
	let count = Array.from(answers.values(), answer => answer.months.length).reduce((sum, length) => sum + length, 0);
	for (const [oldest, answer] of answers) {
		if (oldest === key || (answers.size <= MAX_ANSWERS && count <= MAX_MONTHS)) return;
		answers.delete(oldest);
		count -= answer.months.length;
	}
}
