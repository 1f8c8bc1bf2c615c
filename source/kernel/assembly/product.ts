// A product of two numbers of a record. Its units are the product of theirs, and its decimals theirs together.
import {flag} from './flags';
import {NumberReader} from './number-reader';
import {allocateUnits, FOUND, HUGE, MAX_SCALE, MISSING, releaseUnits, Value} from './value';

/** Of two factors together: their product is below `LARGEST_QUICK_UNITS`. */
const MAX_QUICK_BITS: i64 = 47;
/** Below 2^63, with room for rounding. */
const LARGEST_PRODUCT: f64 = 9e18;

@unmanaged
export class Product extends Value {
	left: NumberReader;
	right: NumberReader;
	/** Whether both together have more decimals than units can: then each record goes by the rules. */
	isTooFine: bool;

	create(left: NumberReader, right: NumberReader): void {
		this.left = left;
		this.right = right;
		allocateUnits(this, left.isOptional || right.isOptional);
		this.begin();
	}
	release(): void {
		releaseUnits(this);
	}
	begin(): void {
		this.scale = 0;
		this.quickScale = 0;
		this.isTooFine = false;
	}

	/** Multiplies the cells of a record that were read by the rules. */
	multiplyCells(): void {
		const left = this.left;
		const right = this.right;
		this.outcome = MISSING;
		if (!left.isThere() || !right.isThere()) return;
		this.outcome = HUGE;
		if (left.outcome === HUGE || right.outcome === HUGE) return;
		this.cellScale = left.cellScale + right.cellScale;
		if (this.cellScale > MAX_SCALE) return;
		if (abs<f64>((left.cell as f64) * (right.cell as f64)) > LARGEST_PRODUCT) return;
		this.outcome = FOUND;
		this.cell = left.cell * right.cell;
	}

	/** Multiplies the units of a run. Flags the records that want a closer look. */
	multiplyRun(count: i32): void {
		const left = this.left;
		const right = this.right;
		const leftUnits = left.units;
		const rightUnits = right.units;
		const leftDecimals = left.decimals;
		const rightDecimals = right.decimals;
		const units = this.units;
		const quickScale: i32 = this.isTooFine ? -1 : this.quickScale;
		for (let record: usize = 0; record < (count as usize); record++) {
			const one = load<i64>(leftUnits + 8 * record);
			const other = load<i64>(rightUnits + 8 * record);
			const decimals = (load<u8>(leftDecimals + record) as i32) + (load<u8>(rightDecimals + record) as i32);
			const bits = 128 - clz<i64>(abs<i64>(one)) - clz<i64>(abs<i64>(other));
			// What must not be is negative.
			if (((MAX_QUICK_BITS - bits) | ((quickScale - decimals) as i64)) < 0) flag(record as i32);
			store<i64>(units + 8 * record, one * other);
		}
		if (this.nones !== 0) this.joinNones(count);
	}

	/** There is no product where there is no factor. */
	private joinNones(count: i32): void {
		const left = this.left.nones;
		const right = this.right.nones;
		for (let record: usize = 0; record < (count as usize); record += 16) {
			const ofLeft = left === 0 ? i8x16.splat(0) : v128.load(left + record);
			const ofRight = right === 0 ? i8x16.splat(0) : v128.load(right + record);
			v128.store(this.nones + record, v128.or(ofLeft, ofRight));
		}
	}
}
