// Numbers as people and banks write them -> the plain form that amount.ts reads: `-1234.56`.
//
//   sign       - or + in front or behind, (1.50), CR or DR behind
//   currency   a sign or a code, in front or behind
//   percent    the number in front of the sign: the column has the unit, not the cell
//   numeral    numeral.ts
//
// What a cell shows is noted in evidence.ts; a column is read in one form.
import {MAX_AMOUNT_DIGITS} from '../amount.ts';
import {type DecimalMark, type Numeral, readNumeral} from './numeral.ts';
import {inAscii} from './plain-bytes.ts';

export interface NumberForm {
	readonly mark: DecimalMark;
	/** Whether a percent sign stands behind each number. */
	readonly isPercent: boolean;
	/** The only sign that may stand between groups, where that is said; '' for none. */
	readonly group?: string | undefined;
}

export const plainNumberForm: NumberForm = {mark: '.', isPercent: false};

/** What a cell holds that is a number in some form. */
export interface WrittenNumber {
	readonly isNegative: boolean;
	readonly numeral: Numeral;
	readonly isPercent: boolean;
	/** A code of three letters where one is known, else the sign; `null` for none. */
	readonly currency: string | null;
}

export const currencyCodes: readonly string[] =
	'EUR USD GBP CHF JPY CNY CAD AUD NZD SEK NOK DKK PLN CZK HUF RON INR BRL MXN ZAR TRY ILS SGD HKD KRW THB RUB UAH'.split(
		' ',
	);
const DOLLARS = '(?:US|CA|AU|NZ|HK|MX|[CARS])?\\$';
const CURRENCY = `(?:${currencyCodes.join('|')}|${DOLLARS}|\\\\|KR|FR\\.?)`;
const WRITTEN = new RegExp(
	[
		`^(?<lead>[+-])? *(?<before>${CURRENCY})? *(?<open>\\()? *(?<inner>[+-])? *(?<inside>${CURRENCY})?`,
		` *(?<numeral>[\\d.,](?:[\\d., ']*[\\d.,])?)`,
		` *(?<percent>%)? *(?<behind>${CURRENCY})? *(?<trail>[+-])? *(?<close>\\))? *(?<last>${CURRENCY})? *(?<side>CR|DR)?\\.?$`,
	].join(''),
	'i',
);

/** A number of 38 digits in groups, with all that may stand around it, is shorter. */
const MAX_LENGTH = 100;

/** The same where it is written in several ways. */
const names: Readonly<Record<string, string>> = {$: 'USD', US$: 'USD', CA$: 'CAD', C$: 'CAD', A$: 'AUD', AU$: 'AUD'};
const moreNames: Readonly<Record<string, string>> = {
	NZ$: 'NZD',
	HK$: 'HKD',
	S$: 'SGD',
	R$: 'BRL',
	MX$: 'MXN',
	'FR.': 'CHF',
	FR: 'CHF',
};

/** @param cell - One character per byte. @returns `null` where it is a number in no form. */
export function readWritten(cell: string): WrittenNumber | null {
	const text = inAscii(cell);
	if (text === null || text.length > MAX_LENGTH) return null;
	const found = WRITTEN.exec(text)?.groups ?? null;
	if (found === null || (found.numeral ?? '').replaceAll(/\D/g, '').length > MAX_AMOUNT_DIGITS) return null;
	const {open, close, percent, side, lead, inner, trail, before, inside, behind, last} = found;
	const signs = [lead, inner, trail].filter(sign => sign !== undefined);
	const currencies = [before, inside, behind, last].filter(one => one !== undefined);
	const isInBrackets = open !== undefined;
	if (isInBrackets !== (close !== undefined)) return null;
	const signCount = signs.length + Number(isInBrackets) + Number(side !== undefined);
	if (signCount > 1 || currencies.length > 1 || (percent !== undefined && currencies.length > 0)) return null;
	const numeral = readNumeral(found.numeral ?? '');
	if (numeral === null) return null;
	const isNegative = isInBrackets || signs[0] === '-' || side?.toUpperCase() === 'DR';
	return {isNegative, numeral, isPercent: percent !== undefined, currency: nameOf(currencies[0])};
}

function nameOf(currency: string | undefined): string | null {
	if (currency === undefined) return null;
	const name = currency.toUpperCase();
	return names[name] ?? moreNames[name] ?? name;
}

/** A number in the plain form; `null` where it is none in this form. */
export function plainNumber({isNegative, isPercent, numeral}: WrittenNumber, form: NumberForm): string | null {
	if (isPercent !== form.isPercent) return null;
	const digits = numeral.readWith(form.mark);
	const group = numeral.groupWith(form.mark);
	if (digits === null || (form.group !== undefined && group !== null && group !== form.group)) return null;
	return isNegative ? `-${digits}` : digits;
}
