import fc from 'fast-check';
import {expect, test, vi} from 'vitest';
import {Recent, remembering} from '../../source/text/recent.ts';

test('whatever is asked for, the answer is that of the text', () => {
	fc.assert(
		fc.property(fc.array(fc.constantFrom(...'abcdefgh')), fc.integer({min: 1, max: 4}), (texts, half) => {
			const once = remembering(text => `${text}!`, half);
			expect(texts.map(once)).toEqual(texts.map(text => `${text}!`));
		}),
	);
});

test('what was asked for lately is not made again, and what was not is forgotten', () => {
	const recent = new Recent<number>(4);
	const make = vi.fn(() => 1);
	for (const text of ['kept', 'a', 'b', 'c', 'kept', 'd', 'e', 'f', 'kept', 'g', 'h', 'i', 'kept'])
		recent.get(text, make);
	expect(make).toHaveBeenCalledTimes(10);
	recent.get('a', make);
	expect(make).toHaveBeenCalledTimes(11);
});

test('also that nothing came of a text is remembered', () => {
	const make = vi.fn(() => null);
	const once = remembering(make, 4);
	expect([once('a'), once('a')]).toEqual([null, null]);
	expect(make).toHaveBeenCalledOnce();
});
