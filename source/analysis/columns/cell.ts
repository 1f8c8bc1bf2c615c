// What one cell is: which type it has, and its value where that is a number, a date or a time stamp. Blanks around a cell are not
// part of it.
//
//	empty       nothing, or blanks
//	null        NA N/A null NULL None nan - ? #N/A
//	boolean     true false, also as True, TRUE …
//	integer     digits without a leading zero, at most 38 of them; 0
//	signed      the same behind a + or -, also with leading zeros
//	identifier  other digits: with leading zeros, or more than 38
//	decimal     digits with a point, at most 38
//	float       one of the three above with an exponent
//	date        YYYY-MM-DD, a day of the calendar
//	timestamp   a day with a time, as calendar-date.ts has it
//	time        HH:MM or HH:MM:SS, with a fraction or without
//	text        any other cell
import {MAX_AMOUNT_DIGITS} from '../amount.ts';
import {isInCalendar, parseCalendarDate, twoDigits} from '../calendar-date.ts';
import {powerOfTen} from '../decimal.ts';

export const cellClasses = [
	'empty',
	'null',
	'boolean',
	'integer',
	'signed',
	'identifier',
	'decimal',
	'float',
	'date',
	'timestamp',
	'time',
	'text',
] as const;

export type CellClass = (typeof cellClasses)[number];
export type NumberClass = 'integer' | 'signed' | 'decimal' | 'float';

/** `units` × 10^-`scale`; a number is a safe integer, and never -0. */
export interface CellNumber {
	readonly class: NumberClass;
	readonly units: number | bigint;
	readonly scale: number;
	/** The double nearest to it; never -0. */
	readonly nearest: number;
}

/** A moment, of a date its beginning. Where the cell has no zone, it counts as UTC. */
export interface CellMoment {
	readonly class: 'date' | 'timestamp';
	/** Since 1970; whole. */
	readonly seconds: number;
	/** The digits behind the point, without zeros at the end. */
	readonly fraction: string;
}

export type Cell = CellNumber | CellMoment | {readonly class: Exclude<CellClass, NumberClass | 'date' | 'timestamp'>};

/** Cells that stand for a missing value. Blanks around them do not matter. */
export const nullForms: ReadonlySet<string> = new Set([
	'',
	'NA',
	'N/A',
	'null',
	'NULL',
	'None',
	'nan',
	'-',
	'?',
	'#N/A',
]);
const LONGEST_NULL_FORM = 4;

const BLANKS = /^[ \t]+|[ \t]+$/g;
const trim = (cell: string): string => (isBlank(cell, 0) || isBlank(cell, cell.length - 1) ? trimmed(cell) : cell);
const trimmed = (cell: string): string => cell.replace(BLANKS, '');
const isBlank = (cell: string, index: number): boolean => {
	const unit = cell.charCodeAt(index);
	return unit === SPACE || unit === 0x09;
};

/** Whether a cell has no value: empty or a word for that. */
export function isNull(cell: string): boolean {
	if (cell.length <= LONGEST_NULL_FORM) return nullForms.has(trim(cell));
	return isBlank(cell, 0) || isBlank(cell, cell.length - 1) ? nullForms.has(trimmed(cell)) : false;
}

const empty: Cell = {class: 'empty'};
const nullWord: Cell = {class: 'null'};
const boolean: Cell = {class: 'boolean'};
const identifier: Cell = {class: 'identifier'};
const time: Cell = {class: 'time'};
const text: Cell = {class: 'text'};

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;

const LONGEST_BOOLEAN = 5;
const BOOLEAN = /^(?:true|false|True|False|TRUE|FALSE)$/;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d(?::(?:[0-5]\d|60)(?:[.,]\d+)?)?$/;
const DAY = /^\d{4}-?\d\d-?\d\d/;

/** @param bytes - One character per byte. */
export function readCell(bytes: string): Cell {
	const cell = trim(bytes);
	if (cell.length <= LONGEST_NULL_FORM && nullForms.has(cell)) return cell === '' ? empty : nullWord;
	const unit = cell.charCodeAt(0);
	if ((unit >= 0x30 && unit <= 0x39) || unit === 0x2b || unit === 0x2d || unit === 0x2e)
		return readPlainNumber(cell) ?? readNumber(cell) ?? readMoment(cell) ?? (TIME.test(cell) ? time : text);
	return cell.length <= LONGEST_BOOLEAN && BOOLEAN.test(cell) ? boolean : text;
}

/**
Reads `-?digits` and `-?digits.digits` of at most `SAFE_DIGITS` digits, as most numbers are: regular expressions would take most of the time
of thousands of small files. `null` for any other cell.
*/
function readPlainNumber(cell: string): Cell | null {
	const {length} = cell;
	const first = cell.charCodeAt(0) === MINUS ? 1 : 0;
	if (length - first > SAFE_DIGITS + 1) return null;
	let size = 0;
	let point = -1;
	for (let at = first; at < length; at++) {
		const unit = cell.charCodeAt(at);
		if (unit >= ZERO && unit <= NINE) size = size * 10 + (unit - ZERO);
		else if (unit === POINT && point < 0 && at > first) point = at;
		else return null;
	}
	if (point === length - 1 || first === length) return null;
	if (point < 0) {
		if (length - first > SAFE_DIGITS) return null;
		if (first === 0 && length > 1 && cell.charCodeAt(0) === ZERO) return identifier;
		const units = first === 1 ? 0 - size : size;
		return {class: first === 1 ? 'signed' : 'integer', units, scale: 0, nearest: units};
	}
	const scale = length - 1 - point;
	const units = first === 1 ? 0 - size : size;
	// Both are exact, so their quotient is rounded once.
	return {class: 'decimal', units, scale, nearest: units / 10 ** scale};
}

const DIGITS = /^\d+$/;
const NUMBER = /^([+-]?)(?:(\d+)(\.\d*)?|(\.\d+))(?:[eE]([+-]?\d{1,6}))?$/;
/** 15 digits stay below 2^53. */
const SAFE_DIGITS = 15;
/** Of a double there are some 308 digits in front of the point, and 324 zeros behind it. */
const MAX_EXPONENT = 400;

function readNumber(cell: string): Cell | null {
	if (DIGITS.test(cell)) {
		const isIdentifier = cell.length > MAX_AMOUNT_DIGITS || (cell.length > 1 && cell.startsWith('0'));
		return isIdentifier ? identifier : numberOf('integer', '', cell, 0);
	}
	const [isNumber, sign, whole = '', behindWhole, alone, exponent] = NUMBER.exec(cell) ?? [];
	if (isNumber === undefined) return null;
	const decimals = (behindWhole ?? alone ?? '').slice(1);
	const digits = whole + decimals;
	if (digits.length > MAX_AMOUNT_DIGITS) return text;
	if (exponent !== undefined) return readFloat(cell, sign ?? '', digits, decimals.length - Number(exponent));
	const isDecimal = (behindWhole ?? alone) !== undefined;
	return numberOf(isDecimal ? 'decimal' : 'signed', sign ?? '', digits, decimals.length);
}

function numberOf(cellClass: NumberClass, sign: string, digits: string, scale: number): CellNumber {
	const size = digits.length <= SAFE_DIGITS ? Number(digits) : BigInt(digits);
	// Not -0.
	const units = sign === '-' && Number(size) !== 0 ? -size : size;
	const nearest = Number(`${sign}${digits}e${-scale}`);
	return {class: cellClass, units, scale, nearest: nearest === 0 ? 0 : nearest};
}

/** What no double is near to is a text. */
function readFloat(cell: string, sign: string, digits: string, scale: number): Cell {
	const size = Number(cell);
	const isZero = /^0*$/.test(digits);
	if (Math.abs(scale) > MAX_EXPONENT || !Number.isFinite(size) || (size === 0 && !isZero)) return text;
	if (scale >= 0) return numberOf('float', sign, digits, scale);
	const units = isZero ? 0 : BigInt(sign === '-' ? `-${digits}` : digits) * powerOfTen(-scale);
	return {class: 'float', units, scale: 0, nearest: isZero ? 0 : size};
}

const MOMENT =
	/^\d{4}-?\d\d-?\d\d(?:[Tt]|[ \t]+)(\d\d):?(\d\d)?:?(\d\d)?(?:[.,](\d+))?(?:[ \t]*(?:[Zz]|[Uu][Tt][Cc]|([+-])(\d\d):?(\d\d)?))?/;
const SECONDS_A_DAY = 86_400;
const DAYS_OF_400_YEARS = 146_097;
const DAY_BYTES = 10;
/** Without the Z. */
const MOMENT_BYTES = 19;
const SPACE = 0x20;
const COLON = 0x3a;
const UPPER_T = 0x54;

function readMoment(cell: string): CellMoment | null {
	const plain = readPlainMoment(cell);
	if (plain !== null) return plain;
	if (!DAY.test(cell)) return null;
	const day = parseCalendarDate(cell);
	if (day === null) return null;
	const midnight = daysSince1970(day) * SECONDS_A_DAY;
	const [hasTime, hours, minutes = 0, seconds = 0, fraction = '', sign, zoneHours = 0, zoneMinutes = 0] =
		MOMENT.exec(cell) ?? [];
	// Eight digits alone are an integer, which is looked for before.
	if (hasTime === undefined) return {class: 'date', seconds: midnight, fraction: ''};
	const clock = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
	const zone = (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60 * (sign === '-' ? -1 : 1);
	return {class: 'timestamp', seconds: midnight + clock - zone, fraction: fraction.replace(/0+$/, '')};
}

/** Reads `YYYY-MM-DD` and `YYYY-MM-DDTHH:MM:SS`, with T or a space and Z or nothing behind it; `null` for any other cell. */
function readPlainMoment(cell: string): CellMoment | null {
	const {length} = cell;
	const isDay = length === DAY_BYTES;
	if (!isDay && !(length === MOMENT_BYTES || (length === MOMENT_BYTES + 1 && cell.endsWith('Z')))) return null;
	if (cell.charCodeAt(4) !== MINUS || cell.charCodeAt(7) !== MINUS) return null;
	const year = twoDigits(cell, 0) * 100 + twoDigits(cell, 2);
	const [month, day] = [twoDigits(cell, 5), twoDigits(cell, 8)];
	// A comparison with NaN is false, so what is not digits fails here too.
	if (!(year >= 1 && month >= 1 && day >= 1 && isInCalendar(year, month, day))) return null;
	const midnight = daysOf(year, month, day) * SECONDS_A_DAY;
	if (isDay) return {class: 'date', seconds: midnight, fraction: ''};
	const separator = cell.charCodeAt(10);
	if (separator !== UPPER_T && separator !== SPACE) return null;
	if (cell.charCodeAt(13) !== COLON || cell.charCodeAt(16) !== COLON) return null;
	const [hours, minutes, seconds] = [twoDigits(cell, 11), twoDigits(cell, 14), twoDigits(cell, 17)];
	if (!(hours <= 23 && minutes <= 59 && seconds <= 60)) return null;
	return {class: 'timestamp', seconds: midnight + (hours * 60 + minutes) * 60 + seconds, fraction: ''};
}

/** The calendar repeats itself after 400 years, and `Date.UTC` takes years below 100 for others. */
export const daysOf = (year: number, month: number, day: number): number =>
	Date.UTC(year + 400, month - 1, day) / (SECONDS_A_DAY * 1000) - DAYS_OF_400_YEARS;

/** @param day - `YYYY-MM-DD`. */
export const daysSince1970 = (day: string): number =>
	daysOf(twoDigits(day, 0) * 100 + twoDigits(day, 2), twoDigits(day, 5), twoDigits(day, 8));

/** @param days - Since 1970. @returns `YYYY-MM-DD`. */
export const dayOfDays = (days: number): string => {
	const [day = ''] = new Date(days * SECONDS_A_DAY * 1000).toISOString().split('T');
	return day;
};

export const dayOfSeconds = (seconds: number): number => Math.floor(seconds / SECONDS_A_DAY);
