// An action on all that a filter matches on a server, where the list shows no more than the newest of it.
import type {ActionOnAll} from '../../model/run-control.ts';
import {formatInteger} from '../../text/format.ts';
import {safe} from '../../text/safe.ts';
import type {ActionContext} from './actions.ts';
import {amountOf, notify} from './confirmations.ts';
import type {Intent, UiEvent} from './ui-state.ts';

type Outcome = readonly UiEvent[];

/** Whether all are meant that the filter matches: every file that is shown is marked, and no other one. */
export function isForAll({ui, list, control}: ActionContext): boolean {
	const {files} = list;
	return (
		control.onAll !== undefined &&
		ui.filter.filter !== null &&
		files.length > 0 &&
		ui.marks.size === files.length &&
		files.slice().every(({file}) => ui.marks.has(file))
	);
}

/** Asks when the server has said how many there are. */
export function confirmAll({ui, control, effects}: ActionContext, action: 'cancel' | 'retry'): Outcome {
	const filter = ui.filter.text.trim();
	if (control.onAll !== undefined) effects.askLater(planAll(control.onAll, action, filter));
	return notify(`Counting the files on the server that match ${safe(filter)}`);
}

async function planAll(onAll: ActionOnAll, action: 'cancel' | 'retry', filter: string) {
	const {total, applies} = await onAll.plan(action, filter);
	if (applies === 0)
		return {type: 'notify', notice: `Nothing to ${action} on the server of what matches ${safe(filter)}`} as const;
	const others = total === applies ? '' : ` of ${formatInteger(total)}`;
	const verb = action === 'retry' ? 'Retry' : 'Cancel';
	return {
		type: 'ask',
		question: `${verb} ${others === '' ? amountOf(applies, '') : `${formatInteger(applies)}${others} files`} on the server that match ${safe(filter)}?`,
		short: `${verb} ${amountOf(applies, '')}?`,
		intent: {type: 'all', action, filter, total},
	} as const;
}

export function performAll({control, effects}: ActionContext, intent: Extract<Intent, {type: 'all'}>): Outcome {
	const {action, filter, total} = intent;
	if (control.onAll !== undefined)
		effects.tellLater(control.onAll.perform(action, filter, total, sentence => effects.tell(sentence)));
	return [{type: 'close-prompt'}, {type: 'set-marks', marks: new Set()}];
}
