// Any text, line by line: how many lines, words and bytes, which is the longest one, levels, and how often each line is there, digits masked.
// What it must come to is what the text reader of engine/worker/read/line-takers.ts gives.
//
//   16 bytes   ──> line end? blanks, digits: bit masks
//              ──> words: where a byte that is no blank has a blank in front
//              ──> # for a digit, and a digit behind another one is left out: a table says how the rest moves together
//   line       ──> hash of its masked form ──> line-table.ts: its count, and its level, which is found once for equal lines
//
// Where there are too many different lines to be counted, only those that are sampled are masked. Of others, the beginning is, by which
// their level is known from an earlier line: line-beginnings.ts.
//
// Lines that are too long are left to the host, as are those at the end that are not whole.

import {mix} from './keys';
import {levelByBeginning} from './line-beginnings';
import {findLevel, NO_LEVEL, NOT_TOLD, PREFIX_BYTES} from './line-level';
import {beginTable, countLine, isTableGivenUp, levelOfCounted} from './line-table';
import {allocate} from './memory';
import {ABOVE_NINE, EIGHTS, FIVES, LINE_FEEDS, MASKS, SPACES, TABS, ZERO_DIGITS} from './vectors';

const CR: u8 = 0x0d;
/** A longer line is none of these. */
const MAX_LINE_BYTES: usize = 1 << 20;
/** Of the masked form of a line, and what is read and written behind it. */
const MASKED_BYTES: usize = MAX_LINE_BYTES + 64;
/** Lines up to this many bytes may be left unmasked: level and brackets are looked for in so many masked ones. */
const UNMASKED_BYTES: usize = 256;
/** Of these, what they begin with is masked. */
const BEGINNING_BYTES: usize = 96;
/** As in keys.ts. */
const GOLDEN: u64 = 0x9e3779b97f4a7c15;

let masked: usize = 0;
/** By eight bits: which bytes of eight are left, in order. */
const moves: usize = allocate(256 * 8);

/** Once for a thread. */
export function fillMoves(): void {
	for (let mask: usize = 0; mask < 256; mask++) {
		let place: usize = 0;
		for (let bit: usize = 0; bit < 8; bit++) {
			if (((mask >> bit) & 1) === 0) continue;
			store<u8>(moves + 8 * mask + place, bit as u8);
			place++;
		}
		for (; place < 8; place++) store<u8>(moves + 8 * mask + place, 0x80);
	}
}

// Of the lines so far, as 64-bit words for the host: lines, blank lines, words, bytes, the longest line and its length, lines with a
// word, then lines of each level.
const totals: usize = allocate(128);
const BLANK_LINES: usize = 8;
const WORDS: usize = 16;
const BYTES: usize = 24;
const LONGEST: usize = 32;
const LONGEST_LENGTH: usize = 40;
const LEVELS: usize = 48;

function add(at: usize, more: u64): void {
	store<u64>(totals + at, load<u64>(totals + at) + more);
}

let seed: u64 = 0;

/** Begins a text. */
export function beginTextLines(seedHigh: u32, seedLow: u32, maxValues: u32, maxBytes: u32): void {
	memory.fill(totals, 0, 128);
	if (masked === 0) masked = allocate(MASKED_BYTES);
	seed = ((seedHigh as u64) << 32) | (seedLow as u64);
	beginTable(maxValues, maxBytes);
}
export function textTotals(): usize {
	return totals;
}

// Lines whose hash is below the limit: hash, 8 │ length, 4 │ the masked line, cut.
const SAMPLE_HEAD_BYTES: usize = 12;
let samplesEnd: usize = 0;
export function sampledEnd(): usize {
	return samplesEnd;
}

/** Of a line that is sampled, what is kept of it at most. */
let maxSampled: usize = 0;

/** Returns the hash of a place, of 52 bits: as `hashPosition` of analysis/position-sample.ts. */
function hashOfPlace(offset: u64): u64 {
	const hash = mix((offset * GOLDEN) ^ seed);
	return ((hash >> 44) << 32) | (hash & 0xffff_ffff);
}

/**
Takes the lines from `from`, where one begins, that are whole. 64 bytes behind `end` may be read.

@param isLast - Whether the text ends at `end`, and so its last line, too.
@param offsetOfAddress - How far offsets in the source are from addresses.
@param markBytes - Of a byte order mark in front of the first line.
@param limit - Lines with a hash below are sampled.
@param room - Where those are written, up to `roomEnd`; no line is taken when there may be no room for it.
@returns Where the first line begins that was not taken.
*/
export function takeTextLines(
	from: usize,
	end: usize,
	isLast: bool,
	offsetOfAddress: f64,
	markBytes: usize,
	limit: f64,
	room: usize,
	roomEnd: usize,
	maxSampledBytes: usize,
): usize {
	samplesEnd = room;
	maxSampled = maxSampledBytes;
	const hashLimit = limit as u64;
	let line = from;
	let mark = markBytes;
	while (line < end && samplesEnd + SAMPLE_HEAD_BYTES + maxSampled <= roomEnd) {
		const hash = hashOfPlace(((line as i64) + (offsetOfAddress as i64)) as u64);
		const isSampled = hash < hashLimit;
		let lineEnd: usize = isSampled || !isTableGivenUp() ? 0 : takeUnmasked(line, line + mark, end);
		if (lineEnd === 0) {
			lineEnd = maskLine(line + mark, end);
			if (lineEnd === 0 || (lineEnd === end && !isLast)) break;
			const maskedLength = takeLine(line, line + mark, lineEnd, lineEnd < end);
			if (isSampled && maskedLength > 0) keepSampled(hash, maskedLength);
		}
		line = min(lineEnd + 1, end);
		mark = 0;
	}
	return line;
}

/** Of the line that was masked last. */
let maskedEnd: usize = 0;
let wordCount: u64 = 0;

/**
Masks the line at a place, and counts its words.

@param enough - It may be left off behind so many masked bytes.
@returns Its end: a line feed, or the end of what there is; 0 where it is too long.
*/
function maskLine(from: usize, end: usize, enough: usize = MASKED_BYTES): usize {
	const feeds = v128.load(LINE_FEEDS);
	const zeros = v128.load(ZERO_DIGITS);
	const aboveNine = v128.load(ABOVE_NINE);
	const signs = v128.load(MASKS);
	const spaces = v128.load(SPACES);
	const tabs = v128.load(TABS);
	const fives = v128.load(FIVES);
	const eights = v128.load(EIGHTS);
	const last = min(end, from + MAX_LINE_BYTES);
	let out = masked;
	let words: i32 = 0;
	let at = from;
	/** Whether the byte in front is a blank, or a digit. */
	let blankBefore: i32 = 1;
	let digitBefore: i32 = 0;
	for (; at < last && out < masked + enough; at += 16) {
		const bytes = v128.load(at);
		const found = i8x16.bitmask(i8x16.eq(bytes, feeds)) | (1 << 16);
		const left = last - at;
		const count = min(ctz<i32>(found), left < 16 ? (left as i32) : 16);
		const valid = (1 << count) - 1;
		const others = i8x16.add_sat_u(i8x16.sub(bytes, zeros), aboveNine);
		const digits = ~i8x16.bitmask(others) & valid;
		const blanks = i8x16.bitmask(v128.or(i8x16.lt_u(i8x16.sub(bytes, tabs), fives), i8x16.eq(bytes, spaces))) & valid;
		words += popcnt<i32>(~blanks & valid & ((blanks << 1) | blankBefore));
		const kept = ~(digits & ((digits << 1) | digitBefore)) & valid;
		const replaced = v128.bitselect(bytes, signs, i8x16.shr_s(others, 7));
		if (kept === 0xffff) {
			v128.store(out, replaced);
			out += 16;
		} else {
			const low = (kept & 255) as usize;
			const high = (kept >> 8) as usize;
			v128.store(out, i8x16.swizzle(replaced, v128.load64_zero(moves + 8 * low)));
			out += popcnt<i32>(low as i32) as usize;
			v128.store(out, i8x16.swizzle(replaced, i8x16.add(v128.load64_zero(moves + 8 * high), eights)));
			out += popcnt<i32>(high as i32) as usize;
		}
		if (count < 16) {
			at += count as usize;
			break;
		}
		blankBefore = (blanks >> 15) & 1;
		digitBefore = (digits >> 15) & 1;
	}
	maskedEnd = out;
	wordCount = words as u64;
	at = min(at, last);
	return at === last && last < end && load<u8>(at) !== 0x0a ? 0 : at;
}

/** Counts a line that was masked. @param start - Behind a byte order mark. @returns The length of its masked form; 0 where it is blank. */
function takeLine(line: usize, start: usize, lineEnd: usize, hasFeed: bool): usize {
	const end = findTextEnd(start, lineEnd);
	addLine(end - start, lineEnd - line + (hasFeed as usize));
	if (wordCount === 0) {
		add(BLANK_LINES, 1);
		return 0;
	}
	const maskedLength = maskedEnd - masked - (lineEnd - end);
	v128.store(masked + maskedLength, i64x2.splat(0));
	const counted: usize = isTableGivenUp() ? 0 : countLine(masked, maskedLength);
	addLevel(counted === 0 ? findLevel(masked, maskedLength) : levelOfCounted(counted, masked, maskedLength));
	return maskedLength;
}

function findTextEnd(start: usize, lineEnd: usize): usize {
	let end = lineEnd;
	while (end > start && load<u8>(end - 1) === CR) end--;
	return end;
}

/** Adds a line with the words that were counted. */
function addLine(length: usize, bytes: usize): void {
	add(0, 1);
	add(WORDS, wordCount);
	add(BYTES, bytes as u64);
	if (load<u64>(totals + LONGEST) === 0 || (length as u64) > load<u64>(totals + LONGEST_LENGTH)) {
		store<u64>(totals + LONGEST, load<u64>(totals));
		store<u64>(totals + LONGEST_LENGTH, length as u64);
	}
}

function addLevel(level: u32): void {
	if (level !== NO_LEVEL) add(LEVELS + 8 * ((level - 1) as usize), 1);
}

/**
Takes a line of which only the level is to be found.

@returns Its end; 0 where it must be masked: it is short or long, or what it begins with tells no level.
*/
function takeUnmasked(line: usize, start: usize, end: usize): usize {
	const lineEnd = findLineEnd(start, end);
	if (lineEnd === 0) return 0;
	const textEnd = findTextEnd(start, lineEnd);
	if (maskLine(start, min(textEnd, start + BEGINNING_BYTES), PREFIX_BYTES) === 0) return 0;
	if (maskedEnd < masked + PREFIX_BYTES) return 0;
	const level = levelByBeginning(masked, start, textEnd);
	if (level === NOT_TOLD) return 0;
	wordCount = lineWords;
	addLine(textEnd - start, lineEnd + 1 - line);
	addLevel(level);
	return lineEnd;
}

let lineWords: u64 = 0;

/** Finds the end of a line and counts its words. Returns 0 where it is longer than this is for. */
function findLineEnd(from: usize, end: usize): usize {
	const feeds = v128.load(LINE_FEEDS);
	const spaces = v128.load(SPACES);
	const tabs = v128.load(TABS);
	const fives = v128.load(FIVES);
	let words: u64 = 0;
	let blankBefore: u64 = 1;
	const last = min(end, from + UNMASKED_BYTES);
	for (let at = from; at < last; at += 64) {
		let found: u64 = 0;
		let blanks: u64 = 0;
		for (let part: usize = 0; part < 64; part += 16) {
			const bytes = v128.load(at + part);
			const feed = i8x16.bitmask(i8x16.eq(bytes, feeds));
			const blank = i8x16.bitmask(v128.or(i8x16.lt_u(i8x16.sub(bytes, tabs), fives), i8x16.eq(bytes, spaces)));
			found |= (feed as u64) << (part as u64);
			blanks |= (blank as u64) << (part as u64);
		}
		const begins = ~blanks & ((blanks << 1) | blankBefore);
		if (found !== 0) {
			const count = ctz<u64>(found);
			lineWords = words + popcnt<u64>(begins & ((1 << count) - 1));
			const lineEnd = at + (count as usize);
			return lineEnd < last ? lineEnd : 0;
		}
		words += popcnt<u64>(begins);
		blankBefore = blanks >> 63;
	}
	return 0;
}

function keepSampled(hash: u64, maskedLength: usize): void {
	const length = min(maskedLength, maxSampled);
	store<u64>(samplesEnd, hash);
	store<u32>(samplesEnd, length as u32, 8);
	memory.copy(samplesEnd + SAMPLE_HEAD_BYTES, masked, length);
	samplesEnd += SAMPLE_HEAD_BYTES + length;
}
