// The same as in assert-possible.ts for columns.
import {type CellClass, isNull} from '../columns/cell.ts';
import type {ColumnState} from '../columns/column-state.ts';
import type {Columns} from '../columns/columns.ts';
import {type ColumnSketch, compareMoments, countOfClass} from '../columns/sketch.ts';
import {compareDecimals} from '../extremes.ts';
import {HASH_LIMIT} from '../position-sample.ts';
import {DamagedBytesError} from '../varints.ts';
import {assertPossibleFaults, assertPossibleTable} from './assert-possible-faults.ts';

/** @throws {DamagedBytesError} */
export function assertPossibleColumns({named, faults}: Columns, records: number): void {
	if (faults !== null) assertPossibleTable(faults, records);
	for (const {state} of named.values()) {
		const {cells, present} = countCells(state);
		if (cells > records) throw new DamagedBytesError(`Expected at most ${records} cells of a column, found ${cells}`);
		if (state.limits.onlyClasses) continue;
		assertLengths(state, present);
		assertPossibleFaults(state, present);
		const {limit, entries} = state.sample;
		let sampled = 0;
		for (const count of entries.counts) {
			if (count === 0) throw new DamagedBytesError('Expected values that occur');
			sampled += count;
		}
		if (limit === HASH_LIMIT ? sampled !== cells : sampled > cells)
			throw new DamagedBytesError(`Expected a sample of ${cells} cells, found ${sampled}`);
	}
}

/** @returns How many cells there are, and how many of them have a value. */
function countCells({values, sketch, valueCount, valueBytes, limits}: ColumnState): {cells: number; present: number} {
	if (values === null) return sketch === null ? {cells: 0, present: 0} : countSketched(sketch, limits.onlyClasses);
	if (valueCount > limits.maxValues || valueBytes > limits.maxValueBytes)
		throw new DamagedBytesError(
			`Expected at most ${limits.maxValues} values of ${limits.maxValueBytes} bytes together`,
		);
	let cells = 0;
	let present = 0;
	for (const [value, count] of values) {
		if (count === 0) throw new DamagedBytesError('Expected values that occur');
		cells += count;
		if (!isNull(value)) present += count;
	}
	return {cells, present};
}

const numberClasses = ['integer', 'signed', 'decimal', 'float'] satisfies CellClass[];
const momentClasses = ['date', 'timestamp'] satisfies CellClass[];

function countSketched(sketch: ColumnSketch, hasOnlyClasses: boolean): {cells: number; present: number} {
	const {counts, numbers, moments} = sketch;
	const countOf = (classes: readonly CellClass[]): number =>
		classes.reduce((sum, cellClass) => sum + countOfClass(sketch, cellClass), 0);
	const cells = counts.reduce((sum, count) => sum + count, 0);
	const present = cells - countOf(['empty', 'null']);
	const ofNumbers = countOf(numberClasses);
	const ofMoments = countOf(momentClasses);
	if (hasOnlyClasses) return {cells, present};
	const {min, max, zeros, negatives, buckets} = numbers;
	const {first, last, dates, stamps} = moments;
	const sum = (all: ReadonlyMap<number, number>): number => Array.from(all.values()).reduce((one, two) => one + two, 0);
	const isSound =
		sum(buckets) === ofNumbers &&
		zeros + negatives <= ofNumbers &&
		(ofNumbers === 0) === (min === null) &&
		(min === null || max === null || compareDecimals(min, max) <= 0) &&
		sum(dates) === countOfClass(sketch, 'date') &&
		sum(stamps) === countOfClass(sketch, 'timestamp') &&
		(ofMoments === 0) === (first === null) &&
		(ofMoments === 0) === (last === null) &&
		(first === null || last === null || compareMoments(first, last) <= 0) &&
		(present === 0) === (sketch.texts.smallest === null);
	if (!isSound) throw new DamagedBytesError('Expected the figures of a column to be of the same cells');
	return {cells, present};
}

function assertLengths({lengths: {min, max, sum}}: ColumnState, present: number): void {
	const isSound = present === 0 ? min > max : min <= max && sum >= min * present && sum <= max * present;
	if (!isSound) throw new DamagedBytesError(`Expected the lengths of ${present} cells`);
}
