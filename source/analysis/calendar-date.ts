const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** A time after the date: `HH:MM`, seconds with a fraction and an offset as they come. It is checked, not used. */
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d(?::(?:[0-5]\d|60)(?:[.,]\d+)?)?(?:Z|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)?$/;

const DASH = 0x2d;
const T = 0x54;
const SPACE = 0x20;
const DATE_LENGTH = 10;

/** Reads two digits; NaN where there are others. */
function twoDigits(text: string, index: number): number {
	const tens = text.charCodeAt(index) - 0x30;
	const ones = text.charCodeAt(index + 1) - 0x30;
	return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/**
Finds the calendar date at the start of a text: `YYYY-MM-DD`, alone or followed by `T` or a space and a time.

@returns The ten characters of the date, or `null` where that is not a day of the (Gregorian) calendar.
*/
export function parseCalendarDate(text: string): string | null {
	if (text.charCodeAt(4) !== DASH || text.charCodeAt(7) !== DASH) return null;
	const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
	const month = twoDigits(text, 5);
	const day = twoDigits(text, 8);
	// A comparison with NaN is false, so what is not digits fails here too.
	if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1)) return null;
	const isLeapDay = month === 2 && day === 29 && ((year % 4 === 0 && year % 100 !== 0) || year % 400 === 0);
	if (!isLeapDay && !(day <= (DAYS_IN_MONTH[month - 1] ?? 0))) return null;
	if (text.length === DATE_LENGTH) return text;
	const separator = text.charCodeAt(DATE_LENGTH);
	if (separator !== T && separator !== SPACE) return null;
	return TIME.test(text.slice(DATE_LENGTH + 1)) ? text.slice(0, DATE_LENGTH) : null;
}
