// Adds what a column of one source came to, whose values are all counted, to a column for several sources: the result is the same as if it
// had read the cells of all of them. Samples are not merged here.
import {keyLength} from '../keys';
import {allocate} from '../memory';
import {Column} from './column';
import {DATE_BYTES} from './date-cells';
import {FIRST_YEAR, YEARS} from './day-counts';
import {PAIR_BYTES, writePair} from './plain-cells';
import {addWeighted, pourValues} from './read-column';
import {CELLS_OF_VALUE, VALUE_BYTES} from './value-counts';

const DAYS_OF_PAGE: u32 = 512;
/** Texts are read 16 bytes at a time. */
const PADDING_BYTES: usize = 32;
const DASH: u8 = 0x2d;
const ZERO: u8 = 0x30;

let pair: usize = 0;
let dayText: usize = 0;

/** @param source - Is left as it is. */
export function mergeCounted(target: Column, source: Column): void {
	if (pair === 0) {
		pair = allocate(PAIR_BYTES);
		dayText = allocate(2 * PADDING_BYTES) + PADDING_BYTES;
	}
	target.empties += source.empties;
	if (source.dateDays !== 0) addDays(target, source.dateDays);
	if (target.isCounted) addValues(target, source);
	else pourValues(target, source.values);
}

function addValues(target: Column, source: Column): void {
	const values = source.values;
	const end = values.table + values.tableBytes();
	for (let slot = values.table; slot < end; slot += VALUE_BYTES) {
		const high = load<u64>(slot, 8);
		if (high === 0) continue;
		const start = values.textOf(slot);
		writePair(pair, start, start + keyLength(high));
		addWeighted(target, pair, load<u64>(slot, CELLS_OF_VALUE));
	}
}

function addDays(target: Column, days: usize): void {
	for (let year: u32 = 0; year < YEARS; year++) {
		const page = load<u32>(days + 4 * (year as usize)) as usize;
		if (page === 0) continue;
		for (let day: u32 = 0; day < DAYS_OF_PAGE; day++) {
			const cells = load<u64>(page + 8 * (day as usize));
			if (cells === 0) continue;
			writeDay(year + FIRST_YEAR, day >> 5, day & 31);
			writePair(pair, dayText, dayText + DATE_BYTES);
			addWeighted(target, pair, cells);
		}
	}
}

function writeDay(year: u32, month: u32, day: u32): void {
	writeTwoDigits(dayText, year / 100);
	writeTwoDigits(dayText + 2, year % 100);
	store<u8>(dayText, DASH, 4);
	writeTwoDigits(dayText + 5, month);
	store<u8>(dayText, DASH, 7);
	writeTwoDigits(dayText + 8, day);
}

function writeTwoDigits(at: usize, number: u32): void {
	store<u8>(at, ZERO + ((number / 10) as u8));
	store<u8>(at, ZERO + ((number % 10) as u8), 1);
}
