import fc from 'fast-check';
import {expect, test} from 'vitest';
import {Utf8Page} from '../../source/text/utf8-page.ts';

const text = fc.oneof(
	fc.string({unit: 'binary'}),
	fc.string(),
	fc.constantFrom('', 'é', '漢字', '\u{1f600}', '\ud800'),
);
/** Longer than a page, with characters of several bytes, so that no page holds a whole number of them. */
const long = fc
	.tuple(fc.constantFrom('x', 'é', '漢', '\u{1f600}'), fc.integer({min: 20_000, max: 200_000}))
	.map(([character, count]) => `-${character.repeat(count)}`);
const step = fc.oneof(
	{weight: 8, arbitrary: fc.record({add: text})},
	{weight: 1, arbitrary: fc.record({add: long})},
	{weight: 2, arbitrary: fc.constant('take' as const)},
);

test('drain returns exactly what was added, in order', () => {
	fc.assert(
		fc.property(fc.array(step, {maxLength: 40}), steps => {
			const page = new Utf8Page();
			const taken: Uint8Array[] = [];
			let expected = '';
			for (const step of steps) {
				if (step === 'take') taken.push(page.drain());
				else {
					page.add(step.add);
					expected += Buffer.from(step.add).toString();
				}
				expect(page.length).toBe(Buffer.byteLength(expected) - Buffer.concat(taken).length);
			}
			taken.push(page.drain());
			expect(Buffer.concat(taken).toString()).toBe(expected);
		}),
	);
});
