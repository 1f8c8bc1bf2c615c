// What cells of a column in the plain form show of other forms of numbers and dates, see analysis/forms/cell-evidence.ts: here it is only told that
// most texts show nothing, and whether decimals prove that their mark is a point. `1.005` may also be a number of thousands.
import {NO_DATE} from '../date-code';
import {readDate} from '../date-text';
import {DIGITS, kindOf, LETTERS} from '../forms';
import {keyLength} from '../keys';
import {allocate} from '../memory';
import {Column} from './column';
import {decimalsOf} from './number-cells';
import {VALUE_BYTES} from './value-counts';

// As in ../../columns.ts.
export const PROVEN: u32 = 1;
export const OPEN: u32 = 2;
/** Some text may show a form. */
export const TEXTS: u32 = 4;

/** A longer cell is in no form. */
const MAX_BYTES: usize = 100;
/** `Wed, 3 de enero de 2024 1:00 p.m.` */
const MAX_WORDS: i32 = 6;

const WORDS_BYTES: usize = 4096;
const DOLLAR: u8 = 0x24;
const MINUS: u8 = 0x2d;
const POINT: u8 = 0x2e;
const ZERO: u8 = 0x30;
const COLON: u8 = 0x3a;
const BRACKET: u8 = 0x5b;
const FIVE_BITS: u8 = 31;
/** One bit for each letter that stands alone in some form: those of `C$`, `R$`, `A$` and `S$`, of `a.m.` and `p.m.`, T and Z of times. */
const LETTERS_ALONE: u32 = (1 << 1) | (1 << 3) | (1 << 13) | (1 << 16) | (1 << 18) | (1 << 19) | (1 << 20) | (1 << 26);
/** One bit for each letter that stands in front of an accent in the name of a month: `déc`, `févr`, `März`; and `ao` of `août`. */
const BEFORE_ACCENT: u32 = (1 << 4) | (1 << 6) | (1 << 13);
const AO: u32 = 1 | (15 << 5);
/** `kr` and `fr` in five bits each, the first letter the lower ones. */
const KR: u32 = 11 | (18 << 5);
const FR: u32 = 6 | (18 << 5);

/** One bit for each three letters: whether a word of numbers or dates begins with them. */
let words: usize = 0;

/** To be called once, before the others. @param text - Three bytes of each word. */
export function learnWords(text: usize, bytes: usize): void {
	words = allocate(WORDS_BYTES);
	memory.fill(words, 0, WORDS_BYTES);
	for (let at = text; at < text + bytes; at += 3) {
		const place = placeOfWord(at);
		const byte = words + (place >> 3);
		store<u8>(byte, load<u8>(byte) | ((1 as u8) << ((place & 7) as u8)));
	}
}

/** By five bits of three bytes each, which are the same for a letter in either case. */
function placeOfWord(at: usize): usize {
	const bytes = load<u32>(at);
	return (((bytes & 31) << 10) | ((bytes >> 3) & (31 << 5)) | ((bytes >> 16) & 31)) as usize;
}

/** The bits of `isKnownWord`, for loops that call nothing. */
export function bitsOfWords(): usize {
	return words;
}

/** Whether a text may begin with a word that stands in numbers or dates. @param bits - See `bitsOfWords`. */
export function isKnownWord(bits: usize, start: usize): bool {
	const place = placeOfWord(start);
	return ((load<u8>(bits + (place >> 3)) >> ((place & 7) as u8)) & 1) !== 0;
}

/** Whether a text may be a number or a date in some form. */
export function mayShowForm(start: usize, end: usize): bool {
	if (end - start > MAX_BYTES || isTimeAlone(start, end)) return false;
	let hasDigit = false;
	let found: i32 = 0;
	let word: usize = 0;
	for (let at = start; at <= end; at++) {
		const kind = at < end ? kindOf(load<u8>(at)) : DIGITS;
		if (kind === LETTERS) {
			if (word === 0) word = at;
			continue;
		}
		if (word !== 0) {
			// A letter of another alphabet may be a part of it.
			const isWhole = word === start || load<u8>(word - 1) < 0x80;
			if (++found > MAX_WORDS || (isWhole && !mayStand(word, at, word === start, at < end))) return false;
			word = 0;
		}
		// Any words may stand in the name of a zone.
		if (at === end || load<u8>(at) === BRACKET) return hasDigit;
		if (kind === 0) return false;
		hasDigit = hasDigit || kind === DIGITS;
	}
	return false;
}

/** Whether a word may stand in a number or a date. Of longer ones that is told by how they begin. */
function mayStand(word: usize, end: usize, isFirst: bool, hasNext: bool): bool {
	const length = end - word;
	if (length > 2) return isKnownWord(words, word);
	// In front there is a currency: `C$5`, `US$5`, `kr 5`. An id like `C109424` is none.
	if (isFirst && hasNext && load<u8>(end) === DOLLAR) return true;
	const letter = (load<u8>(word) & FIVE_BITS) as u32;
	const hasAccent = hasNext && load<u8>(end) >= 0x80;
	if (length === 1)
		return (!isFirst && ((LETTERS_ALONE >> letter) & 1) !== 0) || (hasAccent && ((BEFORE_ACCENT >> letter) & 1) !== 0);
	const both = letter | (((load<u8>(word, 1) & FIVE_BITS) as u32) << 5);
	return !isFirst || (hasAccent && both === AO) || both === KR || both === FR;
}

/** Whether a text has a colon behind its first digits: of a time there are many, and no other form has one there. */
function isTimeAlone(start: usize, end: usize): bool {
	let at = start;
	while (at < end && load<u8>(at) - ZERO <= 9) at++;
	return at > start && at < end && load<u8>(at) === COLON;
}

/** What a number in the plain form shows: `PROVEN`, or where it is open its key, by which the shortest one comes first; 0 for nothing. */
function keyOfDecimal(start: usize, end: usize): u64 {
	const isNegative = load<u8>(start) === MINUS;
	const first = start + (isNegative as usize);
	if (end - first < 2) return 0;
	let point = first;
	while (point < end && load<u8>(point) !== POINT) point++;
	if (point === end) return 0;
	const whole = point - first;
	if (end - point !== 4 || whole < 1 || whole > 3 || load<u8>(first) === ZERO) return PROVEN;
	let value: u64 = 0;
	for (let at = first; at < end; at++) if (at !== point) value = value * 10 + ((load<u8>(at) - ZERO) as u64);
	const length = (end - start) as u64;
	const sign: u64 = isNegative ? 0 : 1;
	return (length << 24) | (sign << 21) | value;
}

/** Notes what decimals show that a loop has read, until one proves the point. */
export function noteDecimals(column: Column, entries: usize, last: usize, stride: usize): void {
	for (let entry = entries; entry < last; entry += stride) {
		const start = (load<u32>(entry) as usize) + 1;
		const end = load<u32>(entry, 4) as usize;
		if (noteDecimal(column, start, end)) return;
	}
}

function noteDecimal(column: Column, start: usize, end: usize): bool {
	if (start === end) return false;
	const key = keyOfDecimal(start, end);
	if (key === (PROVEN as u64)) {
		column.shown |= PROVEN;
		return true;
	}
	if (key !== 0) {
		column.shown |= OPEN;
		column.smallestOpen = min(column.smallestOpen, key);
	}
	return false;
}

/** What the values of a column show that are counted one by one: `TEXTS` is told of them alone, for the host has the others. */
export function noteValues(column: Column): void {
	const values = column.values;
	const end = values.table + values.tableBytes();
	for (let slot = values.table; slot < end; slot += VALUE_BYTES) {
		const high = load<u64>(slot, 8);
		if (high === 0) continue;
		const start = values.textOf(slot);
		const last = start + keyLength(high);
		if (decimalsOf(start, last) >= 0) noteDecimal(column, start, last);
		else if ((column.shown & TEXTS) === 0 && mayShowForm(start, last) && readDate(start, last) === NO_DATE)
			column.shown |= TEXTS;
	}
}
