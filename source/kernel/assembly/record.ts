// One record by all the rules: what loops over runs could not read, what has a wrong number of fields, what may have wrong quotes. Each
// analysis takes it in or rejects it.
import {Analysis} from './analysis';
import {NO_DATE} from './date-code';
import {fieldEnd, openEntry, openedEnd, openedIsStray, openedStart} from './fields';
import {addFiltered, beginFilter, filterReaderCount, hasFilter, testRecord} from './filter';
import {computeRecord, testCondition} from './host';
import {findInvalid, shownFrom} from './invalid-bytes';
import {lineAt} from './lines';
import {addMissing, fillsMissing} from './missing-fields';
import {analysisAt, analysisCount} from './program';
import {dateAt, dateCount, numberAt, numberCount, productAt, productCount} from './readers';
import {isWriting, writeRecord} from './record-writer';
import {setSpooledRecord} from './reject-spool';
import {
	addressOffset,
	BY_FUNCTION,
	countReject,
	ENCODING,
	FIELD_COUNT,
	keepReject,
	MISSING_VALUE,
	NOT_A_DATE,
	NOT_NUMERIC,
	NUL_BYTE,
	PADDING,
	QUOTE,
	REPEATED_HEADER,
	STRUCTURE,
	TOO_MANY_DIGITS,
	UNCLOSED_QUOTE,
} from './rejects';
import {learnPatterns, raiseFilterScales, raiseScales, updateQuickScales} from './scales';
import {mayHaveMarks, mayHaveNuls} from './structure';
import {wereOwnScalesRaised} from './summand';
import {FOUND, HUGE, MISSING, TOO_LONG} from './value';
import {countNuls, isHeader, isPaddingRow} from './whole-records';

// What the host says of a record: see `computeRecord`.
const ACCEPTED: i32 = 0;
const FAILED: i32 = 2;

/** No reason: the record has all that it must have. */
const NO_FAULT: i32 = -1;

let records: u64 = 0;
/** Whether a table of groups has no room for the record, and its file is one of the rows. */
let hasNoRoom: bool = false;
/** Whether a function of the host has failed for the record. */
let hasFailed: bool = false;
/** Whether the records that are read may have bytes that are no character. */
let mayBeInvalid: bool = false;
/** What the host gives as the reason why it does not accept a record. */
let reasonStart: usize = 0;
let reasonEnd: usize = 0;

export function beginRecords(): void {
	records = 0;
	beginFilter();
}
export function countRows(): f64 {
	return records as f64;
}
export function addRows(more: i32): void {
	records += more as u64;
}
export function hasFunctionFailed(): bool {
	return hasFailed;
}
export function setReason(start: usize, end: usize): void {
	reasonStart = start;
	reasonEnd = end;
}
/** Whether some bytes are no character, which are noted as what only windows with bytes as large as those of marks have, or may be NUL. */
export function lookForOdd(record: usize, end: usize): bool {
	mayBeInvalid = mayHaveMarks() && findInvalid(record, end) !== 0;
	return mayBeInvalid || mayHaveNuls();
}
export function lacksRoom(): bool {
	return hasNoRoom;
}

/**
Reads a record.

@param entry - The address of its first entry. The entry in front of it is the byte before the record.
@param foundFields - As many entries it has; of more than columns, only one more needs to be there.
@param lineEnd - The address of its line end.
@param mayBeIrregular - Whether its number of fields and its quotes are to be looked at.
@returns Whether any analysis has rejected it.
*/
export function readRecord(
	entry: usize,
	columnCount: i32,
	foundFields: i32,
	lineEnd: usize,
	mayBeIrregular: bool,
): bool {
	hasNoRoom = false;
	hasFailed = false;
	let entries = entry - 4;
	let fieldCount = foundFields;
	const record = (load<u32>(entries) as usize) + 1;
	if (mayBeIrregular && fieldCount === 1 && isBlank(entry)) return false;
	if (fieldCount < columnCount && fillsMissing()) {
		entries = addMissing(entries, fieldCount, columnCount, lineEnd);
		fieldCount = columnCount;
	}
	const recordEnd = fieldEnd(record, lineEnd);
	setSpooledRecord(record, recordEnd);
	records++;
	if (isAtFault(entries, record, recordEnd, columnCount, fieldCount)) return true;
	if (mayBeIrregular && isMalformed(entries, record, columnCount, fieldCount)) return true;
	readCells(entries);
	noteCells(entries, record, true);
	if (hasFilter()) {
		raiseFilterScales();
		if (!testRecord(entries)) {
			addFiltered(1);
			learnPatterns();
			return false;
		}
	}
	noteCells(entries, record, false);
	let isRejected = false;
	for (let index: i32 = 0; index < analysisCount(); index++) {
		const analysis = analysisAt(index);
		analysis.isAccepted = false;
		if (analysis.hasCondition() && !fits(analysis, index, entries)) {
			if (hasFailed) return true;
			continue;
		}
		analysis.isAccepted =
			isComplete(analysis, index, entries, record, fieldCount, isRejected) &&
			(!analysis.hasFunctions || isAcceptedByHost(analysis, index, entries, record, fieldCount, isRejected));
		if (hasFailed) return true;
		isRejected = isRejected || !analysis.isAccepted;
	}
	if (isWriting() && !isRejected) writeRecord(entries, columnCount);
	raiseScales();
	for (let index: i32 = 0; index < analysisCount() && !hasNoRoom; index++) {
		const analysis = analysisAt(index);
		if (analysis.isAccepted) hasNoRoom = !analysis.addRecord(entries);
	}
	if (wereOwnScalesRaised()) updateQuickScales();
	learnPatterns();
	return isRejected;
}

/** Rejects a record in which a quote is never closed. @param lineEnd - Of the line in which it was opened. */
export function rejectUnclosed(record: usize, quote: usize, field: i32, lineEnd: usize): void {
	records++;
	setSpooledRecord(record, lineEnd);
	countReject(STRUCTURE);
	keepReject(STRUCTURE, quote, UNCLOSED_QUOTE, field, 0, quote, lineEnd);
}

function isBlank(entry: usize): bool {
	const start = (load<u32>(entry - 4) as usize) + 1;
	return fieldEnd(start, load<u32>(entry) as usize) === start;
}

/** Rejects the record for all analyses where it is at fault as a whole: faultOfWhole of fault-of-whole.ts has the same rules. */
function isAtFault(entries: usize, record: usize, recordEnd: usize, columnCount: i32, fieldCount: i32): bool {
	if (fieldCount !== columnCount) return rejectWhole(record, FIELD_COUNT, fieldCount);
	if (isPaddingRow(entries, columnCount)) return rejectWhole(record, PADDING, fieldCount);
	if (isHeader(record, recordEnd)) return rejectWhole(record, REPEATED_HEADER, fieldCount);
	const nuls = mayHaveNuls() ? countNuls(record, recordEnd) : 0;
	return nuls > 0 && rejectWhole(record, NUL_BYTE, nuls);
}

/** @param count - Of its fields, or of its NUL bytes. */
function rejectWhole(record: usize, reason: i32, count: i32): bool {
	countReject(STRUCTURE);
	keepReject(STRUCTURE, record, reason, -1, count, 0, 0);
	return true;
}

/** Rejects the record for all analyses where its quotes are not as they must be. */
function isMalformed(entries: usize, record: usize, columnCount: i32, fieldCount: i32): bool {
	for (let column: i32 = 0; column < columnCount; column++) {
		openEntry(entries + 4 * (column as usize));
		if (!openedIsStray()) continue;
		// The whole field where text is behind its quote.
		countReject(STRUCTURE);
		keepReject(STRUCTURE, record, QUOTE, column, fieldCount, openedStart(), openedEnd());
		return true;
	}
	return mayBeInvalid && hasInvalid(entries, record, columnCount);
}

/** Rejects the record for all analyses where some of its bytes are no character. */
function hasInvalid(entries: usize, record: usize, columnCount: i32): bool {
	for (let column: i32 = 0; column < columnCount; column++) {
		openEntry(entries + 4 * (column as usize));
		const note = findInvalid(openedStart(), openedEnd());
		if (note === 0) continue;
		countReject(STRUCTURE);
		keepReject(STRUCTURE, record, ENCODING, column, columnCount, shownFrom(openedStart(), note), openedEnd());
		return true;
	}
	return false;
}

function readCells(entries: usize): void {
	for (let index: i32 = 0; index < numberCount(); index++) {
		const reader = numberAt(index);
		openEntry(entries + 4 * (reader.column as usize));
		reader.readCell(openedStart(), openedEnd());
	}
	for (let index: i32 = 0; index < dateCount(); index++) {
		const reader = dateAt(index);
		openEntry(entries + 4 * (reader.column as usize));
		reader.readCell(openedStart(), openedEnd());
	}
	for (let index: i32 = 0; index < productCount(); index++) productAt(index).computeCells();
}

/** Notes what cells show of the forms of their columns; those of a condition, or the others. */
function noteCells(entries: usize, record: usize, areOfFilter: bool): void {
	const summed = numberCount() - filterReaderCount();
	const first = areOfFilter ? summed : 0;
	const last = areOfFilter ? numberCount() : summed;
	for (let index = first; index < last; index++) {
		const reader = numberAt(index);
		if (!reader.mustNote()) continue;
		openEntry(entries + 4 * (reader.column as usize));
		reader.note(openedStart(), openedEnd(), lineAt(record), (record as i64) + addressOffset());
	}
	for (let index: i32 = 0; index < dateCount(); index++) {
		const reader = dateAt(index);
		if (reader.isOfFilter !== areOfFilter || !reader.mustNote()) continue;
		openEntry(entries + 4 * (reader.column as usize));
		reader.note(openedStart(), openedEnd(), lineAt(record), (record as i64) + addressOffset());
	}
}

/** Whether the record has all that an analysis needs; if not, it is rejected for the first that it lacks. */
function isComplete(
	analysis: Analysis,
	number: i32,
	entries: usize,
	record: usize,
	fieldCount: i32,
	isCounted: bool,
): bool {
	for (let index: i32 = 0; index < analysis.requiredCount; index++) {
		const reader = analysis.requiredAt(index);
		const fault = faultOf(reader);
		if (fault === NO_FAULT) continue;
		const column = columnAtFault(reader);
		openEntry(entries + 4 * (column as usize));
		if (!isCounted) countReject(number);
		analysis.rejected++;
		keepReject(number, record, fault, column, fieldCount, openedStart(), openedEnd());
		return false;
	}
	return true;
}

/** Whether the record fits the condition of an analysis; if not, it is neither accepted nor rejected. */
function fits(analysis: Analysis, number: i32, entries: usize): bool {
	const answer = testCondition(number, entries);
	if (answer === ACCEPTED) return true;
	hasFailed = answer === FAILED;
	if (!hasFailed) analysis.filtered++;
	return false;
}

/** Whether the host accepts the record for an analysis. It fills in its computed columns, then. */
function isAcceptedByHost(
	analysis: Analysis,
	number: i32,
	entries: usize,
	record: usize,
	fieldCount: i32,
	isCounted: bool,
): bool {
	const answer = computeRecord(number, entries);
	if (answer === ACCEPTED) return true;
	hasFailed = answer === FAILED;
	if (hasFailed) return false;
	if (!isCounted) countReject(number);
	analysis.rejected++;
	keepReject(number, record, BY_FUNCTION, -1, fieldCount, reasonStart, reasonEnd);
	return false;
}

/** The number of a product among what a record must have; negative for a reader. */
function productOf(reader: i32): i32 {
	return reader - numberCount() - dateCount();
}

function columnAtFault(reader: i32): i32 {
	if (reader < numberCount()) return numberAt(reader).column;
	if (productOf(reader) < 0) return dateAt(reader - numberCount()).column;
	const product = productAt(productOf(reader));
	return !product.left.isWrong() && product.right.isWrong() ? product.right.column : product.left.column;
}

function faultOf(reader: i32): i32 {
	if (productOf(reader) >= 0) return faultOfOutcome(productAt(productOf(reader)).outcome);
	if (reader >= numberCount()) {
		const date = dateAt(reader - numberCount());
		return date.code !== NO_DATE ? NO_FAULT : date.isBlank ? MISSING_VALUE : NOT_A_DATE;
	}
	return faultOfOutcome(numberAt(reader).outcome);
}

function faultOfOutcome(outcome: i32): i32 {
	if (outcome === FOUND || outcome === HUGE) return NO_FAULT;
	return outcome === MISSING ? MISSING_VALUE : outcome === TOO_LONG ? TOO_MANY_DIGITS : NOT_NUMERIC;
}
