// The kernel: bytes of a CSV file -> exact figures, in WebAssembly with 128-bit vectors. AssemblyScript, compiled by
// `npm run build:kernel`; its host is ../kernel.ts, and what it must come to is held against the reference reader.
//
//   host reads into input ──consume──> structure.ts  bytes -> index of delimiters and line ends, 32 KiB at a time
//                                      batch.ts      index -> records; columns one after the other:
//                                        amounts.ts dates.ts groups.ts distinct.ts    (keys.ts sums.ts fields.ts below them,
//                                                                                      numbers.ts estimate.ts spellings.ts)
//                                        months.ts                                    where wanted
//                                        rejects.ts lines.ts marks.ts                 what was left out, and where; what is not data
//   host reads the tables when the file is at its end
//                                      collect.ts    the distinct values (told.ts below it)
//                                      series.ts     or, of small files: figures -> text of a report (text.ts)
//
// `consume` takes as many whole records as there are; the host moves what is left to the front and reads on behind it.
import {beginAmounts} from './amounts';
import {
	beginBatches,
	countRows,
	failAtField,
	foldEntries,
	isFieldTooLong,
	limitFields,
	readRecord,
	setColumns,
	stopReason,
	stopRecord,
} from './batch';
import {beginDates} from './dates';
import {beginDistinct, limitDistinct} from './distinct';
import {fieldEnd} from './fields';
import {beginGroups, carrySums, limitGroups} from './groups';
import {isUtf8} from './host';
import {clearArena} from './keys';
import {countLineEnds, knownLineNumber, lineAt, moveLine, setLine} from './lines';
import {findMark, skipMarks} from './marks';
import {fillTables, INDEX, VALUE_TEXTS, WINDOW_BYTES} from './memory';
import {beginMonths} from './months';
import {beginRejects, failsByShare, limitRejects, setAddressOffset} from './rejects';
import {beginFile, closeFile} from './series';
import {
	addEntry,
	beginGuess,
	beginIndex,
	entryAt,
	entryCount,
	extendIndex,
	isInsideQuotes,
	isLineEnd,
	keepEntries,
	lineEndCount,
	mayHaveHighBytes,
	mayHaveMarks,
	quotedLineEndCount,
	sawCarriageReturns,
	sawIrregularQuotes,
	sawQuotes,
	setDialect,
	violationAt,
} from './structure';
import {fillVectors} from './vectors';

export {scaleOfSums} from './amounts';
export {countRows, stopColumn, stopLineNumber} from './batch';
export {collectNews, collectValues} from './collect';
export {earliestDate, latestDate} from './dates';
export {countDistinct, distinctIsEstimate} from './distinct';
export {countGroups, groupList, groupsAreGivenUp} from './groups';
export {seedTables} from './keys';
export {allocate, REGISTERS, release} from './memory';
export {monthTable, monthTableEnd} from './months';
export {
	clearNumberedNews,
	numberedBitmap,
	numberedBits,
	numberedCount,
	numberedLength,
	numberedPrefix,
	numberedPrefixBytes,
} from './numbers';
export {countKept, countRejected, rejectLog} from './rejects';
export {
	beginSeries,
	endSeries,
	layOutFigures,
	seriesEarliest,
	seriesLatest,
	seriesNews,
	seriesNewsBytes,
	seriesScale,
	seriesTexts,
} from './series';

/** Larger than any address; more than any file has. */
const NOWHERE: usize = 0xffff_ffff;
const NO_LIMIT: i32 = 0x7fff_ffff;
const LF: u8 = 0x0a;
const CR: u8 = 0x0d;

// What `consume` ended with. 1 … 3 are reasons of batch.ts.
const NEEDS_MORE: i32 = 0;
const UNCLOSED_QUOTE: i32 = 4;
const RECORD_TOO_LONG: i32 = 5;
const REACHED_STOP: i32 = 6;

let status: i32 = NEEDS_MORE;
/** Whether the last index ended at a byte order mark: then there are likely more, and the next one is made up to there at once. */
let isAtMark: bool = false;
/** Whether all records so far are text in UTF-8; and whether there may be some that are to be looked at. */
let isTextUtf8: bool = true;
let hasHighBytes: bool = false;
let columnCount: i32 = 0;
let maxRecordBytes: usize = 0;
/** Whether a record of one window may be too long, or have a field that is. */
let areBoundsTight: bool = false;

fillTables();
fillVectors();

/**
Begins a file, or a part of one: all figures are empty again.

@param isInSeries - Whether none is begun, and it is only told how the next files of a series are to be read, see `readFile`.
*/
export function begin(
	delimiter: u8,
	quote: u8,
	columns: i32,
	idColumn: i32,
	amountColumn: i32,
	dateColumn: i32,
	groupColumn: i32,
	rejectLimit: f64,
	rejectLimitPerMillion: u32,
	mostRejects: u32,
	mostRecordBytes: u32,
	mostFieldBytes: u32,
	mostGroups: u32,
	mostGroupBytes: u32,
	mostValues: u32,
	mostValueBytes: u32,
	sumsMonths: bool,
	isInSeries: bool,
): void {
	columnCount = columns;
	setDialect(delimiter, quote);
	setColumns(columns, idColumn, amountColumn, dateColumn, groupColumn);
	limitGroups(mostGroups, mostGroupBytes, !isInSeries);
	limitDistinct(mostValues, mostValueBytes);
	limitRejects(rejectLimit as u64, rejectLimitPerMillion as u64, mostRejects);
	limitFields(mostFieldBytes);
	maxRecordBytes = mostRecordBytes as usize;
	areBoundsTight = min(mostRecordBytes, mostFieldBytes) < (WINDOW_BYTES as u32);
	beginMonths(sumsMonths);
	// Of a series, each file is begun when it is read.
	if (isInSeries) return;
	clearArena(VALUE_TEXTS);
	beginGroups();
	beginFigures();
}

function beginFigures(): void {
	beginAmounts();
	beginDates();
	beginBatches();
	beginDistinct();
	beginRejects();
	isTextUtf8 = true;
	setLine(0, 1);
}

/** Tells that a record begins at the address, on which line it does, and how far addresses are from offsets in the source. */
export function locate(address: usize, line: f64, offsetOfAddress: f64): void {
	setLine(address, line as u64);
	setAddressOffset(offsetOfAddress as i64);
}

/**
Takes the records from `from`, where one begins, as far as they are whole. Up to 64 bytes behind `end` may be read, and the
one at `end` be written.

@param isLast - Whether the source ends at `end`.
@param stopAt - No record that begins there or further is taken.
@param mostLines - Ends after so many line ends.
@returns Where the first record begins that was not taken. `outcome` tells why.
*/
export function consume(from: usize, end: usize, isLast: bool, stopAt: usize, mostLines: i32): usize {
	hasHighBytes = false;
	const next = takeRecords(from, end, isLast, stopAt, mostLines);
	// Records end with line ends, so no character is cut. Nearly all data is ASCII, and is not looked at again.
	if (hasHighBytes && isTextUtf8) isTextUtf8 = isUtf8(from, next);
	return next;
}

function takeRecords(from: usize, end: usize, isLast: bool, stopAt: usize, mostLines: i32): usize {
	let record = from;
	let linesLeft = mostLines;
	status = NEEDS_MORE;
	moveLine(from);
	// What an earlier source left there could make a CR at the end look like half of a CRLF when lines are counted.
	if (isLast) store<u8>(end, 0);
	if (record >= stopAt) {
		status = REACHED_STOP;
		return record;
	}
	while (record < end && linesLeft > 0) {
		const lineStart = record;
		record = skipMarks(record, end);
		const to = indexUpToMark(record, end, isLast);
		let count = entryCount();
		while (count > 0 && !isLineEnd(entryAt(count - 1))) count--;
		const isCut = areBoundsTight && count > 0;
		if (isCut) count = countWithinBounds(record, count);
		if (count === 0) {
			const next = consumeLongRecord(record, to, end, isLast);
			// The marks are gone over again, with what comes: where they begin says whether it lies in front of a stop.
			if (next === record) return status === NEEDS_MORE ? lineStart : record;
			lineAt(next);
			linesLeft--;
			record = next;
		} else {
			let lineEnds = lineEndCount();
			const isClipped = isCut || lineEnds > linesLeft || entryAt(count - 1) + 1 >= stopAt;
			if (isClipped) {
				lineEnds = 0;
				let entry: i32 = 0;
				for (; entry < count; entry++) {
					if (!isLineEnd(entryAt(entry))) continue;
					lineEnds++;
					if (lineEnds === linesLeft || entryAt(entry) + 1 >= stopAt) break;
				}
				count = min(entry + 1, count);
			}
			const line = knownLineNumber();
			const quotedLineEnds = quotedLineEndCount();
			foldEntries(record, count, lineEnds, sawCarriageReturns(), sawQuotes(), sawIrregularQuotes());
			record = entryAt(count - 1) + 1;
			if (quotedLineEnds === 0) setLine(record, line + (lineEnds as u64));
			else if (isClipped || load<u8>(to - 1) === CR) lineAt(record);
			else {
				// Behind the last record there are none but in quotes.
				const behind = countLineEnds(record, to);
				setLine(record, line + ((lineEnds + quotedLineEnds) as u64) - behind);
			}
			linesLeft -= lineEnds;
		}
		hasHighBytes = hasHighBytes || mayHaveHighBytes();
		if (stopReason() !== 0) {
			status = stopReason();
			return record;
		}
		if (record >= stopAt) {
			status = REACHED_STOP;
			return record;
		}
	}
	return min(record, end);
}

/**
Makes the index of the next window. It ends at a byte order mark, if there is one, so that each begins a window of its own.

@returns Where it ends.
*/
function indexUpToMark(record: usize, end: usize, isLast: bool): usize {
	const windowEnd = min(record + WINDOW_BYTES, end);
	let to = isAtMark ? findMark(record, windowEnd, end) : windowEnd;
	beginIndex();
	extendIndex(record, to, end, isLast);
	if (!isAtMark && mayHaveMarks()) {
		to = findMark(record, windowEnd, end);
		if (to < windowEnd) {
			beginIndex();
			extendIndex(record, to, end, isLast);
		}
	}
	isAtMark = to < windowEnd;
	return to;
}

/**
Reads a whole file of a series from `from`, where its first record begins, to `end`. Dialect, columns and limits are those of the
last `begin`: thousands of small files need not be told of them one by one.

@returns See `closeFile`; -1 where a bound was broken or its text is not in UTF-8, and the series is what it was.
*/
export function readFile(from: usize, end: usize, line: f64, offsetOfAddress: f64): i32 {
	beginFile();
	beginFigures();
	locate(from, line, offsetOfAddress);
	consume(from, end, true, NOWHERE, NO_LIMIT);
	const isUsual = isTextUtf8 && !failsByShare(countRows() as u64);
	return status === NEEDS_MORE && isUsual ? (closeFile() as i32) : -1;
}

/** The line at the address that `consume` returned. */
export function line(): f64 {
	return knownLineNumber() as f64;
}
/** Whether all records that were taken are text in UTF-8. */
export function textIsUtf8(): bool {
	return isTextUtf8;
}
export function outcome(): i32 {
	return status;
}
/** The record that `outcome` is about, where it is a failure. */
export function failedRecord(): usize {
	return stopRecord();
}
/** Prepares the tables for reading. */
export function finish(): void {
	carrySums();
}

/** How many of the first entries are of records in front of the first one that breaks a bound. */
function countWithinBounds(from: usize, count: i32): i32 {
	let record = from;
	let field = from;
	let within: i32 = 0;
	for (let entry: i32 = 0; entry < count; entry++) {
		const end = entryAt(entry);
		if (isFieldTooLong(field, end)) break;
		field = end + 1;
		if (!isLineEnd(end)) continue;
		if (fieldEnd(record, end) - record > maxRecordBytes) break;
		record = field;
		within = entry + 1;
	}
	return within;
}

/** Looks for the end of a record that is longer than a window, or the last one of the source. */
function consumeLongRecord(record: usize, indexedTo: usize, end: usize, isLast: bool): usize {
	let to = indexedTo;
	/** Entries that are not kept: a record with too many fields is only counted. */
	let dropped: i32 = 0;
	let looked: i32 = 0;
	let fieldStart = record;
	let longField: i32 = -1;
	while (true) {
		const count = entryCount();
		for (; looked < count; looked++) {
			const entry = entryAt(looked);
			if (longField < 0 && isFieldTooLong(fieldStart, entry)) longField = looked + dropped;
			fieldStart = entry + 1;
			if (isLineEnd(entry)) return takeLongRecord(record, looked, dropped, longField);
		}
		if (to === end) {
			if (!isLast) {
				// Two bytes more may be a CRLF whose meaning depends on what follows.
				if (end - record > maxRecordBytes + 2) status = RECORD_TOO_LONG;
				return record;
			}
			if (isInsideQuotes()) {
				status = end - record > maxRecordBytes + 2 ? RECORD_TOO_LONG : UNCLOSED_QUOTE;
				return record;
			}
			// The last record of the source needs no line end of its own.
			store<u8>(end, LF);
			addEntry(end);
			continue;
		}
		if (count > columnCount + 1) {
			dropped += count - columnCount - 1;
			keepEntries(columnCount + 1);
			looked = columnCount + 1;
		}
		const next = min(to + WINDOW_BYTES, end);
		extendIndex(to, next, end, isLast);
		to = next;
	}
}

/** @param last - The entry of its line end. */
function takeLongRecord(record: usize, last: i32, dropped: i32, longField: i32): usize {
	const lineEnd = entryAt(last);
	const content = fieldEnd(record, lineEnd) - record;
	if (content > maxRecordBytes) {
		status = RECORD_TOO_LONG;
		return record;
	}
	if (longField >= 0) {
		failAtField(record, longField);
		return lineEnd + 1;
	}
	store<u32>(INDEX - 4, (record - 1) as u32);
	readRecord(0, last + 1 + dropped, true);
	return lineEnd + 1;
}

/**
Guesses where the first record begins whose line end is at `from` or behind it, in the middle of a source.

A place in a file may be inside quotes or outside; the bytes alone do not tell. Both are tried, and of two readings the one
is taken that goes longer without a quote against the rules: read the wrong way round, a quote that closes seems to open in
the middle of a text, so the first one or two give it away. Where they do not, it is the reading with more records of the
right number of fields. It stays a guess; whoever read up to there knows, and the two are
compared (C. Ge, Y. Li, E. Eilebrecht, B. Chandramouli, D. Kossmann: Speculative Distributed CSV Data Parsing for Big Data
Analytics, SIGMOD 2019).

@returns 0 where no line end is found.
*/
export function guessRecordStart(from: usize, end: usize): usize {
	const to = min(from + WINDOW_BYTES, end);
	beginGuess(false, to);
	extendIndex(from, to, end, false);
	const outside = firstRecordStart();
	const outsideViolation = violationAt();
	const outsideRecords = countWellFormed();
	beginGuess(true, to);
	extendIndex(from, to, end, false);
	const isLikelier = violationAt() === outsideViolation && countWellFormed() > outsideRecords;
	return violationAt() > outsideViolation || isLikelier ? firstRecordStart() : outside;
}

/** How many records of the index have as many fields as the header; what is behind a quote against the rules tells nothing. */
function countWellFormed(): i32 {
	const count = entryCount();
	let records: i32 = 0;
	let last: i32 = -1;
	for (let entry: i32 = 0; entry < count; entry++) {
		if (entryAt(entry) >= violationAt()) break;
		if (!isLineEnd(entryAt(entry))) continue;
		if (entry - last === columnCount) records++;
		last = entry;
	}
	return records;
}

function firstRecordStart(): usize {
	const count = entryCount();
	for (let entry: i32 = 0; entry < count; entry++) {
		if (isLineEnd(entryAt(entry))) return entryAt(entry) + 1;
	}
	return 0;
}
