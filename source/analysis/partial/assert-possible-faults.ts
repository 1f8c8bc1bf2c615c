// The same as in assert-possible.ts for faults.
import {cellClasses} from '../columns/cell.ts';
import type {ColumnState} from '../columns/column-state.ts';
import {countOfClass} from '../columns/sketch.ts';
import {countValues} from '../distinct.ts';
import {HASH_LIMIT} from '../position-sample.ts';
import type {FaultSketch} from '../quality/column-faults.ts';
import {type KeyCounts, PLACES_OF_KEY} from '../quality/key-counts.ts';
import {type CountedCells, MAX_PLACES} from '../quality/places.ts';
import type {TableFaults} from '../quality/table-faults.ts';
import {DamagedBytesError} from '../varints.ts';

/** @param present - Cells that have a value. */
export function assertPossibleFaults({values, sketch, faults}: ColumnState, present: number): void {
	if (faults === null) return;
	for (const [value, count] of values ?? []) assertPlaces(faults.places?.get(value)?.length ?? 0, count);
	if (faults.sketch !== null && sketch !== null) {
		for (const [index, cellClass] of cellClasses.entries())
			assertPlaces(faults.sketch.classes[index]?.length ?? 0, countOfClass(sketch, cellClass));
		assertSketch(faults.sketch, present, countOfClass(sketch, 'text'), sketch.numbers.min !== null);
	}
	if (faults.key !== null) assertKeys(faults.key, present);
}

function assertSketch(
	{blanks, forms, lowest, highest}: FaultSketch,
	present: number,
	texts: number,
	hasNumbers: boolean,
): void {
	assertCounted(blanks, present);
	let formed = 0;
	for (const form of forms) {
		assertCounted(form, texts);
		formed += form.count;
	}
	const isSound = (lowest !== null) === hasNumbers && (highest !== null) === hasNumbers && formed <= texts;
	if (!isSound || (lowest !== null && highest !== null && lowest.nearest > highest.nearest))
		throw new DamagedBytesError('Expected the faults of a column to be of its cells');
}

/** @param records - That are as the header says. */
export function assertPossibleTable({ragged, notUtf8, records: keys}: TableFaults, records: number): void {
	assertCounted(ragged, Number.POSITIVE_INFINITY);
	assertCounted(notUtf8, records);
	assertKeys(keys, records);
	if (keys.count !== records) throw new DamagedBytesError(`Expected keys of ${records} records, found ${keys.count}`);
}

function assertCounted({count, first}: CountedCells, most: number): void {
	if (count > most) throw new DamagedBytesError(`Expected at most ${most} faults, found ${count}`);
	assertPlaces(first.length, count);
}

function assertPlaces(places: number, count: number, most = MAX_PLACES): void {
	if (places !== Math.min(most, count)) throw new DamagedBytesError(`Expected the first places of ${count} cells`);
}

function assertKeys({count, values, sample}: KeyCounts, most: number): void {
	let sampled = 0;
	for (const key of sample.keys.values()) {
		assertPlaces(key.first.length, key.count, PLACES_OF_KEY);
		if (key.count === 0) throw new DamagedBytesError('Expected keys that occur');
		sampled += key.count;
	}
	const isAll = sample.limit === HASH_LIMIT;
	const isSound = count <= most && (isAll ? sampled === count : sampled <= count);
	const different = values.registers === null ? countValues(values) : sample.keys.size;
	if (!isSound || different > count || (isAll && values.registers === null && different !== sample.keys.size))
		throw new DamagedBytesError(`Expected keys of at most ${most} records`);
}
