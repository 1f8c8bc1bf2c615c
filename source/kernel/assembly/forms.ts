// Cells in other forms than the plain ones, `-1234.56` and `2024-12-31`. The host knows all forms (analysis/forms): it writes a cell in the
// plain form, and notes what cells show of the form of their column. The loops over runs know the usual ones, and flag the records whose
// cells are to be noted: each record that is noted is read by the rules, once.
import {noteDate, noteNumber} from './host';

/** For a cell in the plain form. */
export const REWRITTEN_BYTES: usize = 128;
/** A longer cell is in no form. As `MAX_LENGTH` in analysis/forms. */
const MAX_CELL_BYTES: usize = 100;

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
export function mayBeWritten(fieldStart: usize, fieldEnd: usize, maxLetters: i32): bool {
	let start = fieldStart;
	let end = fieldEnd;
	while (start < end && isBlankByte(load<u8>(start))) start++;
	while (end > start && isBlankByte(load<u8>(end - 1))) end--;
	if (end - start > MAX_CELL_BYTES) return false;
	let letters: i32 = 0;
	let hasDigit = false;
	for (let address = start; address < end; address++) {
		const kind = kindOf(load<u8>(address));
		if (kind === 0) return false;
		hasDigit = hasDigit || kind === DIGITS;
		letters += (kind === LETTERS) as i32;
	}
	return hasDigit && letters <= maxLetters;
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
