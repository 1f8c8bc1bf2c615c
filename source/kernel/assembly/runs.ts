// Structural index -> records -> what analyses keep of them.
//
//   index ──> runs of records that have as many fields as the header      others one by one: `readRecord`
//   run   ──> readers of numbers and dates, products    each a loop of its own over the whole run; they flag what they cannot read
//         ──> spans of records that none has flagged ──> sums, ranges, tables, sets of each analysis
//   flagged: goes through `readRecord`, which knows all the rules, and all the reasons to reject.
//
// All analyses accept what no reader has flagged, unless a condition of their own leaves it out, so a record counts in all figures of an
// analysis or in none.
import {cellsOf, fieldEnd, openField as openCell, openedLength} from './fields';
import {addFiltered, filterReaderCount, hasFilter, testRun, unflagFiltered} from './filter';
import {clearFlags, nextFlagged, skipMask} from './flags';
import {computeSpan} from './host';
import {lineAt} from './lines';
import {INDEX} from './memory';
import {endsAreFeeds} from './number-pattern';
import {analysisAt, analysisCount, callsFunctions} from './program';
import {
	computedNumberAt,
	computedNumberCount,
	dateAt,
	dateCount,
	numberAt,
	numberCount,
	productAt,
	productCount,
} from './readers';
import {addRows, hasFunctionFailed, lacksRoom, readRecord, rejectUnclosed} from './record';
import {isWriting, writeSpan} from './record-writer';
import {failsByRejects} from './rejects';
import {haveAllPatterns, supposePatterns, wereScalesRaised} from './scales';
import {isLineEnd, mayBeIrregular, quoteByte, sawIrregularQuotes} from './structure';
import {findLineEnd, findOpenQuote, hasLineEnd, nextLine, openField} from './unclosed';
import {flagWithoutValues, mayHoldNumbers} from './whole-records';

let maxFieldBytes: usize = 0;
let columnCount: i32 = 0;

/** What ended the reading in front of the end. */
let stop: i32 = 0;
let stopField: i32 = 0;
let stopAddress: usize = 0;
let stopLine: u64 = 0;

const GOES_ON: i32 = 0;
const TOO_MANY_REJECTS: i32 = 1;
/** Of a file of rows. */
const TOO_MANY_GROUPS: i32 = 2;
const FIELD_TOO_LONG: i32 = 3;
const FUNCTION_FAILED: i32 = 6;

/** Where the next record begins behind one that was cut short at a quote without an end; 0 where the index holds all records. */
let resumption: usize = 0;

/** So many records at the beginning of a file are tried for what numbers look like. */
const MAX_TRIED: i32 = 8;
let tried: i32 = 0;
/** Whether the file has had a record that is not as the header says: then others may make up for its fields. */
let hadOdd: bool = false;

export function limitFields(bytes: u32): void {
	maxFieldBytes = bytes as usize;
}
export function setColumns(columns: i32): void {
	columnCount = columns;
}
/** How many fields a record should have. */
export function knownColumns(): i32 {
	return columnCount;
}
export function beginRuns(): void {
	stop = GOES_ON;
	tried = 0;
	hadOdd = false;
}
/** Where an index is to be made anew behind the entries that were read; 0 where it need not be. */
export function resumedAt(): usize {
	return resumption;
}
export function stopReason(): i32 {
	return stop;
}
export function stopColumn(): i32 {
	return stopField;
}
export function stopRecord(): usize {
	return stopAddress;
}
export function stopLineNumber(): f64 {
	return stopLine as f64;
}

function entryAddress(index: i32): usize {
	return INDEX + 4 * (index as usize);
}

/**
Reads the records of the first entries of the index.

@param from - Where the first record begins.
@param count - Entries; the last one is a line end.
@param lineEnds - How many of them are.
@param isOdd - Whether any record may have bytes that are no character, or NUL.
@returns False where the reading must end: see `stopReason`.
*/
export function readEntries(
	from: usize,
	count: i32,
	lineEnds: i32,
	hasCarriageReturns: bool,
	hasQuotes: bool,
	isOdd: bool,
): bool {
	store<u32>(INDEX - 4, (from - 1) as u32);
	resumption = 0;
	// In records of one column a blank line looks like one of them.
	if (isOdd || columnCount === 1) return readOneByOne(0, count);
	let first: i32 = 0;
	// As many line ends as records: if each is where a record's last entry should be, there is none in between.
	if (lineEnds * columnCount === count && !sawIrregularQuotes()) {
		const isKnown = hadOdd || !looksAtEnds() || hasCarriageReturns;
		const records = isKnown ? countRegular(0, lineEnds) : lineEnds;
		first = readRun(0, records, hasCarriageReturns, hasQuotes, isKnown);
	}
	// Some record has more or fewer fields, wrong quotes, or is blank: it ends one run, and behind it the next one begins.
	hadOdd = hadOdd || first < count;
	while (first < count && stop === GOES_ON && resumption === 0) {
		let end = first;
		let records: i32 = 0;
		while (end + columnCount <= count && isRegular(end)) {
			end += columnCount;
			records++;
		}
		if (records > 0) readRun(first, records, hasCarriageReturns, hasQuotes, true);
		if (stop !== GOES_ON) return false;
		first = end;
		if (first < count) first = readOne(first);
	}
	return stop === GOES_ON;
}

/** How many records from there have a line end where theirs should be. With as many line ends as records, that is all. */
function countRegular(first: i32, records: i32): i32 {
	const stride: usize = 4 * (columnCount as usize);
	let address = entryAddress(first + columnCount - 1);
	for (let record: i32 = 0; record < records; record++, address += stride) {
		if (!isLineEnd(load<u32>(address) as usize)) return 0;
	}
	return records;
}

/** Whether a record has as many fields as it should, and no quote against the rules. */
function isRegular(first: i32): bool {
	let address = entryAddress(first);
	const record = (load<u32>(address - 4) as usize) + 1;
	for (let field: i32 = 1; field < columnCount; field++, address += 4) {
		if (isLineEnd(load<u32>(address) as usize)) return false;
	}
	const end = load<u32>(address) as usize;
	return isLineEnd(end) && !mayBeIrregular(record, end);
}

/** Reads the record whose first entry is given, whatever it is. Returns the first entry of the next one. */
function readOne(first: i32): i32 {
	let last = first;
	while (!isLineEnd(load<u32>(entryAddress(last)) as usize)) last++;
	const lineEnd = entryOf(last);
	const record = (load<u32>(entryAddress(first) - 4) as usize) + 1;
	if (!endAtOpenQuote(record, lineEnd)) readByRules(first, last - first + 1, lineEnd, true);
	return last + 1;
}

/** Ends a record of several lines that a quote without an end holds together; false where it has none. */
export function endAtOpenQuote(record: usize, lineEnd: usize): bool {
	const end = fieldEnd(record, lineEnd);
	if (!sawIrregularQuotes() || !hasLineEnd(record, end)) return false;
	const quote = findOpenQuote(record, end);
	if (quote === 0) return false;
	takeUnclosed(record, quote, openField(), findLineEnd(quote, end, end));
	resumption = nextLine();
	return true;
}

function readOneByOne(from: i32, count: i32): bool {
	let first = from;
	while (first < count && stop === GOES_ON && resumption === 0) first = readOne(first);
	return stop === GOES_ON;
}

/** Whether a loop over a run sees that each record ends where it should. */
function looksAtEnds(): bool {
	return !hasFilter() && numberCount() > 0 && !numberAt(0).isOptional && haveAllPatterns();
}

function entryOf(index: i32): usize {
	return load<u32>(entryAddress(index)) as usize;
}

/** @param first - The first entry of a record. See `readRecord`. */
export function readByRules(first: i32, fieldCount: i32, lineEnd: usize, mayBeIrregular: bool): void {
	const entry = entryAddress(first);
	const record = (load<u32>(entry - 4) as usize) + 1;
	const isRejected = readRecord(entry, columnCount, fieldCount, lineEnd, mayBeIrregular);
	if (hasFunctionFailed()) {
		stop = FUNCTION_FAILED;
		stopAddress = record;
		stopLine = lineAt(record);
	} else if (lacksRoom()) stop = TOO_MANY_GROUPS;
	else if (isRejected && failsByRejects()) {
		stop = TOO_MANY_REJECTS;
		stopAddress = record;
	}
}

/** Takes a record that ends because of a quote that is never closed. See `rejectUnclosed`. */
export function takeUnclosed(record: usize, quote: usize, field: i32, lineEnd: usize): void {
	rejectUnclosed(record, quote, field, lineEnd);
	if (!failsByRejects()) return;
	stop = TOO_MANY_REJECTS;
	stopAddress = record;
}

/**
Reads records that all have the right number of fields, and no quote against the rules.

@param isRegular - Whether that is known; if not, it is looked at first.
@returns The entry behind; the first one where they are not as they should be.
*/
function readRun(firstEntry: i32, runRecords: i32, hasCarriageReturns: bool, hasQuotes: bool, isRegular: bool): i32 {
	let first = firstEntry;
	let records = runRecords;
	// The first numbers of a file tell what the others will look like.
	while (records > 0 && !haveAllPatterns() && stop === GOES_ON) {
		if (tried++ === MAX_TRIED) supposePatterns();
		else {
			readByRules(first, columnCount, entryOf(first + columnCount - 1), false);
			first += columnCount;
			records--;
		}
	}
	// They are of records in front of the run.
	wereScalesRaised();
	while (records > 0 && stop === GOES_ON) {
		const entries = entryAddress(first) - 4;
		const quote: i32 = hasQuotes ? quoteByte() : -1;
		readColumns(entries, records, hasCarriageReturns, quote, isRegular);
		// Nothing has been taken in yet.
		if (!isRegular && !endsAreFeeds()) return firstEntry;
		const added = addRun(first, records, hasCarriageReturns, quote);
		first += added * columnCount;
		records -= added;
	}
	return first;
}

/** Lets the readers of the program read a run. */
function readColumns(entries: usize, records: i32, hasReturns: bool, quote: i32, isRegular: bool): void {
	clearFlags(records);
	for (let index: i32 = 0; index < dateCount(); index++) {
		const reader = dateAt(index);
		reader.readRun(cellsOf(entries, reader.column, columnCount, hasReturns, quote), records);
	}
	// Readers of the filter are the last ones.
	const summed = numberCount() - filterReaderCount();
	if (hasFilter()) {
		for (let index = summed; index < numberCount(); index++) readNumbers(index, entries, records, hasReturns, quote, 0);
		mask = testRun(entries, columnCount, hasReturns, quote, records);
		flagWithoutValues(entries, columnCount, records, mask);
		// Mostly few records pass, or many: where none does, nothing else is read.
		if (unflagFiltered(records) === 0) return;
	} else if (!flagsWithoutValues()) flagWithoutValues(entries, columnCount, records, 0);
	for (let index: i32 = 0; index < summed; index++) {
		const toLineEnd: usize = isRegular || index > 0 ? 0 : 4 * ((columnCount - numberAt(index).column) as usize);
		readNumbers(index, entries, records, hasReturns, quote, toLineEnd);
	}
	for (let index: i32 = 0; index < productCount(); index++) productAt(index).computeRun(records);
	if (hasFilter()) unflagFiltered(records);
}

/** Whether readers flag each record that holds no values, because it has no number, or no date. */
function flagsWithoutValues(): bool {
	if (mayHoldNumbers()) return false;
	return (numberCount() > 0 && !numberAt(0).isOptional) || (dateCount() > 0 && !dateAt(0).isOptional);
}

function readNumbers(index: i32, entries: usize, records: i32, hasReturns: bool, quote: i32, toLineEnd: usize): void {
	const reader = numberAt(index);
	reader.readRun(cellsOf(entries, reader.column, columnCount, hasReturns, quote), records, toLineEnd);
}

/**
Adds the records of a run that was read.

@returns How many. It may be the first ones only: the units of the others are of another scale since, and are read again.
*/
function addRun(first: i32, records: i32, hasReturns: bool, quote: i32): i32 {
	const entries = entryAddress(first) - 4;
	let next: i32 = 0;
	/** What the host computes is there for the records in front of it. */
	let computed: i32 = callsFunctions() ? 0 : records;
	while (next < records) {
		// Records that do not pass the filter are not computed either.
		if (hasFilter()) {
			const passing = skipMask(mask, next, records, 0);
			addRows(passing - next);
			addFiltered(passing - next);
			next = passing;
			if (next === records) break;
		}
		let end = nextFlagged(next, hasFilter() ? skipMask(mask, next, records, 1) : records);
		if (computed < end) {
			computed = compute(entries, max(next, computed), end);
			end = nextFlagged(next, computed);
		}
		addSpan(entries, next, end, hasReturns, quote);
		if (stop !== GOES_ON) break;
		next = end;
		// Records that are not flagged are not computed yet.
		if (next === records || nextFlagged(next, next + 1) !== next) continue;
		const record = first + next * columnCount;
		readByRules(record, columnCount, entryOf(record + columnCount - 1), false);
		next++;
		if (stop !== GOES_ON || wereScalesRaised()) return next;
	}
	return records;
}

/** Where the mask of the run is, with a byte for each record: see filter.ts. */
let mask: usize = 0;

/** Lets the host compute records. @returns The one behind those that are computed or flagged. */
function compute(entries: usize, first: i32, last: i32): i32 {
	for (let index: i32 = 0; index < numberCount(); index++) {
		if (numberAt(index).doubles !== 0) numberAt(index).giveRun(first, last);
	}
	for (let index: i32 = 0; index < computedNumberCount(); index++) computedNumberAt(index).beginRun(first, last);
	let end = computeSpan(entries, first, last);
	for (let index: i32 = 0; index < computedNumberCount(); index++) end = computedNumberAt(index).roundRun(first, end);
	return end;
}

/** Adds the records `first` to `last` (exclusive) of a run to all analyses. */
function addSpan(entries: usize, first: i32, last: i32, hasReturns: bool, quote: i32): void {
	if (first >= last) return;
	addRows(last - first);
	if (isWriting()) writeSpan(entries, columnCount, first, last);
	for (let index: i32 = 0; index < analysisCount(); index++) {
		if (analysisAt(index).addSpan(entries, columnCount, hasReturns, quote, first, last)) continue;
		stop = TOO_MANY_GROUPS;
		return;
	}
}

/** Whether a field is too long, its quotes aside. */
export function isFieldTooLong(start: usize, end: usize): bool {
	if (end - start <= maxFieldBytes) return false;
	openCell(start, fieldEnd(start, end));
	return openedLength() > maxFieldBytes;
}

/** How many of the first entries are of records in front of the first one that breaks a bound. */
export function countWithinBounds(from: usize, count: i32, maxRecordBytes: usize): i32 {
	let record = from;
	let field = from;
	let within: i32 = 0;
	for (let entry: i32 = 0; entry < count; entry++) {
		const end = entryOf(entry);
		if (isFieldTooLong(field, end)) break;
		field = end + 1;
		if (!isLineEnd(end)) continue;
		if (fieldEnd(record, end) - record > maxRecordBytes) break;
		record = field;
		within = entry + 1;
	}
	return within;
}

/** Fails the reading because of a field that is too long. */
export function failAtField(record: usize, field: i32): void {
	stop = FIELD_TOO_LONG;
	stopField = field;
	stopAddress = record;
	stopLine = lineAt(record);
}
