// What is kept of the records that one analysis accepts. It stays for all files of the same analyses; where their columns are, the
// program of each says.

import {ColumnSet} from './columns/column-set';
import {ComputedText} from './computed';
import {DateRange} from './date-range';
import {cellsOf, openEntry, openedEnd, openedStart} from './fields';
import {skipMask} from './flags';
import {GroupTable} from './group-table';
import {itemOf} from './items';
import {STATES} from './memory';
import {raiseOwnScale, TotalSum} from './summand';
import {Value} from './value';
import {ValueSet} from './value-set';

@unmanaged
export class Analysis {
	/** Its place in the program. */
	number: u32;
	/** Addresses of lists of addresses, and how many there are. */
	sums: usize;
	sumCount: i32;
	ranges: usize;
	rangeCount: i32;
	sets: usize;
	setCount: i32;
	tables: usize;
	tableCount: i32;
	/** 0 where it does not look at all columns. */
	columnSet: usize;
	/** The same of several sources, which are added up; 0 where they are not. */
	totals: usize;
	/** Of the program: numbers of readers that a record must have, and values whose scale its records raise, factors first. */
	required: usize;
	requiredCount: i32;
	/** Whether the host computes columns for it, or says which records it accepts. */
	hasFunctions: bool;
	/** Of a run, for the host: a byte for each record, 1 where it fits the condition of the analysis; 0 where it has none. */
	fits: usize;
	values: usize;
	valueCount: i32;

	records: u64;
	rowsRecords: u64;
	rejected: u64;
	/** Those that do not fit its condition. */
	filtered: u64;
	/** Whether lines are counted, and how many there are. */
	countsLines: bool;
	lines: u64;
	rowsLines: u64;
	/** Of the record that is read by the rules: whether it is accepted. */
	isAccepted: bool;

	sumAt(index: i32): TotalSum {
		return changetype<TotalSum>(itemOf(this.sums, index));
	}
	rangeAt(index: i32): DateRange {
		return changetype<DateRange>(itemOf(this.ranges, index));
	}
	setAt(index: i32): ValueSet {
		return changetype<ValueSet>(itemOf(this.sets, index));
	}
	tableAt(index: i32): GroupTable {
		return changetype<GroupTable>(itemOf(this.tables, index));
	}
	allColumns(): ColumnSet {
		return changetype<ColumnSet>(this.columnSet);
	}
	requiredAt(index: i32): i32 {
		return load<i32>(this.required + 4 * (index as usize));
	}
	valueAt(index: i32): Value {
		return changetype<Value>(itemOf(this.values, index));
	}

	/** Begins a file, or a part of one. @param goesOn - Whether it is the next one of the rows, whose groups stay. */
	begin(goesOn: bool): void {
		this.records = 0;
		this.rejected = 0;
		this.filtered = 0;
		this.lines = 0;
		for (let index: i32 = 0; index < this.sumCount; index++) this.sumAt(index).begin();
		for (let index: i32 = 0; index < this.rangeCount; index++) this.rangeAt(index).begin();
		for (let index: i32 = 0; index < this.setCount; index++) this.setAt(index).beginTables();
		for (let index: i32 = 0; index < this.tableCount; index++) {
			if (goesOn) this.tableAt(index).beginFile();
			else this.tableAt(index).begin(false);
		}
		if (this.columnSet !== 0) this.allColumns().begin();
	}

	release(): void {
		for (let index: i32 = 0; index < this.setCount; index++) this.setAt(index).release();
		for (let index: i32 = 0; index < this.tableCount; index++) this.tableAt(index).release();
		if (this.columnSet !== 0) this.allColumns().release();
		if (this.totals !== 0) changetype<ColumnSet>(this.totals).release();
	}

	/** Begins to add up the columns of several sources. */
	beginTotals(): void {
		if (this.totals === 0) this.totals = changetype<usize>(this.allColumns().createTotals(STATES));
		changetype<ColumnSet>(this.totals).begin();
	}

	hasCondition(): bool {
		return this.fits !== 0;
	}

	/**
	Adds the records `first` to `last` (exclusive) of a run, those aside that do not fit its condition.

	@param entries - The entry in front of the first field of the run's first record.
	@returns False where there are too many groups, and the file is one of the rows.
	*/
	addSpan(entries: usize, columns: i32, hasReturns: bool, quote: i32, first: i32, last: i32): bool {
		if (!this.hasCondition()) return this.addAll(entries, columns, hasReturns, quote, first, last);
		let next = first;
		while (next < last) {
			const fitting = skipMask(this.fits, next, last, 0);
			this.filtered += (fitting - next) as u64;
			next = skipMask(this.fits, fitting, last, 1);
			if (fitting < next && !this.addAll(entries, columns, hasReturns, quote, fitting, next)) return false;
		}
		return true;
	}

	private addAll(entries: usize, columns: i32, hasReturns: bool, quote: i32, first: i32, last: i32): bool {
		this.records += (last - first) as u64;
		for (let index: i32 = 0; index < this.sumCount; index++) this.sumAt(index).addSpan(first, last);
		for (let index: i32 = 0; index < this.rangeCount; index++) this.rangeAt(index).addSpan(first, last);
		for (let index: i32 = 0; index < this.tableCount; index++) {
			if (!this.tableAt(index).addSpan(entries, columns, hasReturns, quote, first, last)) return false;
		}
		for (let index: i32 = 0; index < this.setCount; index++) {
			const set = this.setAt(index);
			if (set.column >= 0) set.addSpan(cellsOf(entries, set.column, columns, hasReturns, quote), first, last);
			else if (set.text !== 0) set.addComputed(first, last);
		}
		if (this.columnSet !== 0) this.allColumns().addSpan(entries, hasReturns, quote, first, last);
		return true;
	}

	/** The same of the record that is read by the rules. @param entries - The entry in front of its first field. */
	addRecord(entries: usize): bool {
		this.records++;
		for (let index: i32 = 0; index < this.sumCount; index++) this.addToSum(this.sumAt(index));
		for (let index: i32 = 0; index < this.rangeCount; index++) this.rangeAt(index).addRecord();
		for (let index: i32 = 0; index < this.tableCount; index++) {
			const table = this.tableAt(index);
			for (let summand: i32 = 0; summand < table.summandCount; summand++) raiseOwnScale(table.summandAt(summand));
			if (!table.addRecord(entries)) return false;
		}
		for (let index: i32 = 0; index < this.setCount; index++) {
			const set = this.setAt(index);
			if (set.text !== 0) {
				const text = changetype<ComputedText>(set.text);
				set.addValue(text.start, text.end - text.start);
			}
			if (set.column < 0) continue;
			openEntry(entries + 4 * (set.column as usize));
			set.addValue(openedStart(), openedEnd() - openedStart());
		}
		if (this.columnSet !== 0) this.allColumns().addRecord(entries);
		return true;
	}

	private addToSum(sum: TotalSum): void {
		raiseOwnScale(sum);
		sum.addRecord();
	}
}
