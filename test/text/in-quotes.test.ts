import fc from 'fast-check';
import {expect, test} from 'vitest';
import {inQuotes} from '../../source/text/in-quotes.ts';

test.each([
	['food', '"food"'],
	['', '""'],
	["d'or", `"d'or"`],
	['"utilities"x', `'"utilities"x'`],
	[`"it's"`, `"\\"it's\\""`],
])('%j is shown as %s', (text, shown) => {
	expect(inQuotes(text)).toBe(shown);
});

test('a value ends at the first quote of the kind that it began with, unless a backslash precedes it', () => {
	const texts = fc.string({unit: fc.constantFrom('"', "'", 'a', ' ')});
	fc.assert(
		fc.property(texts, text => {
			const [, inner = ''] = /^(["'])(?:\\"|(?!\1).)*\1$/s.exec(inQuotes(text)) ?? [];
			expect(inner).not.toBe('');
		}),
	);
});
