// The program of a file: what is read of each record, and what is kept of it. The host writes it as words (../write-program.ts):
//
//   numbers    how many; of each: column, 1 for optional + 2 for a factor
//   dates      how many; of each: column, 1 for optional + 2 for one with times
//   products   how many; of each: the numbers of two readers of numbers
//   analyses   how many; of each: 1 where lines are counted;
//     required   how many; of each: the number of a reader, those of dates behind those of numbers
//     values     how many; of each: the number of a value, products behind the readers of numbers
//     sums       how many; of each: value, 1 for counted + 2 for the smallest and the largest
//     ranges     how many; of each: the number of a reader of dates, 1 for times
//     sets       how many; of each: column, the most values, the most bytes of them
//     tables     how many; of each: the most groups, the most bytes of keys,
//                  keys: how many (1 or 2); of each: part (key-parts.ts), column or reader of dates
//                  1 where the first summand is no sum of the declaration; summands: how many; of each: as sums
//                  ranges: how many; of each: as above; 1 where different keys are counted
//
// What is not there is `NONE`. The states of analyses stay where the next program has the same analyses.
import {Analysis} from './analysis';
import {DateRange} from './date-range';
import {DateReader} from './date-reader';
import {GroupTable} from './group-table';
import {itemOf} from './items';
import {ABSENT, KeyPart, TEXT} from './key-parts';
import {clearArena, reserve} from './keys';
import {MAPPING, READERS, STATES} from './memory';
import {NumberReader} from './number-reader';
import {Product} from './product';
import {Summand, TotalSum} from './summand';
import {Value} from './value';
import {ValueSet} from './value-set';

const NONE: u32 = 0xffff_ffff;
const OPTIONAL: u32 = 1;
const FACTOR: u32 = 2;
const TIMED: u32 = 2;
const COUNTED: u32 = 1;
const WITH_EXTREMES: u32 = 2;

/** Lists of addresses: readers of numbers and products in one, for both are values. */
let values: usize = 0;
let numberTotal: i32 = 0;
let productTotal: i32 = 0;
let dates: usize = 0;
let dateTotal: i32 = 0;
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
	return numberTotal + productTotal;
}
export function valueAt(index: i32): Value {
	return changetype<Value>(itemOf(values, index));
}
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
	for (let index: i32 = 0; index < count; index++) loadAnalysis(analysisAt(index), !hasSameStates);
}

function releaseReaders(): void {
	for (let index: i32 = 0; index < numberTotal; index++) numberAt(index).release();
	for (let index: i32 = 0; index < productTotal; index++) productAt(index).release();
	for (let index: i32 = 0; index < dateTotal; index++) dateAt(index).release();
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
	dates = reserve(READERS, 4 * (dateTotal as usize));
	for (let index: i32 = 0; index < dateTotal; index++) {
		const date = reserve(READERS, offsetof<DateReader>());
		store<u32>(dates + 4 * (index as usize), date as u32);
		const column = next() as i32;
		const flags = next();
		changetype<DateReader>(date).create(column, (flags & OPTIONAL) !== 0, (flags & TIMED) !== 0);
	}
	productTotal = next() as i32;
	values = reserve(READERS, 4 * ((numberTotal + productTotal) as usize));
	for (let index: i32 = 0; index < numberTotal; index++) {
		const reader = reserve(READERS, offsetof<NumberReader>());
		store<u32>(values + 4 * (index as usize), reader as u32);
		const flags = load<u32>(numbers + 8 * (index as usize), 4);
		const column = load<i32>(numbers + 8 * (index as usize));
		changetype<NumberReader>(reader).create(column, (flags & OPTIONAL) !== 0, (flags & FACTOR) !== 0);
	}
	for (let index: i32 = 0; index < productTotal; index++) {
		const product = reserve(READERS, offsetof<Product>());
		store<u32>(values + 4 * ((numberTotal + index) as usize), product as u32);
		const left = next() as i32;
		changetype<Product>(product).create(numberAt(left), numberAt(next() as i32));
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
	summand.isProduct = value !== NONE && (value as i32) >= numberTotal;
	const flags = next();
	summand.isCounted = (flags & COUNTED) !== 0;
	summand.hasExtremes = (flags & WITH_EXTREMES) !== 0;
}

function loadSet(set: ValueSet, isNew: bool): void {
	set.column = next() as i32;
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

function loadKeyPart(): KeyPart {
	const key = changetype<KeyPart>(reserve(MAPPING, offsetof<KeyPart>()));
	const part = next();
	const at = next();
	key.part = at === NONE ? ABSENT : (part as i32);
	key.at = key.part === TEXT || at === NONE ? (at as usize) : changetype<usize>(dateAt(at as i32));
	return key;
}
