// The values of a sample are those that the rules give, however their forms are told apart.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {rankTexts} from '../../source/analysis/columns/rank-texts.ts';
import {groupValues, rankGroups} from '../../source/analysis/columns/value-groups.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {cells} from '../helpers/random-columns.ts';

const near = fc.constantFrom(
	...['1', '1.0', '1.00', '+1', '01', '1.', '1e0', '10', '-0', '0', '0.0', '-0.00', '.5', '0.5', '0.50', '-.5', '-0.5'],
	...[
		'2024-01-01',
		'2024-01-01 ',
		' 2024-01-01',
		'2024-01-01 [x]',
		'2024-01-01T00:00',
		'2024-01-01 00:00:00',
		'20240101',
	],
	...[
		'12345678901234567890123456789012345678',
		'12345678901234567890123456789012345678.0',
		'1-2',
		'123e-000005',
		'1.2.3',
		'NA',
		'',
	],
);

test('the most frequent values and their number', () => {
	const text = fc.oneof({weight: 4, arbitrary: near}, ...Object.values(cells));
	fc.assert(
		fc.property(fc.array(fc.tuple(text, fc.integer({min: 1, max: 4})), {maxLength: 40}), fc.nat(12), (all, limit) => {
			const counts = new Map(all);
			const groups = groupValues(counts);
			const {sampled, top} = rankTexts(counts, limit);
			expect(sampled).toBe(groups.reduce((sum, {count}) => sum + count, 0));
			expect(top.map(({text: ranked, count}) => [ranked, count])).toEqual(
				rankGroups(groups, limit).map(({text: ranked, count}) => [ranked, count]),
			);
		}),
		{numRuns: randomCases(3000)},
	);
});
