// A column of dates: `YYYY-MM-DD` -> a code that sorts like the date, year × 2^14 + month × 2^7 + day:
//
//   bytes      2 0 2 4 - 0 2 - 2 9 ......      16 bytes from the start of the field
//   - pattern  2 0 2 4 0 0 2 0 2 9             a digit gives 0 … 9, a dash 0, all else more
//   swizzle    D D M M y y Y Y                 the lowest lanes count least
//   × 10, 1    day, month, year % 100, year / 100: four lanes of 16 bits
//   × 1, 128, 1, 100    month and day, year: two lanes of 32 bits
//
// Then the day is held against the month's length; the 29th of February, and dates with a time, blanks or no dashes, are read by
// the rules.
//
// A reader of timestamps has the clocks, too (clock-reader.ts).
import {readPlainTimes, TIMESTAMP_BYTES} from './clock-reader';
import {FIRST_CODE, MONTH_SHIFT, momentOf, NO_DATE, YEAR_SHIFT} from './date-code';
import {clockRead, isBlank, LAST_MONTH, readDate, readParts, separatorOfParts} from './date-text';
import {Cells, openEntry, openedEnd, openedStart} from './fields';
import {flag} from './flags';
import {
	DIGITS,
	EVEN_SEEN,
	flagsEach,
	kindOf,
	mayBeWritten,
	NO_FORM,
	NONE_SEEN,
	noteDateOf,
	OPEN_SEEN,
	OTHER_FORM,
	PROVEN,
	REWRITTEN_BYTES,
	SHOWS_MORE,
	writePlain,
} from './forms';
import {allocate, DAYS_OF_MONTH, MAX_BATCH_RECORDS, release} from './memory';
import {
	DATE_LIMITS,
	DATE_ORDER,
	DATE_PARTS,
	DATE_PATTERN,
	DAY_ORDER,
	MONTH_ORDER,
	SHORT_LIMITS,
	SHORT_PATTERN,
	TENS,
} from './vectors';

const DATE_BYTES: usize = 10;
const HYPHEN: u8 = 0x2d;

const CODES_BYTES: usize = 4 * MAX_BATCH_RECORDS;
/** With `+HH:MM` behind it, which the rules read. */
const WITH_OFFSET_BYTES: usize = 25;

/** The forms that are read here; the others are left to the host. */
const YEAR_FIRST: i32 = 0;
const DAY_FIRST: i32 = 1;
const MONTH_FIRST: i32 = 2;

@unmanaged
export class DateReader {
	/** Its number among the readers, for the host. */
	place: i32;
	/** In which form the column is: `YEAR_FIRST` and so on. */
	form: i32;
	/** What has been noted of the column: `PROVEN` and so on. */
	noted: i32;
	/** A cell in the plain form. */
	rewritten: usize;
	/** The pattern of a date and the order of its parts, of 16 bytes each. */
	pattern: usize;
	order: usize;
	limits: usize;
	/** Whether a condition reads it: then it is noted of all records. */
	isOfFilter: bool;
	column: i32;
	/** Whether a record may be without it. */
	isOptional: bool;
	/** One u32 for each record of a run. */
	codes: usize;
	/** The same of clocks; 0 where nobody needs them. */
	clocks: usize;
	/** Of the record that is read by the rules. */
	code: u32;
	clock: u32;
	isBlank: bool;
	/** Whether the host has found it to be a date, in whatever form. */
	hasForm: bool;

	create(place: i32, column: i32, isOptional: bool, hasClocks: bool): void {
		this.place = place;
		this.rewritten = allocate(REWRITTEN_BYTES + 16);
		this.setForm(YEAR_FIRST, false);
		this.begin();
		this.column = column;
		this.isOptional = isOptional;
		this.codes = allocate(CODES_BYTES);
		this.clocks = hasClocks ? allocate(CODES_BYTES) : 0;
	}
	/** The form of its column, before any of it is read. */
	setForm(form: i32, isOfFilter: bool): void {
		this.form = form;
		this.isOfFilter = isOfFilter;
		this.pattern = DATE_PATTERN;
		this.limits = DATE_LIMITS;
		this.order = DATE_ORDER;
		if (form !== DAY_FIRST && form !== MONTH_FIRST) return;
		this.pattern = this.rewritten + REWRITTEN_BYTES;
		this.limits = SHORT_LIMITS;
		this.order = form === DAY_FIRST ? DAY_ORDER : MONTH_ORDER;
		v128.store(this.pattern, v128.load(SHORT_PATTERN));
	}
	/** Begins a file, or a part of one. */
	begin(): void {
		this.noted = 0;
	}
	release(): void {
		release(this.rewritten, REWRITTEN_BYTES + 16);
		release(this.codes, CODES_BYTES);
		if (this.clocks !== 0) release(this.clocks, CODES_BYTES);
	}

	/** Reads the cell of a record by the rules. */
	readCell(start: usize, end: usize): void {
		this.code = this.readIn(start, end);
		this.clock = clockRead();
		this.isBlank = isBlank(start, end);
		this.hasForm = written !== NO_FORM;
	}

	/** Reads a date in the form of the column, by the rules. */
	private readIn(start: usize, end: usize): u32 {
		written = NO_FORM;
		if (this.form === YEAR_FIRST) {
			const code = readDate(start, end);
			if (code !== NO_DATE || beginsAsPlain(start)) return code;
		} else if (this.form <= MONTH_FIRST) {
			const code = readParts(start, end, this.form === DAY_FIRST);
			if (code !== NO_DATE) {
				// So that the loop reads the next ones.
				store<u8>(this.pattern, separatorOfParts(), 2);
				store<u8>(this.pattern, separatorOfParts(), 5);
				return code;
			}
		}
		if (!mayBeWritten(start, end, true)) return NO_DATE;
		written = writePlain(true, this.place, start, end, this.rewritten);
		return written < 0 ? NO_DATE : readDate(this.rewritten, this.rewritten + ((written & 0xffff) as usize));
	}

	/** Whether the cell that was read by the rules is to be noted. */
	mustNote(): bool {
		if (this.code !== NO_DATE) return this.isNew(this.code);
		return !this.isBlank && (this.hasForm || (this.noted & NONE_SEEN) === 0);
	}
	/** Whether a date of the column's form shows something new. */
	private isNew(code: u32): bool {
		if ((this.noted & PROVEN) !== 0) return false;
		const day = code & 127;
		// Of day and month, only one over 12 says which is which; the first ones that do not are noted, too.
		if (this.form === YEAR_FIRST || this.form > MONTH_FIRST || day > LAST_MONTH) return true;
		return (this.noted & (day === ((code >> MONTH_SHIFT) & 127) ? EVEN_SEEN : OPEN_SEEN)) === 0;
	}

	/** Notes what the cell that was read by the rules shows of the form of the column. */
	note(start: usize, end: usize, line: u64, offset: i64): void {
		this.noted |= noteDateOf(this.place, start, end, line, offset);
	}

	/** Whether a cell of this length may be one that the loop over a run reads. */
	private isPlainLength(length: usize): bool {
		return this.clocks === 0 ? length === DATE_BYTES : length >= TIMESTAMP_BYTES && length !== WITH_OFFSET_BYTES;
	}

	/** The date and the clock of a record of a run as one number, which sorts like the time; 0 where there is none. */
	momentAt(record: i32): u64 {
		const at: usize = 4 * (record as usize);
		return momentOf(load<u32>(this.codes + at), load<u32>(this.clocks + at));
	}
	/** The same of the record that is read by the rules. */
	moment(): u64 {
		return momentOf(this.code, this.clock);
	}

	/** Reads the cells of a run. Flags the records that have no date and must have one. */
	readRun(cells: Cells, count: i32): void {
		let record: i32 = 0;
		while (record < count) {
			record = this.clocks === 0 ? this.readFitting(cells, record, count) : this.readFittingTimes(cells, record, count);
			// A column with times or blanks has them in each record, so after one of another length the next is read by the rules, too.
			for (let isPlain = false; record < count && !isPlain; record++) {
				openEntry(cells.entries + cells.stride * (record as usize));
				const start = openedStart();
				const end = openedEnd();
				const code = this.readIn(start, end);
				isPlain = this.isPlainLength(end - start);
				store<u32>(this.codes + 4 * (record as usize), code);
				if (this.clocks !== 0) store<u32>(this.clocks + 4 * (record as usize), clockRead());
				if (this.isToFlag(code, start, end)) flag(record);
			}
		}
	}

	/** Whether the record of a date that was read by the rules is to be read by them as a whole. */
	private isToFlag(code: u32, start: usize, end: usize): bool {
		if (code !== NO_DATE) return this.isNew(code) || (written !== NO_FORM && (written & SHOWS_MORE) !== 0);
		if (!this.isOptional || written === OTHER_FORM) return true;
		return (this.noted & NONE_SEEN) === 0 && !isBlank(start, end);
	}

	private readFitting(cells: Cells, first: i32, count: i32): i32 {
		if (this.form > MONTH_FIRST) return first;
		const next = readPlain(cells, first, count, this.codes, this.pattern, this.limits, this.order);
		this.flagNew(first, next);
		return next;
	}
	private readFittingTimes(cells: Cells, first: i32, count: i32): i32 {
		if (this.form !== YEAR_FIRST) return first;
		const next = readPlainTimes(cells, first, count, this.codes, this.clocks);
		this.flagNew(first, next);
		return next;
	}

	/** Flags records whose dates fit the pattern and show something new: the first one, if nobody knows which ones are left out. */
	private flagNew(first: i32, next: i32): void {
		if ((this.noted & PROVEN) !== 0) return;
		for (let record = first; record < next; record++) {
			const code = load<u32>(this.codes + 4 * (record as usize));
			if (!this.isNew(code)) continue;
			flag(record);
			if (!flagsEach() && (this.form === YEAR_FIRST || (code & 127) > LAST_MONTH)) return;
		}
	}
}

/** Whether a cell begins as dates do in the plain form alone: `2024-`. */
function beginsAsPlain(start: usize): bool {
	const isYear = kindOf(load<u8>(start, 1)) === DIGITS && kindOf(load<u8>(start, 2)) === DIGITS;
	return isYear && load<u8>(start, 4) === HYPHEN;
}

/** What the host said of the cell that was read last. */
let written: i32 = NO_FORM;

/**
Reads dates as long as they are of ten bytes, and no 29th of February. It calls nothing, so that all it needs stays in registers.

@returns The first record whose date is another.
*/
function readPlain(
	cells: Cells,
	first: i32,
	count: i32,
	codes: usize,
	thePattern: usize,
	theLimits: usize,
	theOrder: usize,
): i32 {
	const pattern = v128.load(thePattern);
	const limits = v128.load(theLimits);
	const order = v128.load(theOrder);
	const tens = v128.load(TENS);
	const parts = v128.load(DATE_PARTS);
	const stride = cells.stride;
	const mayHaveCarriageReturn = cells.mayHaveCarriageReturn;
	const quote = cells.quote;
	const target = codes + 4 * (first as usize);
	let out = target;
	const targetEnd = codes + 4 * (count as usize);
	let entry = cells.entries + stride * (first as usize);
	for (; out < targetEnd; out += 4, entry += stride) {
		let start = (load<u32>(entry) as usize) + 1;
		let end = load<u32>(entry, 4) as usize;
		if (mayHaveCarriageReturn) end -= (load<u8>(end - 1) === 0x0d && load<u8>(end) === 0x0a) as usize;
		if (quote >= 0) {
			const isQuoted = (load<u8>(start) === (quote as u8)) as usize;
			start += isQuoted;
			end -= isQuoted;
		}
		const digits = i8x16.sub(v128.load(start), pattern);
		const lanes = i16x8.relaxed_dot_i8x16_i7x16_s(i8x16.relaxed_swizzle(digits, order), tens);
		// The month and the day in the low half, the year in the high one.
		const halves = i64x2.extract_lane(i32x4.dot_i16x8_s(lanes, parts), 0) as u64;
		const code = ((halves >> (32 - YEAR_SHIFT)) as u32) | (halves as u32);
		const month = (code >> MONTH_SHIFT) & 127;
		const day = (code & 127) as i32;
		const days = load<u8>(DAYS_OF_MONTH + (month as usize)) as i32;
		// What must not be is negative here, or not zero there: joined, they cost one branch, and are not made to truth values.
		const negatives = ((code - FIRST_CODE) as i32) | (day - 1) | (days - day);
		const others = (i8x16.bitmask(i8x16.add_sat_u(digits, limits)) & 0x3ff) | ((end - start - DATE_BYTES) as i32);
		if (((negatives >> 31) | others) !== 0) break;
		store<u32>(out, code);
	}
	return first + (((out - target) >> 2) as i32);
}
