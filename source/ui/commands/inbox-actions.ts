// What keys do in the list of a watched folder: move, open, try failed files again, send one on another route.
import type {WatchStatus} from '../../model/watch-status.ts';
import type {FolderActions, FolderLook, WatchedFile, WatchedFolder} from '../../model/watched-folder.ts';
import {formatInteger} from '../../text/format.ts';
import {type Move, moveWithin, scrollTo} from '../terminal/viewport.ts';
import type {InboxWindow} from '../views/inbox-window.ts';
import type {ActionContext} from './actions.ts';
import {amountOf, notify, shortName} from './confirmations.ts';
import type {UiEvent} from './ui-state.ts';

/** The watched folder, where there is one. */
export interface FolderContext extends Pick<WatchedFolder, 'isBeside' | 'noChanges' | 'actions'> {
	readonly look: FolderLook;
	/** Its list, as it is on the screen. */
	readonly window: InboxWindow;
	readonly tags: readonly string[];
}

type Context = Pick<ActionContext, 'folder' | 'ui' | 'control' | 'effects' | 'state'>;
type Outcome = readonly UiEvent[];

export const isIntakePaused = ({health}: WatchStatus): boolean =>
	health.reasons.some(({code}) => code === 'INTAKE_PAUSED');

/** Beside a run the folder has a pause of its own. */
const isPausedIn = ({folder, state}: Pick<Context, 'folder' | 'state'>): boolean =>
	folder?.isBeside ? isIntakePaused(folder.look.status) : state.isPaused;

const actionsIn = ({folder, control}: Pick<Context, 'folder' | 'control'>): FolderActions =>
	folder?.actions ?? {
		setPaused: isPaused => void control.perform({type: isPaused ? 'pause' : 'resume'}),
		retry: async (claims, tag) => (await control.perform({type: 'retry-claims', claims, tag})).fileCount,
	};

export const currentWatched = (folder: FolderContext | null): WatchedFile | undefined =>
	folder?.window.files[folder.window.index];

export function moveInboxCursor(distance: Move, {folder}: Context): Outcome {
	if (folder === null) return [];
	const {files, index, offset, height} = folder.window;
	const next = moveWithin(index, distance, files.length - 1);
	const key = files[next]?.key;
	if (key === undefined) return [];
	return [{type: 'place-inbox-cursor', key, index: next, offset: scrollTo(next, offset, height, files.length)}];
}

export function openWatched({folder}: Context): Outcome {
	const file = currentWatched(folder);
	return file === undefined ? [] : [{type: 'show-view', view: 'details', file: file.key}];
}

export function leaveInbox({ui: {inbox}, folder}: Context): Outcome {
	const isAtTop = inbox.filter.filter === null && inbox.cursor === null;
	if (folder?.isBeside && isAtTop) return [{type: 'show-view', view: 'files'}];
	return [{type: inbox.filter.filter === null ? 'leave-inbox-cursor' : 'clear-inbox-filter'}];
}

/** A single file is tried again without a question, because nothing is lost. */
export function retryWatched(context: Context): Outcome {
	const {ui, folder} = context;
	if (folder?.noChanges !== undefined) return notify(folder.noChanges);
	const file =
		ui.view === 'details' ? folder?.look.files.find(({key}) => key === ui.detailsFile) : currentWatched(folder);
	return file?.isRetriable ? tryAgain(file, null, context) : confirmRetryAll(context);
}

export function confirmRetryAll({folder}: Context): Outcome {
	const count = folder?.look.status.files.failed ?? 0;
	if (count === 0) return notify('No file has failed: nothing to retry');
	return [{type: 'ask', question: `Retry ${amountOf(count, 'failed ')}?`, intent: {type: 'retry-all'}}];
}

export function retryAll(context: Context): Outcome {
	const retried = actionsIn(context).retry('all-failed', null);
	context.effects.tellLater(retried.then(fileCount => `Retrying ${amountOf(fileCount, 'failed ')}`));
	return [
		{type: 'close-prompt'},
		...notify(isPausedIn(context) ? 'Failed files are retried once the intake goes on' : 'Retrying failed files'),
	];
}

export function chooseRoute({folder}: Context): Outcome {
	const file = currentWatched(folder);
	if (folder === null || file === undefined) return [];
	if (folder.tags.length < 2) return notify('There is one route only');
	if (!file.isRetriable || file.claim === null)
		return notify('Only a file that has failed can be sent on another route');
	return [{type: 'choose-route', claim: file.claim, file: file.file}];
}

export function moveRouteCursor(distance: Move, {folder, ui}: Context): Outcome {
	const {routing} = ui.inbox;
	if (folder === null || routing === null) return [];
	return [{type: 'move-route-cursor', index: moveWithin(routing.index, distance, folder.tags.length - 1)}];
}

/** Sends the file on the route that was chosen. */
export function sendOnRoute(context: Context): Outcome {
	const {folder, ui} = context;
	const {routing} = ui.inbox;
	const tag = routing === null ? undefined : folder?.tags[routing.index];
	if (routing === null || tag === undefined) return [{type: 'close-overlay'}];
	return [{type: 'close-overlay'}, ...tryAgain(routing, tag, context)];
}

function tryAgain(
	{claim, file}: {readonly claim: string | null; readonly file: string},
	tag: string | null,
	context: Context,
): Outcome {
	if (claim === null) return [];
	const on = tag === null ? '' : ` on the route ${shortName(tag)}`;
	const retried = actionsIn(context).retry([claim], tag);
	context.effects.tellLater(
		retried.then(fileCount => (fileCount === 0 ? `${shortName(file)} cannot be retried any more` : '')),
	);
	return notify(`Retrying ${shortName(file)}${on}${isPausedIn(context) ? ' once the intake goes on' : ''}`);
}

/** What is worked on is finished or given back, and what waits stays where it is. */
export function confirmStopWatching({look}: Pick<FolderContext, 'look'>): Outcome {
	const {processing, waiting} = look.status.files;
	const parts = [
		processing > 0 ? `${amountOf(processing, '')} in work` : '',
		waiting > 0 ? `${formatInteger(waiting)} waiting` : '',
	].filter(part => part !== '');
	const about = parts.length === 0 ? '' : ` (${parts.join(', ')})`;
	return [{type: 'ask', question: `Stop watching?${about}`, short: 'Stop watching?', intent: {type: 'stop'}}];
}

/** Takes no further file, or goes on. */
export function pauseIntake(context: Context & {readonly folder: FolderContext}): Outcome {
	const isPaused = isPausedIn(context);
	actionsIn(context).setPaused(!isPaused);
	return notify(describePause(isPaused, context.folder));
}

const describePause = (isPaused: boolean, {look}: Pick<FolderContext, 'look'>): string => {
	if (isPaused) return 'Going on: files are taken again';
	const {processing} = look.status.files;
	const others =
		processing === 0 ? '' : `; ${amountOf(processing, '')} that ${processing === 1 ? 'was' : 'were'} taken go on`;
	return `Paused: no further file is taken${processing === 1 ? others.replace('go on', 'goes on') : others}`;
};
