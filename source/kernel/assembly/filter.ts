// Which records of a run a reading is about. Tests of single cells give a byte for each record, 1 where it passes; they are joined.
//
//   readers of the filter's numbers, dates ──┐
//   cells of the index ──────────────────────┴─> tests ──> masks ──> the mask of the run
//
// Numbers of the filter have readers of their own: their decimals do not depend on those of sums, which only accepted records raise. A
// record whose number such a reader has flagged passes here, and is tested by the rules.
import {NO_DATE} from './date-code';
import {DateReader} from './date-reader';
import {isBlank} from './date-text';
import {Cells, cellsOf, openEntry, openedEnd, openedStart} from './fields';
import {testCell} from './host';
import {itemOf} from './items';
import {allocate, FLAGS, KEEP_FIRST, MAX_BATCH_RECORDS, release} from './memory';
import {NumberReader} from './number-reader';
import {FOUND, HUGE} from './value';

export const NUMBER: i32 = 0;
export const DATE: i32 = 1;
const EQUAL: i32 = 2;
const LESS: i32 = 3;
// 4 is at most that text.
const CONTAINS: i32 = 5;
const STARTS: i32 = 6;
const EMPTY: i32 = 7;
const ALL: u32 = 0x4000_0000;
const ANY: u32 = 0x8000_0000;
const COUNT_MASK: u32 = 0x3fff_ffff;

const BOUNDS_BYTES: usize = 16;
const VECTOR_BYTES: usize = 16;

@unmanaged
export class CellTest {
	/** Its place among the tests, for the host. */
	number: u32;
	kind: i32;
	isNegated: bool;
	column: i32;
	/** A `NumberReader` or a `DateReader`. */
	reader: usize;
	/** Of numbers: the smallest and the largest units that fit, for each number of decimals. */
	bounds: usize;
	/** Of dates: the first and the last code that fit. */
	first: u32;
	last: u32;
	/** The text, where it may be other bytes in another encoding, and for `CONTAINS` how far its beginnings are repeated in it. */
	text: usize;
	textBytes: usize;
	isInHost: bool;
	borders: usize;

	/** Writes a byte for each record. */
	testRun(entries: usize, columns: i32, hasReturns: bool, quote: i32, records: i32, mask: usize): void {
		if (this.kind === NUMBER) this.testNumbers(records, mask);
		else if (this.kind === DATE) this.testDates(records, mask);
		else {
			const cells = cellsOf(entries, this.column, columns, hasReturns, quote);
			const isShort = this.kind === EQUAL && this.textBytes <= VECTOR_BYTES;
			if (isShort) this.testEqual(cells, records, mask);
			else this.testTexts(cells, 0, records, mask);
		}
	}

	private testNumbers(records: i32, mask: usize): void {
		const reader = changetype<NumberReader>(this.reader);
		const bounds = this.bounds + BOUNDS_BYTES * (reader.scale as usize);
		const least = load<i64>(bounds);
		const most = load<i64>(bounds, 8);
		const isNegated = this.isNegated as i32;
		const units = reader.units;
		const nones = reader.nones;
		for (let record: usize = 0; record < (records as usize); record++) {
			const number = load<i64>(units + 8 * record);
			const isIn = ((number >= least) as i32) & ((number <= most) as i32);
			store<u8>(mask + record, ((isIn ^ isNegated) & (load<u8>(nones + record) ^ 1)) as u8);
		}
	}

	private testDates(records: i32, mask: usize): void {
		const codes = changetype<DateReader>(this.reader).codes;
		const first = this.first;
		const last = this.last;
		const isNegated = this.isNegated as i32;
		for (let record: usize = 0; record < (records as usize); record++) {
			const code = load<u32>(codes + 4 * record);
			const isIn = ((code >= first) as i32) & ((code <= last) as i32);
			store<u8>(mask + record, ((isIn ^ isNegated) & ((code !== NO_DATE) as i32)) as u8);
		}
	}

	/** Cells without quotes are compared in one piece. */
	private testEqual(cells: Cells, records: i32, mask: usize): void {
		const text = v128.load(this.text);
		const length = this.textBytes;
		const keep = v128.load(KEEP_FIRST + VECTOR_BYTES * length);
		const quote = cells.quote;
		const isPlain = !this.isNegated && !this.isInHost;
		let entry = cells.entries;
		for (let record: i32 = 0; record < records; record++, entry += cells.stride) {
			const start = (load<u32>(entry) as usize) + 1;
			let end = load<u32>(entry, 4) as usize;
			if (!isPlain || (quote >= 0 && load<u8>(start) === (quote as u8))) {
				this.testTexts(cells, record, record + 1, mask);
				continue;
			}
			if (cells.mayHaveCarriageReturn) end -= (load<u8>(end - 1) === 0x0d && load<u8>(end) === 0x0a) as usize;
			const differs = v128.any_true(v128.xor(v128.and(v128.load(start), keep), text));
			store<u8>(mask + (record as usize), ((end - start === length) & !differs) as u8);
		}
	}

	private testTexts(cells: Cells, from: i32, to: i32, mask: usize): void {
		for (let record = from; record < to; record++) {
			openEntry(cells.entries + cells.stride * (record as usize));
			store<u8>(mask + (record as usize), this.testText(openedStart(), openedEnd()) as u8);
		}
	}

	private testText(start: usize, end: usize): bool {
		if (isBlank(start, end)) return this.kind === EMPTY && !this.isNegated;
		if (this.kind === EMPTY) return this.isNegated;
		if (this.isInHost && hasHighBytes(start, end)) return testCell(this.number, start, end - start);
		return this.fits(start, end) !== this.isNegated;
	}

	private fits(start: usize, end: usize): bool {
		const length = end - start;
		const ofText = this.textBytes;
		if (this.kind === CONTAINS) return this.isContained(start, end);
		if (this.kind === STARTS) return length >= ofText && memory.compare(start, this.text, ofText) === 0;
		const order = memory.compare(start, this.text, min(length, ofText));
		if (order !== 0) return order < 0 && this.kind !== EQUAL;
		if (this.kind === EQUAL) return length === ofText;
		return this.kind === LESS ? length < ofText : length <= ofText;
	}

	/** In one pass, whatever is in the cell (Knuth, Morris, Pratt: Fast Pattern Matching in Strings, 1977). */
	private isContained(start: usize, end: usize): bool {
		const text = this.text;
		const borders = this.borders;
		let matched: usize = 0;
		for (let address = start; address < end; address++) {
			const byte = load<u8>(address);
			while (matched > 0 && load<u8>(text + matched) !== byte) matched = load<u32>(borders + 4 * (matched - 1));
			if (load<u8>(text + matched) === byte) matched++;
			if (matched === this.textBytes) return true;
		}
		return false;
	}

	/** Says how far the beginnings of the text are repeated in it. */
	findBorders(): void {
		store<u32>(this.borders, 0);
		let matched: usize = 0;
		for (let at: usize = 1; at < this.textBytes; at++) {
			const byte = load<u8>(this.text + at);
			while (matched > 0 && load<u8>(this.text + matched) !== byte) {
				matched = load<u32>(this.borders + 4 * (matched - 1));
			}
			if (load<u8>(this.text + matched) === byte) matched++;
			store<u32>(this.borders + 4 * at, matched as u32);
		}
	}

	/** The record that is read by the rules: its numbers and dates are what readers have read last. */
	testRecord(entries: usize): bool {
		if (this.kind === NUMBER) return this.testCellOfNumber(changetype<NumberReader>(this.reader));
		if (this.kind === DATE) {
			const code = changetype<DateReader>(this.reader).code;
			return code !== NO_DATE && (code >= this.first && code <= this.last) !== this.isNegated;
		}
		openEntry(entries + 4 * (this.column as usize));
		return this.testText(openedStart(), openedEnd());
	}

	private testCellOfNumber(reader: NumberReader): bool {
		if (reader.outcome === HUGE) return testCell(this.number, reader.text, reader.textEnd - reader.text);
		if (reader.outcome !== FOUND) return false;
		const bounds = this.bounds + BOUNDS_BYTES * (reader.cellScale as usize);
		return (reader.cell >= load<i64>(bounds) && reader.cell <= load<i64>(bounds, 8)) !== this.isNegated;
	}
}

function hasHighBytes(start: usize, end: usize): bool {
	for (let address = start; address < end; address++) if (load<u8>(address) >= 0x80) return true;
	return false;
}

/** Lists of addresses of tests, and of readers of numbers that only they read; the code joins results in reverse Polish notation. */
let tests: usize = 0;
let testCount: i32 = 0;
let code: usize = 0;
let codeLength: i32 = 0;
let readers: usize = 0;
let readerCount: i32 = 0;
/** Whether any test is of dates. */
let testsDates: bool = false;
/** As many masks as there may be at a time, and behind them results of a record by the rules: the mask of its run is still needed. */
let masks: usize = 0;
let depth: usize = 0;
let filtered: u64 = 0;

export function hasFilter(): bool {
	return testCount > 0;
}
export function beginFilter(): void {
	filtered = 0;
}
export function countFiltered(): f64 {
	return filtered as f64;
}
export function addFiltered(records: i32): void {
	filtered += records as u64;
}

/** @param ofNumbers - Readers of the filter alone. */
export function setFilter(
	allTests: usize,
	count: i32,
	ofCode: usize,
	length: i32,
	ofNumbers: usize,
	numbers: i32,
): void {
	if (masks !== 0) release(masks, MAX_BATCH_RECORDS * (depth + 1));
	masks = 0;
	tests = allTests;
	testCount = count;
	code = ofCode;
	codeLength = length;
	readers = ofNumbers;
	readerCount = numbers;
	if (count === 0) return;
	testsDates = false;
	for (let index: i32 = 0; index < count; index++) {
		testsDates = testsDates || changetype<CellTest>(itemOf(tests, index)).kind === DATE;
	}
	depth = mostResults();
	masks = allocate(MAX_BATCH_RECORDS * (depth + 1));
}

function mostResults(): usize {
	let results: usize = 0;
	let most: usize = 0;
	for (let at: i32 = 0; at < codeLength; at++) {
		const word = load<u32>(code + 4 * (at as usize));
		if (isJoin(word)) results -= ((word & COUNT_MASK) - 1) as usize;
		else results++;
		most = max(most, results);
	}
	return most;
}

function isJoin(word: u32): bool {
	return (word & (ALL | ANY)) !== 0;
}

export function filterReaderCount(): i32 {
	return readerCount;
}
export function filterReaderAt(index: i32): NumberReader {
	return changetype<NumberReader>(itemOf(readers, index));
}

/**
Tests the records of a run, whose numbers and dates the readers of the filter have read; what they have flagged passes.

@returns The mask: a byte for each record.
*/
export function testRun(entries: usize, columns: i32, hasReturns: bool, quote: i32, records: i32): usize {
	let top = masks;
	for (let at: i32 = 0; at < codeLength; at++) {
		const word = load<u32>(code + 4 * (at as usize));
		if (!isJoin(word)) {
			changetype<CellTest>(itemOf(tests, word as i32)).testRun(entries, columns, hasReturns, quote, records, top);
			top += MAX_BATCH_RECORDS;
			continue;
		}
		for (let others = (word & COUNT_MASK) - 1; others > 0; others--) {
			top -= MAX_BATCH_RECORDS;
			join(top - MAX_BATCH_RECORDS, top, records, (word & ALL) !== 0);
		}
	}
	passFlagged(records);
	return masks;
}

function join(target: usize, other: usize, records: i32, isAll: bool): void {
	for (let at: usize = 0; at < (records as usize); at += VECTOR_BYTES) {
		const one = v128.load(target + at);
		const two = v128.load(other + at);
		v128.store(target + at, isAll ? v128.and(one, two) : v128.or(one, two));
	}
}

function passFlagged(records: i32): void {
	if (readerCount === 0 && !testsDates) return;
	for (let at: usize = 0; at < (records as usize); at += 8) {
		const flags = load<u8>(FLAGS + (at >> 3)) as u32;
		if (flags === 0) continue;
		for (let bit: usize = 0; bit < 8; bit++) {
			if (((flags >> (bit as u32)) & 1) !== 0) store<u8>(masks + at + bit, 1);
		}
	}
}

/** Takes the flags of records that do not pass off: they are not read at all. @returns How many records pass. */
export function unflagFiltered(records: i32): i32 {
	let passing: i32 = 0;
	for (let at: usize = 0; at < (records as usize); at += 8) {
		let bits: u32 = 0;
		for (let bit: usize = 0; bit < 8; bit++) bits |= ((load<u8>(masks + at + bit) & 1) as u32) << (bit as u32);
		const rest = (records as usize) - at;
		if (rest < 8) bits &= ((1 as u32) << (rest as u32)) - 1;
		passing += popcnt<i32>(bits as i32);
		store<u8>(FLAGS + (at >> 3), load<u8>(FLAGS + (at >> 3)) & (bits as u8));
	}
	return passing;
}

/** The record that is read by the rules. */
export function testRecord(entries: usize): bool {
	const results = masks + MAX_BATCH_RECORDS * depth;
	let top = results;
	for (let at: i32 = 0; at < codeLength; at++) {
		const word = load<u32>(code + 4 * (at as usize));
		if (!isJoin(word)) {
			store<u8>(top++, changetype<CellTest>(itemOf(tests, word as i32)).testRecord(entries) as u8);
			continue;
		}
		for (let others = (word & COUNT_MASK) - 1; others > 0; others--) {
			top--;
			const both = (load<u8>(top - 1) as u32) | ((load<u8>(top) as u32) << 1);
			store<u8>(top - 1, ((word & ALL) !== 0 ? both === 3 : both !== 0) as u8);
		}
	}
	return load<u8>(results) !== 0;
}
