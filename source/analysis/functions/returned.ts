// What a function of a module may return, and what becomes of it.
import {MAX_AMOUNT_DIGITS, type ParsedAmount, parseAmount} from '../amount.ts';
import {parseCalendarDate} from '../calendar-date.ts';
import {powerOfTen} from '../decimal.ts';
import {describeFound} from '../describe-found.ts';
import type {Units} from '../units.ts';
import {roundNumber, roundUnits} from './round-number.ts';

/** A function returned what it may not; the message is `expected …, but it returned …`. */
export class ReturnError extends Error {
	override readonly name = 'ReturnError';

	constructor(expected: string, returned: unknown) {
		super(`expected ${expected}, but it returned ${describeReturned(returned)}`);
	}
}

function describeReturned(value: unknown): string {
	if (value instanceof Promise) return 'a promise: it must not be async';
	if (typeof value === 'number' || typeof value === 'bigint') return String(value);
	if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'a Date that is invalid' : 'a Date';
	return describeFound(value);
}

const NUMBER = 'a number, a bigint, a decimal text like "12.50", or null for none';
const parsed: ParsedAmount = {units: 0, scale: 0};

/**
A number in units of 10^-decimals; `null` for none.

@throws {ReturnError}
*/
export function takeNumber(value: unknown, decimals: number): Units | null {
	if (value === null) return null;
	if (typeof value === 'number' && Number.isFinite(value)) return withFewDigits(roundNumber(value, decimals), value);
	if (typeof value === 'bigint') return withFewDigits(roundUnits(value, 0, decimals), value);
	if (typeof value !== 'string' || parseAmount(value, parsed) !== null) throw new ReturnError(NUMBER, value);
	return withFewDigits(roundUnits(parsed.units, parsed.scale, decimals), value);
}

const limit = powerOfTen(MAX_AMOUNT_DIGITS);

function withFewDigits(units: Units, value: unknown): Units {
	if (typeof units === 'number' || (units < limit && -units < limit)) return units;
	throw new ReturnError(`a number of at most ${MAX_AMOUNT_DIGITS} digits with its decimals`, value);
}

export const MAX_TEXT_BYTES = 1024 * 1024;

/**
A text in UTF-8, one character per byte; empty for none.

@throws {ReturnError}
*/
export function takeText(value: unknown): string {
	if (value === null) return '';
	if (typeof value !== 'string') throw new ReturnError('a text, or null for none', value);
	// No text has fewer bytes than this.
	const bytes = value.length > MAX_TEXT_BYTES || isAscii(value) ? value : Buffer.from(value).toString('latin1');
	if (bytes.length > MAX_TEXT_BYTES) throw new ReturnError(`a text of at most ${MAX_TEXT_BYTES} bytes`, value);
	return bytes;
}

const isAscii = (text: string): boolean => !/[^\0-\x7f]/.test(text);

/**
A day as `YYYY-MM-DD`; `null` for none. Of a Date it is the one in UTC, because results must not depend on where a machine stands.

@throws {ReturnError}
*/
export function takeDay(value: unknown): string | null {
	if (value === null) return null;
	const text = value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : value;
	const day = typeof text === 'string' ? parseCalendarDate(text) : null;
	if (day === null) throw new ReturnError('a day like "2024-05-31", a Date, or null for none', value);
	return day;
}

/** @throws {ReturnError} */
export function takeWhether(value: unknown): boolean {
	if (typeof value !== 'boolean') throw new ReturnError('true or false', value);
	return value;
}

/**
Why a record is not accepted, in UTF-8, one character per byte; `null` where it is.

@throws {ReturnError}
*/
export function takeReason(value: unknown): string | null {
	if (value === true) return null;
	if (typeof value !== 'string' || value === '') throw new ReturnError('true, or a text that says why not', value);
	return takeText(value);
}
