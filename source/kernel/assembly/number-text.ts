// Numbers by the rules, one text at a time.
import {Cells, openEntry, openedEnd, openedStart} from './fields';
import {FOUND, HUGE, MISSING, NOT_A_NUMBER, TOO_LONG} from './value';

export const SPACE: u8 = 0x20;
export const PLUS: u8 = 0x2b;
export const MINUS: u8 = 0x2d;
export const COMMA: u8 = 0x2c;
export const POINT: u8 = 0x2e;
export const ZERO: u8 = 0x30;
/** As `MAX_AMOUNT_DIGITS` of analysis/amount.ts. */
const MAX_DIGITS: i32 = 38;
/** So many digits surely fit in 63 bits. */
const MAX_SMALL_DIGITS: i32 = 18;
/** `123.456` */
const LONGEST_OPEN: usize = 7;

/** What was read last by `readNumber`. */
let units: i64 = 0;
let scale: i32 = 0;
export function unitsRead(): i64 {
	return units;
}
export function scaleRead(): i32 {
	return scale;
}

/** Reads `[+-]?(digits[.digits*] | .digits)`, with any mark, of at most 38 digits, spaces around it aside. */
export function readNumber(fieldStart: usize, fieldEnd: usize, mark: u8): i32 {
	let start = fieldStart;
	let end = fieldEnd;
	while (start < end && load<u8>(start) === SPACE) start++;
	while (end > start && load<u8>(end - 1) === SPACE) end--;
	if (start === end) return MISSING;
	const sign = load<u8>(start);
	const isNegative = sign === MINUS;
	if (isNegative || sign === PLUS) start++;
	let value: i64 = 0;
	let digits: i32 = 0;
	let point: usize = 0;
	for (let address = start; address < end; address++) {
		const byte = load<u8>(address);
		const digit = byte - ZERO;
		if (digit <= 9) {
			// Past 18 digits this is no longer exact, and then it is not used.
			value = value * 10 + (digit as i64);
			digits++;
		} else if (byte === mark && point === 0) point = address;
		else return NOT_A_NUMBER;
	}
	if (digits === 0) return NOT_A_NUMBER;
	if (digits > MAX_DIGITS) return TOO_LONG;
	scale = point === 0 ? 0 : ((end - point - 1) as i32);
	if (digits > MAX_SMALL_DIGITS) return HUGE;
	units = isNegative ? -value : value;
	return FOUND;
}

/** Whether a number with three decimals cannot be one with groups of digits: more than three stand in front of them, or a zero. */
export function provesMark(cells: Cells, record: i32): bool {
	openEntry(cells.entries + cells.stride * (record as usize));
	const first = load<u8>(openedStart());
	const start = openedStart() + ((first === MINUS || first === PLUS) as usize);
	return (
		openedEnd() - start > LONGEST_OPEN ||
		load<u8>(start) === ZERO ||
		load<u8>(start) === COMMA ||
		load<u8>(start) === POINT
	);
}

/**
Reads a number with groups of three digits, at most 18 of them, and the sign between them that is not the mark: `1.234,56`. Other groups
are left to the host.
*/
export function readGrouped(fieldStart: usize, fieldEnd: usize, mark: u8): i32 {
	const group = mark === POINT ? COMMA : POINT;
	let start = fieldStart;
	let end = fieldEnd;
	while (start < end && load<u8>(start) === SPACE) start++;
	while (end > start && load<u8>(end - 1) === SPACE) end--;
	const sign = load<u8>(start);
	const isNegative = sign === MINUS;
	if (isNegative || sign === PLUS) start++;
	let value: i64 = 0;
	let digits: i32 = 0;
	let groups: i32 = 0;
	let inGroup: i32 = 0;
	let point: usize = 0;
	for (let address = start; address < end; address++) {
		const byte = load<u8>(address);
		const digit = byte - ZERO;
		if (digit <= 9) {
			value = value * 10 + (digit as i64);
			digits++;
			inGroup++;
			continue;
		}
		const endsGroup = groups === 0 ? inGroup >= 1 && inGroup <= 3 : inGroup === 3;
		if (point !== 0 || !endsGroup || (byte !== group && byte !== mark)) return NOT_A_NUMBER;
		if (byte === mark) point = address;
		else groups++;
		inGroup = 0;
	}
	if (groups === 0 || digits > MAX_SMALL_DIGITS || (point === 0 && inGroup !== 3)) return NOT_A_NUMBER;
	// `0.500` has no groups.
	if (groups === 1 && point === 0 && load<u8>(start) === ZERO) return NOT_A_NUMBER;
	scale = point === 0 ? 0 : ((end - point - 1) as i32);
	units = isNegative ? -value : value;
	return FOUND;
}
