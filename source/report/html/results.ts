// The result of an analysis: its figures, and its tables with bars and charts.
import {describeMore, type Presentation, type Table} from '../../store/present.ts';
import {DASH} from '../../text/format.ts';
import {capitalize} from '../wording.ts';
import {barsFor, histogramChart, seriesChart} from './chart.ts';
import {type Html, html} from './markup.ts';
import {type Column, tableHtml} from './table.ts';

export function* resultHtml({title, figures, tables}: Presentation): Generator<Html, void, undefined> {
	yield html`<section>
<h2>${title}</h2>
`;
	if (figures.length > 0) yield figuresHtml(figures);
	for (const table of tables) {
		yield html`<h3>${capitalize(table.title)}</h3>\n`;
		if (table.error !== null) yield html`<p class="warning">${table.error}</p>\n`;
		if (table.rowCount > 0) yield* rowsHtml(table);
	}
	yield html`</section>\n`;
}

export const figuresHtml = (figures: readonly {readonly label: string; readonly text: string | null}[]): Html =>
	html`<dl>
${figures.map(({label, text}) => html`<div><dt>${capitalize(label)}</dt><dd>${text ?? DASH}</dd></div>\n`)}</dl>
`;

function* rowsHtml(table: Table): Generator<Html, void, undefined> {
	const {title, show, rowCount} = table;
	const isChart = show === 'series' && rowCount > 1;
	if (isChart) yield seriesChart(table);
	const rows = Array.from({length: rowCount}, (_, index) => index);
	const withPictures = show === 'columns' ? withHistograms : withBars;
	const columns = isChart || show === 'sentences' ? columnsOf(table) : withPictures(table, rows);
	yield* tableHtml(capitalize(title), columns, rows, 'The JSON report has all of them.');
	const more = describeMore(table, rowCount);
	if (more !== null) yield html`<p class="quiet">${capitalize(more)}</p>\n`;
}

function columnsOf({nameLabel, values, nameOf, valuesOf}: Table): readonly Column<number>[] {
	const name: Column<number> = {label: capitalize(nameLabel), cell: index => nameOf(index) ?? DASH};
	const others = values.map(
		({label, format}, place): Column<number> => ({
			label: capitalize(label),
			isFigure: format !== 'name' && format !== 'dates' && format !== 'top-value' && format !== 'places',
			cell: index => valuesOf(index)[place] ?? DASH,
		}),
	);
	return [name, ...others];
}

/** The histogram of a column stands under its name. */
function withHistograms(table: Table): readonly Column<number>[] {
	const [name, ...values] = columnsOf(table);
	if (name === undefined) return [];
	return [{...name, cell: index => html`${name.cell(index)}${histogramChart(table.histogramOf(index))}`}, ...values];
}

/** The bar of the first value stands under the name, where a phone has room for it. */
function withBars(table: Table, rows: readonly number[]): readonly Column<number>[] {
	const [name, ...values] = columnsOf(table);
	const barOf = barsFor(rows.map(table.sizeOf));
	if (name === undefined || barOf === null) return columnsOf(table);
	return [{...name, cell: index => html`${name.cell(index)}${barOf(table.sizeOf(index))}`}, ...values];
}
