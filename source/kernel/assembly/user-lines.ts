// Lines of a log -> records of those that have a user, `2024-03-01T10:00:00`, a unit separator, the user, LF: they are read as any others. What a
// user is and a time, input/lines/user-forms.ts and line-time.ts say; here are the usual lines alone, and all others are left to the host:
//
//   access   127.0.0.1 - alice [10/Oct/2023:13:55:36 +0200] …      in ASCII, at a time that there is
//   pairs    2024-03-01T10:00:00 … user=alice …                    the same, with the time at the beginning of the line
import {allocate, DAYS_OF_MONTH, KEEP_FIRST} from './memory';

// Forms, as the host says them.
const LOGIN: i32 = 0;
const CLIENT: i32 = 1;

const LF: u8 = 0x0a;
const CR: u8 = 0x0d;
const SPACE: u8 = 0x20;
const QUOTE: u8 = 0x22;
const DASH: u8 = 0x2d;
const SLASH: u8 = 0x2f;
const COLON: u8 = 0x3a;
const EQUALS: u8 = 0x3d;
const BRACKET: u8 = 0x5b;
const CLOSING_BRACKET: u8 = 0x5d;
const UPPER_T: u8 = 0x54;
const UNIT_SEPARATOR: u8 = 0x1f;
const ZERO: u8 = 0x30;

/** `[10/Oct/2023:13:55:36` */
const ACCESS_TIME_BYTES: usize = 21;
/** `2024-03-01T10:00:00` */
const TIME_BYTES: usize = 19;
/** Of a record beside its user; users are written 16 bytes at a time. */
const RECORD_BYTES: usize = TIME_BYTES + 2 + 16;
/** Of a longer line the slow reader takes the beginning alone. */
const MAX_LINE_BYTES: usize = 65_536;
/** No date is before the first year. */
const NO_NUMBER: u32 = 0xffff;

/** By the byte: whether it may stand in front of the name of a pair, and whether it ends its value. */
const IN_FRONT: u8 = 1;
const BEHIND: u8 = 2;
let kinds: usize = 0;

function prepareKinds(): void {
	if (kinds !== 0) return;
	kinds = allocate(256);
	memory.fill(kinds, 0, 256);
	// Blanks, and , ; " ' & |
	markBoth(0x20);
	markBoth(0x09);
	markBoth(0x2c);
	markBoth(0x3b);
	markBoth(0x22);
	markBoth(0x27);
	markBoth(0x26);
	markBoth(0x7c);
	// ( [ { < ? and ) ] } > CR
	mark(0x28, IN_FRONT);
	mark(0x5b, IN_FRONT);
	mark(0x7b, IN_FRONT);
	mark(0x3c, IN_FRONT);
	mark(0x3f, IN_FRONT);
	mark(0x29, BEHIND);
	mark(0x5d, BEHIND);
	mark(0x7d, BEHIND);
	mark(0x3e, BEHIND);
	mark(0x0d, BEHIND);
}
function mark(byte: usize, as: u8): void {
	store<u8>(kinds + byte, load<u8>(kinds + byte) | as);
}
function markBoth(byte: usize): void {
	mark(byte, IN_FRONT | BEHIND);
}
function isKind(byte: u8, kind: u8): bool {
	return (load<u8>(kinds + (byte as usize)) & kind) !== 0;
}

// What a call leaves behind: where the records end, how many lines were taken, and whether it ended at a line that is left to the host.
let written: usize = 0;
let lines: u32 = 0;
let lineEnd: usize = 0;

export function userRecordsEnd(): usize {
	return written;
}
export function userLinesTaken(): u32 {
	return lines;
}
/** Behind the line end of the line that is left to the host; 0 for none. */
export function userLineLeft(): usize {
	return lineEnd;
}

/** The user of a line; without one, both are 0. */
let userStart: usize = 0;
let userEnd: usize = 0;

/**
Takes whole lines until there is no more room for records, or one is left to the host. Up to 64 bytes behind `end` may be read.

@param target - Where records are written, up to `targetEnd`.
@returns Where the first line begins that was not taken.
*/
export function takeUserLines(from: usize, end: usize, form: i32, target: usize, targetEnd: usize): usize {
	prepareKinds();
	written = target;
	lines = 0;
	lineEnd = 0;
	let line = from;
	while (line < end) {
		const feed = findByte(line, end, LF);
		if (feed === end) break;
		let textEnd = feed;
		while (textEnd > line && load<u8>(textEnd - 1) === CR) textEnd--;
		if (written + (textEnd - line) + RECORD_BYTES > targetEnd) {
			if (written > target) break;
			lineEnd = feed + 1;
			break;
		}
		if (feed - line >= MAX_LINE_BYTES || !takeLine(line, textEnd, form)) {
			lineEnd = feed + 1;
			break;
		}
		lines++;
		line = feed + 1;
	}
	return line;
}

/** Where a byte is next; `end` for nowhere. */
function findByte(from: usize, end: usize, byte: u8): usize {
	const wanted = i8x16.splat(byte);
	for (let at = from; at < end; at += 16) {
		const mask = i8x16.bitmask(i8x16.eq(v128.load(at), wanted));
		if (mask !== 0) return min(at + (ctz<u32>(mask as u32) as usize), end);
	}
	return end;
}

/** Returns false where the line is for the host. */
function takeLine(line: usize, end: usize, form: i32): bool {
	if (form !== LOGIN && form !== CLIENT) return takePairs(line, end);
	const bracket = findAccessTime(line, end);
	if (bracket === 0) return true;
	const clientEnd = findByte(line, end, SPACE);
	const identEnd = clientEnd === line || clientEnd === end ? end : findByte(clientEnd + 1, end, SPACE);
	if (identEnd === end || identEnd + 1 >= bracket - 1) return true;
	userStart = form === CLIENT ? line : identEnd + 1;
	userEnd = form === CLIENT ? clientEnd : bracket - 1;
	if (userEnd - userStart === 1 && load<u8>(userStart) === DASH) return true;
	const clock = clockAt(bracket + 13);
	return writeRecord(numberAt(bracket + 8, 4), monthAt(bracket + 4), numberAt(bracket + 1, 2), clock);
}

/** Where the bracket with the time is; 0 for nowhere. */
function findAccessTime(line: usize, end: usize): usize {
	for (let at = findByte(line, end, BRACKET); at < end; at = findByte(at + 1, end, BRACKET)) {
		if (at > line && load<u8>(at - 1) === SPACE && isAccessTime(at, end)) return at;
	}
	return 0;
}

/** By its digits and signs; see `isAccessTime` of input/lines/user-forms.ts. */
function isAccessTime(at: usize, end: usize): bool {
	if (at + ACCESS_TIME_BYTES >= end) return false;
	const behind = load<u8>(at, ACCESS_TIME_BYTES);
	if (behind !== SPACE && behind !== CLOSING_BRACKET) return false;
	const areSigns =
		load<u8>(at, 3) === SLASH &&
		load<u8>(at, 7) === SLASH &&
		load<u8>(at, 12) === COLON &&
		load<u8>(at, 15) === COLON &&
		load<u8>(at, 18) === COLON;
	if (!areSigns) return false;
	const numbers = numberAt(at + 1, 2) | numberAt(at + 8, 4) | numberAt(at + 13, 2);
	return (numbers | numberAt(at + 16, 2) | numberAt(at + 19, 2)) !== NO_NUMBER;
}

/** Of so many digits; `NO_NUMBER`, which has all bits of any other, where there are others. */
function numberAt(at: usize, digits: usize): u32 {
	let number: u32 = 0;
	for (let index: usize = 0; index < digits; index++) {
		const digit = (load<u8>(at + index) - ZERO) as u32;
		if (digit > 9) return NO_NUMBER;
		number = number * 10 + digit;
	}
	return number;
}

/** The month by its name in three letters; 0 for none. */
function monthAt(at: usize): u32 {
	switch (load<u32>(at) & 0xff_ffff) {
		case 0x6e_61_4a:
			return 1;
		case 0x62_65_46:
			return 2;
		case 0x72_61_4d:
			return 3;
		case 0x72_70_41:
			return 4;
		case 0x79_61_4d:
			return 5;
		case 0x6e_75_4a:
			return 6;
		case 0x6c_75_4a:
			return 7;
		case 0x67_75_41:
			return 8;
		case 0x70_65_53:
			return 9;
		case 0x74_63_4f:
			return 10;
		case 0x76_6f_4e:
			return 11;
		case 0x63_65_44:
			return 12;
		default:
			return 0;
	}
}

/** Where `HH:MM:SS` stands that is a time of the day; 0 for another one. */
function clockAt(at: usize): usize {
	const isClock =
		load<u8>(at, 2) === COLON &&
		load<u8>(at, 5) === COLON &&
		numberAt(at, 2) < 24 &&
		numberAt(at + 3, 2) < 60 &&
		numberAt(at + 6, 2) < 60;
	return isClock ? at : 0;
}

/** Writes the record of the user that was found last; false where it is for the host. */
function writeRecord(year: u32, month: u32, day: u32, clock: usize): bool {
	if (clock === 0 || year === 0 || year === NO_NUMBER || month === 0 || month > 12 || day === 0) return false;
	const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
	const days = (load<u8>(DAYS_OF_MONTH + (month as usize)) as u32) + ((month === 2 && isLeap) as u32);
	if (day > days || !isPrintable(userStart, userEnd)) return false;
	const target = written;
	writeTwoDigits(target, year / 100);
	writeTwoDigits(target + 2, year % 100);
	store<u8>(target, DASH, 4);
	writeTwoDigits(target + 5, month);
	store<u8>(target, DASH, 7);
	writeTwoDigits(target + 8, day);
	store<u8>(target, UPPER_T, 10);
	store<u64>(target, load<u64>(clock), 11);
	store<u8>(target, UNIT_SEPARATOR, TIME_BYTES);
	const user = target + TIME_BYTES + 1;
	const bytes = userEnd - userStart;
	for (let at: usize = 0; at < bytes; at += 16) v128.store(user + at, v128.load(userStart + at));
	store<u8>(user + bytes, LF);
	written = user + bytes + 1;
	return true;
}

function writeTwoDigits(at: usize, number: u32): void {
	store<u8>(at, ZERO + ((number / 10) as u8));
	store<u8>(at, ZERO + ((number % 10) as u8), 1);
}

/** Whether all bytes are ASCII, and none is a control character. */
function isPrintable(start: usize, end: usize): bool {
	const spaces = i8x16.splat(SPACE);
	const most = i8x16.splat(0x5e);
	for (let at = start; at < end; at += 16) {
		const above = i8x16.gt_u(i8x16.sub(v128.load(at), spaces), most);
		const mask = v128.and(above, v128.load(KEEP_FIRST + 16 * min<usize>(end - at, 16)));
		if (v128.any_true(mask)) return false;
	}
	return true;
}

/** Returns false where the line is for the host. */
function takePairs(line: usize, end: usize): bool {
	if (!findPair(line, end)) return true;
	const isDay = load<u8>(line, 4) === DASH && load<u8>(line, 7) === DASH;
	const separator = load<u8>(line, 10);
	if (!isDay || end - line < TIME_BYTES || (separator !== UPPER_T && separator !== SPACE)) return false;
	// Behind it no digit may stand; at the end of the line there is its line end.
	if (load<u8>(line, TIME_BYTES) - ZERO <= 9) return false;
	return writeRecord(numberAt(line, 4), numberAt(line + 5, 2), numberAt(line + 8, 2), clockAt(line + 11));
}

/** Finds the first pair that has a value. */
function findPair(line: usize, end: usize): bool {
	for (let equals = findByte(line, end, EQUALS); equals < end; equals = findByte(equals + 1, end, EQUALS)) {
		if (!hasNameInFront(line, equals)) continue;
		const isQuoted = load<u8>(equals, 1) === QUOTE && equals + 1 < end;
		userStart = equals + 1 + (isQuoted as usize);
		userEnd = userStart;
		if (isQuoted) userEnd = findByte(userStart, end, QUOTE);
		else while (userEnd < end && !isKind(load<u8>(userEnd), BEHIND)) userEnd++;
		if (userEnd > userStart) return true;
	}
	return false;
}

/** Whether `user`, `user_id` or `uid` stands in front of an equals sign, and nothing that would make it another name. */
function hasNameInFront(line: usize, equals: usize): bool {
	const before = equals - line;
	let length: usize = 0;
	if (before >= 4 && load<u32>(equals - 4) === 0x72_65_73_75) length = 4;
	else if (before >= 7 && load<u32>(equals - 7) === 0x72_65_73_75 && load<u32>(equals - 4) === 0x64_69_5f_72)
		length = 7;
	else if (before >= 3 && (load<u32>(equals - 3) & 0xff_ffff) === 0x64_69_75) length = 3;
	if (length === 0) return false;
	return before === length || isKind(load<u8>(equals - length - 1), IN_FRONT);
}
