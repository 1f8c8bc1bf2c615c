// A column → its figures, as the JSON report has them.
import type {ResultObject} from '../../model/analysis-info.ts';
import {withScale} from '../decimal.ts';
import {listedName} from '../listed-name.ts';
import {divideUnits, formatUnits, type Units} from '../units.ts';
import {middleOf, QUANTILE_ERROR} from './buckets.ts';
import {cellClasses, dayOfDays} from './cell.ts';
import {type CellSample, countTexts, type PackedEntries, settleCellSample} from './cell-sample.ts';
import type {ColumnState} from './column-state.ts';
import {type ColumnType, isMomentType, isNumberType, noType, type TypeOfColumn, typeOf} from './column-type.ts';
import {type Columns, inOrder, type NamedColumn} from './columns.ts';
import {describeUndecided} from './describe-undecided.ts';
import {sampleDeviation, unitsOfDouble} from './exact-root.ts';
import {binValues} from './histogram.ts';
import {rankTexts} from './rank-texts.ts';
import {addTextTo, errorOf, estimateDistinct} from './registers.ts';
import {
	addExactly,
	addToSketch,
	type ColumnSketch,
	compareMoments,
	countOfClass,
	createSketch,
	type NumberSketch,
	type TextRange,
	type WrittenMoment,
} from './sketch.ts';
import {groupValues, narrowUnitsAt, numbersInOrder, rankGroups, type ValueGroup} from './value-groups.ts';

/** Of means, deviations and shares, more than the values have. */
const MORE_DECIMALS = 6;
const MAX_TOP = 10;
const PERCENTS = {p05: 5, p25: 25, p50: 50, p75: 75, p95: 95} as const;
type Quantile = keyof typeof PERCENTS;

/** What a column has, counted or estimated. */
interface Found {
	readonly sketch: ColumnSketch;
	/** `null` where there were too many to be counted. */
	readonly groups: readonly ValueGroup[] | null;
	/** Of a column of numbers. */
	readonly values: readonly {readonly units: Units; readonly count: number}[];
	/** Cells that have a value. */
	readonly count: number;
	readonly mostly: ColumnType | null;
}

/** @param columns - In UTF-8. @returns A row for each of them, see `ColumnResult` in model/results.ts. */
export const finishColumns = (columns: Columns): readonly ResultObject[] => inOrder(columns).map(finishColumn);

/** @param columns - In UTF-8. @returns The same without figures: see `ColumnTypeResult`. */
export const finishTypes = (columns: Columns): readonly ResultObject[] =>
	inOrder(columns).map(({name, index, state}) => {
		const {undecided} = state;
		return {
			name: listedName(name),
			index,
			...typeOfColumn(state, lookAt(state).sketch),
			...(undecided !== null && {undecided: describeUndecided(undecided)}),
		};
	});

function typeOfColumn({undecided}: ColumnState, sketch: ColumnSketch): TypeOfColumn {
	if (undecided !== null) return noType;
	const cells = sketch.counts.reduce((sum, count) => sum + count, 0);
	const nulls = countOfClass(sketch, 'empty') + countOfClass(sketch, 'null');
	return typeOf(cellClass => countOfClass(sketch, cellClass), cells - nulls);
}

function finishColumn({name, index, state}: NamedColumn): ResultObject {
	const {sketch, groups} = lookAt(state);
	const cells = cellClasses.reduce((sum, cellClass) => sum + countOfClass(sketch, cellClass), 0);
	const nulls = countOfClass(sketch, 'empty') + countOfClass(sketch, 'null');
	const count = cells - nulls;
	const {undecided} = state;
	const {type, mostly} = typeOfColumn(state, sketch);
	const isNumber = isNumberType(mostly);
	const found: Found = {sketch, groups, values: isNumber ? valuesOf(sketch, groups) : [], count, mostly};
	const numbers = isNumber ? finishNumbers(found) : noNumbers;
	const {min, max} = rangeOf(found);
	return {
		name: listedName(name),
		index,
		type,
		mostly,
		count,
		nulls,
		null_share: cells === 0 ? null : formatUnits(divideUnits(nulls, MORE_DECIMALS, cells), MORE_DECIMALS),
		distinct: undecided === null ? finishDistinct(found) : null,
		min: undecided === null ? min : null,
		max: undecided === null ? max : null,
		sum: numbers.sum,
		mean: numbers.mean,
		stddev: numbers.stddev,
		quantiles: quantilesOf(found),
		zeros: numbers.zeros,
		negatives: numbers.negatives,
		lengths: finishLengths(state, count),
		top: undecided === null ? finishTop(found, state) : [],
		histogram: histogramOf(found),
		...(undecided !== null && {undecided: describeUndecided(undecided)}),
	};
}

/** Where the registers are not used, few of them are made. */
const FEW_REGISTER_BITS = 4;

/** What a column has whose cells are counted one by one; but for its registers. */
export function sketchOfValues({values}: ColumnState): ColumnSketch {
	const sketch = createSketch(FEW_REGISTER_BITS);
	for (const [text, count] of values ?? []) addToSketch(sketch, text, count);
	return sketch;
}

function lookAt({values, sketch: kept}: ColumnState): Pick<Found, 'sketch' | 'groups'> {
	const sketch = kept ?? createSketch(FEW_REGISTER_BITS);
	if (values === null) return {sketch, groups: null};
	return {sketch, groups: groupValues(values, (cell, text, count) => addExactly(sketch, cell, text, count))};
}

/** The numbers in order, in units of the one with the most decimals; past the caps the middles of their buckets. */
function valuesOf({numbers}: ColumnSketch, groups: Found['groups']): Found['values'] {
	const scale = scaleOf(numbers);
	if (groups === null) return middlesOf(numbers);
	return numbersInOrder(groups).map(value => ({units: narrowUnitsAt(value, scale), count: value.count}));
}

const noNumbers = {sum: null, mean: null, stddev: null, zeros: null, negatives: null};

interface NumberFigures {
	readonly sum: string | null;
	readonly mean: string | null;
	readonly stddev: string | null;
	readonly zeros: number | null;
	readonly negatives: number | null;
}

function finishNumbers({sketch}: Found): NumberFigures {
	const {numbers} = sketch;
	const count = countNumbers(sketch);
	const {units, scale} = numbers.sum.value;
	const squares = withScale(numbers.squares.value, 2 * scale).units;
	const deviation = sampleDeviation(count, units, squares);
	return {
		sum: formatUnits(units, scale),
		mean: formatUnits(divideUnits(units, MORE_DECIMALS, count), scale + MORE_DECIMALS),
		stddev: deviation === null ? null : formatUnits(deviation, scale + MORE_DECIMALS),
		zeros: numbers.zeros,
		negatives: numbers.negatives,
	};
}

const numberClasses = ['integer', 'signed', 'decimal', 'float'] as const;
const countNumbers = (sketch: ColumnSketch): number =>
	numberClasses.reduce((sum, cellClass) => sum + countOfClass(sketch, cellClass), 0);

/** The decimals of the number that has the most. */
export const scaleOf = ({sum}: NumberSketch): number => sum.value.scale;

function rangeOf({sketch, mostly}: Found): {readonly min: string | null; readonly max: string | null} {
	const {numbers, moments, texts, digits, times} = sketch;
	if (isNumberType(mostly)) {
		const scale = scaleOf(numbers);
		const format = (end: NumberSketch['min']): string | null =>
			end === null ? null : formatUnits(withScale(end, scale).units, scale);
		return {min: format(numbers.min), max: format(numbers.max)};
	}
	if (isMomentType(mostly)) return {min: writtenMoment(moments.first), max: writtenMoment(moments.last)};
	switch (mostly) {
		case 'boolean':
			return {min: null, max: null};
		case 'identifier':
			return namedRange(digits);
		case 'time':
			return namedRange(times);
		default:
			return namedRange(texts);
	}
}

const namedRange = ({smallest, largest}: TextRange): {readonly min: string | null; readonly max: string | null} => ({
	min: smallest === null ? null : listedName(smallest),
	max: largest === null ? null : listedName(largest),
});

const writtenMoment = (moment: WrittenMoment | null): string | null =>
	moment === null ? null : listedName(moment.text.trim());

function finishDistinct({groups, sketch}: Found): ResultObject {
	if (groups !== null) return {value: groups.length, exact: true};
	const registers = sketch.registers.slice();
	for (const day of sketch.moments.dates.keys()) addTextTo(registers, dayOfDays(day));
	return {value: estimateDistinct(registers), exact: false, error: errorOf(registers)};
}

const finishLengths = ({lengths}: ColumnState, count: number): ResultObject | null =>
	count === 0
		? null
		: {
				min: lengths.min,
				max: lengths.max,
				mean: formatUnits(divideUnits(lengths.sum, MORE_DECIMALS, count), MORE_DECIMALS),
			};

/** Values as they are written most often; estimates are shares of the sample. */
function finishTop({groups, count}: Found, {sample}: ColumnState): readonly ResultObject[] {
	if (groups !== null)
		return rankGroups(groups, MAX_TOP).map(({text, count: exact}) => ({
			value: listedName(text),
			count: exact,
			exact: true,
		}));
	const {sampled, top} = topOfSample(sample);
	return top.map(group => ({
		value: listedName(group.text),
		count: Math.round((group.count / sampled) * count),
		exact: false,
	}));
}

/** Of the samples of files, which are those of the run where there is one. */
const tops = new WeakMap<PackedEntries, ReturnType<typeof rankTexts>>();

function topOfSample(sample: CellSample): ReturnType<typeof rankTexts> {
	settleCellSample(sample);
	const known = tops.get(sample.entries) ?? rankTexts(countTexts(sample), MAX_TOP);
	tops.set(sample.entries, known);
	return known;
}

function quantilesOf(found: Found): ResultObject | null {
	if (isNumberType(found.mostly)) return quantilesOfNumbers(found);
	return isMomentType(found.mostly) ? quantilesOfMoments(found) : null;
}

/** Nearest rank: the smallest value with at least the part of the values at or below it. @param values - In order. */
function quantiles<Value extends {readonly count: number}>(
	values: Iterable<Value>,
	count: number,
	format: (value: Value) => string,
): Record<Quantile, string> {
	const wanted = Object.entries(PERCENTS).map(([name, percent]) => ({
		name,
		rank: Math.max(1, Math.ceil((percent * count) / 100)),
	}));
	const found: Record<string, string> = {};
	let passed = 0;
	for (const value of values) {
		passed += value.count;
		while (wanted[0] !== undefined && wanted[0].rank <= passed) found[wanted.shift()?.name ?? ''] = format(value);
	}
	return found as Record<Quantile, string>;
}

function quantilesOfNumbers({groups, values, sketch}: Found): ResultObject {
	const scale = scaleOf(sketch.numbers);
	const found = quantiles(values, countNumbers(sketch), ({units}) => formatUnits(units, scale));
	return groups === null ? {...found, exact: false, error: QUANTILE_ERROR} : {...found, exact: true};
}

/** The middles of the buckets in order, all of them within the smallest and the largest number. */
export function middlesOf(numbers: NumberSketch): readonly {readonly units: bigint; readonly count: number}[] {
	const scale = scaleOf(numbers);
	const [min, max] = endsOf(numbers);
	return Array.from(numbers.buckets)
		.sort(([one], [other]) => one - other)
		.map(([bucket, count]) => {
			const units = unitsOfDouble(middleOf(bucket), scale);
			return {units: units < min ? min : units > max ? max : units, count};
		});
}

/** The smallest and the largest number, in units of all of them. */
function endsOf(numbers: NumberSketch): readonly [bigint, bigint] {
	const scale = scaleOf(numbers);
	const unitsOf = (end: NumberSketch['min']): bigint => (end === null ? 0n : withScale(end, scale).units);
	return [unitsOf(numbers.min), unitsOf(numbers.max)];
}

/** Of dates they are dates; of time stamps they are as written, past the caps days in UTC. */
function quantilesOfMoments({groups, sketch, mostly}: Found): ResultObject {
	const {dates, stamps} = sketch.moments;
	const count = countOfClass(sketch, 'date') + countOfClass(sketch, 'timestamp');
	if (groups !== null && mostly === 'timestamp') {
		const moments = groups
			.flatMap(({cell, text, count: equal}) => ('seconds' in cell ? [{...cell, text, count: equal}] : []))
			.sort(compareMoments);
		return {...quantiles(moments, count, moment => writtenMoment(moment) ?? ''), exact: true};
	}
	const days = Array.from([...dates, ...stamps], ([day, onDay]) => ({day, count: onDay})).sort(
		(one, other) => one.day - other.day,
	);
	return {...quantiles(days, count, ({day}) => dayOfDays(day)), exact: mostly === 'date'};
}

function histogramOf({groups, values, sketch, mostly}: Found): readonly ResultObject[] | null {
	if (!isNumberType(mostly)) return null;
	const {numbers} = sketch;
	const scale = scaleOf(numbers);
	const [min, max] = endsOf(numbers);
	return binValues(min, max, values).map(({from, to, count}) => ({
		from: formatUnits(from, scale),
		to: formatUnits(to, scale),
		count,
		...(groups === null && {exact: false}),
	}));
}
