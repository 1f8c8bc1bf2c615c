// Figures as bytes of JSON. There are hundreds of thousands of them in a report, and each function here is called for all: as few
// as possible, because V8 compiles each of them anew in each run.
import {formatUnits, type Units} from '../../analysis/units.ts';

const ZERO = 0x30;
const QUOTE = 0x22;
const MINUS = 0x2d;
const POINT = 0x2e;
/** Numbers below it are divided as 32 bits. */
const BILLION = 1_000_000_000;
const BILLION_DIGITS = 9;
/** Up to here ten to the scale is a safe integer. */
const MAX_SCALE = 15;
/** Of a decimal that is a safe integer of up to as many decimals, in quotation marks. */
export const MAX_NUMBER_BYTES = 24;

// All return where the next byte goes.

export function writeBytes(target: Uint8Array, at: number, bytes: Uint8Array): number {
	const {length} = bytes;
	for (let index = 0; index < length; index++) target[at + index] = bytes[index] ?? 0;
	return at + length;
}

/** @param integer - Not negative, and safe. */
export function writeInteger(target: Uint8Array, at: number, integer: number): number {
	let digits = 1;
	for (let power = 10; integer >= power; power *= 10) digits++;
	writeDigits(target, at + digits, integer, digits);
	return at + digits;
}

/** Writes so many digits in front of `end`. */
function writeDigits(target: Uint8Array, end: number, integer: number, digits: number): void {
	let at = end;
	const start = end - digits;
	let low = integer | 0;
	let high = 0;
	if (integer >= BILLION) {
		high = Math.floor(integer / BILLION);
		low = (integer - high * BILLION) | 0;
	}
	const middle = Math.max(start, end - BILLION_DIGITS);
	while (at > middle) {
		const next = (low / 10) | 0;
		target[--at] = ZERO + low - next * 10;
		low = next;
	}
	if (at > start) writeDigits(target, at, high, at - start);
}

/** Writes a text in quotation marks with exactly so many decimals. */
export function writeDecimal(target: Uint8Array, start: number, units: Units, scale: number): number {
	let at = start;
	target[at++] = QUOTE;
	if (typeof units === 'number' && scale <= MAX_SCALE) {
		const magnitude = Math.abs(units);
		const power = 10 ** scale;
		const whole = Math.floor(magnitude / power);
		if (units < 0) target[at++] = MINUS;
		at = writeInteger(target, at, whole);
		if (scale > 0) {
			target[at] = POINT;
			at += scale + 1;
			writeDigits(target, at, magnitude - whole * power, scale);
		}
	} else {
		const text = formatUnits(units, scale);
		for (let index = 0; index < text.length; index++) target[at++] = text.charCodeAt(index);
	}
	target[at++] = QUOTE;
	return at;
}
