// The columns of a table as a list that can be sorted and opened, and everything about one of them.
import {type ColumnTable, type CountedValues, sortColumns} from '../../store/column-table.ts';
import type {Table} from '../../store/present.ts';
import {formatInteger} from '../../text/format.ts';
import {safe} from '../../text/safe.ts';
import {displayWidth, padEnd, truncateEnd, truncateMiddle} from '../../text/width.ts';
import type {ColumnCursor} from '../commands/ui-state.ts';
import {sparkline} from '../look/bars.ts';
import {cutLine, figure, type Line, padLine, span, textOf} from '../look/line.ts';
import type {Look} from '../look/look.ts';
import {factLines, heading, inPanes, SMALL_BELOW_COLUMNS} from './sections.ts';
import {tableLines} from './table-lines.ts';

export interface ColumnList {
	/** Rows of the table in the order of the list. */
	readonly order: readonly number[];
	/** How many values the list can be sorted by. */
	readonly valueCount: number;
	/** The heading, then the rows. */
	readonly lines: readonly Line[];
}

export interface MarkedLines {
	readonly lines: readonly Line[];
	readonly selectedLine: number | null;
}

const MAX_NAME_WIDTH = 24;
const MIN_NAME_WIDTH = 8;
const MAX_VALUE_WIDTH = 22;
/** Room for the sign of the cursor. */
export const ROW_MARKER_WIDTH = 3;
const GAP = 2;

/** The list without its cursor. Values that do not fit are left out, the last ones first; the one that it is sorted by stands in front. */
export function listColumns(
	table: ColumnTable,
	{sortedBy, isDescending}: Pick<ColumnCursor, 'sortedBy' | 'isDescending'>,
	columns: number,
	look: Look,
): ColumnList {
	const {theme, glyphs} = look;
	const order = sortColumns(table, sortedBy, isDescending);
	const places = table.values.map((_, place) => place);
	const shown = sortedBy === null ? places : [sortedBy, ...places.filter(place => place !== sortedBy)];
	const arrow = isDescending ? glyphs.descending : glyphs.ascending;
	const labels = shown.map(place => {
		const label = truncateEnd((table.values[place]?.label ?? '').toUpperCase(), MAX_VALUE_WIDTH - 2, glyphs);
		return place === sortedBy ? `${label} ${arrow}` : label;
	});
	const rows = order.map(index => {
		const values = table.valuesOf(index);
		return {
			name: table.nameOf(index),
			histogram: table.histogramOf(index),
			texts: shown.map(place => truncateMiddle(values[place] ?? glyphs.dash, MAX_VALUE_WIDTH, glyphs)),
		};
	});
	const widths = labels.map((label, place) => widest([label, ...rows.map(({texts}) => texts[place] ?? '')]));
	const nameWanted = Math.min(MAX_NAME_WIDTH, widest(['COLUMN  ', ...rows.map(({name}) => name)]));
	const room = (count: number): number =>
		columns - 1 - ROW_MARKER_WIDTH - widths.slice(0, count).reduce((sum, width) => sum + GAP + width, 0);
	let count = widths.length;
	while (count > 1 && room(count) < Math.min(nameWanted, MIN_NAME_WIDTH)) count--;
	const nameWidth = Math.max(1, Math.min(nameWanted, room(count)));
	const parts = rows.reduce((most, {histogram}) => Math.max(most, histogram.length), 0);
	const chartWidth = parts > 1 && parts + GAP <= room(count) - nameWidth ? parts : 0;
	const gap = ' '.repeat(GAP);
	const title = sortedBy === null ? `COLUMN ${arrow}` : 'COLUMN';
	const head: Line = [
		span(' '.repeat(ROW_MARKER_WIDTH)),
		span(padEnd(truncateEnd(title, nameWidth, glyphs), nameWidth), theme.heading),
		...(chartWidth === 0 ? [] : [span(gap + ' '.repeat(chartWidth))]),
		...labels.slice(0, count).map((label, place) => figure(label, GAP + (widths[place] ?? 0), theme.muted)),
	];
	const lines = rows.map(({name, histogram, texts}): Line => {
		const chart = histogram.length > 1 ? sparkline(histogram, chartWidth, look) : '';
		return [
			span(' '.repeat(ROW_MARKER_WIDTH)),
			span(padEnd(truncateMiddle(name, nameWidth, glyphs), nameWidth)),
			...(chartWidth === 0 ? [] : [span(gap + padEnd(chart, chartWidth), theme.active)]),
			...texts.slice(0, count).map((text, place) => figure(text, GAP + (widths[place] ?? 0))),
		];
	});
	return {
		order,
		valueCount: table.values.length,
		lines: [head, ...lines].map(line => cutLine(line, columns, glyphs.ascii)),
	};
}

const widest = (texts: readonly string[]): number =>
	texts.reduce((width, text) => Math.max(width, displayWidth(text)), 0);

/** The list with the column under the cursor marked. */
export function markColumn({lines, order}: ColumnList, row: number, columns: number, look: Look): MarkedLines {
	const place = order.indexOf(row);
	const line = lines[place + 1];
	if (place === -1 || line === undefined) return {lines, selectedLine: null};
	return {lines: lines.with(place + 1, markRow(line, columns, look)), selectedLine: place + 1};
}

/** A line that begins with room for the sign of the cursor, with the cursor on it. */
export function markRow(line: Line, columns: number, {theme, glyphs}: Look): Line {
	const marked = [span(` ${glyphs.selected} ${textOf(line).slice(ROW_MARKER_WIDTH)}`)];
	return [span(textOf(padLine(marked, columns - 1)), theme.selection)];
}

/** Everything about one column. */
export function buildColumn(table: ColumnTable, index: number, columns: number, look: Look): Line[] {
	const {facts, counts} = table.factsOf(index, safe);
	const title = heading(truncateEnd(table.nameOf(index), Math.max(1, columns - 2), look.glyphs), look);
	return [
		...(columns < SMALL_BELOW_COLUMNS ? [] : [[]]),
		title,
		...inPanes(
			columns,
			look,
			[width => [facts.flatMap(({label, text}) => factLines(label, text, width, look))]],
			[width => counts.map(values => tableLines(toTable(values), width, look))],
		),
	];
}

const toTable = ({title, rows}: CountedValues): Table => ({
	show: 'bars',
	title,
	nameLabel: 'value',
	values: [{label: 'count', format: 'integer'}],
	rowCount: rows.length,
	total: {value: rows.length, isAtLeast: false},
	nameOf: index => rows[index]?.name ?? null,
	valuesOf(index) {
		const row = rows[index];
		return row === undefined ? [null] : [`${row.isExact ? '' : 'about '}${formatInteger(row.count)}`];
	},
	sizeOf: index => rows[index]?.count ?? 0,
	histogramOf: () => [],
	rankOf: index => rows[index]?.count ?? null,
	rowAt: index => rows[index],
	error: null,
});
