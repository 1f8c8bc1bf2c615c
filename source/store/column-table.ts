// The columns of a table with what the analyses of a run say of them: one row a column, to be sorted and opened.
import {formatDecimal, formatInteger} from '../text/format.ts';
import {isDecimal, type MakeSafe, type Table, valueAt} from './present.ts';

export interface ColumnTable {
	readonly values: Table['values'];
	readonly rowCount: number;
	// Of the row at an index: a file may have thousands of columns, and most are never shown.
	readonly nameOf: (index: number) => string;
	/** `null` in the place of a missing value. */
	readonly valuesOf: (index: number) => readonly (string | null)[];
	readonly histogramOf: (index: number) => readonly number[];
	readonly factsOf: (index: number, makeSafe: MakeSafe) => ColumnFacts;
	/** What rows are sorted by: the value at a place as it is in the result. */
	readonly rankOf: (index: number, place: number) => number | string | null;
}

/** All that is known of one column. */
export interface ColumnFacts {
	readonly facts: readonly {readonly label: string; readonly text: string}[];
	/** Lists of values with their counts: `top`, `histogram`. */
	readonly counts: readonly CountedValues[];
}

export interface CountedValues {
	readonly title: string;
	readonly rows: readonly {readonly name: string; readonly count: number; readonly isExact: boolean}[];
}

/**
Joins the tables of several analyses of the same columns.

@returns `null` where there is none.
*/
export function joinColumnTables(tables: readonly Table[]): ColumnTable | null {
	const [first, ...others] = tables.filter(({show, rowCount}) => show === 'columns' && rowCount > 0);
	if (first === undefined) return null;
	const places = others.map(table => ({table, placeOf: matchNames(first, table)}));
	/** The rows of the same column, in the order of the tables. */
	const rowsOf = (index: number): readonly {readonly table: Table; readonly at: number | undefined}[] => [
		{table: first, at: index},
		...places.map(({table, placeOf}) => ({table, at: placeOf[index]})),
	];
	return {
		values: [first, ...others].flatMap(({values}) => values),
		rowCount: first.rowCount,
		nameOf: index => first.nameOf(index) ?? '',
		valuesOf: index =>
			rowsOf(index).flatMap(({table, at}) => (at === undefined ? table.values.map(() => null) : table.valuesOf(at))),
		histogramOf: first.histogramOf,
		factsOf: (index, makeSafe) =>
			describeColumn(
				rowsOf(index).map(({table, at}) => (at === undefined ? undefined : table.rowAt(at))),
				makeSafe,
			),
		rankOf(index, place) {
			let left = place;
			for (const {table, at} of rowsOf(index)) {
				if (left < table.values.length) return at === undefined ? null : table.rankOf(at, left);
				left -= table.values.length;
			}
			return null;
		},
	};
}

/** For each row of one table the row of the other one with the same name; the n-th of equal names is the n-th there. */
function matchNames(one: Table, other: Table): readonly (number | undefined)[] {
	const indexes = new Map<string | null, number[]>();
	for (let index = other.rowCount - 1; index >= 0; index--) {
		const name = other.nameOf(index);
		const list = indexes.get(name);
		if (list === undefined) indexes.set(name, [index]);
		else list.push(index);
	}
	return Array.from({length: one.rowCount}, (_, index) => indexes.get(one.nameOf(index))?.pop());
}

/**
The order of the rows.

@param place - Of the value that they are sorted by; `null` keeps the order of the result.
*/
export function sortColumns(table: ColumnTable, place: number | null, isDescending: boolean): readonly number[] {
	const order = Array.from({length: table.rowCount}, (_, index) => index);
	if (place === null) return isDescending ? order.reverse() : order;
	const ranks = order.map(index => table.rankOf(index, place));
	return order.sort((one, other) => {
		const [left, right] = [ranks[one] ?? null, ranks[other] ?? null];
		// Columns without the value stand behind, whatever the direction.
		if (left === null || right === null) return Number(left === null) - Number(right === null) || one - other;
		return (isDescending ? -1 : 1) * compareRanks(left, right) || one - other;
	});
}

/** Numbers stand before texts. */
function compareRanks(one: number | string, other: number | string): number {
	if (typeof one !== typeof other) return typeof one === 'number' ? -1 : 1;
	return one < other ? -1 : one > other ? 1 : 0;
}

/** What the rows of a report have besides the name and the place of the column, in their order. */
function describeColumn(rows: readonly unknown[], makeSafe: MakeSafe): ColumnFacts {
	const entries = rows
		.filter(row => typeof row === 'object' && row !== null)
		.flatMap(row => Object.entries(row))
		.filter(([key]) => key !== 'name' && key !== 'index');
	return {
		facts: entries.flatMap(([key, value]) => describeValue(toLabel(key), value, makeSafe)),
		counts: entries
			.map(([key, value]) => ({title: makeSafe(toLabel(key)), rows: countedValues(value, makeSafe)}))
			.filter(({rows: counted}) => counted.length > 0),
	};
}

const toLabel = (key: string): string => key.replaceAll('_', ' ');

function describeValue(label: string, value: unknown, makeSafe: MakeSafe): {label: string; text: string}[] {
	const fact = (text: string): {label: string; text: string}[] => [{label: makeSafe(label), text}];
	if (typeof value === 'number') return fact(formatInteger(value));
	if (typeof value === 'boolean') return value ? fact('yes') : [];
	if (typeof value === 'string') return fact(isDecimal(value) ? formatDecimal(value) : makeSafe(value));
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
	const isEstimate = valueAt(value, 'exact') === false;
	return Object.entries(value)
		.filter(([key]) => key !== 'exact')
		.flatMap(([key, part]) => describeValue(key === 'value' ? label : `${label} ${toLabel(key)}`, part, makeSafe))
		.map(({label: name, text}) => ({label: name, text: isEstimate ? `about ${text}` : text}));
}

function countedValues(value: unknown, makeSafe: MakeSafe): CountedValues['rows'] {
	if (!Array.isArray(value)) return [];
	return value.flatMap((part: unknown) => {
		const count = valueAt(part, 'count');
		if (typeof count !== 'number') return [];
		const [text, from, to] = ['value', 'from', 'to'].map(key => valueAt(part, key));
		const name = typeof text === 'string' ? text : `${String(from)} to ${String(to)}`;
		return [{name: makeSafe(name), count, isExact: valueAt(part, 'exact') !== false}];
	});
}
