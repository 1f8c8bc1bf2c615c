// Mouse input: which part of the screen is under the pointer, and what a press or the wheel does there.
import {SORT_KEYS, type SortKey} from '../../store/arrange.ts';
import type {MouseToken} from '../input/tokens.ts';
import {clamp} from '../terminal/viewport.ts';
import {cursorIndex, placeCursor, scrollList, windowOffset} from '../views/list-window.ts';
import {type ActionContext, scrollText} from './actions.ts';
import {moveColumnCursor} from './column-actions.ts';
import {moveTasklessCursor} from './elsewhere-actions.ts';
import {moveInboxCursor, moveRouteCursor, openWatched} from './inbox-actions.ts';
import {moveRunCursor} from './run-list-actions.ts';
import {currentView, type UiEvent} from './ui-state.ts';

/** Positions on the screen, in cells from 0. */
export interface ScreenMap {
	/** The first row between header and footer, and the number of rows. */
	readonly bodyTop: number;
	readonly bodyRows: number;
	/** The columns of the list: the first one begins behind the cursor's sign. */
	readonly columns: readonly {readonly key: string; readonly width: number}[];
	readonly firstColumn: number;
	readonly columnGap: number;
}

type Outcome = readonly UiEvent[];

const NOTHING: Outcome = [];
const WHEEL_LINES = 3;

export function applyMouse(token: MouseToken, context: ActionContext, map: ScreenMap): Outcome {
	const {ui} = context;
	if (ui.prompt?.type === 'confirm') return NOTHING;
	const row = token.row - map.bodyTop;
	if (row < 0 || row >= map.bodyRows) return NOTHING;
	if (token.kind === 'wheel-up') return turnWheel(-WHEEL_LINES, context);
	if (token.kind === 'wheel-down') return turnWheel(WHEEL_LINES, context);
	if (token.kind !== 'press' || token.button !== 'left') return NOTHING;
	if (currentView(ui) === 'inbox') return clickInbox(row, context);
	if (currentView(ui) !== 'files') return NOTHING;
	return row === 0 ? clickHeading(token.column, map) : clickRow(row - 1, context);
}

function turnWheel(distance: number, context: ActionContext): Outcome {
	const {ui, list} = context;
	switch (currentView(ui)) {
		case 'files':
			return scrollList(list, ui, distance);
		case 'palette':
			return [{type: 'move-palette', index: clamp(ui.palette.index + Math.sign(distance), 0, context.text.count)}];
		case 'columns':
			return moveColumnCursor(distance, context);
		case 'history':
			return moveRunCursor(Math.sign(distance), context);
		case 'inbox':
			return moveInboxCursor(distance, context);
		case 'routes':
			return moveRouteCursor(Math.sign(distance), context);
		case 'taskless':
			return moveTasklessCursor(Math.sign(distance), context);
		default:
			return scrollText(context, distance);
	}
}

function clickRow(row: number, {ui, list}: ActionContext): Outcome {
	const index = windowOffset(list, ui) + row;
	if (row >= list.height || index >= list.files.length) return NOTHING;
	const file = list.files.at(index)?.file;
	// While the list follows the run, the cursor was not placed by the user: the first click on that row only places it.
	if (file !== undefined && ui.cursor !== null && index === cursorIndex(list, ui))
		return [{type: 'open-details', file}];
	return placeCursor(list, ui, index);
}

function clickInbox(row: number, context: ActionContext): Outcome {
	const {folder, ui} = context;
	if (folder === null) return NOTHING;
	const {top, offset, height, files, index} = folder.window;
	const clicked = offset + row - top;
	if (row === top - 1) return [{type: 'turn-inbox'}];
	if (row < top || row >= top + height || clicked >= files.length) return NOTHING;
	if (clicked === index && ui.inbox.cursor !== null) return openWatched(context);
	return moveInboxCursor(clicked - index, context);
}

function clickHeading(column: number, map: ScreenMap): Outcome {
	const key = columnAt(column, map);
	return key === undefined ? NOTHING : [{type: 'sort-by', key}];
}

/** The gap behind a column belongs to it, so that it is easy to hit. */
function columnAt(column: number, {columns, firstColumn, columnGap}: ScreenMap): SortKey | undefined {
	let left = firstColumn;
	for (const {key, width} of columns) {
		if (column >= left && column < left + width + columnGap) return SORT_KEYS.find(known => known === key);
		left += width + columnGap;
	}
	return undefined;
}
