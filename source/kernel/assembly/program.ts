// The program of a file: what is read of each record, and what is kept of it. The host writes it as words (../write-program.ts):
//
//   numbers    how many; of each: column, 1 for optional + 2 for a factor + 4 for one that functions are given
//                + 8 for a decimal comma + 16 for percent + 32 where another reader of the column notes its forms
//                + 64 where no groups may have the other mark between them
//   dates      how many; of each: column, 1 for optional + 2 for one with times + 4 for one of the filter + 16 × its form
//   products   how many; of each: the numbers of two readers of numbers, 1 for their difference
//   computed   numbers: how many; of each: decimals. How many dates. How many texts
//   analyses   how many; of each: 1 where lines are counted; 1 where the host has functions for it;
//     required   how many; of each: the number of a reader, those of dates behind those of numbers, then products
//     values     how many; of each: the number of a value: readers of numbers, products, computed numbers
//     sums       how many; of each: value, 1 for counted + 2 for the smallest and the largest
//     ranges     how many; of each: the number of a date (readers of dates, then computed ones), 1 for times
//     sets       how many; of each: column or `COMPUTED` + the number of a computed text, the most values, the most bytes of them
//     tables     how many; of each: the most groups, the most bytes of keys,
//                  keys: how many (1 or 2); of each: part (key-parts.ts); column, date or computed text
//                  1 where the first summand is no sum of the declaration; summands: how many; of each: as sums
//                  ranges: how many; of each: as above; 1 where different keys are counted
//     columns    0, or 1 and: how many; of each: the most values, the most bytes of them, bits of registers, and of the sample the most
//                  entries, the most bytes of them, the most of one; 0, or 1 where faults are looked for and: the column that is a key,
//                  the most keys, the most bytes of them, the most in the sample
//
//   filter     tests: how many; of each: kind (filter.ts), 1 for negated, then
//                of numbers the number of a reader, and the smallest and the largest units for 0 to 18 decimals, 4 each
//                of dates the number of a reader, the first and the last code
//                of texts the column, 1 where it may be other bytes, how many bytes it has, the bytes
//              and where there are any: code: how many words; the words; of how many of the last numbers it alone has readers
//
// What is not there is `NONE`. The states of analyses stay where the next program has the same analyses.
import {Analysis} from './analysis';
import {ColumnSet} from './columns/column-set';
import {KeyCounts, OF_CELLS, OF_RECORDS} from './columns/key-counts';
import {TableFaults} from './columns/table-faults';
import {ComputedNumber, ComputedText} from './computed';
import {DateRange} from './date-range';
import {DateReader} from './date-reader';
import {CellTest, DATE, NUMBER, setFilter} from './filter';
import {GroupTable} from './group-table';
import {itemOf} from './items';
import {ABSENT, COMPUTED_TEXT, KeyPart, TEXT} from './key-parts';
import {clearArena, reserve} from './keys';
import {MAPPING, MAX_BATCH_RECORDS, READERS, STATES} from './memory';
import {NumberReader} from './number-reader';
import {Product} from './product';
import {Summand, TotalSum} from './summand';
import {Value} from './value';
import {ValueSet} from './value-set';

const NONE: u32 = 0xffff_ffff;
/** As the column of a set: a computed text. */
const COMPUTED: u32 = 0x8000_0000;
const OPTIONAL: u32 = 1;
/** Of the functions of an analysis. */
const WITH_CONDITION: u32 = 2;
const FACTOR: u32 = 2;
const GIVEN: u32 = 4;
const TIMED: u32 = 2;
const OF_FILTER: u32 = 4;
const FORM_SHIFT: u32 = 4;
const COUNTED: u32 = 1;
const WITH_EXTREMES: u32 = 2;
const COLUMN_SET_WORDS: usize = 7;

/** Lists of addresses: readers of numbers and products in one, for both are values. */
let values: usize = 0;
let numberTotal: i32 = 0;
let productTotal: i32 = 0;
let dates: usize = 0;
let dateTotal: i32 = 0;
/** Behind those that are read. */
let computedNumberTotal: i32 = 0;
let computedDateTotal: i32 = 0;
let texts: usize = 0;
let textTotal: i32 = 0;
let hasFunctions: bool = false;
let analyses: usize = 0;
let analysisTotal: i32 = 0;

export function numberCount(): i32 {
	return numberTotal;
}
export function numberAt(index: i32): NumberReader {
	return changetype<NumberReader>(itemOf(values, index));
}
export function productCount(): i32 {
	return productTotal;
}
export function productAt(index: i32): Product {
	return changetype<Product>(itemOf(values, numberTotal + index));
}
export function valueCount(): i32 {
	return numberTotal + productTotal + computedNumberTotal;
}
export function computedNumberCount(): i32 {
	return computedNumberTotal;
}
export function computedNumberAt(index: i32): ComputedNumber {
	return changetype<ComputedNumber>(itemOf(values, numberTotal + productTotal + index));
}
export function computedDateAt(index: i32): DateReader {
	return dateAt(dateTotal + index);
}
export function computedTextAt(index: i32): ComputedText {
	return changetype<ComputedText>(itemOf(texts, index));
}
/** Whether any analysis has functions. */
export function callsFunctions(): bool {
	return hasFunctions;
}
export function valueAt(index: i32): Value {
	return changetype<Value>(itemOf(values, index));
}
/** Dates that are read. */
export function dateCount(): i32 {
	return dateTotal;
}
export function dateAt(index: i32): DateReader {
	return changetype<DateReader>(itemOf(dates, index));
}
export function analysisCount(): i32 {
	return analysisTotal;
}
export function analysisAt(index: i32): Analysis {
	return changetype<Analysis>(itemOf(analyses, index));
}

/** The next word of the program. */
let cursor: usize = 0;
function next(): u32 {
	const word = load<u32>(cursor);
	cursor += 4;
	return word;
}

/**
Sets up a program.

@param hasSameStates - Whether its analyses keep the same as those of the last one.
*/
export function loadProgram(words: usize, hasSameStates: bool): void {
	cursor = words;
	releaseReaders();
	clearArena(MAPPING);
	loadReaders();
	if (!hasSameStates) releaseStates();
	const count = next() as i32;
	if (!hasSameStates) {
		analyses = reserve(STATES, 4 * (count as usize));
		for (let index: i32 = 0; index < count; index++) {
			store<u32>(analyses + 4 * (index as usize), reserve(STATES, offsetof<Analysis>()) as u32);
		}
	}
	analysisTotal = count;
	summandTotal = 0;
	hasFunctions = false;
	for (let index: i32 = 0; index < count; index++) {
		analysisAt(index).number = index as u32;
		loadAnalysis(analysisAt(index), !hasSameStates);
	}
	loadFilter();
}

function loadFilter(): void {
	const count = next() as i32;
	const tests = createList(MAPPING, count);
	for (let index: i32 = 0; index < count; index++) {
		const test = reserve(MAPPING, offsetof<CellTest>());
		memory.fill(test, 0, offsetof<CellTest>());
		store<u32>(tests + 4 * (index as usize), test as u32);
		changetype<CellTest>(test).number = index as u32;
		loadTest(changetype<CellTest>(test));
	}
	const length: i32 = count === 0 ? 0 : (next() as i32);
	const code = copyWords(length);
	const own: i32 = count === 0 ? 0 : (next() as i32);
	const readers = createList(MAPPING, own);
	for (let index: i32 = 0; index < own; index++) {
		store<u32>(readers + 4 * (index as usize), changetype<usize>(numberAt(numberTotal - own + index)) as u32);
	}
	setFilter(tests, count, code, length, readers, own);
}

/** 16 zeros stand behind them. @returns Where they are until the next program. */
function copyWords(count: i32): usize {
	const bytes: usize = 4 * (count as usize);
	const words = reserve(MAPPING, bytes + 16);
	memory.copy(words, cursor, bytes);
	memory.fill(words + bytes, 0, 16);
	cursor += bytes;
	return words;
}

/** Words of the bounds of a number. */
const BOUND_WORDS: i32 = 4 * 19;

function loadTest(test: CellTest): void {
	test.kind = next() as i32;
	test.isNegated = next() === 1;
	const at = next() as i32;
	if (test.kind === NUMBER) {
		test.reader = changetype<usize>(numberAt(at));
		test.bounds = copyWords(BOUND_WORDS);
		return;
	}
	if (test.kind === DATE) {
		test.reader = changetype<usize>(dateAt(at));
		test.first = next();
		test.last = next();
		return;
	}
	test.column = at;
	test.isInHost = next() === 1;
	test.textBytes = next() as usize;
	test.text = copyWords(((test.textBytes + 3) >> 2) as i32);
	test.borders = reserve(MAPPING, 4 * max<usize>(1, test.textBytes));
	test.findBorders();
}

function releaseReaders(): void {
	for (let index: i32 = 0; index < numberTotal; index++) numberAt(index).release();
	for (let index: i32 = 0; index < productTotal; index++) productAt(index).release();
	for (let index: i32 = 0; index < dateTotal + computedDateTotal; index++) dateAt(index).release();
	for (let index: i32 = 0; index < computedNumberTotal; index++) computedNumberAt(index).release();
	for (let index: i32 = 0; index < textTotal; index++) computedTextAt(index).release();
	clearArena(READERS);
}

function releaseStates(): void {
	for (let index: i32 = 0; index < analysisTotal; index++) analysisAt(index).release();
	clearArena(STATES);
}

function loadReaders(): void {
	numberTotal = next() as i32;
	const numbers = cursor;
	cursor += 8 * (numberTotal as usize);
	dateTotal = next() as i32;
	const columns = cursor;
	cursor += 8 * (dateTotal as usize);
	productTotal = next() as i32;
	const factors = cursor;
	cursor += 12 * (productTotal as usize);
	computedNumberTotal = next() as i32;
	const computed = cursor;
	cursor += 4 * (computedNumberTotal as usize);
	computedDateTotal = next() as i32;
	textTotal = next() as i32;
	dates = reserve(READERS, 4 * ((dateTotal + computedDateTotal) as usize));
	for (let index: i32 = 0; index < dateTotal + computedDateTotal; index++) {
		const date = reserve(READERS, offsetof<DateReader>());
		store<u32>(dates + 4 * (index as usize), date as u32);
		const isRead = index < dateTotal;
		const column = isRead ? load<i32>(columns + 8 * (index as usize)) : -1;
		const flags = isRead ? load<u32>(columns + 8 * (index as usize), 4) : OPTIONAL;
		changetype<DateReader>(date).create(index, column, (flags & OPTIONAL) !== 0, (flags & TIMED) !== 0);
		changetype<DateReader>(date).setForm((flags >> FORM_SHIFT) as i32, (flags & OF_FILTER) !== 0);
	}
	values = reserve(READERS, 4 * (valueCount() as usize));
	for (let index: i32 = 0; index < numberTotal; index++) {
		const reader = reserve(READERS, offsetof<NumberReader>());
		store<u32>(values + 4 * (index as usize), reader as u32);
		const flags = load<u32>(numbers + 8 * (index as usize), 4);
		const column = load<i32>(numbers + 8 * (index as usize));
		changetype<NumberReader>(reader).create(
			index,
			column,
			(flags & OPTIONAL) !== 0,
			(flags & FACTOR) !== 0,
			(flags & GIVEN) !== 0,
		);
		changetype<NumberReader>(reader).setForm(flags);
	}
	for (let index: i32 = 0; index < productTotal; index++) {
		const product = reserve(READERS, offsetof<Product>());
		store<u32>(values + 4 * ((numberTotal + index) as usize), product as u32);
		const words = factors + 12 * (index as usize);
		const isDifference = load<u32>(words, 8) === 1;
		changetype<Product>(product).create(numberAt(load<i32>(words)), numberAt(load<i32>(words, 4)), isDifference);
	}
	for (let index: i32 = 0; index < computedNumberTotal; index++) {
		const number = reserve(READERS, offsetof<ComputedNumber>());
		store<u32>(values + 4 * ((numberTotal + productTotal + index) as usize), number as u32);
		const decimals = load<i32>(computed + 4 * (index as usize));
		changetype<ComputedNumber>(number).create(index as u32, decimals);
	}
	texts = reserve(READERS, 4 * (textTotal as usize));
	for (let index: i32 = 0; index < textTotal; index++) {
		const text = reserve(READERS, offsetof<ComputedText>());
		store<u32>(texts + 4 * (index as usize), text as u32);
		changetype<ComputedText>(text).create();
	}
}

/** A list of so many addresses, at first of nothing. */
function createList(arena: usize, count: i32): usize {
	const list = reserve(arena, 4 * (count as usize));
	memory.fill(list, 0, 4 * (count as usize));
	return list;
}

function loadAnalysis(analysis: Analysis, isNew: bool): void {
	analysis.countsLines = next() === 1;
	const functions = next();
	analysis.hasFunctions = functions !== 0;
	analysis.fits = (functions & WITH_CONDITION) === 0 ? 0 : reserve(MAPPING, MAX_BATCH_RECORDS);
	hasFunctions = hasFunctions || analysis.hasFunctions;
	analysis.requiredCount = next() as i32;
	analysis.required = createList(MAPPING, analysis.requiredCount);
	for (let index: i32 = 0; index < analysis.requiredCount; index++) {
		store<u32>(analysis.required + 4 * (index as usize), next());
	}
	analysis.valueCount = next() as i32;
	analysis.values = createList(MAPPING, analysis.valueCount);
	for (let index: i32 = 0; index < analysis.valueCount; index++) {
		store<u32>(analysis.values + 4 * (index as usize), changetype<usize>(valueAt(next() as i32)) as u32);
	}
	const sumCount = next() as i32;
	if (isNew) analysis.sums = createItems(sumCount, offsetof<TotalSum>());
	analysis.sumCount = sumCount;
	for (let index: i32 = 0; index < sumCount; index++) loadSummand(analysis.sumAt(index));
	const rangeCount = next() as i32;
	if (isNew) analysis.ranges = createItems(rangeCount, offsetof<DateRange>());
	analysis.rangeCount = rangeCount;
	for (let index: i32 = 0; index < rangeCount; index++) {
		const range = analysis.rangeAt(index);
		range.reader = loadDate();
		range.isTimed = next() === 1;
	}
	const setCount = next() as i32;
	if (isNew) analysis.sets = createItems(setCount, offsetof<ValueSet>());
	analysis.setCount = setCount;
	for (let index: i32 = 0; index < setCount; index++) loadSet(analysis.setAt(index), isNew);
	const tableCount = next() as i32;
	if (isNew) analysis.tables = createItems(tableCount, offsetof<GroupTable>());
	analysis.tableCount = tableCount;
	for (let index: i32 = 0; index < tableCount; index++) loadTable(analysis.tableAt(index), isNew);
	if (isNew) {
		analysis.columnSet = 0;
		analysis.totals = 0;
	}
	if (next() === 1) loadColumns(analysis, isNew);
}

/** A list of so many states, all zero. */
function createItems(count: i32, bytes: usize): usize {
	const list = createList(STATES, count);
	for (let index: i32 = 0; index < count; index++) {
		const item = reserve(STATES, bytes);
		memory.fill(item, 0, bytes);
		store<u32>(list + 4 * (index as usize), item as u32);
	}
	return list;
}

/** They are numbered in the order of the program. */
let summandTotal: u32 = 0;

function loadSummand(summand: Summand): void {
	const value = next();
	summand.number = summandTotal++;
	summand.value = value === NONE ? 0 : changetype<usize>(valueAt(value as i32));
	const kind = value === NONE ? -1 : (value as i32) - numberTotal;
	summand.isProduct = kind >= 0 && kind < productTotal;
	summand.isComputed = kind >= productTotal;
	const flags = next();
	summand.isCounted = (flags & COUNTED) !== 0;
	summand.hasExtremes = (flags & WITH_EXTREMES) !== 0;
}

function loadSet(set: ValueSet, isNew: bool): void {
	const column = next();
	const isComputed = column !== NONE && (column & COMPUTED) !== 0;
	set.column = isComputed ? -1 : (column as i32);
	set.text = isComputed ? changetype<usize>(computedTextAt((column & ~COMPUTED) as i32)) : 0;
	const maxValues = next();
	const maxValueBytes = next();
	if (isNew) set.create(STATES, maxValues, maxValueBytes);
}

function loadTable(table: GroupTable, isNew: bool): void {
	table.maxKeys = next();
	table.maxKeyBytes = next();
	if (isNew) table.create(STATES);
	const keyCount = next();
	const first = loadKeyPart();
	table.setKey(first, keyCount === 2 ? loadKeyPart() : null);
	table.isLedByRecords = next() === 1;
	const summandCount = next() as i32;
	if (isNew) table.summands = createItems(summandCount, offsetof<Summand>());
	table.summandCount = summandCount;
	for (let index: i32 = 0; index < summandCount; index++) loadSummand(table.summandAt(index));
	table.rangeCount = next() as i32;
	table.ranges = createList(MAPPING, 2 * table.rangeCount);
	for (let index: i32 = 0; index < table.rangeCount; index++) {
		store<u32>(table.ranges + 8 * (index as usize), loadDate() as u32);
		store<u32>(table.ranges + 8 * (index as usize), next(), 4);
	}
	table.countsKeys = next() === 1;
	table.layOut();
}

/** A reader of dates; 0 where it is not there. */
function loadDate(): usize {
	const reader = next();
	return reader === NONE ? 0 : changetype<usize>(dateAt(reader as i32));
}

function loadColumns(analysis: Analysis, isNew: bool): void {
	const words = cursor;
	cursor += 4 * COLUMN_SET_WORDS;
	const ownFaults: usize = isNew ? 0 : analysis.allColumns().tableFaults;
	const faults = next() === 1 ? loadFaults(analysis.number, ownFaults) : 0;
	if (!isNew) return;
	const columns = changetype<ColumnSet>(reserve(STATES, offsetof<ColumnSet>()));
	const sample = words + 16;
	columns.create(
		STATES,
		analysis.number,
		load<u32>(words),
		load<u32>(words, 4),
		load<u32>(words, 8),
		load<u32>(words, 12),
		load<u32>(sample),
		load<u32>(sample, 4),
		load<u32>(sample, 8),
		faults,
	);
	analysis.columnSet = changetype<usize>(columns);
}

/** @param own - What the analysis has already; 0 where it is new. */
function loadFaults(owner: u32, own: usize): usize {
	const keyColumn = next() as i32;
	const maxValues = next();
	const maxValueBytes = next();
	const maxSampled = next();
	const faults = changetype<TableFaults>(own !== 0 ? own : reserve(STATES, offsetof<TableFaults>()));
	faults.keyColumn = keyColumn;
	if (own !== 0) return own;
	faults.owner = owner;
	faults.records = changetype<KeyCounts>(reserve(STATES, offsetof<KeyCounts>()));
	faults.cells = changetype<KeyCounts>(reserve(STATES, offsetof<KeyCounts>()));
	faults.records.create(STATES, OF_RECORDS, owner, maxValues, maxValueBytes, maxSampled);
	faults.cells.create(STATES, OF_CELLS, owner, maxValues, maxValueBytes, maxSampled);
	return changetype<usize>(faults);
}

function loadKeyPart(): KeyPart {
	const key = changetype<KeyPart>(reserve(MAPPING, offsetof<KeyPart>()));
	const part = next();
	const at = next();
	key.part = at === NONE ? ABSENT : (part as i32);
	if (key.part === TEXT || at === NONE) key.at = at as usize;
	else if (key.part === COMPUTED_TEXT) key.at = changetype<usize>(computedTextAt(at as i32));
	else key.at = changetype<usize>(dateAt(at as i32));
	return key;
}
