// The pure parts of keys and the mouse.
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {createArrange, PLAN_ORDER, SORT_KEYS} from '../../source/store/arrange.ts';
import type {ActionContext} from '../../source/ui/commands/actions.ts';
import {applyToken} from '../../source/ui/commands/apply-token.ts';
import {KEYMAP} from '../../source/ui/commands/keymap.ts';
import {findCommands, fuzzyScore} from '../../source/ui/commands/palette.ts';
import {applyMouse} from '../../source/ui/commands/pointer.ts';
import {editText, pasteText} from '../../source/ui/commands/text-input.ts';
import {createUiState, reduceUi, type UiEvent, type UiState} from '../../source/ui/commands/ui-state.ts';
import {scrollTo} from '../../source/ui/terminal/viewport.ts';
import {cursorIndex, type ListWindow, moveCursor, scrollList, windowOffset} from '../../source/ui/views/list-window.ts';
import {sampleRun} from './sample-run.ts';

const stateAfter = (...events: readonly UiEvent[]): UiState => events.reduce(reduceUi, createUiState({isEnded: false}));
const name = (number: number): string => `data/transactions_${String(number).padStart(3, '0')}.csv`;

function contextOf(ui: UiState, height = 5) {
	const run = sampleRun();
	const state = run.store.getSnapshot();
	const arrangement = createArrange()(state, ui.filter.filter, ui.sort);
	const count = arrangement.files.length;
	const index = Math.min(4, Math.max(0, count - 1));
	const list: ListWindow = {...arrangement, height, followed: {index, offset: scrollTo(index, 2, height, count)}};
	const effects: ActionContext['effects'] = {
		leave: reason => void run.requests.push(`leave ${reason}`),
		copy: () => ({isCut: false}),
		exportReport: null,
		repaint: () => void run.requests.push('repaint'),
		suspend: () => true,
		setMouse: isOn => void run.requests.push(`mouse ${isOn}`),
		tell() {},
		tellLater() {},
		askLater() {},
	};
	const map = {
		bodyTop: 4,
		bodyRows: 7,
		firstColumn: 3,
		columnGap: 2,
		columns: [
			{key: 'name', width: 20},
			{key: 'size', width: 6},
		],
	};
	const text = {height: 10, count: 25, lines: () => ['a']};
	return {
		run,
		context: {
			state,
			ui,
			control: run.control,
			effects,
			list,
			columnList: null,
			runs: null,
			folder: null,
			present: {state, control: run.control},
			sortKeys: ['name', 'size'] as const,
			text,
			keymap: KEYMAP,
			map,
		},
	};
}

describe('the end of the run', () => {
	test('leads from the list to the summary, and back with Esc', () => {
		expect(stateAfter({type: 'run-ended'})).toMatchObject({view: 'summary', home: 'summary'});
	});

	test('waits behind details, behind help and behind an open filter prompt', () => {
		const details = stateAfter({type: 'open-details', file: 'a'}, {type: 'run-ended'});
		expect(details).toMatchObject({view: 'details', home: 'summary'});
		const help = stateAfter(
			{type: 'open-overlay', overlay: 'help'},
			{type: 'scroll-text', offset: 3},
			{type: 'run-ended'},
		);
		expect(help).toMatchObject({overlay: 'help', view: 'summary', textOffset: 3});
		const typing = stateAfter({type: 'open-filter'}, {type: 'type-filter', text: 'x'}, {type: 'run-ended'});
		expect(typing).toMatchObject({view: 'files', home: 'summary', prompt: {type: 'filter', text: 'x'}});
	});

	test('every text view keeps its scroll position when it is left and entered again', () => {
		const views = ['overview', 'summary', 'log'] as const;
		const visit = fc.record({place: fc.constantFrom(...views, 'help' as const, 'a', 'b'), offset: fc.nat(50)});
		fc.assert(
			fc.property(fc.array(visit, {maxLength: 20}), visits => {
				const left = new Map<string, number>();
				let state = stateAfter();
				for (const {place, offset} of visits) {
					const view = views.find(known => known === place);
					if (view !== undefined) state = reduceUi(state, {type: 'show-view', view});
					else if (place === 'help') state = reduceUi(state, {type: 'open-overlay', overlay: 'help'});
					else state = reduceUi(state, {type: 'open-details', file: place});
					// The log opens at its end.
					expect(state.textOffset).toBe(left.get(place) ?? (place === 'log' ? Number.POSITIVE_INFINITY : 0));
					state = reduceUi(state, {type: 'scroll-text', offset});
					left.set(place, offset);
					if (place === 'help') state = reduceUi(state, {type: 'close-overlay'});
				}
			}),
		);
	});

	test('closes the question about it', () => {
		const asked = stateAfter({type: 'ask', question: '?', intent: {type: 'stop'}}, {type: 'run-ended'});
		expect(asked.prompt).toBeNull();
	});
});

test('a filter that is only half valid leaves the last valid one active, and cannot be accepted', () => {
	const state = stateAfter(
		{type: 'open-filter'},
		{type: 'type-filter', text: 'a'},
		{type: 'type-filter', text: 'a size>'},
	);
	expect(state.filter.text).toBe('a');
	expect(reduceUi(state, {type: 'accept-filter'}).prompt).toMatchObject({problem: expect.stringContaining('A number')});
	expect(reduceUi(state, {type: 'drop-filter'})).toMatchObject({prompt: null, filter: {text: '', filter: null}});
});

test('the same column again reverses its order; another column starts with its own', () => {
	expect(stateAfter({type: 'sort-by', key: 'size'}).sort).toEqual({key: 'size', isDescending: true});
	expect(stateAfter({type: 'sort-by', key: 'size'}, {type: 'sort-by', key: 'size'}).sort.isDescending).toBe(false);
	expect(stateAfter({type: 'sort-by', key: 'status'}).sort.isDescending).toBe(false);
	expect(stateAfter({type: 'turn-sort'}).sort).toEqual({...PLAN_ORDER, isDescending: true});
});

test('whatever moves the cursor, it stays on a file and in the window', () => {
	const moves = fc.array(
		fc.oneof(fc.integer({min: -20, max: 20}), fc.constantFrom('first' as const, 'last' as const)),
		{
			maxLength: 8,
		},
	);
	const filters = fc.constantFrom('', 'status:done', 'status:failed', '01', 'nothing');
	fc.assert(
		fc.property(moves, moves, filters, fc.integer({min: 1, max: 14}), (distances, wheel, filter, height) => {
			let ui = createUiState({isEnded: false, filter});
			const {list} = contextOf(ui, height).context;
			const check = (): void => {
				const index = cursorIndex(list, ui);
				const offset = windowOffset(list, ui);
				if (list.files.length === 0) return;
				expect(list.files.at(index)).toBeDefined();
				expect(offset).toBeLessThanOrEqual(index);
				expect(offset + height).toBeGreaterThan(index);
			};
			for (const move of distances) {
				ui = moveCursor(list, ui, move).reduce(reduceUi, ui);
				check();
			}
			for (const distance of wheel) {
				if (typeof distance === 'number') ui = scrollList(list, ui, distance).reduce(reduceUi, ui);
				check();
			}
		}),
	);
});

describe('the mouse', () => {
	const at = (row: number, column = 5, kind: 'press' | 'release' = 'press') =>
		({type: 'mouse', kind, button: 'left', row, column}) as const;
	const click = (ui: UiState, row: number, column?: number): readonly UiEvent[] => {
		const {context} = contextOf(ui);
		return applyMouse(at(row, column), context, context.map);
	};

	test('selects a row, and opens it at the second click', () => {
		const ui = createUiState({isEnded: false});
		const selected = click(ui, 7).reduce(reduceUi, ui);
		expect(selected.cursor).toBe(name(5));
		expect(click(selected, 7)).toEqual([{type: 'open-details', file: name(5)}]);
	});

	test('sorts by the heading and the gap behind it', () => {
		const ui = createUiState({isEnded: false});
		expect(click(ui, 4, 3)).toEqual([{type: 'sort-by', key: 'name'}]);
		expect(click(ui, 4, 24)).toEqual([{type: 'sort-by', key: 'name'}]);
		expect(click(ui, 4, 25)).toEqual([{type: 'sort-by', key: 'size'}]);
		expect(click(ui, 4, 60)).toEqual([]);
		expect(click(ui, 4, 0)).toEqual([]);
	});

	test('has no effect outside of the list, while a question is open, and on release', () => {
		const ui = createUiState({isEnded: false});
		for (const row of [0, 3, 10, 11, 500]) expect(click(ui, row)).toEqual([]);
		expect(click(reduceUi(ui, {type: 'ask', question: '?', intent: {type: 'stop'}}), 7)).toEqual([]);
		const {context} = contextOf(ui);
		expect(applyMouse(at(7, 5, 'release'), context, context.map)).toEqual([]);
	});

	test('no event opens a file that does not exist', () => {
		const anywhere = fc.record({row: fc.nat(60), column: fc.nat(200)});
		const ui = createUiState({isEnded: false, filter: 'status:failed'});
		fc.assert(
			fc.property(fc.array(anywhere, {maxLength: 6}), places => {
				let current = ui;
				for (const {row, column} of places) {
					for (const event of click(current, row, column)) {
						if (event.type === 'open-details') expect(event.file).toBe(name(3));
						if (event.type === 'sort-by') expect(SORT_KEYS).toContain(event.key);
						current = reduceUi(current, event);
					}
					if (current.view !== 'files') return;
				}
			}),
		);
	});
});

describe('keys', () => {
	const press = (ui: UiState, ...names: readonly string[]) => {
		const requests: string[] = [];
		let current = ui;
		for (const key of names) {
			const {context, run} = contextOf(current);
			current = applyToken({type: 'key', name: key}, context).reduce(reduceUi, current);
			requests.push(...run.requests);
		}
		return {ui: current, requests};
	};

	test('Esc is never destructive: it sends the run no command, wherever it is pressed, and ends in the list that follows', () => {
		const keys = fc.constantFrom(...KEYMAP.flatMap(binding => binding.keys), 'b', '5', 'backspace');
		fc.assert(
			fc.property(fc.array(keys, {maxLength: 12}), pressed => {
				const {ui} = press(createUiState({isEnded: false}), ...pressed);
				const back = press(ui, ...Array.from({length: 8}, () => 'escape'));
				expect(back.requests).toEqual([]);
				expect(back.ui).toMatchObject({
					view: 'files',
					overlay: null,
					prompt: null,
					cursor: null,
					filter: {filter: null},
				});
				expect(back.ui.marks.size).toBe(0);
			}),
		);
	});

	test('Ctrl+C stops at any time, also during text input', () => {
		for (const before of [[], ['/', 'q'], [':', 'x'], ['q'], ['?'], ['x'], ['3']]) {
			const {ui, requests} = press(createUiState({isEnded: false}), ...before, 'ctrl+c');
			expect(requests).toEqual(['stop']);
			expect(ui.isStopping).toBe(true);
			expect(press(ui, 'ctrl+c').requests).toEqual(['leave forced']);
		}
	});

	test('no single key ends anything, except for Ctrl+C', () => {
		for (const key of KEYMAP.flatMap(binding => binding.keys)) {
			const {requests} = press(createUiState({isEnded: false}), key);
			if (key === 'ctrl+c') continue;
			expect(
				requests.filter(request => /^(cancel|stop|leave|retry)/.test(request)),
				key,
			).toEqual([]);
		}
	});

	test('a paste changes only text input', () => {
		const keys = fc.constantFrom(...KEYMAP.flatMap(binding => binding.keys));
		fc.assert(
			fc.property(fc.array(keys, {maxLength: 6}), fc.string({unit: 'binary'}), (pressed, text) => {
				const {ui} = press(createUiState({isEnded: false}), ...pressed);
				const {context, run} = contextOf(ui);
				const events = applyToken({type: 'paste', text, isWhole: true}, context);
				expect(run.requests).toEqual([]);
				for (const event of events)
					expect(['type-filter', 'type-search', 'type-path', 'type-palette']).toContain(event.type);
			}),
		);
	});
});

test('the palette finds names before sentences, and whole beginnings before scattered letters', () => {
	const first = (text: string) => findCommands(text, KEYMAP)[0]?.action;
	expect(['pr', 'pru', 'canc', 'sort', 'vo', 'quit', 'clipboard mark'].map(first)).toEqual([
		'previous-view',
		'pause-run',
		'cancel',
		'sort',
		'view-overview',
		'quit',
		undefined,
	]);
	expect(first('report')).toBe('export');
	const all = findCommands('', KEYMAP).map(({action}) => action);
	expect(all).toHaveLength(KEYMAP.length - 1);
	expect(all.slice(0, 8)).toEqual(['pause-run', 'pause-file', 'retry', 'cancel', 'filter', 'sort', 'export', 'copy']);
	expect(all.slice(-6)).toEqual(['up', 'down', 'page-up', 'page-down', 'first', 'last']);
	expect(fuzzyScore('abc', 'acb')).toBeUndefined();
	const word = fc.string({unit: fc.constantFrom('a', 'b', '-'), maxLength: 8});
	fc.assert(
		fc.property(word, word, (wanted, text) => {
			const pattern = new RegExp([...wanted].join('.*'));
			expect(fuzzyScore(wanted, text) !== undefined).toBe(pattern.test(text));
		}),
	);
});

test('a line is edited by characters and words, up to its maximum length', () => {
	expect(editText('ab', 'c')).toBe('abc');
	expect(editText('ab', 'space')).toBe('ab ');
	expect(editText('one two ', 'ctrl+w')).toBe('one ');
	expect(editText('one', 'ctrl+u')).toBe('');
	expect(editText('ne\u{301}', 'backspace')).toBe('n');
	expect(editText('', 'backspace')).toBe('');
	expect(editText('a', 'left')).toBeUndefined();
	expect(editText('a', 'alt+b')).toBeUndefined();
	expect(pasteText('a', 'x'.repeat(5000))).toHaveLength(1000);
	expect(pasteText('a ', '\u{1b}[31mb\r\nc\u{202e}')).toBe('a [31mb c');
});
