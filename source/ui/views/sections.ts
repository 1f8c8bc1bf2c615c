// What the views of text are made of: sections, each with a heading, one under the other or in two panes.
import {describeMore, type Table} from '../../store/present.ts';
import {formatInteger} from '../../text/format.ts';
import {breakFigure, breakWord, displayWidth, padEnd, truncateEnd} from '../../text/width.ts';
import {beside, EMPTY_LINE, type Line, span} from '../look/line.ts';
import type {Look} from '../look/look.ts';

/** Two panes need this much to be better than one. */
export const PANES_FROM_COLUMNS = 120;
/** Every line counts on a small screen: it begins without an empty one. */
export const SMALL_BELOW_COLUMNS = 60;
const PANE_GAP = 3;
const LEFT_SHARE = 0.56;

/** Sections under each other, an empty line above each that has any lines. */
export const stack = (sections: readonly (readonly Line[])[]): Line[] =>
	sections.flatMap(lines => (lines.length === 0 ? [] : [EMPTY_LINE, ...lines]));

export type BuildSections = (columns: number) => Line[][];

/**
Builds two groups of sections, next to each other where the screen is wide, else under each other.

@param narrow - All of them in the order of a narrow screen, where it is not the left group and then the right one.
*/
export function inPanes(
	columns: number,
	look: Look,
	left: readonly BuildSections[],
	right: readonly BuildSections[],
	narrow: readonly BuildSections[] = [...left, ...right],
): Line[] {
	const build = (parts: readonly BuildSections[], width: number): Line[] =>
		stack(parts.flatMap(sections => sections(width)));
	if (columns < PANES_FROM_COLUMNS) {
		const lines = build(narrow, columns);
		return columns < SMALL_BELOW_COLUMNS && lines[0] === EMPTY_LINE ? lines.slice(1) : lines;
	}
	const leftColumns = Math.floor(columns * LEFT_SHARE);
	const rightLines = build(right, columns - leftColumns - PANE_GAP);
	if (rightLines.length === 0) return build(left, columns);
	return beside(build(left, leftColumns), rightLines, leftColumns + PANE_GAP, look.glyphs.ascii);
}

export const heading = (title: string, {theme}: Look, note = ''): Line => [
	span(` ${title}`, theme.heading),
	...(note === '' ? [] : [span(`   ${note}`, theme.muted)]),
];

/** The longest label of a figure of ours, `unique customers`, and two spaces. */
const LABEL_WIDTH = 18;

/** A label and its value; a value that is wider than the screen goes on under itself. */
export function factLines(label: string, value: string, columns: number, {theme, glyphs}: Look): Line[] {
	const room = Math.max(1, columns - 3 - LABEL_WIDTH - 1);
	const [first = '', ...rest] = wrapWords(value, room).flatMap(text => breakFigure(text, room));
	return [
		[span('   '), span(padEnd(truncateEnd(label, LABEL_WIDTH - 1, glyphs), LABEL_WIDTH), theme.muted), span(first)],
		...rest.map(text => [span(' '.repeat(3 + LABEL_WIDTH)), span(text)]),
	];
}

export const moreLine = (count: number, {theme}: Look): Line[] =>
	count > 0 ? [[span(`     + ${formatInteger(count)} more`, theme.muted)]] : [];

/** What is said of the rows of a table that are not shown. */
export function moreRowsLines(table: Table, shownCount: number, columns: number, {theme}: Look): Line[] {
	const more = describeMore(table, shownCount);
	if (more === null) return [];
	return wrapWords(more, Math.max(1, columns - 5)).map(text => [span(`     ${text}`, theme.muted)]);
}

/** Breaks text at spaces, and a word that is longer than a line at its end. */
export function wrapWords(text: string, columns: number): string[] {
	const lines: string[] = [];
	let line = '';
	for (const word of text.split(' ').flatMap(part => breakWord(part, columns))) {
		if (line !== '' && displayWidth(line) + 1 + displayWidth(word) > columns) {
			lines.push(line);
			line = word;
		} else line = line === '' ? word : `${line} ${word}`;
	}
	return [...lines, line];
}

/** The same in at most so many lines: the last one is cut where there is more. */
export function wrapInto(lineLimit: number, text: string, columns: number, {glyphs}: Look): string[] {
	const lines = wrapWords(text, columns);
	if (lines.length <= lineLimit) return lines;
	const rest = lines.slice(lineLimit - 1).join(' ');
	return [...lines.slice(0, lineLimit - 1), truncateEnd(rest, columns, glyphs)];
}
