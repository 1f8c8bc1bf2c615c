// The list of files as it is on the screen now: which files, how many rows, and where the cursor is.
import type {Arrangement} from '../../store/arrange.ts';
import type {FileState} from '../../store/state.ts';
import type {UiEvent, UiState} from '../commands/ui-state.ts';
import {clamp, type Move, moveWithin, scrollTo} from '../terminal/viewport.ts';

export interface ListWindow extends Arrangement {
	/** Rows for files. */
	readonly height: number;
	/** Where cursor and window are while the list follows the running files. */
	readonly followed: {readonly index: number; readonly offset: number};
}

type Place = Pick<UiState, 'cursor' | 'listOffset'>;

/** The row under the cursor; the first one where the file is not shown any more. */
export function cursorIndex({files, indexOf, followed}: ListWindow, {cursor}: Place): number {
	return cursor === null ? followed.index : clamp(indexOf(cursor), 0, Math.max(0, files.length - 1));
}

/** The first row on the screen. A cursor that was sorted elsewhere takes the window with it. */
export function windowOffset(list: ListWindow, place: Place): number {
	const {files, height, followed} = list;
	return place.cursor === null
		? followed.offset
		: scrollTo(cursorIndex(list, place), place.listOffset, height, files.length);
}

export const fileAt = (list: ListWindow, place: Place): FileState | undefined =>
	list.files.at(cursorIndex(list, place));

export function moveCursor(list: ListWindow, place: Place, move: Move): readonly UiEvent[] {
	return placeCursor(list, place, moveWithin(cursorIndex(list, place), move, list.files.length - 1));
}

export function placeCursor(list: ListWindow, place: Place, index: number): readonly UiEvent[] {
	const {files, height} = list;
	const file = files.at(index)?.file;
	if (file === undefined) return [];
	return [{type: 'place-cursor', file, offset: scrollTo(index, windowOffset(list, place), height, files.length)}];
}

/** Moves the window; the cursor goes with it only where it would leave the screen. */
export function scrollList(list: ListWindow, place: Place, distance: number): readonly UiEvent[] {
	const {files, height} = list;
	const offset = clamp(windowOffset(list, place) + distance, 0, Math.max(0, files.length - height));
	const file = files.at(clamp(cursorIndex(list, place), offset, offset + height - 1))?.file;
	return file === undefined ? [] : [{type: 'place-cursor', file, offset}];
}
