// Amounts: decimal texts -> integers in units of 10^-scale.
//
// A column of amounts mostly looks alike: `1234.56`, with the same number of decimals. So the last 16 bytes of a field are
// taken as they are and read all at once:
//
//   bytes      x x x x x x x x x 1 2 3 4 . 5 6      what is in front of the field is masked away
//   - pattern  0 0 0 0 0 0 0 0 0 0 0 0 0 . 0 0      a digit gives 0 … 9, the point 0, all else more
//   swizzle    - 0 0 0 0 0 0 0 0 0 1 2 3 4 5 6      the gap of the point closes
//   × 10, 1    pairs of digits      -> 8 numbers up to 99        (integers are put together by halves:
//   × 100, 1   pairs of those       -> 4 numbers up to 9999       D. Lemire, "Quickly parsing eight digits", 2018)
//   × 10^4, 1  and of those         -> 2 numbers up to 99999999
//
// Whatever does not fit the pattern - another number of decimals, a plus sign, spaces - is read digit by digit.
import {openEntry, openedEnd, openedStart} from './fields';
import {KEEP_LAST, LANES, powerOfTen} from './memory';
import {above, HUNDREDS, TEN_THOUSANDS, TENS} from './vectors';

const SPACE: u8 = 0x20;
const PLUS: u8 = 0x2b;
const MINUS: u8 = 0x2d;
const POINT: u8 = 0x2e;
const ZERO: u8 = 0x30;

/** As `MAX_AMOUNT_DIGITS` of analysis/amount.ts. */
const MAX_DIGITS: i32 = 38;
/** So many digits surely fit in 63 bits. */
const MAX_SMALL_DIGITS: i32 = 18;
/** And so many in 47. */
const MAX_QUICK_DIGITS: i32 = 14;
/** The length of no field. */
const NO_LENGTH: usize = 0x7fff_ffff;
/** Units within it may be added up 2^14 at a time (a batch) without leaving 63 bits. */
export const LARGEST_QUICK_UNITS: i64 = (1 as i64) << 47;

/** What was read last by `readAmount`. */
let units: i64 = 0;
let scale: i32 = 0;

export const AMOUNT_OK: i32 = 0;
export const AMOUNT_MISSING: i32 = 1;
export const AMOUNT_NOT_A_NUMBER: i32 = 2;
/** A number with more digits or decimals than 63 bits hold. */
export const AMOUNT_HUGE: i32 = 3;
/** One with more digits than are read. */
export const AMOUNT_TOO_LONG: i32 = 4;

export function readUnits(): i64 {
	return units;
}
export function readScale(): i32 {
	return scale;
}

/** Reads `[+-]?(digits[.digits*] | .digits)` of at most 38 digits, spaces around it aside. */
export function readAmount(fieldStart: usize, fieldEnd: usize): i32 {
	let start = fieldStart;
	let end = fieldEnd;
	while (start < end && load<u8>(start) === SPACE) start++;
	while (end > start && load<u8>(end - 1) === SPACE) end--;
	if (start === end) return AMOUNT_MISSING;
	const sign = load<u8>(start);
	const isNegative = sign === MINUS;
	if (isNegative || sign === PLUS) start++;
	let value: i64 = 0;
	let digits: i32 = 0;
	let point: usize = 0;
	for (let address = start; address < end; address++) {
		const byte = load<u8>(address);
		const digit = byte - ZERO;
		if (digit <= 9) {
			// Past 18 digits this is no longer exact, and then it is not used.
			value = value * 10 + (digit as i64);
			digits++;
		} else if (byte === POINT && point === 0) point = address;
		else return AMOUNT_NOT_A_NUMBER;
	}
	if (digits === 0) return AMOUNT_NOT_A_NUMBER;
	if (digits > MAX_DIGITS) return AMOUNT_TOO_LONG;
	scale = point === 0 ? 0 : ((end - point - 1) as i32);
	if (digits > MAX_SMALL_DIGITS) return AMOUNT_HUGE;
	units = isNegative ? -value : value;
	return AMOUNT_OK;
}

/** The scale of the sums of this file: the most decimals of any amount taken so far, those aside that are huge. */
let sumScale: i32 = 0;
/** The number of decimals of the pattern, -1 before one is known; never more than `sumScale`. */
let patternScale: i32 = -1;

let pattern: v128 = i8x16.splat(0);
/** As `ABOVE_NINE`, lane by lane. */
let limits: v128 = i8x16.splat(0);
let closeGap: v128 = i8x16.splat(0);
let factor: i64 = 1;
let shortest: usize = 1;
let longest: usize = 16;

export function beginAmounts(): void {
	sumScale = 0;
	patternScale = -1;
}
export function scaleOfSums(): i32 {
	return sumScale;
}
export function raiseScaleOfSums(scale: i32): void {
	sumScale = scale;
	if (patternScale >= 0) learnPattern(patternScale);
}
export function hasPattern(): bool {
	return patternScale >= 0;
}

/** What was learned last, which mostly is learned again for the next file. */
let learnedDecimals: i32 = -1;
let learnedScale: i32 = -1;

/** From here on amounts are expected to have so many decimals, up to `sumScale`. */
export function learnPattern(decimals: i32): void {
	patternScale = decimals;
	if (decimals === learnedDecimals && sumScale === learnedScale) return;
	learnedDecimals = decimals;
	learnedScale = sumScale;
	factor = powerOfTen(sumScale - decimals);
	// With the point they are no more than the 16 bytes that are read at once.
	const digits = MAX_QUICK_DIGITS - (sumScale - decimals);
	shortest = (decimals + 1) as usize;
	longest = (decimals === 0 ? digits : digits + 1) as usize;
	pattern = i8x16.splat(ZERO);
	limits = i8x16.splat(above(9));
	// With no decimals there is no point, and lanes stay where they are.
	closeGap = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
	if (decimals >= digits) {
		// Not even one digit in front of the decimals, scaled up, would be small enough: none fits.
		shortest = NO_LENGTH;
		longest = NO_LENGTH;
		return;
	}
	if (decimals === 0) return;
	const place: usize = 15 - (decimals as usize);
	v128.store(LANES, pattern);
	v128.store(LANES, limits, 16);
	store<u8>(LANES + place, POINT);
	store<u8>(LANES + place, above(0), 16);
	for (let lane: usize = 0; lane < 16; lane++) {
		const from: u8 = lane === 0 ? 0x80 : lane <= place ? ((lane - 1) as u8) : (lane as u8);
		store<u8>(LANES + lane, from, 32);
	}
	pattern = v128.load(LANES);
	limits = v128.load(LANES, 16);
	closeGap = v128.load(LANES, 32);
}

/** Whether each record of the last batch ended with an LF where it was thought to end. Looked at here because it costs least. */
let otherEnds: u32 = 0;
export function endsAreFeeds(): bool {
	return otherEnds === 0;
}

/**
Reads the amounts of a batch.

@param entries - Address of the entry in front of the first record's field; `stride` bytes further is the next one's.
@param toLineEnd - So many bytes further is the entry of the record's own line end; see `endsAreFeeds`.
@param target - Gets the units of 10^-`sumScale` of each record, which are less than `LARGEST_QUICK_UNITS` and more than its negative.
@param flagged - Gets the numbers of the records that want a closer look, as u32.
@returns How many those are.
*/
export function readAmounts(
	entries: usize,
	stride: usize,
	count: i32,
	toLineEnd: usize,
	mayHaveCarriageReturn: bool,
	quote: i32,
	target: usize,
	flagged: usize,
): i32 {
	otherEnds = 0;
	let flaggedEnd = flagged;
	/** Of the last amount that did not fit the pattern: should there be many, the next pattern. */
	let otherScale: i32 = 0;
	let others: i32 = 0;
	for (let record: i32 = 0; record < count; record++) {
		const from = entries + stride * (record as usize);
		record += readAlike(
			from,
			stride,
			count - record,
			toLineEnd,
			mayHaveCarriageReturn,
			quote,
			target + 8 * (record as usize),
		);
		if (record === count) break;
		openEntry(entries + stride * (record as usize));
		const outcome = readAmount(openedStart(), openedEnd());
		let value: i64 = 0;
		let isQuick =
			outcome === AMOUNT_OK && sumScale - scale <= 4 && scale <= sumScale && abs<i64>(units) < LARGEST_QUICK_UNITS;
		if (isQuick) {
			// Less than 2^47 × 10^4, which is less than 2^61.
			value = units * powerOfTen(sumScale - scale);
			isQuick = abs<i64>(value) < LARGEST_QUICK_UNITS;
		}
		if (isQuick) {
			others++;
			otherScale = scale;
			store<i64>(target + 8 * (record as usize), value);
		} else {
			store<u32>(flaggedEnd, record as u32);
			flaggedEnd += 4;
			store<i64>(target + 8 * (record as usize), 0);
		}
	}
	if (others * 2 > count) learnPattern(otherScale);
	return ((flaggedEnd - flagged) >> 2) as i32;
}

/**
Reads amounts as long as they fit the pattern. It calls nothing, so that all it needs stays in registers.

@returns How many those were.
*/
function readAlike(
	entries: usize,
	stride: usize,
	count: i32,
	toLineEnd: usize,
	mayHaveCarriageReturn: bool,
	quote: i32,
	target: usize,
): i32 {
	const tens = v128.load(TENS);
	const hundreds = v128.load(HUNDREDS);
	const tenThousands = v128.load(TEN_THOUSANDS);
	const thePattern = pattern;
	const theLimits = limits;
	const theGap = closeGap;
	const theFactor = factor;
	const from = shortest;
	const to = longest;
	let ends = otherEnds;
	let entry = entries;
	let out = target;
	const targetEnd = target + 8 * (count as usize);
	for (; out < targetEnd; out += 8, entry += stride) {
		ends |= (load<u8>(load<u32>(entry + toLineEnd) as usize) as u32) ^ 0x0a;
		let start = (load<u32>(entry) as usize) + 1;
		let end = load<u32>(entry, 4) as usize;
		if (mayHaveCarriageReturn) end -= (load<u8>(end - 1) === 0x0d && load<u8>(end) === 0x0a) as usize;
		if (quote >= 0) {
			const isQuoted = (load<u8>(start) === (quote as u8)) as usize;
			start += isQuoted;
			end -= isQuoted;
		}
		const isNegative = (load<u8>(start) === MINUS) as usize;
		const length = end - start - isNegative;
		const digits = v128.and(i8x16.sub(v128.load(end - 16), thePattern), v128.load(KEEP_LAST + 16 * length));
		// What must not be is negative here, or not zero: joined, they cost one branch, and none is made to a truth value.
		const isOdd = (((length - from) | (to - length)) as i32) >> 31;
		if ((isOdd | i8x16.bitmask(i8x16.add_sat_u(digits, theLimits))) !== 0) break;
		const pairs = i16x8.relaxed_dot_i8x16_i7x16_s(i8x16.relaxed_swizzle(digits, theGap), tens);
		const quads = i32x4.dot_i16x8_s(pairs, hundreds);
		const eights = i32x4.dot_i16x8_s(i16x8.narrow_i32x4_s(quads, quads), tenThousands);
		const both = i64x2.extract_lane(eights, 0);
		const magnitude = ((both & 0xffff_ffff) * 100_000_000 + ((both as u64) >> 32)) * theFactor;
		const sign = -(isNegative as i64);
		store<i64>(out, (magnitude ^ sign) - sign);
	}
	otherEnds = ends;
	return ((out - target) >> 3) as i32;
}
