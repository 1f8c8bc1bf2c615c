import fc from 'fast-check';
import {expect, test} from 'vitest';
import {roundNumber, roundUnits} from '../../source/analysis/functions/round-number.ts';
import {randomCases} from '../helpers/random-cases.ts';

/** By the digits that JavaScript writes for a number, with integers of any size. */
function roundByDigits(value: number, decimals: number): bigint {
	const [mantissa = '', exponent = '0'] = String(value).split('e');
	const [whole = '', rest = ''] = mantissa.split('.');
	const shift = decimals + Number(exponent) - rest.length;
	const units = BigInt(whole + rest);
	if (shift >= 0) return units * 10n ** BigInt(shift);
	const unit = 10n ** BigInt(-shift);
	const magnitude = units < 0n ? -units : units;
	const twice = (magnitude % unit) * 2n;
	const quotient = magnitude / unit;
	const rounded = twice > unit || (twice === unit && quotient % 2n === 1n) ? quotient + 1n : quotient;
	return value < 0 ? -rounded : rounded;
}

const decimals = fc.integer({min: 0, max: 18});
/** Halves of the last decimal, and their neighbours. */
const nearHalves = fc
	.tuple(fc.maxSafeInteger(), decimals, fc.integer({min: -2, max: 2}))
	.map(([units, scale, steps]) => {
		const value = Number(`${units}5e-${scale + 1}`);
		return value * (1 + steps * Number.EPSILON);
	});

test.each([
	[1.015, 2, 102],
	[1.005, 2, 100],
	[-1.005, 2, -100],
	[-1.015, 2, -102],
	[2.5, 0, 2],
	[-0.4, 0, 0],
	[0.125, 2, 12],
	[1e21, 0, 10n ** 21n],
	[5e-324, 18, 0],
])('%d with %d decimals is %d units', (value, scale, units) => {
	expect(roundNumber(value, scale)).toBe(units);
});

test('any number is rounded as its digits are', () => {
	const number = fc.oneof(
		fc.double({noNaN: true, noDefaultInfinity: true}),
		fc.double({noNaN: true, min: -1e6, max: 1e6}),
		nearHalves,
		fc.integer().map(cents => cents / 200),
	);
	fc.assert(
		fc.property(number, decimals, (value, scale) => {
			const units = roundNumber(value, scale);
			expect(BigInt(units)).toBe(roundByDigits(value, scale));
			expect(typeof units === 'bigint' || Number.isSafeInteger(units)).toBe(true);
			expect(Object.is(units, -0)).toBe(false);
		}),
		{numRuns: randomCases(20_000)},
	);
});

test('units with more decimals are rounded, others are exact', () => {
	expect([roundUnits(125, 1, 0), roundUnits(135, 1, 0), roundUnits(-125, 2, 1)]).toEqual([12, 14, -12]);
	expect(roundUnits(10n ** 20n, 0, 2)).toBe(10n ** 22n);
});
