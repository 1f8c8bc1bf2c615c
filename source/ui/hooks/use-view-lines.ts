// The lines of the text views. Only those of the current view are built.
import {useMemo, useState} from 'react';
import type {RunControl} from '../../model/run-control.ts';
import type {Drift} from '../../model/run-diff.ts';
import {selectFile} from '../../store/selectors.ts';
import type {RunState} from '../../store/state.ts';
import type {KeyBinding} from '../commands/keymap.ts';
import {type RunIds, runIndex} from '../commands/run-list-actions.ts';
import {currentView, type UiState} from '../commands/ui-state.ts';
import {type Line, span} from '../look/line.ts';
import type {Look} from '../look/look.ts';
import {buildAnswer} from '../views/answer-lines.ts';
import {buildColumn, type ColumnList, markColumn} from '../views/column-lines.ts';
import {buildDetails} from '../views/detail-lines.ts';
import {buildHelp} from '../views/help-lines.ts';
import {createLogBuilder} from '../views/log-lines.ts';
import {buildOverview} from '../views/overview-lines.ts';
import {buildPalette} from '../views/palette-lines.ts';
import {buildRunList, type ListedRuns} from '../views/run-list-lines.ts';
import {PANES_FROM_COLUMNS} from '../views/sections.ts';
import {buildSummary} from '../views/summary-lines.ts';
import {useAnswer} from './use-answer.ts';
import {useColumnTable} from './use-column-table.ts';
import {useOnDemand} from './use-on-demand.ts';
import {usePolled} from './use-polled.ts';

/** Inspecting a running file costs its thread a little time: this interval looks live without slowing the thread. */
export const POLL_INTERVAL_MS = 1000;

export interface ViewFacts {
	readonly state: RunState;
	readonly ui: UiState;
	readonly control: RunControl;
	/** Those that the list of past runs shows. */
	readonly listedRuns: ListedRuns | null;
	/** What the run on the screen is called in the ledger. */
	readonly currentId: string | null;
	/** What changed since an earlier run. */
	readonly drift: Drift;
	readonly keymap: readonly KeyBinding[];
	readonly columns: number;
	readonly nowMs: number;
	/** The interval of animations. */
	readonly tickMs: number;
	readonly look: Look;
}

export interface ViewLines {
	readonly lines: readonly Line[];
	/** The line that must be visible, where the lines have a cursor. */
	readonly selectedLine: number | null;
	/** The same text for copying, with panes below each other instead of side by side. Built on demand. */
	readonly inOneColumn?: () => readonly Line[];
	/** In the list of columns. */
	readonly columnList?: ColumnList;
	/** In the list of past runs. */
	readonly runs?: RunIds;
}

const NO_LINES: ViewLines = {lines: [], selectedLine: null};

export function useViewLines(facts: ViewFacts): ViewLines {
	const {state, ui, control, drift, keymap, columns, nowMs, tickMs, look} = facts;
	const view = currentView(ui);
	// The lists of columns are about the view under them.
	const about = view === 'columns' || view === 'column' ? ui.view : view;
	const isRunOn = state.phase === 'running';
	const file = selectFile(state, ui.detailsFile);
	const inspectedFile = about === 'details' && file?.status === 'running' ? file.file : null;
	const inspection = usePolled(control.inspectFile, inspectedFile, POLL_INTERVAL_MS);
	const readings = useOnDemand(control.onDemand, view === 'details' ? (file ?? null) : null, tickMs);
	const answer = useAnswer(control.onDemand, ui.asked, view === 'answer');
	const soFar = usePolled(control.inspectRun, about === 'overview' && isRunOn ? 'run' : null, POLL_INTERVAL_MS);
	const shownColumns = useColumnTable(state, ui, {inspection, soFar}, columns, look);
	const help = useMemo(() => buildHelp(look, keymap, columns), [look, keymap, columns]);
	const buildLog = useMemo(() => createLogBuilder(columns, look), [columns, look]);
	const isSummary = view === 'summary';
	const summary = useMemo(
		() => (isSummary ? buildSummary({state, drift}, columns, look) : []),
		[isSummary, state, drift, columns, look],
	);
	const [noFile] = useState<Line[]>([[], [span('   There is no file to show.', look.theme.muted)]]);
	const [noColumns] = useState<Line[]>([[], [span('   Nothing is known of columns yet.', look.theme.muted)]]);

	const oneColumn = Math.min(columns, PANES_FROM_COLUMNS - 1);

	switch (view) {
		case 'files':
			return NO_LINES;
		case 'help':
			return {lines: help, selectedLine: null};
		case 'summary':
			return {lines: summary, selectedLine: null, inOneColumn: () => buildSummary({state, drift}, oneColumn, look)};
		case 'history':
			return listRuns(facts);
		case 'log':
			return {lines: buildLog(state), selectedLine: null};
		case 'overview': {
			const build = (width: number): Line[] => buildOverview({state, nowMs, soFar, drift}, width, look);
			return {lines: build(columns), selectedLine: null, inOneColumn: () => build(oneColumn)};
		}
		case 'answer': {
			if (answer === null) return NO_LINES;
			const build = (width: number): Line[] =>
				buildAnswer(answer, selectFile(state, answer.file)?.report?.rows ?? null, width, look);
			return {lines: build(columns), selectedLine: null, inOneColumn: () => build(oneColumn)};
		}
		case 'columns':
			if (shownColumns === null) return {lines: noColumns, selectedLine: null};
			return {...markColumn(shownColumns.list, ui.columnCursor.row, columns, look), columnList: shownColumns.list};
		case 'column': {
			if (shownColumns === null) return {lines: noColumns, selectedLine: null};
			const build = (width: number): Line[] => buildColumn(shownColumns.table, ui.columnCursor.row, width, look);
			return {lines: build(columns), selectedLine: null, inOneColumn: () => build(oneColumn)};
		}
		case 'palette':
			return buildPalette(ui.palette, keymap, columns, look);
		case 'details': {
			if (file === undefined) return {lines: noFile, selectedLine: null};
			const context = {nowMs, isRunPaused: state.isPaused, look};
			const facts = {analyses: state.analysisInfos, inspection, readings};
			const build = (width: number): Line[] => buildDetails(file, width, context, facts);
			return {lines: build(columns), selectedLine: null, inOneColumn: () => build(oneColumn)};
		}
	}
}

function listRuns({listedRuns: listed, currentId: current, ui, columns, look}: ViewFacts): ViewLines {
	const runs = {ids: listed?.runs.map(({id}) => id) ?? [], current};
	return {...buildRunList({listed, index: runIndex(runs, ui), currentId: current}, columns, look), runs};
}
