// The kernel: bytes of a CSV file -> exact figures, in WebAssembly with 128-bit vectors. AssemblyScript, compiled by
// `npm run build:kernel`; its host is ../kernel.ts, and what it must come to is held against the reference reader.
//
//   host writes a program ──begin──> program.ts   readers of columns, and states of analyses
//   host reads into input ──consume──> structure.ts   bytes -> index of delimiters and line ends, 32 KiB at a time
//                                      runs.ts        index -> records; columns one after the other:
//                                        number-reader.ts date-reader.ts clock-reader.ts product.ts    cells -> units and codes of all records of a run
//                                        analysis.ts    summand.ts date-range.ts value-set.ts group-table.ts take them
//                                        filter.ts      which records count, where not all do
//                                        columns/       column-set.ts, where an analysis looks at all columns; read-column.ts has the map
//                                      record.ts      one record by all the rules (scales.ts)
//                                      long-record.ts one that is longer than a window
//                                      unclosed.ts    where one ends whose quote is never closed
//                                        rejects.ts lines.ts marks.ts                  what was left out, and where; what is not data
//   host reads the states when the file is at its end
//                                      figures.ts     where they are
//                                      rows.ts        or, of small files: all figures as varints
//   host asks for the lines of a text, or for those of a log as records   text-lines.ts, user-lines.ts
//   host asks for the hash of what it read   xxh3.ts
//   host asks for rows of CSV of what was left out   reject-rows.ts
//   host asks what a text has that no record shows   byte-look.ts
//
// `consume` takes as many whole records as there are; the host moves what is left to the front and reads on behind it.
import {hasFilter} from './filter';
import {areFormsOdd, beginForms} from './forms';
import {areFormsRight, isUtf8} from './host';
import {clearBeginnings} from './line-beginnings';
import {fillLevels} from './line-level';
import {countLineEnds, knownLineNumber, lineAt, moveLine, setLine} from './lines';
import {isRecordTooLong, limitRecords, takeLongRecord} from './long-record';
import {findMark, hasUtf8Characters, skipMarks} from './marks';
import {fillTables, WINDOW_BYTES} from './memory';
import {fillMissing} from './missing-fields';
import {analysisAt, analysisCount, loadProgram} from './program';
import {dateAt, dateCount} from './readers';
import {beginRecords, countRows, lookForOdd} from './record';
import {flushSpool} from './reject-spool';
import {beginRejects, failsByShare, limitRejects, setAddressOffset} from './rejects';
import {endFile, writeKeys} from './rows';
import {beginRuns, countWithinBounds, limitFields, readEntries, resumedAt, setColumns, stopReason} from './runs';
import {beginScales} from './scales';
import {
	beginIndex,
	countEnded,
	entryAt,
	entryCount,
	extendIndex,
	isLineEnd,
	lineEndCount,
	mayHaveHighBytes,
	mayHaveMarks,
	quotedLineEndCount,
	sawCarriageReturns,
	sawQuotes,
	setDialect,
} from './structure';
import {beginSpills} from './summand';
import {fillMoves} from './text-lines';
import {collectValues as collectValuesOf} from './value-set';
import {ValueTables} from './value-tables';
import {fillVectors} from './vectors';
import {setHeader} from './whole-records';
import {fillHashSecret} from './xxh3';

export {beginLook, lookAtBytes, quotesSeen} from './byte-look';
export {seedSamples} from './columns/column-set';
export * from './columns/for-host';
export {mapPlaces} from './columns/places';
export {openedEnd} from './fields';
export {describeFigures} from './figures';
export {countFiltered} from './filter';
export {flag} from './flags';
export {
	clockOfRecord,
	clocksOf,
	codeOf,
	codesOf,
	computedCodes,
	computedDoubles,
	computedEntries,
	computedNones,
	countFilteredBy,
	doublesOf,
	fitsOf,
	nonesOf,
	numberText,
	numberTextEnd,
	openCell,
	setComputedDate,
	setComputedNumber,
	setComputedText,
} from './function-lanes';
export {guessRecordStart} from './guess';
export {seedTables} from './keys';
export {countedBytes, countedLines, countedSlots, countedTable, isTableGivenUp} from './line-table';
export {allocate, release} from './memory';
export {countRows, setReason} from './record';
export {clearWritten, stopWriting, writeRecords, writtenEnd, writtenStart} from './record-writer';
export {beginRejectRows, rejectRowCount, rejectRowsEnd, writeRejectRows} from './reject-rows';
export {spoolRejects} from './reject-spool';
export {countKept, countRejected, countStructural, rejectLog} from './rejects';
export {areRowsLarge, beginRows, rowsWritten} from './rows';
export {stopColumn, stopLineNumber, stopRecord as failedRecord} from './runs';
export {beginTextLines, sampledEnd, takeTextLines, textTotals} from './text-lines';
export {takeUserLines, userLineLeft, userLinesTaken, userRecordsEnd} from './user-lines';
export {bytesStart} from './varints';
export {hashBlock, hashBlocks, hashBytes, hashHigh, hashLow} from './xxh3';

/** Larger than any address; more than any file has. */
const NOWHERE: usize = 0xffff_ffff;
const NO_LIMIT: i32 = 0x7fff_ffff;
const SPEC_BYTES: usize = 44;
/** Of the first window behind damage, where the next damage may be close. */
const SHORT_WINDOW_BYTES: usize = 1024;
const CR: u8 = 0x0d;

// What `consume` ended with. 1 … 3 and 6 are reasons of runs.ts.
const NEEDS_MORE: i32 = 0;
const RECORD_TOO_LONG: i32 = 4;
const REACHED_STOP: i32 = 5;

let status: i32 = NEEDS_MORE;
/** Whether the last index ended at a byte order mark: then there are likely more, and the next one is made up to there at once. */
let isAtMark: bool = false;
/** How much is indexed at a time. */
let windowBytes: usize = WINDOW_BYTES;
/** Whether all records so far are text in UTF-8; and whether there may be some that are to be looked at. */
let isTextUtf8: bool = true;
/** Whether they have characters of UTF-8 that text in other encodings hardly has. */
let hasUtf8: bool = false;
let hasHighBytes: bool = false;
let maxRecordBytes: usize = 0;
/** Whether a record of one window may be too long, or have a field that is. */
let areBoundsTight: bool = false;

fillTables();
fillVectors();
fillHashSecret();
fillLevels();
clearBeginnings();
fillMoves();

/**
Sets up how files are read: dialect, program (program.ts) and limits. The host writes them as words:

  delimiter, quote, columns │ most bytes of a record, of a field │ rejects that fail (2), of a million, most that are kept │ whether fields are filled in │ bytes of the header, and the header │ the program

@param hasSameStates - Whether the analyses keep the same as those of the last program.
*/
export function loadSpec(words: usize, hasSameStates: bool): void {
	setDialect(load<u32>(words) as u8, load<u32>(words, 4) as u8);
	setColumns(load<i32>(words, 8));
	const maxRecord = load<u32>(words, 12);
	const maxField = load<u32>(words, 16);
	maxRecordBytes = maxRecord as usize;
	limitRecords(maxRecordBytes);
	limitFields(maxField);
	areBoundsTight = min(maxRecord, maxField) < (WINDOW_BYTES as u32);
	fillMissing(load<u32>(words, 36) !== 0);
	const headerBytes = load<u32>(words, 40) as usize;
	setHeader(words + SPEC_BYTES, headerBytes);
	loadProgram(words + SPEC_BYTES + ((headerBytes + 3) & ~3), hasSameStates);
	limitRejects(load<u64>(words, 20), load<u32>(words, 28) as u64, load<u32>(words, 32), analysisCount());
}

/** Begins a file, or a part of one: all figures are empty again. */
export function begin(): void {
	beginFile(false);
}

/** @param isInRows - Whether it is the next one of the rows. */
function beginFile(isInRows: bool): void {
	for (let index: i32 = 0; index < analysisCount(); index++) analysisAt(index).begin(isInRows);
	beginScales();
	beginSpills();
	beginRecords();
	beginForms(hasFilter());
	for (let index: i32 = 0; index < dateCount(); index++) dateAt(index).begin();
	beginRuns();
	beginRejects();
	isTextUtf8 = true;
	hasUtf8 = false;
	setLine(0, 1);
	windowBytes = WINDOW_BYTES;
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
@param maxLines - Ends after so many line ends.
@returns Where the first record begins that was not taken. `outcome` says why.
*/
export function consume(from: usize, end: usize, isLast: bool, stopAt: usize, maxLines: i32): usize {
	hasHighBytes = false;
	const lineBefore = knownLineNumber();
	const next = takeRecords(from, end, isLast, stopAt, maxLines);
	addLines(knownLineNumber() - lineBefore);
	flushSpool();
	// Records end with line ends, so no character is cut. Nearly all data is ASCII, and is not looked at again.
	if (hasHighBytes) {
		hasUtf8 = hasUtf8 || hasUtf8Characters(from, next);
		isTextUtf8 = isTextUtf8 && isUtf8(from, next);
	}
	return next;
}

function addLines(more: u64): void {
	for (let index: i32 = 0; index < analysisCount(); index++) analysisAt(index).lines += more;
}

function takeRecords(from: usize, end: usize, isLast: bool, stopAt: usize, maxLines: i32): usize {
	let record = from;
	let linesLeft = maxLines;
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
		if (isCut) count = countWithinBounds(record, count, maxRecordBytes);
		if (count === 0) {
			const next = takeLongRecord(record, to, end, isLast);
			// The marks are gone over again, with what comes: where they begin says whether it lies in front of a stop.
			if (next === record) {
				if (!isRecordTooLong()) return lineStart;
				status = RECORD_TOO_LONG;
				return record;
			}
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
			const isOdd = lookForOdd(record, entryAt(count - 1));
			readEntries(record, count, lineEnds, sawCarriageReturns(), sawQuotes(), isOdd);
			const resumed = resumedAt();
			record = resumed === 0 ? entryAt(count - 1) + 1 : resumed;
			if (resumed !== 0) {
				lineEnds = countEnded(resumed);
				lineAt(record);
				windowBytes = SHORT_WINDOW_BYTES;
			} else if (quotedLineEnds === 0) setLine(record, line + (lineEnds as u64));
			else if (isClipped || load<u8>(to - 1) === CR) lineAt(record);
			else {
				// Behind the last record there are none but in quotes.
				const behind = countLineEnds(record, to);
				setLine(record, line + ((lineEnds + quotedLineEnds) as u64) - behind);
			}
			linesLeft -= lineEnds;
			if (resumed === 0) windowBytes = min(windowBytes << 1, WINDOW_BYTES as usize);
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
	const windowEnd = min(record + windowBytes, end);
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
Reads a whole small file from `from`, where its first record begins, to `end`, and appends its row.

@returns See `endFile`; -1 where a bound was broken or its text is not in UTF-8. In both cases the rows are what they were.
*/
export function readFile(from: usize, end: usize, line: f64, offsetOfAddress: f64): i32 {
	beginFile(true);
	locate(from, line, offsetOfAddress);
	// Those of its header.
	addLines(knownLineNumber() - 1);
	consume(from, end, true, NOWHERE, NO_LIMIT);
	const isSound = isTextUtf8 && (!areFormsOdd() || areFormsRight()) && !failsByShare(countRows() as u64);
	return status === NEEDS_MORE && isSound ? (endFile() as i32) : -1;
}

/** Writes the keys of a table of an analysis behind the rows. Returns how many bytes that are. */
export function collectKeys(analysis: i32, table: i32): u32 {
	return writeKeys(analysisAt(analysis).tableAt(table));
}

/** Writes the keys of a set to `target`, see `describeFigures`. Returns how many. */
export function collectValues(tables: usize, target: usize): u32 {
	return collectValuesOf(changetype<ValueTables>(tables), target);
}

/** Records that an analysis has rejected, beside those that all have. */
export function countRejectedBy(analysis: i32): f64 {
	return analysisAt(analysis).rejected as f64;
}

/** The line at the address that `consume` returned. */
export function line(): f64 {
	return knownLineNumber() as f64;
}
/** Whether all records that were taken are text in UTF-8. */
export function textIsUtf8(): bool {
	return isTextUtf8;
}
export function textHasUtf8(): bool {
	return hasUtf8;
}
export function outcome(): i32 {
	return status;
}
