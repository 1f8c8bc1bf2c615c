// What keys do in the list of a table's columns.
import {type Move, moveWithin} from '../terminal/viewport.ts';
import type {ActionContext} from './actions.ts';
import type {UiEvent} from './ui-state.ts';

type Context = Pick<ActionContext, 'ui' | 'columnList'>;

/** About the file of the details, otherwise about the run. */
export const openColumns = ({ui}: Pick<ActionContext, 'ui'>): readonly UiEvent[] => [
	// The summary is left for the overview: figures of all files are its subject, too, and Esc goes back there.
	...(ui.view === 'summary' ? [{type: 'show-view', view: 'overview'} as const] : []),
	{type: 'place-column-cursor', row: 0},
	{type: 'open-overlay', overlay: 'columns'},
];

export function moveColumnCursor(distance: Move, {ui, columnList}: Context): readonly UiEvent[] {
	if (columnList === null) return [];
	const {order} = columnList;
	const place = moveWithin(Math.max(0, order.indexOf(ui.columnCursor.row)), distance, order.length - 1);
	return [{type: 'place-column-cursor', row: order[place] ?? 0}];
}

export const openColumn = ({columnList}: Context): readonly UiEvent[] =>
	columnList === null ? [] : [{type: 'open-overlay', overlay: 'column'}];

/** From the order of the file to the first figure, the next one, and back; the largest value stands first. */
export function sortColumnsByNext({ui, columnList}: Context): readonly UiEvent[] {
	if (columnList === null) return [];
	const next = ui.columnCursor.sortedBy === null ? 0 : ui.columnCursor.sortedBy + 1;
	const sortedBy = next < columnList.valueCount ? next : null;
	return [{type: 'sort-columns', sortedBy, isDescending: sortedBy !== null}];
}

export function turnColumns({ui: {columnCursor}}: Context): readonly UiEvent[] {
	const {sortedBy, isDescending} = columnCursor;
	return [{type: 'sort-columns', sortedBy, isDescending: !isDescending}];
}
