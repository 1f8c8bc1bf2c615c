// A column of numbers: decimal texts -> integers in units of 10^-scale.
//
// Numbers of a column mostly have one form: `1234.56`, with the same number of decimals. So the last 16 bytes of a field are
// taken as they are and read all at once:
//
//   bytes      x x x x x x x x x 1 2 3 4 . 5 6      what is in front of the field is masked away
//   - pattern  0 0 0 0 0 0 0 0 0 0 0 0 0 . 0 0      a digit gives 0 … 9, the point 0, all else more
//   swizzle    - 0 0 0 0 0 0 0 0 0 1 2 3 4 5 6      the gap of the point closes
//   × 10, 1    pairs of digits      -> 8 numbers up to 99        (integers are put together by halves:
//   × 100, 1   pairs of those       -> 4 numbers up to 9999       D. Lemire, "Quickly parsing eight digits", 2018)
//   × 10^4, 1  and of those         -> 2 numbers up to 99999999
//
// Whatever does not fit the pattern - another number of decimals, a plus sign, spaces - is read digit by digit.
import {Cells, openEntry, openedEnd, openedStart} from './fields';
import {flag} from './flags';
import {
	flagsEach,
	mayBeWritten,
	NO_FORM,
	NUMBER_SEEN,
	noteNumberOf,
	OPEN_SEEN,
	OTHER_FORM,
	PROVEN,
	REWRITTEN_BYTES,
	SHOWS_MORE,
	writePlain,
} from './forms';
import {allocate, KEEP_LAST, LANES, MAX_BATCH_RECORDS, powerOfTen, release} from './memory';
import {
	COMMA,
	MINUS,
	POINT,
	provesMark,
	readGrouped,
	readNumber,
	SPACE,
	scaleRead,
	unitsRead,
	ZERO,
} from './number-text';
import {
	allocateUnits,
	FOUND,
	HUGE,
	LARGEST_QUICK_UNITS,
	MISSING,
	NOT_A_NUMBER,
	releaseUnits,
	TOO_LONG,
	Value,
} from './value';
import {above, HUNDREDS, TEN_THOUSANDS, TENS} from './vectors';

/** And so many in 47. */
const MAX_QUICK_DIGITS: i32 = 14;
/** The length of no field. */
const NO_LENGTH: usize = 0x7fff_ffff;
const NOT_LEARNED: i32 = -1;
// Of the words of a program, see program.ts.
const COMMA_FORM: u32 = 8;
const PERCENT_FORM: u32 = 16;
const SILENT: u32 = 32;
const UNGROUPED: u32 = 64;

/** Whether each record of the last run ended with an LF where it was thought to end. Looked at here because it costs least. */
let otherEnds: u32 = 0;
export function endsAreFeeds(): bool {
	return otherEnds === 0;
}

// Type arguments that say what a loop does: the compiler makes one of each, in which `sizeof` is known.
type Yes = u8;
type No = u16;

@unmanaged
export class NumberReader extends Value {
	column: i32;
	/** Whether a record may be without it. */
	isOptional: bool;
	/** Whether a cell that is not empty must be a number, also where the column is optional. */
	isStrict: bool;
	/** One byte for each record of a run, its number of decimals, where it is a factor; else 0. */
	decimals: usize;
	/** One f64 for each record of a run, the number itself, where functions of the host are given it; else 0. */
	doubles: usize;
	/** The most decimals of any of the run. */
	maxDecimals: i32;
	/** Of the record that is read by the rules; of a number in another form, in the plain one. */
	text: usize;
	textEnd: usize;
	/** Its number among the readers, for the host. */
	place: i32;
	/** The decimal mark of the column. */
	mark: u8;
	/** Whether a percent sign stands behind each number: all of them are left to the host. */
	isPercent: bool;
	/** Whether another reader of the same column notes its forms. */
	isSilent: bool;
	/** What has been noted of the column: `PROVEN` and so on. */
	noted: i32;
	/** A cell in the plain form. */
	rewritten: usize;
	/** Whether groups of digits may have the other mark between them. */
	mayBeGrouped: bool;
	/** Whether the cell of the record that is read by the rules has them. */
	isGrouped: bool;
	/** Whether the host has found the cell of the record that is read by the rules to be a number, or one in another form. */
	isWritten: bool;
	/** The number of decimals of the pattern, `NOT_LEARNED` before one is known; never more than `quickScale`. */
	patternScale: i32;
	/** What the pattern was made for last, which mostly is learned again for the next file. */
	learnedDecimals: i32;
	learnedScale: i32;
	pattern: v128;
	/** As `ABOVE_NINE`, lane by lane. */
	limits: v128;
	closeGap: v128;
	factor: i64;
	shortest: usize;
	longest: usize;

	/** To be called once, when it is new. */
	create(place: i32, column: i32, isOptional: bool, isFactor: bool, isGiven: bool): void {
		this.place = place;
		this.column = column;
		this.mark = POINT;
		this.isPercent = false;
		this.isSilent = false;
		this.rewritten = allocate(REWRITTEN_BYTES);
		this.isOptional = isOptional;
		this.isStrict = false;
		allocateUnits(this, isOptional);
		this.decimals = isFactor ? allocate(MAX_BATCH_RECORDS) : 0;
		this.doubles = isGiven ? allocate(8 * MAX_BATCH_RECORDS) : 0;
		this.learnedDecimals = NOT_LEARNED;
		this.learnedScale = NOT_LEARNED;
		this.begin();
	}
	/** The form of its column, before any of it is read. */
	setForm(flags: u32): void {
		this.mark = (flags & COMMA_FORM) !== 0 ? COMMA : POINT;
		this.isPercent = (flags & PERCENT_FORM) !== 0;
		this.isSilent = (flags & SILENT) !== 0;
		this.mayBeGrouped = !this.isPercent && (flags & UNGROUPED) === 0;
	}
	release(): void {
		release(this.rewritten, REWRITTEN_BYTES);
		releaseUnits(this);
		if (this.decimals !== 0) release(this.decimals, MAX_BATCH_RECORDS);
		if (this.doubles !== 0) release(this.doubles, 8 * MAX_BATCH_RECORDS);
	}
	/** Makes doubles of the units of a run: of less than 2^47 and powers of ten below 2^53, so that the division alone rounds. */
	giveRun(first: i32, last: i32): void {
		const power = f64x2.splat(powerOfTen(this.scale) as f64);
		// 1.5 × 2^52 is a double whose last bits are an integer.
		const bits = i64x2.splat(0x4338_0000_0000_0000);
		const magic = f64x2.splat(6_755_399_441_055_744);
		let from = this.units + 8 * (first as usize);
		const end = this.units + 8 * (last as usize);
		let target = this.doubles + 8 * (first as usize);
		for (; from + 16 <= end; from += 16, target += 16) {
			const whole = f64x2.sub(i64x2.add(v128.load(from), bits), magic);
			v128.store(target, f64x2.div(whole, power));
		}
		if (from < end) store<f64>(target, (load<i64>(from) as f64) / (powerOfTen(this.scale) as f64));
	}
	/** Begins a file, or a part of one. */
	begin(): void {
		this.scale = 0;
		this.quickScale = 0;
		this.patternScale = NOT_LEARNED;
		this.noted = 0;
	}
	hasPattern(): bool {
		return this.patternScale !== NOT_LEARNED;
	}
	raiseScale(scale: i32): void {
		this.scale = scale;
		if (this.hasPattern()) this.learn(this.patternScale);
	}

	/** Reads the cell of a record by the rules. */
	readCell(start: usize, end: usize): void {
		this.text = start;
		this.textEnd = end;
		this.isWritten = false;
		this.outcome = this.readQuick(start, end);
		this.isGrouped = false;
		if (this.outcome === NOT_A_NUMBER && this.mayBeGrouped) {
			this.outcome = readGrouped(start, end, this.mark);
			this.isGrouped = this.outcome === FOUND;
		}
		if (this.isGrouped) this.copyPlain(start, end);
		else if (this.outcome === NOT_A_NUMBER && mayBeWritten(start, end, false)) this.readWritten(start, end);
		else if (this.mark === COMMA && this.isThere()) this.copyPlain(start, end);
		this.cell = unitsRead();
		this.cellScale = scaleRead();
	}

	/** What is no number with nothing but digits and the mark is left to the host. */
	private readQuick(start: usize, end: usize): i32 {
		const outcome = readNumber(start, end, this.mark);
		return this.isPercent && outcome !== MISSING ? NOT_A_NUMBER : outcome;
	}

	private readWritten(start: usize, end: usize): void {
		const written = writePlain(false, this.place, start, end, this.rewritten);
		this.isWritten = written !== NO_FORM;
		if (written < 0) return;
		this.text = this.rewritten;
		this.textEnd = this.rewritten + ((written & 0xffff) as usize);
		this.outcome = readNumber(this.text, this.textEnd, POINT);
	}

	/** The host reads numbers with a point. */
	private copyPlain(start: usize, end: usize): void {
		let target = this.rewritten;
		for (let address = start; address < end; address++) {
			const byte = load<u8>(address);
			if (byte === this.mark) store<u8>(target++, POINT);
			else if (byte !== SPACE && byte !== COMMA && byte !== POINT) store<u8>(target++, byte);
		}
		this.text = this.rewritten;
		this.textEnd = target;
	}

	/** Whether the cell that was read by the rules is to be noted. */
	mustNote(): bool {
		if (this.isSilent || this.outcome === MISSING || this.outcome === TOO_LONG) return false;
		if (this.isWritten) return true;
		if (this.isGrouped) return this.isGroupNew();
		return this.outcome !== NOT_A_NUMBER && this.isNew(this.cellScale);
	}
	/** Groups show which sign is the mark, but for an only one, which is open. */
	private isGroupNew(): bool {
		return (this.noted & (NUMBER_SEEN | PROVEN)) !== (NUMBER_SEEN | PROVEN);
	}
	/** Whether a number of digits and the mark alone shows something new. */
	private isNew(decimals: i32): bool {
		return (this.noted & NUMBER_SEEN) === 0 || (decimals !== 0 && (this.noted & PROVEN) === 0);
	}

	/** Notes what the cell that was read by the rules shows of the form of the column. */
	note(start: usize, end: usize, line: u64, offset: i64): void {
		const isQuick = !this.isWritten && !this.isGrouped && this.cellScale !== 3;
		const kind: i32 = isQuick ? (this.cellScale === 0 ? 2 : 1) : 0;
		this.noted |= noteNumberOf(this.place, kind, start, end, line, offset);
	}

	/** From here on numbers are expected to have so many decimals. */
	learn(decimals: i32): void {
		this.patternScale = decimals;
		// The mark is of the reader, and a reader is of one form.
		if (decimals === this.learnedDecimals && this.scale === this.learnedScale) return;
		this.learnedDecimals = decimals;
		this.learnedScale = this.scale;
		this.factor = powerOfTen(this.scale - decimals);
		// With the point they are no more than the 16 bytes that are read at once.
		const digits = MAX_QUICK_DIGITS - (this.scale - decimals);
		this.shortest = (decimals + 1) as usize;
		this.longest = (decimals === 0 ? digits : digits + 1) as usize;
		this.pattern = i8x16.splat(ZERO);
		this.limits = i8x16.splat(above(9));
		// With no decimals there is no point, and lanes stay where they are.
		this.closeGap = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
		if (decimals >= digits || this.isPercent) {
			// Not even one digit in front of the decimals, scaled up, would be small enough: none fits.
			this.shortest = NO_LENGTH;
			this.longest = NO_LENGTH;
			return;
		}
		if (decimals === 0) return;
		const place: usize = 15 - (decimals as usize);
		v128.store(LANES, this.pattern);
		v128.store(LANES, this.limits, 16);
		store<u8>(LANES + place, this.mark);
		store<u8>(LANES + place, above(0), 16);
		for (let lane: usize = 0; lane < 16; lane++) {
			const from: u8 = lane === 0 ? 0x80 : lane <= place ? ((lane - 1) as u8) : (lane as u8);
			store<u8>(LANES + lane, from, 32);
		}
		this.pattern = v128.load(LANES);
		this.limits = v128.load(LANES, 16);
		this.closeGap = v128.load(LANES, 32);
	}

	/**
	Reads the cells of a run: units which are less than `LARGEST_QUICK_UNITS` and more than its negative. Flags the records that want a
	closer look.

	@param toLineEnd - So many bytes behind the entry of a record is that of its line end, see `endsAreFeeds`; 0: it is not looked at.
	*/
	readRun(cells: Cells, count: i32, toLineEnd: usize): void {
		if (toLineEnd !== 0) otherEnds = 0;
		/** Of the last number that did not fit the pattern: should there be many, the next pattern. */
		let otherScale: i32 = 0;
		let others: i32 = 0;
		this.maxDecimals = this.patternScale;
		for (let record: i32 = 0; record < count; record++) {
			const fitting = this.readFitting(cells, record, count, toLineEnd);
			if (this.decimals !== 0)
				memory.fill(this.decimals + (record as usize), this.patternScale as u8, fitting as usize);
			if (fitting > 0 && !this.isSilent && this.isNew(this.patternScale)) this.flagNew(cells, record, fitting);
			record += fitting;
			if (record === count) break;
			if (this.readOther(cells, record)) {
				others++;
				otherScale = scaleRead();
				this.maxDecimals = max(this.maxDecimals, otherScale);
			}
		}
		if (others * 2 > count) this.learn(otherScale);
	}

	/** Reads cells from a record on, as long as they fit the pattern. Returns how many those were. */
	private readFitting(cells: Cells, record: i32, count: i32, toLineEnd: usize): i32 {
		if (this.isOptional) return readFitting<Yes, No>(this, cells, record, count, 0);
		if (toLineEnd === 0) return readFitting<No, No>(this, cells, record, count, 0);
		return readFitting<No, Yes>(this, cells, record, count, toLineEnd);
	}

	/** Reads a cell that does not fit the pattern, or flags its record. Returns whether it holds a number that was read. */
	private readOther(cells: Cells, record: i32): bool {
		openEntry(cells.entries + cells.stride * (record as usize));
		const outcome = this.readOpened(record);
		const units = unitsRead();
		const scale = scaleRead();
		const isNone = this.isOptional && outcome !== FOUND && outcome !== HUGE;
		let value: i64 = 0;
		let isQuick = outcome === FOUND && this.scale - scale <= 4 && scale <= this.quickScale;
		if (isQuick && abs<i64>(units) < LARGEST_QUICK_UNITS) {
			// Less than 2^47 × 10^4, which is less than 2^61.
			value = units * powerOfTen(this.scale - scale);
			isQuick = abs<i64>(value) < LARGEST_QUICK_UNITS;
		} else isQuick = false;
		if (!isQuick && (!isNone || (this.isStrict && outcome !== MISSING))) flag(record);
		store<i64>(this.units + 8 * (record as usize), isQuick ? value : 0);
		if (this.isOptional) store<u8>(this.nones + (record as usize), isNone as u8);
		if (this.decimals !== 0) store<u8>(this.decimals + (record as usize), isQuick ? (scale as u8) : 0);
		return isQuick;
	}

	/** Reads the cell that was opened last, and flags its record if it is to be noted. */
	private readOpened(record: i32): i32 {
		const start = openedStart();
		const end = openedEnd();
		const outcome = this.readQuick(start, end);
		if (outcome === FOUND || outcome === HUGE) {
			if (!this.isSilent && this.isNew(scaleRead())) flag(record);
			return outcome;
		}
		if (outcome !== NOT_A_NUMBER) return outcome;
		if (this.mayBeGrouped && readGrouped(start, end, this.mark) === FOUND) {
			if (!this.isSilent && this.isGroupNew()) flag(record);
			return FOUND;
		}
		if (!mayBeWritten(start, end, false)) return outcome;
		const written = writePlain(false, this.place, start, end, this.rewritten);
		if (!this.isSilent && (written === OTHER_FORM || (written & SHOWS_MORE) !== 0) && written !== NO_FORM) flag(record);
		if (written < 0) return NOT_A_NUMBER;
		return readNumber(this.rewritten, this.rewritten + ((written & 0xffff) as usize), POINT);
	}

	/** Flags records whose cells fit the pattern and show something new: the first one, if nobody knows which ones are left out. */
	private flagNew(cells: Cells, first: i32, fitting: i32): void {
		const isOpen = this.patternScale === 3;
		for (let record = first; record < first + fitting; record++) {
			const isWanted =
				!isOpen || (this.noted & (NUMBER_SEEN | OPEN_SEEN)) !== (NUMBER_SEEN | OPEN_SEEN) || provesMark(cells, record);
			if (!isWanted) continue;
			flag(record);
			// One that is open proves nothing: those behind it may.
			if (!flagsEach() && (!isOpen || provesMark(cells, record))) return;
		}
	}
}

/**
Reads cells as long as they fit the pattern. It calls nothing, so that all it needs stays in registers.

@typeParam Optional - Whether empty cells fit, too.
@typeParam Ends - Whether the records' line ends are looked at.
@returns How many those were.
*/
function readFitting<Optional, Ends>(
	reader: NumberReader,
	cells: Cells,
	first: i32,
	count: i32,
	toLineEnd: usize,
): i32 {
	const tens = v128.load(TENS);
	const hundreds = v128.load(HUNDREDS);
	const tenThousands = v128.load(TEN_THOUSANDS);
	const thePattern = reader.pattern;
	const theLimits = reader.limits;
	const theGap = reader.closeGap;
	const theFactor = reader.factor;
	const from = reader.shortest;
	const to = reader.longest;
	const stride = cells.stride;
	const mayHaveCarriageReturn = cells.mayHaveCarriageReturn;
	const quote = cells.quote;
	let ends = otherEnds;
	let entry = cells.entries + stride * (first as usize);
	const target = reader.units + 8 * (first as usize);
	let out = target;
	let none = sizeof<Optional>() === sizeof<Yes>() ? reader.nones + (first as usize) : 0;
	const targetEnd = reader.units + 8 * (count as usize);
	for (; out < targetEnd; out += 8, entry += stride) {
		if (sizeof<Ends>() === sizeof<Yes>()) ends |= (load<u8>(load<u32>(entry + toLineEnd) as usize) as u32) ^ 0x0a;
		let start = (load<u32>(entry) as usize) + 1;
		let end = load<u32>(entry, 4) as usize;
		if (mayHaveCarriageReturn) end -= (load<u8>(end - 1) === 0x0d && load<u8>(end) === 0x0a) as usize;
		if (quote >= 0) {
			const isQuoted = (load<u8>(start) === (quote as u8)) as usize;
			start += isQuoted;
			end -= isQuoted;
		}
		const isNegative = (load<u8>(start) === MINUS) as usize;
		const length = end - start - isNegative;
		const digits = v128.and(i8x16.sub(v128.load(end - 16), thePattern), v128.load(KEEP_LAST + 16 * length));
		// What must not be is negative here, or not zero: joined, they cost one branch, and are not made to truth values.
		let isOdd = (((length - from) | (to - length)) as i32) >> 31;
		if (sizeof<Optional>() === sizeof<Yes>()) {
			// A sign alone is not.
			const isEmpty = ((length | isNegative) === 0) as i32;
			isOdd &= isEmpty - 1;
			store<u8>(none, isEmpty as u8);
			none++;
		}
		if ((isOdd | i8x16.bitmask(i8x16.add_sat_u(digits, theLimits))) !== 0) break;
		const pairs = i16x8.relaxed_dot_i8x16_i7x16_s(i8x16.relaxed_swizzle(digits, theGap), tens);
		const quads = i32x4.dot_i16x8_s(pairs, hundreds);
		const eights = i32x4.dot_i16x8_s(i16x8.narrow_i32x4_s(quads, quads), tenThousands);
		const both = i64x2.extract_lane(eights, 0);
		const magnitude = ((both & 0xffff_ffff) * 100_000_000 + ((both as u64) >> 32)) * theFactor;
		const sign = -(isNegative as i64);
		store<i64>(out, (magnitude ^ sign) - sign);
	}
	otherEnds = ends;
	return ((out - target) >> 3) as i32;
}
