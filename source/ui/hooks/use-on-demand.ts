import {useEffect, useReducer, useRef} from 'react';
import type {ResultObject} from '../../model/analysis-info.ts';
import type {OnDemand} from '../../model/run-control.ts';
import {analysesOf} from '../../store/analysis-results.ts';
import type {FileState} from '../../store/state.ts';
import type {KnownReading} from '../views/on-demand-lines.ts';

/** Moving past a file in the list does not read it. */
export const READING_DELAY_MS = 500;

/** Limits for kept answers and for their rows in total: a file may have 120,000 months. */
const MAX_ANSWERS = 32;
const MAX_ROWS = 20_000;

type Readings = readonly KnownReading[];
const NO_READINGS: Readings = [];

/**
Requests what can be read of a running or completed file on demand, once its details have been open for a moment, and returns
partial results while it is read. Complete answers are kept, so that they appear at once later; a request is aborted when its file is
left.

@param file - The file whose details are open, `null` for none.
@param frameMs - The interval of frames while the screen is animated: partial results wait for it, and cause a frame only
where nothing else does.
*/
export function useOnDemand(onDemand: OnDemand | undefined, file: FileState | null, frameMs: number): Readings {
	const answers = useRef(new Map<string, Readings>());
	const soFar = useRef<{readonly key: string; readonly readings: Readings} | null>(null);
	const painted = useRef(NO_READINGS);
	const [, paint] = useReducer((count: number) => count + 1, 0);
	const latest = useRef({onDemand, frameMs});
	latest.current = {onDemand, frameMs};
	const canAsk = onDemand !== undefined;
	const name = file !== null && mayBeRead(file) ? file.file : null;
	// A retried file counts as another one; a file that completes while its details are open stays the same.
	const key = name === null ? null : `${file?.attempt} ${name}`;
	useEffect(() => {
		const kept = answers.current;
		if (name === null || key === null || !canAsk || kept.has(key)) return;
		const leaving = new AbortController();
		let paintTimer: NodeJS.Timeout | undefined;
		const showSoFar = (readings: Readings): void => {
			if (leaving.signal.aborted) return;
			soFar.current = {key, readings};
			paintTimer ??= setTimeout(() => {
				paintTimer = undefined;
				if (soFar.current !== null && painted.current !== soFar.current.readings) paint();
			}, latest.current.frameMs);
		};
		const readAll = async (): Promise<void> => {
			const readings = await readEach(latest.current.onDemand, name, leaving.signal, showSoFar);
			if (leaving.signal.aborted) return;
			soFar.current = null;
			if (readings.length > 0) keepAnswer(kept, key, readings);
			paint();
		};
		const timer = setTimeout(readAll, READING_DELAY_MS);
		return () => {
			clearTimeout(timer);
			clearTimeout(paintTimer);
			soFar.current = null;
			leaving.abort();
		};
	}, [name, key, canAsk]);
	const partial = soFar.current?.key === key ? soFar.current?.readings : undefined;
	const known = (key === null ? undefined : answers.current.get(key)) ?? partial ?? NO_READINGS;
	useEffect(() => {
		painted.current = known;
	}, [known]);
	return known;
}

/** A file without an analysis has no figures; whether it has one is known when it has completed. */
const mayBeRead = ({status, report}: FileState): boolean =>
	status === 'running' || (status === 'completed' && report !== null && analysesOf(report).length > 0);

/** One analysis after the other: each takes a thread for as long as the file is read. */
async function readEach(
	onDemand: OnDemand | undefined,
	file: string,
	signal: AbortSignal,
	showSoFar: (readings: Readings) => void,
): Promise<Readings> {
	const readings: KnownReading[] = [];
	for (const info of onDemand?.analyses ?? []) {
		const result = await onDemand
			?.read(info.name, file, signal, ({result, ...part}) => showSoFar([...readings, {info, result, part}]))
			.catch(() => null);
		if (signal.aborted) break;
		if (result != null) readings.push({info, result, part: null});
	}
	return readings;
}

/** Keeps an answer; the oldest ones are dropped first. */
export function keepAnswer(answers: Map<string, Readings>, key: string, readings: Readings): void {
	answers.set(key, readings);
	let count = Array.from(answers.values(), countRows).reduce((sum, rows) => sum + rows, 0);
	for (const [oldest, answer] of answers) {
		if (oldest === key || (answers.size <= MAX_ANSWERS && count <= MAX_ROWS)) return;
		answers.delete(oldest);
		count -= countRows(answer);
	}
}

const countRows = (readings: Readings): number => readings.reduce((sum, {result}) => sum + rowsOf(result), 0);

const rowsOf = (result: ResultObject): number =>
	Object.values(result).reduce<number>((sum, value) => sum + (Array.isArray(value) ? value.length : 0), 0);
