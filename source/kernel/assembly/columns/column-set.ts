// The columns of an analysis that looks at all of them, one after the other over the records of a run. Any record counts whose structure
// is right.
import {cellsOf, openEntry, openedEnd, openedStart} from '../fields';
import {itemOf} from '../items';
import {hashKey, reserve} from '../keys';
import {addressOffset} from '../rejects';
import {quoteByte} from '../structure';
import {CellSample, HASH_LIMIT, sampledHash} from './cell-sample';
import {Column} from './column';
import {LIMITS_BYTES} from './first-cells';
import {NumberForm, prepareNumbers} from './number-cells';
import {NumberSums} from './number-sums';
import {placeCells, preparePlaces} from './places';
import {
	entriesOfPlain,
	MAX_PORTION,
	makePlain,
	PAIR_BYTES,
	pairsOfPortion,
	strideOfPlain,
	writePair,
} from './plain-cells';
import {readCells} from './read-column';
import {TableFaults} from './table-faults';
import {prepareTexts} from './text-cells';
import {KeptText, TextRange} from './text-range';
import {ValueCounts} from './value-counts';
import {rewriteCells, sampleWritten} from './written-cells';

const QUOTE: i32 = 0x22;
/** With more columns, buckets would take too much memory. */
const MAX_NUMBER_COLUMNS: u32 = 1024;

/** Added to the number of an analysis as the owner of columns: those of several sources, which are added up. */
export const TOTALS: u32 = 0x1_0000;

/** What tells the source from others, see `SampleSeed` of analysis/position-sample.ts. */
let seed: u64 = 0;

/** To be called before the first record of a source. */
export function seedSamples(ofSource: u64): void {
	seed = ofSource;
}

@unmanaged
export class ColumnSet {
	columns: usize;
	count: u32;
	/** The largest limit of any sample. */
	sampleLimit: u64;
	/** Whether nothing is kept but how many cells have each class. */
	onlyClasses: bool;
	/** 0 where faults are not looked for. */
	tableFaults: usize;

	/**
	Of each column: values and their bytes, bits of registers; entries of the sample, bytes of them, and of one.

	@param faults - 0 where they are not looked for.
	*/
	create(
		arena: usize,
		owner: u32,
		count: u32,
		maxValues: u32,
		maxValueBytes: u32,
		registerBits: u32,
		maxEntries: u32,
		maxBytes: u32,
		maxTextBytes: u32,
		onlyClasses: bool,
		faults: usize,
	): void {
		prepareNumbers();
		prepareTexts();
		preparePlaces();
		this.tableFaults = faults;
		this.onlyClasses = onlyClasses;
		this.count = count;
		this.columns = reserve(arena, 4 * (count as usize));
		for (let index: u32 = 0; index < count; index++) {
			const column = createColumn(arena);
			store<u32>(this.columns + 4 * (index as usize), changetype<usize>(column) as u32);
			column.owner = owner;
			column.index = index;
			column.maxValues = maxValues;
			column.maxValueBytes = maxValueBytes;
			column.hasPlaces = faults !== 0;
			column.onlyClasses = onlyClasses;
			if (faults !== 0) column.limits = reserve(arena, LIMITS_BYTES);
			column.mayBeNumbers = count <= MAX_NUMBER_COLUMNS;
			column.sample.create(maxEntries, maxBytes, maxTextBytes);
			column.create(registerBits);
		}
		this.sampleLimit = HASH_LIMIT;
	}

	/** The same for other sources, whose columns are added up. */
	createTotals(arena: usize): ColumnSet {
		const totals = changetype<ColumnSet>(reserve(arena, offsetof<ColumnSet>()));
		const first = this.columnAt(0);
		const sample = first.sample;
		totals.create(
			arena,
			first.owner + TOTALS,
			this.count,
			first.maxValues,
			first.maxValueBytes,
			first.registerBits as u32,
			sample.maxEntries,
			sample.maxBytes as u32,
			sample.maxTextBytes as u32,
			this.onlyClasses,
			0,
		);
		return totals;
	}
	release(): void {
		for (let index: u32 = 0; index < this.count; index++) this.columnAt(index).release();
		if (this.tableFaults !== 0) this.faults().release();
	}
	begin(): void {
		if (this.tableFaults !== 0) this.faults().begin();
		for (let index: u32 = 0; index < this.count; index++) this.columnAt(index).begin();
		this.sampleLimit = HASH_LIMIT;
	}
	faults(): TableFaults {
		return changetype<TableFaults>(this.tableFaults);
	}
	columnAt(index: u32): Column {
		return changetype<Column>(itemOf(this.columns, index as i32));
	}

	/**
	Adds the records `first` to `last` (exclusive) of a run.

	@param entries - The entry in front of the first field of the run's first record.
	*/
	addSpan(entries: usize, hasReturns: bool, quote: i32, first: i32, last: i32): void {
		const columns = this.count as i32;
		const stride: usize = 4 * (columns as usize);
		/** Without quotes and CR no record has a line end in it, and none needs quotes. */
		const arePlain = quote < 0 && !hasReturns && quoteByte() === QUOTE;
		if (!this.onlyClasses)
			for (let record = first; record < last; record++) this.sampleRecord(entries + stride * (record as usize));
		for (let from = first; from < last; from += MAX_PORTION) {
			const count = min(MAX_PORTION, last - from);
			const records = entries + stride * (from as usize);
			if (this.tableFaults !== 0) this.faults().addRecords(records, columns, count, arePlain);
			for (let index: i32 = 0; index < columns; index++) {
				makePlain(cellsOf(entries, index, columns, hasReturns, quote), from, count);
				const plain = entriesOfPlain();
				this.readPlain(index, plain, plain + strideOfPlain() * (count as usize), strideOfPlain(), records);
			}
		}
	}

	/** Adds the record that is read by the rules. @param entries - The entry in front of its first field. */
	addRecord(entries: usize): void {
		if (!this.onlyClasses) this.sampleRecord(entries);
		if (this.tableFaults !== 0) this.faults().addRecords(entries, this.count as i32, 1, false);
		const pair = pairsOfPortion();
		for (let index: u32 = 0; index < this.count; index++) {
			openEntry(entries + 4 * (index as usize));
			writePair(pair, openedStart(), openedEnd());
			this.readPlain(index as i32, pair, pair + PAIR_BYTES, PAIR_BYTES, entries);
		}
	}

	/** @param records - The entry in front of the first field of the first record. */
	private readPlain(index: i32, entries: usize, last: usize, stride: usize, records: usize): void {
		if (this.tableFaults !== 0) {
			placeCells(entries, stride, records, 4 * (this.count as usize));
			this.faults().addCells(index, entries, last, stride);
		}
		const column = this.columnAt(index as u32);
		if (column.isWritten) this.readWritten(column, entries, last, stride, records);
		else readCells(column, entries, last, stride);
	}

	private readWritten(column: Column, entries: usize, last: usize, stride: usize, records: usize): void {
		const pairs = rewriteCells(column, entries, last, stride);
		if (this.tableFaults !== 0) placeCells(pairs, PAIR_BYTES, records, 4 * (this.count as usize));
		readCells(column, pairs, pairs + PAIR_BYTES * ((last - entries) / stride), PAIR_BYTES);
	}

	private sampleRecord(entries: usize): void {
		const offset = ((load<u32>(entries) as i64) + 1 + addressOffset()) as u64;
		const hash = sampledHash(hashKey(seed, offset));
		if (hash < this.sampleLimit) this.sampleCells(entries, hash);
	}

	private sampleCells(entries: usize, hash: u64): void {
		let limit: u64 = 0;
		for (let index: u32 = 0; index < this.count; index++) {
			const column = this.columnAt(index);
			const sample = column.sample;
			if (hash < sample.limit) {
				openEntry(entries + 4 * (index as usize));
				if (column.isWritten) sampleWritten(column, hash, openedStart(), openedEnd());
				else sample.add(hash, openedStart(), openedEnd() - openedStart());
			}
			limit = max(limit, sample.limit);
		}
		this.sampleLimit = limit;
	}
}

function createColumn(arena: usize): Column {
	const column = changetype<Column>(reserve(arena, offsetof<Column>()));
	column.sums = changetype<NumberSums>(reserve(arena, offsetof<NumberSums>()));
	column.form = changetype<NumberForm>(reserve(arena, offsetof<NumberForm>()));
	column.texts = createRange(arena);
	column.digits = createRange(arena);
	column.sample = changetype<CellSample>(reserve(arena, offsetof<CellSample>()));
	column.values = changetype<ValueCounts>(reserve(arena, offsetof<ValueCounts>()));
	return column;
}

function createRange(arena: usize): TextRange {
	const range = changetype<TextRange>(reserve(arena, offsetof<TextRange>()));
	const smallest = changetype<KeptText>(reserve(arena, offsetof<KeptText>()));
	range.create(smallest, changetype<KeptText>(reserve(arena, offsetof<KeptText>())));
	return range;
}
