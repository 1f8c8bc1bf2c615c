// The result of an analysis in the summary: its figures, and the first rows of its tables.
import {describeMore, type Presentation, type Table} from '../store/present.ts';
import {DASH, formatInteger} from '../text/format.ts';
import {breakFigure, displayWidth, padEnd, padStart, truncateEnd, truncateMiddle} from '../text/width.ts';
import type {Line} from './summary.ts';
import {capitalize} from './wording.ts';
import {wrap} from './wrap.ts';

const MAX_ROWS = 10;
/** A name can be told from others by this much of it. */
const MIN_NAME_COLUMNS = 8;
const MAX_LABEL_COLUMNS = 24;

/** @param presentation - Of texts that are safe for a terminal. */
export function* resultLines(presentation: Presentation, columns: number): Generator<Line, void, undefined> {
	const {name, figures, tables} = presentation;
	yield {text: ''};
	yield {text: name, tone: 'heading'};
	const labels = figures.map(({label}) => truncateEnd(capitalize(label), MAX_LABEL_COLUMNS));
	const labelColumns = widest(labels);
	for (const [index, {text}] of figures.entries()) {
		const value = text ?? DASH;
		const room = columns - labelColumns - 4;
		// Beside its label, or where that leaves too little, under it.
		const [first = '', ...rest] = room < 10 && value.length > room ? ['', value] : breakFigure(value, room);
		yield {text: `  ${padEnd(labels[index] ?? '', labelColumns)}  ${first}`};
		const indent = first === '' ? 4 : labelColumns + 4;
		for (const part of rest.flatMap(left => breakFigure(left, columns - indent))) {
			yield {text: ' '.repeat(indent) + part};
		}
	}
	for (const table of tables) {
		if (table.error !== null) {
			yield {text: ''};
			const reasons = wrap(table.error, Math.max(1, columns - 2), Number.POSITIVE_INFINITY);
			for (const text of reasons) yield {text: `  ${text}`};
		}
		if (table.rowCount > 0)
			yield* table.show === 'sentences' ? sentenceLines(table, columns) : tableLines(table, columns);
	}
}

function* sentenceLines(table: Table, columns: number): Generator<Line, void, undefined> {
	const shown = Math.min(table.rowCount, MAX_ROWS);
	yield {text: ''};
	yield {text: `  ${capitalize(table.title)}`, tone: 'quiet'};
	for (let index = 0; index < shown; index++) {
		for (const text of wrap(table.nameOf(index) ?? DASH, Math.max(1, columns - 2), Number.POSITIVE_INFINITY))
			yield {text: `  ${text}`};
		const values = table.valuesOf(index).filter(value => value !== null);
		for (const text of wrap(values.join('; '), Math.max(1, columns - 4), Number.POSITIVE_INFINITY))
			yield {text: `    ${text}`, tone: 'quiet'};
	}
	const more = describeMore(table, shown);
	if (more !== null) yield {text: `  ${more}`, tone: 'quiet'};
}

function* tableLines(table: Table, columns: number): Generator<Line, void, undefined> {
	const {show, rowCount, nameOf, valuesOf} = table;
	// What follows one another in time is told from its end.
	const firstShown = show === 'series' ? Math.max(0, rowCount - MAX_ROWS) : 0;
	const places = Array.from({length: Math.min(rowCount, MAX_ROWS)}, (_, index) => firstShown + index);
	const names = places.map(index => nameOf(index) ?? DASH);
	const rows = places.map(index => valuesOf(index).map((text, place) => toCell(text, table, place)));
	const nameLabel = truncateEnd(capitalize(table.nameLabel), MAX_LABEL_COLUMNS);
	const labels = table.values.map(({label}) => truncateEnd(capitalize(label), MAX_LABEL_COLUMNS));
	const widths = labels.map((label, place) => widest([label, ...rows.map(values => values[place] ?? '')]));
	const nameWanted = widest([nameLabel, ...names]);
	// What is left beside the values. Figures are never cut: those for which there is no room get lines of their own, the last ones
	// first.
	const roomForName = (count: number): number =>
		columns - 2 - widths.slice(0, count).reduce((sum, width) => sum + 2 + width, 0);
	let count = widths.length;
	while (count > 0 && roomForName(count) < Math.min(nameWanted, MIN_NAME_COLUMNS)) count--;
	const nameColumns = Math.max(1, Math.min(nameWanted, roomForName(count)));
	const toText = (name: string, values: readonly string[]): string =>
		`  ${padEnd(name, nameColumns)}${widths
			.slice(0, count)
			.map((width, place) => `  ${padStart(values[place] ?? '', width)}`)
			.join('')}`;
	yield {text: ''};
	yield {text: toText(nameLabel, labels), tone: 'quiet'};
	if (firstShown > 0) yield {text: `  + ${formatInteger(firstShown)} more`, tone: 'quiet'};
	for (const [index, values] of rows.entries()) {
		yield {text: toText(names[index] ?? '', values)};
		for (let place = count; place < widths.length; place++) {
			// One of two values is the one that the head does not name.
			const label = widths.length > 2 ? [labels[place] ?? ''] : [];
			const value = values[place] ?? '';
			if (show === 'columns' && value === DASH) continue;
			const oneLine = [...label, value].join(' ');
			const isShort = displayWidth(oneLine) <= columns - 4;
			for (const text of isShort ? [oneLine] : [...label, ...breakFigure(value, columns - 4)]) {
				yield {text: `    ${text}`};
			}
		}
	}
	const more = describeMore(table, firstShown + rows.length);
	if (more !== null) yield {text: `  ${more}`, tone: 'quiet'};
}

/** Cells of data may be as long as books. */
const MAX_CELL_COLUMNS = 24;

function toCell(text: string | null, {show, values}: Table, place: number): string {
	if (text === null) return DASH;
	const format = values[place]?.format;
	const isCell = show === 'columns' && (format === 'name' || format === 'top-value');
	return isCell ? truncateMiddle(text, MAX_CELL_COLUMNS) : text;
}

const widest = (texts: readonly string[]): number =>
	texts.reduce((width, text) => Math.max(width, displayWidth(text)), 0);
