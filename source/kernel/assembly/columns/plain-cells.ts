// The cells of a column as the loops over columns take them: each between the byte behind the address at its entry and the address at
// the next word, with nothing around it. Most are that in the index already. Of others, which have quotes or a CR behind them, there is a
// list of pairs:
//
//   [ address in front of the cell, 4 │ its end, 4 ]      doubled quotes are made one in a copy
import {Cells, openedEnd, openedStart, openField} from '../fields';
import {allocate, release} from '../memory';

/** Cells are taken in portions of so many at most: so lists and sums of a portion have a bound. */
export const MAX_PORTION: i32 = 1024;
export const PAIR_BYTES: usize = 8;
/** Cells are read 16 bytes at a time, from their ends backwards, too. */
const PADDING_BYTES: usize = 32;

let pairs: usize = 0;
/** Copies of cells. */
let copies: usize = 0;
let copyCapacity: usize = 0;

let plainEntries: usize = 0;
let plainStride: usize = 0;

/** Where the first entry of a portion is, and how far the next one is from it. */
export function entriesOfPlain(): usize {
	return plainEntries;
}
export function strideOfPlain(): usize {
	return plainStride;
}

/** Memory for a portion of pairs. */
export function pairsOfPortion(): usize {
	if (pairs === 0) pairs = allocate(PAIR_BYTES * (MAX_PORTION as usize));
	return pairs;
}

export function writePair(pair: usize, start: usize, end: usize): void {
	store<u32>(pair, (start - 1) as u32);
	store<u32>(pair, end as u32, 4);
}

/** Makes cells plain, up to `MAX_PORTION` of them. They are good until the next ones are. */
export function makePlain(cells: Cells, first: i32, count: i32): void {
	plainEntries = cells.entries + cells.stride * (first as usize);
	plainStride = cells.stride;
	const last = plainEntries + plainStride * (count as usize);
	if (!cells.mayHaveCarriageReturn && !hasQuoted(plainEntries, last, plainStride, cells.quote)) return;
	listPairs(cells, last);
	plainEntries = pairs;
	plainStride = PAIR_BYTES;
}

function hasQuoted(entries: usize, last: usize, stride: usize, quote: i32): bool {
	if (quote < 0) return false;
	let found: u32 = 0;
	for (let entry = entries; entry < last; entry += stride) {
		found |= (load<u8>((load<u32>(entry) as usize) + 1) === (quote as u8)) as u32;
	}
	return found !== 0;
}

function listPairs(cells: Cells, last: usize): void {
	const quote = cells.quote;
	const quotes = i8x16.splat(quote as u8);
	const mayHaveCarriageReturn = cells.mayHaveCarriageReturn;
	const stride = plainStride;
	let pair = pairsOfPortion();
	let copy: usize = 0;
	for (let entry = plainEntries; entry < last; entry += stride, pair += PAIR_BYTES) {
		let start = (load<u32>(entry) as usize) + 1;
		let end = load<u32>(entry, 4) as usize;
		if (mayHaveCarriageReturn) end -= (load<u8>(end - 1) === 0x0d && load<u8>(end) === 0x0a) as usize;
		if (quote >= 0 && end > start && load<u8>(start) === (quote as u8)) {
			start++;
			end--;
			if (hasByte(start, end, quotes)) {
				if (copy === 0) copy = reserveCopies(last, stride);
				openField(start - 1, end + 1);
				start = copy + PADDING_BYTES;
				end = start + (openedEnd() - openedStart());
				memory.copy(start, openedStart(), end - start);
				copy = end;
			}
		}
		writePair(pair, start, end);
	}
}

/** Whether any byte is in a text. */
function hasByte(start: usize, end: usize, bytes: v128): bool {
	let address = start;
	for (; address + 16 <= end; address += 16) {
		if (i8x16.bitmask(i8x16.eq(v128.load(address), bytes)) !== 0) return true;
	}
	const rest = (end - address) as u32;
	return (i8x16.bitmask(i8x16.eq(v128.load(address), bytes)) & ((1 << rest) - 1)) !== 0;
}

/** Room for all cells of the portion, and for padding around them. */
function reserveCopies(last: usize, stride: usize): usize {
	const bytes = (load<u32>(last - stride, 4) as usize) - (load<u32>(plainEntries) as usize);
	const needed = bytes + PADDING_BYTES * (2 + (last - plainEntries) / stride);
	if (needed > copyCapacity) {
		if (copyCapacity > 0) release(copies, copyCapacity);
		copyCapacity = needed;
		copies = allocate(needed);
	}
	return copies;
}
