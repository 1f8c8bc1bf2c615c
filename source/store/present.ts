// Presents the result of any analysis by its views: labelled figures and tables as text for people. All outputs lay out the
// same content. A result and its views may come from a recording, so a part of the wrong type counts as missing.
import type {AnalysisInfo, FiguresView, LabelledValue, TableView, ValueFormat} from '../model/analysis-info.ts';
import {DASH, formatDecimal, formatInteger} from '../text/format.ts';

export interface Presentation {
	readonly name: string;
	readonly title: string;
	readonly figures: readonly Figure[];
	/** Tables without rows and without an error are left out. */
	readonly tables: readonly Table[];
}

export interface Figure {
	readonly label: string;
	readonly format: ValueFormat;
	/** `null` where there is no value: outputs show a dash. */
	readonly text: string | null;
}

export interface Table {
	readonly show: TableView['show'];
	/** Lower case, like all labels: `categories`. */
	readonly title: string;
	/** `category` */
	readonly nameLabel: string;
	readonly values: readonly {readonly label: string; readonly format: ValueFormat}[];
	readonly rowCount: number;
	/** How many rows there are with those that are not listed. */
	readonly total: Total;
	// Of the row at an index: a series may have 100,000 rows, and most texts are never read.
	/** `null` where there is none. */
	readonly nameOf: (index: number) => string | null;
	/** `null` in the place of a missing value. */
	readonly valuesOf: (index: number) => readonly (string | null)[];
	/** The first value of a row as a number, for bars and charts; 0 where it is not a number. */
	readonly sizeOf: (index: number) => number;
	/** How many values are in each part of the histogram of a row; nothing where it has none. */
	readonly histogramOf: (index: number) => readonly number[];
	/** What a row is sorted by: the value at a place, not as text; `null` where it is missing. */
	readonly rankOf: (index: number, place: number) => number | string | null;
	/** The row of the result. */
	readonly rowAt: (index: number) => unknown;
	/** Why there are no rows although there are records. */
	readonly error: string | null;
}

export interface Total {
	readonly value: number;
	/** Whether there may be more. */
	readonly isAtLeast: boolean;
}

/** What older recordings do not say of a table. */
const DEFAULT_LIMIT = 100;

/** Between the two names of a row. */
export const NAME_JOINT = ' · ';

/** Makes text from outside harmless for the place where it is shown. */
export type MakeSafe = (text: string) => string;

/** The results of a run whose analyses are known, in the order of the analyses. */
export const matchResults = (
	analyses: readonly AnalysisInfo[],
	results: object,
): readonly {readonly info: AnalysisInfo; readonly result: object}[] =>
	analyses.flatMap(info => {
		const result = valueAt(results, info.name);
		return isObject(result) ? [{info, result}] : [];
	});

export const presentResults = (
	analyses: readonly AnalysisInfo[],
	results: object,
	makeSafe: MakeSafe,
	joint?: string,
): readonly Presentation[] =>
	matchResults(analyses, results).map(({info, result}) => presentResult(info, result, makeSafe, joint));

/** @param joint - Stands between the two names of a row. */
export const presentResult = (
	info: AnalysisInfo,
	result: object,
	makeSafe: MakeSafe,
	joint = NAME_JOINT,
): Presentation => ({
	name: makeSafe(info.name),
	title: makeSafe(info.title),
	figures: info.views.filter(isFiguresView).flatMap(({figures}) =>
		figures.map(figure => ({
			label: makeSafe(figure.label),
			format: figure.format,
			text: formatValue(valueAt(result, figure.key), figure.format, makeSafe) ?? reasonOf(result, figure, makeSafe),
		})),
	),
	tables: info.views
		.filter(isTableView)
		.map(view => presentTable(view, result, makeSafe, joint))
		.filter(({rowCount, error}) => rowCount > 0 || error !== null),
});

const isFiguresView = (view: AnalysisInfo['views'][number]): view is FiguresView => view.show === 'figures';
const isTableView = (view: AnalysisInfo['views'][number]): view is TableView => view.show !== 'figures';

function presentTable(view: TableView, result: object, makeSafe: MakeSafe, joint: string): Table {
	const listed = valueAt(result, view.rows);
	const all = view.names === undefined ? (Array.isArray(listed) ? listed : []) : rowsOfNumbers(view, listed);
	const rows = view.worst === undefined ? all : worstFirst(all, view.worst);
	const error = view.error === undefined ? undefined : valueAt(valueAt(result, view.error), 'message');
	const [first] = view.values;
	const names = typeof view.name === 'string' ? [view.name] : view.name;
	return {
		show: view.show,
		title: makeSafe(view.title),
		nameLabel: names.map(name => makeSafe(name.replaceAll('_', ' '))).join(joint),
		values: view.values.map(({label, format}) => ({label: makeSafe(label), format})),
		rowCount: rows.length,
		// All columns are listed, however many there are.
		total: view.show === 'columns' ? {value: rows.length, isAtLeast: false} : totalOf(view, result, rows.length),
		nameOf(index) {
			const texts = names.map(name => formatValue(valueAt(rows[index], name), 'name', makeSafe));
			return texts.every(text => text === null) ? null : texts.map(text => text ?? DASH).join(joint);
		},
		valuesOf: index =>
			view.values.map(value =>
				formatRowValue(
					rows[index],
					value,
					view.show === 'columns' ? text => makeSafe(cutText(text, MAX_CELL_LENGTH)) : makeSafe,
				),
			),
		sizeOf: index => (first === undefined ? 0 : toSize(valueAt(rows[index], first.key))),
		histogramOf: index => (view.histogram === undefined ? [] : countsOf(valueAt(rows[index], view.histogram))),
		rankOf(index, place) {
			const value = view.values[place];
			return value === undefined ? null : toRank(valueAt(rows[index], value.key), value.format);
		},
		rowAt: index => rows[index],
		error: typeof error === 'string' ? makeSafe(error) : null,
	};
}

function worstFirst(rows: readonly unknown[], keys: readonly string[]): readonly unknown[] {
	const ranked = rows.map(row => ({row, faults: keys.reduce((sum, key) => sum + toSize(valueAt(row, key)), 0)}));
	return ranked.sort((one, other) => other.faults - one.faults).map(({row}) => row);
}

/** Cells of data may be as long as books. */
const MAX_CELL_LENGTH = 80;

function cutText(text: string, length: number): string {
	const start = Array.from(text.slice(0, 2 * length + 2));
	return start.length > length ? `${start.slice(0, length).join('')}…` : text;
}

/** More parts than any histogram has. */
const MAX_PARTS = 100;

const countsOf = (histogram: unknown): readonly number[] =>
	Array.isArray(histogram) ? histogram.slice(0, MAX_PARTS).map(part => toSize(valueAt(part, 'count'))) : [];

/** Numbers as rows with their names; none where all are 0: then there is nothing to see. */
function rowsOfNumbers({names = [], name, values: [first]}: TableView, listed: unknown): readonly unknown[] {
	if (!Array.isArray(listed) || first === undefined || typeof name !== 'string') return [];
	if (listed.every(number => number === 0)) return [];
	return listed.map((number: unknown, index) => ({[name]: names[index], [first.key]: number}));
}

function totalOf({limit = DEFAULT_LIMIT, count}: TableView, result: object, rowCount: number): Total {
	const counted = count === undefined ? undefined : valueAt(result, count);
	const value = valueAt(counted, 'value');
	if (typeof value === 'number' && value >= rowCount && valueAt(counted, 'exact') !== false)
		return {value, isAtLeast: false};
	return {value: rowCount, isAtLeast: rowCount >= limit};
}

/**
Says how many rows of a table follow those that are shown.

@returns `+ 12 more`, `+ at least 12 more`; `null` where all are shown.
*/
export function describeMore({total}: Table, shownCount: number): string | null {
	const more = total.value - shownCount;
	if (more > 0) return `+ ${total.isAtLeast ? 'at least ' : ''}${formatInteger(more)} more`;
	return total.isAtLeast ? `first ${formatInteger(shownCount)}, there may be more` : null;
}

function formatRowValue(row: unknown, {key, format, exact}: LabelledValue, makeSafe: MakeSafe): string | null {
	const text = formatValue(valueAt(row, key), format, makeSafe);
	return text !== null && exact !== undefined && valueAt(row, exact) === false ? `about ${text}` : text;
}

/** A group of records without a name, such as those with empty cells. */
const NO_NAME = '(none)';

/** The text for a value that is missing for a known reason: `TOO_MANY_CATEGORIES` as `too many categories`. */
function reasonOf(result: object, {error}: LabelledValue, makeSafe: MakeSafe): string | null {
	const code = error === undefined ? undefined : valueAt(valueAt(result, error), 'code');
	return typeof code === 'string' ? makeSafe(code.toLowerCase().replaceAll('_', ' ')) : null;
}

/** The value as people read it, `null` where it does not fit its format. */
export function formatValue(value: unknown, format: ValueFormat, makeSafe: MakeSafe): string | null {
	switch (format) {
		case 'integer':
			return typeof value === 'number' ? formatInteger(value) : null;
		case 'distinct': {
			const count = valueAt(value, 'value');
			if (typeof count !== 'number') return null;
			return `${valueAt(value, 'exact') === false ? 'about ' : ''}${formatInteger(count)}`;
		}
		case 'decimal':
			if (typeof value === 'number') return formatDecimal(String(value));
			return isDecimal(value) ? formatDecimal(value) : null;
		case 'share': {
			const isShare = typeof value === 'number' || isDecimal(value);
			return isShare ? `${formatDecimal((Number(value) * 100).toFixed(1))} %` : null;
		}
		case 'name':
			if (typeof value !== 'string') return null;
			return value === '' ? NO_NAME : makeSafe(value);
		case 'dates': {
			const [earliest, latest] = [valueAt(value, 'earliest'), valueAt(value, 'latest')];
			if (typeof earliest !== 'string' || typeof latest !== 'string') return null;
			return `${makeSafe(earliest)} to ${makeSafe(latest)}`;
		}
		case 'line-length': {
			const [line, bytes] = [valueAt(value, 'line'), valueAt(value, 'bytes')];
			if (typeof line !== 'number' || typeof bytes !== 'number') return null;
			return `${formatInteger(bytes)} ${bytes === 1 ? 'byte' : 'bytes'} on line ${formatInteger(line)}`;
		}
		case 'median': {
			const median = formatValue(valueAt(value, 'p50'), 'name', makeSafe);
			return median !== null && valueAt(value, 'exact') === false ? `about ${median}` : median;
		}
		case 'top-value': {
			const first: unknown = Array.isArray(value) ? value[0] : undefined;
			const [text, count] = [formatValue(valueAt(first, 'value'), 'name', makeSafe), valueAt(first, 'count')];
			if (text === null || typeof count !== 'number') return null;
			return `${text} (${valueAt(first, 'exact') === false ? 'about ' : ''}${formatInteger(count)})`;
		}
		case 'fault':
			if (value === true) return 'yes';
			return typeof value === 'number' && value > 0 ? formatInteger(value) : null;
		case 'places': {
			const places = Array.isArray(value) ? value.slice(0, MAX_PLACES) : [];
			const texts = places.map(place => formatPlace(place, makeSafe)).filter(text => text !== '');
			return texts.length === 0 ? null : texts.join(', ');
		}
		case 'busiest-hour': {
			const [hour, records] = [valueAt(value, 'hour'), valueAt(value, 'records')];
			if (typeof hour !== 'number' || typeof records !== 'number') return null;
			return `${clockOf(hour)} to ${clockOf(hour + 1)} (${formatInteger(records)} ${records === 1 ? 'record' : 'records'})`;
		}
	}
}

const clockOf = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;

/** More than an analysis gives. */
const MAX_PLACES = 10;
const MAX_PLACE_LENGTH = 40;

/** `line 7: abc`; of several files a line says nothing, and there is none. */
function formatPlace(place: unknown, makeSafe: MakeSafe): string {
	const [line, value] = [valueAt(place, 'line'), valueAt(place, 'value')];
	const where = typeof line === 'number' ? `line ${formatInteger(line)}` : '';
	const found = typeof value === 'string' ? makeSafe(cutText(value, MAX_PLACE_LENGTH)) : '';
	return where === '' || found === '' ? where + found : `${where}: ${found}`;
}

/** Ten times the length of sums of typical numbers. */
const MAX_DECIMAL_LENGTH = 1000;

export const isDecimal = (value: unknown): value is string =>
	typeof value === 'string' && value.length <= MAX_DECIMAL_LENGTH && /^-?\d+(?:\.\d+)?$/.test(value);

function toSize(value: unknown): number {
	const counted = isObject(value) ? valueAt(value, 'value') : value;
	const size = typeof counted === 'number' ? counted : isDecimal(counted) ? Number(counted) : 0;
	return Number.isFinite(size) ? size : 0;
}

/** Of an object what people read first: its value, its median, its most frequent value. */
function toRank(value: unknown, format: ValueFormat): number | string | null {
	if (typeof value === 'number') return value;
	if (typeof value === 'boolean') return Number(value);
	if (isDecimal(value)) return Number(value);
	if (typeof value === 'string') return value;
	if (format === 'median') return toRank(valueAt(value, 'p50'), 'decimal');
	if (format === 'top-value') return toRank(valueAt(Array.isArray(value) ? value[0] : undefined, 'count'), 'integer');
	return isObject(value) && !Array.isArray(value) ? toRank(valueAt(value, 'value'), 'integer') : null;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Own properties only: a key may have the name of an inherited one. */
export const valueAt = (value: unknown, key: string): unknown =>
	isObject(value) && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
