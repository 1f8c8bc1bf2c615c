// Rows that follow one another in time as a chart.
import type {Table} from '../../store/present.ts';
import {describeHighest, resample, sizesOverTime} from '../../store/series.ts';
import {displayWidth} from '../../text/width.ts';
import {columnChart} from '../look/bars.ts';
import {type Line, span} from '../look/line.ts';
import type {Look} from '../look/look.ts';
import {heading, moreRowsLines, wrapWords} from './sections.ts';

const CHART_ROWS = 4;
const MAX_CHART_COLUMNS = 72;
/** Two names of months and the space between them. */
const AXIS_COLUMNS = 16;

/**
A chart of the first value; rows that share a column of a narrow screen are averaged.

@param part - Which part of the whole the rows are of, where it is not all: `first 37 % of file`.
*/
export function seriesLines(table: Table, columns: number, look: Look, part = ''): Line[] {
	const {rowCount} = table;
	if (rowCount === 0) return [];
	const {theme, glyphs} = look;
	const room = Math.max(1, Math.min(columns - 4, MAX_CHART_COLUMNS));
	const sizes = sizesOverTime(table);
	// A few rows get columns that are wide enough to be seen as such, and to have their names under them.
	const widest = Math.max(3, Math.ceil(AXIS_COLUMNS / sizes.length));
	const repeat = Math.max(1, Math.min(widest, Math.floor(room / sizes.length)));
	const values = resample(sizes, room).flatMap(value => Array.from({length: repeat}, () => value));
	const note = describeHighest(table, glyphs.dash);
	const notes = part === '' ? note : `${part}, ${note}`;
	const title = table.title.toUpperCase();
	// Figures are never cut: where there is no room beside the title, they stand under it.
	const isBeside = displayWidth(title) + 4 + displayWidth(notes) <= columns;
	const noteLines = wrapWords(note, Math.max(1, columns - 4));
	const [first, last] = [table.nameOf(0) ?? glyphs.dash, table.nameOf(rowCount - 1) ?? glyphs.dash];
	const gap = ' '.repeat(Math.max(1, values.length - displayWidth(first) - displayWidth(last)));
	return [
		heading(title, look, isBeside ? notes : part),
		...(isBeside ? [] : noteLines.map(text => [span('   '), span(text, theme.muted)])),
		...columnChart(values, CHART_ROWS, look).map(text => [span('   '), span(text, theme.active)]),
		[span(`   ${first}${gap}${last}`, theme.muted)],
		...moreRowsLines(table, rowCount, columns, look),
	];
}
