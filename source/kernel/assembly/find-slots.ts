// The slots of the keys of a run: of a text, of a date up to its year, month or day, or of two of these. They are found first, and
// added to in other loops: there the processor knows all addresses beforehand, and does not have to guess whether a sum is the one
// that was stored a moment ago.
import {HOUR_SHIFT, MONTH_SHIFT, YEAR_SHIFT} from './date-code';
import {DateReader} from './date-reader';
import {Cells, fieldEnd, openEntry, openedEnd, openedStart} from './fields';
import {HOUR, MONTH, writeDateKey, writeHourKey, YEAR} from './key-parts';
import {KeyTable, PLACE_BYTES, placeOf} from './key-table';
import {SHORT_KEY_BYTES, slotHash} from './keys';
import {allocate, DATE_KEY, KEEP_FIRST, LENGTH_TAG, release, SLOT_OF_RECORD} from './memory';
import {learnField, recallField} from './raw-fields';

/** As a bit mask: of a key that is equal to another. */
const BOTH_HALVES: i32 = 3;

/**
Finds the slots of the records `first` to `last` (exclusive) by a text. Returns the first record whose slot there is no room for, or
`last`.
*/
export function findByText(table: KeyTable, cells: Cells, first: i32, last: i32): i32 {
	let record = first;
	while (true) {
		record = findKnown(table, cells, record, last);
		if (record === last) return last;
		const entry = cells.entries + cells.stride * (record as usize);
		const slot = cells.quote < 0 ? findUnquoted(table, entry) : findField(table, entry);
		if (slot === 0) return record;
		store<u32>(SLOT_OF_RECORD + 4 * (record as usize), slot as u32);
		record++;
	}
}

/**
Finds slots as long as keys are short and where they are looked for first.

@returns The first record whose slot is none of these.
*/
function findKnown(table: KeyTable, cells: Cells, first: i32, last: i32): i32 {
	const quote = cells.quote;
	const stride = cells.stride;
	const mayHaveCarriageReturn = cells.mayHaveCarriageReturn;
	const quotes = i8x16.splat(quote as u8);
	const places = table.table;
	const shift = table.pairShift();
	let entry = cells.entries + stride * (first as usize);
	for (let record = first; record < last; record++, entry += stride) {
		let start = (load<u32>(entry) as usize) + 1;
		let end = load<u32>(entry, 4) as usize;
		if (mayHaveCarriageReturn) end -= (load<u8>(end - 1) === 0x0d && load<u8>(end) === 0x0a) as usize;
		if (quote >= 0) {
			if (load<u8>(start) === (quote as u8)) {
				start++;
				end--;
				if (end - start > SHORT_KEY_BYTES) return record;
				// A quote inside is a doubled one, which must become one.
				const inner = v128.and(v128.load(start), v128.load(KEEP_FIRST + 16 * (end - start)));
				if (i8x16.bitmask(i8x16.eq(inner, quotes)) !== 0) return record;
			}
		}
		const length = end - start;
		if (length > SHORT_KEY_BYTES) return record;
		const text = v128.and(v128.load(start), v128.load(KEEP_FIRST + 16 * length));
		const key = v128.or(text, v128.load(LENGTH_TAG + 16 * length));
		const hash = slotHash(i64x2.extract_lane(key, 0) as u64, i64x2.extract_lane(key, 1) as u64);
		const place = places + placeOf(hash, shift);
		let slot = load<u32>(place) as usize;
		// No slot is at 0, where no key is found.
		if (i64x2.bitmask(i64x2.eq(v128.load(slot), key)) !== BOTH_HALVES) {
			slot = load<u32>(place, PLACE_BYTES) as usize;
			if (i64x2.bitmask(i64x2.eq(v128.load(slot), key)) !== BOTH_HALVES) return record;
		}
		store<u32>(SLOT_OF_RECORD + 4 * (record as usize), slot as u32);
	}
	return last;
}

/** The slot of the field behind an entry of the index; 0 where there is no room. */
function findField(table: KeyTable, entry: usize): usize {
	const known = recallField(table.rawFields, entry);
	if (known !== 0) return known;
	openEntry(entry);
	const slot = table.find(openedStart(), openedEnd() - openedStart());
	learnField(slot);
	return slot;
}

/** The same where no field is quoted. */
function findUnquoted(table: KeyTable, entry: usize): usize {
	const known = recallField(table.rawFields, entry);
	if (known !== 0) return known;
	const start = (load<u32>(entry) as usize) + 1;
	const slot = table.find(start, fieldEnd(start, load<u32>(entry, 4) as usize) - start);
	learnField(slot);
	return slot;
}

// Slots by the code of a date, or an hour, each in the one place that its hash says: [ code, 4 │ slot, 4 ]. They come from `find` once.

const CODES_LOG2: u32 = 11;
const CODES_BYTES: usize = 8 << (CODES_LOG2 as usize);
/** Spreads bits: 2^32 divided by the golden ratio. */
const GOLDEN: u32 = 0x9e37_79b1;
/** No date has this code. */
const NO_CODE: u32 = 0xffff_ffff;

export function createCodes(): usize {
	return allocate(CODES_BYTES);
}
export function releaseCodes(codes: usize): void {
	release(codes, CODES_BYTES);
}
export function forgetCodes(codes: usize): void {
	for (let place = codes; place < codes + CODES_BYTES; place += 8) store<u32>(place, NO_CODE);
}

/** The same by a date. @param part - See `KeyPart`. */
export function findByDate(table: KeyTable, codes: usize, reader: DateReader, part: i32, first: i32, last: i32): i32 {
	const isHour = part === HOUR;
	const shift = isHour ? HOUR_SHIFT : part === YEAR ? YEAR_SHIFT : part === MONTH ? MONTH_SHIFT : 0;
	let code = (isHour ? reader.clocks : reader.codes) + 4 * (first as usize);
	for (let record = first; record < last; record++, code += 4) {
		const date = load<u32>(code);
		const upToPart = date >> shift;
		const place = codes + (((upToPart * GOLDEN) >> (32 - CODES_LOG2)) as usize) * 8;
		let slot = load<u32>(place, 4) as usize;
		if (load<u32>(place) !== upToPart) {
			const bytes = isHour ? writeHourKey(DATE_KEY, date) : writeDateKey(DATE_KEY, date, part);
			slot = table.find(DATE_KEY, bytes);
			if (slot === 0) return record;
			store<u32>(place, upToPart);
			store<u32>(place, slot as u32, 4);
		}
		store<u32>(SLOT_OF_RECORD + 4 * (record as usize), slot as u32);
	}
	return last;
}
