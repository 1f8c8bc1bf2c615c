// Dates as people and programs write them -> the ISO form that calendar-date.ts reads: `2024-12-31`, with a time behind it or not.
//
//   year-first    2024-12-31, 20241231, 2024/12/31, 2024.12.31
//   day-first     31/12/2024, 31.12.24, 31-12-2024
//   month-first   12/31/2024
//   named         31 Dec 2024, Dec 31, 2024, 31-DEC-24, 31. Dezember 2024, 31 de diciembre de 2024
//   serial        45657, of Excel: days since the end of 1899, with the time of day behind a point
//   seconds       1735603200, since 1970; milliseconds: 1735603200000
//
// Ten digits like 2024022912 are seconds, and a day with its hour: year-first.
//
// A year of two digits stands last: 00 to 68 are of 2000, 69 to 99 of 1900. A column is read in one form; what its cells show is noted in
// evidence.ts.
import {isInCalendar, isTimeOfDay, splitCalendarDate} from '../calendar-date.ts';
import {monthOf} from './month-names.ts';

export const dateForms = [
	'year-first',
	'day-first',
	'month-first',
	'named',
	'serial',
	'seconds',
	'milliseconds',
] as const;
export type DateForm = (typeof dateForms)[number];

export interface WrittenDate {
	/**
	Which form it proves. `open`: it is a date with the day first and with the month first, and not the same one; `even`: it is the same one.
	`hour`: it is a day with an hour and a number of seconds.
	*/
	readonly proves: DateForm | 'open' | 'even' | 'hour';
	/** As `YYYY-MM-DD`, with its time; `null` if the cell is not a date in this form. */
	readonly readAs: (form: DateForm) => string | null;
}

const SMALLEST_IN_1900 = 69;
const FULL_YEAR = 4;

const PARTS = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)(.*)$/s;
const YEAR_FIRST = /^(\d{4})([./])(\d{1,2})\2(\d{1,2})(?!\d)(.*)$/s;
export const weekdayNames: readonly string[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const WEEKDAY = /^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?,? +/i;
const DAY_AND_NAME =
	/^(\d{1,2})(?:st|nd|rd|th|er)?(?:\.? +|[-/.])(?:de +)?([a-z\x80-\xff]{3,12})\.?(?:,? +(?:de +)?|[-/.])(\d{4}|\d{2})(?!\d)(.*)$/is;
const NAME_AND_DAY = /^([a-z\x80-\xff]{3,12})\.?[ -]+(\d{1,2})(?:st|nd|rd|th)?(?:,? +|-)(\d{4}|\d{2})(?!\d)(.*)$/is;
/** What ISO has no way to write: hours of half a day, and hours of one digit. */
const CLOCK = /^,?[ \t]+(\d{1,2}):(\d\d)(?::(\d\d)([.,]\d+)?)?(?:[ \t]*([ap])\.?m\.?)?$/i;
const SERIAL = /^(\d{5})(?:\.(\d{1,12}))?$/;
const SECONDS = /^(\d{10})(?:\.\d{1,9})?$/;
/** Seconds of the years 2030 to 2036 may be such a day. */
const DAY_WITH_HOUR = /^((?:19|20)\d\d)(\d\d)(\d\d)(\d\d)$/;
const MILLISECONDS = /^\d{13}$/;

/** A date with a time and a zone is shorter. */
const MAX_LENGTH = 100;
const DAY_MS = 86_400_000;
/** 30 December 1899. */
const SERIAL_ZERO_MS = -25_569 * DAY_MS;

const proving = (proves: DateForm, text: string): WrittenDate => ({
	proves,
	readAs: form => (form === proves ? text : null),
});

/** @param cell - One character per byte. @returns `null` where it is a date in no form. */
export function readWrittenDate(cell: string): WrittenDate | null {
	const text = cell.replace(/^[ \t]+|[ \t]+$/g, '');
	if (splitCalendarDate(text) !== null) return proving('year-first', text);
	if (text.length > MAX_LENGTH) return null;
	const [, year = '', , month = '', day = '', rest = ''] = YEAR_FIRST.exec(text) ?? [];
	if (year !== '') return maybe('year-first', join(year, month, day, rest));
	const [, first = '', , second = '', last = '', behind = ''] = PARTS.exec(text) ?? [];
	if (first !== '') return readParts(first, second, last, behind);
	return readNamed(text) ?? readCount(text);
}

const maybe = (form: DateForm, text: string | null): WrittenDate | null => (text === null ? null : proving(form, text));

function readParts(first: string, second: string, year: string, rest: string): WrittenDate | null {
	const dayFirst = join(year, second, first, rest);
	const monthFirst = join(year, first, second, rest);
	if (dayFirst === null || monthFirst === null) return maybe('day-first', dayFirst) ?? maybe('month-first', monthFirst);
	return {
		proves: dayFirst === monthFirst ? 'even' : 'open',
		readAs: form => (form === 'day-first' ? dayFirst : form === 'month-first' ? monthFirst : null),
	};
}

function readNamed(written: string): WrittenDate | null {
	const text = written.replace(WEEKDAY, '');
	const [, day = '', name = '', year = '', rest = ''] = DAY_AND_NAME.exec(text) ?? [];
	if (day !== '') return maybe('named', join(year, String(monthOf(name)), day, rest));
	const [, firstName = '', secondDay = '', lastYear = '', behind = ''] = NAME_AND_DAY.exec(text) ?? [];
	return firstName === '' ? null : maybe('named', join(lastYear, String(monthOf(firstName)), secondDay, behind));
}

/** @param rest - What stands behind the day. @returns `null` if there is no such day in the calendar, or what follows is not a time. */
function join(year: string, month: string, day: string, rest: string): string | null {
	const inFull = year.length === FULL_YEAR ? year : `${Number(year) < SMALLEST_IN_1900 ? '20' : '19'}${year}`;
	const [month_, day_] = [Number(month), Number(day)];
	if (Number(inFull) < 1 || month_ < 1 || month_ > 12 || day_ < 1 || !isInCalendar(Number(inFull), month_, day_))
		return null;
	const time = timeOf(rest);
	return time === null ? null : `${inFull}-${month.padStart(2, '0')}-${day.padStart(2, '0')}${time}`;
}

/** In ISO form; `null` if the text is not a time. */
function timeOf(rest: string): string | null {
	if (rest === '' || isTimeOfDay(rest)) return rest;
	const [isClock, hour = '', minute = '', second, fraction = '', half] = CLOCK.exec(rest) ?? [];
	if (isClock === undefined) return null;
	const hours = half === undefined ? Number(hour) : hoursOf(Number(hour), half.toLowerCase() === 'p');
	const time = `T${String(hours).padStart(2, '0')}:${minute}${second === undefined ? '' : `:${second}${fraction}`}`;
	return isTimeOfDay(time) ? time : null;
}

/** @param hour - On a clock of twelve. @returns 99 if there is no such hour. */
const hoursOf = (hour: number, isAfternoon: boolean): number =>
	hour < 1 || hour > 12 ? 99 : (hour % 12) + (isAfternoon ? 12 : 0);

function readCount(text: string): WrittenDate | null {
	const [isSerial, days = '', fraction] = SERIAL.exec(text) ?? [];
	if (isSerial !== undefined) {
		const seconds = fraction === undefined ? null : Math.round(Number(`0.${fraction}`) * 86_400);
		const atMs = SERIAL_ZERO_MS + Number(days) * DAY_MS + (seconds ?? 0) * 1000;
		return proving('serial', seconds === null ? isoOf(atMs).slice(0, 10) : isoOf(atMs));
	}
	const [, seconds] = SECONDS.exec(text) ?? [];
	if (seconds !== undefined) return readSeconds(text, isoOf(Number(seconds) * 1000));
	return MILLISECONDS.test(text) ? proving('milliseconds', isoOf(Number(text))) : null;
}

function readSeconds(text: string, iso: string): WrittenDate {
	const [, year = '', month = '', day = '', hour = ''] = DAY_WITH_HOUR.exec(text) ?? [];
	const dayWithHour = year === '' ? null : join(year, month, day, `T${hour}`);
	if (dayWithHour === null) return proving('seconds', iso);
	return {
		proves: 'hour',
		readAs: form => (form === 'seconds' ? iso : form === 'year-first' ? dayWithHour : null),
	};
}

/** `2024-12-31T00:00:00`; no cell is that of a year with more than four digits. */
const isoOf = (ms: number): string => new Date(ms).toISOString().slice(0, 19);
