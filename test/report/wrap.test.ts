import fc from 'fast-check';
import {expect, test} from 'vitest';
import {wrap} from '../../source/report/wrap.ts';
import {displayWidth} from '../../source/text/width.ts';

test('lines are broken between words', () => {
	expect(wrap('one two three four', 9, 5)).toEqual(['one two', 'three', 'four']);
});

test('a word that is wider than a line is cut in its middle', () => {
	expect(wrap('in /data/2024/01/orders.csv here', 11, 5)).toEqual(['in', '/data…s.csv', 'here']);
});

test('text past the last line is cut off with an ellipsis', () => {
	expect(wrap('one two three four', 7, 2)).toEqual(['one two', 'three …']);
	expect(wrap('one two three four', 7, 2, {ascii: true})).toEqual(['one two', 'three ~']);
});

test('no line is wider than requested and there are no more of them than requested', () => {
	const words = fc.array(fc.constantFrom('a', 'seven', '漢字', 'averyveryverylongword', 'é'), {maxLength: 30});
	fc.assert(
		fc.property(words, fc.integer({min: 0, max: 20}), fc.integer({min: 1, max: 5}), (parts, columns, lineLimit) => {
			const lines = wrap(parts.join(' '), columns, lineLimit);
			expect(lines.length).toBeLessThanOrEqual(lineLimit);
			for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
		}),
	);
});
