// Amounts by the calendar month of their dates: only where the host asks for them, by reading a file for them. While nobody
// does, there is no table, and the reading of figures knows nothing of it but one branch for each span of a batch.
//
//   slot, 24 bytes:  [ sum, 16 │ count, 8 ]        one for each month of the years 0 … 9999, in order
//
// Sums have the scale of those of the groups. What does not fit in 128 bits goes to the host, as it does there.
import {skipBlanks} from './dates';
import {addHugeToMonth, spillMonth} from './host';
import {allocate, release, UNITS} from './memory';
import {addToSum, clearSum, HIGH, LOW, multiplySum} from './sums';

const DASH: u8 = 0x2d;
const MONTHS: usize = 10_000 * 12;
const SLOT_BYTES: usize = 24;
const COUNT: usize = 16;
const TABLE_BYTES: usize = MONTHS * SLOT_BYTES;

/** 0 while months are not summed. */
let table: usize = 0;

export function beginMonths(isWanted: bool): void {
	if (isWanted) {
		if (table === 0) table = allocate(TABLE_BYTES);
		memory.fill(table, 0, TABLE_BYTES);
	} else if (table !== 0) {
		release(table, TABLE_BYTES);
		table = 0;
	}
}
export function hasMonths(): bool {
	return table !== 0;
}

/** Twelve times the year and the month from 0 on, of a field that was found to hold a date. */
function monthAt(field: usize, fieldEnd: usize): usize {
	const date = skipBlanks(field, fieldEnd);
	const year =
		(((load<u8>(date) & 15) as usize) * 10 + ((load<u8>(date, 1) & 15) as usize)) * 100 +
		((load<u8>(date, 2) & 15) as usize) * 10 +
		((load<u8>(date, 3) & 15) as usize);
	const month = date + (load<u8>(date, 4) === DASH ? 5 : 4);
	return year * 12 + ((load<u8>(month) & 15) as usize) * 10 + ((load<u8>(month, 1) & 15) as usize) - 1;
}

function take(month: usize, units: i64): void {
	const slot = table + month * SLOT_BYTES;
	addToSum(slot, units);
	store<u64>(slot, load<u64>(slot, COUNT) + 1, COUNT);
}

/** Adds the amounts of the records `first` to `last` (exclusive) of a batch, which all have a date; see `readAmounts`. */
export function addToMonths(entries: usize, stride: usize, first: i32, last: i32, quote: i32): void {
	let entry = entries + stride * (first as usize);
	let amount: usize = UNITS + 8 * (first as usize);
	for (let record = first; record < last; record++, entry += stride, amount += 8) {
		const start = (load<u32>(entry) as usize) + 1;
		const isQuoted = (quote >= 0 && load<u8>(start) === (quote as u8)) as usize;
		take(monthAt(start + isQuoted, load<u32>(entry, 4) as usize), load<i64>(amount));
	}
}

/** Adds the amount of one record. */
export function addToMonth(date: usize, dateEnd: usize, units: i64): void {
	take(monthAt(date, dateEnd), units);
}

/** Counts one record, whose amount only the host can hold. */
export function addHugeAmountToMonth(date: usize, dateEnd: usize, text: usize, textBytes: usize): void {
	const month = monthAt(date, dateEnd);
	take(month, 0);
	addHugeToMonth(month as u32, text, textBytes);
}

/** See `rescaleSums` of the groups. */
export function rescaleMonths(factor: i64, scale: i32): void {
	for (let month: usize = 0; month < MONTHS; month++) {
		const slot = table + month * SLOT_BYTES;
		if (load<u64>(slot, COUNT) === 0 || multiplySum(slot, factor)) continue;
		spillMonth(month as u32, load<i64>(slot, HIGH), load<i64>(slot, LOW), scale);
		clearSum(slot);
	}
}

// For the host, which reads the months between two calls and at the end: it steps through the slots and skips those without a
// record.

export function monthTable(): usize {
	return table;
}
export function monthTableEnd(): usize {
	return table === 0 ? 0 : table + TABLE_BYTES;
}
