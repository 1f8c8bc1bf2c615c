import fc from 'fast-check';
import {expect, test} from 'vitest';
import {differentNames} from '../../source/input/join-names.ts';

test('columns without a name are called by their number, others of the same name by a number behind it', () => {
	expect(differentNames(['a', '', 'a', 'b', ' ', 'a'])).toEqual(['a', 'column_2', 'a_2', 'b', 'column_5', 'a_3']);
	expect(differentNames(['a', 'a', 'a_2', '', 'column_4'])).toEqual(['a', 'a_3', 'a_2', 'column_4_2', 'column_4']);
});

test('names are all different, and those that are stay as they are', () => {
	const name = fc.constantFrom('', ' ', 'a', 'a_2', 'a_3', 'b', 'column_1', 'column_2', '__proto__');
	fc.assert(
		fc.property(fc.array(name), names => {
			const given = differentNames(names);
			expect(new Set(given).size).toBe(names.length);
			for (const [place, own] of names.entries())
				if (own.trim() !== '' && names.indexOf(own) === place) expect(given[place]).toBe(own);
		}),
	);
});
