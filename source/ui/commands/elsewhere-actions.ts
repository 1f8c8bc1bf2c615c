// What keys do with what lies on a server: save what a file came to on this machine, and start a file that has no task yet.
import type {SavedPart} from '../../model/run-control.ts';
import type {TasklessFile} from '../../model/taskless-files.ts';
import type {FileState} from '../../store/state.ts';
import {safe} from '../../text/safe.ts';
import {type Move, moveWithin} from '../terminal/viewport.ts';
import type {ActionContext} from './actions.ts';
import {notify, shortName} from './confirmations.ts';
import {runIndex} from './run-list-actions.ts';
import type {LaterEvent, UiEvent} from './ui-state.ts';

type Outcome = readonly UiEvent[];

const NOUNS: Readonly<Record<SavedPart, string>> = {result: 'result', rejects: 'rejected records'};

/** Whether what files came to lies elsewhere, so that it can be saved here. */
export const savesHere = ({control, ui, pastRuns}: ActionContext): boolean =>
	ui.view === 'history' || ui.past !== null ? pastRuns?.save !== undefined : control.save !== undefined;

/** @param current - The file that is meant; `undefined`: there is none. */
export function save(part: SavedPart, context: ActionContext, current: FileState | undefined): Outcome {
	const {ui, control, pastRuns, runs, effects} = context;
	const tell = (name: string, saved: Promise<string> | undefined): Outcome => {
		if (saved === undefined) return notify('There is nothing to save here');
		const is = part === 'result' ? 'is' : 'are';
		effects.tellLater(saved.then(path => `The ${NOUNS[part]} of ${name} ${is} in ${safe(path)}`));
		return notify(`Saving the ${NOUNS[part]} of ${name}`);
	};
	const past = ui.past?.run ?? (ui.view === 'history' && runs !== null ? runs.ids[runIndex(runs, ui)] : undefined);
	if (past !== undefined) return tell(past, pastRuns?.save?.(past, part));
	const file = ui.view === 'files' || ui.view === 'details' ? current : undefined;
	if (file === undefined) return notify(`Choose a task in the list: its ${NOUNS[part]} can be saved`);
	const name = shortName(file.file);
	if (file.status !== 'completed') return notify(`${name} has no ${NOUNS[part]}: it is not done`);
	if (part === 'rejects' && file.rejectedRows === 0) return notify(`No record of ${name} was rejected`);
	return tell(name, control.save?.(file.file, part));
}

/** They are listed once it is known which ones there are. */
export function listTaskless({control, effects}: ActionContext): Outcome {
	const {taskless} = control;
	if (taskless === undefined) return notify('All files here have been started');
	effects.askLater(
		taskless
			.list()
			.then(
				(found): LaterEvent =>
					found.files.length === 0
						? {type: 'notify', notice: 'Each file on the server has a task already'}
						: {type: 'list-taskless', ...found},
			),
	);
	return notify('Looking for files without a task');
}

export function moveTasklessCursor(distance: Move, {ui: {taskless}}: ActionContext): Outcome {
	if (taskless === null) return [];
	return [{type: 'move-taskless-cursor', index: moveWithin(taskless.index, distance, taskless.files.length - 1)}];
}

/** Nothing is lost by it, so it does not ask. Where it is refused, the file is still there when the list is opened again. */
export function startTaskless({ui, control, effects}: ActionContext): Outcome {
	const file = ui.taskless?.files[ui.taskless.index];
	if (file === undefined || control.taskless === undefined) return [{type: 'close-overlay'}];
	effects.tellLater(control.taskless.start(file.id).then(() => '', refused(file)));
	return [{type: 'take-taskless', id: file.id}, ...notify(`Starting ${shortName(file.name)}`)];
}

const refused =
	({name}: TasklessFile) =>
	(error: unknown): never => {
		throw new Error(`${shortName(name)} was not started: ${error instanceof Error ? error.message : String(error)}`);
	};
