// Numbers are one value where they are equal, however they are written.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {readCell} from '../../source/analysis/columns/cell.ts';
import {groupValues, keyOf, rankGroups, unitsAt} from '../../source/analysis/columns/value-groups.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {cells} from '../helpers/random-columns.ts';

const digits = fc.string({unit: fc.constantFrom('0', '1', '9'), maxLength: 20});
const exponent = fc.oneof(
	fc.constant(''),
	fc.integer({min: -45, max: 25}).map(size => `e${size}`),
);
/** Few digits and many zeros: numbers that are equal, or nearly so. */
const numbers = fc
	.tuple(fc.constantFrom('', '-'), digits, digits, exponent)
	.map(([sign, whole, decimals, size]) => `${sign}0${whole}.${decimals}${size}`);

test('the keys of numbers are the same where the numbers are', () => {
	fc.assert(
		fc.property(numbers, numbers, fc.nat(12), fc.boolean(), (one, other, zeros, isSame) => {
			// The same number in another form, every other time.
			const form = isSame ? one.replace(/(?=e|$)/, '0'.repeat(zeros)) : other;
			const [first, second] = [readCell(one), readCell(form)];
			if (!('units' in first && 'units' in second)) return;
			const scale = Math.max(first.scale, second.scale);
			expect(keyOf(first) === keyOf(second)).toBe(unitsAt(first, scale) === unitsAt(second, scale));
		}),
		{numRuns: randomCases(3000)},
	);
});

test('the first groups are those of all in order', () => {
	const values = fc.array(fc.tuple(fc.oneof(...Object.values(cells)), fc.integer({min: 1, max: 4})), {maxLength: 60});
	fc.assert(
		fc.property(values, fc.integer({min: 1, max: 12}), (all, limit) => {
			const groups = groupValues(new Map(all));
			const sorted = groups.toSorted((one, other) => other.count - one.count || (one.text < other.text ? -1 : 1));
			expect(rankGroups(groups, limit)).toEqual(sorted.slice(0, limit));
		}),
		{numRuns: randomCases(300)},
	);
});
