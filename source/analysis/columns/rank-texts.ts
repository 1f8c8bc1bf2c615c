// The most frequent values of a sample. Each column has a sample of thousands of texts, and most texts occur once. So a text whose form
// alone says which value it is does not go through all rules.
import {formatUnits} from '../units.ts';
import {isNull, readCell} from './cell.ts';

export interface RankedText {
	readonly text: string;
	readonly count: number;
}

interface ValueForms {
	/** As it is written most often, by its bytes where several forms are as frequent. */
	text: string;
	textCount: number;
	/** Of all forms. */
	count: number;
}

/**
@param counts - How often each text is in the sample.
@returns The most frequent values, equal ones as `groupValues` says, and how many cells have a value.
*/
export function rankTexts(
	counts: ReadonlyMap<string, number>,
	limit: number,
): {readonly sampled: number; readonly top: readonly RankedText[]} {
	let sampled = 0;
	const texts: string[] = [];
	for (const [text, count] of counts) {
		if (isNull(text)) continue;
		sampled += count;
		texts.push(text);
	}
	const top: RankedText[] = [];
	/** Of numbers and dates. */
	const byValue = new Map<string, ValueForms>();
	const haveOneForm = areInOneForm(texts);
	for (const text of texts) {
		const count = counts.get(text) ?? 0;
		const key = haveOneForm ? null : keyOf(text);
		if (key === null) rank(top, text, count, limit);
		else addForm(byValue, key, text, count);
	}
	for (const {text, count} of byValue.values()) rank(top, text, count, limit);
	return {sampled, top};
}

/** Whether different texts surely are different values: numbers of as many decimals, dates, and what is neither. */
function areInOneForm(texts: readonly string[]): boolean {
	let decimals = -1;
	for (const text of texts) {
		if (text.charCodeAt(0) > NINE || isTimestamp(text) || isPlainDate(text)) continue;
		if (!isPlainNumber(text) || (text.startsWith('-0') && Number(text) === 0)) return false;
		const point = text.indexOf('.');
		const own = point < 0 ? 0 : text.length - 1 - point;
		if (decimals >= 0 && own !== decimals) return false;
		decimals = own;
	}
	return true;
}

function addForm(byValue: Map<string, ValueForms>, key: string, text: string, count: number): void {
	const known = byValue.get(key);
	if (known === undefined) {
		byValue.set(key, {text, textCount: count, count});
		return;
	}
	known.count += count;
	if (count > known.textCount || (count === known.textCount && text < known.text)) {
		known.text = text;
		known.textCount = count;
	}
}

/** Puts a value in its place, if it is among the first ones. */
function rank(top: RankedText[], text: string, count: number, limit: number): void {
	let place = top.length;
	for (; place > 0; place--) {
		const other = top[place - 1];
		if (other === undefined || other.count > count || (other.count === count && other.text < text)) break;
	}
	if (place >= limit) return;
	top.splice(place, 0, {text, count});
	if (top.length > limit) top.pop();
}

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;

/** The same for texts of the same value; `null` where no other text has it. */
function keyOf(text: string): string | null {
	// Numbers and dates begin with a digit, a sign, a point or a blank, and these come before all letters.
	if (text.charCodeAt(0) > NINE || isTimestamp(text)) return null;
	if (isPlainNumber(text)) return withoutZeros(text);
	const cell = readCell(text);
	if ('units' in cell) return withoutZeros(formatUnits(BigInt(cell.units), cell.scale));
	return cell.class === 'date' ? `day ${cell.seconds}` : null;
}

/** Whether a text, which is not a number, is a day with a time. Such texts are equal if their bytes are. */
function isTimestamp(text: string): boolean {
	if (text.length < 13 || text.charCodeAt(4) !== MINUS) return false;
	return text[10] === 'T' || (text[10] === ' ' && isDigit(text.charCodeAt(11)));
}

/** `YYYY-MM-DD` */
function isPlainDate(text: string): boolean {
	if (text.length !== 10) return false;
	for (let at = 0; at < 10; at++) {
		const unit = text.charCodeAt(at);
		if (at === 4 || at === 7 ? unit !== MINUS : !isDigit(unit)) return false;
	}
	return true;
}

const isDigit = (unit: number): boolean => unit >= ZERO && unit <= NINE;

/** `-?digits` and `-?digits.digits`, without zeros in front. */
function isPlainNumber(text: string): boolean {
	const start = text.charCodeAt(0) === MINUS ? 1 : 0;
	const isLed = text.charCodeAt(start) === ZERO && text.length > start + 1 && text.charCodeAt(start + 1) !== POINT;
	if (!isDigit(text.charCodeAt(start)) || isLed || text.length > MAX_PLAIN_LENGTH) return false;
	let points = 0;
	for (let at = start + 1; at < text.length; at++) {
		const unit = text.charCodeAt(at);
		if (unit === POINT) points++;
		else if (!isDigit(unit)) return false;
	}
	return points === 0 || (points === 1 && text.charCodeAt(text.length - 1) !== POINT);
}

/** Less than the digits that make a text of a number. */
const MAX_PLAIN_LENGTH = 32;

/** A number without zeros at the end of its decimals. */
function withoutZeros(number: string): string {
	let end = number.length;
	if (number.includes('.')) {
		while (number.charCodeAt(end - 1) === ZERO) end--;
		if (number.charCodeAt(end - 1) === POINT) end--;
	}
	const kept = end === number.length ? number : number.slice(0, end);
	return kept === '-0' ? '0' : kept;
}
