// What is kept of the records of a table to find faults, beside its columns: how many are the same, how many have the same key, and those
// that are not UTF-8. See analysis/quality/table-faults.ts.
import {openEntry, openedEnd, openedStart} from '../fields';
import {isUtf8, takeNotUtf8} from '../host';
import {addRecordKey, beginPortion, KeyCounts} from './key-counts';
import {lineAt, offsetAt, placeCells, placeOfRecord} from './places';
import {makeRecordKey, recordHasHighBytes} from './record-key';

@unmanaged
export class TableFaults {
	owner: u32;
	records: KeyCounts;
	/** Of the column that is a key; -1 where none is. */
	keyColumn: i32;
	cells: KeyCounts;

	release(): void {
		this.records.release();
		this.cells.release();
	}
	begin(): void {
		this.records.begin();
		this.cells.begin();
	}

	/**
	@param entries - The entry in front of the first field of the first record.
	@param arePlain - Whether all cells surely are as they are in the file.
	*/
	addRecords(entries: usize, columns: i32, count: i32, arePlain: bool): void {
		const stride: usize = 4 * (columns as usize);
		const last = entries + stride * (count as usize);
		let hasHighBytes = false;
		placeCells(entries, stride, entries, stride);
		beginPortion();
		for (let entry = entries; entry < last; entry += stride) {
			makeRecordKey(entry, columns, arePlain);
			hasHighBytes = hasHighBytes || recordHasHighBytes();
			addRecordKey(entry);
		}
		this.records.addPortion();
		if (!hasHighBytes || isUtf8((load<u32>(entries) as usize) + 1, load<u32>(last) as usize)) return;
		for (let entry = entries; entry < last; entry += stride) this.giveNotUtf8(entry, columns);
	}

	/** Gives the host the first cell of a record that is not UTF-8, if there is one. */
	private giveNotUtf8(entry: usize, columns: i32): void {
		const record = (load<u32>(entry) as usize) + 1;
		if (isUtf8(record, load<u32>(entry + 4 * (columns as usize)) as usize)) return;
		for (let column: i32 = 0; column < columns; column++) {
			openEntry(entry + 4 * (column as usize));
			const start = openedStart();
			if (isUtf8(start, openedEnd())) continue;
			const place = placeOfRecord(entry);
			takeNotUtf8(this.owner, start, openedEnd() - start, offsetAt(place) as f64, lineAt(place) as f64);
			return;
		}
	}

	/** Adds cells of a column. */
	addCells(column: i32, entries: usize, last: usize, stride: usize): void {
		if (column === this.keyColumn) this.cells.addCells(entries, last, stride);
	}
}
