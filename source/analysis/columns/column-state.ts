// What the cells of one column came to: a function of the cells and of the places of their records, whatever the cut and the order.
//
// It begins as a table of the different cells with how often each is there, from which everything is computed at the end. Past the
// caps, the table is poured into a sketch (sketch.ts), cell by cell with its count, and further cells go there.
import {
	addPlaces,
	addToFaultSketch,
	type ColumnFaults,
	mapFaults,
	mergeFaults,
	pourFaults,
} from '../quality/column-faults.ts';
import type {Place} from '../quality/places.ts';
import type {ToUtf8} from '../text-encoding.ts';
import {type CellClass, isNull, nullForms, readCell} from './cell.ts';
import {
	addToSample,
	type CellSample,
	createCellSample,
	emptyCellSample,
	limitCellSample,
	mapCellSample,
	mergeCellSample,
} from './cell-sample.ts';
import type {ColumnLimits} from './column-caps.ts';
import {foldRegisters} from './registers.ts';
import {
	addReadCell,
	addToSketch,
	type ColumnSketch,
	countClass,
	createSketch,
	mapSketch,
	mergeSketch,
} from './sketch.ts';

export interface ColumnState {
	limits: ColumnLimits;
	/** How often each cell is there as it is written, one character per byte; `null` once it is poured into the sketch, and for classes alone. */
	values: Map<string, number> | null;
	/** Of the cells in `values`, those other than `nullForms`: how many there are, and how many bytes they have together. */
	valueCount: number;
	valueBytes: number;
	/** `null` as long as `values` has all. */
	sketch: ColumnSketch | null;
	readonly lengths: CellLengths;
	/**
	Of all cells, also while they are counted: others may be merged that are not. Those without a value are in it, so that it has the same
	records in each column.
	*/
	sample: CellSample;
	/** `null` where faults are not looked for. */
	readonly faults: ColumnFaults | null;
	/** Why its numbers or dates cannot be read; `null` where they can. */
	undecided: UndecidedColumn | null;
}

/** See analysis/forms/decide.ts. */
export interface UndecidedColumn {
	readonly kind: 'number' | 'date';
	readonly why: 'ambiguous' | 'mixed';
	/** What cells show, and one that does, one character per byte; '' for any other one. */
	readonly shown: readonly {readonly what: string; readonly cell: string}[];
}

/** Bytes of the cells that have a value, as they stand in their file. */
export interface CellLengths {
	/** Infinite where there are none. */
	min: number;
	max: number;
	sum: number;
}

export const createColumn = (limits: ColumnLimits, faults: ColumnFaults | null = null): ColumnState => ({
	limits,
	values: limits.onlyClasses ? null : new Map(),
	valueCount: 0,
	valueBytes: 0,
	sketch: limits.onlyClasses ? createSketch(limits.registerBits) : null,
	lengths: {min: Number.POSITIVE_INFINITY, max: 0, sum: 0},
	sample: limits.onlyClasses ? emptyCellSample(limits.sample) : createCellSample(limits.sample),
	faults,
	undecided: null,
});

/**
@param cell - Without its quotes, one character per byte.
@param count - How many more of it there are.
@param places - The first of those where it is, if faults are looked for.
@param length - Of the cell as it is written.
*/
export function addCell(
	column: ColumnState,
	cell: string,
	count = 1,
	places: readonly Place[] = [],
	length = cell.length,
): void {
	if (!column.limits.onlyClasses && !isNull(cell)) {
		const {lengths} = column;
		if (length < lengths.min) lengths.min = length;
		if (length > lengths.max) lengths.max = length;
		lengths.sum += length * count;
	}
	addValue(column, cell, count, places);
}

/** Adds cells of a class to a column of which only classes are counted. */
export function addOfClass(column: ColumnState, cellClass: CellClass, cells: number): void {
	countClass(sketchOf(column), cellClass, cells);
}

/**
Adds a cell to the sample, besides `addCell`. To be called for each cell whose hash is below the limit of the sample.

@param hash - Of the place of its record; see position-sample.ts.
*/
export function sampleCell({sample}: ColumnState, hash: number, cell: string): void {
	addToSample(sample, hash, cell);
}

/** Without lengths and sample. */
function addValue(column: ColumnState, cell: string, count: number, places: readonly Place[]): void {
	const {values, faults} = column;
	if (column.limits.onlyClasses) {
		addOfClass(column, readCell(cell).class, count);
		return;
	}
	if (values === null) {
		const read = readCell(cell);
		if (faults?.sketch) addToFaultSketch(faults.sketch, read, cell, count, places);
		addReadCell(sketchOf(column), read, cell, count);
		return;
	}
	const known = values.get(cell);
	values.set(cell, (known ?? 0) + count);
	if (faults?.places) addPlaces(faults.places, cell, places);
	if (known !== undefined || nullForms.has(cell)) return;
	column.valueCount++;
	column.valueBytes += cell.length;
	pourBeyondLimits(column);
}

function pourBeyondLimits(column: ColumnState): void {
	const {maxValues, maxValueBytes} = column.limits;
	if (column.valueCount > maxValues || column.valueBytes > maxValueBytes) pour(column);
}

/** Puts all values into the sketch, which the column has from then on. */
export function pour(column: ColumnState): void {
	const {values, faults} = column;
	if (values === null) return;
	if (faults !== null) pourFaults(faults, values);
	const sketch = sketchOf(column);
	for (const [cell, count] of values) addToSketch(sketch, cell, count);
	column.values = null;
	column.valueCount = 0;
	column.valueBytes = 0;
}

/** The sketch of a column, made where there is none yet. */
function sketchOf(column: ColumnState): ColumnSketch {
	column.sketch ??= createSketch(column.limits.registerBits);
	return column.sketch;
}

/** Leaves no more than the limits allow. They only become smaller. */
export function limitColumn(column: ColumnState, limits: ColumnLimits): void {
	if (column.limits === limits) return;
	column.limits = limits;
	limitCellSample(column.sample, limits.sample);
	const {sketch} = column;
	if (sketch !== null) sketch.registers = foldRegisters(sketch.registers, limits.registerBits);
	pourBeyondLimits(column);
}

/** Merges `source` into `target`, which is left as it is. The limits of the target are not larger than those of the source. */
export function mergeColumn(target: ColumnState, source: ColumnState): void {
	const {lengths} = target;
	lengths.min = Math.min(lengths.min, source.lengths.min);
	lengths.max = Math.max(lengths.max, source.lengths.max);
	lengths.sum += source.lengths.sum;
	mergeCellSample(target.sample, source.sample);
	if (source.values !== null)
		for (const [cell, count] of source.values) addValue(target, cell, count, placesOf(source, cell));
	else {
		pour(target);
		mergeSketch(sketchOf(target), sketchOf(source));
	}
	if (target.faults !== null && source.faults !== null) mergeFaults(target.faults, source.faults);
	target.undecided = firstUndecided(target.undecided, source.undecided);
}

/** Of two, the one that stands in front as a text: so it does not depend on which source comes first. */
function firstUndecided(one: UndecidedColumn | null, other: UndecidedColumn | null): UndecidedColumn | null {
	if (one === null || other === null) return one ?? other;
	return JSON.stringify(one) <= JSON.stringify(other) ? one : other;
}

const mapUndecided = (undecided: UndecidedColumn | null, toUtf8: ToUtf8): UndecidedColumn | null =>
	undecided && {...undecided, shown: undecided.shown.map(({what, cell}) => ({what, cell: toUtf8(cell)}))};

const placesOf = ({faults}: ColumnState, cell: string): readonly Place[] => faults?.places?.get(cell) ?? [];

/**
The column of a source in another encoding in UTF-8; the one that is given is left as it is. Lengths are those in the file. Of a sketch, the
different values are what was estimated of the bytes in the file, and the smallest and largest text are those by these bytes.
*/
export function columnInUtf8(source: ColumnState, toUtf8: ToUtf8): ColumnState {
	const target = {
		...createColumn(source.limits, source.faults === null ? null : mapFaults(source.faults, toUtf8)),
		lengths: {...source.lengths},
		sample: mapCellSample(source.sample, toUtf8),
		undecided: mapUndecided(source.undecided, toUtf8),
	};
	if (source.values !== null)
		for (const [cell, count] of source.values) addValue(target, toUtf8(cell), count, placesOf(source, cell));
	else if (source.sketch !== null) {
		target.values = null;
		if (target.faults !== null) target.faults.places = null;
		target.sketch = mapSketch(source.sketch, toUtf8);
	}
	return target;
}
