// The faults of one column.
import {QUANTILE_ERROR} from '../columns/buckets.ts';
import {type CellClass, cellClasses, readCell} from '../columns/cell.ts';
import type {CellSample} from '../columns/cell-sample.ts';
import type {ColumnState} from '../columns/column-state.ts';
import {fitsType, isNumberType, noType, type TypeOfColumn, typeOf} from '../columns/column-type.ts';
import type {NamedColumn} from '../columns/columns.ts';
import {describeUndecided} from '../columns/describe-undecided.ts';
import {unitsOfDouble} from '../columns/exact-root.ts';
import {middlesOf, scaleOf, sketchOfValues} from '../columns/finish-column.ts';
import {type ColumnSketch, countOfClass} from '../columns/sketch.ts';
import {unitsAt} from '../columns/value-groups.ts';
import {listedName} from '../listed-name.ts';
import {
	addToFaultSketch,
	type ColumnFaults,
	createFaultSketch,
	type FaultSketch,
	firstOfClass,
} from './column-faults.ts';
import {countOf, type Finding, inWords, shortText} from './finding.ts';
import {findForms} from './form-findings.ts';
import {countDuplicates, type Duplicates, firstDuplicates} from './key-counts.ts';
import {type CountedUnits, findOutliers} from './outliers.ts';
import {comparePlacedCells, joinFirst, keepFirst, type Place, type PlacedCell, placeCell} from './places.ts';
import {estimateVariants, findVariants, groupForms, type Variants} from './variants.ts';

/** Numbers of cells. */
export interface ColumnQuality {
	readonly name: string;
	readonly cells: number;
	readonly missing: number;
	readonly outOfType: number;
	readonly blanks: number;
	readonly caseVariants: number;
	readonly outliers: number;
	/** Whether it has one value in all cells that are not missing. */
	readonly isConstant: boolean;
	readonly isEmpty: boolean;
	/** Whether case variants and outliers are counted, and not estimated. */
	readonly isExact: boolean;
	/** Of the column that is a key. */
	readonly duplicates: Duplicates | null;
	readonly findings: readonly Finding[];
}

/** What is known of a column, however much was kept. */
export interface KnownColumn {
	readonly sketch: ColumnSketch;
	readonly faults: FaultSketch;
	/** Each cell as written, where they are counted one by one. */
	readonly values: readonly CountedValue[] | null;
	readonly sample: CellSample;
	readonly type: TypeOfColumn;
	/** Cells that are not missing. */
	readonly present: number;
}

export interface CountedValue {
	readonly text: string;
	readonly count: number;
	readonly first: readonly Place[];
}

const MISSING: readonly CellClass[] = ['empty', 'null'];
const WITH_VALUE = cellClasses.filter(each => !MISSING.includes(each));

/** @param column - In UTF-8. */
export function finishColumnQuality({name: bytes, state}: NamedColumn): ColumnQuality {
	if (state.faults === null) throw new Error('Expected a column with faults');
	const name = listedName(bytes);
	const column = knownColumn(state, state.faults);
	const {sketch, faults, values, type, present} = column;
	const cells = cellClasses.reduce((sum, cellClass) => sum + countOfClass(sketch, cellClass), 0);
	const missing = cells - present;
	const wrong = cellClasses.filter(each => !MISSING.includes(each) && !fitsType(type.mostly, each));
	const outOfType = wrong.reduce((sum, cellClass) => sum + countOfClass(sketch, cellClass), 0);
	const variants = variantsOf(column);
	const outliers = outliersOf(column);
	const {key} = state.faults;
	const duplicates = key === null ? null : countDuplicates(key);
	const isConstant = values !== null && values.filter(({text}) => !isMissing(text)).length === 1;
	const finding = findingOf(name);
	const findings: readonly (Finding | null)[] = [
		key === null || duplicates === null
			? null
			: finding('duplicate-keys', duplicates.value, cells, duplicateCells(column, key), {
					text: `${countOf(duplicates.value, 'record')} of ${inWords(cells)} have a value of ${shortText(name)} that another one in front of them has`,
					error: duplicates.error,
				}),
		present === 0
			? null
			: finding('missing', missing, cells, firstOf(faults, MISSING), {
					text: `${countOf(missing, 'cell')} of ${inWords(cells)} of ${shortText(name)} ${isOrAre(missing)} missing`,
				}),
		finding('out-of-type', outOfType, present, firstOf(faults, wrong), {
			text: `${countOf(outOfType, 'cell')} of ${inWords(present)} of ${shortText(name)} ${isOrAre(outOfType)} not ${nounOf(type.mostly)}`,
		}),
		...(state.undecided === null
			? findForms(column, name)
			: [
					finding('mixed-forms', present, present, firstOf(faults, WITH_VALUE), {
						text: `${countOf(present, 'cell')} of ${shortText(name)} cannot be read: ${describeUndecided(state.undecided).message}`,
					}),
				]),
		finding('blanks', faults.blanks.count, present, faults.blanks.first, {
			text: `${countOf(faults.blanks.count, 'cell')} of ${inWords(present)} of ${shortText(name)} ${faults.blanks.count === 1 ? 'begins or ends' : 'begin or end'} with a blank`,
		}),
		finding('case-variants', variants.count, present, variants.first, {
			text: `${countOf(variants.count, 'cell')} of ${inWords(present)} of ${shortText(name)} ${variants.count === 1 ? 'differs' : 'differ'} from others in case alone${describePair(variants)}`,
			error: variants.error,
		}),
		finding('outliers', outliers.count, present, outliers.first, {
			text: `${countOf(outliers.count, 'number')} of ${inWords(present)} of ${shortText(name)} ${isOrAre(outliers.count)} far from all others`,
			error: outliers.error,
		}),
		finding('constant', isConstant && present > 1 ? present : 0, present, constantCells(column), {
			text: `All ${inWords(present)} cells of ${shortText(name)} that are not missing are the same`,
		}),
		finding('empty', present === 0 ? cells : 0, cells, [], {text: `${shortText(name)} is always empty`}),
	];
	return {
		name,
		cells,
		missing,
		outOfType,
		blanks: faults.blanks.count,
		caseVariants: variants.count,
		outliers: outliers.count,
		isConstant,
		isEmpty: present === 0,
		isExact: values !== null,
		duplicates,
		findings: findings.filter(each => each !== null),
	};
}

const isOrAre = (count: number): string => (count === 1 ? 'is' : 'are');

/** `null` where there is nothing. */
const findingOf =
	(column: string) =>
	(
		kind: Finding['kind'],
		count: number,
		of: number,
		first: readonly PlacedCell[],
		{text, error = null}: {readonly text: string; readonly error?: number | null},
	): Finding | null =>
		count === 0 ? null : {kind, column, count, of, first, text, error};

function nounOf(type: TypeOfColumn['mostly']): string {
	switch (type) {
		case 'integer':
			return 'integers, as at least 95 % are';
		case 'decimal':
		case 'float':
			return 'numbers, as at least 95 % are';
		case 'date':
			return 'dates, as at least 95 % are';
		case 'timestamp':
			return 'dates with or without a time, as at least 95 % are';
		case 'time':
			return 'times, as at least 95 % are';
		case 'boolean':
			return 'true or false, as at least 95 % are';
		case 'identifier':
			return 'digits alone, as at least 95 % are';
		default:
			return 'of its type';
	}
}

const isMissing = (text: string): boolean => MISSING.includes(readCell(text).class);

function knownColumn(state: ColumnState, faults: ColumnFaults): KnownColumn {
	const sketch = state.sketch ?? sketchOfValues(state);
	const countOfThis = (cellClass: CellClass): number => countOfClass(sketch, cellClass);
	const cells = cellClasses.reduce((sum, cellClass) => sum + countOfThis(cellClass), 0);
	const present = cells - MISSING.reduce((sum, cellClass) => sum + countOfThis(cellClass), 0);
	const values =
		state.values === null
			? null
			: Array.from(state.values, ([text, count]) => ({text, count, first: faults.places?.get(text) ?? []}));
	return {
		sketch,
		faults: faults.sketch ?? faultsOfValues(values ?? []),
		values,
		sample: state.sample,
		type: state.undecided === null ? typeOf(countOfThis, present) : noType,
		present,
	};
}

function faultsOfValues(values: readonly CountedValue[]): FaultSketch {
	const sketch = createFaultSketch();
	for (const {text, count, first} of values) addToFaultSketch(sketch, readCell(text), text, count, first);
	return sketch;
}

const firstOf = (faults: FaultSketch, classes: readonly CellClass[]): readonly PlacedCell[] =>
	joinFirst(classes.map(cellClass => firstOfClass(faults, cellClass)));

/** Of the values that are there more than once, where each comes for the second time. */
function duplicateCells({values}: KnownColumn, key: NonNullable<ColumnFaults['key']>): readonly PlacedCell[] {
	if (values === null) return firstDuplicates(key).map(({again}) => again);
	const first: PlacedCell[] = [];
	for (const {
		text,
		first: [, again],
	} of values)
		if (again !== undefined && !isMissing(text)) keepFirst(first, placeCell(again, text), comparePlacedCells);
	return first;
}

function constantCells({values}: KnownColumn): readonly PlacedCell[] {
	const value = values?.find(({text}) => !isMissing(text));
	return value === undefined ? [] : value.first.map(place => placeCell(place, value.text));
}

type Estimate<Of> = Of & {readonly error: number | null};

function variantsOf({values, sample, sketch}: KnownColumn): Estimate<Variants> {
	if (values !== null) return {...findVariants(groupForms(values)), error: null};
	return estimateVariants(sample, countOfClass(sketch, 'text') + countOfClass(sketch, 'boolean'));
}

const describePair = ({pair}: Variants): string =>
	pair === null ? '' : `: ${pair.map(text => shortText(listedName(text))).join(' · ')}`;

interface Outliers {
	readonly count: number;
	readonly first: readonly PlacedCell[];
}

/** Of numbers that are estimated, the examples are those that are farthest away. */
function outliersOf({values, faults, sketch, type}: KnownColumn): Estimate<Outliers> {
	if (!isNumberType(type.mostly)) return {count: 0, first: [], error: null};
	const scale = scaleOf(sketch.numbers);
	if (values !== null) return {...exactOutliers(values, scale), error: null};
	const numbers = middlesOf(sketch.numbers);
	const isOutlier = findOutliers(numbers);
	const count = countWhere(numbers, isOutlier);
	const ends = [faults.lowest, faults.highest].flatMap(end =>
		end !== null && isOutlier(unitsOfDouble(end.nearest, scale)) ? [end] : [],
	);
	return {count, first: joinFirst([ends]), error: QUANTILE_ERROR};
}

const countWhere = (numbers: readonly CountedUnits[], isOutlier: (units: bigint) => boolean): number =>
	numbers.reduce((sum, {units, count}) => (isOutlier(units) ? sum + count : sum), 0);

function exactOutliers(values: readonly CountedValue[], scale: number): Outliers {
	const numbers = values.flatMap(({text, count, first}) => {
		const cell = readCell(text);
		return 'units' in cell ? [{text, count, first, units: unitsAt(cell, scale), nearest: cell.nearest}] : [];
	});
	numbers.sort((one, other) => one.nearest - other.nearest || (one.units < other.units ? -1 : 1));
	const isOutlier = findOutliers(numbers);
	const first: PlacedCell[] = [];
	for (const number of numbers)
		if (isOutlier(number.units))
			for (const place of number.first) keepFirst(first, placeCell(place, number.text), comparePlacedCells);
	return {count: countWhere(numbers, isOutlier), first};
}
