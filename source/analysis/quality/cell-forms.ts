// Dates and numbers that people and other programs write in other ways than `2024-01-31` and `1234.5`, and what looks like one and is none.
// Such cells are texts for all other purposes.
import {parseCalendarDate} from '../calendar-date.ts';

export type FormKind = 'date' | 'number';

/** Named by an example; the place in the list is how partials have them. */
export const cellForms = [
	'31.01.2024',
	'1/31/2024',
	'31-01-2024',
	'2024/01/31',
	'31 Jan 2024',
	'malformed date',
	'1234,5',
	'1,234.5',
	'1.234,5',
	'1 234.5',
	'$1234.5',
	'12 %',
	'malformed number',
] as const;

export type CellForm = (typeof cellForms)[number];

const FIRST_OF_NUMBERS = cellForms.indexOf('1234,5');
export const kindOfForm = (form: CellForm): FormKind =>
	cellForms.indexOf(form) < FIRST_OF_NUMBERS ? 'date' : 'number';
export const isMalformed = (form: CellForm): boolean => form.startsWith('malformed');

/** Any other text has no form, nor a longer one; most texts are known by this alone. Of currencies, these are the first bytes. */
const FIRST_BYTE = /^[\d$+\-\xe2\xc2\x80\xa3\xa5]/;
const MAX_BYTES = 24;

const DAY_FIRST = /^(\d{1,2})([-./])(\d{1,2})\2(\d{4})$/;
const YEAR_FIRST = /^(\d{4})([-./])(\d{1,2})\2(\d{1,2})$/;
const MONTH_NAME = /^(\d{1,2})[ -]([A-Za-z]{3})[A-Za-z]{0,6}\.?[ -](\d{4})$/;
const LIKE_DATE = /^(?:\d{4}([-./])\d{1,2}\1\d{1,2}|\d{1,2}([-./])\d{1,2}\2\d{4})(?!\d)/;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** @param text - A cell of the class text without blanks at its ends, one character per byte. @returns `null` for most texts. */
export function formOf(text: string): CellForm | null {
	return text.length <= MAX_BYTES && FIRST_BYTE.test(text) ? (dateForm(text) ?? numberForm(text)) : null;
}

/** One, two or four digits, and a separator with digits or letters behind it. */
const DATE_BEGINNING = /^(?:\d{1,2}|\d{4})[-./ ][\dA-Za-z]/;

function dateForm(text: string): CellForm | null {
	if (!DATE_BEGINNING.test(text)) return null;
	const [isDayFirst, one = '', between, other = '', year = ''] = DAY_FIRST.exec(text) ?? [];
	if (isDayFirst !== undefined) {
		if (isDay(year, other, one)) return between === '.' ? '31.01.2024' : between === '/' ? '1/31/2024' : '31-01-2024';
		return between === '/' && isDay(year, one, other) ? '1/31/2024' : 'malformed date';
	}
	const [isYearFirst, firstYear = '', , month = '', day = ''] = YEAR_FIRST.exec(text) ?? [];
	if (isYearFirst !== undefined) return isDay(firstYear, month, day) ? '2024/01/31' : 'malformed date';
	const [hasName, dayOfMonth = '', name = '', yearBehind = ''] = MONTH_NAME.exec(text) ?? [];
	const number = MONTHS.indexOf(name.toLowerCase()) + 1;
	if (hasName !== undefined && number > 0)
		return isDay(yearBehind, String(number), dayOfMonth) ? '31 Jan 2024' : 'malformed date';
	return LIKE_DATE.test(text) ? 'malformed date' : null;
}

const isDay = (year: string, month: string, day: string): boolean =>
	parseCalendarDate(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`) !== null;

/** Euro, pound and yen, in UTF-8 and in Windows-1252. */
const CURRENCY = String.raw`(?:\$|\xe2\x82\xac|\xc2[\xa3\xa5]|[\x80\xa3\xa5])`;
const PLAIN = String.raw`\d[\d.,]*`;
const numberForms: readonly (readonly [form: CellForm, pattern: RegExp])[] = [
	['1,234.5', /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/],
	['1234,5', /^[+-]?\d+,\d+$/],
	['1.234,5', /^[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?$/],
	['1 234.5', /^[+-]?\d{1,3}(?:(?: |\xc2?\xa0|')\d{3})+(?:[.,]\d+)?$/],
	['$1234.5', new RegExp(`^[+-]?(?:${CURRENCY} ?${PLAIN}|${PLAIN} ?${CURRENCY})$`)],
	['12 %', new RegExp(`^[+-]?${PLAIN} ?%$`)],
];
/** Digits with what stands in numbers, and the letters that are mistaken for digits. */
const LIKE_NUMBER = new RegExp(`^[+-]*${CURRENCY}?\\s?[+-]?\\d[\\d.,' _oOlI+-]*$`);

const numberForm = (text: string): CellForm | null =>
	numberForms.find(([, pattern]) => pattern.test(text))?.[0] ?? (LIKE_NUMBER.test(text) ? 'malformed number' : null);
