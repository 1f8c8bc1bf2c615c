// A column of numbers: decimal texts -> integers in units of 10^-scale.
// Most are read all at once by number-pattern.ts; what does not fit the pattern of the column - another number of decimals, a plus sign,
// spaces - is read digit by digit.
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
import {allocate, MAX_BATCH_RECORDS, powerOfTen, release} from './memory';
import {beginEnds, PatternedNumbers} from './number-pattern';
import {COMMA, POINT, provesMark, readGrouped, readNumber, SPACE, scaleRead, unitsRead} from './number-text';
import {allocateUnits, FOUND, HUGE, LARGEST_QUICK_UNITS, MISSING, NOT_A_NUMBER, releaseUnits, TOO_LONG} from './value';

// Of the words of a program, see program.ts.
const COMMA_FORM: u32 = 8;
const PERCENT_FORM: u32 = 16;
const SILENT: u32 = 32;
const UNGROUPED: u32 = 64;

@unmanaged
export class NumberReader extends PatternedNumbers {
	column: i32;
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
		this.forget();
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
		this.dropPattern();
		this.noted = 0;
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

	/**
	Reads the cells of a run: units which are less than `LARGEST_QUICK_UNITS` and more than its negative. Flags the records that want a
	closer look.

	@param toLineEnd - So many bytes behind the entry of a record is that of its line end, see `endsAreFeeds`; 0: it is not looked at.
	*/
	readRun(cells: Cells, count: i32, toLineEnd: usize): void {
		if (toLineEnd !== 0) beginEnds();
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
