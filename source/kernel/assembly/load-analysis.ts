// An analysis of a program: what it keeps, and of which readers. See program.ts.
import {Analysis} from './analysis';
import {ColumnSet} from './columns/column-set';
import {KeyCounts, OF_CELLS, OF_RECORDS} from './columns/key-counts';
import {TableFaults} from './columns/table-faults';
import {DateRange} from './date-range';
import {GroupTable} from './group-table';
import {ABSENT, COMPUTED_TEXT, KeyPart, TEXT} from './key-parts';
import {reserve} from './keys';
import {MAPPING, MAX_BATCH_RECORDS, STATES} from './memory';
import {createList, NONE, next, passWords} from './program-words';
import {computedTextAt, dateAt, numberCount, productCount, valueAt} from './readers';
import {Summand, TotalSum} from './summand';
import {ValueSet} from './value-set';

/** As the column of a set: a computed text. */
const COMPUTED: u32 = 0x8000_0000;
/** Of the functions of an analysis. */
const WITH_CONDITION: u32 = 2;
const COUNTED: u32 = 1;
const WITH_EXTREMES: u32 = 2;
const COLUMN_SET_WORDS: i32 = 8;

/** @param isNew - Whether it keeps anything else than the last one of its number. */
export function loadAnalysis(analysis: Analysis, isNew: bool): void {
	analysis.countsLines = next() === 1;
	const functions = next();
	analysis.hasFunctions = functions !== 0;
	analysis.fits = (functions & WITH_CONDITION) === 0 ? 0 : reserve(MAPPING, MAX_BATCH_RECORDS);
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

/** Before those of a program are loaded. */
export function beginSummands(): void {
	summandTotal = 0;
}

function loadSummand(summand: Summand): void {
	const value = next();
	summand.number = summandTotal++;
	summand.value = value === NONE ? 0 : changetype<usize>(valueAt(value as i32));
	const kind = value === NONE ? -1 : (value as i32) - numberCount();
	summand.isProduct = kind >= 0 && kind < productCount();
	summand.isComputed = kind >= productCount();
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
	const words = passWords(COLUMN_SET_WORDS);
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
		load<u32>(sample, 12) === 1,
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
