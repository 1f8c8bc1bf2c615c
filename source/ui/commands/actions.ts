// Performs actions: an action sends commands to the run, uses effects outside of the screen, and returns events that change
// the screen.

import type {PastRuns} from '../../model/past-runs.ts';
import type {RunControl} from '../../model/run-control.ts';
import type {SortKey} from '../../store/arrange.ts';
import {selectFile} from '../../store/selectors.ts';
import type {FileState, RunState} from '../../store/state.ts';
import {safe} from '../../text/safe.ts';
import {type Move, moveWithin} from '../terminal/viewport.ts';
import type {ColumnList} from '../views/column-lines.ts';
import {fileAt, type ListWindow, moveCursor} from '../views/list-window.ts';
import {moveColumnCursor, openColumn, openColumns, sortColumnsByNext, turnColumns} from './column-actions.ts';
import {confirmCancel, confirmRetry, confirmStop, notify, retryFiles, shortName} from './confirmations.ts';
import {listTaskless, moveTasklessCursor, save, savesHere, startTaskless} from './elsewhere-actions.ts';
import {
	chooseRoute,
	confirmRetryAll,
	confirmStopWatching,
	currentWatched,
	type FolderContext,
	leaveInbox,
	moveInboxCursor,
	moveRouteCursor,
	openWatched,
	pauseIntake,
	retryAll,
	retryWatched,
	sendOnRoute,
} from './inbox-actions.ts';
import type {Action, MainView} from './keymap.ts';
import {confirmAll, isForAll, performAll} from './on-all.ts';
import {leaveRuns, moveRunCursor, openRun, type RunIds} from './run-list-actions.ts';
import {currentView, type LaterEvent, type UiEvent, type UiState} from './ui-state.ts';

/** Effects outside of the screen. */
export interface Effects {
	/** Leaves the dashboard: `left` after the run's end, `forced` before it. */
	readonly leave: (reason: 'left' | 'forced') => void;
	/** Copies safe text to the clipboard through the terminal; `isCut` where it was too long. */
	readonly copy: (lines: readonly string[]) => {readonly isCut: boolean};
	/** Starts writing the report; the result is shown later. `null` where there is no report to write. */
	readonly exportReport: (() => void) | null;
	readonly repaint: () => void;
	/** Stops the program until it is continued; false where no shell could continue it. */
	readonly suspend: () => boolean;
	readonly setMouse: (isOn: boolean) => void;
	/** Shows a notice. */
	readonly tell: (notice: string) => void;
	/** Shows a notice once it is known what to say; nothing where it is empty. */
	readonly tellLater: (notice: Promise<string>) => void;
	/** Asks, or shows a notice, once it is known what. */
	readonly askLater: (event: Promise<LaterEvent>) => void;
}

/** Those that a terminal has by itself. */
export type TerminalEffects = Omit<Effects, 'exportReport' | 'tell' | 'tellLater' | 'askLater'>;

export interface ActionContext {
	readonly state: RunState;
	readonly ui: UiState;
	readonly control: RunControl;
	readonly effects: Effects;
	readonly list: ListWindow;
	/** The columns of the list, in their order. */
	readonly sortKeys: readonly SortKey[];
	/** The text view, if one is shown. */
	readonly text: TextWindow;
	/** The list of a table's columns, if it is shown. */
	readonly columnList: ColumnList | null;
	/** The list of past runs, if it is shown. */
	readonly runs: RunIds | null;
	/** Whether a watched folder is one of the views beside those of the run. */
	readonly hasInboxBeside?: boolean;
	/** `undefined`: there are none to open. */
	readonly pastRuns?: PastRuns | undefined;
	/** The watched folder, where this is one. */
	readonly folder: FolderContext | null;
	/** The run of this process, where `state` and `control` are those of a past one; otherwise the same. */
	readonly present: {readonly state: RunState; readonly control: RunControl};
}

export interface TextWindow {
	readonly height: number;
	readonly count: number;
	/** Without styles; built on demand. */
	readonly lines: () => readonly string[];
}

type Outcome = readonly UiEvent[];

const NOTHING: Outcome = [];

const VIEW_ACTIONS: Readonly<Partial<Record<Action, MainView>>> = {
	'view-files': 'files',
	'view-details': 'details',
	'view-overview': 'overview',
	'view-log': 'log',
	'view-history': 'history',
	'view-inbox': 'inbox',
};

const FOR_RUN: ReadonlySet<Action> = new Set<Action>([
	'pause-run',
	'pause-file',
	'cancel',
	'more-at-once',
	'fewer-at-once',
	'retry-all',
	'route',
]);

/** @returns Events that change the screen. */
export function performAction(action: Action, context: ActionContext): Outcome {
	const {state, ui, effects} = context;
	if (FOR_RUN.has(action)) return state.phase === 'ended' ? notify('The run has ended') : controlRun(action, context);
	const view = VIEW_ACTIONS[action];
	if (view === 'history' && ui.past !== null) return [{type: 'leave-run'}];
	if (view !== undefined) return showView(view, context);
	switch (action) {
		case 'up':
			return move(-1, context);
		case 'down':
			return move(1, context);
		case 'page-up':
			return move(-pageOf(context), context);
		case 'page-down':
			return move(pageOf(context), context);
		case 'first':
		case 'last':
			return move(action, context);
		case 'open':
			return open(context);
		case 'back':
			return goBack(context);
		case 'filter':
			return [{type: filterOf(context)}];
		case 'upload':
			return [{type: 'type-path', text: ''}];
		case 'ask':
			return ask(context);
		case 'columns':
			return openColumns(context);
		case 'sort':
			if (isInbox(context)) return [{type: 'turn-inbox'}];
			return isColumnList(context) ? sortColumnsByNext(context) : sortByNext(context);
		case 'sort-direction':
			if (isInbox(context)) return [{type: 'turn-inbox'}];
			return isColumnList(context) ? turnColumns(context) : [{type: 'turn-sort'}];
		case 'mark':
			return mark(context);
		case 'mark-all':
			return markAll(context);
		case 'next-view':
			return switchView(1, context);
		case 'previous-view':
			return switchView(-1, context);
		case 'retry':
			if (context.folder !== null) return retryWatched(context);
			// The summary shows no single file, so the cursor of the list does not count.
			return isForAll(context)
				? confirmAll(context, 'retry')
				: confirmRetry(context, ui.view === 'summary' ? undefined : currentFile(context));
		case 'export-rejects':
			return save('rejects', context, currentFile(context));
		case 'start':
			return listTaskless(context);
		case 'export':
			if (savesHere(context)) return save('result', context, currentFile(context));
			if (ui.past !== null) return notify(`Its report: ${context.pastRuns?.reportCommand(ui.past.run) ?? ''}`);
			if (effects.exportReport === null) return notify('There is no report to write here');
			effects.exportReport();
			return notify('Writing the report');
		case 'copy':
			return copy(context);
		case 'palette':
			return [{type: 'open-overlay', overlay: 'palette'}];
		case 'help':
			return [ui.overlay === 'help' ? {type: 'close-overlay'} : {type: 'open-overlay', overlay: 'help'}];
		case 'mouse':
			return toggleMouse(context);
		case 'repaint':
			effects.repaint();
			return NOTHING;
		case 'suspend':
			return effects.suspend() ? NOTHING : notify('There is no shell to go back to from here');
		case 'quit':
		case 'stop':
			return leave(action, context);
		default:
			return NOTHING;
	}
}

function ask(context: ActionContext): Outcome {
	const {ui, control} = context;
	const file = ui.overlay === 'answer' ? ui.asked?.file : currentFile(context)?.file;
	if (control.onDemand?.ask === undefined) return notify(control.noQuestions ?? 'Nothing can be asked here');
	return file === undefined ? notify('There is no file to ask about') : [{type: 'open-question', file}];
}

/** Answers the question that was typed, if it can be understood. */
export function answerQuestion({ui, control}: ActionContext): Outcome {
	if (ui.prompt?.type !== 'ask') return NOTHING;
	const understood = control.onDemand?.understand?.(ui.prompt.text);
	if (understood === undefined) return [{type: 'close-prompt'}];
	return 'problem' in understood
		? [{type: 'refuse-question', problem: understood.problem}]
		: [{type: 'answer-question'}];
}

/** Actions that control the run, while it has not ended. */
function controlRun(action: Action, context: ActionContext): Outcome {
	const {state, control, folder} = context;
	switch (action) {
		case 'retry-all':
			return confirmRetryAll(context);
		case 'route':
			return chooseRoute(context);
		case 'pause-run':
			if (folder !== null) return pauseIntake({...context, folder});
			control.perform({type: state.isPaused ? 'resume' : 'pause'});
			return notify(state.isPaused ? 'Going on' : 'Paused: running files are held where they are');
		case 'pause-file':
			return pauseFile(currentFile(context), control);
		case 'cancel':
			return isForAll(context) ? confirmAll(context, 'cancel') : confirmCancel(context, currentFile(context));
		case 'more-at-once':
			return changeConcurrency(1, context);
		default:
			return changeConcurrency(-1, context);
	}
}

/** Performs what the user has confirmed. */
export function performConfirmed(context: ActionContext): Outcome {
	const {ui, control, present} = context;
	if (ui.prompt?.type !== 'confirm') return NOTHING;
	const {intent} = ui.prompt;
	switch (intent.type) {
		case 'stop':
			present.control.perform({type: 'stop'});
			return [{type: 'stop'}];
		case 'cancel': {
			for (const file of intent.files) control.perform({type: 'cancel-file', file});
			const [only] = intent.files;
			const what = intent.files.length === 1 && only !== undefined ? shortName(only) : `${intent.files.length} files`;
			return [{type: 'close-prompt'}, {type: 'set-marks', marks: new Set()}, ...notify(`Cancelling ${what}`)];
		}
		case 'retry-all':
			return retryAll(context);
		case 'all':
			return performAll(context, intent);
		case 'retry':
			return [{type: 'close-prompt'}, {type: 'set-marks', marks: new Set()}, ...retryFiles(intent.files, context)];
	}
}

/** Sends what is at the path that was typed. */
export function upload(path: string, {control, effects}: ActionContext): Outcome {
	if (control.upload !== undefined) effects.tellLater(control.upload(path.trim(), effects.tell));
	return [{type: 'close-prompt'}];
}

/**
`q` asks while the run is on, Ctrl+C stops it gently; while it is stopping, either of them exits at once. A run of another process goes on
without this screen.
*/
function leave(action: 'quit' | 'stop', {ui, present: {state, control}, effects, folder}: ActionContext): Outcome {
	if (state.phase === 'ended' || control.isElsewhere === true) effects.leave('left');
	else if (ui.isStopping) effects.leave('forced');
	else if (action === 'quit') return folder === null ? confirmStop(state) : confirmStopWatching(folder);
	else {
		control.perform({type: 'stop'});
		return [{type: 'stop'}];
	}
	return NOTHING;
}

const isColumnList = ({ui}: ActionContext): boolean => ui.overlay === 'columns';

const isList = ({ui}: ActionContext): boolean => currentView(ui) === 'files';
const isRunList = ({ui}: ActionContext): boolean => currentView(ui) === 'history';
const isInbox = ({ui}: ActionContext): boolean => currentView(ui) === 'inbox';

const filterOf = (context: ActionContext): 'open-search' | 'open-inbox-filter' | 'open-filter' =>
	context.ui.view === 'history' ? 'open-search' : isInbox(context) ? 'open-inbox-filter' : 'open-filter';

function move(distance: Move, context: ActionContext): Outcome {
	if (isColumnList(context)) return moveColumnCursor(distance, context);
	if (isRunList(context)) return moveRunCursor(distance, context);
	if (isInbox(context)) return moveInboxCursor(distance, context);
	if (context.ui.overlay === 'routes') return moveRouteCursor(distance, context);
	if (context.ui.overlay === 'taskless') return moveTasklessCursor(distance, context);
	return isList(context) ? moveCursor(context.list, context.ui, distance) : scrollText(context, distance);
}

/** The log, once at its end, stays there as it grows. */
export function scrollText({ui, text}: ActionContext, distance: Move): Outcome {
	const last = Math.max(0, text.count - text.height);
	const offset = moveWithin(Math.min(ui.textOffset, last), distance, last);
	const isFollowing = currentView(ui) === 'log' && offset === last;
	return [{type: 'scroll-text', offset: isFollowing ? Number.POSITIVE_INFINITY : offset}];
}

const pageOf = (context: ActionContext): number => Math.max(1, rowsOf(context) - 1);

function rowsOf(context: ActionContext): number {
	if (isInbox(context) && context.folder !== null) return context.folder.window.height;
	return isList(context) ? context.list.height : context.text.height;
}

/** The file of the details view, or the one under the cursor. */
export function currentFile({
	state,
	ui,
	list,
	folder,
}: Pick<ActionContext, 'state' | 'ui' | 'list' | 'folder'>): FileState | undefined {
	if (ui.view !== 'details') return fileAt(list, ui);
	if (folder?.isBeside) return undefined;
	return selectFile(state, ui.detailsFile);
}

function open(context: ActionContext): Outcome {
	if (isColumnList(context)) return openColumn(context);
	if (isRunList(context)) return openRun(context);
	if (context.ui.overlay === 'routes') return sendOnRoute(context);
	if (context.ui.overlay === 'taskless') return startTaskless(context);
	if (isInbox(context)) return openWatched(context);
	if (context.ui.view === 'summary') return [{type: 'show-view', view: 'files'}];
	const file = fileAt(context.list, context.ui);
	return file === undefined ? NOTHING : [{type: 'open-details', file: file.file}];
}

function goBack(context: ActionContext): Outcome {
	const {state, ui} = context;
	if (ui.overlay === 'column') return [{type: 'open-overlay', overlay: 'columns'}];
	if (ui.overlay !== null) return [{type: 'close-overlay'}];
	if (ui.view === 'history') return leaveRuns(ui);
	if (ui.view === 'inbox') return leaveInbox(context);
	if (ui.view === 'summary') return [ui.past === null ? {type: 'show-view', view: 'files'} : {type: 'leave-run'}];
	if (ui.view !== 'files') return [{type: 'show-view', view: ui.home}];
	if (ui.filter.filter !== null) return [{type: 'clear-filter'}];
	if (ui.marks.size > 0) return [{type: 'set-marks', marks: new Set()}];
	return [state.phase === 'ended' ? {type: 'show-view', view: 'summary'} : {type: 'follow'}];
}

function showView(wanted: MainView, context: ActionContext): Outcome {
	const {folder, hasInboxBeside = false} = context;
	// The files of a watched folder are those of its inbox, and nothing else has one.
	const isOfFiles = wanted === 'files' || wanted === 'inbox';
	const view = !isOfFiles || hasInboxBeside ? wanted : folder === null ? 'files' : 'inbox';
	const current = folder === null ? fileAt(context.list, context.ui)?.file : currentWatched(folder)?.key;
	return [{type: 'show-view', view, file: view === 'details' ? current : undefined}];
}

function switchView(step: 1 | -1, context: ActionContext): Outcome {
	const {state, ui, folder, hasInboxBeside = false} = context;
	const isOfRun = folder === null || hasInboxBeside;
	const inbox = hasInboxBeside ? (['inbox'] as const) : [];
	const views: readonly MainView[] = [isOfRun ? 'files' : 'inbox', 'details', 'overview', 'log', ...inbox];
	const cycle = state.phase === 'ended' && folder === null ? [...views, 'summary' as const] : views;
	const view = cycle[(cycle.indexOf(ui.view) + step + cycle.length) % cycle.length];
	return view === undefined ? NOTHING : showView(view, context);
}

function sortByNext({ui, sortKeys}: ActionContext): Outcome {
	const key = sortKeys[(sortKeys.indexOf(ui.sort.key) + 1) % sortKeys.length];
	return key === undefined ? NOTHING : [{type: 'sort-by', key}];
}

/** Marking moves on to the next file, so that several files in a row are marked by repeating one key. */
function mark({ui, list}: ActionContext): Outcome {
	const file = fileAt(list, ui);
	if (file === undefined) return NOTHING;
	const marks = new Set(ui.marks);
	if (!marks.delete(file.file)) marks.add(file.file);
	return [{type: 'set-marks', marks}, ...moveCursor(list, ui, 1)];
}

function markAll({ui, list}: ActionContext): Outcome {
	const names = list.files.slice().map(({file}) => file);
	const marks = new Set(ui.marks);
	const areAllMarked = names.every(name => marks.has(name));
	for (const name of names) {
		if (areAllMarked) marks.delete(name);
		else marks.add(name);
	}
	return [{type: 'set-marks', marks}];
}

function pauseFile(file: FileState | undefined, control: RunControl): Outcome {
	if (file?.status !== 'running' && !(file?.status === 'queued' && control.canHoldQueued === true))
		return notify(`Only a running${control.canHoldQueued === true ? ' or waiting' : ''} file can be paused`);
	control.perform({type: file.isPaused ? 'resume-file' : 'pause-file', file: file.file});
	return notify(`${file.isPaused ? 'Going on with' : 'Pausing'} ${shortName(file.file)}`);
}

function changeConcurrency(step: 1 | -1, {state, ui, control}: ActionContext): Outcome {
	// The settings may allow more files in flight than threads, but only as many as threads are read.
	const before = ui.concurrency ?? (state.threads > 0 ? Math.min(state.concurrency, state.threads) : state.concurrency);
	const {concurrency} = control.perform({type: 'set-concurrency', concurrency: before + step});
	const amount = `${concurrency} ${concurrency === 1 ? 'file' : 'files'} at a time`;
	const isSame = concurrency === before;
	const reason = step === 1 ? ', one for each thread' : '';
	return [{type: 'set-concurrency', concurrency, notice: isSame ? `It stays at ${amount}${reason}` : amount}];
}

function copy(context: ActionContext): Outcome {
	const {ui, list, text, effects} = context;
	const isOfNames = isList(context) || isInbox(context);
	const current = isInbox(context) ? currentWatched(context.folder)?.file : fileAt(list, ui)?.file;
	const names = ui.marks.size > 0 ? [...ui.marks] : current === undefined ? [] : [current];
	const lines = isOfNames ? names.map(safe) : text.lines();
	if (lines.length === 0) return notify('There is nothing to copy');
	const {isCut} = effects.copy(lines);
	const what = !isOfNames ? 'the text' : names.length === 1 ? shortName(names[0] ?? '') : `${names.length} names`;
	// Terminals do not report whether they accepted it.
	return notify(
		isCut
			? `Sent to the terminal, as much as terminals take: the beginning of ${what}`
			: `Sent to the terminal for its clipboard: ${what}`,
	);
}

function toggleMouse({ui, effects}: ActionContext): Outcome {
	const isOn = !ui.isMouseOn;
	effects.setMouse(isOn);
	const notice = isOn ? 'The mouse is for the dashboard' : 'The mouse is for the terminal: select text as ever';
	return [{type: 'set-mouse', isOn, notice}];
}
