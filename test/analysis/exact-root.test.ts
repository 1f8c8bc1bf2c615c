// Units of a double are rounded from its exact value, half to even, whichever way they are computed.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {MAX_BUCKET, middleOf} from '../../source/analysis/columns/buckets.ts';
import {unitsOfDouble} from '../../source/analysis/columns/exact-root.ts';
import {randomCases} from '../helpers/random-cases.ts';

/** By its bits: mantissa × 2^exponent × 10^scale. */
function exactUnits(value: number, scale: number): bigint {
	let [numerator, denominator, rest] = [0n, 1n, Math.abs(value)];
	while (!Number.isInteger(rest)) {
		rest *= 2;
		denominator *= 2n;
	}
	numerator = BigInt(rest) * 10n ** BigInt(scale);
	const [whole, twice] = [numerator / denominator, 2n * (numerator % denominator)];
	const isUp = twice > denominator || (twice === denominator && whole % 2n === 1n);
	return (value < 0 ? -1n : 1n) * (isUp ? whole + 1n : whole);
}

test('of the middles of buckets and of any numbers', () => {
	const middles = fc.integer({min: -MAX_BUCKET, max: MAX_BUCKET}).map(middleOf);
	const few = fc.integer({min: -70_000, max: 70_000}).map(middleOf);
	const halves = fc.integer({min: -2000, max: 2000}).map(half => half / 2);
	const numbers = fc.oneof(middles, few, halves, fc.double({noNaN: true, noDefaultInfinity: true}));
	fc.assert(
		fc.property(numbers, fc.integer({min: 0, max: 20}), (value, scale) => {
			expect(unitsOfDouble(value, scale)).toBe(exactUnits(value, scale));
		}),
		{numRuns: randomCases(3000)},
	);
});
