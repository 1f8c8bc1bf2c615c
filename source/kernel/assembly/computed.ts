// Columns that functions of the host compute: numbers, dates and texts of the records of a run, or of the record that is read by the
// rules. The host fills them in before anything is added, and flags the records that it wants to be read by the rules: those that a function
// rejects or fails for, and numbers that runs cannot have.
import {Cells} from './fields';
import {flag} from './flags';
import {allocate, CELLS, MAX_BATCH_RECORDS, powerOfTen, release} from './memory';
import {allocateUnits, FOUND, HUGE, MISSING, releaseUnits, Value} from './value';

// As in analysis/functions/round-number.ts, which has the rules.
const MAX_QUICK_UNITS: f64 = 9e13;
const HALF_WIDTH: f64 = 0.05;
/** 1.5 × 2^52: added to a number, it leaves the nearest integer in the last bits of the sum. */
const MAGIC: f64 = 6_755_399_441_055_744;
const MAGIC_BITS: i64 = 0x4338_0000_0000_0000;

function haveNones(nones: usize, first: i32, last: i32): bool {
	let record = first;
	let bits: u64 = 0;
	for (; record + 8 <= last; record += 8) bits |= load<u64>(nones + (record as usize));
	for (; record < last; record++) bits |= load<u8>(nones + (record as usize)) as u64;
	return bits !== 0;
}

@unmanaged
export class ComputedNumber extends Value {
	/** For the host: among the numbers that are computed. */
	number: u32;
	/** All its numbers have these. */
	decimals: i32;
	ownNones: usize;

	create(number: u32, decimals: i32): void {
		this.number = number;
		this.decimals = decimals;
		allocateUnits(this, true);
		this.ownNones = this.nones;
		this.begin();
	}
	release(): void {
		this.nones = this.ownNones;
		releaseUnits(this);
	}
	begin(): void {
		this.scale = this.decimals;
		this.quickScale = this.decimals;
		this.outcome = MISSING;
		this.cellScale = this.decimals;
	}
	/** Where there are none in a run, sums need not look for them. */
	beginRun(first: i32, last: i32): void {
		this.nones = this.ownNones;
		memory.fill(this.nones + (first as usize), 0, (last - first) as usize);
	}

	/**
	Makes units of the doubles that the host has left in their places, rounded half to even; 0 where it has left a mark among the nones.
	Flags what is no number or too large for runs, and the first number of all, for its sums to have its decimals.

	@returns The record behind the last one that has units or a flag.
	*/
	roundRun(first: i32, last: i32): i32 {
		if (!haveNones(this.nones, first, last)) this.nones = 0;
		if (this.quickScale !== this.decimals) return this.roundUnseen(first, last);
		const power = f64x2.splat(powerOfTen(this.decimals) as f64);
		const magic = f64x2.splat(MAGIC);
		const bits = i64x2.splat(MAGIC_BITS);
		const most = f64x2.splat(MAX_QUICK_UNITS);
		const near = f64x2.splat(0.5 - HALF_WIDTH);
		let record = first;
		for (; record + 2 <= last; record += 2) {
			const at = this.units + 8 * (record as usize);
			const product = f64x2.mul(v128.load(at), power);
			const sum = f64x2.add(product, magic);
			const rest = f64x2.abs(f64x2.sub(product, f64x2.sub(sum, magic)));
			const isPlain = v128.and(f64x2.lt(rest, near), f64x2.lt(f64x2.abs(product), most));
			if (i64x2.all_true(isPlain)) v128.store(at, i64x2.sub(sum, bits));
			else {
				this.roundOne(record);
				this.roundOne(record + 1);
			}
		}
		if (record < last) this.roundOne(record);
		return last;
	}

	/** Up to the first number. */
	private roundUnseen(first: i32, last: i32): i32 {
		for (let record = first; record < last; record++) {
			if (this.nones === 0 || load<u8>(this.nones + (record as usize)) === 0) {
				flag(record);
				return record + 1;
			}
			store<i64>(this.units + 8 * (record as usize), 0);
		}
		return last;
	}

	private roundOne(record: i32): void {
		const at = this.units + 8 * (record as usize);
		const value = load<f64>(at);
		const power = powerOfTen(this.decimals) as f64;
		const product = value * power;
		if (!(abs<f64>(product) < MAX_QUICK_UNITS)) {
			flag(record);
			return;
		}
		const below = Math.floor(product);
		const part = product - below;
		let rounded = part < 0.5 ? below : below + 1;
		if (abs<f64>(part - 0.5) <= HALF_WIDTH) {
			const half = (below * 10 + 5) / (power * 10);
			rounded = value < half ? below : value > half ? below + 1 : 2 * Math.floor((below + 1) / 2);
		}
		store<i64>(at, rounded as i64);
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
