// Units of decimals as they come in rows of figures: numbers where they are safe integers, as nearly always, and bigints beyond.
import {powerOfTen} from './decimal.ts';

export type Units = number | bigint;

/** Numbers below it are divided without rounding, or by less than they differ from their neighbours. */
const MAX_EXACT = 2 ** 52;
/** Up to here ten to the scale is exact. */
const MAX_SCALE = 22;

/** Writes units of 10^-scale with exactly `scale` decimals. */
export function formatUnits(units: Units, scale: number): string {
	if (scale === 0) return String(units);
	// Exact as long as the quotient is off by less than half of the last decimal.
	const small = Number(units);
	if (Math.abs(small) < MAX_EXACT && scale <= MAX_SCALE) return (small / 10 ** scale).toFixed(scale);
	const digits = String(units < 0 ? -units : units).padStart(scale + 1, '0');
	const point = digits.length - scale;
	return `${units < 0 ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** Decimals of at most 15 digits can be read back from a double unchanged (IEEE 754-2019, 5.12.2). */
const MAX_UNITS_OF_DOUBLE = 1e15;
/** What is smaller than 10^-6 has an exponent. */
const MAX_SCALE_OF_DOUBLE = 6;

/** The JSON number that is nearest to units of 10^-scale. */
export function formatNearest(units: Units, scale: number): string {
	if (typeof units === 'number' && Math.abs(units) < MAX_UNITS_OF_DOUBLE && scale <= MAX_SCALE_OF_DOUBLE) {
		let [shortUnits, shortScale] = [units, scale];
		for (; shortScale > 0 && shortUnits % 10 === 0; shortScale--) shortUnits /= 10;
		// Not -0.
		return formatUnits(shortUnits + 0, shortScale);
	}
	const nearest = Number(formatUnits(units, scale));
	return Number.isFinite(nearest) ? String(nearest) : 'null';
}

/** Numerator × 10^exponent ÷ denominator, which is not zero, rounded half to even. */
export function divideUnits(numerator: Units, exponent: number, denominator: Units): Units {
	if (exponent >= 0 && exponent <= 15) {
		const dividend = Math.abs(Number(numerator)) * 10 ** exponent;
		const divisor = Math.abs(Number(denominator));
		if (dividend < MAX_EXACT && divisor < MAX_EXACT) {
			const quotient = divideSafely(dividend, divisor);
			return numerator < 0 !== denominator < 0 && quotient !== 0 ? -quotient : quotient;
		}
	}
	return divideLarge(
		BigInt(numerator) * (exponent > 0 ? powerOfTen(exponent) : 1n),
		BigInt(denominator) * (exponent < 0 ? powerOfTen(-exponent) : 1n),
	);
}

function divideSafely(dividend: number, divisor: number): number {
	let quotient = Math.floor(dividend / divisor);
	let rest = dividend - quotient * divisor;
	// The division of doubles rounds, by less than one.
	if (rest < 0) {
		quotient--;
		rest += divisor;
	}
	const isUp = 2 * rest > divisor || (2 * rest === divisor && quotient % 2 === 1);
	return isUp ? quotient + 1 : quotient;
}

function divideLarge(numerator: bigint, denominator: bigint): bigint {
	const isNegative = numerator < 0n !== denominator < 0n;
	const dividend = numerator < 0n ? -numerator : numerator;
	const divisor = denominator < 0n ? -denominator : denominator;
	const quotient = dividend / divisor;
	const twiceRest = (dividend % divisor) * 2n;
	const isUp = twiceRest > divisor || (twiceRest === divisor && quotient % 2n === 1n);
	const rounded = isUp ? quotient + 1n : quotient;
	return isNegative ? -rounded : rounded;
}
