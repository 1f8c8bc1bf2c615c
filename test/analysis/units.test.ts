import fc from 'fast-check';
import {expect, test} from 'vitest';
import {divideUnits, formatNearest, formatUnits} from '../../source/analysis/units.ts';
import {randomCases} from '../helpers/random-cases.ts';

const whole = fc.oneof(fc.bigInt(-(10n ** 9n), 10n ** 9n), fc.bigInt(-(2n ** 53n) + 1n, 2n ** 53n - 1n));
const large = fc.bigInt(-(10n ** 60n), 10n ** 60n);
const asUnits = (value: bigint): number | bigint => (Number.isSafeInteger(Number(value)) ? Number(value) : value);

/** Digits with a point in front of the last `scale` of them. */
function decimalText(units: bigint, scale: number): string {
	const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
	const sign = units < 0n ? '-' : '';
	return scale === 0 ? sign + digits : `${sign + digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Of the two whole numbers around a fraction the nearer one, or the even one. */
function roundFraction(numerator: bigint, denominator: bigint): bigint {
	const [dividend, divisor] = denominator < 0n ? [-numerator, -denominator] : [numerator, denominator];
	const below = (dividend - (((dividend % divisor) + divisor) % divisor)) / divisor;
	const side = 2n * (dividend - below * divisor) - divisor;
	return side < 0n || (side === 0n && below % 2n === 0n) ? below : below + 1n;
}

test('units are written as exact decimals are', () => {
	fc.assert(
		fc.property(fc.oneof(whole, large), fc.nat(40), (units, scale) => {
			expect(formatUnits(asUnits(units), scale)).toBe(decimalText(units, scale));
			expect(formatUnits(units, scale)).toBe(decimalText(units, scale));
		}),
	);
});

test('quotients are rounded half to even, as numbers or as bigints', () => {
	const small = fc.bigInt(-40n, 40n);
	const divisor = fc.oneof(small, whole, large).filter(value => value !== 0n);
	fc.assert(
		fc.property(fc.oneof(small, whole, large), fc.integer({min: -20, max: 20}), divisor, (numerator, exponent, by) => {
			const [up, down] = [10n ** BigInt(Math.max(0, exponent)), 10n ** BigInt(Math.max(0, -exponent))];
			const units = roundFraction(numerator * up, by * down);
			expect(BigInt(divideUnits(asUnits(numerator), exponent, asUnits(by)))).toBe(units);
			expect(BigInt(divideUnits(numerator, exponent, by))).toBe(units);
		}),
		{numRuns: randomCases(1000)},
	);
});

test('the nearest number is written as JSON writes it', () => {
	fc.assert(
		fc.property(fc.oneof(fc.bigInt(-1000n, 1000n), whole, large), fc.nat(30), fc.nat(12), (units, scale, zeros) => {
			const exact = units * 10n ** BigInt(zeros);
			const expected = JSON.stringify(Number(decimalText(exact, scale)));
			expect(formatNearest(asUnits(exact), scale)).toBe(expected);
		}),
		{numRuns: randomCases(2000)},
	);
	expect(formatNearest(10n ** 400n, 0)).toBe('null');
	expect(formatNearest(-0, 2)).toBe('0');
});
