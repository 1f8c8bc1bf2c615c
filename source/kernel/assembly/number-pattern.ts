// Numbers of a column mostly have one form: `1234.56`, with the same number of decimals. So the last 16 bytes of a field are
// taken as they are and read all at once:
//
//   bytes      x x x x x x x x x 1 2 3 4 . 5 6      what is in front of the field is masked away
//   - pattern  0 0 0 0 0 0 0 0 0 0 0 0 0 . 0 0      a digit gives 0 … 9, the point 0, all else more
//   swizzle    - 0 0 0 0 0 0 0 0 0 1 2 3 4 5 6      the gap of the point closes
//   × 10, 1    pairs of digits      -> 8 numbers up to 99        (integers are put together by halves:
//   × 100, 1   pairs of those       -> 4 numbers up to 9999       D. Lemire, "Quickly parsing eight digits", 2018)
//   × 10^4, 1  and of those         -> 2 numbers up to 99999999
import {Cells} from './fields';
import {KEEP_LAST, LANES, powerOfTen} from './memory';
import {MINUS, ZERO} from './number-text';
import {Value} from './value';
import {above, HUNDREDS, TEN_THOUSANDS, TENS} from './vectors';

/** So many digits are less than 2^47, see `LARGEST_QUICK_UNITS`. */
const MAX_QUICK_DIGITS: i32 = 14;
/** The length of no field. */
const NO_LENGTH: usize = 0x7fff_ffff;
const NOT_LEARNED: i32 = -1;

/** Whether each record of the last run ended with an LF where it was thought to end. Looked at here because it costs least. */
let otherEnds: u32 = 0;
export function endsAreFeeds(): bool {
	return otherEnds === 0;
}
/** Before a run in which they are looked at. */
export function beginEnds(): void {
	otherEnds = 0;
}

// Type arguments that say what a loop does: the compiler makes one of each, in which `sizeof` is known.
type Yes = u8;
type No = u16;

/** Numbers that are mostly of one form. */
@unmanaged
export class PatternedNumbers extends Value {
	/** Whether a record may be without it. */
	isOptional: bool;
	/** The decimal mark of the column. */
	mark: u8;
	/** Whether a percent sign stands behind each number: all of them are left to the host. */
	isPercent: bool;
	/** The number of decimals of the pattern, `NOT_LEARNED` before one is known; never more than `quickScale`. */
	patternScale: i32;
	/** What the pattern was made for last, which mostly is learned again for the next file. */
	learnedDecimals: i32;
	learnedScale: i32;
	pattern: v128;
	/** As `ABOVE_NINE`, lane by lane. */
	limits: v128;
	closeGap: v128;
	factor: i64;
	shortest: usize;
	longest: usize;

	/** To be called once, when it is new. */
	forget(): void {
		this.learnedDecimals = NOT_LEARNED;
		this.learnedScale = NOT_LEARNED;
	}
	dropPattern(): void {
		this.patternScale = NOT_LEARNED;
	}
	hasPattern(): bool {
		return this.patternScale !== NOT_LEARNED;
	}
	raiseScale(scale: i32): void {
		this.scale = scale;
		if (this.hasPattern()) this.learn(this.patternScale);
	}

	/** From here on numbers are expected to have so many decimals. */
	learn(decimals: i32): void {
		this.patternScale = decimals;
		// The mark is of the reader, and a reader is of one form.
		if (decimals === this.learnedDecimals && this.scale === this.learnedScale) return;
		this.learnedDecimals = decimals;
		this.learnedScale = this.scale;
		this.factor = powerOfTen(this.scale - decimals);
		// With the point they are no more than the 16 bytes that are read at once.
		const digits = MAX_QUICK_DIGITS - (this.scale - decimals);
		this.shortest = (decimals + 1) as usize;
		this.longest = (decimals === 0 ? digits : digits + 1) as usize;
		this.pattern = i8x16.splat(ZERO);
		this.limits = i8x16.splat(above(9));
		// With no decimals there is no point, and lanes stay where they are.
		this.closeGap = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
		if (decimals >= digits || this.isPercent) {
			// Not even one digit in front of the decimals, scaled up, would be small enough: none fits.
			this.shortest = NO_LENGTH;
			this.longest = NO_LENGTH;
			return;
		}
		if (decimals === 0) return;
		const place: usize = 15 - (decimals as usize);
		v128.store(LANES, this.pattern);
		v128.store(LANES, this.limits, 16);
		store<u8>(LANES + place, this.mark);
		store<u8>(LANES + place, above(0), 16);
		for (let lane: usize = 0; lane < 16; lane++) {
			const from: u8 = lane === 0 ? 0x80 : lane <= place ? ((lane - 1) as u8) : (lane as u8);
			store<u8>(LANES + lane, from, 32);
		}
		this.pattern = v128.load(LANES);
		this.limits = v128.load(LANES, 16);
		this.closeGap = v128.load(LANES, 32);
	}

	/** Reads cells from a record on, as long as they fit the pattern. Returns how many those were. */
	readFitting(cells: Cells, record: i32, count: i32, toLineEnd: usize): i32 {
		if (this.isOptional) return readFitting<Yes, No>(this, cells, record, count, 0);
		if (toLineEnd === 0) return readFitting<No, No>(this, cells, record, count, 0);
		return readFitting<No, Yes>(this, cells, record, count, toLineEnd);
	}
}

/**
Reads cells as long as they fit the pattern. It calls nothing, so that all it needs stays in registers.

@typeParam Optional - Whether empty cells fit, too.
@typeParam Ends - Whether the records' line ends are looked at.
@returns How many those were.
*/
function readFitting<Optional, Ends>(
	reader: PatternedNumbers,
	cells: Cells,
	first: i32,
	count: i32,
	toLineEnd: usize,
): i32 {
	const tens = v128.load(TENS);
	const hundreds = v128.load(HUNDREDS);
	const tenThousands = v128.load(TEN_THOUSANDS);
	const thePattern = reader.pattern;
	const theLimits = reader.limits;
	const theGap = reader.closeGap;
	const theFactor = reader.factor;
	const from = reader.shortest;
	const to = reader.longest;
	const stride = cells.stride;
	const mayHaveCarriageReturn = cells.mayHaveCarriageReturn;
	const quote = cells.quote;
	let ends = otherEnds;
	let entry = cells.entries + stride * (first as usize);
	const target = reader.units + 8 * (first as usize);
	let out = target;
	let none = sizeof<Optional>() === sizeof<Yes>() ? reader.nones + (first as usize) : 0;
	const targetEnd = reader.units + 8 * (count as usize);
	for (; out < targetEnd; out += 8, entry += stride) {
		if (sizeof<Ends>() === sizeof<Yes>()) ends |= (load<u8>(load<u32>(entry + toLineEnd) as usize) as u32) ^ 0x0a;
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
		// What must not be is negative here, or not zero: joined, they cost one branch, and are not made to truth values.
		let isOdd = (((length - from) | (to - length)) as i32) >> 31;
		if (sizeof<Optional>() === sizeof<Yes>()) {
			// A sign alone is not.
			const isEmpty = ((length | isNegative) === 0) as i32;
			isOdd &= isEmpty - 1;
			store<u8>(none, isEmpty as u8);
			none++;
		}
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
