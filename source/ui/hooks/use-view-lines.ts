// The lines of the views that are text. Only those of the view that is shown are built.
import {useMemo, useState} from 'react';
import type {RunControl} from '../../model/run-control.ts';
import type {RunState} from '../../store/state.ts';
import type {KeyBinding} from '../commands/keymap.ts';
import {currentView, type UiState} from '../commands/ui-state.ts';
import {type Line, span} from '../look/line.ts';
import type {Look} from '../look/look.ts';
import {buildDetails} from '../views/detail-lines.ts';
import {buildHelp} from '../views/help-lines.ts';
import {createLogBuilder} from '../views/log-lines.ts';
import {buildOverview} from '../views/overview-lines.ts';
import {buildPalette} from '../views/palette-lines.ts';
import {PANES_FROM_COLUMNS} from '../views/sections.ts';
import {buildSummary} from '../views/summary-lines.ts';
import {useMonths} from './use-months.ts';
import {usePolled} from './use-polled.ts';

/** A look into what streams costs the thread that reads a little: often enough to live, seldom enough not to slow it. */
export const LOOK_INTERVAL_MS = 1000;

export interface ViewFacts {
	readonly state: RunState;
	readonly ui: UiState;
	readonly control: RunControl;
	readonly keymap: readonly KeyBinding[];
	readonly columns: number;
	readonly nowMs: number;
	/** How often things that move may move. */
	readonly tickMs: number;
	readonly look: Look;
}

export interface ViewLines {
	readonly lines: readonly Line[];
	/** The line that must be on the screen, where there is a cursor among them. */
	readonly selectedLine: number | null;
	/** The same text to be copied: panes that stand next to each other, one under the other. Made when it is asked for. */
	readonly inOneColumn?: () => readonly Line[];
}

const NO_LINES: ViewLines = {lines: [], selectedLine: null};

export function useViewLines({state, ui, control, keymap, columns, nowMs, tickMs, look}: ViewFacts): ViewLines {
	const view = currentView(ui);
	const isRunOn = state.phase === 'running';
	const index = ui.detailsFile === null ? undefined : state.indexByFile.get(ui.detailsFile);
	const file = index === undefined ? undefined : state.files[index];
	const lookedInto = view === 'details' && file?.status === 'running' ? file.file : null;
	const inspection = usePolled(control.inspectFile, lookedInto, LOOK_INTERVAL_MS);
	const months = useMonths(control.inspectMonths, view === 'details' ? (file ?? null) : null, tickMs);
	const soFar = usePolled(control.inspectRun, view === 'overview' && isRunOn ? 'run' : null, LOOK_INTERVAL_MS);
	const help = useMemo(() => buildHelp(look, keymap, columns), [look, keymap, columns]);
	const buildLog = useMemo(() => createLogBuilder(columns, look), [columns, look]);
	const isSummary = view === 'summary';
	const summary = useMemo(
		() => (isSummary ? buildSummary(state, columns, look) : []),
		[isSummary, state, columns, look],
	);
	const [noFile] = useState<Line[]>([[], [span('   There is no file to show.', look.theme.muted)]]);

	const oneColumn = Math.min(columns, PANES_FROM_COLUMNS - 1);

	switch (view) {
		case 'files':
			return NO_LINES;
		case 'help':
			return {lines: help, selectedLine: null};
		case 'summary':
			return {lines: summary, selectedLine: null, inOneColumn: () => buildSummary(state, oneColumn, look)};
		case 'log':
			return {lines: buildLog(state), selectedLine: null};
		case 'overview': {
			const build = (width: number): Line[] => buildOverview({state, nowMs, soFar}, width, look);
			return {lines: build(columns), selectedLine: null, inOneColumn: () => build(oneColumn)};
		}
		case 'palette':
			return buildPalette(ui.palette, keymap, columns, look);
		case 'details': {
			if (file === undefined) return {lines: noFile, selectedLine: null};
			const context = {nowMs, isRunPaused: state.isPaused, look};
			const build = (width: number): Line[] => buildDetails(file, width, context, inspection, months);
			return {lines: build(columns), selectedLine: null, inOneColumn: () => build(oneColumn)};
		}
	}
}
