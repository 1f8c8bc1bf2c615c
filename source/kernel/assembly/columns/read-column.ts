// Cells of a column -> what is kept of them in column.ts. plain-cells.ts has taken quotes and CR away; cell-sample.ts keeps some as they are.
//
//   VALUES          value-counts.ts, until there are more values than may be; these are poured, each with its number of cells, into
//   NUMBERS         number-cells.ts, number-sums.ts
//   DATES, STAMPS   date-cells.ts
//   TEXTS           text-cells.ts
//
// Which of these it is changes how fast cells are read, and no figure: a cell that a loop cannot read is counted as a value again, and
// the host adds these, by all the rules, when there are `MAX_OTHERS` different ones.
import {NO_DATE} from '../date-code';
import {readDate} from '../date-text';
import {takeColumn, takeOthers} from '../host';
import {keyLength} from '../keys';
import {allocate, release} from '../memory';
import {Column, DATES, NUMBERS, STAMPS, TEXTS, VALUES} from './column';
import {DATE_BYTES, learnStamp, readDates, readStamps} from './date-cells';
import {giveExamples, noteCounts} from './first-cells';
import {decimalsOf, endOfUnits, readNumbers, unitsOfNumbers} from './number-cells';
import {spreadNumbers} from './number-sums';
import {endPouring, isPouring, MAX_PLACES, placeCount, placePoured, placesOf} from './places';
import {MAX_PORTION, PAIR_BYTES, writePair} from './plain-cells';
import {noteDecimals, PROVEN} from './shown-forms';
import {isNullForm, readTexts} from './text-cells';
import {CELLS_OF_VALUE, Counts, CountsAndPlaces, countKnown, VALUE_BYTES, ValueCounts} from './value-counts';

/** Different cells that a loop cannot read, and their bytes: so many wait for the host. */
const MAX_OTHERS: u32 = 1024;
const MAX_OTHER_BYTES: u32 = 65_536;
/** Buckets hold so many cells. */
const MAX_PENDING: u64 = 0xf000_0000;
/** Pairs of values that are poured, and 4 bytes more for each. */
const POURED_BYTES: usize = (PAIR_BYTES + 4) * (MAX_PORTION as usize);
/** A value of more cells is one for the host. */
const MAX_WEIGHT: u64 = 0x1000_0000;
/** So many values say of what kind a column is. */
const VALUES_TO_LEARN_FROM: i32 = 256;
/** When there are so many values, and all are dates, they are counted by day. */
const VALUES_TO_BE_DATES: u32 = 48;
const DASH: u8 = 0x2d;

/** Reads cells that are plain, no more than `MAX_PORTION`. */
export function readCells(column: Column, entries: usize, last: usize, stride: usize): void {
	const entry = column.isCounted ? countCells(column, entries, last, stride) : entries;
	if (entry < last) addCells(column, entry, last, stride, 1);
}

/** Counts values until there are more than may be. Returns the first entry that is not counted. */
function countCells(column: Column, entries: usize, last: usize, stride: usize): usize {
	let entry = entries;
	while (true) {
		if (column.kind === DATES) {
			entry = readDates(column, entry, last, stride, 1);
			if (column.isOverLimits()) {
				pour(column);
				return entry;
			}
		}
		entry = column.hasPlaces
			? countKnown<CountsAndPlaces>(column.values, entry, last, stride)
			: countKnown<Counts>(column.values, entry, last, stride);
		if (entry === last) return last;
		countValue(column, entry, 1);
		entry += stride;
		if (!column.isCounted) return entry;
	}
}

function countValue(column: Column, entry: usize, cells: u64): void {
	const values = column.values;
	const before = values.count;
	const start = (load<u32>(entry) as usize) + 1;
	const length = (load<u32>(entry, 4) as usize) - start;
	addValue(column, entry, cells);
	if (values.count === before) return;
	if (isNullForm(start, length)) {
		column.nullForms++;
		column.nullFormBytes += length as u32;
	}
	if (column.isOverLimits()) pour(column);
	else if (values.count === VALUES_TO_BE_DATES && mayCountByDay(column)) countByDay(column);
}

/** Adds cells to the values of a column. */
function addValue(column: Column, entry: usize, cells: u64): void {
	const start = (load<u32>(entry) as usize) + 1;
	const length = (load<u32>(entry, 4) as usize) - start;
	const values = column.values;
	const slot = values.add(start, length, cells);
	if (!column.hasPlaces || (!isPouring() && !values.needsPlaces(slot, cells))) return;
	values.addPlaces(slot, cells, placesOf(entry), placeCount());
}

/** Days have no places. */
function mayCountByDay(column: Column): bool {
	return column.kind === VALUES && !column.hasPlaces && areDates(column.values);
}

/** Whether all values are dates that are counted by day, but for null words. */
function areDates(values: ValueCounts): bool {
	const end = values.table + values.tableBytes();
	for (let slot = values.table; slot < end; slot += VALUE_BYTES) {
		const high = load<u64>(slot, 8);
		if (high === 0) continue;
		const start = values.textOf(slot);
		const length = keyLength(high);
		if (!isNullForm(start, length) && !isDate(start, length)) return false;
	}
	return true;
}

function isDate(start: usize, length: usize): bool {
	return length === DATE_BYTES && load<u8>(start, 4) === DASH && readDate(start, start + length) !== NO_DATE;
}

/** Moves dates from the table of values to the days. */
function countByDay(column: Column): void {
	const values = column.values.take();
	column.nullForms = 0;
	column.nullFormBytes = 0;
	column.setKind(DATES);
	const pair = allocate(PAIR_BYTES);
	const end = values.table + values.tableBytes();
	for (let slot = values.table; slot < end; slot += VALUE_BYTES) {
		const high = load<u64>(slot, 8);
		if (high === 0) continue;
		const start = values.textOf(slot);
		const length = keyLength(high);
		const cells = load<u64>(slot, CELLS_OF_VALUE);
		writePair(pair, start, start + length);
		if (readDates(column, pair, pair + PAIR_BYTES, PAIR_BYTES, cells) !== pair) continue;
		column.values.add(start, length, cells);
		if (!isNullForm(start, length)) continue;
		column.nullForms++;
		column.nullFormBytes += length as u32;
	}
	release(pair, PAIR_BYTES);
	values.releaseTaken();
}

/** Gives all values, each with its number of cells, to the loop for most of them. */
function pour(column: Column): void {
	const poured = column.values.take();
	column.isCounted = false;
	// Days stay what they are.
	if (column.kind === DATES) column.setKind(DATES);
	else chooseKind(column, poured);
	pourValues(column, poured);
	poured.releaseTaken();
}

/** Adds values that are counted elsewhere to a column whose values are not. */
export function pourValues(column: Column, poured: ValueCounts): void {
	const pairs = allocate(POURED_BYTES);
	const pairsEnd = pairs + PAIR_BYTES * (MAX_PORTION as usize);
	/** The addresses of their places. */
	const places = pairsEnd;
	let pair = pairs;
	const end = poured.table + poured.tableBytes();
	for (let slot = poured.table; slot < end; slot += VALUE_BYTES) {
		if (load<u64>(slot, 8) === 0) continue;
		const cells = load<u64>(slot, CELLS_OF_VALUE);
		const start = poured.textOf(slot);
		// One of several cells stands behind those that wait, which are read as a portion.
		const own = cells > 1 ? pairsEnd - PAIR_BYTES : pair;
		writePair(own, start, start + keyLength(load<u64>(slot, 8)));
		if (column.hasPlaces) store<u32>(places + ((own - pairs) >> 1), poured.placesOf(slot) as u32);
		if (cells > 1) {
			if (column.hasPlaces) placePoured(places, pairs, PAIR_BYTES, min<u64>(cells, MAX_PLACES as u64) as i32);
			if (cells > MAX_WEIGHT) addValue(column, own, cells);
			else addCells(column, own, pairsEnd, PAIR_BYTES, cells);
		} else pair += PAIR_BYTES;
		if (pair < pairsEnd - PAIR_BYTES) continue;
		if (column.hasPlaces) placePoured(places, pairs, PAIR_BYTES, 1);
		addCells(column, pairs, pair, PAIR_BYTES, 1);
		pair = pairs;
	}
	if (column.hasPlaces) placePoured(places, pairs, PAIR_BYTES, 1);
	addCells(column, pairs, pair, PAIR_BYTES, 1);
	endPouring();
	release(pairs, POURED_BYTES);
}

/** Adds a cell so many times, to values that are counted or to what loops come to. There must be no places. */
export function addWeighted(column: Column, entry: usize, cells: u64): void {
	if (!column.isCounted) {
		if (cells > MAX_WEIGHT) addValue(column, entry, cells);
		else addCells(column, entry, entry + PAIR_BYTES, PAIR_BYTES, cells);
	} else if (column.kind === DATES && readDates(column, entry, entry + PAIR_BYTES, PAIR_BYTES, cells) !== entry) {
		if (column.isOverLimits()) pour(column);
	} else countValue(column, entry, cells);
}

/** Adds cells, no more than `MAX_PORTION`, each so many times. */
function addCells(column: Column, entries: usize, last: usize, stride: usize, weight: u64): void {
	const cells = (((last - entries) / stride) as u64) * weight;
	if (column.pending + cells > MAX_PENDING) giveSketch(column);
	column.pending += cells;
	column.cells += cells;
	let entry = entries;
	while (true) {
		const from = entry;
		if (column.hasPlaces) noteCounts(column);
		entry = readFitting(column, entry, last, stride, weight);
		if (column.hasPlaces) giveExamples(column, from, entry, stride, unitsOfNumbers());
		if (entry === last) return;
		if (addOther(column, entry, weight)) entry += stride;
	}
}

/** Returns the first entry whose cell the loop cannot read. */
function readFitting(column: Column, entries: usize, last: usize, stride: usize, weight: u64): usize {
	switch (column.kind) {
		case NUMBERS: {
			const next = readNumbers(column, entries, last, stride, weight);
			if (!column.onlyClasses) {
				column.sums.add(unitsOfNumbers(), endOfUnits(), weight as i64);
				spreadNumbers(column, unitsOfNumbers(), endOfUnits(), weight as u32);
			}
			if ((column.shown & PROVEN) === 0 && column.scale > 0) noteDecimals(column, entries, next, stride);
			return next;
		}
		case DATES:
			return readDates(column, entries, last, stride, weight);
		case STAMPS:
			return readStamps(column, entries, last, stride, weight);
		default:
			return readTexts(column, entries, last, stride, weight);
	}
}

/** Adds cells that the loop cannot read. Returns false where it can now. */
function addOther(column: Column, entry: usize, weight: u64): bool {
	if (column.kind === NUMBERS) {
		const decimals = decimalsOf((load<u32>(entry) as usize) + 1, load<u32>(entry, 4) as usize);
		if (decimals > column.scale) {
			giveSketch(column);
			column.setScale(decimals);
			return false;
		}
	}
	const values = column.values;
	addValue(column, entry, weight);
	column.otherCells += weight;
	if (values.count < MAX_OTHERS && values.bytes < MAX_OTHER_BYTES) return true;
	if (column.otherCells * 2 > column.cells) {
		if (column.hasCounts()) giveSketch(column);
		chooseKind(column, values);
	}
	takeOthers(column.owner, column.index);
	values.begin();
	return true;
}

/** Gives the host what is counted and summed. */
function giveSketch(column: Column): void {
	takeColumn(column.owner, column.index);
	column.beginCounts();
}

/** Chooses a kind by some values, which are in no order. To be called while there is nothing in sums and counts. */
function chooseKind(column: Column, values: ValueCounts): void {
	let looked: i32 = 0;
	let numbers: i32 = 0;
	let dates: i32 = 0;
	let stamps: i32 = 0;
	let scale = column.scale;
	const end = values.table + values.tableBytes();
	for (let slot = values.table; slot < end && looked < VALUES_TO_LEARN_FROM; slot += VALUE_BYTES) {
		if (load<u64>(slot, 8) === 0) continue;
		const start = values.textOf(slot);
		const textEnd = start + keyLength(load<u64>(slot, 8));
		if (isNullForm(start, textEnd - start)) continue;
		looked++;
		const decimals = decimalsOf(start, textEnd);
		if (decimals >= 0) {
			numbers++;
			scale = max(scale, decimals);
		} else if (readDate(start, textEnd) !== NO_DATE) {
			if (isDate(start, textEnd - start)) dates++;
			else if (learnStamp(column, start, textEnd)) stamps++;
		}
	}
	let kind = TEXTS;
	if (numbers * 2 > looked && column.mayBeNumbers) kind = NUMBERS;
	else if (dates * 2 > looked) kind = DATES;
	else if (stamps * 2 > looked) kind = STAMPS;
	if (kind === NUMBERS) column.setScale(scale);
	column.setKind(kind);
}

/** Gives the host all that it does not have yet of a column whose values are not counted any more. */
export function giveColumn(column: Column): void {
	giveSketch(column);
	takeOthers(column.owner, column.index);
	column.values.begin();
}
