// Dates and times as numbers that sort like them:
//
//   date     year × 2^14 + month × 2^7 + day
//   clock    (hour + 1) × 2^12 + minute × 2^6 + second; 0 where no time of day is known
//   moment   date × 2^17 + clock                               as in analysis/moment.ts

/** No date has this code. */
export const NO_DATE: u32 = 0;
/** Of the first year there is. */
export const FIRST_CODE: u32 = 1 << 14;

export const YEAR_SHIFT: u32 = 14;
export const MONTH_SHIFT: u32 = 7;
const CLOCK_BITS: u64 = 17;
export const HOUR_SHIFT: u32 = 12;
const MINUTE_SHIFT: u32 = 6;

export function clockOf(hour: u32, minute: u32, second: u32): u32 {
	return ((hour + 1) << HOUR_SHIFT) | (minute << MINUTE_SHIFT) | second;
}

export function momentOf(date: u32, clock: u32): u64 {
	return ((date as u64) << CLOCK_BITS) | (clock as u64);
}

/** 1 for Monday to 7 for Sunday, of the Gregorian calendar. */
export function weekdayOf(date: u32): u32 {
	const month = (date >> MONTH_SHIFT) & 127;
	// Years begin in March, so that leap days are at their ends.
	const year = (date >> YEAR_SHIFT) - (month < 3 ? 1 : 0);
	const days = (23 * month) / 9 + (date & 127) + 4 + (month < 3 ? year + 1 : year - 2);
	const weekday = (days + year / 4 - year / 100 + year / 400) % 7;
	return weekday === 0 ? 7 : weekday;
}
