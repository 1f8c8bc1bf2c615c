// Widths in terminal columns, by graphemes: a cut never lands inside a character a person sees as one. Text from outside
// goes through `safe()` first. No result is ever wider than asked; wide characters may leave it one column narrower.
import stringWidth from 'string-width';

export interface CutOptions {
	/** Mark the cut with `~` where the terminal may not have `…`. */
	readonly ascii?: boolean;
}

/**
Texts of characters that each take one column, and never join their neighbours: printable ASCII, and what bars, charts and marks are
drawn with (· × – — … ← ↑ → ↓, box drawing, blocks, ▲ ▸ ▼ ○). Any other text takes an iterator of ICU for each look, whose memory
is outside of the JavaScript heap and hence collected late: a screen of bars left 50 MB of them behind.
*/
const ONE_COLUMN_EACH =
	/^[\u0020-\u007e\u00b7\u00d7\u2013\u2014\u2026\u2190-\u2193\u2500-\u259f\u25b2\u25b8\u25bc\u25cb]*$/;
const graphemes = new Intl.Segmenter('en', {granularity: 'grapheme'});

export const displayWidth = (text: string): number => (ONE_COLUMN_EACH.test(text) ? text.length : stringWidth(text));

/** The characters of a text as people see them. */
export const splitGraphemes = (text: string): string[] => Array.from(graphemes.segment(text), ({segment}) => segment);

/** Breaks a word that is wider than a line into pieces that are not. */
export function breakWord(word: string, columns: number): string[] {
	const pieces: string[] = [];
	let rest = word;
	while (displayWidth(rest) > columns) {
		const piece = takeStart(rest, columns);
		// A character that is wider than the line.
		if (piece === '') break;
		pieces.push(piece);
		rest = rest.slice(piece.length);
	}
	return [...pieces, rest];
}

/** Keeps the beginning: for sentences. */
export function truncateEnd(text: string, columns: number, options: CutOptions = {}): string {
	if (columns <= 0) return '';
	const whole = takeStart(text, columns);
	return whole.length === text.length ? text : takeStart(text, columns - 1) + ellipsis(options);
}

/** Keeps both ends: for file names, which differ in their first and last letters. */
export function truncateMiddle(text: string, columns: number, options: CutOptions = {}): string {
	if (columns <= 0) return '';
	const whole = takeStart(text, columns);
	if (whole.length === text.length) return text;
	const endColumns = Math.floor((columns - 1) / 2);
	return takeStart(text, columns - 1 - endColumns) + ellipsis(options) + takeEnd(text, endColumns);
}

/** Keeps the end of a path, so that its last name can be read where that fits; else both ends of that name. */
export function truncatePath(path: string, columns: number, options: CutOptions = {}): string {
	if (columns <= 0) return '';
	if (takeStart(path, columns).length === path.length) return path;
	const name = path.slice(path.lastIndexOf('/') + 1);
	if (name.length === path.length || takeStart(name, columns - 2).length !== name.length) {
		return truncateMiddle(name, columns, options);
	}
	return ellipsis(options) + takeEnd(path, columns - 1);
}

/** Exactly `columns` wide, the text at the left; a longer text is cut. */
export function padEnd(text: string, columns: number, options: CutOptions = {}): string {
	const fitting = truncateEnd(text, columns, options);
	return fitting + ' '.repeat(Math.max(0, columns - displayWidth(fitting)));
}

/** Exactly `columns` wide, the text at the right; a longer text is cut. */
export function padStart(text: string, columns: number, options: CutOptions = {}): string {
	const fitting = truncateEnd(text, columns, options);
	return ' '.repeat(Math.max(0, columns - displayWidth(fitting))) + fitting;
}

/** A figure that is cut is a wrong one: what does not fit goes on in the next line. Other text stays as it is. */
export function breakFigure(text: string, columns: number): string[] {
	if (columns < 1 || text.length <= columns || !/^[+-]?[\d,.]+$/.test(text)) return [text];
	return Array.from({length: Math.ceil(text.length / columns)}, (_, index) =>
		text.slice(index * columns, (index + 1) * columns),
	);
}

const ellipsis = ({ascii = false}: CutOptions): string => (ascii ? '~' : '…');

/** 16 UTF-16 units for each column are more than any script needs: no more of a text is looked at, however long it is. */
const UNITS_PER_COLUMN = 16;

function takeStart(text: string, columns: number): string {
	const near = text.slice(0, (columns + 1) * UNITS_PER_COLUMN);
	if (ONE_COLUMN_EACH.test(near)) return near.slice(0, columns);
	let taken = 0;
	for (const {segment, index} of graphemes.segment(near)) {
		taken += displayWidth(segment);
		if (taken > columns) return near.slice(0, index);
	}
	return near;
}

function takeEnd(text: string, columns: number): string {
	if (columns <= 0) return '';
	const start = Math.max(0, text.length - (columns + 1) * UNITS_PER_COLUMN);
	const near = text.slice(start);
	if (ONE_COLUMN_EACH.test(near)) return near.slice(-columns);
	const segments = [...graphemes.segment(near)];
	// The first one may have been cut in two.
	if (start > 0) segments.shift();
	let taken = 0;
	let end = '';
	for (const {segment} of segments.reverse()) {
		taken += displayWidth(segment);
		if (taken > columns) break;
		end = segment + end;
	}
	return end;
}
