// The first and the last date of a column.
import {DateReader, NO_DATE} from './date-reader';

/** Later than any date. */
export const NO_EARLIEST: u32 = 0xffff_ffff;

@unmanaged
export class DateRange {
	/** A `DateReader` of the program; 0 where there is none. */
	reader: usize;
	earliest: u32;
	latest: u32;
	rowsEarliest: u32;
	rowsLatest: u32;

	begin(): void {
		this.earliest = NO_EARLIEST;
		this.latest = NO_DATE;
	}
	beginRows(): void {
		this.rowsEarliest = NO_EARLIEST;
		this.rowsLatest = NO_DATE;
	}
	addToRows(): void {
		this.rowsEarliest = min(this.rowsEarliest, this.earliest);
		this.rowsLatest = max(this.rowsLatest, this.latest);
	}

	/** Adds the records `first` to `last` (exclusive) of a run. */
	addSpan(first: i32, last: i32): void {
		if (this.reader === 0) return;
		const codes = changetype<DateReader>(this.reader).codes;
		let address = codes + 4 * (first as usize);
		const end = codes + 4 * (last as usize);
		// What is no date is 0, which is the largest number when 1 is taken off.
		const one = i32x4.splat(1);
		let low = i32x4.splat(-1);
		let high = i32x4.splat(0);
		for (; address + 16 <= end; address += 16) {
			const four = v128.load(address);
			low = i32x4.min_u(low, i32x4.sub(four, one));
			high = i32x4.max_u(high, four);
		}
		this.extend(i32x4.extract_lane(low, 0) + 1, i32x4.extract_lane(high, 0));
		this.extend(i32x4.extract_lane(low, 1) + 1, i32x4.extract_lane(high, 1));
		this.extend(i32x4.extract_lane(low, 2) + 1, i32x4.extract_lane(high, 2));
		this.extend(i32x4.extract_lane(low, 3) + 1, i32x4.extract_lane(high, 3));
		for (; address < end; address += 4) this.extend(load<u32>(address), load<u32>(address));
	}

	/** Adds the record that is read by the rules. */
	addRecord(): void {
		if (this.reader === 0) return;
		const code = changetype<DateReader>(this.reader).code;
		this.extend(code, code);
	}

	private extend(low: u32, high: u32): void {
		if (low !== NO_DATE) this.earliest = min(this.earliest, low);
		this.latest = max(this.latest, high);
	}
}
