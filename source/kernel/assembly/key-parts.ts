// The parts of the key of a record: a text, a date up to its year, month or day, its weekday, or an hour. A key of two parts is the length of the first in
// four bytes, and both parts.
import {ComputedText} from './computed';
import {HOUR_SHIFT, MONTH_SHIFT, NO_DATE, weekdayOf, YEAR_SHIFT} from './date-code';
import {DateReader} from './date-reader';
import {openEntry, openedEnd, openedStart} from './fields';
import {allocate, DATE_KEY, release} from './memory';

export const TEXT: i32 = 0;
export const YEAR: i32 = 1;
export const MONTH: i32 = 2;
// 3 is the whole date.
export const HOUR: i32 = 4;
export const WEEKDAY: i32 = 5;
/** Of a column that is not there: an empty text. */
export const ABSENT: i32 = 6;
/** A text that a function of the host computes. */
export const COMPUTED_TEXT: i32 = 7;

const DASH: u8 = 0x2d;
const ZERO: u8 = 0x30;
const LENGTH_BYTES: usize = 4;

@unmanaged
export class KeyPart {
	part: i32;
	/** A column, a `DateReader` or a `ComputedText`. */
	at: usize;
}

/** Of a record that is read by the rules: its date is what the reader has read last. */
export const BY_RULES: i32 = -1;

let partStart: usize = 0;
let partBytes: usize = 0;

/** Opens a part of the key of a record. It is good until the next field is opened. */
function openPart(part: KeyPart, entries: usize, record: i32): void {
	partStart = DATE_KEY;
	partBytes = 0;
	if (part.part === ABSENT) return;
	if (part.part === TEXT) {
		openEntry(entries + 4 * part.at);
		partStart = openedStart();
		partBytes = openedEnd() - partStart;
		return;
	}
	if (part.part === COMPUTED_TEXT) {
		const text = changetype<ComputedText>(part.at);
		partStart = record === BY_RULES ? text.start : text.startOf(record);
		partBytes = (record === BY_RULES ? text.end : text.endOf(record)) - partStart;
		return;
	}
	const reader = changetype<DateReader>(part.at);
	if (part.part === HOUR) {
		const clock = record === BY_RULES ? reader.clock : load<u32>(reader.clocks + 4 * (record as usize));
		partBytes = writeHourKey(DATE_KEY, clock);
		return;
	}
	const date = record === BY_RULES ? reader.code : load<u32>(reader.codes + 4 * (record as usize));
	partBytes = writeDateKey(DATE_KEY, date, part.part);
}

/** Where keys of two parts are joined, with room behind them, for they are read 16 bytes at a time. */
let joined: usize = 0;
let joinedCapacity: usize = 0;

function reserveJoined(bytes: usize, used: usize): void {
	if (bytes + 64 <= joinedCapacity) return;
	const old = joined;
	const oldCapacity = joinedCapacity;
	joinedCapacity = 2 * (bytes + 64);
	joined = allocate(joinedCapacity);
	memory.copy(joined, old, used);
	if (oldCapacity > 0) release(old, oldCapacity);
}

let keyStart: usize = 0;
let keyEnd: usize = 0;
export function openedKeyStart(): usize {
	return keyStart;
}
export function openedKeyBytes(): usize {
	return keyEnd - keyStart;
}

/**
Opens the key of a record. It is good until the next field or key is opened.

@param entries - The entry in front of its first field.
@param record - Its place in the run, or `BY_RULES`.
*/
export function openKey(first: KeyPart, second: KeyPart | null, entries: usize, record: i32): void {
	openPart(first, entries, record);
	if (second === null) {
		keyStart = partStart;
		keyEnd = partStart + partBytes;
		return;
	}
	const firstEnd = LENGTH_BYTES + partBytes;
	reserveJoined(firstEnd, 0);
	store<u32>(joined, partBytes as u32);
	memory.copy(joined + LENGTH_BYTES, partStart, partBytes);
	openPart(second, entries, record);
	reserveJoined(firstEnd + partBytes, firstEnd);
	memory.copy(joined + firstEnd, partStart, partBytes);
	keyStart = joined;
	keyEnd = joined + firstEnd + partBytes;
}

/** Writes the hour of a clock: `00` to `23`. Returns how many bytes; none for no clock. The hour 24 is the first one, too. */
export function writeHourKey(target: usize, clock: u32): usize {
	v128.store(target, i64x2.splat(0));
	if (clock === 0) return 0;
	writeTwo(target, ((clock >> HOUR_SHIFT) - 1) % 24);
	return 2;
}

/** Writes the digits of a date up to a part: `2024`, `2024-05`, `2024-05-01`, or its weekday, `1` to `7`. Returns how many bytes; none for no date. */
export function writeDateKey(target: usize, date: u32, part: i32): usize {
	v128.store(target, i64x2.splat(0));
	if (date === NO_DATE) return 0;
	if (part === WEEKDAY) {
		store<u8>(target, (weekdayOf(date) as u8) + ZERO);
		return 1;
	}
	const year = date >> YEAR_SHIFT;
	writeTwo(target, year / 100);
	writeTwo(target + 2, year % 100);
	if (part === YEAR) return 4;
	store<u8>(target, DASH, 4);
	writeTwo(target + 5, (date >> MONTH_SHIFT) & 127);
	if (part === MONTH) return 7;
	store<u8>(target, DASH, 7);
	writeTwo(target + 8, date & 127);
	return 10;
}

function writeTwo(target: usize, number: u32): void {
	store<u8>(target, ((number / 10) as u8) + ZERO);
	store<u8>(target, ((number % 10) as u8) + ZERO, 1);
}
