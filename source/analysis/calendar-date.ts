const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** What may stand behind a day, see `parseCalendarDate`. No part of it takes more than one pass over a text of any length. */
const TIME = new RegExp(
	[
		'^(?:[Tt]|[ \\t]+)',
		'(?:',
		'(?:[01]\\d|2[0-3])(?::[0-5]\\d(?::(?:[0-5]\\d|60)(?:[.,]\\d+)?)?|[0-5]\\d(?:(?:[0-5]\\d|60)(?:[.,]\\d+)?)?)?',
		'|24(?::00(?::00(?:[.,]0+)?)?|00(?:00(?:[.,]0+)?)?)?',
		')',
		'(?:[ \\t]*(?:[Zz]|[Uu][Tt][Cc]|[+-](?:[01]\\d|2[0-3])(?::?[0-5]\\d)?))?',
		'(?:[ \\t]*\\[[\\w!.:=~/+-]+\\])*$',
	].join(''),
);

const DASH = 0x2d;
const SPACE = 0x20;
const TAB = 0x09;

/** Whether what stands behind a day is a time. */
export const isTimeOfDay = (text: string): boolean => TIME.test(text);

/** Whether a cell has nothing but spaces and tabs. */
export const isBlankCell = (text: string): boolean => /^[ \t]*$/.test(text);

const isBlank = (unit: number): boolean => unit === SPACE || unit === TAB;

/** Reads two digits; NaN where there are others. */
export function twoDigits(text: string, index: number): number {
	const tens = text.charCodeAt(index) - 0x30;
	const ones = text.charCodeAt(index + 1) - 0x30;
	return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/**
Finds the calendar date at the start of a text. A time behind it is checked, but not used: the day is the one that is written,
whatever the zone, and `24:00` is the end of it.

	date    blank* day (time zone?)? blank*
	day     YYYY-MM-DD | YYYYMMDD
	time    (T | t | blank+) (HH | HH:MM | HHMM | HH:MM:SS fraction? | HHMMSS fraction?)
	        hours 00 to 23, seconds up to 60; 24 with nothing but zeros behind it
	fraction  (. | ,) digit+
	zone    (blank* (Z | UTC | (+ | -) HH | (+ | -) HHMM | (+ | -) HH:MM))? (blank* [name])*
	        Z and UTC in upper or lower case; a name of letters, digits and ! . : = ~ / + - _
	blank   a space or a tab

@returns `YYYY-MM-DD`, or `null` where that is not a day of the (Gregorian) calendar.
*/
export const parseCalendarDate = (text: string): string | null => splitCalendarDate(text)?.day ?? null;

/** The same, and what stands behind the day: a time, or nothing. */
export function splitCalendarDate(text: string): {readonly day: string; readonly time: string} | null {
	let start = 0;
	let end = text.length;
	while (start < end && isBlank(text.charCodeAt(start))) start++;
	while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
	const dash = text.charCodeAt(start + 4) === DASH ? 1 : 0;
	if (dash === 1 && text.charCodeAt(start + 7) !== DASH) return null;
	const monthAt = start + 4 + dash;
	const dayAt = monthAt + 2 + dash;
	const year = twoDigits(text, start) * 100 + twoDigits(text, start + 2);
	const month = twoDigits(text, monthAt);
	const day = twoDigits(text, dayAt);
	// A comparison with NaN is false, so what is not digits fails here too.
	if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1)) return null;
	if (!isInCalendar(year, month, day)) return null;
	const dayEnd = dayAt + 2;
	const time = text.slice(dayEnd, end);
	if (time !== '' && !TIME.test(time)) return null;
	if (dash === 1) return {day: text.slice(start, dayEnd), time};
	return {day: `${text.slice(start, monthAt)}-${text.slice(monthAt, dayAt)}-${text.slice(dayAt, dayEnd)}`, time};
}

/** Whether a month of a year, 1 to 12, has that day, from 1 on. */
export function isInCalendar(year: number, month: number, day: number): boolean {
	const isLeapDay = month === 2 && day === 29 && ((year % 4 === 0 && year % 100 !== 0) || year % 400 === 0);
	return isLeapDay || day <= (DAYS_IN_MONTH[month - 1] ?? 0);
}

/** @param day - `YYYY-MM-DD`. @returns It as yyyymmdd. */
export const numberOfDay = (day: string): number => Number(day.replaceAll('-', ''));

/** @param day - As yyyymmdd. */
export function formatDay(day: number): string {
	const digits = String(day).padStart(8, '0');
	return `${digits.slice(0, -4)}-${digits.slice(-4, -2)}-${digits.slice(-2)}`;
}
