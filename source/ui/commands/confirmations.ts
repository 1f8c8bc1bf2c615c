// The questions before many files, or the whole run, are changed: how many, and what happens to them.
import type {RunControl} from '../../model/run-control.ts';
import type {FileState, RunState} from '../../store/state.ts';
import {formatInteger} from '../../text/format.ts';
import {safe} from '../../text/safe.ts';
import {truncatePath} from '../../text/width.ts';
import type {ListWindow} from '../views/list-window.ts';
import type {UiEvent, UiState} from './ui-state.ts';

interface Context {
	readonly state: RunState;
	readonly ui: UiState;
	readonly control: RunControl;
	readonly list: ListWindow;
}

/** Files of a past run are not those of the run on the screen: they are read by themselves. */
const isPast = ({ui}: Pick<Context, 'ui'>): boolean => ui.past !== null;

type Outcome = readonly UiEvent[];

export const notify = (notice: string): Outcome => [{type: 'notify', notice}];
export const shortName = (file: string): string => truncatePath(safe(file), 40);
export const amountOf = (count: number, kind: string): string =>
	`${formatInteger(count)} ${kind}${count === 1 ? 'file' : 'files'}`;

export const isCancellable = ({status}: FileState): boolean =>
	status === 'queued' || status === 'running' || status === 'retrying';
/** A path that could not be listed at all, or a pattern without a match, has no attempt to repeat. */
export const isRetriable = ({status, attempt}: FileState): boolean =>
	status === 'cancelled' || (status === 'failed' && attempt > 0);

export function confirmStop({counts}: RunState): Outcome {
	const waiting = counts.queued + counts.retrying;
	const parts = [
		counts.running > 0 ? `${formatInteger(counts.running)} running` : '',
		waiting > 0 ? `${formatInteger(waiting)} waiting` : '',
	].filter(part => part !== '');
	const about = parts.length === 0 ? '' : ` (${parts.join(', ')})`;
	return [{type: 'ask', question: `Stop the run and leave?${about}`, short: 'Stop the run?', intent: {type: 'stop'}}];
}

export function confirmCancel(context: Context, current: FileState | undefined): Outcome {
	const files = targets(context, current, isCancellable);
	const [first] = files;
	if (first === undefined) {
		return notify(
			context.ui.marks.size > 0
				? 'The marked files have ended: nothing to cancel'
				: 'This file has ended: nothing to cancel',
		);
	}
	const isMarked = context.ui.marks.size > 0;
	const what = isMarked ? amountOf(files.length, 'marked ') + hiddenNote(context, files) : shortName(first.file);
	return ask(`Cancel ${what}?`, 'cancel', files);
}

export function confirmRetry(context: Context, current: FileState | undefined): Outcome {
	const {ui, state} = context;
	const question = (what: string): string => (isPast(context) ? `Read ${what} again, as a new run?` : `Retry ${what}?`);
	if (ui.marks.size > 0) {
		const files = targets(context, current, isRetriable);
		if (files.length === 0) return notify('None of the marked files can be retried');
		return ask(question(`${amountOf(files.length, 'marked ')}${hiddenNote(context, files)}`), 'retry', files);
	}
	// A single current file is retried without a question, because nothing is lost.
	if (current !== undefined && isRetriable(current))
		return retryFiles([current.file], context, shortName(current.file));
	const all = state.files.filter(isRetriable);
	const failed = all.filter(({status}) => status === 'failed');
	const kind = failed.length > 0 ? 'failed ' : 'cancelled ';
	const files = failed.length > 0 ? failed : all;
	if (files.length === 0) return notify('Nothing to retry');
	return ask(question(amountOf(files.length, kind)), 'retry', files);
}

export function retryFiles(files: readonly string[], context: Pick<Context, 'ui' | 'control'>, name?: string): Outcome {
	const {fileCount} = context.control.perform({type: 'retry-files', files: files.map(file => ({file}))});
	if (fileCount === 0) return notify('Nothing to retry');
	const what = name ?? amountOf(fileCount, '');
	return notify(isPast(context) ? `Reading ${what} again, as a new run` : `Retrying ${what}`);
}

const ask = (question: string, type: 'cancel' | 'retry', files: readonly FileState[]): Outcome => [
	{type: 'ask', question, intent: {type, files: files.map(({file}) => file)}},
];

/** The marked files in the order of the plan, or the current file; only those that the action applies to. */
function targets(
	{state, ui}: Context,
	current: FileState | undefined,
	isWanted: (file: FileState) => boolean,
): FileState[] {
	const files =
		ui.marks.size > 0 ? state.files.filter(({file}) => ui.marks.has(file)) : current === undefined ? [] : [current];
	return files.filter(isWanted);
}

/** A filter may hide files that were marked before, so the question says how many. */
function hiddenNote({list}: Context, files: readonly FileState[]): string {
	const hidden = files.filter(({file}) => list.indexOf(file) === -1).length;
	return hidden === 0 ? '' : ` (${formatInteger(hidden)} not shown)`;
}
