// Cells with texts: all that surely have no other type. What the first byte says is mostly enough:
//
//   PLAIN    nothing else begins so
//   WORD     null words and booleans do, of at most five bytes but for blanks behind them
//   OTHER    numbers, dates and times, also in other forms, and blanks
//
// Of the last two, `isText` looks at the whole cell. See analysis/columns/cell.ts, which has all the rules. Where faults are looked for, texts
// with blanks behind them and those that may have a form of cell-forms.ts are left to the host, too.
import {NO_DATE} from '../date-code';
import {readDate} from '../date-text';
import {hashBytes, hashKey, mix, SHORT_KEY_BYTES, shortKey} from '../keys';
import {allocate} from '../memory';
import {mayBegin, mayHaveForm, prepareForms} from './cell-forms';
import {Column} from './column';
import {bitsOfWords, isKnownWord, mayShowForm} from './shown-forms';
import {register} from './sketch';
import {addToRange, rankOf, rankOfKey} from './text-range';

const PLAIN: u8 = 0;
const WORD: u8 = 1;
const OTHER: u8 = 2;
const LONGEST_WORD: usize = 5;

const TAB: u8 = 0x09;
const SPACE: u8 = 0x20;
const HASH: u8 = 0x23;
const PLUS: u8 = 0x2b;
const DASH: u8 = 0x2d;
const POINT: u8 = 0x2e;
const ZERO: u8 = 0x30;
const NINE: u8 = 0x39;
const COLON: u8 = 0x3a;
const QUESTION: u8 = 0x3f;
const LOWER_CASE: u8 = 0x20;
const LOWER_E: u8 = 0x65;
const LOWER_F: u8 = 0x66;
const LOWER_N: u8 = 0x6e;
const LOWER_T: u8 = 0x74;

/** By the first byte; and where faults are looked for. */
let kinds: usize = 0;
let kindsOfFaults: usize = 0;

/** To be called before the others. */
export function prepareTexts(): void {
	if (kinds !== 0) return;
	prepareForms();
	kinds = allocate(256);
	kindsOfFaults = allocate(256);
	for (let byte: usize = 0; byte < 256; byte++) {
		store<u8>(kinds + byte, kindOf(byte as u8));
		store<u8>(kindsOfFaults + byte, mayBegin(byte as u8) ? OTHER : kindOf(byte as u8));
	}
}

function kindOf(byte: u8): u8 {
	const isDigit = byte >= ZERO && byte <= NINE;
	if (isDigit || byte === PLUS || byte === DASH || byte === POINT || byte === SPACE || byte === TAB) return OTHER;
	if (isOfForm(byte)) return OTHER;
	const letter = byte | LOWER_CASE;
	const isLetter = byte >= 0x41 && (letter === LOWER_F || letter === LOWER_N || letter === LOWER_T);
	return isLetter || byte === QUESTION || byte === HASH ? WORD : PLAIN;
}

/** ( $ and the first bytes of other currencies, dashes and blanks, in UTF-8 and in Windows-1252. */
function isOfForm(byte: u8): bool {
	if (byte === 0x28 || byte === 0x24 || byte === 0xc2 || byte === 0xe2 || byte === 0xef) return true;
	return byte === 0x80 || byte === 0x96 || byte === 0xa0 || byte === 0xa3 || byte === 0xa5;
}

/** Whether a cell surely has no other type than text. */
function isText(start: usize, end: usize): bool {
	const first = load<u8>(start);
	const kind = load<u8>(kinds + (first as usize));
	if (kind === PLAIN) return true;
	if (kind === WORD) return !isBlank(load<u8>(end - 1)) && !isWord(start, end - start);
	if (first === SPACE || first === TAB) return false;
	// No time is without a colon there.
	if (end - start > 2 && load<u8>(start, 2) === COLON) return false;
	return !isOfNumber(start, end) && readDate(start, end) === NO_DATE;
}

function isBlank(byte: u8): bool {
	return byte === SPACE || byte === TAB;
}

/** Whether all bytes are of those that numbers consist of. */
function isOfNumber(start: usize, end: usize): bool {
	for (let at = start; at < end; at++) {
		const byte = load<u8>(at);
		const isSign = byte === PLUS || byte === DASH || byte === POINT || isBlank(byte);
		if (byte - ZERO > 9 && !isSign && (byte | LOWER_CASE) !== LOWER_E) return false;
	}
	return true;
}

function isWord(start: usize, length: usize): bool {
	if (length > LONGEST_WORD) return false;
	const word = load<u64>(start) & (((1 as u64) << ((length as u64) * 8)) - 1);
	return isNullWord(word) || isBoolean(word);
}

// Words as numbers, their first byte the lowest one.

function isNullWord(word: u64): bool {
	switch (word) {
		case 0x41_4e: // NA
		case 0x41_2f_4e: // N/A
		case 0x6c_6c_75_6e: // null
		case 0x4c_4c_55_4e: // NULL
		case 0x65_6e_6f_4e: // None
		case 0x6e_61_6e: // nan
		case 0x2d: // -
		case 0x3f: // ?
		case 0x41_2f_4e_23: // #N/A
			return true;
		default:
			return false;
	}
}

function isBoolean(word: u64): bool {
	switch (word) {
		case 0x65_75_72_74: // true
		case 0x65_75_72_54: // True
		case 0x45_55_52_54: // TRUE
		case 0x65_73_6c_61_66: // false
		case 0x65_73_6c_61_46: // False
		case 0x45_53_4c_41_46: // FALSE
			return true;
		default:
			return false;
	}
}

const LONGEST_NULL_WORD: usize = 4;

/** Whether a cell is one of `nullForms`, as it stands there. */
export function isNullForm(start: usize, length: usize): bool {
	if (length === 0) return true;
	return length <= LONGEST_NULL_WORD && isNullWord(load<u64>(start) & (((1 as u64) << ((length as u64) * 8)) - 1));
}

/** Whether a cell has no value: empty, or one of `nullForms`, with blanks around it or without. */
export function isMissing(cell: usize, bytes: usize): bool {
	if (bytes > LONGEST_NULL_WORD && !isBlank(load<u8>(cell)) && !isBlank(load<u8>(cell + bytes - 1))) return false;
	let start = cell;
	let end = cell + bytes;
	while (start < end && isBlank(load<u8>(start))) start++;
	while (start < end && isBlank(load<u8>(end - 1))) end--;
	return isNullForm(start, end - start);
}

/** Reads texts. Returns the first entry whose cell may be something else. */
export function readTexts(column: Column, entries: usize, last: usize, stride: usize, weight: u64): usize {
	let entry = entries;
	while (true) {
		entry = column.onlyClasses
			? readPlain<Classes>(column, entry, last, stride, weight)
			: column.hasPlaces
				? readPlain<Faults>(column, entry, last, stride, weight)
				: readPlain<Texts>(column, entry, last, stride, weight);
		if (entry === last) return last;
		const start = (load<u32>(entry) as usize) + 1;
		const end = load<u32>(entry, 4) as usize;
		if (!isText(start, end) || mayShowForm(start, end)) return entry;
		if (column.hasPlaces && mayBeFault(start, end)) return entry;
		column.addText(start, end - start, weight);
		entry += stride;
	}
}

/** Whether a text has a blank behind it, or may have a form. */
function mayBeFault(start: usize, end: usize): bool {
	return isBlank(load<u8>(end - 1)) || mayHaveForm(start, end);
}

// Type arguments that say what is kept of texts: the compiler makes a loop for each, in which `sizeof` is known.
type Texts = u8;
/** Faults are looked for, too. */
type Faults = u16;
/** Only how many there are. */
type Classes = u32;

/** Reads texts as long as their first bytes say that they are. */
function readPlain<Kind>(column: Column, entries: usize, last: usize, stride: usize, weight: u64): usize {
	const firstKinds = sizeof<Kind>() === sizeof<Faults>() ? kindsOfFaults : kinds;
	const words = bitsOfWords();
	const registers = column.registers;
	const bits = column.registerBits;
	const innerFrom = column.texts.innerFrom;
	const innerSpan = column.texts.innerSpan;
	let empties: u64 = 0;
	let texts: u64 = 0;
	let shortest: u32 = column.shortest;
	let longest: u32 = column.longest;
	let lengthSum: u64 = 0;
	let outer: u32 = 0;
	let entry = entries;
	for (; entry < last; entry += stride) {
		const start = (load<u32>(entry) as usize) + 1;
		const end = load<u32>(entry, 4) as usize;
		const length = end - start;
		if (length === 0) {
			empties++;
			continue;
		}
		const kind = load<u8>(firstKinds + (load<u8>(start) as usize));
		if (isKnownWord(words, start)) break;
		if (kind !== PLAIN) {
			// A word is no longer than that, unless blanks are behind it.
			if (kind === OTHER || length <= LONGEST_WORD || load<u8>(end - 1) <= SPACE) break;
		}
		if (sizeof<Kind>() === sizeof<Faults>() && load<u8>(end - 1) <= SPACE) break;
		texts++;
		if (sizeof<Kind>() === sizeof<Classes>()) continue;
		let hash: u64;
		let rank: u64;
		if (length <= SHORT_KEY_BYTES) {
			const key = shortKey(start, length);
			const low = i64x2.extract_lane(key, 0) as u64;
			hash = hashKey(low, i64x2.extract_lane(key, 1) as u64);
			rank = rankOfKey(low, length);
		} else {
			hash = mix(hashBytes(start, length));
			rank = rankOf(start, length);
		}
		register(registers, bits, hash);
		shortest = min(shortest, length as u32);
		longest = max(longest, length as u32);
		lengthSum += length as u64;
		outer |= (rank - innerFrom > innerSpan) as u32;
	}
	column.empties += empties * weight;
	column.plainTexts += texts * weight;
	column.lengthSum += lengthSum * weight;
	column.shortest = shortest;
	column.longest = longest;
	if (outer !== 0) addToRange(column.texts, entries, entry, stride);
	return entry;
}
