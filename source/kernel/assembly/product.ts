// A product of two numbers of a record: its units are the product of theirs, and its decimals theirs together. Or their difference, where
// one of them is enough: a number that is not there is 0.
import {flag} from './flags';
import {powerOfTen} from './memory';
import {NumberReader} from './number-reader';
import {allocateUnits, FOUND, HUGE, LARGEST_QUICK_UNITS, MAX_SCALE, MISSING, releaseUnits, Value} from './value';

/** Of two factors together: their product is not above `LARGEST_QUICK_UNITS`. */
const MAX_QUICK_BITS: i64 = 47;
/** 2^47 × 10^4 is less than 2^61. */
const MAX_QUICK_SCALING: i32 = 4;
/** Below 2^63, with room for rounding. */
const LARGEST_PRODUCT: f64 = 9e18;

@unmanaged
export class Product extends Value {
	left: NumberReader;
	right: NumberReader;
	/** Whether both together have more decimals than units can: then each record goes by the rules. */
	isTooFine: bool;
	isDifference: bool;

	create(left: NumberReader, right: NumberReader, isDifference: bool): void {
		this.left = left;
		this.right = right;
		this.isDifference = isDifference;
		if (isDifference) {
			left.isStrict = true;
			right.isStrict = true;
		}
		// Records without any number go by the rules.
		allocateUnits(this, !isDifference && (left.isOptional || right.isOptional));
		this.begin();
	}
	scaleOfParts(): i32 {
		return this.isDifference ? max(this.left.scale, this.right.scale) : this.left.scale + this.right.scale;
	}
	release(): void {
		releaseUnits(this);
	}
	begin(): void {
		this.scale = 0;
		this.quickScale = 0;
		this.isTooFine = false;
	}

	/** Of the cells of a record that were read by the rules. */
	computeCells(): void {
		if (this.isDifference) this.subtractCells();
		else this.multiplyCells();
	}

	/** Of the units of a run. Flags the records that want a closer look. */
	computeRun(count: i32): void {
		if (this.isDifference) this.subtractRun(count);
		else this.multiplyRun(count);
	}

	private subtractCells(): void {
		const left = this.left;
		const right = this.right;
		this.outcome = left.isWrong() ? left.outcome : right.isWrong() ? right.outcome : MISSING;
		if (left.isWrong() || right.isWrong() || (!left.isThere() && !right.isThere())) return;
		this.outcome = HUGE;
		if (left.outcome === HUGE || right.outcome === HUGE) return;
		const leftScale = left.isThere() ? left.cellScale : 0;
		const rightScale = right.isThere() ? right.cellScale : 0;
		this.cellScale = max(leftScale, rightScale);
		const leftFactor = powerOfTen(this.cellScale - leftScale);
		const rightFactor = powerOfTen(this.cellScale - rightScale);
		const leftCell = left.isThere() ? left.cell : 0;
		const rightCell = right.isThere() ? right.cell : 0;
		const size =
			abs<f64>((leftCell as f64) * (leftFactor as f64)) + abs<f64>((rightCell as f64) * (rightFactor as f64));
		if (size > LARGEST_PRODUCT) return;
		this.outcome = FOUND;
		this.cell = leftCell * leftFactor - rightCell * rightFactor;
	}

	private subtractRun(count: i32): void {
		const left = this.left;
		const right = this.right;
		const leftScaling = this.scale - left.scale;
		const rightScaling = this.scale - right.scale;
		const isTooFar = max(leftScaling, rightScaling) > MAX_QUICK_SCALING;
		const leftFactor = powerOfTen(isTooFar ? 0 : leftScaling);
		const rightFactor = powerOfTen(isTooFar ? 0 : rightScaling);
		for (let record: usize = 0; record < (count as usize); record++) {
			const at: usize = 8 * record;
			// Of a number that is not there, the units are 0.
			const units = load<i64>(left.units + at) * leftFactor - load<i64>(right.units + at) * rightFactor;
			store<i64>(this.units + at, units);
			const areNone = isNone(left, record) && isNone(right, record);
			const decimals = max<i32>(load<u8>(left.decimals + record) as i32, load<u8>(right.decimals + record) as i32);
			const isLarge = units >= LARGEST_QUICK_UNITS || units <= -LARGEST_QUICK_UNITS;
			if (isTooFar || areNone || isLarge || decimals > this.quickScale) flag(record as i32);
		}
	}

	private multiplyCells(): void {
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

	private multiplyRun(count: i32): void {
		const left = this.left;
		const right = this.right;
		const bits = bitsOf(left.units, count) + bitsOf(right.units, count);
		const isQuick = bits <= MAX_QUICK_BITS && left.maxDecimals + right.maxDecimals <= this.quickScale;
		if (!isQuick || this.isTooFine) this.flagRun(count);
		const leftUnits = left.units;
		const rightUnits = right.units;
		const units = this.units;
		const end: usize = 8 * (count as usize);
		for (let at: usize = 0; at < end; at += 8) {
			store<i64>(units + at, load<i64>(leftUnits + at) * load<i64>(rightUnits + at));
		}
		if (this.nones !== 0) this.joinNones(count);
	}

	/** Flags the records whose product is too large, or has more decimals than all sums of it have seen. */
	private flagRun(count: i32): void {
		const left = this.left;
		const right = this.right;
		const quickScale: i32 = this.isTooFine ? -1 : this.quickScale;
		for (let record: usize = 0; record < (count as usize); record++) {
			const bits = bitsOf(left.units + 8 * record, 1) + bitsOf(right.units + 8 * record, 1);
			const decimals = (load<u8>(left.decimals + record) as i32) + (load<u8>(right.decimals + record) as i32);
			if (bits > MAX_QUICK_BITS || decimals > quickScale) flag(record as i32);
		}
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

function isNone(reader: NumberReader, record: usize): bool {
	return reader.nones !== 0 && load<u8>(reader.nones + record) !== 0;
}

/** How many bits the largest of so many units has. */
function bitsOf(units: usize, count: i32): i64 {
	let address = units;
	const end = units + 8 * (count as usize);
	let pair = i64x2.splat(0);
	for (; address + 16 <= end; address += 16) {
		const two = v128.load(address);
		// Of a negative number, what is one less than its magnitude: that of a power of two has one bit too few, which is harmless.
		pair = v128.or(pair, v128.xor(two, i64x2.shr_s(two, 63)));
	}
	let bits = i64x2.extract_lane(pair, 0) | i64x2.extract_lane(pair, 1);
	if (address < end) bits |= load<i64>(address) ^ (load<i64>(address) >> 63);
	return 64 - clz<i64>(bits);
}
