// Cells of whole records, for a host that looks at each of them: their bytes one behind the other, for some records at a time.
//
//   record   [ byte offset, 8 │ line, 8 │ where each cell ends among the bytes, 4 × columns ]
import {openEntry, openedEnd, openedStart} from '../fields';
import {takeCells} from '../host';
import {lineOf} from '../lines';
import {allocate, release} from '../memory';
import {addressOffset} from '../rejects';

const MAX_RECORDS: i32 = 64;
const HEAD_BYTES: usize = 16;
const FIRST_TEXT_BYTES: usize = 65_536;

let rows: usize = 0;
let rowsCapacity: usize = 0;
let texts: usize = 0;
let textCapacity: usize = 0;
let textBytes: usize = 0;

/** Gives the host the records `first` to `last` (exclusive) of a run. @param entries - See `ColumnSet.addSpan`. */
export function giveSpan(analysis: u32, entries: usize, columns: i32, first: i32, last: i32): void {
	const stride: usize = 4 * (columns as usize);
	for (let from = first; from < last; from += MAX_RECORDS) {
		const count = min(MAX_RECORDS, last - from);
		giveRecords(analysis, entries + stride * (from as usize), columns, count);
	}
}

/** @param entries - The entry in front of the first field of the first record. */
export function giveRecords(analysis: u32, entries: usize, columns: i32, count: i32): void {
	const rowBytes = HEAD_BYTES + 4 * (columns as usize);
	reserveRows(rowBytes * (count as usize));
	textBytes = 0;
	let entry = entries;
	for (let record: i32 = 0; record < count; record++) {
		const row = rows + rowBytes * (record as usize);
		const address = (load<u32>(entry) as usize) + 1;
		store<i64>(row, (address as i64) + addressOffset());
		store<u64>(row, lineOf(address), 8);
		for (let column: i32 = 0; column < columns; column++, entry += 4) {
			openEntry(entry);
			keepText(openedStart(), openedEnd() - openedStart());
			store<u32>(row + HEAD_BYTES + 4 * (column as usize), textBytes as u32);
		}
	}
	takeCells(analysis, rows, count, texts);
}

function reserveRows(bytes: usize): void {
	if (bytes <= rowsCapacity) return;
	if (rowsCapacity > 0) release(rows, rowsCapacity);
	rowsCapacity = bytes;
	rows = allocate(bytes);
}

function keepText(start: usize, length: usize): void {
	const needed = textBytes + length;
	if (needed > textCapacity) {
		const old = texts;
		const oldCapacity = textCapacity;
		textCapacity = max<usize>(2 * needed, FIRST_TEXT_BYTES);
		texts = allocate(textCapacity);
		memory.copy(texts, old, textBytes);
		if (oldCapacity > 0) release(old, oldCapacity);
	}
	memory.copy(texts + textBytes, start, length);
	textBytes = needed;
}
