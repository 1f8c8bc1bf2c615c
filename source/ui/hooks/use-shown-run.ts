import type {Dispatch} from 'react';
import type {PastRuns} from '../../model/past-runs.ts';
import type {RunControl} from '../../model/run-control.ts';
import type {Drift} from '../../model/run-diff.ts';
import type {RunState} from '../../store/state.ts';
import type {UiEvent, UiState} from '../commands/ui-state.ts';
import {useDrift} from './use-drift.ts';
import {usePastRun} from './use-past-run.ts';

/** A run as the views take it. */
interface ShownRun {
	readonly state: RunState;
	readonly control: RunControl;
	/** Milliseconds since the run began. */
	readonly now: () => number;
	readonly title: string;
	readonly drift: Drift;
}

interface PresentRun extends Omit<ShownRun, 'drift'> {
	readonly findDrift: (() => Drift) | undefined;
	readonly pastRuns: PastRuns | undefined;
}

/** The past run that was opened, or else the present one. */
export function useShownRun(present: PresentRun, ui: UiState, dispatch: Dispatch<UiEvent>): ShownRun {
	const past = usePastRun(present.pastRuns, ui, dispatch);
	const presentDrift = useDrift(present.findDrift, present.state.phase === 'ended');
	if (past === null) return {...present, drift: presentDrift};
	const {id, state, control, drift} = past;
	return {state, control, drift, now: () => state.elapsedMs, title: `past ${id}`};
}
