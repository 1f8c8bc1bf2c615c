// The list of files without a task, on a server: it opens where nobody does anything else meanwhile, and each start takes a file out of it.
import {expect, test} from 'vitest';
import {createUiState, reduceUi, type UiEvent, type UiState} from '../../source/ui/commands/ui-state.ts';

const after = (ui: UiState, events: readonly UiEvent[]): UiState => events.reduce(reduceUi, ui);
const fileOf = (id: string) => ({id, name: `${id}.csv`, bytes: 10, receivedAt: '2026-12-01T09:00:00.000Z'});
const found: UiEvent = {type: 'list-taskless', files: ['a', 'b', 'c'].map(fileOf), hasMore: false};
const start = createUiState({isEnded: false});

test('a list that comes late does not take the screen from somebody who types or reads', () => {
	expect(reduceUi(start, found)).toMatchObject({overlay: 'taskless', taskless: {index: 0}});
	const typing = after(start, [{type: 'type-path', text: 'sal'}, found]);
	expect(typing).toMatchObject({overlay: null, prompt: {type: 'path', text: 'sal'}, taskless: null});
	const reading = after(start, [{type: 'open-overlay', overlay: 'help'}, found]);
	expect(reading).toMatchObject({overlay: 'help', taskless: null});
});

test('what was started is gone from the list, the cursor stays in it, and with the last one it closes', () => {
	const atEnd = after(start, [found, {type: 'move-taskless-cursor', index: 2}, {type: 'take-taskless', id: 'c'}]);
	expect(atEnd).toMatchObject({overlay: 'taskless', taskless: {index: 1, files: [{id: 'a'}, {id: 'b'}]}});
	const none = after(atEnd, [
		{type: 'take-taskless', id: 'a'},
		{type: 'take-taskless', id: 'b'},
	]);
	expect(none).toMatchObject({overlay: null, taskless: {files: []}});
});
