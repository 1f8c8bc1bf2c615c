// What differs between the consolidated results of two runs, of any analysis, by its views.
import type {AnalysisInfo, ResultValue} from '../model/analysis-info.ts';
import {type AnalysisDiff, type ColumnDiff, DRIFT_THRESHOLDS, type FigureDiff} from '../model/run-diff.ts';
import {isDecimal, matchResults, presentResult, type Table, valueAt} from './present.ts';

/** @param analyses - As `run-started` of the later run tells. */
export function compareResults(analyses: readonly AnalysisInfo[], before: object, after: object): AnalysisDiff[] {
	const earlier = new Map(matchResults(analyses, before).map(({info, result}) => [info.name, result]));
	return matchResults(analyses, after).flatMap(({info, result}) => {
		const earlierResult = earlier.get(info.name);
		if (earlierResult === undefined) return [];
		const [from, to] = [earlierResult, result].map(each => tablesOf(info, each));
		const diff = {
			figures: compareFigures(info, earlierResult, result),
			tables: compareTables(from ?? [], to ?? []),
			columns: compareColumns(from ?? [], to ?? []),
		};
		const isSame = diff.figures.length + diff.tables.length + diff.columns.length === 0;
		return isSame ? [] : [{name: info.name, title: info.title, ...diff}];
	});
}

function compareFigures({views}: AnalysisInfo, before: object, after: object): FigureDiff[] {
	const figures = views.flatMap(view => (view.show === 'figures' ? view.figures : []));
	return figures.flatMap(({label, key, format}) => {
		const [from, to] = [before, after].map(result => (valueAt(result, key) ?? null) as ResultValue);
		if (from === undefined || to === undefined || JSON.stringify(from) === JSON.stringify(to)) return [];
		return [{label, format, from, to}];
	});
}

type NamedTable = readonly [title: string, table: Table];

/** Names are data, and made safe where they are shown. */
const tablesOf = (info: AnalysisInfo, result: object): NamedTable[] =>
	presentResult(info, result, text => text).tables.map(table => [table.title, table]);

function compareTables(before: readonly NamedTable[], after: readonly NamedTable[]): AnalysisDiff['tables'] {
	const earlier = new Map(before);
	return after.flatMap(([title, table]) => {
		const other = earlier.get(title);
		if (other === undefined || !isWhole(other) || !isWhole(table)) return [];
		const [from, to] = [namesOf(other), namesOf(table)];
		const [added, gone] = [without(to, from), without(from, to)];
		return added.length + gone.length === 0 ? [] : [{title, new: added, gone}];
	});
}

/** Names that are not listed may have been there before. Months and the like come and go with time. */
const isWhole = ({show, total, rowCount, error}: Table): boolean =>
	(show === 'bars' || show === 'columns') && error === null && !total.isAtLeast && total.value === rowCount;

const namesOf = ({rowCount, nameOf}: Table): Set<string> =>
	new Set(Array.from({length: rowCount}, (_, index) => nameOf(index)).filter(name => name !== null));

const without = (names: ReadonlySet<string>, others: ReadonlySet<string>): string[] =>
	[...names].filter(name => !others.has(name));

/** The columns of a profile, by name. */
function columnsOf(tables: readonly NamedTable[]): Map<string, unknown> {
	const rows = tables.flatMap(([, {show, rowCount, rowAt}]) =>
		show === 'columns' ? Array.from({length: rowCount}, (_, index) => rowAt(index)) : [],
	);
	return new Map(
		rows.flatMap(row => {
			const name = valueAt(row, 'name');
			return typeof name === 'string' && typeof valueAt(row, 'nulls') === 'number' ? [[name, row]] : [];
		}),
	);
}

function compareColumns(before: readonly NamedTable[], after: readonly NamedTable[]): ColumnDiff[] {
	const earlier = columnsOf(before);
	return Array.from(columnsOf(after)).flatMap(([column, row]) => {
		const other = earlier.get(column);
		if (other === undefined) return [];
		const moves = {...compareNulls(other, row), ...compareDistinct(other, row), ...compareMeans(other, row)};
		return Object.keys(moves).length === 0 ? [] : [{column, ...moves}];
	});
}

const countAt = (row: unknown, key: string): number => {
	const value = valueAt(row, key);
	return typeof value === 'number' ? value : 0;
};

function compareNulls(before: unknown, after: unknown): Pick<ColumnDiff, 'nulls'> {
	const cellsOf = (row: unknown) => {
		const nulls = countAt(row, 'nulls');
		return {nulls, cells: nulls + countAt(row, 'count')};
	};
	const [from, to] = [cellsOf(before), cellsOf(after)];
	if (from.cells === 0 || to.cells === 0) return {};
	// |to/cells − from/cells| ≥ percent/100, without a division.
	const [fromCells, toCells] = [BigInt(from.cells), BigInt(to.cells)];
	const difference = BigInt(to.nulls) * fromCells - BigInt(from.nulls) * toCells;
	const hasMoved = magnitude(difference) * 100n >= BigInt(DRIFT_THRESHOLDS.nullsPercent) * fromCells * toCells;
	return hasMoved ? {nulls: {from, to}} : {};
}

function compareDistinct(before: unknown, after: unknown): Pick<ColumnDiff, 'distinct'> {
	const [from, to] = [before, after].map(row => countAt(valueAt(row, 'distinct'), 'value'));
	if (from === undefined || to === undefined || from === 0 || to === 0) return {};
	const areAllDifferent = from === countAt(before, 'count') && to === countAt(after, 'count');
	const hasMoved = isMoved(BigInt(from), BigInt(to), DRIFT_THRESHOLDS.distinctPercent);
	return hasMoved && !areAllDifferent ? {distinct: {from, to}} : {};
}

function compareMeans(before: unknown, after: unknown): Pick<ColumnDiff, 'mean'> {
	const [from, to] = [valueAt(before, 'mean'), valueAt(after, 'mean')];
	if (!isDecimal(from) || !isDecimal(to)) return {};
	const decimals = Math.max(decimalsOf(from), decimalsOf(to));
	const hasMoved = isMoved(scaled(from, decimals), scaled(to, decimals), DRIFT_THRESHOLDS.meanPercent);
	return hasMoved ? {mean: {from, to}} : {};
}

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

const isMoved = (from: bigint, to: bigint, percent: number): boolean =>
	from !== to && magnitude(to - from) * 100n >= BigInt(percent) * magnitude(from);

const decimalsOf = (text: string): number => text.split('.')[1]?.length ?? 0;

/** A decimal as an integer, with so many decimals. */
function scaled(text: string, decimals: number): bigint {
	const [whole = '0', fraction = ''] = text.split('.');
	return BigInt(whole + fraction.padEnd(decimals, '0'));
}
