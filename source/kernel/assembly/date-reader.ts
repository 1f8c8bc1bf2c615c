// A column of dates: `YYYY-MM-DD` -> a code that sorts like the date, year × 2^14 + month × 2^7 + day:
//
//   bytes      2 0 2 4 - 0 2 - 2 9 ......      16 bytes from the start of the field
//   - pattern  2 0 2 4 0 0 2 0 2 9             a digit gives 0 … 9, a dash 0, all else more
//   swizzle    D D M M y y Y Y                 the lowest lanes count least
//   × 10, 1    day, month, year % 100, year / 100: four lanes of 16 bits
//   × 1, 128, 1, 100    month and day, year: two lanes of 32 bits
//
// Then the day is held against the month's length; the 29th of February, and dates with a time, blanks or no dashes, are read by
// the rules.
//
// A reader of timestamps has the clocks, too (clock-reader.ts).
import {readPlainTimes, TIMESTAMP_BYTES} from './clock-reader';
import {clockOf, FIRST_CODE, MONTH_SHIFT, momentOf, NO_DATE, YEAR_SHIFT} from './date-code';
import {Cells, openEntry, openedEnd, openedStart} from './fields';
import {flag} from './flags';
import {allocate, DAYS_OF_MONTH, MAX_BATCH_RECORDS, release} from './memory';
import {CLOCK_LIMITS, CLOCK_PATTERN, DATE_LIMITS, DATE_ORDER, DATE_PARTS, DATE_PATTERN, TENS} from './vectors';

const TAB: u8 = 0x09;
const SPACE: u8 = 0x20;
const PLUS: u8 = 0x2b;
const COMMA: u8 = 0x2c;
const DASH: u8 = 0x2d;
const POINT: u8 = 0x2e;
const ZERO: u8 = 0x30;
const COLON: u8 = 0x3a;
/** What makes an upper-case letter a lower-case one. */
const LOWER_CASE: u8 = 0x20;
/** As bytes of a number, in lower case. */
const UTC: u32 = 0x63_7475;
const DATE_BYTES: usize = 10;
/** `YYYYMMDD` */
const BASIC_DATE_BYTES: usize = 8;
/** `HH:MM:SS` */
const CLOCK_BYTES: usize = 8;

const CODES_BYTES: usize = 4 * MAX_BATCH_RECORDS;
/** With `+HH:MM` behind it, which the rules read. */
const WITH_OFFSET_BYTES: usize = 25;

function digitAt(address: usize): u32 {
	return (load<u8>(address) as u32) - ZERO;
}

/** Two digits; 255 where there are others. */
function twoDigits(address: usize): u32 {
	const tens = digitAt(address);
	const ones = digitAt(address + 1);
	return tens <= 9 && ones <= 9 ? tens * 10 + ones : 255;
}

/** Whether there is a digit at an address in front of the end. */
function isDigit(address: usize, end: usize): bool {
	return address < end && digitAt(address) <= 9;
}
function isByte(address: usize, end: usize, byte: u8): bool {
	return address < end && load<u8>(address) === byte;
}
/** The first byte from there on that is neither a space nor a tab. */
/** Whether there is nothing but spaces and tabs. */
export function isBlank(start: usize, end: usize): bool {
	return skipBlanks(start, end) === end;
}

function skipBlanks(start: usize, end: usize): usize {
	let at = start;
	while (at < end && (load<u8>(at) === SPACE || load<u8>(at) === TAB)) at++;
	return at;
}

/** The clock of the date that was read last. */
let clock: u32 = 0;

/** Reads a date by the rules: the grammar is that of `parseCalendarDate` in analysis/calendar-date.ts. */
export function readDate(fieldStart: usize, fieldEnd: usize): u32 {
	clock = 0;
	let end = fieldEnd;
	const start = skipBlanks(fieldStart, end);
	while (end > start && (load<u8>(end - 1) === SPACE || load<u8>(end - 1) === TAB)) end--;
	if (end < start + BASIC_DATE_BYTES) return NO_DATE;
	const dash: usize = load<u8>(start, 4) === DASH ? 1 : 0;
	const dayEnd = start + BASIC_DATE_BYTES + 2 * dash;
	if (dash === 1 && (end < dayEnd || load<u8>(start, 7) !== DASH)) return NO_DATE;
	const century = twoDigits(start);
	const rest = twoDigits(start + 2);
	const month = twoDigits(start + 4 + dash);
	const day = twoDigits(dayEnd - 2);
	const year = century * 100 + rest;
	if (century === 255 || rest === 255 || year === 0 || month > 12 || day === 0) return NO_DATE;
	const isLeapYear = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
	const isLeapDay = month === 2 && day === 29 && isLeapYear;
	if (!isLeapDay && day > (load<u8>(DAYS_OF_MONTH + month) as u32)) return NO_DATE;
	if (end > dayEnd && !isTime(dayEnd, end)) {
		clock = 0;
		return NO_DATE;
	}
	return (year << YEAR_SHIFT) | (month << MONTH_SHIFT) | day;
}

/** What may stand behind a day, up to an end without blanks in front of it. */
function isTime(start: usize, end: usize): bool {
	let at = start + 1;
	if ((load<u8>(start) | LOWER_CASE) !== 0x74) {
		at = skipBlanks(start, end);
		if (at === start) return false;
	}
	at = skipClock(at, end);
	if (at === 0) return false;
	if (at === end) return true;
	at = skipZone(skipBlanks(at, end), end);
	while (at !== 0 && at < end) at = skipZoneName(skipBlanks(at, end), end);
	return at !== 0;
}

/** Returns the end of the time of day that begins there; 0 where none does. */
function skipClock(start: usize, end: usize): usize {
	if (isUsualClock(start, end)) {
		clock = clockOf(twoDigits(start), twoDigits(start + 3), twoDigits(start + 6));
		return skipFraction(start + CLOCK_BYTES, end);
	}
	if (end < start + 2) return 0;
	const hour = twoDigits(start);
	if (hour > 24) return 0;
	let at = start + 2;
	const colon: usize = isByte(at, end, COLON) ? 1 : 0;
	clock = clockOf(hour, 0, 0);
	if (colon === 0 && !isDigit(at, end)) return at;
	at += colon;
	const minute = end < at + 2 ? 255 : twoDigits(at);
	if (minute > 59) return 0;
	at += 2;
	let second: u32 = 0;
	let hasFraction = false;
	if (colon === 1 ? isByte(at, end, COLON) : isDigit(at, end)) {
		at += colon;
		second = end < at + 2 ? 255 : twoDigits(at);
		if (second > 60) return 0;
		at += 2;
		const fraction = at;
		at = skipFraction(at, end);
		for (let digit = fraction + 1; digit < at; digit++) hasFraction = hasFraction || load<u8>(digit) !== ZERO;
	}
	clock = clockOf(hour, minute, second);
	return hour === 24 && (minute !== 0 || second !== 0 || hasFraction) ? 0 : at;
}

/** Whether `HH:MM:SS` begins there, as times mostly are: all of it at once, and in need of no closer look. */
function isUsualClock(start: usize, end: usize): bool {
	if (end < start + CLOCK_BYTES) return false;
	const digits = i8x16.sub(v128.load(start), v128.load(CLOCK_PATTERN));
	if ((i8x16.bitmask(i8x16.add_sat_u(digits, v128.load(CLOCK_LIMITS))) & 0xff) !== 0) return false;
	// From 20 on, hours have ones up to 3.
	return load<u8>(start) < 0x32 || load<u8>(start, 1) < 0x34;
}

/** Returns the end of the fraction that begins there, or its beginning where there is none; 0 where it is wrong. */
function skipFraction(start: usize, end: usize): usize {
	if (!isByte(start, end, POINT) && !isByte(start, end, COMMA)) return start;
	let at = start + 1;
	while (isDigit(at, end)) at++;
	return at === start + 1 ? 0 : at;
}

/** Returns the end of the zone that begins there, or its beginning where there is none; 0 where it is wrong. */
function skipZone(start: usize, end: usize): usize {
	const first = load<u8>(start);
	if ((first | LOWER_CASE) === 0x7a) return start + 1;
	if (end >= start + 3 && ((load<u32>(start) | 0x20_2020) & 0xff_ffff) === UTC) return start + 3;
	if (first !== PLUS && first !== DASH) return start;
	let at = start + 1;
	if (end < at + 2 || twoDigits(at) > 23) return 0;
	at += 2;
	const colon: usize = isByte(at, end, COLON) ? 1 : 0;
	if (colon === 0 && !isDigit(at, end)) return at;
	at += colon;
	return end < at + 2 || twoDigits(at) > 59 ? 0 : at + 2;
}

/** Returns the end of the `[name]` that begins there; 0 where none does. */
function skipZoneName(start: usize, end: usize): usize {
	if (load<u8>(start) !== 0x5b) return 0;
	let at = start + 1;
	while (at < end && isNameByte(load<u8>(at))) at++;
	return at === start + 1 || !isByte(at, end, 0x5d) ? 0 : at + 1;
}

function isNameByte(byte: u8): bool {
	const letter = (byte | LOWER_CASE) - 0x61;
	// + - . / and digits and colon are neighbours but for the comma.
	const isNeighbour = byte >= PLUS && byte <= COLON && byte !== COMMA;
	return letter < 26 || isNeighbour || byte === 0x5f || byte === 0x3d || byte === 0x7e || byte === 0x21;
}

@unmanaged
export class DateReader {
	column: i32;
	/** Whether a record may be without it. */
	isOptional: bool;
	/** One u32 for each record of a run. */
	codes: usize;
	/** The same of clocks; 0 where nobody needs them. */
	clocks: usize;
	/** Of the record that is read by the rules. */
	code: u32;
	clock: u32;
	isBlank: bool;

	create(column: i32, isOptional: bool, hasClocks: bool): void {
		this.column = column;
		this.isOptional = isOptional;
		this.codes = allocate(CODES_BYTES);
		this.clocks = hasClocks ? allocate(CODES_BYTES) : 0;
	}
	release(): void {
		release(this.codes, CODES_BYTES);
		if (this.clocks !== 0) release(this.clocks, CODES_BYTES);
	}

	/** Reads the cell of a record by the rules. */
	readCell(start: usize, end: usize): void {
		this.code = readDate(start, end);
		this.clock = clock;
		this.isBlank = isBlank(start, end);
	}

	/** Whether a cell of this length may be one that the loop over a run reads. */
	private isPlainLength(length: usize): bool {
		return this.clocks === 0 ? length === DATE_BYTES : length >= TIMESTAMP_BYTES && length !== WITH_OFFSET_BYTES;
	}

	/** The date and the clock of a record of a run as one number, which sorts like the time; 0 where there is none. */
	momentAt(record: i32): u64 {
		const at: usize = 4 * (record as usize);
		return momentOf(load<u32>(this.codes + at), load<u32>(this.clocks + at));
	}
	/** The same of the record that is read by the rules. */
	moment(): u64 {
		return momentOf(this.code, this.clock);
	}

	/** Reads the cells of a run. Flags the records that have no date and must have one. */
	readRun(cells: Cells, count: i32): void {
		let record: i32 = 0;
		while (record < count) {
			record =
				this.clocks === 0
					? readPlain(cells, record, count, this.codes)
					: readPlainTimes(cells, record, count, this.codes, this.clocks);
			// A column with times or blanks has them in each record, so after one of another length the next is read by the rules, too.
			for (let isPlain = false; record < count && !isPlain; record++) {
				openEntry(cells.entries + cells.stride * (record as usize));
				const code = readDate(openedStart(), openedEnd());
				isPlain = this.isPlainLength(openedEnd() - openedStart());
				store<u32>(this.codes + 4 * (record as usize), code);
				if (this.clocks !== 0) store<u32>(this.clocks + 4 * (record as usize), clock);
				if (code === NO_DATE && !this.isOptional) flag(record);
			}
		}
	}
}

/**
Reads dates as long as they are of ten bytes, and no 29th of February. It calls nothing, so that all it needs stays in registers.

@returns The first record whose date is another.
*/
function readPlain(cells: Cells, first: i32, count: i32, codes: usize): i32 {
	const pattern = v128.load(DATE_PATTERN);
	const limits = v128.load(DATE_LIMITS);
	const order = v128.load(DATE_ORDER);
	const tens = v128.load(TENS);
	const parts = v128.load(DATE_PARTS);
	const stride = cells.stride;
	const mayHaveCarriageReturn = cells.mayHaveCarriageReturn;
	const quote = cells.quote;
	const target = codes + 4 * (first as usize);
	let out = target;
	const targetEnd = codes + 4 * (count as usize);
	let entry = cells.entries + stride * (first as usize);
	for (; out < targetEnd; out += 4, entry += stride) {
		let start = (load<u32>(entry) as usize) + 1;
		let end = load<u32>(entry, 4) as usize;
		if (mayHaveCarriageReturn) end -= (load<u8>(end - 1) === 0x0d && load<u8>(end) === 0x0a) as usize;
		if (quote >= 0) {
			const isQuoted = (load<u8>(start) === (quote as u8)) as usize;
			start += isQuoted;
			end -= isQuoted;
		}
		const digits = i8x16.sub(v128.load(start), pattern);
		const lanes = i16x8.relaxed_dot_i8x16_i7x16_s(i8x16.relaxed_swizzle(digits, order), tens);
		// The month and the day in the low half, the year in the high one.
		const halves = i64x2.extract_lane(i32x4.dot_i16x8_s(lanes, parts), 0) as u64;
		const code = ((halves >> (32 - YEAR_SHIFT)) as u32) | (halves as u32);
		const month = (code >> MONTH_SHIFT) & 127;
		const day = (code & 127) as i32;
		const days = load<u8>(DAYS_OF_MONTH + (month as usize)) as i32;
		// What must not be is negative here, or not zero there: joined, they cost one branch, and are not made to truth values.
		const negatives = ((code - FIRST_CODE) as i32) | (day - 1) | (days - day);
		const others = (i8x16.bitmask(i8x16.add_sat_u(digits, limits)) & 0x3ff) | ((end - start - DATE_BYTES) as i32);
		if (((negatives >> 31) | others) !== 0) break;
		store<u32>(out, code);
	}
	return first + (((out - target) >> 2) as i32);
}
