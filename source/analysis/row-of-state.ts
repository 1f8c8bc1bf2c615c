// The row of a file that was read in the general way, as the kernel writes those of others: see file-rows.ts.
import {finishColumns} from './columns/finish-column.ts';
import {withScale} from './decimal.ts';
import type {AnalysisDeclaration} from './declaration.ts';
import {countDistinct} from './distinct.ts';
import {unitsAt} from './extremes.ts';
import {
	FIRST_UNITS,
	type GroupShape,
	KEY,
	RECORDS,
	type RowFigures,
	type RowShape,
	type RowTable,
	type RowTop,
} from './file-rows.ts';
import {extremesOfGroup, rangeOfGroup} from './groups/group-extremes.ts';
import {
	countKeys,
	countOf,
	type GroupTable,
	keyEnd,
	keyStart,
	recordsOf,
	scaleOf,
	sumOf,
	textOf,
} from './groups/group-table.ts';
import {rankGroups} from './groups/rank-groups.ts';
import {LISTED_NAME_BYTES} from './listed-name.ts';
import {numberOfMoment} from './moment.ts';
import {finishQuality} from './quality/finish-quality.ts';
import type {KeyNumbers} from './row-keys.ts';
import type {AnalysisState} from './state.ts';
import {findsFaults, tableMeasure} from './state-layout.ts';
import {rankTopValues, type TopValue} from './top-values.ts';

/**
@param keys - Of each table, then of the most frequent values of each text: here they get their numbers.
*/
export function rowOfState(state: AnalysisState, shape: RowShape, keys: readonly KeyNumbers[]): RowFigures {
	const {declaration, tables, tops} = state.layout;
	return {
		records: state.records,
		lines: state.lines,
		sums: state.sums.map(({units, scale, count, extremes}) => ({
			...{units, scale, count},
			...(extremes != null && {lowest: unitsAt(extremes.lowest, scale), highest: unitsAt(extremes.highest, scale)}),
		})),
		ranges: state.ranges.map(range =>
			range === null ? null : {earliest: numberOfMoment(range.earliest), latest: numberOfMoment(range.latest)},
		),
		sets: state.sets.map(countDistinct),
		tables: Array.from(tables, ([name, {place}]) => {
			const [groups, group, numbers] = [state.tables[place], shape.tables[place], keys[place]];
			if (groups === undefined || group === undefined || numbers === undefined)
				throw new Error(`Expected groups and keys of ${name}`);
			return rowOfTable(groups, rankGroups(groups, tableMeasure(declaration, name)), group, numbers);
		}),
		longest: state.longest,
		tops: Array.from(tops, ([of, place]) => {
			const [values, numbers] = [state.tops[place], keys[tables.size + place]];
			if (values === undefined || numbers === undefined) throw new Error(`Expected values and keys of ${of}`);
			return rowOfTop(rankTopValues(values, topLimit(declaration, of)), numbers);
		}),
		columns: shape.hasColumns ? JSON.stringify(columnsResult(state)) : null,
	};
}

const columnsResult = ({layout, columns, records}: AnalysisState): object =>
	findsFaults(layout.declaration) ? finishQuality(columns, records) : finishColumns(columns);

/** The longest list of its most frequent values. */
const topLimit = ({measures}: AnalysisDeclaration, of: string): number =>
	Math.max(...Object.values(measures).map(each => (each.kind === 'top-values' && each.of === of ? each.limit : 0)));

const rowOfTop = (values: readonly TopValue[], keys: KeyNumbers): RowTop => ({
	exact: values.every(({exact}) => exact),
	values: values.map(({value, count}) => ({key: keys.numberOf(value.slice(0, LISTED_NAME_BYTES)), count})),
});

function rowOfTable(
	groups: GroupTable,
	listed: readonly number[],
	{sumCount, extremePlaces, rangePlaces, countPlaces, countsKeys, stride}: GroupShape,
	keys: KeyNumbers,
): RowTable {
	const {length} = listed;
	const values = new Float64Array(length * stride);
	const wide = new Map<number, bigint>();
	const setUnits = (at: number, units: bigint): void => {
		values[at] = Number(units);
		if (!Number.isSafeInteger(Number(units))) wide.set(at, units);
	};
	const scales = Array.from({length: sumCount}, (_, sum) => scaleOf(groups, sum));
	for (const [row, place] of listed.entries()) {
		const at = row * stride;
		values[at + KEY] = keys.numberOf(keyOf(groups, place));
		values[at + RECORDS] = recordsOf(groups, place);
		for (const [sum, scale] of scales.entries()) {
			setUnits(at + FIRST_UNITS + sum, withScale(sumOf(groups, place, sum), scale).units);
			values[at + (countPlaces[sum] ?? RECORDS)] = countOf(groups, place, sum);
			const extremes = extremesOfGroup(groups, place, sum);
			if (extremes === null) continue;
			const ofExtremes = at + (extremePlaces[sum] ?? 0);
			setUnits(ofExtremes, unitsAt(extremes.lowest, scale));
			setUnits(ofExtremes + 1, unitsAt(extremes.highest, scale));
		}
		for (const [range, ofRange] of rangePlaces.entries()) {
			const days = rangeOfGroup(groups, place, range);
			values[at + ofRange] = days?.earliest ?? 0;
			values[at + ofRange + 1] = days?.latest ?? 0;
		}
	}
	const distinctKeys = countsKeys ? countKeys(groups) : null;
	return {groupCount: groups.isGivenUp ? null : groups.count, distinctKeys, scales, length, values, wide};
}

const keyOf = (groups: GroupTable, place: number): string =>
	textOf(groups, {start: keyStart(groups, place), end: keyEnd(groups, place)});
