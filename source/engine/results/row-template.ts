// The rows of a table as JSON, each on one line where it fits. There are far more of them than of all else in a report, and each run
// writes them with code that V8 has yet to compile: so what stands between the figures is put together once for each group, and
// the rest is left to what V8 has built in.
import {countsOfKeys} from '../../analysis/clock-counts.ts';
import type {ClockPart, ExtremeMeasure, GroupMeasure} from '../../analysis/declaration.ts';
import {FIRST_UNITS, type GroupShape, KEY, RECORDS, type RowFigures, type RowTable} from '../../analysis/file-rows.ts';
import {formatMoment} from '../../analysis/moment.ts';
import {formatNumber, type NumberKind} from '../../analysis/result-numbers.ts';
import type {StateLayout, TableLayout} from '../../analysis/state-layout.ts';
import {type GroupNames, NameStyle} from './group-names.ts';
import {type Braces, type JsonStyle, type Piece, pieceOf, quoteDigits} from './json-style.ts';
import {type RowOrder, rankRow, rowOrderOf} from './rank-row.ts';

/** A group as its rows write it. */
interface RowFrame {
	/** What stands in front of each figure and behind the last one: on one line, and on several. */
	readonly short: readonly string[];
	readonly long: readonly string[];
	/** On one line, without the figures. */
	readonly columns: number;
	/** The first key alone: `"food"`. */
	readonly firstKey: Piece;
}

/** A table of one file. */
export interface ListedTable {
	readonly figures: RowFigures;
	readonly table: RowTable;
	readonly names: GroupNames<RowFrame>;
	/** The places of the groups that it lists, in order. */
	readonly listed: readonly number[];
}

/** A part of a row: a key of the group, or a measure. */
interface RowPart {
	/** Which key; -1 for a measure. */
	readonly key: number;
	/** `"amount": ` */
	readonly name: string;
	readonly kind: NumberKind | 'count' | 'day';
	/** The place of its sum, and where its units and their count stand among the values of a group. */
	readonly sum: number;
	readonly unitsPlace: number;
	readonly countPlace: number;
	/** The place of the sum that a share is a part of. */
	readonly whole: number;
}

/** Of the row that is written. */
const rowFigures: string[] = [];

export class RowTemplate {
	readonly names: NameStyle<RowFrame>;
	readonly #style: JsonStyle;
	readonly #stride: number;
	readonly #order: RowOrder;
	readonly #parts: readonly RowPart[];
	readonly #measures: readonly RowPart[];

	constructor(measure: GroupMeasure, layout: StateLayout, table: TableLayout, shape: GroupShape, style: JsonStyle) {
		this.#style = style;
		this.#stride = shape.stride;
		this.#order = rowOrderOf(measure, shape, table);
		this.#parts = partsOf(measure, layout, table, shape, style);
		this.#measures = this.#parts.filter(({key}) => key === -1);
		this.names = new NameStyle(measure.keys.length, keys => this.#frame(keys));
	}

	list(figures: RowFigures, table: RowTable, names: GroupNames<RowFrame>): ListedTable {
		return {figures, table, names, listed: rankRow(table, names.ranks, this.#order)};
	}

	/** The first key of the first row; `null` for none. */
	firstKey({listed: [first], table, names}: ListedTable): Piece | null {
		return first === undefined ? null : names.at(table.values[first * this.#stride + KEY] ?? -1).firstKey;
	}

	/** How many records each hour or weekday has, by which the rows are grouped. */
	counts({table, names}: ListedTable, part: ClockPart): readonly number[] {
		const keys = Array.from({length: table.length}, (_, group) => {
			const at = group * this.#stride;
			const key: unknown = JSON.parse(names.at(table.values[at + KEY] ?? -1).firstKey.text);
			return [String(key), table.values[at + RECORDS] ?? 0] as const;
		});
		return countsOfKeys(part, keys);
	}

	/** The list of all rows. */
	write(list: ListedTable): Piece {
		const onOneLine = this.#style.listBraces.onOneLine(this.#style);
		if (list.listed.length === 0) return pieceOf(onOneLine.first + onOneLine.last);
		const written = this.#writeRows(list, this.#style.listBraces.onLines);
		const fits = this.#style.listBraces.columns + written.columns <= this.#style.lineColumns;
		return fits ? this.#writeRows(list, onOneLine) : written;
	}

	/** The columns are those of the list on one line. */
	#writeRows({table, names, listed, figures}: ListedTable, {first, next, last}: Braces): Piece {
		const {values, wide, scales} = table;
		const {lineColumns, rowBraces} = this.#style;
		const measures = this.#measures;
		const {length} = measures;
		let text = first;
		let columns = 0;
		for (let row = 0; row < listed.length; row++) {
			const from = (listed[row] ?? 0) * this.#stride;
			const frame = names.at(values[from + KEY] ?? -1);
			let {columns: rowColumns} = frame;
			for (let index = 0; index < length; index++) {
				const {kind, sum, unitsPlace, countPlace, whole} = measures[index] ?? noPart;
				let figure: string;
				if (kind === 'count') figure = String(values[from + RECORDS]);
				else if (kind === 'day') {
					const day = values[from + unitsPlace] ?? 0;
					figure = quoteDigits(day === 0 ? null : formatMoment(day));
				} else {
					const units = wide.get(from + unitsPlace) ?? values[from + unitsPlace] ?? 0;
					const count = values[from + countPlace] ?? 0;
					// What is smallest or largest is written as a sum of it alone.
					figure = quoteDigits(formatNumber(kind, units, scales[sum] ?? 0, count, figures.sums[whole]));
				}
				rowColumns += figure.length;
				rowFigures[index] = figure;
			}
			const pieces = rowBraces.columns + rowColumns <= lineColumns ? frame.short : frame.long;
			if (row > 0) text += next;
			for (let index = 0; index < length; index++) text += (pieces[index] ?? '') + (rowFigures[index] ?? '');
			text += pieces[length] ?? '';
			columns += rowColumns + 2;
		}
		return {text: text + last, columns};
	}

	#frame(keys: readonly Piece[]): RowFrame {
		const {rowBraces} = this.#style;
		const short = this.#surround(keys, rowBraces.onOneLine(this.#style));
		return {
			short: short.map(({text}) => text),
			long: this.#surround(keys, rowBraces.onLines).map(({text}) => text),
			columns: short.reduce((sum, {columns}) => sum + columns, 0),
			firstKey: keys[0] ?? pieceOf(''),
		};
	}

	#surround(keys: readonly Piece[], {first, next, last}: Braces): Piece[] {
		const all: Piece[] = [];
		let piece = pieceOf('');
		for (const [index, {key, name}] of this.#parts.entries()) {
			piece = joinPieces(piece, pieceOf((index === 0 ? first : next) + name));
			if (key === -1) {
				all.push(piece);
				piece = pieceOf('');
			} else piece = joinPieces(piece, keys[key] ?? piece);
		}
		return [...all, joinPieces(piece, pieceOf(last))];
	}
}

const joinPieces = (one: Piece, other: Piece): Piece => ({
	text: one.text + other.text,
	columns: one.columns + other.columns,
});

function partsOf(
	measure: GroupMeasure,
	layout: StateLayout,
	table: TableLayout,
	{countPlaces, extremePlaces, rangePlaces}: GroupShape,
	{colon}: JsonStyle,
): RowPart[] {
	const parts: Record<string, RowPart> = {};
	for (const [key, {name}] of measure.keys.entries())
		parts[name] = {...noPart, key, name: JSON.stringify(name) + colon};
	for (const [key, of] of Object.entries(measure.measures)) {
		const name = JSON.stringify(key) + colon;
		if (of.kind === 'count') parts[key] = {...noPart, name};
		else if (of.kind === 'min' || of.kind === 'max')
			parts[key] = {...noPart, name, ...partOfExtreme(of, table, {countPlaces, extremePlaces, rangePlaces})};
		else {
			const sum = table.sums.get(of.of) ?? 0;
			const places = {unitsPlace: FIRST_UNITS + sum, countPlace: countPlaces[sum] ?? RECORDS};
			parts[key] = {key: -1, name, kind: of.kind, sum, ...places, whole: layout.sums.get(of.of) ?? -1};
		}
	}
	// In the order that an object has.
	return Object.values(parts);
}

function partOfExtreme(
	{kind, of}: ExtremeMeasure,
	{sums, ranges}: TableLayout,
	{countPlaces, extremePlaces, rangePlaces}: Pick<GroupShape, 'countPlaces' | 'extremePlaces' | 'rangePlaces'>,
): Pick<RowPart, 'kind' | 'sum' | 'unitsPlace' | 'countPlace'> {
	const which = kind === 'min' ? 0 : 1;
	const range = ranges.get(of);
	if (range !== undefined)
		return {kind: 'day', sum: 0, unitsPlace: (rangePlaces[range] ?? 0) + which, countPlace: RECORDS};
	const sum = sums.get(of) ?? 0;
	const unitsPlace = (extremePlaces[sum] ?? 0) + which;
	return {kind: 'sum', sum, unitsPlace, countPlace: countPlaces[sum] ?? RECORDS};
}

const noPart: RowPart = {key: -1, name: '', kind: 'count', sum: 0, unitsPlace: 0, countPlace: RECORDS, whole: -1};
