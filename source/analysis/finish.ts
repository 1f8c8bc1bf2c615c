// A state → the result of an analysis: JSON whose keys are the measures of the declaration, in their order.
import type {ResultObject, ResultRow, ResultValue} from '../model/analysis-info.ts';
import {countsOfKeys, findBusiest} from './clock-counts.ts';
import {finishColumns, finishTypes} from './columns/finish-column.ts';
import {type Decimal, withScale} from './decimal.ts';
import type {
	CountsMeasure,
	ExtremeMeasure,
	GroupMeasure,
	Measure,
	NearestMeasure,
	QualityMeasure,
	TopMeasure,
} from './declaration.ts';
import {countDistinct} from './distinct.ts';
import {type Extremes, unitsAt} from './extremes.ts';
import type {SumFigures} from './figures.ts';
import {extremesOfGroup, rangeOfGroup} from './groups/group-extremes.ts';
import {
	countKeys,
	countOf,
	type GroupTable,
	keyParts,
	recordsOf,
	scaleOf,
	sumOf,
	textOf,
} from './groups/group-table.ts';
import {rankGroups} from './groups/rank-groups.ts';
import {listedName} from './listed-name.ts';
import {formatMoment} from './moment.ts';
import {type FinishedQuality, finishQuality} from './quality/finish-quality.ts';
import {formatNumber, type NumberKind} from './result-numbers.ts';
import type {AnalysisState} from './state.ts';
import {isDate, type StateLayout, type TableLayout, tableMeasure} from './state-layout.ts';
import {rankTopValues, type TopValues} from './top-values.ts';
import {formatUnits} from './units.ts';

/** Groups of a table, all or at least those that are listed, and how many there are in all. */
export interface ListedGroups {
	readonly groups: GroupTable;
	readonly groupCount: number;
	/** Different keys of all groups that are not empty. */
	readonly distinctKeys: {readonly value: number; readonly exact: boolean};
}

/**
The result of a state in UTF-8.

@param listed - For each table its groups, where the state does not have them.
*/
export function finishState(
	state: AnalysisState,
	listed: readonly ListedGroups[] = state.tables.map(listAll),
): ResultObject {
	const {declaration, tables} = state.layout;
	const finished = new Map(
		Array.from(tables, ([name, table]) => [name, finishTable(state, listed[table.place], name, table)]),
	);
	const result: Record<string, ResultValue> = {};
	let quality: FinishedQuality | null = null;
	const finishAll = (): FinishedQuality => {
		quality ??= finishQuality(state.columns, state.records);
		return quality;
	};
	for (const [name, measure] of Object.entries(declaration.measures)) {
		const value =
			measure.kind === 'quality' ? finishAll()[measure.part] : finishMeasure(state, finished, name, measure);
		if (value !== undefined) result[name] = value;
	}
	return result;
}

const listAll = (groups: GroupTable): ListedGroups => ({
	groups,
	groupCount: groups.count,
	distinctKeys: countKeys(groups),
});

interface FinishedTable extends Pick<ListedGroups, 'distinctKeys'> {
	readonly rows: readonly ResultRow[];
	readonly groups: GroupTable;
	readonly firstKey: string | null;
	readonly groupCount: number;
	readonly isGivenUp: boolean;
}

/** @returns `undefined` where the result does not have the measure. */
function finishMeasure(
	state: AnalysisState,
	tables: ReadonlyMap<string, FinishedTable>,
	name: string,
	measure: Exclude<Measure, QualityMeasure>,
): ResultValue | undefined {
	const {layout} = state;
	switch (measure.kind) {
		case 'count':
			return state.records;
		case 'sum':
		case 'mean':
		case 'share':
			return finishNumber(measure.kind, sumNamed(state, measure.of), sumNamed(state, measure.of));
		case 'min':
		case 'max':
			return finishExtreme(state, measure);
		case 'nearest':
			return finishNearest(state, measure);
		case 'date-range': {
			const range = state.ranges[layout.ranges.get(measure.of) ?? -1] ?? null;
			return range === null ? null : {earliest: range.earliest, latest: range.latest};
		}
		case 'distinct': {
			const set = state.sets[layout.sets.get(measure.of) ?? -1];
			if (set === undefined) throw new Error(`Expected a set of ${measure.of}`);
			return {...countDistinct(set)};
		}
		case 'groups':
			return tables.get(name)?.rows;
		case 'first-key':
			return tables.get(measure.table)?.firstKey ?? null;
		case 'group-count': {
			const table = tables.get(measure.table);
			return table === undefined || table.isGivenUp ? null : {value: table.groupCount, exact: true};
		}
		case 'distinct-keys':
			return tables.get(measure.table)?.distinctKeys ?? null;
		case 'counts':
			return countsOf(tables, name, measure);
		case 'busiest-hour':
			return findBusiest(countsOf(tables, measure.counts, {by: {part: 'hour'}}));
		case 'line-count':
			return state.lines;
		case 'total':
			return Number(sumNamed(state, measure.of).units);
		case 'longest': {
			const record = state.longest[layout.longest.get(measure.of) ?? -1] ?? null;
			return record === null ? null : {line: record.line, bytes: record.bytes};
		}
		case 'top-values':
			return topRows(topsNamed(state, measure.of), measure, listedName);
		case 'column-figures':
			return measure.only === 'types' ? finishTypes(state.columns) : finishColumns(state.columns);
		case 'table-error':
			return tables.get(measure.table)?.isGivenUp === true ? describeTooManyGroups(layout, measure.table) : undefined;
	}
}

/** By hour or weekday. */
function countsOf(
	tables: ReadonlyMap<string, FinishedTable>,
	name: string,
	{by}: {readonly by: Pick<CountsMeasure['by'], 'part'>},
): readonly number[] {
	const groups = tables.get(name)?.groups;
	if (groups === undefined) throw new Error(`Expected groups of ${name}`);
	const keys = Array.from({length: groups.count}, (_, place) => {
		const [part = {start: 0, end: 0}] = keyParts(groups, place);
		return [textOf(groups, part), recordsOf(groups, place)] as const;
	});
	return countsOfKeys(by.part, keys);
}

export function topsNamed({layout, tops}: AnalysisState, of: string): TopValues {
	const values = tops[layout.tops.get(of) ?? -1];
	if (values === undefined) throw new Error(`Expected values of ${of}`);
	return values;
}

export const topRows = (values: TopValues, {name, limit}: TopMeasure, nameOf: (bytes: string) => string): ResultRow[] =>
	rankTopValues(values, limit).map(({value, count, exact}) => ({[name]: nameOf(value), count, exact}));

function sumNamed({layout, sums}: AnalysisState, of: string): SumFigures {
	const sum = sums[layout.sums.get(of) ?? -1];
	if (sum === undefined) throw new Error(`Expected a sum of ${of}`);
	return sum;
}

/** @param whole - Of all records: its decimals are those of its parts. */
function finishExtreme(state: AnalysisState, {kind, of}: ExtremeMeasure): string | null {
	const {declaration, ranges} = state.layout;
	if (isDate(declaration, of)) {
		const range = state.ranges[ranges.get(of) ?? -1] ?? null;
		return (kind === 'min' ? range?.earliest : range?.latest) ?? null;
	}
	const {scale, extremes} = sumNamed(state, of);
	return formatExtreme(kind, extremes ?? null, scale);
}

/** With all decimals of the number. */
function formatExtreme(kind: ExtremeMeasure['kind'], extremes: Extremes | null, scale: number): string | null {
	if (extremes === null) return null;
	return formatUnits(unitsAt(kind === 'min' ? extremes.lowest : extremes.highest, scale), scale);
}

function finishNumber(kind: NumberKind, sum: SumFigures, whole: Decimal): string | null {
	const {units, scale} = withScale(sum, whole.scale);
	return formatNumber(kind, units, scale, sum.count, whole);
}

function finishNearest(state: AnalysisState, {to}: NearestMeasure): number | null {
	const text = finishNumber(to.kind, sumNamed(state, to.of), sumNamed(state, to.of));
	return text === null ? null : Number(text);
}

function finishTable(
	state: AnalysisState,
	listed: ListedGroups | undefined,
	name: string,
	layout: TableLayout,
): FinishedTable {
	if (listed === undefined) throw new Error(`Expected groups of ${name}`);
	const {groups, groupCount, distinctKeys} = listed;
	const measure = tableMeasure(state.layout.declaration, name);
	const wholes = wholesOf(state, groups, layout);
	const ranked = rankGroups(groups, measure);
	const [top] = ranked;
	const [firstPart] = top === undefined ? [] : keyParts(groups, top);
	return {
		rows: ranked.map(place => finishRow(groups, measure, wholes, place, listedName)),
		firstKey: firstPart === undefined ? null : listedName(textOf(groups, firstPart)),
		groups,
		groupCount,
		distinctKeys,
		isGivenUp: groups.isGivenUp,
	};
}

/** The sums of all records, for each sum of a table; of one without, its decimals alone. */
export const wholesOf = (state: AnalysisState, groups: GroupTable, layout: TableLayout): readonly Decimal[] =>
	Array.from(layout.sums, ([of, sum]): Decimal => {
		const place = state.layout.sums.get(of);
		return (place === undefined ? undefined : state.sums[place]) ?? {units: 0n, scale: scaleOf(groups, sum)};
	});

export function finishRow(
	groups: GroupTable,
	measure: GroupMeasure,
	wholes: readonly Decimal[],
	place: number,
	nameOf: (bytes: string) => string,
): ResultRow {
	const row: Record<string, number | string | null> = {};
	for (const [index, part] of keyParts(groups, place).entries()) {
		const key = measure.keys[index];
		if (key !== undefined) row[key.name] = nameOf(textOf(groups, part));
	}
	for (const [name, of] of Object.entries(measure.measures)) {
		if (of.kind === 'count') row[name] = recordsOf(groups, place);
		else if (of.kind === 'min' || of.kind === 'max') row[name] = finishRowExtreme(groups, of, wholes, place);
		else {
			const sum = groups.layout.sums.get(of.of) ?? 0;
			const figures = {...sumOf(groups, place, sum), count: countOf(groups, place, sum)};
			row[name] = finishNumber(of.kind, figures, wholes[sum] ?? figures);
		}
	}
	return row;
}

function finishRowExtreme(
	groups: GroupTable,
	{kind, of}: ExtremeMeasure,
	wholes: readonly Decimal[],
	place: number,
): string | null {
	const {ranges, sums} = groups.layout;
	const range = ranges.get(of);
	if (range !== undefined) {
		const days = rangeOfGroup(groups, place, range);
		return days === null ? null : formatMoment(kind === 'min' ? days.earliest : days.latest);
	}
	const sum = sums.get(of) ?? 0;
	return formatExtreme(kind, extremesOfGroup(groups, place, sum), wholes[sum]?.scale ?? 0);
}

/** Why a table has no rows although there are records. */
export type ResultError = {readonly code: string; readonly message: string};

/** Made when it is needed: the first number that is formatted by its language loads tables for 10 ms. */
export function describeTooManyGroups({declaration, caps}: StateLayout, table: string): ResultError {
	const columns = tableMeasure(declaration, table).keys.map(({of}) => of);
	const [subject, question] =
		columns.length === 1
			? [`The column ${columns.join()} has`, 'Is it the right column?']
			: [`The columns ${columns.join(' and ')} together have`, 'Are they the right columns?'];
	return {
		code: `TOO_MANY_${table.toUpperCase()}`,
		message: `${subject} more than ${caps.maxGroups.toLocaleString('en')} different values, or they are longer than ${caps.maxKeyBytes.toLocaleString('en')} bytes together, which is more than is kept. All other figures are complete. ${question}`,
	};
}
