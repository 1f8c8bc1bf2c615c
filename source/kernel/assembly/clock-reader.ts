// Timestamps -> dates as in date-reader.ts, and clocks, all at once where they are written as most are:
//
//   2024-02-28T09:30:15      or a blank for the T; behind it nothing, Z, or a fraction with or without Z
//
//   16 bytes    day, month, year % 100, year / 100, hour, minute       as of a date, six lanes of 16 bits
//   3 bytes     `:SS`
//   the rest    digits behind a point, then Z
import {FIRST_CODE, HOUR_SHIFT, MONTH_SHIFT, YEAR_SHIFT} from './date-code';
import {Cells} from './fields';
import {DAYS_OF_MONTH} from './memory';
import {ABOVE_NINE, TENS, TIME_LIMITS, TIME_ORDER, TIME_PARTS, TIME_PATTERN, ZERO_DIGITS} from './vectors';

/** `YYYY-MM-DDTHH:MM:SS` */
export const TIMESTAMP_BYTES: usize = 19;
const POINT: u32 = 0x2e;
const COLON: u32 = 0x3a;
const Z: u32 = 0x5a;
/** Of the last hour of a day, which is 23. */
const MAX_HOUR_CODE: u32 = 24;

/**
Reads timestamps as long as they are of that form, and no 29th of February. It calls nothing, as `readPlain` of date-reader.ts.

@returns The first record whose timestamp is another.
*/
export function readPlainTimes(cells: Cells, first: i32, count: i32, codes: usize, clocks: usize): i32 {
	const pattern = v128.load(TIME_PATTERN);
	const limits = v128.load(TIME_LIMITS);
	const order = v128.load(TIME_ORDER);
	const tens = v128.load(TENS);
	const parts = v128.load(TIME_PARTS);
	const zeros = v128.load(ZERO_DIGITS);
	const aboveNine = v128.load(ABOVE_NINE);
	const stride = cells.stride;
	const mayHaveCarriageReturn = cells.mayHaveCarriageReturn;
	const quote = cells.quote;
	const target = codes + 4 * (first as usize);
	const clocksAhead = clocks - codes;
	let out = target;
	const targetEnd = codes + 4 * (count as usize);
	let entry = cells.entries + stride * (first as usize);
	for (; out < targetEnd; out += 4, entry += stride) {
		let start = (load<u32>(entry) as usize) + 1;
		let end = load<u32>(entry, 4) as usize;
		if (mayHaveCarriageReturn) end -= (load<u8>(end - 1) === 0x0d && load<u8>(end) === 0x0a) as usize;
		if (quote >= 0) {
			const isQuoted = (load<u8>(start) === (quote as u8)) as usize;
			start += isQuoted;
			end -= isQuoted;
		}
		const digits = i8x16.sub(v128.load(start), pattern);
		const lanes = i16x8.relaxed_dot_i8x16_i7x16_s(i8x16.relaxed_swizzle(digits, order), tens);
		const numbers = i32x4.dot_i16x8_s(lanes, parts);
		const halves = i64x2.extract_lane(numbers, 0) as u64;
		const code = ((halves >> (32 - YEAR_SHIFT)) as u32) | (halves as u32);
		const month = (code >> MONTH_SHIFT) & 127;
		const day = (code & 127) as i32;
		const days = load<u8>(DAYS_OF_MONTH + (month as usize)) as i32;
		const separator = load<u8>(start, 10) as u32;
		const seconds = load<u32>(start, 16);
		const second1 = (((seconds >> 8) & 255) - 0x30) as i32;
		const second2 = (((seconds >> 16) & 255) - 0x30) as i32;
		const clock = (i32x4.extract_lane(numbers, 2) as u32) + (1 << HOUR_SHIFT) + ((10 * second1 + second2) as u32);
		const rest = (end - start - TIMESTAMP_BYTES) as i32;
		const tail = v128.load(start, TIMESTAMP_BYTES);
		const nonDigits = i8x16.bitmask(i8x16.add_sat_u(i8x16.sub(tail, zeros), aboveNine)) | 0x1_0000;
		const hasPoint = ((load<u8>(start, TIMESTAMP_BYTES) as u32) === POINT) as i32;
		const fraction = hasPoint * (ctz<i32>(nonDigits >> 1) + 1);
		const hasZ = ((load<u8>(start + TIMESTAMP_BYTES + (fraction as usize)) as u32) === Z) as i32;
		const isTail = ((rest === fraction) as i32) | (((rest === fraction + 1) as i32) & hasZ);
		// What must not be is negative here, or not zero there.
		const negatives =
			((code - FIRST_CODE) as i32) |
			(day - 1) |
			(days - day) |
			second1 |
			(5 - second1) |
			second2 |
			(9 - second2) |
			((MAX_HOUR_CODE - (clock >> HOUR_SHIFT)) as i32) |
			(fraction - 2 * hasPoint);
		const others =
			i8x16.bitmask(i8x16.add_sat_u(digits, limits)) |
			(((separator ^ 0x54) * (separator ^ 0x20)) as i32) |
			(((seconds & 255) ^ COLON) as i32) |
			(isTail ^ 1);
		if (((negatives >> 31) | others) !== 0) break;
		store<u32>(out, code);
		store<u32>(out + clocksAhead, clock);
	}
	return first + (((out - target) >> 2) as i32);
}
