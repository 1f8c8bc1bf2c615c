// What is kept of a column that has more different values than are counted: counts, exact sums, buckets, and registers of an estimate.
// Adding is commutative, so it is a function of the cells.
import {type Decimal, DecimalSum} from '../decimal.ts';
import {compareDecimals} from '../extremes.ts';
import {LISTED_NAME_BYTES} from '../listed-name.ts';
import {bucketOf} from './buckets.ts';
import {
	type Cell,
	type CellClass,
	type CellMoment,
	type CellNumber,
	cellClasses,
	dayOfSeconds,
	readCell,
} from './cell.ts';
import {addNumberTo, addTextTo, createColumnRegisters, mergeColumnRegisters} from './registers.ts';

/** Of numbers: cells of the classes `integer`, `signed`, `decimal` and `float`. */
export interface NumberSketch {
	readonly sum: DecimalSum;
	/** Σx². */
	readonly squares: DecimalSum;
	min: Decimal | null;
	max: Decimal | null;
	zeros: number;
	negatives: number;
	/** By the bucket, see buckets.ts. */
	readonly buckets: Map<number, number>;
}

/** A moment as it is written, the blanks around it too. */
export interface WrittenMoment extends CellMoment {
	readonly text: string;
}

/** Of dates and time stamps. */
export interface MomentSketch {
	first: WrittenMoment | null;
	last: WrittenMoment | null;
	/** Of dates, by the day since 1970. */
	readonly dates: Map<number, number>;
	/** Of time stamps, by their day in UTC. */
	readonly stamps: Map<number, number>;
}

/** By their bytes; `null` where there are none. */
export interface TextRange {
	smallest: string | null;
	largest: string | null;
}

export interface ColumnSketch {
	/** How many cells have each class, in the order of `cellClasses`. */
	readonly counts: Float64Array;
	readonly numbers: NumberSketch;
	readonly moments: MomentSketch;
	/** Of all cells that have a value. */
	readonly texts: TextRange;
	/** Of cells of the classes `integer` and `identifier`. */
	readonly digits: TextRange;
	/** Of cells of the class `time`. */
	readonly times: TextRange;
	/** Of all values but dates; see registers.ts. */
	registers: Uint8Array;
}

export const createSketch = (registerBits: number): ColumnSketch => ({
	counts: new Float64Array(cellClasses.length),
	numbers: {
		sum: new DecimalSum(),
		squares: new DecimalSum(),
		min: null,
		max: null,
		zeros: 0,
		negatives: 0,
		buckets: new Map(),
	},
	moments: {first: null, last: null, dates: new Map(), stamps: new Map()},
	texts: {smallest: null, largest: null},
	digits: {smallest: null, largest: null},
	times: {smallest: null, largest: null},
	registers: createColumnRegisters(registerBits),
});

const classIndexes = Object.fromEntries(cellClasses.map((name, index) => [name, index])) as Record<CellClass, number>;

export const countOfClass = ({counts}: Pick<ColumnSketch, 'counts'>, cellClass: CellClass): number =>
	counts[classIndexes[cellClass]] ?? 0;

/** Adds cells of a class, and nothing else of them. */
export function countClass({counts}: Pick<ColumnSketch, 'counts'>, cellClass: CellClass, cells: number): void {
	const index = classIndexes[cellClass];
	counts[index] = (counts[index] ?? 0) + cells;
}

/** @param text - The cell, one character per byte. */
export const addToSketch = (sketch: ColumnSketch, text: string, count: number): void =>
	addReadCell(sketch, readCell(text), text, count);

/** The same of a cell that has been read. */
export function addReadCell(sketch: ColumnSketch, cell: Cell, text: string, count: number): void {
	addExactly(sketch, cell, text, count);
	addToEstimates(sketch, cell, text, count);
}

/** What estimates are made of: buckets and registers. */
function addToEstimates({numbers, registers}: ColumnSketch, cell: Cell, text: string, count: number): void {
	if ('nearest' in cell) {
		addCount(numbers.buckets, bucketOf(cell.nearest), count);
		addNumberTo(registers, cell.nearest);
		return;
	}
	// Different dates are different days, which are counted anyway.
	if (cell.class !== 'empty' && cell.class !== 'null' && cell.class !== 'date') addTextTo(registers, text);
}

/** All but what estimates are made of, which a column does not need whose values are counted. */
export function addExactly(sketch: ColumnSketch, cell: Cell, text: string, count: number): void {
	countClass(sketch, cell.class, count);
	switch (cell.class) {
		case 'empty':
		case 'null':
			return;
		case 'integer':
			extend(sketch.digits, text);
			addNumber(sketch, cell, count);
			break;
		case 'signed':
		case 'decimal':
		case 'float':
			addNumber(sketch, cell, count);
			break;
		case 'identifier':
			extend(sketch.digits, text);
			break;
		case 'time':
			extend(sketch.times, text);
			break;
		case 'date':
		case 'timestamp':
			addMoment(sketch.moments, {...cell, text: text.slice(0, LISTED_NAME_BYTES)}, count);
			break;
	}
	extend(sketch.texts, text);
}

function addNumber({numbers}: ColumnSketch, cell: CellNumber, count: number): void {
	const {units, scale, nearest} = cell;
	numbers.sum.add(multiply(units, count), scale);
	numbers.squares.add(multiply(multiply(units, units), count), 2 * scale);
	const value = {units: BigInt(units), scale};
	extendNumbers(numbers, value, value);
	if (nearest === 0) numbers.zeros += count;
	else if (nearest < 0) numbers.negatives += count;
}

/** Safe integers stay numbers. */
function multiply(one: number | bigint, other: number | bigint): number | bigint {
	const product = Number(one) * Number(other);
	return typeof one === 'number' && typeof other === 'number' && Number.isSafeInteger(product)
		? product + 0
		: BigInt(one) * BigInt(other);
}

function addMoment(moments: MomentSketch, moment: WrittenMoment, count: number): void {
	extendMoments(moments, moment, moment);
	addCount(moment.class === 'date' ? moments.dates : moments.stamps, dayOfSeconds(moment.seconds), count);
}

const addCount = (counts: Map<number, number>, key: number, count: number): void => {
	counts.set(key, (counts.get(key) ?? 0) + count);
};

/** Merges `source` into `target`, which has as many registers or fewer; `source` is left as it is. */
export function mergeSketch(target: ColumnSketch, source: ColumnSketch): void {
	for (const [index, count] of source.counts.entries()) target.counts[index] = (target.counts[index] ?? 0) + count;
	const {numbers, moments} = target;
	addSum(numbers.sum, source.numbers.sum);
	addSum(numbers.squares, source.numbers.squares);
	const {min, max} = source.numbers;
	if (min !== null && max !== null) extendNumbers(numbers, min, max);
	numbers.zeros += source.numbers.zeros;
	numbers.negatives += source.numbers.negatives;
	for (const [bucket, count] of source.numbers.buckets) addCount(numbers.buckets, bucket, count);
	const {first, last} = source.moments;
	if (first !== null && last !== null) extendMoments(moments, first, last);
	for (const days of ['dates', 'stamps'] as const)
		for (const [day, count] of source.moments[days]) addCount(moments[days], day, count);
	for (const range of ['texts', 'digits', 'times'] as const) {
		const {smallest, largest} = source[range];
		if (smallest !== null) extend(target[range], smallest);
		if (largest !== null) extend(target[range], largest);
	}
	mergeColumnRegisters(target.registers, source.registers);
}

const addSum = (target: DecimalSum, source: DecimalSum): void => target.add(source.value.units, source.value.scale);

/** What is behind the bytes that a report shows of a text is cut. */
function extend(range: TextRange, text: string): void {
	const {smallest, largest} = range;
	const kept = text.length > LISTED_NAME_BYTES ? text.slice(0, LISTED_NAME_BYTES) : text;
	if (smallest === null || kept < smallest) range.smallest = kept;
	if (largest === null || kept > largest) range.largest = kept;
}

export function extendNumbers(numbers: NumberSketch, min: Decimal, max: Decimal): void {
	if (numbers.min === null || compareDecimals(min, numbers.min) < 0) numbers.min = min;
	if (numbers.max === null || compareDecimals(max, numbers.max) > 0) numbers.max = max;
}

export function extendMoments(moments: MomentSketch, first: WrittenMoment, last: WrittenMoment): void {
	if (moments.first === null || compareMoments(first, moments.first) < 0) moments.first = first;
	if (moments.last === null || compareMoments(last, moments.last) > 0) moments.last = last;
}

/** Moments that are the same by their bytes. */
export function compareMoments(one: WrittenMoment, other: WrittenMoment): number {
	if (one.seconds !== other.seconds) return one.seconds - other.seconds;
	if (one.fraction !== other.fraction) return one.fraction < other.fraction ? -1 : 1;
	return one.text < other.text ? -1 : one.text > other.text ? 1 : 0;
}

/** The same with its texts changed; what the registers have of them stays as it is. */
export function mapSketch(source: ColumnSketch, toText: (text: string) => string): ColumnSketch {
	const target = createSketch(Math.log2(source.registers.length));
	mergeSketch(target, source);
	for (const range of [target.texts, target.digits, target.times]) {
		if (range.smallest !== null) range.smallest = toText(range.smallest);
		if (range.largest !== null) range.largest = toText(range.largest);
	}
	return target;
}
