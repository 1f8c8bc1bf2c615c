// Constant vectors of the loops over batches, in memory. Of those in the code V8 makes each anew in every turn of a loop, by three
// to five instructions; what is loaded in front of the loop stays in a register.
import {VECTORS} from './memory';

/** In all bytes. */
export const ZERO_DIGITS: usize = VECTORS;
/** By which pairs of digits become numbers: 10, 1, 10, 1 … in bytes. */
export const TENS: usize = VECTORS + 16;
/** And pairs of those, and of those: in 16 bits each. */
export const HUNDREDS: usize = VECTORS + 32;
export const TEN_THOUSANDS: usize = VECTORS + 48;
/** Added to a byte with saturation, takes what is no digit to 128 and more, which shows in a bit mask. */
export const ABOVE_NINE: usize = VECTORS + 64;
/** A date, see dates.ts: what is taken off, the order of what is left, and as `ABOVE_NINE` what it may not be above. */
export const DATE_PATTERN: usize = VECTORS + 80;
export const DATE_ORDER: usize = VECTORS + 96;
export const DATE_LIMITS: usize = VECTORS + 112;
export const LINE_FEEDS: usize = VECTORS + 128;
export const CARRIAGE_RETURNS: usize = VECTORS + 144;
/** A time of day, `HH:MM:SS`: as of a date. */
export const CLOCK_PATTERN: usize = VECTORS + 160;
export const CLOCK_LIMITS: usize = VECTORS + 176;

/** Makes two numbers of the four of a date. */
export const DATE_PARTS: usize = VECTORS + 192;
/** 0 and 1 as two numbers of 64 bits, what one more adds to units and count; and behind it nothing, what a record without adds. */
export const ONE_MORE: usize = VECTORS + 208;

/** A timestamp up to its minutes: as of a date; the T, the 11th byte, is looked at by itself. */
export const TIME_PATTERN: usize = VECTORS + 240;
export const TIME_LIMITS: usize = VECTORS + 256;
export const TIME_ORDER: usize = VECTORS + 272;
export const TIME_PARTS: usize = VECTORS + 288;
/** The first seven bytes of a text in the order of a number, behind them a zero: see columns/text-range.ts. */
export const RANK_ORDER: usize = VECTORS + 304;
export const POINTS: usize = VECTORS + 320;
/** Bytes the other way round. */
export const REVERSE: usize = VECTORS + 336;

/** `[`, `(` and `<` in all bytes; what masks a digit; blanks: see text-lines.ts. */
export const BRACKETS: usize = VECTORS + 352;
export const MASKS: usize = VECTORS + 400;
export const SPACES: usize = VECTORS + 416;
export const TABS: usize = VECTORS + 432;
export const FIVES: usize = VECTORS + 448;
export const EIGHTS: usize = VECTORS + 464;

/** Of a date with the year behind: see date-reader.ts. The separators of the pattern are those of a column. */
export const SHORT_PATTERN: usize = VECTORS + 480;
export const SHORT_LIMITS: usize = VECTORS + 496;
export const DAY_ORDER: usize = VECTORS + 512;
export const MONTH_ORDER: usize = VECTORS + 528;

/** What takes a byte above a limit to 128 and more. */
export function above(limit: u8): u8 {
	return 127 - limit;
}

/** Once for a thread. */
export function fillVectors(): void {
	v128.store(ZERO_DIGITS, i8x16.splat(48));
	v128.store(TENS, i8x16(10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1));
	v128.store(HUNDREDS, i16x8(100, 1, 100, 1, 100, 1, 100, 1));
	v128.store(TEN_THOUSANDS, i16x8(10_000, 1, 10_000, 1, 10_000, 1, 10_000, 1));
	v128.store(ABOVE_NINE, i8x16.splat(above(9)));
	v128.store(DATE_PATTERN, i8x16(48, 48, 48, 48, 45, 48, 48, 45, 48, 48, 0, 0, 0, 0, 0, 0));
	v128.store(DATE_ORDER, i8x16(8, 9, 5, 6, 2, 3, 0, 1, -1, -1, -1, -1, -1, -1, -1, -1));
	v128.store(DATE_LIMITS, i8x16(118, 118, 118, 118, 127, 118, 118, 127, 118, 118, 0, 0, 0, 0, 0, 0));
	v128.store(CLOCK_PATTERN, i8x16(48, 48, 58, 48, 48, 58, 48, 48, 0, 0, 0, 0, 0, 0, 0, 0));
	v128.store(CLOCK_LIMITS, i8x16(125, 118, 127, 122, 118, 127, 122, 118, 0, 0, 0, 0, 0, 0, 0, 0));
	v128.store(LINE_FEEDS, i8x16.splat(0x0a));
	v128.store(CARRIAGE_RETURNS, i8x16.splat(0x0d));
	v128.store(ONE_MORE, i64x2(0, 1));
	v128.store(DATE_PARTS, i16x8(1, 128, 1, 100, 0, 0, 0, 0));
	v128.store(ONE_MORE, i64x2.splat(0), 16);
	v128.store(TIME_PATTERN, i8x16(48, 48, 48, 48, 45, 48, 48, 45, 48, 48, 0, 48, 48, 58, 48, 48));
	v128.store(TIME_LIMITS, i8x16(118, 118, 118, 118, 127, 118, 118, 127, 118, 118, 0, 125, 118, 127, 122, 118));
	v128.store(TIME_ORDER, i8x16(8, 9, 5, 6, 2, 3, 0, 1, 11, 12, 14, 15, -1, -1, -1, -1));
	v128.store(TIME_PARTS, i16x8(1, 128, 1, 100, 4096, 64, 0, 0));
	v128.store(RANK_ORDER, i8x16(-1, 6, 5, 4, 3, 2, 1, 0, -1, -1, -1, -1, -1, -1, -1, -1));
	v128.store(POINTS, i8x16.splat(0x2e));
	v128.store(REVERSE, i8x16(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
	v128.store(BRACKETS, i8x16.splat(0x5b));
	v128.store(BRACKETS + 16, i8x16.splat(0x28));
	v128.store(BRACKETS + 32, i8x16.splat(0x3c));
	v128.store(MASKS, i8x16.splat(0x23));
	v128.store(SPACES, i8x16.splat(0x20));
	v128.store(TABS, i8x16.splat(0x09));
	v128.store(FIVES, i8x16.splat(5));
	v128.store(EIGHTS, i8x16.splat(8));
	v128.store(SHORT_PATTERN, i8x16(48, 48, 47, 48, 48, 47, 48, 48, 48, 48, 0, 0, 0, 0, 0, 0));
	v128.store(SHORT_LIMITS, i8x16(118, 118, 127, 118, 118, 127, 118, 118, 118, 118, 0, 0, 0, 0, 0, 0));
	v128.store(DAY_ORDER, i8x16(0, 1, 3, 4, 8, 9, 6, 7, -1, -1, -1, -1, -1, -1, -1, -1));
	v128.store(MONTH_ORDER, i8x16(3, 4, 0, 1, 8, 9, 6, 7, -1, -1, -1, -1, -1, -1, -1, -1));
}
