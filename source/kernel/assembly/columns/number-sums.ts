// What the numbers of a column come to: sum, sum of squares, smallest, largest, buckets, registers. All of it in integers, but for the
// double nearest to a number: units and power of ten are doubles without rounding, so their quotient is rounded once, and is the double
// that any reader takes for the text.
//
//   v = a × 2^25 + b      v² = a² × 2^50 + ab × 2^26 + b²      no portion leaves 63 bits: 2^50 × 2^10
import {mix} from '../keys';
import {allocate} from '../memory';
import {addScaled, clearSum} from '../sums';
import {Column} from './column';
import {MAX_PORTION} from './plain-cells';
import {BUCKET_SHIFT, BUCKETS_OF_SIGN, register} from './sketch';

const HALF_BITS: i64 = 25;
const HALF: i64 = (1 as i64) << HALF_BITS;
/** Units between it and its negative are small. */
const SMALL: i64 = (1 as i64) << 26;

@unmanaged
export class NumberSums {
	sumLow: u64;
	sumHigh: i64;
	/** Of a², ab and b². */
	highLow: u64;
	highHigh: i64;
	middleLow: u64;
	middleHigh: i64;
	lowLow: u64;
	lowHigh: i64;
	smallest: i64;
	largest: i64;

	begin(): void {
		clearSum(this.at(offsetof<NumberSums>('sumLow')));
		clearSum(this.at(offsetof<NumberSums>('highLow')));
		clearSum(this.at(offsetof<NumberSums>('middleLow')));
		clearSum(this.at(offsetof<NumberSums>('lowLow')));
		this.smallest = i64.MAX_VALUE;
		this.largest = i64.MIN_VALUE;
	}
	private at(offset: usize): usize {
		return changetype<usize>(this) + offset;
	}

	/** Adds the units of a portion, each so many times. */
	add(from: usize, to: usize, weight: i64): void {
		let sum: i64 = 0;
		let smallest = i64.MAX_VALUE;
		let largest = i64.MIN_VALUE;
		for (let at = from; at < to; at += 8) {
			const value = load<i64>(at);
			sum += value;
			smallest = min(smallest, value);
			largest = max(largest, value);
		}
		this.smallest = min(this.smallest, smallest);
		this.largest = max(this.largest, largest);
		addScaled(this.at(offsetof<NumberSums>('sumLow')), sum, weight);
		if (smallest > -SMALL && largest < SMALL) this.addSmallSquares(from, to, weight);
		else this.addSquares(from, to, weight);
	}

	/** The squares of a portion of small units leave no 63 bits: 2^52 × 2^10. */
	private addSmallSquares(from: usize, to: usize, weight: i64): void {
		let squares: i64 = 0;
		for (let at = from; at < to; at += 8) squares += load<i64>(at) * load<i64>(at);
		addScaled(this.at(offsetof<NumberSums>('lowLow')), squares, weight);
	}

	private addSquares(from: usize, to: usize, weight: i64): void {
		let high: i64 = 0;
		let middle: i64 = 0;
		let low: i64 = 0;
		for (let at = from; at < to; at += 8) {
			const value = load<i64>(at);
			const a = value >> HALF_BITS;
			const b = value & (HALF - 1);
			high += a * a;
			middle += a * b;
			low += b * b;
		}
		addScaled(this.at(offsetof<NumberSums>('highLow')), high, weight);
		addScaled(this.at(offsetof<NumberSums>('middleLow')), middle, weight);
		addScaled(this.at(offsetof<NumberSums>('lowLow')), low, weight);
	}
}

/** The doubles of a portion. */
let doubles: usize = 0;

/** Puts the units of a portion into buckets and registers. */
export function spreadNumbers(column: Column, from: usize, to: usize, weight: u32): void {
	if (doubles === 0) doubles = allocate(8 * (MAX_PORTION as usize) + 8);
	divide(from, to, column.power);
	const buckets = column.buckets;
	const registers = column.registers;
	const bits = column.registerBits;
	const firstBucket = column.firstBucket;
	const end = doubles + (to - from);
	for (let at = doubles; at < end; at += 8) {
		const double = load<u64>(at);
		const size = double & 0x7fff_ffff_ffff_ffff;
		// 0 where the number is: it is below all others.
		const bucket = max<i32>(((size >> BUCKET_SHIFT) as i32) - firstBucket, 0) as usize;
		const place = buckets + 4 * (bucket + ((double >> 63) as usize) * BUCKETS_OF_SIGN);
		store<u32>(place, load<u32>(place) + weight);
		register(registers, bits, mix(double));
	}
}

/** Two at once, which takes no longer than one. Behind an odd number of units there is room for one more. */
function divide(from: usize, to: usize, power: f64): void {
	const powers = f64x2.splat(power);
	let target = doubles;
	for (let at = from; at < to; at += 16, target += 16) {
		const both = f64x2.replace_lane(f64x2.splat(load<i64>(at) as f64), 1, load<i64>(at, 8) as f64);
		v128.store(target, f64x2.div(both, powers));
	}
}
