// The level of a line, from its masked form: the rules are those of input/lines/line-level.ts.
import {allocate} from './memory';
import {BRACKETS} from './vectors';

export const NO_LEVEL: u32 = 0;
const ERROR: u32 = 1;
const WARN: u32 = 2;
const INFO: u32 = 3;
const DEBUG: u32 = 4;
const TRACE: u32 = 5;
const FATAL: u32 = 6;

/** Times and brackets with a level stand at the beginning of a line. */
const MAX_BYTES: usize = 256;

// What a byte may be, to be combined: in a table of 256 bytes.
const BLANK: u8 = 1;
const OPENING: u8 = 2;
const CLOSING: u8 = 4;
const BEHIND_LEVEL: u8 = 8;
const TIME: u8 = 16;
const kinds: usize = allocate(256);

/** Up to eight bytes in a word, of which 0 is none. Strings would take memory of their own. */
function addKind(bytes: u64, kind: u8): void {
	for (let rest = bytes; rest !== 0; rest >>= 8) {
		const at = kinds + ((rest & 255) as usize);
		store<u8>(at, load<u8>(at) | kind);
	}
}

/** Once for a thread. */
export function fillLevels(): void {
	memory.fill(kinds, 0, 256);
	// space, tab, CR, VT, FF
	addKind(0x0c0b0d0920, BLANK);
	// [ ( <
	addKind(0x3c285b, OPENING);
	// ] ) >
	addKind(0x3e295d, CLOSING);
	// blanks and : , ; | ! ( ) [ ] < >
	addKind(0x3b2c3a0c0b0d0920, BEHIND_LEVEL);
	addKind(0x3e3c5d5b2928217c, BEHIND_LEVEL);
	// # : - / . , + T Z |
	addKind(0x542b2c2e2f2d3a23, TIME);
	addKind(0x7c5a, TIME);
}

function isKind(address: usize, kind: u8): bool {
	return (load<u8>(kinds + (load<u8>(address) as usize)) & kind) !== 0;
}

/** @param masked - Where the line begins; 16 bytes behind its end may be read. */
export function findLevel(masked: usize, maskedLength: usize): u32 {
	const lineEnd = masked + maskedLength;
	const end = masked + min<usize>(maskedLength, MAX_BYTES);
	let at = skipBlanks(masked, end);
	let isUsualPlace = true;
	let hasTime = false;
	while (at < end) {
		if (isUsualPlace) {
			const level = levelAt(at, lineEnd);
			if (level !== NO_LEVEL) return level;
		}
		const wordEnd = findBlank(at, end);
		const kind = kindOf(at, wordEnd);
		if (kind === TEXT) return levelInBrackets(at, end, lineEnd, 0);
		hasTime = hasTime || kind === A_TIME;
		isUsualPlace = hasTime;
		at = skipBlanks(wordEnd, end);
	}
	return NO_LEVEL;
}

const A_TIME: i32 = 0;
const PART: i32 = 1;
const TEXT: i32 = 2;

function kindOf(wordStart: usize, wordEnd: usize): i32 {
	const start = isKind(wordStart, OPENING) ? wordStart + 1 : wordStart;
	const isClosed = wordEnd > start && isKind(wordEnd - 1, CLOSING);
	const end = isClosed ? wordEnd - 1 : wordEnd;
	let numbers: i32 = 0;
	let colons: i32 = 0;
	let separators: i32 = 0;
	for (let at = start; at < end; at++) {
		if (!isKind(at, TIME)) return isTimeName(start, end) ? PART : TEXT;
		const byte = load<u8>(at);
		numbers += (byte === 0x23) as i32;
		colons += (byte === 0x3a) as i32;
		separators += (byte === 0x2d || byte === 0x2f) as i32;
	}
	return (numbers > 1 && colons > 0) || (numbers > 2 && separators > 1) ? A_TIME : PART;
}

function isTimeName(start: usize, end: usize): bool {
	const length = load<u8>(end - 1) === 0x2c ? end - 1 - start : end - start;
	if (length !== 3) return false;
	const name = ((load<u8>(start) as u32) << 16) | ((load<u8>(start, 1) as u32) << 8) | (load<u8>(start, 2) as u32);
	// Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec, Mon Tue Wed Thu Fri Sat Sun, UTC GMT CET
	return (
		name === 0x4a616e ||
		name === 0x466562 ||
		name === 0x4d6172 ||
		name === 0x417072 ||
		name === 0x4d6179 ||
		name === 0x4a756e ||
		name === 0x4a756c ||
		name === 0x417567 ||
		name === 0x536570 ||
		name === 0x4f6374 ||
		name === 0x4e6f76 ||
		name === 0x446563 ||
		name === 0x4d6f6e ||
		name === 0x547565 ||
		name === 0x576564 ||
		name === 0x546875 ||
		name === 0x467269 ||
		name === 0x536174 ||
		name === 0x53756e ||
		name === 0x555443 ||
		name === 0x474d54 ||
		name === 0x434554
	);
}

function levelAt(at: usize, lineEnd: usize): u32 {
	if (isKind(at, OPENING)) return levelBehindBracket(at, lineEnd);
	const level = findWord(at, lineEnd);
	if (level === NO_LEVEL) return NO_LEVEL;
	const end = at + lettersOf(level);
	return end === lineEnd || (end < lineEnd && isKind(end, BEHIND_LEVEL)) ? level : NO_LEVEL;
}

function levelBehindBracket(bracket: usize, lineEnd: usize): u32 {
	const at = skipBlanks(bracket + 1, lineEnd);
	const level = findWord(at, lineEnd);
	if (level === NO_LEVEL) return NO_LEVEL;
	const end = skipBlanks(at + lettersOf(level), lineEnd);
	return end < lineEnd && isKind(end, CLOSING) ? level : NO_LEVEL;
}

function lettersOf(level: u32): usize {
	return level === WARN || level === INFO ? 4 : 5;
}

/** The level whose letters stand at a place, whatever is behind them. */
function findWord(at: usize, lineEnd: usize): u32 {
	if (at + 4 > lineEnd) return NO_LEVEL;
	const word = load<u32>(at) | 0x2020_2020;
	if (word === 0x6f66_6e69) return INFO;
	if (word === 0x6e72_6177) return WARN;
	const fifth = at + 5 > lineEnd ? 0 : load<u8>(at, 4) | 0x20;
	if (word === 0x6f72_7265 && fifth === 0x72) return ERROR;
	if (word === 0x7562_6564 && fifth === 0x67) return DEBUG;
	if (word === 0x6361_7274 && fifth === 0x65) return TRACE;
	if (word === 0x6174_6166 && fifth === 0x6c) return FATAL;
	return NO_LEVEL;
}

/** @param skipped - So many brackets are left out. */
export function levelInBrackets(from: usize, end: usize, lineEnd: usize, skipped: u32): u32 {
	let left = skipped;
	for (let block = from; block < end; block += 16) {
		for (let places = bracketsAt(block); places !== 0; places &= places - 1) {
			const at = block + (ctz<i32>(places) as usize);
			if (at >= end) return NO_LEVEL;
			if (left > 0) {
				left--;
				continue;
			}
			const level = levelBehindBracket(at, lineEnd);
			if (level !== NO_LEVEL) return level;
		}
	}
	return NO_LEVEL;
}

/** Which of sixteen bytes are opening brackets. */
function bracketsAt(block: usize): i32 {
	const bytes = v128.load(block);
	const square = i8x16.eq(bytes, v128.load(BRACKETS));
	const round = i8x16.eq(bytes, v128.load(BRACKETS + 16));
	const angle = i8x16.eq(bytes, v128.load(BRACKETS + 32));
	return i8x16.bitmask(v128.or(v128.or(square, round), angle));
}

/** So many masked bytes are looked at to tell a level without the others. */
export const PREFIX_BYTES: usize = 32;
/** A level would depend on what is behind. */
export const NOT_TOLD: u32 = 0xffff_ffff;
/** More than any level. What is above: so many brackets have no level, and the others are to be looked at. */
export const TOLD_BRACKETS: u32 = 16;

/** The level of any line that begins with `PREFIX_BYTES` masked ones, `NOT_TOLD`, or `TOLD_BRACKETS` and how many brackets are left out. */
export function tellByBeginning(masked: usize): u32 {
	const end = masked + PREFIX_BYTES;
	let at = skipBlanks(masked, end);
	let isUsualPlace = true;
	let hasTime = false;
	while (at < end) {
		if (isUsualPlace) {
			const level = tellLevelAt(at, end);
			if (level !== NO_LEVEL) return level;
		}
		const wordEnd = findBlank(at, end);
		const kind = wordEnd < end ? kindOf(at, wordEnd) : kindOfOpenWord(at, end);
		if (kind === UNKNOWN) return NOT_TOLD;
		if (kind === TEXT) return TOLD_BRACKETS + countBrackets(masked, at);
		hasTime = hasTime || kind === A_TIME;
		isUsualPlace = hasTime;
		at = skipBlanks(wordEnd, end);
	}
	return NOT_TOLD;
}

const UNKNOWN: i32 = 3;

/** As `levelAt`, where what is behind `end` is not known. */
function tellLevelAt(at: usize, end: usize): u32 {
	const first = isKind(at, OPENING) ? skipBlanks(at + 1, end) : at;
	if (first + 6 > end) return NOT_TOLD;
	const level = findWord(first, end);
	if (level === NO_LEVEL || first === at) return levelAt(at, end);
	return skipBlanks(first + lettersOf(level), end) < end ? levelAt(at, end) : NOT_TOLD;
}

/** The kind of a word that goes on: it is text if it is longer than any name and has a byte that no time has; the last one may close it. */
function kindOfOpenWord(wordStart: usize, end: usize): i32 {
	if (end - wordStart < 8) return UNKNOWN;
	for (let at = isKind(wordStart, OPENING) ? wordStart + 1 : wordStart; at < end - 1; at++) {
		if (!isKind(at, TIME)) return TEXT;
	}
	return UNKNOWN;
}

function countBrackets(from: usize, to: usize): u32 {
	let count: u32 = 0;
	for (let at = from; at < to; at++) count += isKind(at, OPENING) as u32;
	return count;
}

function skipBlanks(from: usize, to: usize): usize {
	let at = from;
	while (at < to && isKind(at, BLANK)) at++;
	return at;
}

function findBlank(from: usize, to: usize): usize {
	let at = from;
	while (at < to && !isKind(at, BLANK)) at++;
	return at;
}
