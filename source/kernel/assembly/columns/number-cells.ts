// Cells with numbers: `-?digits`, `-?digits.digits`, of any number of decimals up to that of the column, and no more than 15 digits. The
// last 16 bytes of a cell are taken as in ../number-reader.ts; where the point is says which gap is closed.
//
// What does not fit - a plus sign, blanks, an exponent, leading zeros without a sign - ends the loop.
import {allocate, KEEP_LAST, LANES, powerOfTen} from '../memory';
import {ABOVE_NINE, above, HUNDREDS, POINTS, TEN_THOUSANDS, TENS, ZERO_DIGITS} from '../vectors';
import {Column} from './column';
import {MAX_PORTION} from './plain-cells';
import {addToRange, rankOf, TextRange} from './text-range';

const MINUS: u8 = 0x2d;
const POINT: u8 = 0x2e;
const ZERO: u8 = 0x30;

/** Units are at most 10^15, too. */
export const MAX_DIGITS: i32 = 15;
const GAPS_BYTES: usize = 16 * 16;
/** The place of a point behind the last digit; without one, it counts as there. */
const BEHIND: u32 = 15;
const BEHIND_BIT: u32 = 1 << BEHIND;

/** Entry n brings the lanes in front of a point at n one further; the last one leaves all where they are. */
let gaps: usize = 0;
/** The units of a portion. */
let units: usize = 0;
let unitsEnd: usize = 0;

export function unitsOfNumbers(): usize {
	return units;
}
export function endOfUnits(): usize {
	return unitsEnd;
}

/** To be called before the others. */
export function prepareNumbers(): void {
	if (units !== 0) return;
	// Those behind the last ones may be read.
	units = allocate(8 * (MAX_PORTION as usize) + 8);
	gaps = allocate(GAPS_BYTES);
	for (let place: usize = 0; place < 16; place++) {
		for (let lane: usize = 0; lane < 16; lane++) {
			const isBehind = lane > place || place === (BEHIND as usize);
			store<u8>(gaps + 16 * place + lane, isBehind ? (lane as u8) : lane === 0 ? 0x80 : ((lane - 1) as u8));
		}
	}
}

/** The number of decimals of a cell that would fit if the column had as many; -1 for any other. */
export function decimalsOf(start: usize, end: usize): i32 {
	let at = start + ((load<u8>(start) === MINUS) as usize);
	const first = at;
	let digits: i32 = 0;
	let point: usize = 0;
	for (; at < end; at++) {
		const byte = load<u8>(at);
		if (byte - ZERO <= 9) digits++;
		else if (byte === POINT && point === 0) point = at;
		else return -1;
	}
	if (digits === 0 || digits > MAX_DIGITS || point === end - 1) return -1;
	if (first === start && point === 0 && digits > 1 && load<u8>(first) === ZERO) return -1;
	return point === 0 ? 0 : ((end - point - 1) as i32);
}

/** What all cells of a column have that has its most decimals in each. */
@unmanaged
export class NumberForm {
	pattern: v128;
	/** What takes a byte above what it may be, lane by lane, to 128 and more. */
	limits: v128;
	closeGap: v128;
	shortest: usize;
	longest: usize;

	learn(scale: i32): void {
		const place: usize = (BEHIND as usize) - (scale as usize);
		v128.store(LANES, v128.load(ZERO_DIGITS));
		v128.store(LANES, v128.load(ABOVE_NINE), 16);
		if (scale > 0) {
			store<u8>(LANES + place, POINT);
			store<u8>(LANES + place, above(0), 16);
		}
		this.pattern = v128.load(LANES);
		this.limits = v128.load(LANES, 16);
		this.closeGap = v128.load(gaps + 16 * place);
		const point = (scale > 0) as usize;
		this.shortest = max<usize>(scale as usize, 1) + point;
		this.longest = (MAX_DIGITS as usize) + point;
	}
}

// What the loops leave behind.
let tally: u64 = 0;
let lengths: u32 = 0;
let empties: u64 = 0;

/**
Reads cells into `unitsOfNumbers` … `endOfUnits`, and counts what they are as so many of the same.

@returns The first entry whose cell does not fit.
*/
export function readNumbers(column: Column, entries: usize, last: usize, stride: usize, weight: u64): usize {
	unitsEnd = units;
	tally = 0;
	lengths = 0;
	empties = 0;
	let entry = entries;
	if (!column.isMixed)
		entry =
			column.scale > 0
				? readForm<Decimals>(column.form, entries, last, stride)
				: readForm<Integers>(column.form, entries, last, stride);
	const isFixed = entry === last;
	let decimals: u64 = 0;
	let signed: u64 = 0;
	if (column.scale > 0) decimals = ((unitsEnd - units) >> 3) as u64;
	else signed = tally & 0xffff;
	column.lengthSum += (tally >> 32) * weight;
	if (!isFixed) {
		tally = 0;
		entry = readForms(column.scale, entry, last, stride);
		decimals += tally & 0xffff;
		signed += (tally >> 16) & 0xffff;
		column.lengthSum += (tally >> 32) * weight;
	}
	const cells = ((unitsEnd - units) >> 3) as u64;
	// A column is read in one form again when a portion had only this one.
	column.isMixed = !isFixed && (column.scale > 0 ? decimals !== cells : decimals + signed > 0);
	column.empties += empties * weight;
	column.decimals += decimals * weight;
	column.signed += signed * weight;
	column.integers += (cells - decimals - signed) * weight;
	column.extendLengths(lengths);
	if (!column.onlyClasses) extendRanges(column, entries, entry, stride);
	return entry;
}

// Type arguments that say what a loop does: the compiler makes one of each, in which `sizeof` is known.
type Decimals = u8;
type Integers = u16;

/** Reads cells that have the form of the column. It calls nothing, so that all it needs stays in registers. */
function readForm<Kind>(form: NumberForm, entries: usize, last: usize, stride: usize): usize {
	const tens = v128.load(TENS);
	const hundreds = v128.load(HUNDREDS);
	const tenThousands = v128.load(TEN_THOUSANDS);
	const pattern = form.pattern;
	const limits = form.limits;
	const closeGap = form.closeGap;
	const shortest = form.shortest;
	const longest = form.longest;
	let out = unitsEnd;
	let bytes: u64 = 0;
	let lengthsHere: u32 = 0;
	let emptiesHere: u64 = 0;
	let entry = entries;
	for (; entry < last; entry += stride) {
		const start = (load<u32>(entry) as usize) + 1;
		const end = load<u32>(entry, 4) as usize;
		const whole = end - start;
		if (whole === 0) {
			emptiesHere++;
			continue;
		}
		const first = load<u8>(start);
		const isNegative = (first === MINUS) as usize;
		const length = whole - isNegative;
		const digits = v128.and(i8x16.sub(v128.load(end - 16), pattern), v128.load(KEEP_LAST + 16 * length));
		// What must not be is negative here, or not zero there: joined, they cost one branch, and are not made to truth values.
		let isOdd = (((length - shortest) | (longest - length)) as i32) >> 31;
		// Digits with a zero in front are no integer, but for one alone.
		if (sizeof<Kind>() === sizeof<Integers>())
			isOdd |= ((((first as i32) - 0x31) & (1 - (whole as i32))) >> 31) & ((isNegative as i32) - 1);
		if ((isOdd | i8x16.bitmask(i8x16.add_sat_u(digits, limits))) !== 0) break;
		const pairs = i16x8.relaxed_dot_i8x16_i7x16_s(i8x16.relaxed_swizzle(digits, closeGap), tens);
		const quads = i32x4.dot_i16x8_s(pairs, hundreds);
		const eights = i32x4.dot_i16x8_s(i16x8.narrow_i32x4_s(quads, quads), tenThousands);
		const both = i64x2.extract_lane(eights, 0);
		const magnitude = (both & 0xffff_ffff) * 100_000_000 + ((both as u64) >> 32);
		const sign = -(isNegative as i64);
		store<i64>(out, (magnitude ^ sign) - sign);
		out += 8;
		bytes += ((whole as u64) << 32) | (isNegative as u64);
		lengthsHere |= 1 << (whole as u32);
	}
	unitsEnd = out;
	tally = bytes;
	lengths |= lengthsHere;
	empties += emptiesHere;
	return entry;
}

/** Reads cells with any number of decimals up to that of the column. */
function readForms(scale: i32, entries: usize, last: usize, stride: usize): usize {
	const tens = v128.load(TENS);
	const hundreds = v128.load(HUNDREDS);
	const tenThousands = v128.load(TEN_THOUSANDS);
	const zeroDigits = v128.load(ZERO_DIGITS);
	const aboveNine = v128.load(ABOVE_NINE);
	const points = v128.load(POINTS);
	const gapsHere = gaps;
	let out = unitsEnd;
	let bytesHere: u64 = 0;
	let lengthsHere: u32 = 0;
	let emptiesHere: u64 = 0;
	let entry = entries;
	for (; entry < last; entry += stride) {
		const start = (load<u32>(entry) as usize) + 1;
		const end = load<u32>(entry, 4) as usize;
		const whole = end - start;
		if (whole === 0) {
			emptiesHere++;
			continue;
		}
		const first = load<u8>(start);
		const isNegative = (first === MINUS) as usize;
		const length = whole - isNegative;
		if (length > 16) break;
		const bytes = v128.load(end - 16);
		const keep = v128.load(KEEP_LAST + 16 * length);
		const point = i8x16.bitmask(v128.and(i8x16.eq(bytes, points), keep));
		const place = ctz<u32>(point | BEHIND_BIT);
		const hasPoint = (point !== 0) as i32;
		const digits = v128.and(i8x16.sub(bytes, zeroDigits), keep);
		const closed = i8x16.relaxed_swizzle(digits, v128.load(gapsHere + 16 * place));
		const pairs = i16x8.relaxed_dot_i8x16_i7x16_s(closed, tens);
		const quads = i32x4.dot_i16x8_s(pairs, hundreds);
		const eights = i32x4.dot_i16x8_s(i16x8.narrow_i32x4_s(quads, quads), tenThousands);
		const both = i64x2.extract_lane(eights, 0);
		const read = (both & 0xffff_ffff) * 100_000_000 + ((both as u64) >> 32);
		const raise = scale - ((BEHIND - place) as i32);
		const exponent = max(raise, 0);
		const digitCount = (length as i32) - hasPoint;
		const isInteger = hasPoint ^ 1;
		const isLed = isInteger & ((isNegative as i32) ^ 1) & ((first === ZERO) as i32) & ((whole > 1) as i32);
		const isTooLarge = ((powerOfTen(MAX_DIGITS - exponent) - read) >> 63) as i32;
		const negatives = raise | (digitCount - 1) | (MAX_DIGITS - digitCount) | isTooLarge;
		const others = i8x16.bitmask(i8x16.add_sat_u(closed, aboveNine)) | isLed | (point & BEHIND_BIT);
		if (((negatives >> 31) | others) !== 0) break;
		const sign = -(isNegative as i64);
		store<i64>(out, ((read * powerOfTen(exponent)) ^ sign) - sign);
		out += 8;
		const kind = hasPoint | (((isNegative as i32) & isInteger) << 16);
		bytesHere += ((whole as u64) << 32) | (kind as u64);
		lengthsHere |= 1 << (whole as u32);
	}
	unitsEnd = out;
	tally = bytesHere;
	lengths |= lengthsHere;
	empties += emptiesHere;
	return entry;
}

/** Extends the ranges of texts by cells with numbers. Mostly none of them is the smallest or the largest. */
function extendRanges(column: Column, entries: usize, last: usize, stride: usize): void {
	const texts = column.texts;
	if (hasOuter<Anything>(texts, entries, last, stride)) addToRange(texts, entries, last, stride);
	if (column.decimals > 0 && column.integers === 0) return;
	const digits = column.digits;
	if (!hasOuter<Unsigned>(digits, entries, last, stride)) return;
	for (let entry = entries; entry < last; entry += stride) {
		const start = (load<u32>(entry) as usize) + 1;
		const length = (load<u32>(entry, 4) as usize) - start;
		if (length > 0 && isAllDigits(start, length)) digits.add(start, length);
	}
}

type Anything = u8;
type Unsigned = u16;

/** Whether any cell is perhaps the smallest or the largest by its bytes. */
function hasOuter<Cells>(range: TextRange, entries: usize, last: usize, stride: usize): bool {
	const innerFrom = range.innerFrom;
	const innerSpan = range.innerSpan;
	let outer: u32 = 0;
	for (let entry = entries; entry < last; entry += stride) {
		const start = (load<u32>(entry) as usize) + 1;
		let isOuter = (rankOf(start, (load<u32>(entry, 4) as usize) - start) - innerFrom > innerSpan) as u32;
		if (sizeof<Cells>() === sizeof<Unsigned>()) isOuter &= (load<u8>(start) !== MINUS) as u32;
		outer |= isOuter;
	}
	return outer !== 0;
}

/** Of a number. */
function isAllDigits(start: usize, length: usize): bool {
	if (load<u8>(start) === MINUS) return false;
	for (let at = start; at < start + length; at++) if (load<u8>(at) === POINT) return false;
	return true;
}
