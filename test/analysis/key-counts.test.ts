// Keys that come again, merged in any order.
import {expect, test} from 'vitest';
import {
	addKey,
	countDuplicates,
	createKeyCounts,
	firstDuplicates,
	mergeKeyCounts,
} from '../../source/analysis/quality/key-counts.ts';
import {Dice} from '../helpers/large-tables.ts';
import {randomSeeds} from '../helpers/random-cases.ts';

const caps = {maxValues: 1000, maxValueBytes: 100_000, maxSampled: 4};

/** Of a part that has these keys, each at a place of its own. */
function countsOf(keys: readonly number[], start: number) {
	const counts = createKeyCounts(caps);
	for (const [index, key] of keys.entries())
		addKey(counts, `key${key}`, `key ${key}`, {line: index, byteOffset: start + index});
	return counts;
}

test('which duplicates are shown does not depend on the order in which parts are merged', () => {
	for (const seed of randomSeeds(100)) {
		const dice = new Dice(seed);
		const parts = Array.from({length: 4}, () => Array.from({length: 1 + dice.roll(20)}, () => dice.roll(14)));
		const shownIn = (order: readonly number[]): unknown => {
			const merged = createKeyCounts(caps);
			for (const place of order) mergeKeyCounts(merged, countsOf(parts[place] ?? [], 100 * place));
			return {first: firstDuplicates(merged), count: countDuplicates(merged)};
		};
		const expected = shownIn([0, 1, 2, 3]);
		for (const order of [
			[3, 2, 1, 0],
			[1, 3, 0, 2],
		])
			expect(shownIn(order), `seed ${seed}`).toEqual(expected);
	}
});
