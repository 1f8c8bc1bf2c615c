// Records that count, written as a table that any program reads: fields between commas, in double quotes where they need them, LF
// behind each record. The bytes of the cells are those of the source.
import {openEntry, openedEnd, openedStart} from './fields';
import {allocate, release} from './memory';
import {delimiterByte, quoteByte} from './structure';

const COMMA: u8 = 0x2c;
const QUOTE: u8 = 0x22;
const QUOTE_TWICE: u16 = 0x2222;
const LF: u8 = 0x0a;
const CR: u8 = 0x0d;
/** Of what is written; it grows to what the records of one call of `consume` take. */
const FIRST_BYTES: usize = 256 * 1024;
/** Cells are copied 16 bytes at a time. */
const SLACK: usize = 64;

let isOn: bool = false;
let block: usize = 0;
let blockBytes: usize = 0;
let cursor: usize = 0;
/** Places of the columns that are written, as u32; 0 for all of them in their order. */
let chosen: usize = 0;
let chosenCount: i32 = 0;

export function isWriting(): bool {
	return isOn;
}

/**
Writes all records from here on that count.

@param columns - Where the places of the columns to write stand, which must stay there; 0 for all.
*/
export function writeRecords(columns: usize, count: i32): void {
	isOn = true;
	chosen = columns;
	chosenCount = count;
	if (block === 0) {
		block = allocate(FIRST_BYTES);
		blockBytes = FIRST_BYTES;
	}
	cursor = block;
}

export function stopWriting(): void {
	isOn = false;
}

export function writtenStart(): usize {
	return block;
}
export function writtenEnd(): usize {
	return cursor;
}
/** To be called when what was written has been taken. */
export function clearWritten(): void {
	cursor = block;
}

function makeRoom(bytes: usize): void {
	const used = cursor - block;
	if (used + bytes <= blockBytes) return;
	const largerBytes = max(used + bytes, 2 * blockBytes);
	const larger = allocate(largerBytes);
	memory.copy(larger, block, used);
	release(block, blockBytes);
	blockBytes = largerBytes;
	block = larger;
	cursor = larger + used;
}

/** Writes the records `first` to `last` (exclusive) of a run, whose quotes are as they should be; see runs.ts. */
export function writeSpan(entries: usize, columnCount: i32, first: i32, last: i32): void {
	const stride: usize = 4 * (columnCount as usize);
	const begin = entries + stride * (first as usize);
	const end = entries + stride * (last as usize);
	if (chosen === 0 && delimiterByte() === COMMA && quoteByte() === (QUOTE as i32)) {
		writeBytes((load<u32>(begin) as usize) + 1, (load<u32>(end) as usize) + 1);
		return;
	}
	for (let entry = begin; entry < end; entry += stride) writeRecord(entry, columnCount);
}

/**
Writes whole records that are nearly as they are to be: what is between quotes that are not needed, and between the CRs of line ends, is
copied as it is. Any quote outside of quotes begins a field.
*/
function writeBytes(from: usize, to: usize): void {
	// A CR alone becomes an LF: nothing becomes longer.
	makeRoom(to - from + SLACK);
	let copied = from;
	let address = findQuoteOrReturn(from, to);
	while (address < to) {
		if (load<u8>(address) === CR) {
			copyBytes(copied, address);
			const isWithFeed = address + 1 < to && load<u8>(address + 1) === LF;
			if (!isWithFeed) store<u8>(cursor++, LF);
			copied = address + 1;
			address = findQuoteOrReturn(copied, to);
			continue;
		}
		const close = findClosing(address + 1);
		if (!needsQuotes(address + 1, close)) {
			copyBytes(copied, address);
			copyBytes(address + 1, close);
			copied = close + 1;
		}
		address = findQuoteOrReturn(close + 1, to);
	}
	copyBytes(copied, to);
}

function copyBytes(from: usize, to: usize): void {
	memory.copy(cursor, from, to - from);
	cursor += to - from;
}

function findQuoteOrReturn(from: usize, to: usize): usize {
	const quotes = i8x16.splat(QUOTE);
	const returns = i8x16.splat(CR);
	for (let address = from; address < to; address += 16) {
		const bytes = v128.load(address);
		const found = i8x16.bitmask(v128.or(i8x16.eq(bytes, quotes), i8x16.eq(bytes, returns)));
		if (found !== 0) return min(address + (ctz<i32>(found) as usize), to);
	}
	return to;
}

/** The quote that ends a field, of which the content begins at the address. */
function findClosing(from: usize): usize {
	let address = from;
	while (true) {
		while (load<u8>(address) !== QUOTE) address++;
		if (load<u8>(address + 1) !== QUOTE) return address;
		address += 2;
	}
}

/** @param entry - The address of the entry in front of its first one. */
export function writeRecord(entry: usize, columnCount: i32): void {
	const count = chosen === 0 ? columnCount : chosenCount;
	const start = cursor - block;
	for (let place: i32 = 0; place < count; place++) {
		const column = chosen === 0 ? place : load<i32>(chosen + 4 * (place as usize));
		openEntry(entry + 4 * (column as usize));
		writeCell(openedStart(), openedEnd());
		store<u8>(cursor, COMMA);
		cursor++;
	}
	// A line without a character would be no record.
	if (cursor - block === start + 1) {
		store<u16>(cursor - 1, QUOTE_TWICE);
		cursor += 2;
	}
	store<u8>(cursor - 1, LF);
}

/** Writes a cell, and leaves room for what stands behind it. */
function writeCell(start: usize, end: usize): void {
	makeRoom(2 * (end - start) + SLACK);
	if (needsQuotes(start, end)) writeQuoted(start, end);
	else copyBytes(start, end);
}

function needsQuotes(start: usize, end: usize): bool {
	const commas = i8x16.splat(COMMA);
	const quotes = i8x16.splat(QUOTE);
	const feeds = i8x16.splat(LF);
	const returns = i8x16.splat(CR);
	for (let address = start; address < end; address += 16) {
		const bytes = v128.load(address);
		const special = v128.or(
			v128.or(i8x16.eq(bytes, commas), i8x16.eq(bytes, quotes)),
			v128.or(i8x16.eq(bytes, feeds), i8x16.eq(bytes, returns)),
		);
		const found = i8x16.bitmask(special);
		const left = end - address;
		if (found !== 0 && (left >= 16 || (found & ((1 << (left as i32)) - 1)) !== 0)) return true;
	}
	return false;
}

function writeQuoted(start: usize, end: usize): void {
	let target = cursor;
	store<u8>(target++, QUOTE);
	for (let address = start; address < end; address++) {
		const byte = load<u8>(address);
		store<u8>(target++, byte);
		if (byte === QUOTE) store<u8>(target++, QUOTE);
	}
	store<u8>(target++, QUOTE);
	cursor = target;
}
