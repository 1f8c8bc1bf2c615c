// Stage 2: structural index -> records -> figures.
//
//   index ──> runs of records that have as many fields as the header      others one by one: `readRecord`
//   run   ──> amounts ──> units                ┐
//         ──> dates   ──> earliest, latest     │ each a loop of its own over the whole run,
//         ──> groups  ──> counts, sums         │ leaving out the records that were flagged
//         ──> ids     ──> distinct values      │
//         ──> months  ──> sums, where wanted   ┘
//   flagged: what a loop could not read goes through `readRecord`, which knows all the rules, and all the reasons to reject.
//
// A record counts in all figures or in none: a loop takes in only the records that all loops before it have accepted.
import {
	AMOUNT_HUGE,
	AMOUNT_MISSING,
	AMOUNT_OK,
	AMOUNT_TOO_LONG,
	endsAreFeeds,
	hasPattern,
	LARGEST_QUICK_UNITS,
	learnPattern,
	raiseScaleOfSums,
	readAmount,
	readAmounts,
	readScale,
	readUnits,
	scaleOfSums,
} from './amounts';
import {NO_DATE, readDate, readDates, skipBlanks, takeDate} from './dates';
import {addToDistinct, addValue} from './distinct';
import {fieldEnd, openEntry, openedEnd, openedIsStray, openedLength, openedStart, openField} from './fields';
import {addHuge, addOne, addToGroups, rescaleSums, reserveSums} from './groups';
import {lineAt} from './lines';
import {FLAGGED, FLAGGED_AMOUNTS, INDEX, powerOfTen, UNITS} from './memory';
import {addHugeAmountToMonth, addToMonth, addToMonths, hasMonths, rescaleMonths} from './months';
import {
	FIELD_COUNT,
	failsByRejects,
	MISSING,
	NOT_A_DATE,
	NOT_A_NUMBER,
	QUOTE,
	reject,
	TOO_MANY_DIGITS,
} from './rejects';
import {isLineEnd, quoteByte} from './structure';

let maxFieldBytes: usize = 0;
let columnCount: i32 = 0;
let idColumn: i32 = 0;
let amountColumn: i32 = 0;
let dateColumn: i32 = 0;
let groupColumn: i32 = 0;

let rows: u64 = 0;
/** What ended the reading in front of the end, see `Stop`. */
let stop: i32 = 0;
let stopField: i32 = 0;
let stopAddress: usize = 0;
let stopLine: u64 = 0;

export const GOES_ON: i32 = 0;
export const TOO_MANY_REJECTS: i32 = 1;
export const TOO_MANY_GROUPS: i32 = 2;
export const FIELD_TOO_LONG: i32 = 3;

export function limitFields(bytes: u32): void {
	maxFieldBytes = bytes as usize;
}
export function setColumns(columns: i32, id: i32, amount: i32, date: i32, group: i32): void {
	columnCount = columns;
	idColumn = id;
	amountColumn = amount;
	dateColumn = date;
	groupColumn = group;
}
export function beginBatches(): void {
	rows = 0;
	stop = GOES_ON;
}
export function countRows(): f64 {
	return rows as f64;
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
Folds the records of the first entries of the index.

@param from - Where the first record begins.
@param count - Entries; the last one is a line end.
@param lineEnds - How many of them are.
@returns False where the reading must end: see `stopReason`.
*/
export function foldEntries(
	from: usize,
	count: i32,
	lineEnds: i32,
	hasCarriageReturns: bool,
	hasQuotes: bool,
	isIrregular: bool,
): bool {
	store<u32>(INDEX - 4, (from - 1) as u32);
	if (isIrregular) return foldOneByOne(0, count);
	let first: i32 = 0;
	// As many line ends as records: if each is where a record's last entry should be, there is none in between.
	if (lineEnds * columnCount === count) {
		const isKnown = !hasPattern() || hasCarriageReturns;
		const records = isKnown ? countRegular(0, lineEnds) : lineEnds;
		first = foldRun(0, records, hasCarriageReturns, hasQuotes, isKnown);
	}
	// Some record has more or fewer fields, or is blank: it ends one run, and behind it the next one begins.
	while (first < count && stop === GOES_ON) {
		let end = first;
		let records: i32 = 0;
		while (end + columnCount <= count && isRegular(end)) {
			end += columnCount;
			records++;
		}
		if (records > 0) foldRun(first, records, hasCarriageReturns, hasQuotes, true);
		if (stop !== GOES_ON) return false;
		first = end;
		if (first < count) first = foldOne(first);
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

function isRegular(first: i32): bool {
	let address = entryAddress(first);
	for (let field: i32 = 1; field < columnCount; field++, address += 4) {
		if (isLineEnd(load<u32>(address) as usize)) return false;
	}
	return isLineEnd(load<u32>(address) as usize);
}

/** Folds the record whose first entry is given, whatever it is. Returns the first entry of the next one. */
function foldOne(first: i32): i32 {
	let last = first;
	while (!isLineEnd(load<u32>(entryAddress(last)) as usize)) last++;
	readRecord(first, last - first + 1, true);
	return last + 1;
}

function foldOneByOne(from: i32, count: i32): bool {
	let first = from;
	while (first < count && stop === GOES_ON) first = foldOne(first);
	return stop === GOES_ON;
}

/**
Folds records that all have the right number of fields, and no quote against the rules.

@param isRegular - Whether that is known; if not, it is looked at first.
@returns The entry behind; the first one where they are not as they should be.
*/
function foldRun(firstEntry: i32, runRecords: i32, hasCarriageReturns: bool, hasQuotes: bool, isRegular: bool): i32 {
	let first = firstEntry;
	let records = runRecords;
	// The first amounts of a file tell what the others will look like.
	while (records > 0 && !hasPattern() && stop === GOES_ON) {
		readRecord(first, columnCount, false);
		first += columnCount;
		records--;
	}
	if (records === 0 || stop !== GOES_ON) return first;

	const stride: usize = 4 * (columnCount as usize);
	const entries = entryAddress(first) - 4;
	const quote: i32 = hasQuotes ? (quoteByte() as i32) : -1;
	const last = columnCount - 1;
	const oddAmounts = readAmounts(
		entries + 4 * (amountColumn as usize),
		stride,
		records,
		4 * ((columnCount - amountColumn) as usize),
		hasCarriageReturns && amountColumn === last,
		quote,
		UNITS,
		FLAGGED_AMOUNTS,
	);

	// Nothing has been taken in yet.
	if (!isRegular && !endsAreFeeds()) return firstEntry;

	// Dates of what is left; the flagged ones of both, in order.
	const dates = entries + 4 * (dateColumn as usize);
	const datesEndRecord = hasCarriageReturns && dateColumn === last;
	let flaggedEnd: usize = FLAGGED;
	let next: i32 = 0;
	for (let odd: i32 = 0; odd < oddAmounts; odd++) {
		const record = load<u32>(FLAGGED_AMOUNTS + 4 * (odd as usize)) as i32;
		flaggedEnd = readDates(dates, stride, next, record, datesEndRecord, quote, flaggedEnd);
		store<u32>(flaggedEnd, record as u32);
		flaggedEnd += 4;
		next = record + 1;
	}
	flaggedEnd = readDates(dates, stride, next, records, datesEndRecord, quote, flaggedEnd);

	reserveSums(records, LARGEST_QUICK_UNITS);
	next = 0;
	for (let flag: usize = FLAGGED; flag < flaggedEnd && stop === GOES_ON; flag += 4) {
		const record = load<u32>(flag) as i32;
		foldSpan(entries, stride, next, record, hasCarriageReturns, quote);
		if (stop !== GOES_ON) break;
		const scale = scaleOfSums();
		readRecord(first + record * columnCount, columnCount, false);
		next = record + 1;
		// The units of the other amounts are of the scale before: they are read again. Their dates may be taken twice.
		if (scaleOfSums() === scale) continue;
		return foldRun(first + next * columnCount, records - next, hasCarriageReturns, hasQuotes, true);
	}
	if (stop === GOES_ON) foldSpan(entries, stride, next, records, hasCarriageReturns, quote);
	return first + records * columnCount;
}

/** Takes accepted records into groups and distinct values. */
function foldSpan(entries: usize, stride: usize, first: i32, last: i32, hasCarriageReturns: bool, quote: i32): void {
	if (first >= last) return;
	const lastColumn = columnCount - 1;
	const groups = entries + 4 * (groupColumn as usize);
	const ids = entries + 4 * (idColumn as usize);
	rows += (last - first) as u64;
	if (!addToGroups(groups, stride, first, last, hasCarriageReturns && groupColumn === lastColumn, quote)) {
		stop = TOO_MANY_GROUPS;
		return;
	}
	addToDistinct(ids, stride, first, last, hasCarriageReturns && idColumn === lastColumn, quote);
	if (hasMonths()) addToMonths(entries + 4 * (dateColumn as usize), stride, first, last, quote);
}

/** Where a field of the record that begins at an entry is opened. */
function openColumn(first: i32, column: i32): void {
	openEntry(entryAddress(first + column) - 4);
}

/**
Reads one record by all the rules, and takes it in or rejects it.

@param first - Its first entry. The entry in front of it is the byte before the record.
@param fieldCount - As many entries it has; of more than columns, only one more needs to be there.
@param mayBeIrregular - Whether its number of fields and its quotes are to be looked at.
*/
export function readRecord(first: i32, fieldCount: i32, mayBeIrregular: bool): void {
	const record = (load<u32>(entryAddress(first - 1)) as usize) + 1;
	if (mayBeIrregular) {
		if (fieldCount === 1 && isBlank(first)) return;
		rows++;
		if (fieldCount !== columnCount) {
			refuse(record, FIELD_COUNT, -1, fieldCount);
			return;
		}
		for (let column: i32 = 0; column < columnCount; column++) {
			openColumn(first, column);
			if (!openedIsStray()) continue;
			refuse(record, QUOTE, column, fieldCount);
			return;
		}
	} else rows++;

	openColumn(first, amountColumn);
	const amount = openedStart();
	const amountEnd = openedEnd();
	const outcome = readAmount(amount, amountEnd);
	if (outcome === AMOUNT_MISSING) {
		refuse(record, MISSING, amountColumn, fieldCount);
		return;
	}
	if (outcome !== AMOUNT_OK && outcome !== AMOUNT_HUGE) {
		const reason = outcome === AMOUNT_TOO_LONG ? TOO_MANY_DIGITS : NOT_A_NUMBER;
		refuse(record, reason, amountColumn, fieldCount);
		return;
	}
	let units = readUnits();
	const scale = readScale();

	openColumn(first, dateColumn);
	const dateStart = openedStart();
	const dateEnd = openedEnd();
	const date = readDate(dateStart, dateEnd);
	if (date === NO_DATE) {
		const reason = skipBlanks(dateStart, dateEnd) === dateEnd ? MISSING : NOT_A_DATE;
		refuse(record, reason, dateColumn, fieldCount);
		return;
	}

	// From here on the record counts.
	let isHuge = outcome === AMOUNT_HUGE || scale > 18;
	if (!isHuge) {
		if (scale > scaleOfSums()) {
			rescaleSums(powerOfTen(scale - scaleOfSums()), scaleOfSums());
			if (hasMonths()) rescaleMonths(powerOfTen(scale - scaleOfSums()), scaleOfSums());
			raiseScaleOfSums(scale);
		}
		const factor = powerOfTen(scaleOfSums() - scale);
		isHuge = abs<i64>(units) > i64.MAX_VALUE / factor;
		units *= factor;
		if (!hasPattern()) learnPattern(scale);
	}
	takeDate(date);
	if (hasMonths()) {
		if (isHuge) addHugeAmountToMonth(dateStart, dateEnd, amount, amountEnd - amount);
		else addToMonth(dateStart, dateEnd, units);
	}
	openColumn(first, groupColumn);
	if (addOne(openedStart(), openedEnd() - openedStart(), isHuge ? 0 : units) === 0) {
		stop = TOO_MANY_GROUPS;
		return;
	}
	if (isHuge) {
		// The group's name may have been copied to where the amount would be copied to; the amount has no quotes to remove.
		addHuge(openedStart(), openedEnd() - openedStart(), amount, amountEnd - amount);
	}
	openColumn(first, idColumn);
	addValue(openedStart(), openedEnd() - openedStart());
}

function isBlank(first: i32): bool {
	const entry = entryAddress(first);
	const start = (load<u32>(entry - 4) as usize) + 1;
	return fieldEnd(start, load<u32>(entry) as usize) === start;
}

/** @param column - Whose value is told: the field that was opened last, or the whole field where text is behind its quote. */
function refuse(record: usize, reason: i32, column: i32, fieldCount: i32): void {
	if (column < 0) reject(record, reason, column, fieldCount, 0, 0);
	else reject(record, reason, column, fieldCount, openedStart(), openedEnd());
	if (failsByRejects()) {
		stop = TOO_MANY_REJECTS;
		stopAddress = record;
	}
}

/** Whether a field is too long, its quotes aside. */
export function isFieldTooLong(start: usize, end: usize): bool {
	if (end - start <= maxFieldBytes) return false;
	openField(start, fieldEnd(start, end));
	return openedLength() > maxFieldBytes;
}

/** Fails the reading because of a field that is too long. */
export function failAtField(record: usize, field: i32): void {
	stop = FIELD_TOO_LONG;
	stopField = field;
	stopAddress = record;
	stopLine = lineAt(record);
}
