// The cells that a loop over a column has read, as far as they are examples of faults: the first ones of each class, and where the smallest
// and the largest number are. The host keeps them (../../column-faults.ts), and says up to which byte offset a cell may be one of them. As
// records come in order, a class has all its examples soon, and nothing is looked for any more.
import {takeExample, takeExtreme} from '../host';
import {Column, DATES, NUMBERS, STAMPS} from './column';
import {isPouring, lineAt, offsetAt, offsetOf, placeAt, placeCount, placesOf} from './places';

// As in `cellClasses` of analysis/columns/cell.ts, which has more.
const EMPTY: i32 = 0;
const INTEGER: i32 = 3;
const SIGNED: i32 = 4;
const DECIMAL: i32 = 6;
const DATE: i32 = 8;
const STAMP: i32 = 9;
const TEXT: i32 = 11;
const CLASSES: i32 = 12;
export const LIMITS_BYTES: usize = 8 * (CLASSES as usize);
const NO_LIMIT: u64 = 0xffff_ffff_ffff_ffff;

const MINUS: u8 = 0x2d;
const POINT: u8 = 0x2e;

export function beginLimits(limits: usize): void {
	for (let index: i32 = 0; index < CLASSES; index++) store<u64>(limits + 8 * (index as usize), NO_LIMIT);
}

// What a column had before the loop.
let empties: u64 = 0;
let integers: u64 = 0;
let signed: u64 = 0;
let decimals: u64 = 0;
let smallest: i64 = 0;
let largest: i64 = 0;

/** To be called in front of a loop. */
export function noteCounts(column: Column): void {
	empties = column.empties;
	integers = column.integers;
	signed = column.signed;
	decimals = column.decimals;
	smallest = column.sums.smallest;
	largest = column.sums.largest;
}

/** Gives the host the examples among the cells that the loop has read. @param units - Of those that are numbers. */
export function giveExamples(column: Column, entries: usize, last: usize, stride: usize, units: usize): void {
	if (entries === last) return;
	if (column.empties > empties) giveFirst(column, EMPTY, entries, last, stride);
	switch (column.kind) {
		case NUMBERS:
			if (column.integers > integers) giveFirst(column, INTEGER, entries, last, stride);
			if (column.signed > signed) giveFirst(column, SIGNED, entries, last, stride);
			if (column.decimals > decimals) giveFirst(column, DECIMAL, entries, last, stride);
			giveExtremes(column, entries, last, stride, units);
			return;
		case DATES:
			giveFirst(column, DATE, entries, last, stride);
			return;
		case STAMPS:
			giveFirst(column, STAMP, entries, last, stride);
			return;
		default:
			giveFirst(column, TEXT, entries, last, stride);
	}
}

function giveFirst(column: Column, wanted: i32, entries: usize, last: usize, stride: usize): void {
	const at = column.limits + 8 * (wanted as usize);
	const isInOrder = !isPouring();
	if (isInOrder && offsetOf(entries) >= load<u64>(at)) return;
	for (let entry = entries; entry < last; entry += stride) {
		const start = (load<u32>(entry) as usize) + 1;
		const length = (load<u32>(entry, 4) as usize) - start;
		if (classOf(column.kind, start, length) !== wanted) continue;
		if (offsetOf(entry) >= load<u64>(at)) {
			if (isInOrder) return;
			continue;
		}
		const places = placesOf(entry);
		for (let index: i32 = 0; index < placeCount(); index++) {
			const place = placeAt(places, index);
			if (offsetAt(place) >= load<u64>(at)) break;
			const limit = takeExample(
				column.owner,
				column.index,
				wanted,
				start,
				length,
				offsetAt(place) as f64,
				lineAt(place) as f64,
			);
			store<u64>(at, limit as u64);
		}
	}
}

/** Of a cell that a loop has read. */
function classOf(kind: i32, start: usize, length: usize): i32 {
	if (length === 0) return EMPTY;
	if (kind === DATES) return DATE;
	if (kind === STAMPS) return STAMP;
	if (kind !== NUMBERS) return TEXT;
	for (let at = start; at < start + length; at++) if (load<u8>(at) === POINT) return DECIMAL;
	return load<u8>(start) === MINUS ? SIGNED : INTEGER;
}

/** Numbers that are equal to the smallest or the largest one count where they are first. */
function giveExtremes(column: Column, entries: usize, last: usize, stride: usize, units: usize): void {
	const sums = column.sums;
	const isPoured = isPouring();
	let wantsSmallest = isPoured || sums.smallest < smallest;
	let wantsLargest = isPoured || sums.largest > largest;
	let unit = units;
	for (let entry = entries; entry < last && (wantsSmallest || wantsLargest); entry += stride) {
		const start = (load<u32>(entry) as usize) + 1;
		const length = (load<u32>(entry, 4) as usize) - start;
		if (length === 0) continue;
		const value = load<i64>(unit);
		unit += 8;
		const isSmallest = wantsSmallest && value === sums.smallest;
		const isLargest = wantsLargest && value === sums.largest;
		if (!isSmallest && !isLargest) continue;
		const place = placesOf(entry);
		takeExtreme(column.owner, column.index, start, length, offsetAt(place) as f64, lineAt(place) as f64);
		if (isPoured) continue;
		if (isSmallest) wantsSmallest = false;
		if (isLargest) wantsLargest = false;
	}
}
