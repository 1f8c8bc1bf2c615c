import fc from 'fast-check';
import {expect, test} from 'vitest';
import {KeptTexts, type TextSlice} from '../../source/text/kept-texts.ts';
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
	{weight: 8, arbitrary: fc.record({add: text, isPart: fc.boolean()})},
	{weight: 1, arbitrary: fc.record({add: long, isPart: fc.boolean()})},
	{weight: 2, arbitrary: fc.constant('take' as const)},
);

/** A part in the middle of other bytes. */
function partOf(value: string): TextSlice {
	const bytes = Buffer.from(value);
	const [, part] = new KeptTexts().keep(Buffer.concat([Buffer.from('<'), bytes, Buffer.from('>')]), [
		1,
		bytes.length,
		1,
	]);
	if (part === undefined) throw new Error('It is not kept');
	return part;
}

test('drain returns exactly what was added, in order', () => {
	fc.assert(
		fc.property(fc.array(step, {maxLength: 40}), steps => {
			const page = new Utf8Page();
			const taken: Uint8Array[] = [];
			let expected = '';
			for (const step of steps) {
				if (step === 'take') taken.push(page.drain());
				else {
					page.add(step.isPart ? partOf(step.add) : step.add);
					expected += Buffer.from(step.add).toString();
				}
				expect(page.length).toBe(Buffer.byteLength(expected) - Buffer.concat(taken).length);
			}
			taken.push(page.drain());
			expect(Buffer.concat(taken).toString()).toBe(expected);
		}),
	);
});
