// The smallest and the largest number of some records, or the first and the last date or time: a pair in memory, which is all zero where there
// is none yet, as new slots of a table are.
//
//   [ smallest, xor the largest integer, 8 │ largest, xor the smallest integer, 8 ]
import {NO_DATE} from './date-code';
import {DateReader} from './date-reader';
import {SLOT_OF_RECORD} from './memory';
import {Value} from './value';

export const EXTREMES_BYTES: usize = 16;
const HIGHEST: usize = 8;

export function lowestOf(pair: usize): i64 {
	return load<i64>(pair) ^ i64.MAX_VALUE;
}
export function highestOf(pair: usize): i64 {
	return load<i64>(pair, HIGHEST) ^ i64.MIN_VALUE;
}
export function hasAny(pair: usize): bool {
	return lowestOf(pair) <= highestOf(pair);
}
export function clearExtremes(pair: usize): void {
	store<i64>(pair, 0);
	store<i64>(pair, 0, HIGHEST);
}
function setExtremes(pair: usize, lowest: i64, highest: i64): void {
	store<i64>(pair, lowest ^ i64.MAX_VALUE);
	store<i64>(pair, highest ^ i64.MIN_VALUE, HIGHEST);
}

/** Once a pair has seen some values, nearly all others are in between, and nothing is written. */
export function extend(pair: usize, value: i64): void {
	if (value < lowestOf(pair)) store<i64>(pair, value ^ i64.MAX_VALUE);
	if (value > highestOf(pair)) store<i64>(pair, value ^ i64.MIN_VALUE, HIGHEST);
}

/** Extends a pair by the numbers of the records `first` to `last` (exclusive) of a run. */
export function extendBySpan(pair: usize, value: Value, first: i32, last: i32): void {
	let lowest = lowestOf(pair);
	let highest = highestOf(pair);
	let address = value.units + 8 * (first as usize);
	const end = value.units + 8 * (last as usize);
	if (value.nones === 0) {
		for (; address < end; address += 8) {
			const units = load<i64>(address);
			lowest = min(lowest, units);
			highest = max(highest, units);
		}
	} else {
		let none = value.nones + (first as usize);
		for (; address < end; address += 8, none++) {
			if (load<u8>(none) !== 0) continue;
			const units = load<i64>(address);
			lowest = min(lowest, units);
			highest = max(highest, units);
		}
	}
	setExtremes(pair, lowest, highest);
}

/** Extends the pairs of the slots of these records by their numbers. @param at - Where the pair is in a slot. */
export function extendSlots(at: usize, value: Value, first: i32, last: i32): void {
	let units = value.units + 8 * (first as usize);
	for (let record = first; record < last; record++, units += 8) {
		if (value.nones !== 0 && load<u8>(value.nones + (record as usize)) !== 0) continue;
		extend((load<u32>(SLOT_OF_RECORD + 4 * (record as usize)) as usize) + at, load<i64>(units));
	}
}

/** The same by dates. */
export function extendSlotsByDates(at: usize, reader: DateReader, first: i32, last: i32): void {
	let code = reader.codes + 4 * (first as usize);
	for (let record = first; record < last; record++, code += 4) {
		const date = load<u32>(code);
		if (date === NO_DATE) continue;
		extend((load<u32>(SLOT_OF_RECORD + 4 * (record as usize)) as usize) + at, date as i64);
	}
}

/** The same by dates with their times. */
export function extendSlotsByTimes(at: usize, reader: DateReader, first: i32, last: i32): void {
	for (let record = first; record < last; record++) {
		const moment = reader.momentAt(record) as i64;
		if (moment !== 0) extend((load<u32>(SLOT_OF_RECORD + 4 * (record as usize)) as usize) + at, moment);
	}
}

/** Whether a pair times a power of ten has 64 bits. */
export function fitsScaled(pair: usize, factor: i64): bool {
	if (!hasAny(pair)) return true;
	const most = i64.MAX_VALUE / factor;
	return lowestOf(pair) >= -most && highestOf(pair) <= most;
}

/** Multiplies a pair that `fitsScaled`. */
export function scaleExtremes(pair: usize, factor: i64): void {
	if (hasAny(pair)) setExtremes(pair, lowestOf(pair) * factor, highestOf(pair) * factor);
}

/** Extends a pair by another one, in units that are divided and multiplied first. */
export function joinScaled(pair: usize, other: usize, divisor: i64, factor: i64): void {
	if (!hasAny(other)) return;
	extend(pair, (lowestOf(other) / divisor) * factor);
	extend(pair, (highestOf(other) / divisor) * factor);
}
