// What analyses keep, as words for the host (../figures.ts), in the order of the program: of the records that were read since the
// program was begun, or of all files of the rows.
//
//   of each analysis    records, 2; lines, 2
//   of each sum         its sum, 4; count, 2; decimals of the units, and those that it has by itself; its extremes, 4 (extremes.ts)
//   of each range       first, 2, and last, 2: a date as yyyymmdd, a time as a moment (date-code.ts); 0 for none
//   of each set         the address of its tables; values, 1 for an estimate; address of the registers
//                       dense ids: address of the bits, how many bits, ids; their prefix, 2; bytes of the prefix, length of ids
//   of each table       1 where it is given up; address of its registers; groups, address of the list of slots; where records are in a slot; 1 where the first summand is no sum
//                       of each sum: where its sum is in a slot, 8 bytes behind its count; where its extremes are; decimals of the units, and
//                       those that it has by itself; of each range where it is in a slot
import {Analysis} from './analysis';
import {FIRST_CODE, MONTH_SHIFT, momentOf, NO_DATE, YEAR_SHIFT} from './date-code';
import {DateRange, NO_EARLIEST} from './date-range';
import {EXTREMES_BYTES} from './extremes';
import {COUNT, GroupTable, SUM} from './group-table';
import {allocate, release} from './memory';
import {analysisAt, analysisCount} from './program';
import {Summand, summedValue, TotalSum} from './summand';
import {ValueTables} from './value-tables';

let words: usize = 0;
let capacity: usize = 0;
let cursor: usize = 0;

function put(word: u32): void {
	store<u32>(cursor, word);
	cursor += 4;
}
function putTwo(value: u64): void {
	store<u64>(cursor, value);
	cursor += 8;
}

const ANALYSIS_BYTES: usize = 16;
const SUM_BYTES: usize = 32 + EXTREMES_BYTES;
const RANGE_BYTES: usize = 16;
const SET_BYTES: usize = 44;
const TABLE_BYTES: usize = 24;
const SUMMAND_BYTES: usize = 16;
const TABLE_RANGE_BYTES: usize = 4;

function reserveAnalyses(): void {
	let bytes: usize = 0;
	for (let index: i32 = 0; index < analysisCount(); index++) {
		const analysis = analysisAt(index);
		bytes += ANALYSIS_BYTES;
		bytes += SUM_BYTES * (analysis.sumCount as usize) + RANGE_BYTES * (analysis.rangeCount as usize);
		bytes += SET_BYTES * (analysis.setCount as usize) + TABLE_BYTES * (analysis.tableCount as usize);
		for (let at: i32 = 0; at < analysis.tableCount; at++) {
			bytes += SUMMAND_BYTES * (analysis.tableAt(at).summandCount as usize);
			bytes += TABLE_RANGE_BYTES * (analysis.tableAt(at).rangeCount as usize);
		}
	}
	reserveWords(bytes);
}

function reserveWords(bytes: usize): void {
	if (bytes <= capacity) return;
	if (capacity > 0) release(words, capacity);
	capacity = bytes;
	words = allocate(bytes);
}

/** @returns Where the words are, until the next call. Nothing is pending in any sum. */
export function describeFigures(isOfRows: bool): usize {
	reserveAnalyses();
	cursor = words;
	for (let index: i32 = 0; index < analysisCount(); index++) describeAnalysis(analysisAt(index), isOfRows);
	return words;
}

/** The words of one set alone. @returns Where they are, until the next call. */
export function describeTables(tables: ValueTables): usize {
	reserveWords(SET_BYTES);
	cursor = words;
	describeSet(tables);
	return words;
}

function describeAnalysis(analysis: Analysis, isOfRows: bool): void {
	putTwo(isOfRows ? analysis.rowsRecords : analysis.records);
	putTwo(isOfRows ? analysis.rowsLines : analysis.lines);
	for (let at: i32 = 0; at < analysis.sumCount; at++) describeSum(analysis.sumAt(at), isOfRows);
	for (let at: i32 = 0; at < analysis.rangeCount; at++) describeRange(analysis.rangeAt(at), isOfRows);
	for (let at: i32 = 0; at < analysis.setCount; at++) {
		const set = analysis.setAt(at);
		describeSet(isOfRows ? set.ofRows : set);
	}
	for (let at: i32 = 0; at < analysis.tableCount; at++) describeTable(analysis.tableAt(at), isOfRows);
}

/** Those of the units are as many as the sum has, or more. Of rows they are the same. */
function describeScales(summand: Summand, isOfRows: bool): void {
	const scale = isOfRows ? summand.rowsScale : summand.scale;
	put(isOfRows || summand.value === 0 ? (scale as u32) : (summedValue(summand).scale as u32));
	put(scale as u32);
}

function describeSum(sum: TotalSum, isOfRows: bool): void {
	putTwo(isOfRows ? sum.rowsLow : sum.low);
	putTwo((isOfRows ? sum.rowsHigh : sum.high) as u64);
	putTwo(isOfRows ? sum.rowsCount : sum.count);
	describeScales(sum, isOfRows);
	const pair = isOfRows ? sum.rowsExtremes() : sum.extremes();
	putTwo(load<u64>(pair));
	putTwo(load<u64>(pair, 8));
}

function describeRange(range: DateRange, isOfRows: bool): void {
	putTwo(asNumber(isOfRows ? range.rowsEarliest : range.earliest));
	putTwo(asNumber(isOfRows ? range.rowsLatest : range.latest));
}

/** A date as yyyymmdd, which is less than any moment, and a moment as it is; 0 for none. */
export function asNumber(code: u64): u64 {
	if (code === NO_DATE || code === NO_EARLIEST) return 0;
	if (code >= momentOf(FIRST_CODE, 0)) return code;
	const date = code as u32;
	return (date >> YEAR_SHIFT) * 10_000 + ((date >> MONTH_SHIFT) & 127) * 100 + (date & 127);
}

function describeSet(tables: ValueTables): void {
	put(changetype<usize>(tables) as u32);
	put(tables.count());
	put(tables.isEstimate as u32);
	put(tables.registers as u32);
	const dense = tables.dense;
	put(dense.bitmap as u32);
	put(dense.bits);
	put(dense.count);
	putTwo(dense.prefix);
	put(dense.prefixBytes as u32);
	put(dense.fixedLength as u32);
}

function describeTable(table: GroupTable, isOfRows: bool): void {
	table.carry();
	put(table.isGivenUp as u32);
	put(table.registers as u32);
	put(table.count);
	put(table.list as u32);
	const shift: usize = isOfRows ? table.inRows(0) : 0;
	put((shift + table.stateOf(0) + COUNT) as u32);
	put(table.isLedByRecords as u32);
	for (let index: i32 = 0; index < table.summandCount; index++) {
		if (!table.isSum(index)) continue;
		put((shift + table.stateOf(index) + SUM) as u32);
		put((shift + table.summandAt(index).extremesAt) as u32);
		describeScales(table.summandAt(index), isOfRows);
	}
	for (let index: i32 = 0; index < table.rangeCount; index++) put((shift + table.rangeAt(index)) as u32);
}
