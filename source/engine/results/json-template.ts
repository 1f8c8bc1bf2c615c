// The result of a small file as JSON, written from its row of figures (analysis/file-rows.ts) without an object for it or for its
// groups: to the letter what `layOut` writes of the result that `finishState` makes.
import type {AnalysisDeclaration, Measure} from '../../analysis/declaration.ts';
import {formatDay, type RowFigures, type RowSum, rowShapeOf} from '../../analysis/file-rows.ts';
import {describeTooManyGroups} from '../../analysis/finish.ts';
import {layOutStates, type StateLayout, tableMeasure} from '../../analysis/state-layout.ts';
import {formatNearest} from '../../analysis/units.ts';
import type {Utf8Page} from '../../text/utf8-page.ts';
import {GroupNames} from './group-names.ts';
import {type Braces, type JsonStyle, type Piece, pieceOf, resultBraces} from './json-style.ts';
import {type ListedTable, RowTemplate} from './row-template.ts';
import {formatInQuotes, formatNumber, type NumberKind} from './write-number.ts';

/** Writes a measure, and returns its columns; -1 where the result does not have it. */
type MeasureWriter = (page: Utf8Page, figures: RowFigures, tables: readonly ListedTable[]) => number;

export class JsonTemplate {
	readonly #declaration: AnalysisDeclaration;
	readonly #style: JsonStyle;
	readonly #layout: StateLayout;
	readonly #tables: readonly RowTemplate[];
	readonly #measures: readonly {readonly name: Piece; readonly write: MeasureWriter}[];

	constructor(declaration: AnalysisDeclaration, style: JsonStyle) {
		this.#declaration = declaration;
		this.#style = style;
		this.#layout = layOutStates(declaration);
		const shape = rowShapeOf(this.#layout);
		this.#tables = Array.from(this.#layout.tables, ([name, table]) => {
			const group = shape.tables[table.place] ?? noPlace();
			return new RowTemplate(tableMeasure(declaration, name), this.#layout, table, group, style);
		});
		this.#measures = Object.entries(declaration.measures).map(([name, measure]) => ({
			name: pieceOf(JSON.stringify(name) + style.colon),
			write: this.#writerOf(name, measure),
		}));
	}

	/** @param keys - Of each table, as `KeyNumbers` encodes them. */
	namesOf(keys: readonly Uint8Array[]): GroupNames[] {
		return Array.from(this.#layout.tables.keys(), (name, place) => {
			const ofTable = keys[place] ?? noPlace();
			return new GroupNames(ofTable, tableMeasure(this.#declaration, name), this.#style);
		});
	}

	/** @param names - Of the files that it came with. */
	write(page: Utf8Page, figures: RowFigures, names: readonly GroupNames[]): void {
		const tables = this.#tables.map((template, place) =>
			template.list(figures, figures.tables[place] ?? noPlace(), names[place] ?? noPlace()),
		);
		const {lineColumns} = this.#style;
		const start = page.length;
		if (lineColumns !== Number.POSITIVE_INFINITY) {
			const columns = this.#writeMeasures(page, figures, tables, resultBraces.onLines);
			if (columns > lineColumns) return;
			page.setLength(start);
		}
		this.#writeMeasures(page, figures, tables, resultBraces.onOneLine(this.#style));
	}

	/** Returns the columns that they take on one line, and what is in front of them. */
	#writeMeasures(
		page: Utf8Page,
		figures: RowFigures,
		tables: readonly ListedTable[],
		{first, next, last}: Braces,
	): number {
		let columns = resultBraces.columns;
		let before = first;
		for (const {name, write} of this.#measures) {
			const start = page.length;
			page.add(before + name.text);
			const ofMeasure = write(page, figures, tables);
			if (ofMeasure === -1) page.setLength(start);
			else {
				columns += name.bytes.length - name.excess + ofMeasure + 2;
				before = next;
			}
		}
		page.add(before === first ? '{}' : last);
		return columns;
	}

	#writerOf(name: string, measure: Measure): MeasureWriter {
		const {sums, ranges, sets, tables} = this.#layout;
		const placeOf = (table: string): number => tables.get(table)?.place ?? -1;
		switch (measure.kind) {
			case 'count':
				return (page, {records}) => addAscii(page, String(records));
			case 'sum':
			case 'mean':
			case 'share':
				return sumWriter(measure.kind, sums.get(measure.of) ?? -1);
			case 'nearest':
				return nearestWriter(measure.to.kind, sums.get(measure.to.of) ?? -1);
			case 'date-range':
				return rangeWriter(ranges.get(measure.of) ?? -1, this.#style);
			case 'distinct':
				return setWriter(sets.get(measure.of) ?? -1, this.#style);
			case 'groups': {
				const template = this.#tables[placeOf(name)] ?? noPlace();
				return (page, _, listed) => template.write(page, listed[placeOf(name)] ?? noPlace());
			}
			case 'first-key':
				return firstKeyWriter(placeOf(measure.table));
			case 'group-count':
				return groupCountWriter(placeOf(measure.table), this.#style);
			case 'table-error':
				return this.#errorWriter(measure.table, placeOf(measure.table));
		}
	}

	#errorWriter(table: string, place: number): MeasureWriter {
		return (page, {tables}) => {
			if (tables[place]?.groupCount !== null) return -1;
			return addPiece(page, pieceOf(this.#style.write(describeTooManyGroups(this.#layout, table))));
		};
	}
}

function noPlace(): never {
	throw new Error('Expected figures for each measure');
}

/** Returns the columns. */
function addAscii(page: Utf8Page, text: string): number {
	page.add(text);
	return text.length;
}

function addPiece(page: Utf8Page, {bytes, excess}: Piece): number {
	page.addBytes(bytes);
	return bytes.length - excess;
}

const sumAt = ({sums}: RowFigures, place: number): RowSum => sums[place] ?? noPlace();

const sumWriter =
	(kind: NumberKind, place: number): MeasureWriter =>
	(page, figures) => {
		return addAscii(page, formatNumber(kind, sumAt(figures, place), formatInQuotes));
	};

const nearestWriter =
	(kind: NumberKind, place: number): MeasureWriter =>
	(page, figures) => {
		return addAscii(page, formatNumber(kind, sumAt(figures, place), formatNearest));
	};

const rangeWriter =
	(place: number, style: JsonStyle): MeasureWriter =>
	(page, {ranges}) => {
		const range = ranges[place] ?? null;
		if (range === null) return addAscii(page, 'null');
		return addPair(page, 'earliest', `"${formatDay(range.earliest)}"`, 'latest', `"${formatDay(range.latest)}"`, style);
	};

const setWriter =
	(place: number, style: JsonStyle): MeasureWriter =>
	(page, {sets}) => {
		const {value, exact} = sets[place] ?? noPlace();
		return addPair(page, 'value', String(value), 'exact', String(exact), style);
	};

const firstKeyWriter =
	(place: number): MeasureWriter =>
	(page, _, tables) => {
		const {listed, names, firstKey} = tables[place] ?? noPlace();
		return listed.length === 0 ? addAscii(page, 'null') : addPiece(page, names.at(firstKey).first);
	};

const groupCountWriter =
	(place: number, style: JsonStyle): MeasureWriter =>
	(page, {tables}) => {
		const groupCount = tables[place]?.groupCount ?? null;
		if (groupCount === null) return addAscii(page, 'null');
		return addPair(page, 'value', String(groupCount), 'exact', 'true', style);
	};

/** An object of two short values, which fit on a line. */
const addPair = (
	page: Utf8Page,
	key: string,
	value: string,
	otherKey: string,
	other: string,
	{colon, comma}: JsonStyle,
): number => addAscii(page, `{"${key}"${colon}${value}${comma}"${otherKey}"${colon}${other}}`);
