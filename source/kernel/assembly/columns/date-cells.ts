// Cells with dates, `YYYY-MM-DD`, as in ../date-reader.ts, and with time stamps, `YYYY-MM-DDTHH:MM:SS` with T or a space, and Z or nothing
// behind it: all of a column alike. Days are counted, and of time stamps, whose days say less than all, registers are filled.
//
// A code sorts like its date: year from FIRST_YEAR on × 2^9 + month × 2^5 + day; that of a time stamp has the second of the day behind it.
import {hashWord, mix} from '../keys';
import {DAYS_OF_MONTH} from '../memory';
import {DATE_LIMITS, DATE_ORDER, DATE_PATTERN, TENS, TIME_LIMITS, TIME_ORDER, TIME_PATTERN} from '../vectors';
import {Column} from './column';
import {addPage, FIRST_YEAR, YEARS} from './day-counts';
import {register} from './sketch';

export const DATE_BYTES: usize = 10;
/** Without the Z. */
export const STAMP_BYTES: usize = 19;
const DASH: u8 = 0x2d;
const COLON: u8 = 0x3a;
const ZULU: u8 = 0x5a;
const SPACE: u8 = 0x20;
const UPPER_T: u8 = 0x54;
const SECOND_BITS: u64 = 17;

/** Counts dates by day, and nothing else of them. Returns the first entry whose cell is none: the 29th of February counts as none here. */
export function readDates(column: Column, entries: usize, last: usize, stride: usize, weight: u64): usize {
	const pattern = v128.load(DATE_PATTERN);
	const limits = v128.load(DATE_LIMITS);
	const order = v128.load(DATE_ORDER);
	const tens = v128.load(TENS);
	const days = column.dateDays;
	let empties: u64 = 0;
	let newDays: u32 = 0;
	let entry = entries;
	for (; entry < last; entry += stride) {
		const start = (load<u32>(entry) as usize) + 1;
		const length = (load<u32>(entry, 4) as usize) - start;
		if (length === 0) {
			empties++;
			continue;
		}
		const digits = i8x16.sub(v128.load(start), pattern);
		const parts = i16x8.relaxed_dot_i8x16_i7x16_s(i8x16.relaxed_swizzle(digits, order), tens);
		const date = i64x2.extract_lane(parts, 0) as u64;
		const month = ((date as u32) >> 16) & 127;
		const day = (date & 0xff) as i32;
		const year = (((date >> 48) as u32) & 127) * 100 + (((date >> 32) as u32) & 127) - FIRST_YEAR;
		const daysOfMonth = load<u8>(DAYS_OF_MONTH + (month as usize)) as i32;
		const negatives = (day - 1) | (daysOfMonth - day) | ((YEARS - 1 - year) as i32) | (year as i32);
		const others = (i8x16.bitmask(i8x16.add_sat_u(digits, limits)) & 0x3ff) | ((length - DATE_BYTES) as i32);
		if (((negatives >> 31) | others) !== 0) break;
		let page = load<u32>(days + 4 * (year as usize)) as usize;
		if (page === 0) page = addPage(days, year);
		const at = page + 8 * (((month << 5) as usize) + (day as usize));
		const before = load<u64>(at);
		newDays += (before === 0) as u32;
		store<u64>(at, before + weight);
	}
	column.empties += empties * weight;
	column.differentDays += newDays;
	return entry;
}

/** Whether a cell has the form of a time stamp that `readStamps` may take; then the column takes those that are like it. */
export function learnStamp(column: Column, start: usize, end: usize): bool {
	const length = end - start;
	if (length < STAMP_BYTES || length > STAMP_BYTES + 1) return false;
	if (length > STAMP_BYTES && load<u8>(end - 1) !== ZULU) return false;
	const separator = load<u8>(start, 10);
	if (separator !== UPPER_T && separator !== SPACE) return false;
	if (load<u8>(start, 4) !== DASH || load<u8>(start, 7) !== DASH) return false;
	if (load<u8>(start, 13) !== COLON || load<u8>(start, 16) !== COLON) return false;
	column.stampLength = length as u32;
	column.stampSeparator = separator;
	return true;
}

/** Counts time stamps. Returns the first entry whose cell is not like the others, or not to be taken for another reason. */
export function readStamps(column: Column, entries: usize, last: usize, stride: usize, weight: u64): usize {
	const pattern = i8x16.replace_lane(v128.load(TIME_PATTERN), 10, column.stampSeparator as i8);
	const limits = i8x16.replace_lane(v128.load(TIME_LIMITS), 10, 127);
	const order = v128.load(TIME_ORDER);
	const tens = v128.load(TENS);
	const stampLength = column.stampLength as usize;
	const hasZone = stampLength > STAMP_BYTES;
	/** Of the last four bytes, `:SS` and what is behind it. */
	const tailMask: u32 = hasZone ? 0xffff_ffff : 0x00ff_ffff;
	const tailPattern: u32 = hasZone ? 0x5a30_303a : 0x0030_303a;
	const restMask: u64 = hasZone ? 0xffff_ffff : 0x00ff_ffff;
	const days = column.stampDays;
	const registers = column.registers;
	const bits = column.registerBits;
	let first = column.firstStamp;
	let latest = column.lastStamp;
	let empties: u64 = 0;
	let stamps: u64 = 0;
	let entry = entries;
	for (; entry < last; entry += stride) {
		const start = (load<u32>(entry) as usize) + 1;
		const length = (load<u32>(entry, 4) as usize) - start;
		if (length === 0) {
			empties++;
			continue;
		}
		const digits = i8x16.sub(v128.load(start), pattern);
		const parts = i16x8.relaxed_dot_i8x16_i7x16_s(i8x16.relaxed_swizzle(digits, order), tens);
		const date = i64x2.extract_lane(parts, 0) as u64;
		const time = i32x4.extract_lane(parts, 2) as u32;
		const tail = (load<u32>(start, 16) & tailMask) - tailPattern;
		const tenSeconds = (tail >> 8) & 0xff;
		const oneSecond = (tail >> 16) & 0xff;
		const second = tenSeconds * 10 + oneSecond;
		const hour = time & 0xffff;
		const minute = time >> 16;
		const month = ((date as u32) >> 16) & 127;
		const day = (date & 0xff) as i32;
		const year = (((date >> 48) as u32) & 127) * 100 + (((date >> 32) as u32) & 127) - FIRST_YEAR;
		const daysOfMonth = load<u8>(DAYS_OF_MONTH + (month as usize)) as i32;
		const dateNegatives = (day - 1) | (daysOfMonth - day) | ((YEARS - 1 - year) as i32) | (year as i32);
		const timeNegatives = ((23 - hour) as i32) | ((5 - tenSeconds) as i32) | ((9 - oneSecond) as i32);
		const others =
			i8x16.bitmask(i8x16.add_sat_u(digits, limits)) | ((tail & 0xff00_00ff) as i32) | ((length - stampLength) as i32);
		if ((((dateNegatives | timeNegatives) >> 31) | others) !== 0) break;
		const code = (year << 9) | (month << 5) | (day as u32);
		const stamp = ((code as u64) << SECOND_BITS) | ((hour * 3600 + minute * 60 + second) as u64);
		first = min(first, stamp);
		latest = max(latest, stamp);
		let page = load<u32>(days + 4 * (year as usize)) as usize;
		if (page === 0) page = addPage(days, year);
		const at = page + 8 * ((code & 511) as usize);
		store<u64>(at, load<u64>(at) + weight);
		stamps++;
		if (registers === 0) continue;
		const hash = hashWord(hashWord(stampLength as u64, load<u64>(start)), load<u64>(start, 8));
		register(registers, bits, mix(hashWord(hash, load<u64>(start, 16) & restMask)));
	}
	column.firstStamp = first;
	column.lastStamp = latest;
	column.empties += empties * weight;
	column.stamps += stamps * weight;
	column.lengthSum += stamps * weight * (stampLength as u64);
	if (stamps > 0) column.extendLengths((1 as u32) << (stampLength as u32));
	return entry;
}
