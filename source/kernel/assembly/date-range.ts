// The first and the last date of a column, or the first and the last time.
import {NO_DATE} from './date-code';
import {DateReader} from './date-reader';

/** Later than any date. */
export const NO_EARLIEST: u64 = ~(0 as u64);

@unmanaged
export class DateRange {
	/** A `DateReader` of the program; 0 where there is none. */
	reader: usize;
	/** Whether times are kept, see `DateReader.momentAt`; otherwise dates. */
	isTimed: bool;
	earliest: u64;
	latest: u64;
	rowsEarliest: u64;
	rowsLatest: u64;

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
		const reader = changetype<DateReader>(this.reader);
		if (this.isTimed) this.addTimes(reader, first, last);
		else this.addDates(reader.codes, first, last);
	}

	private addDates(codes: usize, first: i32, last: i32): void {
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
		this.extend((i32x4.extract_lane(low, 0) + 1) as u32, i32x4.extract_lane(high, 0) as u32);
		this.extend((i32x4.extract_lane(low, 1) + 1) as u32, i32x4.extract_lane(high, 1) as u32);
		this.extend((i32x4.extract_lane(low, 2) + 1) as u32, i32x4.extract_lane(high, 2) as u32);
		this.extend((i32x4.extract_lane(low, 3) + 1) as u32, i32x4.extract_lane(high, 3) as u32);
		for (; address < end; address += 4) this.extend(load<u32>(address), load<u32>(address));
	}

	private addTimes(reader: DateReader, first: i32, last: i32): void {
		let low = NO_EARLIEST;
		let high: u64 = NO_DATE;
		for (let record = first; record < last; record++) {
			const moment = reader.momentAt(record);
			// As above.
			low = min(low, moment - 1);
			high = max(high, moment);
		}
		this.extend(low + 1, high);
	}

	/** Adds the record that is read by the rules. */
	addRecord(): void {
		if (this.reader === 0) return;
		const reader = changetype<DateReader>(this.reader);
		const found: u64 = this.isTimed ? reader.moment() : reader.code;
		this.extend(found, found);
	}

	private extend(low: u64, high: u64): void {
		if (low !== NO_DATE) this.earliest = min(this.earliest, low);
		this.latest = max(this.latest, high);
	}
}
