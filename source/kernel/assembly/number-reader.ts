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
import {allocate, KEEP_LAST, LANES, MAX_BATCH_RECORDS, powerOfTen, release} from './memory';
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

const SPACE: u8 = 0x20;
const PLUS: u8 = 0x2b;
const MINUS: u8 = 0x2d;
const POINT: u8 = 0x2e;
const ZERO: u8 = 0x30;

/** As `MAX_AMOUNT_DIGITS` of analysis/amount.ts. */
const MAX_DIGITS: i32 = 38;
/** So many digits surely fit in 63 bits. */
const MAX_SMALL_DIGITS: i32 = 18;
/** And so many in 47. */
const MAX_QUICK_DIGITS: i32 = 14;
/** The length of no field. */
const NO_LENGTH: usize = 0x7fff_ffff;
const NOT_LEARNED: i32 = -1;

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
	/** One byte for each record of a run, its number of decimals, where it is a factor; else 0. */
	decimals: usize;
	/** One f64 for each record of a run, the number itself, where functions of the host are given it; else 0. */
	doubles: usize;
	/** The most decimals of any of the run. */
	maxDecimals: i32;
	/** Of the record that is read by the rules. */
	text: usize;
	textEnd: usize;
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
	create(column: i32, isOptional: bool, isFactor: bool, isGiven: bool): void {
		this.column = column;
		this.isOptional = isOptional;
		allocateUnits(this, isOptional);
		this.decimals = isFactor ? allocate(MAX_BATCH_RECORDS) : 0;
		this.doubles = isGiven ? allocate(8 * MAX_BATCH_RECORDS) : 0;
		this.learnedDecimals = NOT_LEARNED;
		this.learnedScale = NOT_LEARNED;
		this.begin();
	}
	release(): void {
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
		this.outcome = readNumber(start, end);
		this.cell = units;
		this.cellScale = scale;
	}

	/** From here on numbers are expected to have so many decimals. */
	learn(decimals: i32): void {
		this.patternScale = decimals;
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
		if (decimals >= digits) {
			// Not even one digit in front of the decimals, scaled up, would be small enough: none fits.
			this.shortest = NO_LENGTH;
			this.longest = NO_LENGTH;
			return;
		}
		if (decimals === 0) return;
		const place: usize = 15 - (decimals as usize);
		v128.store(LANES, this.pattern);
		v128.store(LANES, this.limits, 16);
		store<u8>(LANES + place, POINT);
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
			record += fitting;
			if (record === count) break;
			if (this.readOther(cells, record)) {
				others++;
				otherScale = scale;
				this.maxDecimals = max(this.maxDecimals, scale);
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
		const outcome = readNumber(openedStart(), openedEnd());
		const isNone = this.isOptional && outcome !== FOUND && outcome !== HUGE;
		let value: i64 = 0;
		let isQuick = outcome === FOUND && this.scale - scale <= 4 && scale <= this.quickScale;
		if (isQuick && abs<i64>(units) < LARGEST_QUICK_UNITS) {
			// Less than 2^47 × 10^4, which is less than 2^61.
			value = units * powerOfTen(this.scale - scale);
			isQuick = abs<i64>(value) < LARGEST_QUICK_UNITS;
		} else isQuick = false;
		if (!isQuick && !isNone) flag(record);
		store<i64>(this.units + 8 * (record as usize), isQuick ? value : 0);
		if (this.isOptional) store<u8>(this.nones + (record as usize), isNone as u8);
		if (this.decimals !== 0) store<u8>(this.decimals + (record as usize), isQuick ? (scale as u8) : 0);
		return isQuick;
	}
}

/** What was read last by `readNumber`. */
let units: i64 = 0;
let scale: i32 = 0;

/** Reads `[+-]?(digits[.digits*] | .digits)` of at most 38 digits, spaces around it aside. */
function readNumber(fieldStart: usize, fieldEnd: usize): i32 {
	let start = fieldStart;
	let end = fieldEnd;
	while (start < end && load<u8>(start) === SPACE) start++;
	while (end > start && load<u8>(end - 1) === SPACE) end--;
	if (start === end) return MISSING;
	const sign = load<u8>(start);
	const isNegative = sign === MINUS;
	if (isNegative || sign === PLUS) start++;
	let value: i64 = 0;
	let digits: i32 = 0;
	let point: usize = 0;
	for (let address = start; address < end; address++) {
		const byte = load<u8>(address);
		const digit = byte - ZERO;
		if (digit <= 9) {
			// Past 18 digits this is no longer exact, and then it is not used.
			value = value * 10 + (digit as i64);
			digits++;
		} else if (byte === POINT && point === 0) point = address;
		else return NOT_A_NUMBER;
	}
	if (digits === 0) return NOT_A_NUMBER;
	if (digits > MAX_DIGITS) return TOO_LONG;
	scale = point === 0 ? 0 : ((end - point - 1) as i32);
	if (digits > MAX_SMALL_DIGITS) return HUGE;
	units = isNegative ? -value : value;
	return FOUND;
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
			const isEmpty = (length === 0) as i32;
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
