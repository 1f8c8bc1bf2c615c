// Columns that functions of the host compute: numbers, dates and texts of the records of a run, or of the record that is read by the
// rules. The host fills them in before anything is added, and flags the records that it wants to be read by the rules: those that a function
// rejects or fails for, and numbers that runs cannot have.
import {Cells} from './fields';
import {allocate, CELLS, MAX_BATCH_RECORDS, release} from './memory';
import {allocateUnits, FOUND, HUGE, MISSING, releaseUnits, Value} from './value';

@unmanaged
export class ComputedNumber extends Value {
	/** For the host: among the numbers that are computed. */
	number: u32;
	/** All its numbers have these. */
	decimals: i32;

	create(number: u32, decimals: i32): void {
		this.number = number;
		this.decimals = decimals;
		allocateUnits(this, true);
		this.begin();
	}
	release(): void {
		releaseUnits(this);
	}
	begin(): void {
		this.scale = this.decimals;
		this.quickScale = this.decimals;
		this.outcome = MISSING;
		this.cellScale = this.decimals;
	}
	/** Takes the number of the record that is read by the rules; what does not have 64 bits, the host keeps. */
	take(units: i64, isThere: bool, isHuge: bool): void {
		this.outcome = !isThere ? MISSING : isHuge ? HUGE : FOUND;
		this.cell = units;
	}
}

/** As in an index: the byte in front of the first text, and then the byte behind each text. */
const ENTRIES_BYTES: usize = 4 * (MAX_BATCH_RECORDS + 1);

@unmanaged
export class ComputedText {
	/** Of the records of a run. */
	entries: usize;
	/** Of the record that is read by the rules. */
	start: usize;
	end: usize;

	create(): void {
		this.entries = allocate(ENTRIES_BYTES);
	}
	release(): void {
		release(this.entries, ENTRIES_BYTES);
	}
	startOf(record: i32): usize {
		return (load<u32>(this.entries + 4 * (record as usize)) as usize) + 1;
	}
	endOf(record: i32): usize {
		return load<u32>(this.entries + 4 * (record as usize), 4) as usize;
	}
	/** As `cellsOf`; no byte of them is a quote or a line end. */
	cells(): Cells {
		const cells = changetype<Cells>(CELLS);
		cells.entries = this.entries;
		cells.stride = 4;
		cells.mayHaveCarriageReturn = false;
		cells.quote = -1;
		return cells;
	}
}
