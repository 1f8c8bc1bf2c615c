// Records that are at fault as a whole, though they have as many fields as the header: they hold no values, or NUL bytes.
import {fieldEnd, openEntry, openedEnd, openedStart} from './fields';
import {flag} from './flags';
import {allocate, release} from './memory';
import {delimiterByte, quoteByte} from './structure';

/** The bytes of the header, where it is looked for; see `repeatableHeader` of input/repeated-header.ts. */
let header: usize = 0;
let headerBytes: usize = 0;
let roomBytes: usize = 0;
/** Whether some cell of it may be a number or a date. */
let hasDigits: bool = false;

/** Which bytes a record without values may begin with. */
const firstBytes: usize = allocate(256);

/** To be called when the dialect is known. @param bytes - 0 where it is not looked for. */
export function setHeader(address: usize, bytes: usize): void {
	if (bytes > roomBytes) {
		if (roomBytes > 0) release(header, roomBytes);
		roomBytes = bytes;
		header = allocate(bytes);
	}
	memory.copy(header, address, bytes);
	headerBytes = bytes;
	hasDigits = false;
	memory.fill(firstBytes, 0, 256);
	store<u8>(firstBytes + (delimiterByte() as usize), 1);
	if (quoteByte() >= 0) store<u8>(firstBytes + (quoteByte() as usize), 1);
	if (bytes > 0) store<u8>(firstBytes + (load<u8>(header) as usize), 1);
	for (let at = header; at < header + bytes; at++) hasDigits = hasDigits || load<u8>(at) - 0x30 <= 9;
}

/** Whether a record without values may have numbers and dates. */
export function mayHoldNumbers(): bool {
	return hasDigits;
}

/** @param end - As `fieldEnd` gives it. */
export function isHeader(record: usize, end: usize): bool {
	return headerBytes !== 0 && end - record === headerBytes && memory.compare(record, header, headerBytes) === 0;
}

/** Whether all fields are empty. @param entries - The entry in front of the first one. */
export function isPaddingRow(entries: usize, columnCount: i32): bool {
	const first = load<u8>((load<u32>(entries) as usize) + 1);
	// Nearly all records end here.
	if (first !== delimiterByte() && (first as i32) !== quoteByte()) return false;
	for (let column: i32 = 0; column < columnCount; column++) {
		openEntry(entries + 4 * (column as usize));
		if (openedStart() !== openedEnd()) return false;
	}
	return columnCount > 1;
}

export function countNuls(start: usize, end: usize): i32 {
	let count: i32 = 0;
	for (let address = start; address < end; address++) count += (load<u8>(address) === 0) as i32;
	return count;
}

/**
Flags the records of a run that hold no values.

@param entries - The entry in front of the first field.
@param mask - Has a byte for each record, which is set where one is flagged; 0 where there is none.
*/
export function flagWithoutValues(entries: usize, columnCount: i32, records: i32, mask: usize): void {
	const firsts = firstBytes;
	const stride: usize = 4 * (columnCount as usize);
	let entry = entries;
	for (let record: i32 = 0; record < records; record++, entry += stride) {
		const start = (load<u32>(entry) as usize) + 1;
		if (load<u8>(firsts + (load<u8>(start) as usize)) === 0) continue;
		const end = fieldEnd(start, load<u32>(entry + stride) as usize);
		if (!isHeader(start, end) && !isPaddingRow(entry, columnCount)) continue;
		flag(record);
		if (mask !== 0) store<u8>(mask + (record as usize), 1);
	}
}
