// One column: how often each value is there; past the caps, what loops over cells of one kind come to, and a small table of other cells,
// which the host adds to its own state when it is full. Dates are counted by day from the beginning, for a day is written in one way.
//
// The fields down to `others` are what the host reads, in this order: see ../../columns.ts.

import {cellFormOf} from '../host';
import {hashBytes, hashKey, mix, SHORT_KEY_BYTES, shortKey} from '../keys';
import {powerOfTen} from '../memory';
import {CellSample} from './cell-sample';
import {createDays, releaseDays} from './day-counts';
import {beginLimits} from './first-cells';
import {NumberForm} from './number-cells';
import {NumberSums} from './number-sums';
import {
	BUCKET_SHIFT,
	BUCKETS_BYTES,
	createBuckets,
	createRegisters,
	register,
	releaseBuckets,
	releaseRegisters,
} from './sketch';
import {TextRange} from './text-range';
import {ValueCounts} from './value-counts';
import {createShapes, WrittenShapes} from './written-shapes';

/** What the loop reads that cells are given to first. */
export const VALUES: i32 = 0;
export const NUMBERS: i32 = 1;
export const DATES: i32 = 2;
export const STAMPS: i32 = 3;
export const TEXTS: i32 = 4;

/** As the host says it. */
const DATES_WRITTEN: i32 = 2;
/** `YYYY-MM-DD` */
const DATE_BYTES: u32 = 10;
const NO_OPEN: u64 = 0xffff_ffff_ffff_ffff;
const NO_STAMP: u64 = 0xffff_ffff_ffff_ffff;
const NO_LENGTH: u32 = 0xffff_ffff;

@unmanaged
export class Column {
	/** Cells: empty, and of each class that the loops know, but for dates, whose days are counted. */
	empties: u64;
	integers: u64;
	signed: u64;
	decimals: u64;
	stamps: u64;
	plainTexts: u64;
	/** Bytes of the cells that are counted here. */
	lengthSum: u64;
	firstStamp: u64;
	lastStamp: u64;
	shortest: u32;
	longest: u32;
	/** Decimals of the units in `sums`. */
	scale: i32;
	/** In front of that of 10^-scale. */
	firstBucket: i32;
	/** Memory that is 0 before there is anything to be kept in it, down to `stampDays`. */
	buckets: usize;
	registers: usize;
	dateDays: usize;
	stampDays: usize;
	stampLength: u32;
	stampSeparator: u8;
	sums: NumberSums;
	texts: TextRange;
	digits: TextRange;
	sample: CellSample;
	/** All values, or those that the loops cannot read. */
	values: ValueCounts;
	/** Whether it has the number of cells of each value. */
	isCounted: bool;
	kind: i32;
	/** Which one it is, for the host: the number of the analysis, and the place of the column. */
	owner: u32;
	index: u32;
	maxValues: u32;
	maxValueBytes: u32;
	/** Whether it is kept where cells are. */
	hasPlaces: bool;
	/** Whether nothing is kept but how many cells have each class: there are no registers and buckets, and no ranges. */
	onlyClasses: bool;
	/** Of each class: a cell is an example where it is in front of that byte offset; see first-cells.ts. */
	limits: usize;
	/** Whether there is memory for buckets. */
	mayBeNumbers: bool;
	/** Counted values that do not count, and their bytes. */
	nullForms: u32;
	nullFormBytes: u32;
	/** 10^scale. */
	power: f64;
	form: NumberForm;
	/** Whether numbers had several forms lately. */
	isMixed: bool;
	registerBits: u64;
	/** Days of dates while all values are counted. */
	differentDays: u32;
	/** Cells that may be counted in buckets, since the host has taken them. */
	pending: u64;
	/** Cells that came, and those of them that went to `values`, since the kind was chosen. */
	cells: u64;
	otherCells: u64;
	/** Whether its cells are in another form than the plain one: see written-cells.ts. */
	isWritten: bool;
	// What the host reads of forms, in this order: what cells in the plain form show, see shown-forms.ts; and of written ones, how long they are.
	smallestOpen: u64;
	writtenLengthSum: u64;
	shown: u32;
	shortestWritten: u32;
	longestWritten: u32;
	/** Of cells in another form, whether it is one of dates. */
	hasDates: bool;
	/** There once its cells have been in another form. */
	shapes: WrittenShapes;

	/** To be called once, when it is new. */
	create(registerBits: u32): void {
		this.registerBits = registerBits as u64;
		this.buckets = 0;
		this.registers = 0;
		this.dateDays = 0;
		this.stampDays = 0;
		this.shapes = changetype<WrittenShapes>(0);
		this.values.create();
		this.beginSketch();
	}
	release(): void {
		this.values.release();
		this.sample.release();
		this.releaseSketch();
	}
	/** Begins empty. */
	begin(): void {
		const form = cellFormOf(this.owner, this.index);
		this.isWritten = form !== 0;
		if (form !== 0) this.beginWritten(form === DATES_WRITTEN);
		this.smallestOpen = NO_OPEN;
		this.writtenLengthSum = 0;
		this.shown = 0;
		this.shortestWritten = NO_LENGTH;
		this.longestWritten = 0;
		this.values.begin();
		this.sample.begin();
		if (this.kind !== VALUES) this.releaseSketch();
		this.beginSketch();
	}

	private beginWritten(hasDates: bool): void {
		this.hasDates = hasDates;
		if (changetype<usize>(this.shapes) === 0) this.shapes = createShapes();
		this.shapes.begin();
	}

	private releaseSketch(): void {
		this.texts.release();
		this.digits.release();
		if (this.buckets !== 0) releaseBuckets(this.buckets);
		if (this.registers !== 0) releaseRegisters(this.registers, this.registerBits);
		if (this.dateDays !== 0) releaseDays(this.dateDays);
		if (this.stampDays !== 0) releaseDays(this.stampDays);
		this.buckets = 0;
		this.registers = 0;
		this.dateDays = 0;
		this.stampDays = 0;
	}

	private beginSketch(): void {
		this.isCounted = true;
		this.kind = VALUES;
		this.nullForms = 0;
		this.nullFormBytes = 0;
		this.differentDays = 0;
		this.setScale(0);
		this.cells = 0;
		this.otherCells = 0;
		this.texts.begin();
		this.digits.begin();
		if (this.hasPlaces) beginLimits(this.limits);
		this.beginCounts();
	}

	/** Forgets all counts and sums, which the host has taken; ranges and registers may stay. */
	beginCounts(): void {
		this.empties = 0;
		this.integers = 0;
		this.signed = 0;
		this.decimals = 0;
		this.stamps = 0;
		this.plainTexts = 0;
		this.lengthSum = 0;
		this.shortest = NO_LENGTH;
		this.longest = 0;
		this.pending = 0;
		this.firstStamp = NO_STAMP;
		this.lastStamp = 0;
		this.sums.begin();
		if (this.buckets !== 0) memory.fill(this.buckets, 0, BUCKETS_BYTES);
		if (this.dateDays !== 0) {
			releaseDays(this.dateDays);
			this.dateDays = createDays();
		}
		if (this.stampDays !== 0) {
			releaseDays(this.stampDays);
			this.stampDays = createDays();
		}
	}

	/** Whether there is anything in counts and sums. */
	hasCounts(): bool {
		const numbers = this.integers | this.signed | this.decimals;
		return (this.empties | numbers | this.stamps | this.plainTexts) !== 0 || this.dateDays !== 0;
	}

	/** To be called while there is nothing in sums and buckets. */
	setScale(scale: i32): void {
		this.scale = scale;
		this.power = powerOfTen(scale) as f64;
		this.form.learn(scale);
		this.isMixed = false;
		this.firstBucket = ((reinterpret<u64>(1 / this.power) >> BUCKET_SHIFT) as i32) - 1;
	}

	/** Prepares what the loop of a kind needs. */
	setKind(kind: i32): void {
		this.kind = kind;
		this.cells = 0;
		this.otherCells = 0;
		if (kind === DATES && this.dateDays === 0) this.dateDays = createDays();
		if (kind === STAMPS && this.stampDays === 0) this.stampDays = createDays();
		if (this.onlyClasses) return;
		if (!this.isCounted && this.registers === 0) this.registers = createRegisters(this.registerBits);
		if (kind === NUMBERS && this.buckets === 0) this.buckets = createBuckets();
	}

	/** Whether there are more values than are counted. */
	isOverLimits(): bool {
		const values = this.values.count - this.nullForms + this.differentDays;
		const bytes = this.values.bytes - this.nullFormBytes + this.differentDays * DATE_BYTES;
		return values > this.maxValues || bytes > this.maxValueBytes;
	}

	/** @param lengths - One bit for each length there was, below 32. */
	extendLengths(lengths: u32): void {
		if (lengths === 0) return;
		this.shortest = min(this.shortest, ctz(lengths));
		this.longest = max(this.longest, 31 - clz(lengths));
	}

	/** Adds cells that surely hold a text. */
	addText(start: usize, length: usize, cells: u64): void {
		this.plainTexts += cells;
		if (this.onlyClasses) return;
		let hash: u64;
		if (length <= SHORT_KEY_BYTES) {
			const key = shortKey(start, length);
			hash = hashKey(i64x2.extract_lane(key, 0) as u64, i64x2.extract_lane(key, 1) as u64);
		} else hash = mix(hashBytes(start, length));
		register(this.registers, this.registerBits, hash);
		this.shortest = min(this.shortest, length as u32);
		this.longest = max(this.longest, length as u32);
		this.lengthSum += (length as u64) * cells;
		this.texts.add(start, length);
	}
}
