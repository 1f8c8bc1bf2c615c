/** The most digits an amount may have, before and after the point together. */
export const MAX_AMOUNT_DIGITS = 38;

/** 15 digits stay below 2^53 ≈ 9.007 × 10^15, so a number holds them exactly. */
const SAFE_DIGITS = 15;

const SPACE = 0x20;
const PLUS = 0x2b;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

/** Where `parseAmount` leaves what it read: one object for a whole file, because there is one amount per record. */
export interface ParsedAmount {
	units: number | bigint;
	scale: number;
}

/**
Reads `[+-]?(digits[.digits*] | .digits)` of at most 38 digits, spaces around it aside.

@param mark - What stands for the point.
@returns `null` when `into` holds the amount, else what is wrong with it.
*/
export function parseAmount(
	text: string,
	into: ParsedAmount,
	mark: '.' | ',' = '.',
): 'missing' | 'not-a-number' | 'too-many-digits' | null {
	const markUnit = mark.charCodeAt(0);
	let start = 0;
	let end = text.length;
	while (start < end && text.charCodeAt(start) === SPACE) start++;
	while (end > start && text.charCodeAt(end - 1) === SPACE) end--;
	if (start === end) return 'missing';

	const sign = text.charCodeAt(start);
	const isNegative = sign === MINUS;
	if (isNegative || sign === PLUS) start++;
	let units = 0;
	let digitCount = 0;
	let point = -1;
	for (let index = start; index < end; index++) {
		const unit = text.charCodeAt(index);
		if (unit >= ZERO && unit <= NINE) {
			// Past 15 digits this is no longer exact, and then it is not used.
			units = units * 10 + (unit - ZERO);
			digitCount++;
		} else if (unit === markUnit && point === -1) point = index;
		else return 'not-a-number';
	}
	if (digitCount === 0) return 'not-a-number';
	if (digitCount > MAX_AMOUNT_DIGITS) return 'too-many-digits';
	into.scale = point === -1 ? 0 : end - point - 1;
	if (digitCount <= SAFE_DIGITS) into.units = isNegative ? -units : units;
	else {
		const digits = point === -1 ? text.slice(start, end) : text.slice(start, point) + text.slice(point + 1, end);
		into.units = isNegative ? -BigInt(digits) : BigInt(digits);
	}
	return null;
}
