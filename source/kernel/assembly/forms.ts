// Cells in other forms than the plain ones, `-1234.56` and `2024-12-31`. The host knows all forms (analysis/forms): it writes a cell in the
// plain form, and notes what cells show of the form of their column. The loops over runs know the usual ones, and flag the records whose
// cells are to be noted: each record that is noted is read by the rules, once.
import {noteDate, noteNumber, plainDate, plainNumber} from './host';
import {allocate, KEEP_FIRST} from './memory';

/** For a cell in the plain form. */
export const REWRITTEN_BYTES: usize = 128;
/** A longer cell is in no form. As `MAX_LENGTH` in analysis/forms. */
const MAX_CELL_BYTES: usize = 100;
/** Of a currency, and of CR or DR. */
const MAX_LETTERS: i32 = 6;

/** What the host says of a cell: how many bytes it has in the plain form, or one of these; and whether it shows something new. */
export const NO_FORM: i32 = -1;
export const OTHER_FORM: i32 = -2;
export const SHOWS_MORE: i32 = 1 << 16;

// What has been noted of a column.
/** The form it is read in: the decimal mark, or the order of day and month. */
export const PROVEN: i32 = 1;
/** A number without a percent sign. */
export const NUMBER_SEEN: i32 = 2;
/** A cell that fits two forms, with two values. */
export const OPEN_SEEN: i32 = 4;
/** A cell that is in no form of dates. */
export const NONE_SEEN: i32 = 8;
/** A date that is the same with the day first and with the month first. */
export const EVEN_SEEN: i32 = 32;
/** Something that a decision is to be made of. */
const ODD: i32 = 16;

/** Whether the forms of the file may be others than those it is read in: the host knows. */
let isOdd: bool = false;
/** Whether some records are left out, so that which ones are noted is not known when they are flagged. */
let isFiltered: bool = false;

export function beginForms(hasFilter: bool): void {
	isOdd = false;
	isFiltered = hasFilter;
}
export function areFormsOdd(): bool {
	return isOdd;
}
export function flagsEach(): bool {
	return isFiltered;
}

export const DIGITS: u32 = 1;
const DOLLAR: u8 = 0x24;
const SIGNS: u32 = 2;
export const LETTERS: u32 = 4;

export function kindOf(byte: u8): u32 {
	if (byte - 0x30 <= 9) return DIGITS;
	if ((byte | 0x20) - 0x61 < 26) return LETTERS;
	// Blanks, $ % ' ( ) + , - . / : and what is not ASCII; in names of zones also others.
	if (byte >= 0x80 || byte === 0x20 || byte === 0x09) return SIGNS;
	if (byte === 0x21 || byte === 0x3d || byte === 0x7e || byte === 0x5f || byte === 0x5b || byte === 0x5d) return SIGNS;
	return byte >= 0x24 && byte <= 0x3a && byte !== 0x26 && byte !== 0x2a ? SIGNS : 0;
}

function isBlankByte(byte: u8): bool {
	return byte === 0x20 || byte === 0x09;
}

/** Whether the host is to be asked about a cell, because it may be a number or a date in some form. */
export function mayBeWritten(fieldStart: usize, fieldEnd: usize, isDate: bool): bool {
	let start = fieldStart;
	let end = fieldEnd;
	while (start < end && isBlankByte(load<u8>(start))) start++;
	while (end > start && isBlankByte(load<u8>(end - 1))) end--;
	if (end - start > MAX_CELL_BYTES) return false;
	let letters: i32 = 0;
	let hasDigit = false;
	let hasDollar = false;
	for (let address = start; address < end; address++) {
		const byte = load<u8>(address);
		const kind = kindOf(byte);
		if (kind === 0) return false;
		hasDigit = hasDigit || kind === DIGITS;
		hasDollar = hasDollar || byte === DOLLAR;
		letters += (kind === LETTERS) as i32;
	}
	// No currency has one letter, but for those of dollars.
	return hasDigit && (isDate || (letters <= MAX_LETTERS && (letters !== 1 || hasDollar)));
}

/** The last short cells that the host has found in no form, each in the one place that its hash says: bad cells come again. */
const NO_FORM_CELL_BYTES: usize = 16;
const NO_FORM_ENTRY_BYTES: usize = 32;
const NO_FORMS_LOG2: u64 = 8;
const NO_FORMS_BYTES: usize = NO_FORM_ENTRY_BYTES << (NO_FORMS_LOG2 as usize);
const noForms: usize = allocate(NO_FORMS_BYTES);
memory.fill(noForms, 0, NO_FORMS_BYTES);

/** Asks the host for a cell in the plain form. See `plainNumber` of host.ts. @param place - The number of the reader. */
export function writePlain(isDate: bool, place: i32, start: usize, end: usize, target: usize): i32 {
	const bytes = end - start;
	if (bytes > NO_FORM_CELL_BYTES) return askHost(isDate, place, start, bytes, target);
	const cell = v128.and(v128.load(start), v128.load(KEEP_FIRST + 16 * bytes));
	const hash = ((i64x2.extract_lane(cell, 0) ^ i64x2.extract_lane(cell, 1)) as u64) * 0x9e37_79b9_7f4a_7c15;
	const entry = noForms + ((hash >> (64 - NO_FORMS_LOG2)) as usize) * NO_FORM_ENTRY_BYTES;
	const tag = 2 * (bytes as u32) + ((isDate as u32) & 1);
	if (load<u32>(entry, 16) === tag && !v128.any_true(v128.xor(cell, v128.load(entry)))) return NO_FORM;
	const written = askHost(isDate, place, start, bytes, target);
	if (written === NO_FORM) {
		v128.store(entry, cell);
		store<u32>(entry, tag, 16);
	}
	return written;
}

function askHost(isDate: bool, place: i32, start: usize, bytes: usize, target: usize): i32 {
	return isDate ? plainDate(place, start, bytes, target) : plainNumber(place, start, bytes, target);
}

/** @param kind - See `noteNumber`. @returns What has been noted of the column since the file began. */
export function noteNumberOf(place: i32, kind: i32, start: usize, end: usize, line: u64, offset: i64): i32 {
	const noted = noteNumber(place, kind, start, end - start, line as f64, offset as f64);
	isOdd = isOdd || (noted & ODD) !== 0;
	return noted;
}
export function noteDateOf(place: i32, start: usize, end: usize, line: u64, offset: i64): i32 {
	const noted = noteDate(place, start, end - start, line as f64, offset as f64);
	isOdd = isOdd || (noted & ODD) !== 0;
	return noted;
}
