// What an action does: it asks the run for something, or something outside of the screen, and says how the screen changes.

import type {RunControl} from '../../model/run-control.ts';
import type {SortKey} from '../../store/arrange.ts';
import type {FileState, RunState} from '../../store/state.ts';
import {safe} from '../../text/safe.ts';
import {truncatePath} from '../../text/width.ts';
import {type Move, moveWithin} from '../terminal/viewport.ts';
import {fileAt, type ListWindow, moveCursor} from '../views/list-window.ts';
import {askToCancel, askToRetry, askToStop, retryFiles} from './confirmations.ts';
import type {Action, MainView} from './keymap.ts';
import {currentView, type UiEvent, type UiState} from './ui-state.ts';

/** What an action may do outside of the screen. */
export interface Effects {
	/** Leaves: `left` after the run's end, `forced` before it. */
	readonly leave: (reason: 'left' | 'forced') => void;
	/** Puts text that is safe into the clipboard, as far as the terminal lets it; false where it was cut. */
	readonly copy: (lines: readonly string[]) => {readonly isCut: boolean};
	/** Begins to write the report; what comes of it is told later. Not there where nobody writes reports. */
	readonly exportReport: (() => void) | null;
	readonly repaint: () => void;
	/** Stops the program until someone continues it; false where there is no shell of its own to go back to. */
	readonly suspend: () => boolean;
	readonly setMouse: (isOn: boolean) => void;
}

export interface ActionContext {
	readonly state: RunState;
	readonly ui: UiState;
	readonly control: RunControl;
	readonly effects: Effects;
	readonly list: ListWindow;
	/** The columns of the list, in their order. */
	readonly sortKeys: readonly SortKey[];
	/** The view of text, if one is shown. */
	readonly text: TextWindow;
}

export interface TextWindow {
	readonly height: number;
	readonly count: number;
	/** Without their looks; made when they are asked for. */
	readonly lines: () => readonly string[];
}

type Outcome = readonly UiEvent[];

const NOTHING: Outcome = [];
const notify = (notice: string): Outcome => [{type: 'notify', notice}];

const VIEW_ACTIONS: Readonly<Partial<Record<Action, MainView>>> = {
	'view-files': 'files',
	'view-details': 'details',
	'view-overview': 'overview',
	'view-log': 'log',
};

const FOR_RUN: ReadonlySet<Action> = new Set<Action>([
	'pause-run',
	'pause-file',
	'cancel',
	'more-at-once',
	'fewer-at-once',
]);

/** @returns How the screen changes. */
export function performAction(action: Action, context: ActionContext): Outcome {
	const {state, ui, effects} = context;
	if (FOR_RUN.has(action)) return state.phase === 'ended' ? notify('The run has ended') : steer(action, context);
	const view = VIEW_ACTIONS[action];
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
			return [{type: 'open-filter'}];
		case 'sort':
			return sortByNext(context);
		case 'sort-direction':
			return [{type: 'turn-sort'}];
		case 'mark':
			return mark(context);
		case 'mark-all':
			return markAll(context);
		case 'next-view':
			return turnView(1, context);
		case 'previous-view':
			return turnView(-1, context);
		case 'retry':
			// The summary is about no file of its own, whatever is under the cursor of the list.
			return askToRetry(context, ui.view === 'summary' ? undefined : currentFile(context));
		case 'export':
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

/** What is asked of the run while it is on. */
function steer(action: Action, context: ActionContext): Outcome {
	const {state, control} = context;
	switch (action) {
		case 'pause-run':
			control.perform({type: state.isPaused ? 'resume' : 'pause'});
			return notify(state.isPaused ? 'Going on' : 'Paused: running files are held where they are');
		case 'pause-file':
			return pauseFile(currentFile(context), control);
		case 'cancel':
			return askToCancel(context, currentFile(context));
		case 'more-at-once':
			return changeConcurrency(1, context);
		default:
			return changeConcurrency(-1, context);
	}
}

/** What is done once someone has said yes. */
export function fulfil(context: ActionContext): Outcome {
	const {ui, control} = context;
	if (ui.prompt?.type !== 'confirm') return NOTHING;
	const {intent} = ui.prompt;
	switch (intent.type) {
		case 'stop':
			control.perform({type: 'stop'});
			return [{type: 'stop'}];
		case 'cancel': {
			for (const file of intent.files) control.perform({type: 'cancel-file', file});
			const [only] = intent.files;
			const what = intent.files.length === 1 && only !== undefined ? shortName(only) : `${intent.files.length} files`;
			return [{type: 'close-prompt'}, {type: 'set-marks', marks: new Set()}, ...notify(`Cancelling ${what}`)];
		}
		case 'retry':
			return [{type: 'close-prompt'}, {type: 'set-marks', marks: new Set()}, ...retryFiles(intent.files, control)];
	}
}

/** `q` asks while the run is on, Ctrl+C stops it gently; either of them while it stops leaves it at once. */
function leave(action: 'quit' | 'stop', {state, ui, control, effects}: ActionContext): Outcome {
	if (state.phase === 'ended') effects.leave('left');
	else if (ui.isStopping) effects.leave('forced');
	else if (action === 'quit') return askToStop(state);
	else {
		control.perform({type: 'stop'});
		return [{type: 'stop'}];
	}
	return NOTHING;
}

const isList = ({ui}: ActionContext): boolean => currentView(ui) === 'files';

function move(distance: Move, context: ActionContext): Outcome {
	return isList(context) ? moveCursor(context.list, context.ui, distance) : scrollText(context, distance);
}

/** The log, once at its end, stays there as it grows. */
export function scrollText({ui, text}: ActionContext, distance: Move): Outcome {
	const last = Math.max(0, text.count - text.height);
	const offset = moveWithin(Math.min(ui.textOffset, last), distance, last);
	const isFollowing = currentView(ui) === 'log' && offset === last;
	return [{type: 'scroll-text', offset: isFollowing ? Number.POSITIVE_INFINITY : offset}];
}

const pageOf = (context: ActionContext): number =>
	Math.max(1, (isList(context) ? context.list.height : context.text.height) - 1);

/** The file of the details view, or the one under the cursor. */
export function currentFile({state, ui, list}: Pick<ActionContext, 'state' | 'ui' | 'list'>): FileState | undefined {
	if (ui.view !== 'details') return fileAt(list, ui);
	const index = ui.detailsFile === null ? undefined : state.indexByFile.get(ui.detailsFile);
	return index === undefined ? undefined : state.files[index];
}

function open(context: ActionContext): Outcome {
	if (context.ui.view === 'summary') return [{type: 'show-view', view: 'files'}];
	const file = fileAt(context.list, context.ui);
	return file === undefined ? NOTHING : [{type: 'open-details', file: file.file}];
}

function goBack({state, ui}: ActionContext): Outcome {
	if (ui.overlay !== null) return [{type: 'close-overlay'}];
	if (ui.view === 'summary') return [{type: 'show-view', view: 'files'}];
	if (ui.view !== 'files') return [{type: 'show-view', view: ui.home}];
	if (ui.filter.filter !== null) return [{type: 'clear-filter'}];
	if (ui.marks.size > 0) return [{type: 'set-marks', marks: new Set()}];
	return [state.phase === 'ended' ? {type: 'show-view', view: 'summary'} : {type: 'follow'}];
}

function showView(view: MainView, context: ActionContext): Outcome {
	const file = view === 'details' ? fileAt(context.list, context.ui)?.file : undefined;
	return [{type: 'show-view', view, file}];
}

function turnView(step: 1 | -1, context: ActionContext): Outcome {
	const {state, ui} = context;
	const views: readonly MainView[] = ['files', 'details', 'overview', 'log'];
	const cycle = state.phase === 'ended' ? [...views, 'summary' as const] : views;
	const view = cycle[(cycle.indexOf(ui.view) + step + cycle.length) % cycle.length];
	return view === undefined ? NOTHING : showView(view, context);
}

function sortByNext({ui, sortKeys}: ActionContext): Outcome {
	const key = sortKeys[(sortKeys.indexOf(ui.sort.key) + 1) % sortKeys.length];
	return key === undefined ? NOTHING : [{type: 'sort-by', key}];
}

/** Marking goes on to the next file, so that several in a row are as many presses of one key. */
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
	if (file?.status !== 'running') return notify('Only a running file can be paused');
	control.perform({type: file.isPaused ? 'resume-file' : 'pause-file', file: file.file});
	return notify(`${file.isPaused ? 'Going on with' : 'Pausing'} ${shortName(file.file)}`);
}

function changeConcurrency(step: 1 | -1, {state, ui, control}: ActionContext): Outcome {
	// More files in flight than threads is what the command line may ask for; only as many are read.
	const before = ui.concurrency ?? (state.threads > 0 ? Math.min(state.concurrency, state.threads) : state.concurrency);
	const {concurrency} = control.perform({type: 'set-concurrency', concurrency: before + step});
	const amount = `${concurrency} ${concurrency === 1 ? 'file' : 'files'} at a time`;
	const isSame = concurrency === before;
	const reason = step === 1 ? ', one for each thread' : '';
	return [{type: 'set-concurrency', concurrency, notice: isSame ? `It stays at ${amount}${reason}` : amount}];
}

function copy(context: ActionContext): Outcome {
	const {ui, list, text, effects} = context;
	const isOfNames = isList(context);
	const current = fileAt(list, ui)?.file;
	const names = ui.marks.size > 0 ? [...ui.marks] : current === undefined ? [] : [current];
	const lines = isOfNames ? names.map(safe) : text.lines();
	if (lines.length === 0) return notify('There is nothing to copy');
	const {isCut} = effects.copy(lines);
	const what = !isOfNames ? 'the text' : names.length === 1 ? shortName(names[0] ?? '') : `${names.length} names`;
	// No terminal says whether it took it.
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

export const shortName = (file: string): string => truncatePath(safe(file), 40);
