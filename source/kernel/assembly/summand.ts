// What sums have in common, those of all records and those of each group of a table.

import {ComputedNumber} from './computed';
import {clearExtremes, extend, extendBySpan, fitsScaled, highestOf, lowestOf, scaleExtremes} from './extremes';
import {addHugeComputed, addHugeValue, spillExtremes, spillSum} from './host';
import {NumberReader} from './number-reader';
import {Product} from './product';
import {addToSum, clearSum, HIGH, LOW, multiplySum} from './sums';
import {Value} from './value';

/** Whether anything has gone to the host, because it is too large for here, since the last `beginSpills`. */
let hasSpilled: bool = false;

export function beginSpills(): void {
	hasSpilled = false;
}
export function haveSumsSpilled(): bool {
	return hasSpilled;
}

/** A sum of 128 bits goes to the host. */
export function spill(summand: Summand, key: usize, keyBytes: usize, sum: usize): void {
	hasSpilled = true;
	const scale = summedValue(summand).scale;
	spillSum(summand.number, key, keyBytes, load<i64>(sum, HIGH), load<i64>(sum, LOW), scale, summand.scale);
	clearSum(sum);
}

/** Multiplies extremes, because a number with more decimals has come. What leaves 64 bits goes to the host. */
export function rescaleExtremes(summand: Summand, key: usize, keyBytes: usize, pair: usize, factor: i64): void {
	if (fitsScaled(pair, factor)) {
		scaleExtremes(pair, factor);
		return;
	}
	hasSpilled = true;
	const scale = summedValue(summand).scale;
	spillExtremes(summand.number, key, keyBytes, lowestOf(pair), highestOf(pair), scale, summand.scale);
	clearExtremes(pair);
}

/** A cell goes to the host that is too large. */
export function addHuge(summand: Summand, key: usize, keyBytes: usize): void {
	hasSpilled = true;
	if (summand.isComputed) {
		addHugeComputed(summand.number, key, keyBytes, changetype<ComputedNumber>(summand.value).number);
		return;
	}
	if (!summand.isProduct) {
		const reader = changetype<NumberReader>(summand.value);
		addHugeValue(summand.number, key, keyBytes, reader.text, reader.textEnd - reader.text, 0, 0, false);
		return;
	}
	const product = changetype<Product>(summand.value);
	const left = product.left;
	const right = product.right;
	const leftBytes = left.isThere() ? left.textEnd - left.text : 0;
	const rightBytes = right.isThere() ? right.textEnd - right.text : 0;
	addHugeValue(summand.number, key, keyBytes, left.text, leftBytes, right.text, rightBytes, product.isDifference);
}

@unmanaged
export class Summand {
	/** For the host: no other has this number. */
	number: u32;
	isCounted: bool;
	/** Whether the smallest and the largest number are kept. */
	hasExtremes: bool;
	/** Of a table: where they are in a slot. */
	extremesAt: usize;
	/** Of its program: what is summed, a `Value`; 0 where no record has it. */
	value: usize;
	isProduct: bool;
	isComputed: bool;
	/** The most decimals of the values that count, of this file and of all files of the rows. */
	scale: i32;
	rowsScale: i32;
}

/** Whether a sum has more decimals than before. */
let hasRaisedScale: bool = true;
export function wereOwnScalesRaised(): bool {
	const wereRaised = hasRaisedScale;
	hasRaisedScale = false;
	return wereRaised;
}

/** A sum has the decimals of the values that count in its own analysis. */
export function raiseOwnScale(summand: Summand): void {
	if (!hasCell(summand)) return;
	const value = summedValue(summand);
	if (value.isHuge || value.cellScale <= summand.scale) return;
	summand.scale = value.cellScale;
	hasRaisedScale = true;
}

export function summedValue(summand: Summand): Value {
	return changetype<Value>(summand.value);
}

/** Whether the record that is read by the rules has a number for it. */
export function hasCell(summand: Summand): bool {
	return summand.value !== 0 && summedValue(summand).isThere();
}

/** The sum over all records of an analysis. */
@unmanaged
export class TotalSum extends Summand {
	low: u64;
	high: i64;
	count: u64;
	rowsLow: u64;
	rowsHigh: i64;
	rowsCount: u64;
	/** See extremes.ts. */
	pairLow: i64;
	pairHigh: i64;
	rowsPairLow: i64;
	rowsPairHigh: i64;

	sum(): usize {
		return changetype<usize>(this) + offsetof<TotalSum>('low');
	}
	rowsSum(): usize {
		return changetype<usize>(this) + offsetof<TotalSum>('rowsLow');
	}
	extremes(): usize {
		return changetype<usize>(this) + offsetof<TotalSum>('pairLow');
	}
	rowsExtremes(): usize {
		return changetype<usize>(this) + offsetof<TotalSum>('rowsPairLow');
	}
	begin(): void {
		this.scale = 0;
		clearSum(this.sum());
		this.count = 0;
		clearExtremes(this.extremes());
	}
	beginRows(): void {
		this.rowsScale = 0;
		clearSum(this.rowsSum());
		this.rowsCount = 0;
		clearExtremes(this.rowsExtremes());
	}

	/** Adds the records `first` to `last` (exclusive) of a run. */
	addSpan(first: i32, last: i32): void {
		if (this.value === 0) return;
		const value = summedValue(this);
		let address = value.units + 8 * (first as usize);
		const end = value.units + 8 * (last as usize);
		let pair = i64x2.splat(0);
		for (; address + 16 <= end; address += 16) pair = i64x2.add(pair, v128.load(address));
		let sum = i64x2.extract_lane(pair, 0) + i64x2.extract_lane(pair, 1);
		if (address < end) sum += load<i64>(address);
		addToSum(this.sum(), sum);
		this.count += (last - first) as u64;
		if (value.nones !== 0) this.count -= countNones(value.nones, first, last);
		if (this.hasExtremes) extendBySpan(this.extremes(), value, first, last);
	}

	/** Adds the record that is read by the rules. */
	addRecord(): void {
		if (!hasCell(this)) return;
		const value = summedValue(this);
		this.count++;
		if (value.isHuge) addHuge(this, 0, 0);
		else {
			addToSum(this.sum(), value.taken);
			if (this.hasExtremes) extend(this.extremes(), value.taken);
		}
	}

	/** Multiplies the sum, because a number with more decimals has come. */
	rescale(factor: i64): void {
		if (!multiplySum(this.sum(), factor)) spill(this, 0, 0, this.sum());
		if (this.hasExtremes) rescaleExtremes(this, 0, 0, this.extremes(), factor);
	}
}

/** How many of the records have none. */
function countNones(nones: usize, first: i32, last: i32): u64 {
	let address = nones + (first as usize);
	const end = nones + (last as usize);
	let count: u64 = 0;
	// Eight bytes of 0 or 1 are as many bits.
	for (; address + 8 <= end; address += 8) count += popcnt<u64>(load<u64>(address));
	for (; address < end; address++) count += load<u8>(address) as u64;
	return count;
}
