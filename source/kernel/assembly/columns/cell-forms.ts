// Texts that may be a date or a number in another form than those of the loops, see analysis/quality/cell-forms.ts: the host says which form
// it is, if any. Here it is only told that most texts have none:
//
//   numbers   consist of digits and what stands among them
//   dates     begin with digits, and a separator with digits or a month behind it
import {allocate} from '../memory';

const MAX_BYTES: usize = 24;
const SPACE: u8 = 0x20;
const DASH: u8 = 0x2d;
const POINT: u8 = 0x2e;
const SLASH: u8 = 0x2f;
const PLUS: u8 = 0x2b;
const ZERO: u8 = 0x30;
const LOWER_CASE: u8 = 0x20;
const LETTER_A: u8 = 0x61;
const LETTERS: u8 = 26;

/** By the byte: whether it begins a form, and whether it stands in numbers. */
const FIRST: u8 = 1;
const OF_NUMBER: u8 = 2;
let bytes: usize = 0;

/** To be called before the others. */
export function prepareForms(): void {
	if (bytes !== 0) return;
	bytes = allocate(256);
	memory.fill(bytes, 0, 256);
	for (let digit: u8 = 0; digit <= 9; digit++) mark(ZERO + digit, FIRST | OF_NUMBER);
	mark(PLUS, FIRST | OF_NUMBER);
	mark(DASH, FIRST | OF_NUMBER);
	// $, the pound and the yen, and the first byte of these and of the euro in UTF-8, the euro in Windows-1252.
	mark(0x24, FIRST | OF_NUMBER);
	mark(0xa3, FIRST | OF_NUMBER);
	mark(0xa5, FIRST | OF_NUMBER);
	mark(0xc2, FIRST | OF_NUMBER);
	mark(0xe2, FIRST | OF_NUMBER);
	mark(0x80, FIRST | OF_NUMBER);
	// The rest of the euro, and a blank that does not break lines.
	mark(0x82, OF_NUMBER);
	mark(0xac, OF_NUMBER);
	mark(0xa0, OF_NUMBER);
	for (let blank: u8 = 0x09; blank <= 0x0d; blank++) mark(blank, OF_NUMBER);
	mark(SPACE, OF_NUMBER);
	// . , ' % _ and the letters that are mistaken for digits
	mark(POINT, OF_NUMBER);
	mark(0x2c, OF_NUMBER);
	mark(0x27, OF_NUMBER);
	mark(0x25, OF_NUMBER);
	mark(0x5f, OF_NUMBER);
	mark(0x6f, OF_NUMBER);
	mark(0x4f, OF_NUMBER);
	mark(0x6c, OF_NUMBER);
	mark(0x49, OF_NUMBER);
}

function mark(byte: u8, as: u8): void {
	store<u8>(bytes + (byte as usize), as);
}

export function mayBegin(byte: u8): bool {
	return (load<u8>(bytes + (byte as usize)) & FIRST) !== 0;
}

/** Whether a text without blanks at its ends may have a form. */
export function mayHaveForm(start: usize, end: usize): bool {
	if (end - start > MAX_BYTES || !mayBegin(load<u8>(start))) return false;
	return isLikeDate(start, end) || isLikeNumber(start, end);
}

function isLikeNumber(start: usize, end: usize): bool {
	for (let at = start; at < end; at++) {
		if ((load<u8>(bytes + (load<u8>(at) as usize)) & OF_NUMBER) === 0) return false;
	}
	return true;
}

function isLikeDate(start: usize, end: usize): bool {
	let at = start;
	while (at < end && isDigit(load<u8>(at))) at++;
	if (at === start || at + 1 >= end) return false;
	const separator = load<u8>(at);
	const next = load<u8>(at + 1);
	if (isDigit(next)) return separator === DASH || separator === POINT || separator === SLASH;
	const isLetter = (next | LOWER_CASE) - LETTER_A < LETTERS;
	return isLetter && (separator === SPACE || separator === DASH) && isDigit(load<u8>(end - 1));
}

function isDigit(byte: u8): bool {
	return byte - ZERO <= 9;
}
