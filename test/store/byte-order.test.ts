import fc from 'fast-check';
import {expect, test} from 'vitest';
import {compareUtf8} from '../../source/text/byte-order.ts';
import {randomCases} from '../helpers/random-cases.ts';

/** Characters around the places where the UTF-16 and UTF-8 orders differ, and others where they agree. */
const character = fc.oneof(
	fc.constantFrom('a', 'b', 'é', '漢', '\ud7ff', '\ue000', '\uff01', '\uffff', '\u{10000}', '\u{1f600}', '\u{10ffff}'),
	fc.string({unit: 'binary', minLength: 1, maxLength: 1}),
);
const text = fc.array(character, {maxLength: 6}).map(characters => characters.join(''));

test('text is ordered as its UTF-8 bytes are', () => {
	fc.assert(
		fc.property(text, text, (left, right) => {
			const expected = Buffer.compare(Buffer.from(left), Buffer.from(right));
			expect(Math.sign(compareUtf8(left, right))).toBe(expected);
		}),
		{numRuns: randomCases(2000)},
	);
});

test('an emoji comes after full-width punctuation, which UTF-16 order reverses', () => {
	expect(compareUtf8('\u{1f600}', '\uff01')).toBeGreaterThan(0);
	expect(['\u{1f600}', '\uff01'].sort()).toEqual(['\u{1f600}', '\uff01']);
});

test('a prefix comes before the whole text', () => {
	expect(compareUtf8('data', 'data/a.csv')).toBeLessThan(0);
	expect(compareUtf8('', '')).toBe(0);
});
