// Ids that are counted up come as bits, others as keys, and the same id may come as both from two places: what is counted is how many
// different ones there are.

import fc from 'fast-check';
import {expect, test} from 'vitest';
import {countBits, idsOf} from '../../source/analysis/dense-ids.ts';
import {
	addDistinct,
	countDistinct,
	createDistinct,
	type DistinctValues,
	mergeDistinct,
} from '../../source/analysis/distinct.ts';
import {defaultCaps} from '../../source/analysis/state-layout.ts';
import {type Form, forms, id, partialOf} from '../helpers/dense-ids.ts';
import {randomCases} from '../helpers/random-cases.ts';

const part = fc.tuple(fc.array(id, {maxLength: 60}), fc.option(fc.constantFrom(...forms)));

const merge = (...partials: readonly DistinctValues[]): DistinctValues => {
	const target = createDistinct();
	for (const partial of partials) mergeDistinct(target, structuredClone(partial));
	return target;
};

test('however ids come, they are counted once, in any order of merging', () => {
	fc.assert(
		fc.property(fc.array(part, {minLength: 1, maxLength: 6}), parts => {
			const partials = parts.map(([ids, form]) => partialOf(ids, form));
			const all = new Set(parts.flatMap(([ids]) => ids));
			const expected = {value: all.size, exact: true};
			expect(countDistinct(merge(...partials))).toEqual(expected);
			expect(countDistinct(merge(...partials.toReversed()))).toEqual(expected);
			const [first = createDistinct(), ...others] = partials;
			expect(countDistinct(merge(merge(...others), first, merge(first)))).toEqual(expected);
		}),
		{numRuns: randomCases(2000)},
	);
});

test('merging leaves what is merged in as it was', () => {
	const form: Form = {prefix: 'C', length: 5, words: 4};
	const [one, other] = [partialOf(['C0001', 'x'], form), partialOf(['C0002', 'C0001'], form)];
	const target = merge(one);
	mergeDistinct(target, one);
	mergeDistinct(target, other);
	expect([one, other, target].map(countDistinct).map(({value}) => value)).toEqual([2, 2, 3]);
});

const wide: Form = {prefix: 'C', length: 8, words: 2 ** 18 / 32};
const counted = (from: number, to: number): string[] =>
	Array.from({length: to - from}, (_, index) => `C${String(from + index).padStart(7, '0')}`);

test('past the cap it is the estimate of the same values as keys, and not before', () => {
	const half = defaultCaps.maxValues / 2;
	const first = partialOf(counted(0, half), wide);
	const second = partialOf(counted(half, defaultCaps.maxValues), wide);
	expect(countDistinct(merge(first, second))).toEqual({value: defaultCaps.maxValues, exact: true});
	const more = partialOf(['one more'], null);
	const estimate = countDistinct(partialOf([...counted(0, defaultCaps.maxValues), 'one more'], null));
	expect(estimate.exact).toBe(false);
	expect(countDistinct(merge(first, second, more))).toEqual(estimate);
	expect(countDistinct(merge(more, second, first))).toEqual(estimate);
	expect(countDistinct(merge(merge(first, more), second))).toEqual(estimate);
});

test('the bytes of ids count towards the cap of bytes, too', () => {
	const long = createDistinct();
	addDistinct(long, 'x'.repeat(defaultCaps.maxValueBytes - 800));
	const ids = (count: number, form: Form) => partialOf(counted(0, count), form);
	expect(countDistinct(merge(long, ids(100, wide)))).toEqual({value: 101, exact: true});
	expect(countDistinct(merge(long, ids(101, wide))).exact).toBe(false);
	// Ids that were keys and become bits count no more than before.
	expect(countDistinct(merge(long, partialOf(counted(0, 100), null), ids(100, wide)))).toEqual({
		value: 101,
		exact: true,
	});
	const bare = partialOf(
		Array.from({length: 101}, (_, number) => `C${number}`),
		{prefix: 'C', length: 0, words: 4},
	);
	// 10 of two bytes, 90 of three, one of four are 294.
	const longer = createDistinct();
	addDistinct(longer, 'x'.repeat(defaultCaps.maxValueBytes - 294));
	expect(countDistinct(merge(longer, bare))).toEqual({value: 102, exact: true});
	addDistinct(longer, 'C101');
	expect(countDistinct(merge(longer, bare)).exact).toBe(false);
});

test('bits of a word are counted, and ids told in their form', () => {
	expect([0, 1, -1, 0x8000_0000, 0x5555_5555, 0xf0f0_f0f0].map(countBits)).toEqual([0, 1, 32, 1, 16, 16]);
	const bits = Uint32Array.of(0x8000_0001, 2);
	expect([...idsOf({prefix: 'a', length: 4, bits, count: 3})]).toEqual(['a000', 'a031', 'a033']);
	expect([...idsOf({prefix: '', length: 0, bits, count: 3})]).toEqual(['0', '31', '33']);
});
