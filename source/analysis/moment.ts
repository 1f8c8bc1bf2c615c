// Times as the clock was written, to the second, without a zone. As a number, a time sorts like the time, and takes 45 bits:
//
//   moment   date × 2^17 + clock                      as in kernel/assembly/date-code.ts
//   date     year × 2^14 + month × 2^7 + day
//   clock    (hour + 1) × 2^12 + minute × 2^6 + second; 0 where only the day is known
//
// As text it is `2024-03-01T09:30:15`, or `2024-03-01`: these compare alike, too. A fraction of a second is left out. Lines of syslog have no
// year, and so no day: of them it is `T09:30:15`, which has an hour and is in no range.
import {formatDay, numberOfDay, splitCalendarDate} from './calendar-date.ts';

const CLOCK = 2 ** 17;
const HOUR = 2 ** 12;
const MINUTE = 2 ** 6;
const YEAR = 2 ** 14;
const MONTH = 2 ** 7;
/** The number of a day as yyyymmdd is less, and that of a moment is not. */
const SMALLEST = YEAR * CLOCK;
/** The year after the last one that a date can have. */
const BEHIND_ALL = 10_000 * YEAR * CLOCK;
const DAY_LENGTH = 'YYYY-MM-DD'.length;

/** What stands behind a day, which is known to be a time. */
const TIME = /^(?:[Tt]|[ \t]+)(?<hour>\d\d)(?::?(?<minute>\d\d)(?::?(?<second>\d\d))?)?/;

/** @returns The text of a moment; `null` where there is none. The grammar is that of `parseCalendarDate`. */
export function parseMoment(text: string): string | null {
	const found = splitCalendarDate(text);
	if (found === null) return null;
	const {hour, minute = '00', second = '00'} = TIME.exec(found.time)?.groups ?? {};
	return hour === undefined ? found.day : `${found.day}T${hour}:${minute}:${second}`;
}

/** @param text - Of a moment. */
export function momentOf(text: string): number {
	const [year = 0, month = 0, day = 0, hour = -1, minute = 0, second = 0] = text.split(/[-T:]/).map(Number);
	return (year * YEAR + month * MONTH + day) * CLOCK + (hour + 1) * HOUR + minute * MINUTE + second;
}

/** A day as yyyymmdd, which is less than any moment, and another moment as it is. */
export const numberOfMoment = (text: string): number =>
	text.length === DAY_LENGTH ? numberOfDay(text) : momentOf(text);

/** @param number - A moment, or a day as yyyymmdd. */
export function formatMoment(number: number): string {
	if (number < SMALLEST) return formatDay(number);
	const date = Math.floor(number / CLOCK);
	const clock = number % CLOCK;
	const day = formatDay(Math.floor(date / YEAR) * 10_000 + (Math.floor(date / MONTH) % MONTH) * 100 + (date % MONTH));
	if (clock === 0) return day;
	return `${day}T${two(Math.floor(clock / HOUR) - 1)}:${two(Math.floor(clock / MINUTE) % MINUTE)}:${two(clock % MINUTE)}`;
}

const two = (number: number): string => String(number).padStart(2, '0');

/**
@param isTime - Whether it may be more than a day.
@returns Its text; `null` where the number is neither a moment nor a day as yyyymmdd.
*/
export function momentOfNumber(number: number, isTime: boolean): string | null {
	if (number >= (isTime ? BEHIND_ALL : SMALLEST)) return null;
	const text = parseMoment(formatMoment(number));
	const isWhole = text !== null && (number < SMALLEST ? numberOfDay(text) : momentOf(text)) === number;
	return isWhole ? text : null;
}

export const isDayKnown = (text: string): boolean => text.length >= DAY_LENGTH;

/** The hour of a moment as text, `00` to `23`; empty where it is only a day. The hour 24 is the first one, too. */
export const hourOf = (text: string): string => {
	const hour = isDayKnown(text) ? text.slice(DAY_LENGTH + 1, DAY_LENGTH + 3) : text.slice(1, 3);
	return hour === '24' ? '00' : hour;
};

/** The weekday of a moment as text, `1` for Monday to `7` for Sunday; empty where there is none. */
export function weekdayOf(text: string): string {
	if (!isDayKnown(text)) return '';
	const day = text.slice(0, DAY_LENGTH);
	// Records come day by day.
	if (day !== lastDay) [lastDay, lastWeekday] = [day, computeWeekday(day)];
	return lastWeekday;
}

let lastDay = '';
let lastWeekday = '';

function computeWeekday(text: string): string {
	const date = new Date(0);
	const [year = 0, month = 1, day = 1] = text.split('-').map(Number);
	date.setUTCFullYear(year, month - 1, day);
	return String(date.getUTCDay() || 7);
}
