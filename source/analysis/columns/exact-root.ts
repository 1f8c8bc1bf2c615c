// Standard deviations that are exact to the last decimal: computed in whole numbers.
import {divideUnits} from '../units.ts';

/**
The standard deviation of a sample (n − 1) in units of 10^-6, rounded half to even; `null` below two values.

@param sum - Of the values, in units.
@param squares - Of their squares, in units of the same unit squared.
*/
export function sampleDeviation(count: number, sum: bigint, squares: bigint): bigint | null {
	if (count < 2) return null;
	const n = BigInt(count);
	const numerator = (n * squares - sum * sum) * 10n ** 12n;
	const denominator = n * (n - 1n);
	const root = floorRoot(numerator / denominator);
	// (root + 1/2)² against the quotient, without a fraction.
	const middle = (2n * root + 1n) ** 2n * denominator;
	const isUp = 4n * numerator > middle || (4n * numerator === middle && root % 2n === 1n);
	return isUp ? root + 1n : root;
}

/** The largest whole number whose square is not larger. */
function floorRoot(square: bigint): bigint {
	if (square < 2n) return square;
	let root = 1n << BigInt((square.toString(16).length * 4 + 2) >> 1);
	for (;;) {
		const next = (root + square / root) >> 1n;
		if (next >= root) return root;
		root = next;
	}
}

const double = new Float64Array(1);
const bits = new BigUint64Array(double.buffer);
const words = new Uint32Array(double.buffer);
/** The 21 bits of a double whose lower word is 0, times 5^13, which has 31, are no more than the 53 of a double: so nothing is rounded. */
const SHORT_SCALE = 13;
const FRACTION_BITS = 52n;
/** The exponent of the last bit of the fraction of 1 is −52; exponents are stored as more by 1023. */
const EXPONENT_OFFSET = 1023n + FRACTION_BITS;

/** The units of 10^-scale that are nearest to a finite double. */
export function unitsOfDouble(value: number, scale: number): bigint {
	double[0] = Math.abs(value);
	if (words[0] === 0 && scale <= SHORT_SCALE) {
		const product = double[0] * 10 ** scale;
		if (product < 2 ** 52) return BigInt(Math.sign(value) * roundToEven(product));
	}
	const word = bits[0] ?? 0n;
	const stored = word >> FRACTION_BITS;
	const fraction = word & ((1n << FRACTION_BITS) - 1n);
	const mantissa = stored === 0n ? fraction : fraction | (1n << FRACTION_BITS);
	const exponent = (stored === 0n ? 1n : stored) - EXPONENT_OFFSET;
	const size =
		exponent >= 0n
			? (mantissa << exponent) * 10n ** BigInt(scale)
			: BigInt(divideUnits(mantissa * 10n ** BigInt(scale), 0, 1n << -exponent));
	return value < 0 ? -size : size;
}

function roundToEven(value: number): number {
	const whole = Math.floor(value);
	const rest = value - whole;
	return rest > 0.5 || (rest === 0.5 && whole % 2 === 1) ? whole + 1 : whole;
}
