import {formatInteger} from '../../text/format.ts';
import {type Html, html} from './markup.ts';

export interface Column<Row> {
	readonly label: string;
	/** Aligned to the right. */
	readonly isFigure?: boolean;
	readonly cell: (row: Row) => string | Html;
}

/** A browser shows a table of this many rows without delay. */
export const MAX_ROWS = 10_000;

/**
Gives a table in pieces, with `MAX_ROWS` rows at most.

@param label - Names the table for screen readers.
@param whereAllAre - Says behind the number of rows that are left out where to find them.
*/
export function* tableHtml<Row>(
	label: string,
	columns: readonly Column<Row>[],
	rows: readonly Row[],
	whereAllAre: string,
): Generator<Html, void, undefined> {
	const heads = columns.map(({label: head, isFigure}) => html`<th scope="col"${classOf(isFigure)}>${head}</th>`);
	yield html`<div class="table" role="region" tabindex="0" aria-label="${label}">
<table>
<thead><tr>${heads}</tr></thead>
<tbody>
`;
	for (const row of rows.slice(0, MAX_ROWS)) {
		const cells = columns.map(({cell, isFigure}) => html`<td${classOf(isFigure)}>${cell(row)}</td>`);
		yield html`<tr>${cells}</tr>\n`;
	}
	yield html`</tbody>
</table>
</div>
`;
	const leftOut = rows.length - MAX_ROWS;
	if (leftOut > 0) yield html`<p class="quiet">${formatInteger(leftOut)} more are left out here. ${whereAllAre}</p>\n`;
}

const NO_CLASS = html``;
const FIGURE_CLASS = html` class="figure"`;
const classOf = (isFigure = false): Html => (isFigure ? FIGURE_CLASS : NO_CLASS);
