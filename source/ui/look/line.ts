// A screen consists of lines, and a line of spans: plain values that pure functions build, measure, cut and test. Only
// `paint-span.ts` makes painted text of them. Text in a span must be safe for a terminal: code that puts text
// from outside into one calls `safe()`.
import {displayWidth, padStart, truncateEnd} from '../../text/width.ts';

/** The style of text; the names are those of Ink's `<Text>`. */
export interface TextStyle {
	readonly color?: string;
	readonly bold?: boolean;
	readonly dimColor?: boolean;
	readonly inverse?: boolean;
	readonly underline?: boolean;
}

export interface Span {
	readonly text: string;
	readonly style?: TextStyle | undefined;
}

export type Line = readonly Span[];

export const EMPTY_LINE: Line = [];

export const span = (text: string, style?: TextStyle): Span => ({text, style});

export const lineWidth = (line: Line): number => line.reduce((columns, {text}) => columns + displayWidth(text), 0);

/** The text without its styles. */
export const textOf = (line: Line): string => line.map(({text}) => text).join('');

/** Cuts a line to at most `columns`, with an ellipsis in the span that is cut. */
export function cutLine(line: Line, columns: number, ascii: boolean): Line {
	const spans: Span[] = [];
	let columnsLeft = columns;
	for (const [index, item] of line.entries()) {
		const width = displayWidth(item.text);
		const restWidth = index === line.length - 1 ? 0 : 1;
		if (width + restWidth <= columnsLeft || lineWidth(line.slice(index)) <= columnsLeft) {
			spans.push(item);
			columnsLeft -= width;
			continue;
		}
		// More text follows that does not fit: the ellipsis goes where this text ends.
		const text = width < columnsLeft ? item.text : truncateEnd(item.text, columnsLeft, {ascii});
		spans.push({...item, text});
		break;
	}
	return spans;
}

/** Fills a line with spaces up to `columns`. */
export function padLine(line: Line, columns: number): Line {
	const missing = columns - lineWidth(line);
	return missing > 0 ? [...line, span(' '.repeat(missing))] : line;
}

/** Puts one line at the left and one at the right end; the left one is cut if necessary. */
export function justify(left: Line, right: Line, columns: number, ascii: boolean): Line {
	const rightWidth = lineWidth(right);
	if (rightWidth === 0) return cutLine(left, columns, ascii);
	if (rightWidth > columns) return cutLine(right, columns, ascii);
	return [...padLine(cutLine(left, Math.max(0, columns - rightWidth - 1), ascii), columns - rightWidth), ...right];
}

/** Two columns of lines side by side. */
export function beside(left: readonly Line[], right: readonly Line[], leftColumns: number, ascii: boolean): Line[] {
	return Array.from({length: Math.max(left.length, right.length)}, (_, index) => [
		...padLine(cutLine(left[index] ?? EMPTY_LINE, leftColumns, ascii), leftColumns),
		...(right[index] ?? EMPTY_LINE),
	]);
}

export interface Item {
	readonly line: Line;
	/** The lowest is dropped first where not all fit; among equals the last one. */
	readonly priority: number;
}

/** The items that fit with gaps between them, without the least important ones. */
export function chooseItems(items: readonly Item[], columns: number, gap: number): Item[] {
	const kept = items.filter(item => lineWidth(item.line) > 0);
	let width = kept.reduce((sum, {line}) => sum + lineWidth(line) + gap, -gap);
	while (width > columns && kept.length > 0) {
		let least = kept.length - 1;
		for (const [index, {priority}] of kept.entries()) {
			if (priority < (kept[least]?.priority ?? 0)) least = index;
		}
		const [dropped] = kept.splice(least, 1);
		width -= lineWidth(dropped?.line ?? EMPTY_LINE) + gap;
	}
	return kept;
}

export const joinItems = (items: readonly Item[], gap: number): Line =>
	items.flatMap(({line}, index) => (index === 0 ? line : [span(' '.repeat(gap)), ...line]));

/** Joins items with gaps, dropping the least important ones until they fit. */
export const fitItems = (items: readonly Item[], columns: number, gap: number): Line =>
	joinItems(chooseItems(items, columns, gap), gap);

/** A right-aligned figure. */
export const figure = (text: string, columns: number, style?: TextStyle): Span => span(padStart(text, columns), style);
