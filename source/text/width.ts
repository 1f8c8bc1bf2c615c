// Widths in terminal columns, by graphemes: a cut never splits what a person sees as one character. Text from outside
// goes through `safe()` first. A result is never wider than requested; wide characters may leave it one column
// narrower.
import stringWidth from 'string-width';

export interface CutOptions {
	/** Mark the cut with `~`, for terminals that may lack `…`. */
	readonly ascii?: boolean;
}

/**
Texts whose characters each take one column and never join their neighbours: printable ASCII, and the characters of
bars, charts and marks (» · × – — ‖ … ← ↑ → ↓ ↻ ⏎, box drawing, blocks, ▲ ▸ ▼ ○ ✔ ✖). Any other text needs an ICU iterator each
time, whose memory is outside of the JavaScript heap and therefore collected late: a screen of bars left 50 MB of them
behind.
*/
const ONE_COLUMN_EACH =
	/^[\u0020-\u007e\u00b7\u00bb\u00d7\u2013\u2014\u2016\u2026\u2190-\u2193\u21bb\u23ce\u2500-\u259f\u25b2\u25b8\u25bc\u25cb\u2714\u2716]*$/;
const graphemes = new Intl.Segmenter('en', {granularity: 'grapheme'});

export const isOneColumnEach = (text: string): boolean => ONE_COLUMN_EACH.test(text);

export const displayWidth = (text: string): number => (ONE_COLUMN_EACH.test(text) ? text.length : stringWidth(text));

/** The characters of a text as people see them. */
export const splitGraphemes = (text: string): string[] => Array.from(graphemes.segment(text), ({segment}) => segment);

/** Breaks a word that is wider than a line into pieces that fit. */
export function breakWord(word: string, columns: number): string[] {
	const pieces: string[] = [];
	let rest = word;
	while (displayWidth(rest) > columns) {
		const piece = sliceStart(rest, columns);
		// The next character alone is wider than the line.
		if (piece === '') break;
		pieces.push(piece);
		rest = rest.slice(piece.length);
	}
	return [...pieces, rest];
}

/** Keeps the beginning: for sentences. */
export function truncateEnd(text: string, columns: number, options: CutOptions = {}): string {
	if (columns <= 0) return '';
	const whole = sliceStart(text, columns);
	return whole.length === text.length ? text : sliceStart(text, columns - 1) + ellipsis(options);
}

/** Keeps both ends: for file names, which differ in their first and last letters. */
export function truncateMiddle(text: string, columns: number, options: CutOptions = {}): string {
	if (columns <= 0) return '';
	const whole = sliceStart(text, columns);
	if (whole.length === text.length) return text;
	const endColumns = Math.floor((columns - 1) / 2);
	return sliceStart(text, columns - 1 - endColumns) + ellipsis(options) + sliceEnd(text, endColumns);
}

/** Keeps the end of a path, so that its last name can be read if it fits; otherwise both ends of that name. */
export function truncatePath(path: string, columns: number, options: CutOptions = {}): string {
	if (columns <= 0) return '';
	if (sliceStart(path, columns).length === path.length) return path;
	const name = path.slice(path.lastIndexOf('/') + 1);
	if (name.length === path.length || sliceStart(name, columns - 2).length !== name.length) {
		return truncateMiddle(name, columns, options);
	}
	return ellipsis(options) + sliceEnd(path, columns - 1);
}

/** Exactly `columns` wide, with the text at the left; a longer text is cut. */
export function padEnd(text: string, columns: number, options: CutOptions = {}): string {
	const fitting = truncateEnd(text, columns, options);
	return fitting + ' '.repeat(Math.max(0, columns - displayWidth(fitting)));
}

/** Exactly `columns` wide, with the text at the right; a longer text is cut. */
export function padStart(text: string, columns: number, options: CutOptions = {}): string {
	const fitting = truncateEnd(text, columns, options);
	return ' '.repeat(Math.max(0, columns - displayWidth(fitting))) + fitting;
}

/**
Breaks a long figure into several lines, because a figure that is cut would be a wrong one. Other text stays unchanged.
*/
export function breakFigure(text: string, columns: number): string[] {
	if (columns < 1 || text.length <= columns || !/^[+-]?[\d,.]+$/.test(text)) return [text];
	return Array.from({length: Math.ceil(text.length / columns)}, (_, index) =>
		text.slice(index * columns, (index + 1) * columns),
	);
}

const ellipsis = ({ascii = false}: CutOptions): string => (ascii ? '~' : '…');

/** No script needs more than 16 UTF-16 units a column, so only this much of a long text is examined. */
const UNITS_PER_COLUMN = 16;

function sliceStart(text: string, columns: number): string {
	const near = text.slice(0, (columns + 1) * UNITS_PER_COLUMN);
	if (ONE_COLUMN_EACH.test(near)) return near.slice(0, columns);
	let columnsUsed = 0;
	for (const {segment, index} of graphemes.segment(near)) {
		columnsUsed += displayWidth(segment);
		if (columnsUsed > columns) return near.slice(0, index);
	}
	return near;
}

function sliceEnd(text: string, columns: number): string {
	if (columns <= 0) return '';
	const start = Math.max(0, text.length - (columns + 1) * UNITS_PER_COLUMN);
	const near = text.slice(start);
	if (ONE_COLUMN_EACH.test(near)) return near.slice(-columns);
	const segments = [...graphemes.segment(near)];
	// The slice may begin in the middle of the first grapheme.
	if (start > 0) segments.shift();
	let columnsUsed = 0;
	let end = '';
	for (const {segment} of segments.reverse()) {
		columnsUsed += displayWidth(segment);
		if (columnsUsed > columns) break;
		end = segment + end;
	}
	return end;
}
