import fc from 'fast-check';
import {expect, test} from 'vitest';
import {divideHalfEven, formatExact} from '../../source/analysis/decimal.ts';
import {divideUnits, formatNearest, formatUnits} from '../../source/analysis/units.ts';

const whole = fc.oneof(fc.bigInt(-(10n ** 9n), 10n ** 9n), fc.bigInt(-(2n ** 53n) + 1n, 2n ** 53n - 1n));
const large = fc.bigInt(-(10n ** 60n), 10n ** 60n);
const asUnits = (value: bigint): number | bigint => (Number.isSafeInteger(Number(value)) ? Number(value) : value);

test('units are written as exact decimals are', () => {
	fc.assert(
		fc.property(fc.oneof(whole, large), fc.nat(40), (units, scale) => {
			expect(formatUnits(asUnits(units), scale)).toBe(formatExact({units, scale}, scale));
			expect(formatUnits(units, scale)).toBe(formatExact({units, scale}, scale));
		}),
	);
});

test('quotients are rounded half to even, as numbers or as bigints', () => {
	const small = fc.bigInt(-40n, 40n);
	const divisor = fc.oneof(small, whole, large).filter(value => value !== 0n);
	fc.assert(
		fc.property(fc.oneof(small, whole, large), fc.integer({min: -20, max: 20}), divisor, (numerator, exponent, by) => {
			const sign = by < 0n ? -1n : 1n;
			const [up, down] = [10n ** BigInt(Math.max(0, exponent)), 10n ** BigInt(Math.max(0, -exponent))];
			const {units} = divideHalfEven({units: numerator * sign * up, scale: 0}, by * sign * down, 0);
			expect(BigInt(divideUnits(asUnits(numerator), exponent, asUnits(by)))).toBe(units);
			expect(BigInt(divideUnits(numerator, exponent, by))).toBe(units);
		}),
		{numRuns: 1000},
	);
});

test('the nearest number is written as JSON writes it', () => {
	fc.assert(
		fc.property(fc.oneof(fc.bigInt(-1000n, 1000n), whole, large), fc.nat(30), fc.nat(12), (units, scale, zeros) => {
			const exact = units * 10n ** BigInt(zeros);
			const expected = JSON.stringify(Number(formatExact({units: exact, scale}, scale)));
			expect(formatNearest(asUnits(exact), scale)).toBe(expected);
		}),
		{numRuns: 2000},
	);
	expect(formatNearest(10n ** 400n, 0)).toBe('null');
	expect(formatNearest(-0, 2)).toBe('0');
});
