// What keys do in the list of past runs, and in a past run.
import {type Move, moveWithin} from '../terminal/viewport.ts';
import type {ActionContext} from './actions.ts';
import type {UiEvent, UiState} from './ui-state.ts';

/** The runs of the list, in its order. */
export interface RunIds {
	readonly ids: readonly string[];
	/** The run on the screen, where it is one of them. */
	readonly current: string | null;
}

type Context = Pick<ActionContext, 'ui' | 'runs'>;

/** The place of the cursor; the first run where the one under it is not listed any more. */
export const runIndex = ({ids}: RunIds, {runList}: Pick<UiState, 'runList'>): number =>
	Math.max(0, runList.cursor === null ? 0 : ids.indexOf(runList.cursor));

export function moveRunCursor(distance: Move, {ui, runs}: Context): readonly UiEvent[] {
	const run = runs?.ids[moveWithin(runIndex(runs, ui), distance, runs.ids.length - 1)];
	return run === undefined ? [] : [{type: 'place-run-cursor', run}];
}

/** The run that is on the screen anyway is not read from the ledger. */
export function openRun({ui, runs}: Context): readonly UiEvent[] {
	const run = runs?.ids[runIndex(runs, ui)];
	if (run === undefined) return [];
	return run === runs?.current ? [{type: 'show-view', view: ui.home}] : [{type: 'read-run', run}];
}

export function leaveRuns({runList, home}: UiState): readonly UiEvent[] {
	if (runList.opening !== null) return [{type: 'stop-reading', notice: ''}];
	return [runList.search === '' ? {type: 'show-view', view: home} : {type: 'clear-search'}];
}
