import {type Dispatch, useEffect, useMemo, useState} from 'react';
import type {RunEvent} from '../../model/events.ts';
import type {PastRuns} from '../../model/past-runs.ts';
import {performWith} from '../../model/run-command.ts';
import type {RunControl} from '../../model/run-control.ts';
import type {Drift} from '../../model/run-diff.ts';
import {createRunState, reduceInPlace} from '../../store/reduce.ts';
import type {RunState} from '../../store/state.ts';
import {safe} from '../../text/safe.ts';
import type {UiEvent, UiState} from '../commands/ui-state.ts';

export interface PastRun {
	readonly id: string;
	readonly state: RunState;
	readonly drift: Drift;
}

export interface ShownRun extends PastRun {
	readonly control: RunControl;
}

/** Reads the run that is to be opened, and returns it as long as it is shown; `null` while the present run is. */
export function usePastRun(
	pastRuns: PastRuns | undefined,
	{past, runList: {opening}}: UiState,
	dispatch: Dispatch<UiEvent>,
): ShownRun | null {
	const [read, setRead] = useState<PastRun | null>(null);
	useEffect(() => {
		if (opening === null || pastRuns === undefined) return;
		const leaving = new AbortController();
		readRun(pastRuns, opening, leaving.signal).then(
			run => {
				if (leaving.signal.aborted) return;
				setRead(run);
				dispatch({type: 'enter-run', run: opening});
			},
			(error: unknown) => {
				if (!leaving.signal.aborted) dispatch({type: 'stop-reading', notice: messageOf(error)});
			},
		);
		return () => leaving.abort();
	}, [pastRuns, opening, dispatch]);
	// It may be as large as the present one.
	const isLeft = past === null && opening === null;
	useEffect(() => {
		if (isLeft) setRead(null);
	}, [isLeft]);
	const shown = past !== null && read?.id === past.run ? read : null;
	return useMemo(() => {
		if (shown === null || pastRuns === undefined) return null;
		const notify = (notice: string): void => dispatch({type: 'notify', notice});
		return {...shown, control: controlOf(shown.id, pastRuns, notify)};
	}, [shown, pastRuns, dispatch]);
}

async function readRun(pastRuns: PastRuns, id: string, signal: AbortSignal): Promise<PastRun> {
	let state = createRunState();
	let events: RunEvent[] = [];
	for await (const event of pastRuns.read(id, signal)) {
		events.push(event);
		if (events.length < EVENTS_AT_ONCE) continue;
		state = reduceInPlace(state, events);
		events = [];
	}
	return {id, state: reduceInPlace(state, events), drift: await pastRuns.drift(id)};
}

/** Each part of them makes a new state and a new log. */
const EVENTS_AT_ONCE = 500;

/** A past run cannot be changed. Its files can be read again, which is a run of its own. */
function controlOf(id: string, pastRuns: PastRuns, notify: (notice: string) => void): RunControl {
	const nothing = (): void => {};
	return {
		perform: performWith({
			...{pause: nothing, resume: nothing, stop: nothing},
			...{'pause-file': nothing, 'resume-file': nothing, 'cancel-file': nothing},
			'retry-files': ({files}) => {
				const names = files.map(({file}) => file);
				pastRuns.readAgain(id, names).then(notify, (error: unknown) => notify(messageOf(error)));
				return {fileCount: names.length};
			},
			'retry-claims': async () => ({fileCount: 0}),
			'set-concurrency': ({concurrency}) => ({concurrency}),
		}),
		inspectRun: async () => null,
	};
}

const messageOf = (error: unknown): string => safe(error instanceof Error ? error.message : String(error));
