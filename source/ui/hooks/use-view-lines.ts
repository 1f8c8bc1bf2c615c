// The lines of the text views. Only those of the current view are built.
import {useMemo, useState} from 'react';
import type {RunControl} from '../../model/run-control.ts';
import type {Drift} from '../../model/run-diff.ts';
import type {WatchedFile} from '../../model/watched-folder.ts';
import {selectFile} from '../../store/selectors.ts';
import type {RunState} from '../../store/state.ts';
import type {FolderContext} from '../commands/inbox-actions.ts';
import type {KeyBinding} from '../commands/keymap.ts';
import {type RunIds, runIndex} from '../commands/run-list-actions.ts';
import {currentView, type UiState} from '../commands/ui-state.ts';
import {type Line, span} from '../look/line.ts';
import type {Look} from '../look/look.ts';
import {buildAnswer} from '../views/answer-lines.ts';
import {buildColumn, type ColumnList, markColumn} from '../views/column-lines.ts';
import {buildDetails} from '../views/detail-lines.ts';
import {buildHelp} from '../views/help-lines.ts';
import {buildInbox} from '../views/inbox-lines.ts';
import {findWatched} from '../views/inbox-window.ts';
import {createLogBuilder} from '../views/log-lines.ts';
import {buildOverview} from '../views/overview-lines.ts';
import {buildPalette} from '../views/palette-lines.ts';
import {buildRunList, type ListedRuns} from '../views/run-list-lines.ts';
import {PANES_FROM_COLUMNS} from '../views/sections.ts';
import {buildSummary} from '../views/summary-lines.ts';
import {buildTaskless} from '../views/taskless-lines.ts';
import {buildRoutes, buildWatchedFile} from '../views/watched-file-lines.ts';
import {useAnswer} from './use-answer.ts';
import {useColumnTable} from './use-column-table.ts';
import {useOnDemand} from './use-on-demand.ts';
import {usePolled} from './use-polled.ts';
import {useWholeReport} from './use-whole-report.ts';

/** Inspecting a running file costs its thread a little time: this interval looks live without slowing the thread. */
export const POLL_INTERVAL_MS = 1000;

export interface ViewFacts {
	readonly state: RunState;
	readonly ui: UiState;
	readonly control: RunControl;
	/** The watched folder, where this is one. */
	readonly folder: FolderContext | null;
	/** Those that the list of past runs shows. */
	readonly listedRuns: ListedRuns | null;
	/** What the run on the screen is called in the ledger. */
	readonly currentId: string | null;
	/** What changed since an earlier run. */
	readonly drift: Drift;
	readonly keymap: readonly KeyBinding[];
	readonly columns: number;
	/** Rows of the view. */
	readonly bodyRows: number;
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
	const watched = facts.folder === null ? undefined : findWatched(facts.folder.look.files, ui.detailsFile);
	// A file of a folder beside is none of the run, whatever its name is.
	const file = facts.folder?.isBeside ? undefined : selectFile(state, watched?.claim ?? ui.detailsFile);
	const inspectedFile = about === 'details' && file?.status === 'running' ? file.file : null;
	const inspection = usePolled(control.inspectFile, inspectedFile, POLL_INTERVAL_MS);
	useWholeReport(control, about === 'details' ? file : undefined);
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
		case 'inbox':
		case 'routes':
			return showFolder(view, facts);
		case 'taskless':
			return ui.taskless === null ? NO_LINES : buildTaskless(ui.taskless, columns, look);
		case 'log':
			return {lines: buildLog(state), selectedLine: null};
		case 'overview': {
			const workers = isRunOn ? (control.workers?.() ?? null) : null;
			const build = (width: number): Line[] => buildOverview({state, nowMs, soFar, drift, workers}, width, look);
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
			if (file === undefined && watched === undefined) return {lines: noFile, selectedLine: null};
			const context = {nowMs, isRunPaused: state.isPaused, look};
			const build = (width: number): Line[] => {
				const folderLines = watched === undefined ? [] : describeWatched(watched, file !== undefined, facts, width);
				if (file === undefined) return folderLines;
				return buildDetails(file, width, context, {analyses: state.analysisInfos, inspection, readings, folderLines});
			};
			return {lines: build(columns), selectedLine: null, inOneColumn: () => build(oneColumn)};
		}
	}
}

function showFolder(view: 'inbox' | 'routes', {folder, ui, columns, bodyRows, nowMs, look}: ViewFacts): ViewLines {
	if (folder === null) return NO_LINES;
	const {routing, isOldestFirst} = ui.inbox;
	if (view === 'routes') return routing === null ? NO_LINES : buildRoutes(routing, folder.tags, columns, look);
	const facts = {look: folder.look, window: folder.window, isOldestFirst, nowMs};
	return {lines: buildInbox(facts, columns, bodyRows, look), selectedLine: null};
}

/** @param isRead - Whether it has details of its own beside these. */
function describeWatched(
	file: WatchedFile,
	isRead: boolean,
	{folder, nowMs, look}: ViewFacts,
	columns: number,
): Line[] {
	if (folder === null) return [];
	const facts = {file, at: Date.parse(folder.look.status.at), isRead, nowMs};
	return buildWatchedFile(facts, columns, look);
}

function listRuns({listedRuns: listed, currentId: current, ui, columns, look}: ViewFacts): ViewLines {
	const runs = {ids: listed?.runs.map(({id}) => id) ?? [], current};
	return {...buildRunList({listed, index: runIndex(runs, ui), currentId: current}, columns, look), runs};
}
