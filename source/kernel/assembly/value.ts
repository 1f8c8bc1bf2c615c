// What is summed: a column of numbers, or a product of two. Readers fill in the units of all records of a run; what reads a record by
// the rules fills in the cell, and then all sums take the one or the other.
import {allocate, MAX_BATCH_RECORDS, powerOfTen, release} from './memory';

/** Units within it may be added up for all records of a run without leaving 63 bits; see `MAX_BATCH_RECORDS`. */
export const LARGEST_QUICK_UNITS: i64 = (1 as i64) << 47;
/** As many decimals sums have here; of more, the host adds up. */
export const MAX_SCALE: i32 = 18;

/** What was found in a cell. */
export const FOUND: i32 = 0;
export const MISSING: i32 = 1;
export const NOT_A_NUMBER: i32 = 2;
/** A number with more digits or decimals than 63 bits hold. */
export const HUGE: i32 = 3;
/** One with more digits than are read. */
export const TOO_LONG: i32 = 4;

@unmanaged
export class Value {
	/** One i64 for each record of a run, in units of 10^-`scale`. */
	units: usize;
	/** One byte for each record of a run, 1 where there is no number; 0 where each record has one, or else goes by the rules. */
	nones: usize;
	/** The most decimals of any value that counts, huge ones aside; of the units here and of all sums of them. */
	scale: i32;
	/** As many decimals all sums of it have seen: more, and a record goes by the rules, for a sum to have its own scale. */
	quickScale: i32;
	/** Of the record that is read by the rules. */
	outcome: i32;
	cellScale: i32;
	cell: i64;
	/** Its units as sums take them; not where it is huge. */
	taken: i64;
	isHuge: bool;

	/** Whether the record has a number. */
	isThere(): bool {
		return this.outcome === FOUND || this.outcome === HUGE;
	}

	/** Whether it has something else. */
	isWrong(): bool {
		return this.outcome === NOT_A_NUMBER || this.outcome === TOO_LONG;
	}

	/** Makes the units of the cell those of the scale. */
	prepare(): void {
		this.isHuge = this.outcome === HUGE || this.cellScale > this.scale;
		if (this.isHuge) return;
		const factor = powerOfTen(this.scale - this.cellScale);
		this.isHuge = abs<i64>(this.cell) > i64.MAX_VALUE / factor;
		this.taken = this.cell * factor;
	}
}

const UNITS_BYTES: usize = 8 * MAX_BATCH_RECORDS;

/** Memory for the values of a run, until `releaseUnits`. */
export function allocateUnits(value: Value, hasNones: bool): void {
	value.units = allocate(UNITS_BYTES);
	value.nones = hasNones ? allocate(MAX_BATCH_RECORDS) : 0;
}
export function releaseUnits(value: Value): void {
	release(value.units, UNITS_BYTES);
	if (value.nones !== 0) release(value.nones, MAX_BATCH_RECORDS);
}
