// What a key does: it asks the run for something, and says how the screen changes.
import type {RunControl} from '../store/control.ts';
import type {FileState, RunState} from '../store/state.ts';
import {safe} from '../text/safe.ts';
import {truncatePath} from '../text/width.ts';
import type {Action} from './keymap.ts';
import {currentView, type Move, type ScreenAction, type ScreenState} from './screen.ts';

export interface ActionContext {
	readonly state: RunState;
	readonly screen: ScreenState;
	readonly control: RunControl;
	/** The file the details view shows, or the one under the cursor. */
	readonly fileIndex: number;
	/** The list: its rows on the screen, and where it is while it follows. */
	readonly list: {readonly height: number; readonly followed: {readonly index: number; readonly offset: number}};
	/** The view of text, if one is shown. */
	readonly text: {readonly height: number; readonly count: number};
}

/** @returns How the screen changes, if it does. Quitting is not decided here: it is more than a change of the screen. */
export function performAction(action: Exclude<Action, 'quit'>, context: ActionContext): ScreenAction | undefined {
	const {state, screen, control} = context;
	const file = state.files[context.fileIndex];
	const isRunOn = state.phase !== 'ended';
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
			return file === undefined ? undefined : {type: 'open-details', index: context.fileIndex};
		case 'back':
			return goBack(context);
		case 'switch-view':
			return isRunOn ? undefined : {type: 'show', base: screen.base === 'files' ? 'summary' : 'files'};
		case 'help':
			return {type: currentView(screen) === 'help' ? 'close-overlay' : 'open-help'};
		case 'pause-run':
			if (!isRunOn) return undefined;
			if (state.isPaused) control.resume();
			else control.pause();
			return notify(state.isPaused ? 'Going on' : 'Paused: running files are held where they are');
		case 'pause-file':
			return pauseFile(file, control);
		case 'cancel-file':
			return cancelFile(file, control);
		case 'retry':
			return retry(file, context);
	}
}

const notify = (notice: string): ScreenAction => ({type: 'notify', notice});

function move(distance: Move, {state, screen, list, text}: ActionContext): ScreenAction {
	return currentView(screen) === 'files'
		? {type: 'move-cursor', move: distance, ...list, count: state.files.length}
		: {type: 'scroll-text', move: distance, ...text};
}

const pageOf = ({screen, list, text}: ActionContext): number =>
	Math.max(1, (currentView(screen) === 'files' ? list.height : text.height) - 1);

function goBack({state, screen}: ActionContext): ScreenAction {
	if (screen.overlays.length > 0) return {type: 'close-overlay'};
	if (screen.base === 'summary') return {type: 'show', base: 'files'};
	return state.phase === 'ended' ? {type: 'show', base: 'summary'} : {type: 'follow'};
}

function pauseFile(file: FileState | undefined, control: RunControl): ScreenAction {
	if (file?.status !== 'running') return notify('Only a running file can be paused');
	if (file.isPaused) control.resumeFile(file.file);
	else control.pauseFile(file.file);
	return notify(`${file.isPaused ? 'Going on with' : 'Pausing'} ${nameOf(file)}`);
}

function cancelFile(file: FileState | undefined, control: RunControl): ScreenAction {
	if (file === undefined || !['queued', 'running', 'retrying'].includes(file.status)) {
		return notify('This file has ended: nothing to cancel');
	}
	control.cancelFile(file.file);
	return notify(`Cancelling ${nameOf(file)}`);
}

function retry(file: FileState | undefined, {state, control}: ActionContext): ScreenAction {
	const isAboutFile = file?.status === 'failed' || file?.status === 'cancelled';
	const files = isAboutFile ? [file] : state.files.filter(({status}) => status === 'failed');
	const count = files.length === 0 ? 0 : control.retryFiles(files.map(item => item.file));
	if (count === 0) return notify('Nothing to retry');
	return notify(`Retrying ${isAboutFile ? nameOf(file) : count === 1 ? '1 failed file' : `${count} failed files`}`);
}

const nameOf = ({file}: FileState): string => truncatePath(safe(file), 40);
