// Cells that are written like one that the host has rewritten, but for their digits: they are rewritten here. The host gets the first cell of
// each shape. Where it makes of it what is expected here, it would do so with all others, and note nothing that it has not noted.
//
//   numbers   -? affix? numeral affix?     affixes have letters, blanks, $, % and bytes beyond ASCII
//   dates     31.12.2024, with / or -, and a time behind it
//
// Numbers that show a form by their digits have no shape: `1.234`, and codes like `0 123`.
import {reserve} from '../keys';
import {DAYS_OF_MONTH, STATES} from '../memory';

/** What the host alone rewrites. */
export const NO_SHAPE: i32 = -1;
/** Of a cell that is in the plain form. */
export const STAYS: i32 = -1;

const MAX_DIGITS: usize = 15;
const MAX_AFFIX_BYTES: usize = 16;
const DIGITS_OF_GROUP: usize = 3;

const TAB: u8 = 0x09;
const SPACE: u8 = 0x20;
const DOLLAR: u8 = 0x24;
const PERCENT: u8 = 0x25;
const APOSTROPHE: u8 = 0x27;
const COMMA: u8 = 0x2c;
const MINUS: u8 = 0x2d;
const POINT: u8 = 0x2e;
const SLASH: u8 = 0x2f;
const ZERO: u8 = 0x30;
const COLON: u8 = 0x3a;
const LOWER_CASE: u8 = 0x20;

// The shape of a number: its decimal mark + 3 × the sign between its groups + 16 if it is negative. One in plain form is a shape by itself.
const WITH_POINT: i32 = 1;
const WITH_COMMA: i32 = 2;
const MARKS: i32 = 3;
const NEGATIVE: i32 = 16;

// The shape of a date: which of its first numbers may be the day, and whether the second one is it.
const FIRST_ALONE: i32 = 0;
const SECOND_ALONE: i32 = 2;
const EQUAL: i32 = 4;
export const OPEN: i32 = 6;
const DAY_IS_SECOND: i32 = 1;

/** What the last cell would be in the plain form: how many bytes it has, or `STAYS`. */
let expectedBytes: i32 = STAYS;
export function expected(): i32 {
	return expectedBytes;
}
/** The affixes of the last number. */
let prefix: usize = 0;
let prefixBytes: usize = 0;
let suffix: usize = 0;
let suffixBytes: usize = 0;

@unmanaged
export class WrittenShapes {
	/** One bit for each shape of numbers that are rewritten as expected: without affixes, and with the ones below. */
	bare: u32;
	affixed: u32;
	/** The same of dates. */
	dates: u32;
	hasAffixes: bool;
	prefixBytes: u32;
	suffixBytes: u32;
	/** Where they are kept. */
	affixes: usize;

	begin(): void {
		this.bare = 0;
		this.affixed = 0;
		this.dates = 0;
		this.hasAffixes = false;
	}

	/** Whether the last number, of this shape, is to be as expected. */
	knowsNumber(shape: i32): bool {
		if (prefixBytes + suffixBytes === 0) return ((this.bare >> shape) & 1) !== 0;
		return ((this.affixed >> shape) & 1) !== 0 && this.hasLastAffixes();
	}
	/** Says that it was. */
	learnNumber(shape: i32): void {
		if (prefixBytes + suffixBytes === 0) {
			this.bare |= (1 as u32) << shape;
			return;
		}
		if (!this.hasAffixes) {
			this.hasAffixes = true;
			this.prefixBytes = prefixBytes as u32;
			this.suffixBytes = suffixBytes as u32;
			memory.copy(this.affixes, prefix, prefixBytes);
			memory.copy(this.affixes + prefixBytes, suffix, suffixBytes);
		} else if (!this.hasLastAffixes()) return;
		this.affixed |= (1 as u32) << shape;
	}
	private hasLastAffixes(): bool {
		if (prefixBytes !== (this.prefixBytes as usize) || suffixBytes !== (this.suffixBytes as usize)) return false;
		if (memory.compare(this.affixes, prefix, prefixBytes) !== 0) return false;
		return memory.compare(this.affixes + prefixBytes, suffix, suffixBytes) === 0;
	}

	/** Whether dates of a shape are to be as expected. */
	knowsDate(shape: i32): bool {
		return ((this.dates >> shape) & 1) !== 0;
	}
	/** Whether the day stands behind the month where both may be. */
	takesSecond(): bool {
		return this.knowsDate(OPEN + DAY_IS_SECOND);
	}
	learnDate(shape: i32): void {
		this.dates |= (1 as u32) << shape;
	}
}

export function createShapes(): WrittenShapes {
	const shapes = changetype<WrittenShapes>(reserve(STATES, offsetof<WrittenShapes>()));
	shapes.affixes = reserve(STATES, MAX_AFFIX_BYTES);
	return shapes;
}

function isDigit(byte: u8): bool {
	return byte - ZERO <= 9;
}

function isOfAffix(byte: u8): bool {
	if (byte >= 0x80 || byte === SPACE || byte === TAB || byte === DOLLAR || byte === PERCENT) return true;
	return (byte | LOWER_CASE) - 0x61 < 26;
}

/** Finds the shape of a cell that may be a number, and writes what is expected of it. @param target - Has room for `MAX_DIGITS` and signs. */
export function shapeOfNumber(start: usize, end: usize, target: usize): i32 {
	let at = start;
	const isNegative = load<u8>(at) === MINUS;
	at += isNegative as usize;
	prefix = at;
	while (at < end && isOfAffix(load<u8>(at))) at++;
	prefixBytes = at - prefix;
	if (at === end || !isDigit(load<u8>(at))) return NO_SHAPE;
	let last = end;
	while (isOfAffix(load<u8>(last - 1))) last--;
	suffix = last;
	suffixBytes = end - last;
	if (!isDigit(load<u8>(last - 1)) || last - at > 2 * MAX_DIGITS || prefixBytes + suffixBytes > MAX_AFFIX_BYTES)
		return NO_SHAPE;
	if (isNegative) store<u8>(target, MINUS);
	const shape = shapeOfNumeral(at, last, target + (isNegative as usize));
	if (shape === NO_SHAPE) return NO_SHAPE;
	expectedBytes += isNegative as i32;
	if (shape <= WITH_POINT && prefixBytes + suffixBytes === 0) expectedBytes = STAYS;
	return isNegative ? shape + NEGATIVE : shape;
}

/** Digits with signs among them; it begins and ends with a digit. */
function shapeOfNumeral(start: usize, end: usize, target: usize): i32 {
	let out = target;
	let group: u8 = 0;
	let mark: u8 = 0;
	let run = start;
	let first: usize = 0;
	for (let at = start; ; at++) {
		const byte: u8 = at < end ? load<u8>(at) : 0;
		if (at < end && isDigit(byte)) continue;
		const digits = at - run;
		const isLast = at === end;
		memory.copy(out, run, digits);
		out += digits;
		if (run === start) first = digits;
		else if (mark === 0 && digits !== DIGITS_OF_GROUP) return NO_SHAPE;
		if (isLast) break;
		if (mark !== 0 || digits === 0) return NO_SHAPE;
		if (isMark(at, end, group)) {
			mark = byte;
			store<u8>(out++, POINT);
		} else if (group === 0 && isGroup(byte)) group = byte;
		else if (byte !== group) return NO_SHAPE;
		run = at + 1;
	}
	if (end - start > MAX_DIGITS + 6 || out - target > MAX_DIGITS) return NO_SHAPE;
	if (group !== 0 && (first > DIGITS_OF_GROUP || load<u8>(start) === ZERO)) return NO_SHAPE;
	// With one sign alone and three digits behind it, it may be a number of thousands.
	if (
		group === 0 &&
		mark !== 0 &&
		end - run === DIGITS_OF_GROUP &&
		first <= DIGITS_OF_GROUP &&
		load<u8>(start) !== ZERO
	)
		return NO_SHAPE;
	expectedBytes = (out - target) as i32;
	return (mark === 0 ? 0 : mark === POINT ? WITH_POINT : WITH_COMMA) + MARKS * numberOfGroup(group);
}

/** Whether a point or comma stands in front of the last digits, and the groups, if there are any, have another sign. */
function isMark(at: usize, end: usize, group: u8): bool {
	const byte = load<u8>(at);
	if ((byte !== POINT && byte !== COMMA) || byte === group) return false;
	for (let next = at + 1; next < end; next++) if (!isDigit(load<u8>(next))) return false;
	return true;
}

function isGroup(byte: u8): bool {
	return byte === POINT || byte === COMMA || byte === SPACE || byte === APOSTROPHE;
}

function numberOfGroup(group: u8): i32 {
	if (group === 0) return 0;
	return group === POINT ? 1 : group === COMMA ? 2 : group === SPACE ? 3 : 4;
}

function twoDigits(address: usize): u32 {
	return ((load<u8>(address) - ZERO) as u32) * 10 + ((load<u8>(address, 1) - ZERO) as u32);
}

/**
Finds the shape of a cell that may be a date, and writes what is expected of it.

@param takesSecond - Which number is the day where both may be.
*/
export function shapeOfDate(takesSecond: bool, start: usize, end: usize, target: usize): i32 {
	const first = digitsAt(start, end);
	const separator = load<u8>(start + first);
	if (first === 0 || first > 2 || (separator !== POINT && separator !== SLASH && separator !== MINUS)) return NO_SHAPE;
	const middle = start + first + 1;
	const second = digitsAt(middle, end);
	const year = middle + second + 1;
	if (second === 0 || second > 2 || year + 4 > end || load<u8>(year - 1) !== separator) return NO_SHAPE;
	if (digitsAt(year, end) !== 4 || load<u8>(year) === ZERO || !isClock(year + 4, end)) return NO_SHAPE;
	const one = numberAt(start, first);
	const other = numberAt(middle, second);
	if (one === 0 || other === 0 || (one > 12 && other > 12)) return NO_SHAPE;
	const kind = one === other ? EQUAL : one > 12 ? FIRST_ALONE : other > 12 ? SECOND_ALONE : OPEN;
	const isSecond = kind === SECOND_ALONE || takesSecond;
	const day = isSecond ? other : one;
	const month = isSecond ? one : other;
	if (month > 12 || day > (load<u8>(DAYS_OF_MONTH + (month as usize)) as u32)) return NO_SHAPE;
	store<u32>(target, load<u32>(year));
	writeTwoDigits(target + 4, month);
	writeTwoDigits(target + 7, day);
	memory.copy(target + 10, year + 4, end - year - 4);
	expectedBytes = 6 + ((end - year) as i32);
	return kind + (isSecond ? DAY_IS_SECOND : 0);
}

function digitsAt(start: usize, end: usize): usize {
	let at = start;
	while (at < end && isDigit(load<u8>(at))) at++;
	return at - start;
}

function numberAt(start: usize, digits: usize): u32 {
	return digits === 1 ? ((load<u8>(start) - ZERO) as u32) : twoDigits(start);
}

/** Behind a dash. */
function writeTwoDigits(at: usize, number: u32): void {
	store<u8>(at, MINUS);
	store<u8>(at, ZERO + ((number / 10) as u8), 1);
	store<u8>(at, ZERO + ((number % 10) as u8), 2);
}

/** Whether nothing, or ` HH:MM` or ` HH:MM:SS`, stands there. */
function isClock(start: usize, end: usize): bool {
	if (start === end) return true;
	const length = end - start;
	if ((length !== 6 && length !== 9) || load<u8>(start) !== SPACE) return false;
	if (!isPair(start + 1, 23) || load<u8>(start, 3) !== COLON || !isPair(start + 4, 59)) return false;
	return length === 6 || (load<u8>(start, 6) === COLON && isPair(start + 7, 59));
}

function isPair(at: usize, most: u32): bool {
	return isDigit(load<u8>(at)) && isDigit(load<u8>(at, 1)) && twoDigits(at) <= most;
}
