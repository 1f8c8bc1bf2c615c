import fc from 'fast-check';
import stringWidth from 'string-width';
import {expect, test, vi} from 'vitest';
import {safe} from '../../source/text/safe.ts';
import {displayWidth, padEnd, padStart, truncateEnd, truncateMiddle, truncatePath} from '../../source/text/width.ts';

test('text that fits stays whole', () => {
	expect(truncateEnd('orders.csv', 10)).toBe('orders.csv');
	expect(truncateMiddle('orders.csv', 10)).toBe('orders.csv');
	expect(truncateMiddle('漢字', 4)).toBe('漢字');
});

test('a cut is marked, at the end or in the middle', () => {
	expect(truncateEnd('unclosed quote', 9)).toBe('unclosed…');
	expect(truncateMiddle('transactions_2024_0001.csv', 15)).toBe('transac…001.csv');
	expect(truncateMiddle('transactions_2024_0001.csv', 15, {ascii: true})).toBe('transac~001.csv');
	expect(truncateEnd('abc', 1)).toBe('…');
	expect(truncateEnd('abc', 0)).toBe('');
});

test('a path is cut at its start, its last name in the middle', () => {
	expect(truncatePath('data/2024/orders.csv', 20)).toBe('data/2024/orders.csv');
	expect(truncatePath('/srv/data/2024/orders.csv', 16)).toBe('…2024/orders.csv');
	expect(truncatePath('data/transactions_2024_0001.csv', 15)).toBe('transac…001.csv');
});

test('wide characters are never cut in two', () => {
	expect(truncateEnd('漢字漢字', 6)).toBe('漢字…');
	expect(truncateMiddle('漢字漢字漢字', 8)).toBe('漢字…字');
});

test('padding gives exactly the columns asked for', () => {
	expect(padEnd('漢', 4)).toBe('漢  ');
	expect(padStart('1.2 GB', 8)).toBe('  1.2 GB');
	expect(padEnd('unclosed quote', 5)).toBe('uncl…');
});

test('no result is wider than requested, and padding is exact', () => {
	const text = fc.string({unit: 'grapheme', maxLength: 60}).map(safe);
	fc.assert(
		fc.property(text, fc.integer({min: 0, max: 50}), (value, columns) => {
			expect(displayWidth(truncateEnd(value, columns))).toBeLessThanOrEqual(columns);
			expect(displayWidth(truncateMiddle(value, columns))).toBeLessThanOrEqual(columns);
			expect(displayWidth(truncatePath(value, columns))).toBeLessThanOrEqual(columns);
			expect(displayWidth(padEnd(value, columns))).toBe(columns);
			expect(displayWidth(padStart(value, columns))).toBe(columns);
		}),
	);
});

test('only as much of a huge text is examined as fits', () => {
	const huge = `${'é'.repeat(2_000_000)}.csv`;
	const before = process.cpuUsage();
	for (let round = 0; round < 20; round++) expect(truncateMiddle(huge, 12)).toBe('éééééé…é.csv');
	// To look at all of it once takes an eighth of a second.
	expect(process.cpuUsage(before).user).toBeLessThan(2_000_000);
});

const drawn = '»·×–—‖…←↑→↓↻⏎─│┌┼╴╿▀▁▂▃▄▅▆▇█▉▊▋▌▍▎▏▐░▒▓▔▟▲▸▼○✔✖';
const graphemes = new Intl.Segmenter('en', {granularity: 'grapheme'});

test('the characters of bars and charts take one column each, alone and beside each other', () => {
	const character = fc.constantFrom(...drawn, ...'aZ09 ~.[(');
	fc.assert(
		fc.property(fc.array(character, {maxLength: 40}), fc.integer({min: 1, max: 45}), (characters, columns) => {
			const text = characters.join('');
			expect(displayWidth(text)).toBe(stringWidth(text));
			expect([...graphemes.segment(text)]).toHaveLength(characters.length);
			expect(truncateEnd(text, columns)).toBe(
				characters.length <= columns ? text : `${characters.slice(0, columns - 1).join('')}…`,
			);
		}),
	);
});

test('a screen of bars is measured and cut without memory outside of the heap', () => {
	const segment = vi.spyOn(Intl.Segmenter.prototype, 'segment');
	for (const bar of ['█████▌', `▸ ${'░'.repeat(60)}`, drawn]) {
		for (const columns of [1, 5, 100]) {
			padEnd(bar, columns);
			padStart(bar, columns);
			truncateMiddle(bar, columns);
			truncatePath(bar, columns);
		}
	}
	expect(segment).not.toHaveBeenCalled();
	segment.mockRestore();
});
