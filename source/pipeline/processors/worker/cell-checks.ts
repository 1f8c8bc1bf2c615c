// Rules of a column -> what is wrong with a cell of it.
import {type ParsedAmount, parseAmount} from '../../../analysis/amount.ts';
import {isBlankCell} from '../../../analysis/calendar-date.ts';
import type {Decimal} from '../../../analysis/decimal.ts';
import {compareDecimals} from '../../../analysis/extremes.ts';
import {parseDateFormat} from '../../../analysis/forms/date-format.ts';
import {plainDate, readAmount} from '../../../analysis/forms/read-cell.ts';
import {parseMoment} from '../../../analysis/moment.ts';
import {REJECT_VALUE_LENGTH} from '../../../engine/shared/reject-report.ts';
import type {RejectReason} from '../../../model/report.ts';
import {inQuotes} from '../../../text/in-quotes.ts';
import {type ColumnRules, wholeCell} from '../rules.ts';

export interface CellFault {
	readonly reason: RejectReason;
	/** What was found; where the reason is a rule, a sentence. */
	readonly value: string;
}

type Check = (cell: string) => CellFault | null;

/** A cell longer than this is cut where it is shown within a sentence. */
const SHOWN = 80;
const found = (cell: string): string => inQuotes(cell.length > SHOWN ? `${cell.slice(0, SHOWN)}…` : cell);
const against = (expected: string, cell: string): CellFault => ({
	reason: 'not-accepted',
	value: `expected ${expected}, found ${found(cell)}`,
});
const is = (reason: RejectReason, cell: string): CellFault => ({reason, value: cell.slice(0, REJECT_VALUE_LENGTH)});

/** The first rule that a cell does not keep; `null` where it keeps all. That its value is the only one is for others to say. */
export function checkOf(rules: ColumnRules): Check {
	const checks = [typeCheck(rules), ...lengthChecks(rules), ...wordChecks(rules)].filter(check => check !== null);
	const isRequired = rules.required === true;
	return cell => {
		if (isBlankCell(cell)) return isRequired ? is('missing', cell) : null;
		for (const check of checks) {
			const fault = check(cell);
			if (fault !== null) return fault;
		}
		return null;
	};
}

function typeCheck(rules: ColumnRules): Check | null {
	switch (rules.type) {
		case 'number':
		case 'integer':
			return numberCheck(rules);
		case 'date':
			return dateCheck(rules);
		case 'boolean':
			return cell => (/^(?:true|false|0|1|yes|no)$/i.test(cell.trim()) ? null : against('true or false', cell));
		default:
			return null;
	}
}

const decimalOf = ({units, scale}: ParsedAmount): Decimal => ({units: BigInt(units), scale});

function limitOf(limit: number | string | undefined): Decimal | null {
	if (limit === undefined) return null;
	const into: ParsedAmount = {units: 0, scale: 0};
	// Numbers of JSON may be written with an exponent.
	const text =
		typeof limit === 'string' ? limit : limit.toLocaleString('en', {useGrouping: false, maximumFractionDigits: 20});
	if (parseAmount(text, into) !== null) throw new Error(`Expected a number, but found ${limit}`);
	return decimalOf(into);
}

function numberCheck({type, decimal = '.', min, max}: ColumnRules): Check {
	const form = {mark: decimal, isPercent: false} as const;
	const [lowest, highest] = [limitOf(min), limitOf(max)];
	const amount: ParsedAmount = {units: 0, scale: 0};
	return cell => {
		const wrong =
			type === 'integer' && !/^[ \t]*[+-]?\d+[ \t]*$/.test(cell) ? 'not-a-number' : readAmount(cell, form, amount);
		if (wrong !== null) return is(wrong, cell);
		if (lowest === null && highest === null) return null;
		const value = decimalOf(amount);
		if (lowest !== null && compareDecimals(value, lowest) < 0) return against(`at least ${min}`, cell);
		if (highest !== null && compareDecimals(value, highest) > 0) return against(`at most ${max}`, cell);
		return null;
	};
}

function dateCheck({format, min, max}: ColumnRules): Check {
	const form = parseDateFormat(format ?? 'y-m-d') ?? 'year-first';
	const [first, last] = [min, max].map(limit => (limit === undefined ? null : parseMoment(String(limit))));
	return cell => {
		const moment = parseMoment(plainDate(cell, form));
		if (moment === null) return is('not-a-date', cell);
		// A day is all of it: what is of the last one is not behind it.
		const cut = (limit: string): string => moment.slice(0, limit.length);
		if (first != null && cut(first) < first) return against(`${min} or later`, cell);
		if (last != null && cut(last) > last) return against(`${max} or earlier`, cell);
		return null;
	};
}

function lengthChecks({minLength, maxLength}: ColumnRules): readonly (Check | null)[] {
	const lengthOf = (cell: string): number => Array.from(cell).length;
	return [
		minLength === undefined
			? null
			: cell => (lengthOf(cell) < minLength ? against(`at least ${minLength} characters`, cell) : null),
		maxLength === undefined
			? null
			: cell => (lengthOf(cell) > maxLength ? against(`at most ${maxLength} characters`, cell) : null),
	];
}

function wordChecks({pattern, in: words}: ColumnRules): readonly (Check | null)[] {
	const expression = pattern === undefined ? null : wholeCell(pattern);
	const known = words === undefined ? null : new Set(words);
	return [
		expression === null ? null : cell => (expression.test(cell) ? null : against(`what fits ${pattern}`, cell)),
		known === null ? null : cell => (known.has(cell) ? null : against(`one of ${listOf(words ?? [])}`, cell)),
	];
}

const WORDS_SHOWN = 8;
const listOf = (words: readonly string[]): string =>
	words.slice(0, WORDS_SHOWN).map(inQuotes).join(', ') + (words.length > WORDS_SHOWN ? ' …' : '');
