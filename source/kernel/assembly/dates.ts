// Dates: `YYYY-MM-DD` -> a sortable integer, year × 2^32 + month × 2^16 + day, with the year as its two halves:
//
//   bytes      2 0 2 4 - 0 2 - 2 9 ......      16 bytes from the start of the field
//   - pattern  2 0 2 4 0 0 2 0 2 9             a digit gives 0 … 9, a dash 0, all else more
//   swizzle    D D M M y y Y Y                 the lowest lanes count least
//   × 10, 1    day, month, year % 100, year / 100: four lanes of 16 bits, which compare like the date
//
// Then the day is held against the month's length; the 29th of February, and dates with a time, are read by the rules.
import {openEntry, openedEnd, openedStart} from './fields';
import {DAYS_OF_MONTH} from './memory';
import {DATE_LIMITS, DATE_ORDER, DATE_PATTERN, TENS} from './vectors';

const DASH: u8 = 0x2d;
const ZERO: u8 = 0x30;
const DATE_BYTES: usize = 10;

/** No date has this value. */
export const NO_DATE: u64 = 0;

let earliest: u64 = ~(0 as u64);
let latest: u64 = 0;

export function beginDates(): void {
	earliest = ~(0 as u64);
	latest = 0;
}
export function earliestDate(): u64 {
	return earliest;
}
export function latestDate(): u64 {
	return latest;
}
export function takeDate(date: u64): void {
	earliest = min(earliest, date);
	latest = max(latest, date);
}

function digitAt(address: usize): u32 {
	return (load<u8>(address) as u32) - ZERO;
}

/** Two digits; 255 where there are others. */
function twoDigits(address: usize): u32 {
	const tens = digitAt(address);
	const ones = digitAt(address + 1);
	return tens <= 9 && ones <= 9 ? tens * 10 + ones : 255;
}

/** Reads a date by the rules: alone or followed by `T` or a space and a time. */
export function readDate(start: usize, end: usize): u64 {
	if (end - start < DATE_BYTES || end < start) return NO_DATE;
	if (load<u8>(start, 4) !== DASH || load<u8>(start, 7) !== DASH) return NO_DATE;
	const century = twoDigits(start);
	const rest = twoDigits(start + 2);
	const month = twoDigits(start + 5);
	const day = twoDigits(start + 8);
	const year = century * 100 + rest;
	if (century === 255 || rest === 255 || year === 0 || month > 12 || day === 0) return NO_DATE;
	const isLeapYear = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
	const isLeapDay = month === 2 && day === 29 && isLeapYear;
	if (!isLeapDay && day > (load<u8>(DAYS_OF_MONTH + month) as u32)) return NO_DATE;
	if (end - start > DATE_BYTES && !isTime(start + DATE_BYTES, end)) return NO_DATE;
	return ((century as u64) << 48) | ((rest as u64) << 32) | ((month as u64) << 16) | (day as u64);
}

/** `T` or a space, `HH:MM`, perhaps `:SS` with a fraction, perhaps `Z` or an offset: as TIME in analysis/calendar-date.ts. */
function isTime(start: usize, end: usize): bool {
	const separator = load<u8>(start);
	if (separator !== 0x54 && separator !== 0x20) return false;
	let at = start + 1;
	if (end - at < 5 || twoDigits(at) > 23 || load<u8>(at, 2) !== 0x3a || twoDigits(at + 3) > 59) return false;
	at += 5;
	if (at < end && load<u8>(at) === 0x3a) {
		if (end - at < 3 || twoDigits(at + 1) > 60) return false;
		at += 3;
		if (at < end && (load<u8>(at) === 0x2e || load<u8>(at) === 0x2c)) {
			const fraction = ++at;
			while (at < end && digitAt(at) <= 9) at++;
			if (at === fraction) return false;
		}
	}
	if (at === end) return true;
	const zone = load<u8>(at);
	if (zone === 0x5a) return at + 1 === end;
	if (zone !== 0x2b && zone !== DASH) return false;
	at++;
	if (end - at < 2 || twoDigits(at) > 23) return false;
	at += 2;
	if (at === end) return true;
	if (load<u8>(at) === 0x3a) at++;
	return end - at === 2 && twoDigits(at) <= 59;
}

/**
Reads the dates of records `first` to `last` (exclusive) of a batch and takes them into the earliest and latest.

@param flagged - Gets the numbers of the records whose date is none.
@returns The end of what was written there.
*/
export function readDates(
	entries: usize,
	stride: usize,
	first: i32,
	last: i32,
	mayHaveCarriageReturn: bool,
	quote: i32,
	flagged: usize,
): usize {
	let flaggedEnd = flagged;
	for (let record = first; record < last; record++) {
		record = passUsual(entries, stride, record, last, mayHaveCarriageReturn, quote);
		if (record === last) break;
		openEntry(entries + stride * (record as usize));
		const date = readDate(openedStart(), openedEnd());
		if (date === NO_DATE) {
			store<u32>(flaggedEnd, record as u32);
			flaggedEnd += 4;
		} else takeDate(date);
	}
	return flaggedEnd;
}

/**
Takes dates as long as they are of ten bytes, and no 29th of February. It calls nothing, so that all it needs stays in registers.

@returns The first record whose date is another.
*/
function passUsual(entries: usize, stride: usize, first: i32, last: i32, mayHaveCarriageReturn: bool, quote: i32): i32 {
	const pattern = v128.load(DATE_PATTERN);
	const limits = v128.load(DATE_LIMITS);
	const order = v128.load(DATE_ORDER);
	const tens = v128.load(TENS);
	const yearOne: i64 = (1 as i64) << 32;
	let low = earliest;
	let high = latest;
	let record = first;
	let entry = entries + stride * (first as usize);
	for (; record < last; record++, entry += stride) {
		let start = (load<u32>(entry) as usize) + 1;
		let end = load<u32>(entry, 4) as usize;
		if (mayHaveCarriageReturn) end -= (load<u8>(end - 1) === 0x0d && load<u8>(end) === 0x0a) as usize;
		if (quote >= 0) {
			const isQuoted = (load<u8>(start) === (quote as u8)) as usize;
			start += isQuoted;
			end -= isQuoted;
		}
		const digits = i8x16.sub(v128.load(start), pattern);
		const date = i64x2.extract_lane(
			i16x8.relaxed_dot_i8x16_i7x16_s(i8x16.relaxed_swizzle(digits, order), tens),
			0,
		) as u64;
		const month = ((date as u32) >> 16) & 0xff;
		const day = (date & 0xff) as i64;
		const days = load<u8>(DAYS_OF_MONTH + (month as usize)) as i64;
		// What must not be is negative here, or not zero there: joined, they cost one branch, and none is made to a truth value.
		const negatives = ((date as i64) - yearOne) | (day - 1) | (days - day);
		const others = (i8x16.bitmask(i8x16.add_sat_u(digits, limits)) & 0x3ff) | ((end - start - DATE_BYTES) as i32);
		if (((negatives >> 63) | (others as i64)) !== 0) break;
		low = min(low, date);
		high = max(high, date);
	}
	earliest = low;
	latest = high;
	return record;
}
