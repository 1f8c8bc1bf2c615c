// The result of a small file as JSON, written from its row of figures (analysis/file-rows.ts) without an object for it or for its
// groups: to the letter what `layOut` writes of the result that `finishState` makes.
import {findBusiest} from '../../analysis/clock-counts.ts';
import type {AnalysisDeclaration, ClockPart, Measure, QualityPart, TopMeasure} from '../../analysis/declaration.ts';
import {type RowFigures, rowShapeOf} from '../../analysis/file-rows.ts';
import {describeTooManyGroups} from '../../analysis/finish.ts';
import {formatMoment} from '../../analysis/moment.ts';
import {formatNearestNumber, formatNumber, type NumberKind} from '../../analysis/result-numbers.ts';
import {layOutStates, type StateLayout, tableMeasure} from '../../analysis/state-layout.ts';
import {formatUnits} from '../../analysis/units.ts';
import {GroupNames, TopNames} from './group-names.ts';
import {type Braces, type JsonStyle, type Piece, pieceOf, quoteDigits} from './json-style.ts';
import {type ListedTable, RowTemplate} from './row-template.ts';

/** The names in the results of files that came together. */
export interface ResultNames {
	/** Of the groups of each table. */
	readonly tables: readonly ListedTable['names'][];
	/** Of the most frequent values of each text. */
	readonly tops: readonly TopNames[];
}

/** The text of a measure, of plain ASCII or as a piece; `null` where the result does not have it. */
type MeasureWriter = (
	figures: RowFigures,
	tables: readonly ListedTable[],
	tops: readonly TopNames[],
) => string | Piece | null;

interface MeasureTemplate {
	readonly name: Piece;
	readonly write: MeasureWriter;
}

export class JsonTemplate {
	readonly #style: JsonStyle;
	readonly #layout: StateLayout;
	readonly #tables: readonly RowTemplate[];
	readonly #measures: readonly MeasureTemplate[];

	constructor(declaration: AnalysisDeclaration, style: JsonStyle) {
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

	/** @param keys - Of each table, then of the most frequent values of each text, as `KeyNumbers` encodes them. */
	namesOf(keys: readonly Uint8Array[]): ResultNames {
		return {
			tables: this.#tables.map(({names}, place) => new GroupNames(keys[place] ?? noPlace(), names)),
			tops: keys.slice(this.#tables.length).map(ofTop => new TopNames(ofTop)),
		};
	}

	/** @param names - Of the files that it came with. */
	write(figures: RowFigures, names: ResultNames): string {
		const tables = this.#tables.map((template, place) =>
			template.list(figures, figures.tables[place] ?? noPlace(), names.tables[place] ?? noPlace()),
		);
		const onLines = this.#writeMeasures(figures, tables, names, this.#style.resultBraces.onLines);
		if (onLines.columns > this.#style.lineColumns) return onLines.text;
		return this.#writeMeasures(figures, tables, names, this.#style.resultBraces.onOneLine(this.#style)).text;
	}

	/** The columns are those of the result on one line, with what is in front of it there. */
	#writeMeasures(
		figures: RowFigures,
		tables: readonly ListedTable[],
		{tops}: ResultNames,
		{first, next, last}: Braces,
	): Piece {
		let text = '';
		let {columns} = this.#style.resultBraces;
		for (const {name, write} of this.#measures) {
			const value = write(figures, tables, tops);
			if (value === null) continue;
			const isText = typeof value === 'string';
			text += (text === '' ? first : next) + name.text + (isText ? value : value.text);
			columns += name.columns + (isText ? value.length : value.columns) + 2;
		}
		return {text: text === '' ? '{}' : text + last, columns};
	}

	#placeOf(table: string): number {
		return this.#layout.tables.get(table)?.place ?? -1;
	}

	#writerOf(name: string, measure: Measure): MeasureWriter {
		const {sums, ranges, sets, longest, tops} = this.#layout;
		switch (measure.kind) {
			case 'count':
				return ({records}) => String(records);
			case 'sum':
			case 'mean':
			case 'share':
				return sumWriter(measure.kind, sums.get(measure.of) ?? -1);
			case 'min':
			case 'max': {
				const range = ranges.get(measure.of);
				return range === undefined
					? extremeWriter(measure.kind, sums.get(measure.of) ?? -1)
					: dayWriter(measure.kind, range);
			}
			case 'nearest':
				return nearestWriter(measure.to.kind, sums.get(measure.to.of) ?? -1);
			case 'date-range':
				return rangeWriter(ranges.get(measure.of) ?? -1, this.#style);
			case 'distinct':
				return setWriter(sets.get(measure.of) ?? -1, this.#style);
			case 'groups': {
				const place = this.#placeOf(name);
				const template = this.#tables[place] ?? noPlace();
				return (_, tables) => template.write(tables[place] ?? noPlace());
			}
			case 'first-key': {
				const place = this.#placeOf(measure.table);
				const template = this.#tables[place] ?? noPlace();
				return (_, tables) => template.firstKey(tables[place] ?? noPlace()) ?? 'null';
			}
			case 'group-count':
				return groupCountWriter(this.#placeOf(measure.table), this.#style);
			case 'distinct-keys':
				return keyCountWriter(this.#placeOf(measure.table), this.#style);
			case 'counts': {
				const counts = this.#countsOf(name, measure.by.part);
				return (_, tables) => pieceOf(this.#style.write(counts(tables)));
			}
			case 'busiest-hour': {
				const counts = this.#countsOf(measure.counts, 'hour');
				return (_, tables) => pieceOf(this.#style.write(findBusiest(counts(tables))));
			}
			case 'line-count':
				return ({lines}) => String(lines);
			case 'total':
				return totalWriter(sums.get(measure.of) ?? -1);
			case 'longest':
				return longestWriter(longest.get(measure.of) ?? -1, this.#style);
			case 'top-values':
				return topWriter(measure, tops.get(measure.of) ?? -1, this.#style);
			case 'column-figures':
				return columnsWriter(this.#style);
			case 'quality':
				return qualityWriter(measure.part, this.#style);
			case 'table-error':
				return this.#errorWriter(measure.table, this.#placeOf(measure.table));
		}
	}

	#countsOf(name: string, part: ClockPart): (tables: readonly ListedTable[]) => readonly number[] {
		const place = this.#placeOf(name);
		const template = this.#tables[place] ?? noPlace();
		return tables => template.counts(tables[place] ?? noPlace(), part);
	}

	#errorWriter(table: string, place: number): MeasureWriter {
		return ({tables}) =>
			tables[place]?.groupCount === null
				? pieceOf(this.#style.write(describeTooManyGroups(this.#layout, table)))
				: null;
	}
}

function noPlace(): never {
	throw new Error('Expected figures for each measure');
}

const sumWriter =
	(kind: NumberKind, place: number): MeasureWriter =>
	({sums}) => {
		const sum = sums[place] ?? noPlace();
		return quoteDigits(formatNumber(kind, sum.units, sum.scale, sum.count, sum));
	};

const extremeWriter =
	(kind: 'min' | 'max', place: number): MeasureWriter =>
	({sums}) => {
		const {scale, count, lowest, highest} = sums[place] ?? noPlace();
		const units = kind === 'min' ? lowest : highest;
		return quoteDigits(count === 0 || units === undefined ? null : formatUnits(units, scale));
	};

const dayWriter =
	(kind: 'min' | 'max', place: number): MeasureWriter =>
	({ranges}) => {
		const range = ranges[place] ?? null;
		return quoteDigits(range === null ? null : formatMoment(kind === 'min' ? range.earliest : range.latest));
	};

const nearestWriter =
	(kind: NumberKind, place: number): MeasureWriter =>
	({sums}) =>
		formatNearestNumber(kind, sums[place] ?? noPlace()) ?? 'null';

const rangeWriter =
	(place: number, style: JsonStyle): MeasureWriter =>
	({ranges}) => {
		const range = ranges[place] ?? null;
		if (range === null) return 'null';
		return pairOf('earliest', `"${formatMoment(range.earliest)}"`, 'latest', `"${formatMoment(range.latest)}"`, style);
	};

const setWriter =
	(place: number, style: JsonStyle): MeasureWriter =>
	({sets}) => {
		const {value, exact} = sets[place] ?? noPlace();
		return pairOf('value', String(value), 'exact', String(exact), style);
	};

const groupCountWriter =
	(place: number, style: JsonStyle): MeasureWriter =>
	({tables}) => {
		const groupCount = tables[place]?.groupCount ?? null;
		return groupCount === null ? 'null' : pairOf('value', String(groupCount), 'exact', 'true', style);
	};

const keyCountWriter =
	(place: number, style: JsonStyle): MeasureWriter =>
	({tables}) => {
		const {value, exact} = tables[place]?.distinctKeys ?? noPlace();
		return pairOf('value', String(value), 'exact', String(exact), style);
	};

const totalWriter =
	(place: number): MeasureWriter =>
	({sums}) =>
		String(Number((sums[place] ?? noPlace()).units));

const longestWriter =
	(place: number, style: JsonStyle): MeasureWriter =>
	({longest}) => {
		const record = longest[place] ?? null;
		return record === null ? 'null' : pairOf('line', String(record.line), 'bytes', String(record.bytes), style);
	};

const topWriter =
	({name, limit}: TopMeasure, place: number, style: JsonStyle): MeasureWriter =>
	({tops}, _, topNames) => {
		const {exact, values} = tops[place] ?? noPlace();
		const names = topNames[place] ?? noPlace();
		const rows = values.slice(0, limit).map(({key, count}) => ({[name]: names.at(key), count, exact}));
		return pieceOf(style.write(rows));
	};

const columnsWriter =
	(style: JsonStyle): MeasureWriter =>
	({columns}) => {
		const value: unknown = JSON.parse(columns ?? noPlace());
		return pieceOf(style.write(Array.isArray(value) ? value : noPlace()));
	};

/** What was parsed last: each part of a result is written by itself. */
let parsed: {readonly json: string; readonly value: object} | null = null;

const qualityWriter =
	(part: QualityPart, style: JsonStyle): MeasureWriter =>
	({columns}) => {
		const json = columns ?? noPlace();
		if (parsed?.json !== json) {
			const value: unknown = JSON.parse(json);
			parsed = {json, value: typeof value === 'object' && value !== null ? value : noPlace()};
		}
		const found: unknown = Reflect.get(parsed.value, part);
		if (found === undefined) return null;
		return pieceOf(typeof found === 'object' ? style.write(found) : JSON.stringify(found));
	};

/** An object of two short values, which fit on a line. */
const pairOf = (key: string, value: string, otherKey: string, other: string, {colon, comma}: JsonStyle): string =>
	`{"${key}"${colon}${value}${comma}"${otherKey}"${colon}${other}}`;
