// Dates and times by the rules, one text at a time.
import {clockOf, MONTH_SHIFT, NO_DATE, YEAR_SHIFT} from './date-code';
import {DAYS_OF_MONTH} from './memory';
import {CLOCK_LIMITS, CLOCK_PATTERN} from './vectors';

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
/** `YYYYMMDD` */
const BASIC_DATE_BYTES: usize = 8;
/** `HH:MM:SS` */
const CLOCK_BYTES: usize = 8;
/** No month has a larger number. */
export const LAST_MONTH: u32 = 12;

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
/** Whether there is nothing but spaces and tabs. */
export function isBlank(start: usize, end: usize): bool {
	return skipBlanks(start, end) === end;
}

/** The first byte from there on that is neither a space nor a tab. */
function skipBlanks(start: usize, end: usize): usize {
	let at = start;
	while (at < end && (load<u8>(at) === SPACE || load<u8>(at) === TAB)) at++;
	return at;
}

/** The clock of the date that was read last. */
let clock: u32 = 0;
export function clockRead(): u32 {
	return clock;
}

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
	if (century === 255 || rest === 255) return NO_DATE;
	const code = codeOf(year, month, day);
	if (code === NO_DATE) return NO_DATE;
	if (end > dayEnd && !isTime(dayEnd, end)) {
		clock = 0;
		return NO_DATE;
	}
	return code;
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

const SLASH: u8 = 0x2f;
/** Of two digits, those below are of 2000. */
const SMALLEST_IN_1900: u32 = 69;

/** Behind the part of a date that was read last. */
let partEnd: usize = 0;

/** Reads one digit or two; 0 where there is none. */
function readShort(start: usize, end: usize): u32 {
	partEnd = start;
	if (!isDigit(start, end)) return 0;
	const isTwo = isDigit(start + 1, end);
	partEnd = start + (isTwo ? 2 : 1);
	return isTwo ? twoDigits(start) : digitAt(start);
}

/** `NO_DATE` where that is no day of the calendar. */
function codeOf(year: u32, month: u32, day: u32): u32 {
	if (year === 0 || month === 0 || month > LAST_MONTH || day === 0) return NO_DATE;
	const isLeapYear = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
	const isLeapDay = month === 2 && day === 29 && isLeapYear;
	if (!isLeapDay && day > (load<u8>(DAYS_OF_MONTH + (month as usize)) as u32)) return NO_DATE;
	return (year << YEAR_SHIFT) | (month << MONTH_SHIFT) | day;
}

/** What stands between the parts of the date that `readParts` has read last. */
let separatorRead: u8 = SLASH;
export function separatorOfParts(): u8 {
	return separatorRead;
}

/** Day, month and year of two digits or four, or with the month first, and a time behind them where ISO has the same. */
export function readParts(fieldStart: usize, fieldEnd: usize, isDayFirst: bool): u32 {
	clock = 0;
	let end = fieldEnd;
	const start = skipBlanks(fieldStart, end);
	while (end > start && (load<u8>(end - 1) === SPACE || load<u8>(end - 1) === TAB)) end--;
	const first = readShort(start, end);
	const separator = partEnd;
	const sign = load<u8>(separator);
	if (first === 0 || separator === end || (sign !== SLASH && sign !== POINT && sign !== DASH)) return NO_DATE;
	const second = readShort(separator + 1, end);
	const yearAt = partEnd + 1;
	if (second === 0 || partEnd >= end || load<u8>(partEnd) !== sign || end < yearAt + 2) return NO_DATE;
	const short = twoDigits(yearAt);
	if (short === 255) return NO_DATE;
	const isFull = isDigit(yearAt + 2, end);
	const rest: u32 = !isFull ? 0 : end < yearAt + 4 ? 255 : twoDigits(yearAt + 2);
	const yearEnd = yearAt + (isFull ? 4 : 2);
	if (rest === 255 || isDigit(yearEnd, end)) return NO_DATE;
	const year = isFull ? short * 100 + rest : short + (short < SMALLEST_IN_1900 ? 2000 : 1900);
	const code = codeOf(year, isDayFirst ? second : first, isDayFirst ? first : second);
	if (code === NO_DATE) return NO_DATE;
	if (end > yearEnd && !isTime(yearEnd, end)) {
		clock = 0;
		return NO_DATE;
	}
	separatorRead = sign;
	return code;
}
