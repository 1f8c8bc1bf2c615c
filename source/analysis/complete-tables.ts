// The tables of a state with all of their rows, of which its result lists the first ones.
import type {ResultObject, ResultRow} from '../model/analysis-info.ts';
import type {CompleteTable, TableOutline} from '../model/complete-table.ts';
import {finishColumns} from './columns/finish-column.ts';
import type {Measure} from './declaration.ts';
import {describeTooManyGroups, finishRow, topRows, topsNamed, wholesOf} from './finish.ts';
import type {GroupTable} from './groups/group-table.ts';
import {sortGroups} from './groups/rank-groups.ts';
import {LISTED_NAME_LENGTH} from './listed-name.ts';
import {finishQuality, MAX_LISTED} from './quality/finish-quality.ts';
import {declarationOf} from './registry.ts';
import type {AnalysisState} from './state.ts';
import {rowKeysOf, type TableLayout, tableMeasure} from './state-layout.ts';
import {decodeBytes} from './text-encoding.ts';

/** A table whose rows are as in a result: figures of several parts are objects in their place. */
export interface FullTable extends TableOutline {
	/** Each is made when it is asked for. */
	readonly rows: Iterable<ResultObject>;
	/** As in `CompleteTable`. */
	readonly error: CompleteTable['error'];
}

/** The tables of a state in UTF-8. They are read before the state changes. */
export function fullTables(state: AnalysisState): readonly FullTable[] {
	const {declaration} = state.layout;
	return Object.entries<Measure>(declaration.measures).flatMap(([name, measure]) => {
		const table = rowsAndError(state, name, measure);
		return table === null ? [] : [{analysis: declaration.name, name, ...table}];
	});
}

/** The same for programs: figures of several parts are JSON in their cell. */
export const completeTables = (state: AnalysisState): readonly CompleteTable[] =>
	fullTables(state).map(({rows, ...table}) => {
		const measure = state.layout.declaration.measures[table.name];
		const write = measure?.kind === 'quality' ? withExact : flatRow;
		return {
			...table,
			rows: {
				*[Symbol.iterator]() {
					for (const row of rows) yield write(row);
				},
			},
		};
	});

type Rows = Pick<FullTable, 'columns' | 'rows' | 'error'>;

/** @returns `null` where it is no table. */
function rowsAndError(state: AnalysisState, name: string, measure: Measure): Rows | null {
	const {layout, columns, records, tables} = state;
	switch (measure.kind) {
		case 'groups': {
			const table = layout.tables.get(name);
			const groups = table === undefined ? undefined : tables[table.place];
			if (table === undefined || groups === undefined) return null;
			return {
				columns: rowKeysOf(measure),
				rows: made(() => rowsOf(state, groups, name, table)),
				error: groups.isGivenUp ? describeTooManyGroups(layout, name) : null,
			};
		}
		case 'top-values': {
			// All values that are counted, or all of the sample.
			const all = {...measure, limit: Number.POSITIVE_INFINITY};
			const rows = made(() => topRows(topsNamed(state, measure.of), all, wholeName));
			return {columns: rowKeysOf(measure), rows, error: null};
		}
		case 'column-figures':
			return {columns: rowKeysOf(measure), rows: made(() => finishColumns(columns)), error: null};
		case 'quality': {
			if (rowKeysOf(measure).length === 0) return null;
			const part = measure.part === 'columns' ? 'columns' : 'findings';
			const rows = made(() => finishQuality(columns, records, Number.POSITIVE_INFINITY)[part]);
			return {columns: rowKeysOf(measure), rows, error: null};
		}
		default:
			return null;
	}
}

const made = (make: () => Iterable<ResultObject>): Iterable<ResultObject> => ({
	[Symbol.iterator]: () => make()[Symbol.iterator](),
});

const withExact = (row: ResultObject): ResultRow => flatRow({...row, exact: row.exact ?? true});

const flatRow = (row: ResultObject): ResultRow =>
	Object.fromEntries(
		Object.entries(row).map(([key, value]) => [
			key,
			typeof value === 'object' && value !== null ? JSON.stringify(value) : value,
		]),
	);

function* rowsOf(
	state: AnalysisState,
	groups: GroupTable,
	name: string,
	layout: TableLayout,
): Generator<ResultRow, void, undefined> {
	const measure = tableMeasure(state.layout.declaration, name);
	const wholes = wholesOf(state, groups, layout);
	for (const place of sortGroups(groups, measure)) yield finishRow(groups, measure, wholes, place, wholeName);
}

const wholeName = (bytes: string): string => decodeBytes(bytes, 'utf-8');

/**
The tables of a result that may have more rows, or longer names, than it lists: whether one that lists just as many as it may has more, only its state
says.

@param result - Of an analysis that is known.
*/
export function cutTables(analysis: string, result: ResultObject): readonly string[] {
	return Object.entries<Measure>(declarationOf(analysis).measures).flatMap(([name, measure]) => {
		const rows = result[name];
		const limit = limitOf(measure);
		return limit !== null && Array.isArray(rows) && (rows.length >= limit || rows.some(hasCutName)) ? [name] : [];
	});
}

/** The tables that have no rows because there are more than can be kept. */
export const givenUpTables = (analysis: string, result: ResultObject): readonly string[] =>
	Object.entries<Measure>(declarationOf(analysis).measures).flatMap(([name, measure]) =>
		measure.kind === 'table-error' && result[name] !== undefined ? [measure.table] : [],
	);

/** Whether all rows of a table have all of its columns, and single values in them. */
export function hasPlainRows(analysis: string, name: string): boolean {
	const kind = declarationOf(analysis).measures[name]?.kind;
	return kind === 'groups' || kind === 'top-values';
}

/** Of the rows that a result lists; `null` where it has no such table. */
function limitOf(measure: Measure): number | null {
	if (measure.kind === 'groups' || measure.kind === 'top-values') return measure.limit;
	return measure.kind === 'quality' && measure.part === 'findings' ? MAX_LISTED : null;
}

const hasCutName = (row: ResultObject): boolean =>
	Object.values(row).some(cell => typeof cell === 'string' && cell.length > LISTED_NAME_LENGTH);
