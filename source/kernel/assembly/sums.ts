// Sums: signed integers of 128 bits in units of 10^-scale, as two halves in memory.
//
//   [ low, 8 │ high, 8 ]

import {PRODUCT} from './memory';

/** The halves of a sum. */
export const LOW: usize = 0;
export const HIGH: usize = 8;

/** Adds a signed number. */
export function addToSum(sum: usize, value: i64): void {
	const low = load<u64>(sum, LOW);
	const total = low + (value as u64);
	store<u64>(sum, total, LOW);
	const carry: i64 = total < low ? 1 : 0;
	store<i64>(sum, load<i64>(sum, HIGH) + (value >> 63) + carry, HIGH);
}

/** Whether a sum has no more than 64 bits. */
export function fitsInLow(sum: usize): bool {
	return load<i64>(sum, HIGH) === load<i64>(sum, LOW) >> 63;
}

/** Adds a number times a power of ten, up to 10^18. */
export function addScaled(sum: usize, value: i64, factor: i64): void {
	if (factor === 1) {
		addToSum(sum, value);
		return;
	}
	clearSum(PRODUCT);
	addToSum(PRODUCT, value);
	multiplySum(PRODUCT, factor);
	const low = load<u64>(sum, LOW);
	const total = low + load<u64>(PRODUCT, LOW);
	store<u64>(sum, total, LOW);
	const carry: i64 = total < low ? 1 : 0;
	store<i64>(sum, load<i64>(sum, HIGH) + load<i64>(PRODUCT, HIGH) + carry, HIGH);
}

/**
Multiplies a sum by a power of ten, up to 10^18.

@returns False where the product might leave 128 bits: then the sum is what it was.
*/
export function multiplySum(sum: usize, factor: i64): bool {
	const low = load<u64>(sum, LOW);
	const high = load<i64>(sum, HIGH);
	// Below 2^66, for 10^18 < 2^60: the product then has less than 127 bits.
	if (high < -2 || high > 1) return false;
	// (high × 2^64 + low) × factor, the low half as a product of 64 × 64 -> 128 bits from four of 32 × 32 -> 64.
	const multiplier = factor as u64;
	const lowPart = low & 0xffff_ffff;
	const highPart = low >> 32;
	const lowFactor = multiplier & 0xffff_ffff;
	const highFactor = multiplier >> 32;
	const bottom = lowPart * lowFactor;
	const cross = highPart * lowFactor + (bottom >> 32);
	const middle = (cross & 0xffff_ffff) + lowPart * highFactor;
	const top = highPart * highFactor + (cross >> 32) + (middle >> 32);
	store<u64>(sum, (middle << 32) | (bottom & 0xffff_ffff), LOW);
	store<i64>(sum, high * factor + (top as i64), HIGH);
	return true;
}

/** Empties a sum. */
export function clearSum(sum: usize): void {
	store<u64>(sum, 0, LOW);
	store<i64>(sum, 0, HIGH);
}
