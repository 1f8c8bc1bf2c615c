// The tables of a result: each list of rows of each analysis, and its single values as a table of one row. A table is one thing with one header,
// so that any program can read it; which ones there are, `GET /api/v1/results/{id}/tables` says.
import {cutTables, givenUpTables} from '../../analysis/complete-tables.ts';
import {shownName} from '../../analysis/question/named-question.ts';
import {describeAnalyses, isAnalysisName} from '../../analysis/registry.ts';
import {outlineTables} from '../../analysis/table-outlines.ts';
import type {LabelledValue, ResultObject, TableView} from '../../model/analysis-info.ts';
import type {FileReport} from '../../model/report.ts';
import {resultsOf} from '../../store/analysis-results.ts';

export interface ResultTable {
	/** As `transactions.categories`; the single values are `transactions.figures`. */
	readonly name: string;
	readonly columns: readonly string[];
	/** Columns of names out of the data: texts, whatever they look like. */
	readonly texts: ReadonlySet<string>;
	readonly rows: readonly (readonly string[])[];
}

/** A row as results have it: values, or objects and lists of them. */
export type Row = Readonly<Record<string, unknown>>;

export interface FoundTable {
	readonly name: string;
	/** Of a table that may be empty. */
	readonly columns: readonly string[];
	readonly texts: readonly string[];
	readonly rows: Row[];
}

/** The one that stands for all where nobody has chosen: it comes first. */
export function tablesOf(report: FileReport): readonly ResultTable[] {
	const found = new Map<string, FoundTable>();
	for (const {file, result, analysis} of resultsIn(report))
		for (const {rows, ...table} of tablesOfResult(analysis, result)) {
			const known = found.get(table.name) ?? {...table, rows: []};
			// The same table of all files of an archive is one, which says of which file each row is.
			known.rows.push(...rows.map(row => (file === null ? row : {file, ...row})));
			found.set(table.name, known);
		}
	return Array.from(found.values(), written).filter(({columns}) => columns.length > 0);
}

export const tableNameOf = (analysis: string, table: string): string => `${shownName(analysis)}.${table}`;

export interface FoundResult {
	/** Of the file in its archive; 0 where it is none. */
	readonly place: number;
	/** Of an archive, its member; else `null`. */
	readonly file: string | null;
	readonly analysis: string;
	readonly result: Row;
}

export const resultsIn = (report: FileReport): readonly FoundResult[] =>
	report.members === undefined
		? resultsOf(report).map(([analysis, result]) => ({place: 0, file: null, analysis, result: result as Row}))
		: report.members.flatMap((member, place) => resultsIn(member).map(found => ({...found, place, file: member.file})));

/** The names of those tables of which the report may lack rows. */
export const cutTablesOf = (report: FileReport): readonly string[] => namedTables(report, cutTables);

/** The names of those that have no rows of some file because it has more than can be kept. */
export const givenUpTablesOf = (report: FileReport): readonly string[] => namedTables(report, givenUpTables);

function namedTables(report: FileReport, find: typeof cutTables): readonly string[] {
	const names = resultsIn(report).flatMap(({analysis, result}) =>
		isAnalysisName(analysis) ? find(analysis, result as ResultObject).map(key => tableNameOf(analysis, key)) : [],
	);
	return Array.from(new Set(names));
}

export function tablesOfResult(analysis: string, result: Row): readonly FoundTable[] {
	const views = isAnalysisName(analysis) ? (describeAnalyses(analysis)[0]?.views ?? []) : [];
	const outlines = isAnalysisName(analysis) ? outlineTables(analysis) : [];
	const named = views.flatMap(view => (view.show === 'figures' ? view.figures.filter(isName).map(({key}) => key) : []));
	const figures: Record<string, unknown> = {};
	const tables: FoundTable[] = [];
	for (const [key, value] of Object.entries(result)) {
		const view = views.find((each): each is TableView => each.show !== 'figures' && each.rows === key);
		const rows = rowsOf(value, view);
		if (rows === null) figures[key] = value;
		else
			tables.push({
				...{name: tableNameOf(analysis, key), rows: [...rows]},
				columns: outlines.find(({name}) => name === key)?.columns ?? [],
				texts: ['file', ...(view === undefined ? [] : namesIn(view))],
			});
	}
	return [...tables, {name: tableNameOf(analysis, 'figures'), columns: [], texts: ['file', ...named], rows: [figures]}];
}

const isName = ({format}: LabelledValue): boolean => format === 'name';

/** Months and the like name rows, and are no names out of the data. */
const namesIn = ({show, name, values}: TableView): readonly string[] => [
	...(show === 'series' ? [] : [name].flat()),
	...values.filter(isName).map(({key}) => key),
];

/** @returns `null` where it is no list of rows. */
function rowsOf(value: unknown, view: TableView | undefined): readonly Row[] | null {
	if (!Array.isArray(value)) return null;
	if (value.every(each => typeof each === 'object' && each !== null)) return value;
	// Numbers, each of which stands for something.
	const [name, figure] = [view?.name, view?.values[0]?.key];
	if (view?.names === undefined || typeof name !== 'string' || figure === undefined) return null;
	return value.map((each, index) => ({[name]: view.names?.[index] ?? String(index), [figure]: each}));
}

export function written({name, columns, texts, rows}: FoundTable): ResultTable {
	const flat = rows.map(row => new Map(Object.entries(row).map(([key, value]) => [key, flatten(key, value)])));
	const keys = new Set(flat.flatMap(row => Array.from(row.keys())));
	const all = rows.length === 0 ? columns : Array.from(keys).flatMap(key => columnsOf(key, flat));
	return {
		...{name, texts: new Set(texts), columns: all},
		rows: flat.map(row => {
			const cells = new Map(Array.from(row.values()).flat());
			return all.map(column => textOf(cells.get(column)));
		}),
	};
}

type FlatRow = ReadonlyMap<string, readonly (readonly [string, unknown])[]>;

/** The columns of a key: itself, or those of its members, where any row has them. */
function columnsOf(key: string, rows: readonly FlatRow[]): readonly string[] {
	const cells = rows.flatMap(row => row.get(key) ?? []);
	const columns = Array.from(new Set(cells.map(([column]) => column)));
	const isEmpty = cells.every(([column, value]) => column !== key || value === null);
	return columns.length > 1 && isEmpty ? columns.filter(column => column !== key) : columns;
}

/** `{value, exact}` → the column itself, and one for whether it is exact; other members follow the name of the column. */
function flatten(name: string, value: unknown): readonly (readonly [string, unknown])[] {
	if (!isObject(value)) return [[name, value]];
	return Object.entries(value).flatMap(([key, each]) => flatten(key === 'value' ? name : `${name}_${key}`, each));
}

const isObject = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A list within a row is JSON. */
export const textOf = (value: unknown): string =>
	value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
