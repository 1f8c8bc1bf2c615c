// The list of a watched folder as it is on the screen now: which files, how many rows, and where the cursor is.
import type {FolderLook, WatchedFile} from '../../model/watched-folder.ts';
import type {InboxUi} from '../commands/inbox-state.ts';
import {clamp, scrollTo} from '../terminal/viewport.ts';

export interface InboxWindow {
	readonly files: readonly WatchedFile[];
	/** Of all files that are listed, however they are filtered. */
	readonly count: number;
	/** The row under the cursor. */
	readonly index: number;
	/** The first row on the screen, and how many rows are for files. */
	readonly offset: number;
	readonly height: number;
	/** Lines of the view above the first row. */
	readonly top: number;
}

/** Lines with the figures of the folder, and a rule below them; where there is little room, the files have it. */
const FIGURE_LINES = 3;
const FIGURES_FROM_ROWS = 12;

export const figureRows = (bodyRows: number): number => (bodyRows >= FIGURES_FROM_ROWS ? FIGURE_LINES + 1 : 0);

/** @param bodyRows - Lines of the whole view. */
export function windowOf(
	files: readonly WatchedFile[],
	{files: all}: Pick<FolderLook, 'files'>,
	{cursor, offset}: InboxUi,
	bodyRows: number,
): InboxWindow {
	const top = figureRows(bodyRows) + 1;
	const rows = Math.max(1, bodyRows - top);
	// A line tells how many are not shown.
	const height = files.length > rows ? Math.max(1, rows - 1) : rows;
	const index = placeOf(files, cursor);
	return {files, count: all.length, index, height, top, offset: scrollTo(index, offset, height, files.length)};
}

/** A file that was waiting is called by its claim once it has one. */
export function findWatched(files: readonly WatchedFile[], wanted: string | null): WatchedFile | undefined {
	return files.find(({key}) => key === wanted) ?? files.find(({file}) => file === wanted);
}

function placeOf(files: readonly WatchedFile[], cursor: InboxUi['cursor']): number {
	if (cursor === null) return 0;
	const file = findWatched(files, cursor.key);
	return file === undefined ? clamp(cursor.index, 0, Math.max(0, files.length - 1)) : files.indexOf(file);
}
