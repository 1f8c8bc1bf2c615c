// Figures as the text of a report: numbers and dates, and between them the pieces that the host has given (see series.ts).
import {PIECES, powerOfTen} from './memory';

const ZERO: u8 = 0x30;
const MINUS: u8 = 0x2d;
const POINT: u8 = 0x2e;
const DASH: u8 = 0x2d;
/** Numbers are written so many digits at a time. */
const EIGHT_DIGITS: u64 = 100_000_000;

/** How many pieces there are, see series.ts, and the most bytes that all of them together may have. */
export const PIECE_COUNT: usize = 16;
export const MOST_PIECE_BYTES: usize = 1024;

/** Where the next byte goes. */
let out: usize = 0;

export function writeTo(address: usize): void {
	out = address;
}
export function writtenTo(): usize {
	return out;
}

/** @param block - The length of each piece, as u32, and then their bytes. It stays where it is. */
export function setPieces(block: usize): void {
	let start = block + 4 * PIECE_COUNT;
	for (let piece: usize = 0; piece < PIECE_COUNT; piece++) {
		const length = load<u32>(block + 4 * piece);
		store<u32>(PIECES + 8 * piece, start as u32);
		store<u32>(PIECES + 8 * piece, length, 4);
		start += length as usize;
	}
}

export function writePiece(piece: usize): void {
	writeBytes(load<u32>(PIECES + 8 * piece) as usize, load<u32>(PIECES + 8 * piece, 4) as usize);
}

/** Sixteen at a time: up to 15 bytes behind the end are written to as well, and read from. */
export function writeBytes(start: usize, length: usize): void {
	for (let index: usize = 0; index < length; index += 16) v128.store(out + index, v128.load(start + index));
	out += length;
}

export function countDigits(value: u64): i32 {
	let digits: i32 = 1;
	while (digits <= 18 && value >= (powerOfTen(digits) as u64)) digits++;
	return digits;
}

export function writeUnsigned(value: u64): void {
	writePadded(value, countDigits(value));
}

/** Writes a number below 10^16 with exactly so many digits, zeros in front. */
function writePadded(value: u64, digits: i32): void {
	const end = out + (digits as usize);
	let rest = (value % EIGHT_DIGITS) as u32;
	let address = end;
	const middle = digits > 8 ? end - 8 : out;
	for (; address > middle; rest /= 10) store<u8>(--address, ((rest % 10) as u8) + ZERO);
	rest = (value / EIGHT_DIGITS) as u32;
	for (; address > out; rest /= 10) store<u8>(--address, ((rest % 10) as u8) + ZERO);
	out = end;
}

/** How long `writeExact` is. */
export function exactLength(units: i64, scale: i32): i32 {
	const whole = (abs<i64>(units) / powerOfTen(scale)) as u64;
	return ((units < 0) as i32) + countDigits(whole) + (scale === 0 ? 0 : scale + 1);
}

/** Writes units of 10^-scale, less than 10^16, with exactly so many decimals. */
export function writeExact(units: i64, scale: i32): void {
	const magnitude = abs<i64>(units) as u64;
	const power = powerOfTen(scale) as u64;
	if (units < 0) store<u8>(out++, MINUS);
	writeUnsigned(magnitude / power);
	if (scale === 0) return;
	store<u8>(out++, POINT);
	writePadded(magnitude % power, scale);
}

/**
The same as JSON writes the number that is nearest. One of up to 15 digits is the only one of so few that a double stands for,
so these are what is written, without zeros behind (IEEE 754-2019, 5.12.2; ECMA-262, Number::toString).

@param scale - Up to 6: what is smaller than 10^-6 would have an exponent.
*/
export function writeNumber(units: i64, scale: i32): void {
	writeExact(units, scale);
	if (scale === 0) return;
	while (load<u8>(out - 1) === ZERO) out--;
	if (load<u8>(out - 1) === POINT) out--;
}

/** See dates.ts. */
export function writeDate(date: u64): void {
	writePadded(date >> 48, 2);
	writePadded((date >> 32) & 0xffff, 2);
	store<u8>(out++, DASH);
	writePadded((date >> 16) & 0xffff, 2);
	store<u8>(out++, DASH);
	writePadded(date & 0xffff, 2);
}
