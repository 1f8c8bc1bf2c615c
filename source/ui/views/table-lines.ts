// The rows of a result as lines: the name, a bar, and the values of each.
import type {Table} from '../../store/present.ts';
import {displayWidth, padEnd, truncateEnd, truncateMiddle} from '../../text/width.ts';
import {plainBar, sparkline} from '../look/bars.ts';
import {figure, type Line, span} from '../look/line.ts';
import type {Look} from '../look/look.ts';
import {moreRowsLines, wrapWords} from './sections.ts';

/** Ten times what a report lists. */
const MAX_ROWS = 1000;
const MAX_NAME_WIDTH = 22;
const MIN_NAME_WIDTH = 8;
const MAX_LABEL_WIDTH = 16;
const MAX_BAR_WIDTH = 40;
const MIN_BAR_WIDTH = 6;

interface Row {
	readonly name: string;
	readonly size: number;
	readonly histogram: readonly number[];
	/** `null` where there is none, and it takes no line. */
	readonly values: readonly (string | null)[];
}

interface Layout {
	readonly nameWidth: number;
	/** Of bars or histograms; 0 where there are none, or no room for them. */
	readonly barWidth: number;
	/** Of the values that stand beside the name; the others stand under it. */
	readonly valueWidths: readonly number[];
	readonly largest: number;
}

/** Figures are never cut: bars give way first, then names, and then values get lines of their own, the last ones first. */
export function tableLines(table: Table, columns: number, look: Look): Line[] {
	if (table.rowCount === 0) return [];
	const rows = Array.from({length: Math.min(table.rowCount, MAX_ROWS)}, (_, index) => rowOf(table, index, look));
	const labels = table.values.map(({label}) => truncateEnd(label.toUpperCase(), MAX_LABEL_WIDTH, look.glyphs));
	const layout = layOut(table.title, labels, rows, columns);
	return [
		headLine(table.title, labels, layout, look),
		...rows.flatMap(row => [rowLine(row, layout, look), ...valuesBelow(table, row, layout, columns, look)]),
		...moreRowsLines(table, rows.length, columns, look),
	];
}

function rowOf(table: Table, index: number, {glyphs}: Look): Row {
	return {
		name: table.nameOf(index) ?? glyphs.dash,
		size: table.sizeOf(index),
		histogram: table.histogramOf(index),
		values: table.valuesOf(index).map((text, place) => {
			const format = table.values[place]?.format;
			const isText = format === 'name' || format === 'dates' || format === 'top-value';
			if (isText && text !== null) return truncateMiddle(text, MAX_NAME_WIDTH, glyphs);
			return text ?? (table.show === 'columns' ? null : glyphs.dash);
		}),
	};
}

function layOut(title: string, labels: readonly string[], rows: readonly Row[], columns: number): Layout {
	const nameWanted = Math.min(MAX_NAME_WIDTH, Math.max(title.length - 2, widest(rows.map(({name}) => name))));
	const allWidths = labels.map((label, place) => widest([label, ...rows.map(({values}) => values[place] ?? '')]));
	const roomForName = (count: number): number => columns - 3 - sum(allWidths.slice(0, count).map(gapAnd)) - 1;
	let count = allWidths.length;
	while (count > 0 && roomForName(count) < Math.min(nameWanted, MIN_NAME_WIDTH)) count--;
	const valueWidths = allWidths.slice(0, count);
	const nameWidth = Math.max(1, Math.min(nameWanted, roomForName(count)));
	const largest = rows.reduce((most, {size}) => Math.max(most, size), 0);
	const rest = columns - 3 - nameWidth - 2 - sum(valueWidths.map(gapAnd));
	const parts = rows.reduce((most, {histogram}) => Math.max(most, histogram.length), 0);
	// A histogram is not cut.
	const barWidth =
		parts > 1 ? (parts > rest ? 0 : parts) : rest < MIN_BAR_WIDTH || largest === 0 ? 0 : Math.min(MAX_BAR_WIDTH, rest);
	return {nameWidth, barWidth, valueWidths, largest};
}

/** A value and the space in front of it. */
const gapAnd = (width: number, place: number): number => (place === 0 ? 2 : 3) + width;

const widest = (texts: readonly string[]): number =>
	texts.reduce((width, text) => Math.max(width, displayWidth(text)), 0);

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

function headLine(title: string, labels: readonly string[], layout: Layout, {theme, glyphs}: Look): Line {
	const {nameWidth, barWidth, valueWidths} = layout;
	return [
		span(` ${padEnd(title.toUpperCase(), nameWidth + 2, glyphs)}`, theme.heading),
		span(' '.repeat(barWidth > 0 ? barWidth + 2 : 0)),
		...valueWidths.map((width, place) => figure(labels[place] ?? '', gapAnd(width, place), theme.muted)),
	];
}

function rowLine({name, size, histogram, values}: Row, layout: Layout, look: Look): Line {
	const {nameWidth, barWidth, valueWidths, largest} = layout;
	const {glyphs, theme} = look;
	const chart = histogram.length > 1 ? sparkline(histogram, barWidth, look) : plainBar(size / largest, barWidth, look);
	const bar = barWidth > 0 ? `  ${padEnd(chart, barWidth)}` : '';
	return [
		span(`   ${padEnd(truncateMiddle(name, nameWidth, glyphs), nameWidth)}`),
		...(bar === '' ? [] : [span(bar, theme.active)]),
		...valueWidths.map((width, place) => figure(values[place] ?? glyphs.dash, gapAnd(width, place))),
	];
}

/** One alone needs no label, as its table has no other value without a place in the head. */
function valuesBelow(table: Table, {values}: Row, {valueWidths}: Layout, columns: number, {theme}: Look): Line[] {
	return values.slice(valueWidths.length).flatMap((text, index) => {
		if (text === null) return [];
		const label = values.length > 2 ? `${table.values[valueWidths.length + index]?.label} ` : '';
		return wrapWords(label + text, Math.max(1, columns - 6)).map(part => [span('     '), span(part, theme.muted)]);
	});
}
