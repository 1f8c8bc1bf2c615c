// Fields: from two entries of the index to the bytes that are meant.
//
//   ... , " t w o   " " w o r d s " \r \n
//        │ └───── content ──────┘       │
//      start                           end          as the index has it: behind the last delimiter, at the next one
//
// Spaces and tabs behind a closing quote are padding. Content without its quotes is where it is in the input, except that doubled quotes
// inside must become one: only then it is copied.
import {allocate, CELLS, release} from './memory';
import {quoteByte} from './structure';

const LF: u8 = 0x0a;
const CR: u8 = 0x0d;
const SPACE: u8 = 0x20;
const TAB: u8 = 0x09;

/** The end of a field that may be the last one of a record: the CR of a CRLF is no part of it. */
export function fieldEnd(start: usize, end: usize): usize {
	return end > start && load<u8>(end) === LF && load<u8>(end - 1) === CR ? end - 1 : end;
}

/** Where the fields of one column are in the index, for all records of a run. */
@unmanaged
export class Cells {
	/** Address of the entry in front of the first record's field; `stride` bytes further is the next one's. */
	entries: usize;
	stride: usize;
	/** Whether a CR in front of the LF may be no part of the field. */
	mayHaveCarriageReturn: bool;
	/** -1 where no field is quoted. */
	quote: i32;
}

/** One at a time: the next call changes it. */
export function cellsOf(run: usize, column: i32, columnCount: i32, hasCarriageReturns: bool, quote: i32): Cells {
	const cells = changetype<Cells>(CELLS);
	cells.entries = run + 4 * (column as usize);
	cells.stride = 4 * (columnCount as usize);
	cells.mayHaveCarriageReturn = hasCarriageReturns && column === columnCount - 1;
	cells.quote = quote;
	return cells;
}

let contentStart: usize = 0;
let contentEnd: usize = 0;
/** Whether text stands behind the closing quote of the field that was opened last. */
let isStray: bool = false;
/** How many of its bytes do not count when it is measured. */
let uncounted: usize = 0;

export function openedStart(): usize {
	return contentStart;
}
export function openedEnd(): usize {
	return contentEnd;
}
export function openedIsStray(): bool {
	return isStray;
}

/**
The length of the field that was opened last, for holding it against a bound. Where text stands behind the quotes the field is
given as it stands in the file, but measured as the reference reader does: doubled quotes count once, and the quotes around
them do not where the text begins with a NUL, which csv-parse takes for an end.
*/
export function openedLength(): usize {
	return contentEnd - contentStart - (isStray ? uncounted : 0);
}

/** Where a byte stands next; `end` where it does not. */
function findByte(from: usize, end: usize, byte: u8): usize {
	const bytes = i8x16.splat(byte);
	for (let address = from; address < end; address += 16) {
		const mask = i8x16.bitmask(i8x16.eq(v128.load(address), bytes));
		if (mask !== 0) return min(address + (ctz<i32>(mask) as usize), end);
	}
	return end;
}

/** Whether there are only spaces and tabs, which are padding behind a closing quote. */
export function isPadding(from: usize, end: usize): bool {
	for (let address = from; address < end; address++) {
		const byte = load<u8>(address);
		if (byte !== SPACE && byte !== TAB) return false;
	}
	return true;
}

/** Where content with doubled quotes is copied to. */
let scratch: usize = 0;
let scratchBytes: usize = 0;

function scratchFor(bytes: usize): usize {
	if (bytes > scratchBytes) {
		if (scratchBytes > 0) release(scratch, scratchBytes);
		scratchBytes = bytes;
		scratch = allocate(bytes);
	}
	return scratch;
}

/**
Removes the quotes of any field, by the rules; `openedStart` and `openedEnd` tell what it holds. They are good until the
next field is opened.

@param end - As `fieldEnd` gives it.
*/
export function openField(start: usize, end: usize): void {
	const quote = quoteByte();
	isStray = false;
	contentStart = start;
	contentEnd = end;
	if (start >= end || (load<u8>(start) as i32) !== quote) return;
	uncounted = 0;
	let close = start + 1;
	for (close = findByte(close, end, quote as u8); close < end; close = findByte(close + 1, end, quote as u8)) {
		if (close + 1 >= end || (load<u8>(close + 1) as i32) !== quote) break;
		uncounted++;
		close++;
	}
	if (!isPadding(close + 1, end)) {
		isStray = true;
		if (load<u8>(close + 1) === 0) uncounted += 2;
		return;
	}
	contentStart = start + 1;
	contentEnd = close;
	if (uncounted === 0) return;
	// Room behind it, because keys are read 16 bytes at a time.
	const copy = scratchFor(close - start + 64);
	let target = copy;
	for (let address = start + 1; address < close; address++) {
		const byte = load<u8>(address);
		store<u8>(target++, byte);
		if ((byte as i32) === quote) address++;
	}
	contentStart = copy;
	contentEnd = target;
}

/** Opens the field between an entry of the index, whose address is given, and the next one. */
export function openEntry(entry: usize): void {
	const start = (load<u32>(entry) as usize) + 1;
	openField(start, fieldEnd(start, load<u32>(entry, 4) as usize));
}
