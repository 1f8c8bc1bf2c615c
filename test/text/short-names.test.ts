import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {commonFolder, folderOf} from '../../source/text/common-folder.ts';
import {shortenNames} from '../../source/text/short-names.ts';
import {breakWord, displayWidth} from '../../source/text/width.ts';

describe('names for a list', () => {
	test.each<[string, readonly string[]]>([
		['that differ at their end', ['north_export_2024-01-15_part_0001.csv', 'north_export_2024-01-15_part_0002.csv']],
		[
			'that differ at their beginning',
			['north_export_2024_final_version_1.csv', 'south_export_2024_final_version_1.csv'],
		],
		[
			'that differ in their middle',
			['export_2024_for_region_north_final_version.csv', 'export_2024_for_region_south_final_version.csv'],
		],
		['of the same name in other folders', ['north/2024/january/final/data.csv', 'south/2024/january/final/data.csv']],
		[
			'of the same name in folders below',
			['exports/2024/north-01/final/data.csv', 'exports/2024/north-02/final/data.csv'],
		],
		['beside names that are short', ['a.csv', 'very_long_name_of_a_file_a_1.csv', 'very_long_name_of_a_file_a_2.csv']],
		[
			'in scripts of two columns a character',
			['売上データ二〇二四年一月北日本.csv', '売上データ二〇二四年一月南日本.csv'],
		],
	])('look different when they are cut, %s', (_kind, names) => {
		for (const columns of [16, 20, 24]) {
			const shortened = shortenNames(names, columns);
			expect(new Set(shortened).size).toBe(names.length);
			for (const name of shortened) expect(displayWidth(name)).toBeLessThanOrEqual(columns);
		}
	});

	test('are never wider than the room, and never look the same where one difference distinguishes them', () => {
		const part = fc.string({unit: fc.constantFrom('a', 'b', '/', '漢', 'e\u{301}', '1'), maxLength: 30});
		fc.assert(
			fc.property(part, part, fc.uniqueArray(fc.nat(99), {minLength: 2, maxLength: 9}), (before, after, numbers) => {
				const names = numbers.map(number => `${before}#${String(number).padStart(2, '0')}${after}`);
				const shortened = shortenNames(names, 24);
				for (const name of shortened) expect(displayWidth(name)).toBeLessThanOrEqual(24);
				expect(new Set(shortened).size).toBe(names.length);
			}),
		);
	});

	test('that fit stay as they are', () => {
		expect(shortenNames(['b/a.csv', 'a/b.csv'], 16)).toEqual(['b/a.csv', 'a/b.csv']);
		expect(shortenNames([], 16)).toEqual([]);
	});
});

test('the common folder of paths is the longest one that contains all', () => {
	const common = ([first = '', ...rest]: readonly string[]): string => rest.reduce(commonFolder, folderOf(first));
	expect(common(['a/b/1.csv', 'a/b/2.csv'])).toBe('a/b/');
	expect(common(['a/b/1.csv', 'a/bc/2.csv'])).toBe('a/');
	expect(common(['/a/1.csv', '/b/2.csv'])).toBe('/');
	expect(common(['./1.csv', './x/2.csv'])).toBe('./');
	expect(common(['1.csv', 'x/2.csv'])).toBe('');
	expect(common(['x/2.csv', '-'])).toBe('');
	const path = fc.array(fc.constantFrom('a', 'b', 'ab'), {minLength: 1, maxLength: 5}).map(names => names.join('/'));
	fc.assert(
		fc.property(fc.array(path, {minLength: 1, maxLength: 6}), paths => {
			const folder = common(paths);
			for (const each of paths) expect(each.startsWith(folder)).toBe(true);
			// One more name would be too many for one of them.
			const next = paths.map(each => each.slice(folder.length).split('/'));
			const [first] = next;
			expect(next.every(names => names.length > 1 && names[0] === first?.[0])).toBe(false);
			expect(common(paths.toReversed())).toBe(folder);
		}),
	);
});

test('a word is broken where the line ends, and nothing of it is lost', () => {
	const word = fc.string({unit: fc.constantFrom('a', '漢', 'e\u{301}', '👩‍👩‍👧'), maxLength: 60});
	fc.assert(
		fc.property(word, fc.integer({min: 2, max: 30}), (text, columns) => {
			const pieces = breakWord(text, columns);
			expect(pieces.join('')).toBe(text);
			for (const piece of pieces) expect(displayWidth(piece)).toBeLessThanOrEqual(columns);
		}),
	);
});
