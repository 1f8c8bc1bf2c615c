// The key `a` after a filter, on a server: what is done is done to all that match there, after a question with their number.
import {expect, test} from 'vitest';
import {parseFilter} from '../../source/store/filter.ts';
import type {ActionContext} from '../../source/ui/commands/actions.ts';
import {performAction, performConfirmed} from '../../source/ui/commands/actions.ts';
import {createUiState, reduceUi, type UiEvent, type UiState} from '../../source/ui/commands/ui-state.ts';
import {sampleRun} from './sample-run.ts';

/** A list with two files, on a server where `total` match. */
function scene({total = 40, applies = 37} = {}) {
	const run = sampleRun();
	const files = run.store.getSnapshot().files.slice(0, 2);
	const done: unknown[] = [];
	const asked: Promise<UiEvent>[] = [];
	const told: Promise<string>[] = [];
	const control = {
		...run.control,
		onAll: {
			plan: async (...of: unknown[]) => {
				done.push(['plan', ...of]);
				return {total, applies};
			},
			perform: async (...[action, filter, count]: [string, string, number, unknown]) => {
				done.push([action, filter, count]);
				return 'Retried 37 files';
			},
		},
	};
	const contextOf = (ui: UiState): ActionContext => ({
		...({state: run.store.getSnapshot(), ui, control, present: {state: run.store.getSnapshot(), control}} as const),
		list: {
			files,
			indexOf: (file: string) => files.findIndex(each => each.file === file),
			height: 5,
			followed: {index: 0, offset: 0},
		} as never,
		effects: {
			...{
				leave() {},
				copy: () => ({isCut: false}),
				exportReport: null,
				repaint() {},
				suspend: () => true,
				setMouse() {},
				tell() {},
			},
			tellLater: notice => void told.push(notice),
			askLater: event => void asked.push(event),
		},
		...{
			columnList: null,
			runs: null,
			folder: null,
			sortKeys: ['name'] as const,
			text: {height: 1, count: 0, lines: () => []},
		},
	});
	return {files, done, asked, told, contextOf};
}

const after = (ui: UiState, events: readonly UiEvent[]): UiState => events.reduce(reduceUi, ui);

function filtered(text: string): UiState {
	expect(parseFilter(text).ok).toBe(true);
	return after(createUiState({isEnded: false}), [
		{type: 'open-filter'},
		{type: 'type-filter', text},
		{type: 'accept-filter'},
	]);
}

test('all that are shown are marked after a filter: the question has the number of all on the server, and they are what it is done to', async () => {
	const {contextOf, done, asked, told} = scene();
	let ui = filtered('status:failed');
	ui = after(ui, performAction('mark-all', contextOf(ui)));
	ui = after(ui, performAction('retry', contextOf(ui)));
	expect(ui.prompt).toBeNull();
	ui = after(ui, [(await asked[0]) ?? expect.fail()]);
	expect(ui.prompt).toMatchObject({
		type: 'confirm',
		question: 'Retry 37 of 40 files on the server that match status:failed?',
	});
	ui = after(ui, performConfirmed(contextOf(ui)));
	expect(await told[0]).toBe('Retried 37 files');
	expect(done).toEqual([
		['plan', 'retry', 'status:failed'],
		['retry', 'status:failed', 40],
	]);
	expect([ui.prompt, ui.marks.size]).toEqual([null, 0]);
});

test('without a filter, with one mark less, or where nothing applies, nothing is asked about all', async () => {
	const {contextOf, asked, files} = scene();
	let ui = createUiState({isEnded: false});
	ui = after(ui, performAction('mark-all', contextOf(ui)));
	performAction('cancel', contextOf(ui));
	const some = after(filtered('status:failed'), [{type: 'set-marks', marks: new Set([files[0]?.file ?? ''])}]);
	performAction('cancel', contextOf(some));
	expect(asked).toEqual([]);
	const nothing = scene({applies: 0});
	let other = filtered('status:failed');
	other = after(other, performAction('mark-all', nothing.contextOf(other)));
	performAction('cancel', nothing.contextOf(other));
	expect(await nothing.asked[0]).toEqual({
		...{type: 'notify', notice: 'Nothing to cancel on the server of what matches status:failed'},
	});
});
