// Patterns of names and folders: as everywhere in this program, and without a name that takes long.
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {namePatterns} from '../../../source/engine/plan/path-pattern.ts';
import {compileFolder, compileName} from '../../../source/pipeline/routes/choose/fits-pattern.ts';
import {randomCases} from '../../helpers/random-cases.ts';

const textOf = (...parts: readonly string[]) =>
	fc.array(fc.constantFrom(...parts), {maxLength: 7}).map(all => all.join(''));

test('a name fits a pattern where the regular expression of the pattern says so', () => {
	const pattern = textOf(
		'a',
		'b',
		'.',
		'*',
		'?',
		'[ab]',
		'[!a]',
		'[a-c]',
		'[.]',
		'[]a]',
		'[[:alpha:]]',
		'[',
		']',
		'{a,b*}',
		'\\*',
		'*',
		'😀',
		'@(a|b)',
		'-',
	);
	const name = textOf('a', 'b', 'c', '.', '*', '😀', ']', '[', '-', '\udc80');
	fc.assert(
		fc.property(pattern, name, (of, text) => {
			fc.pre(of !== '' && text !== '' && of !== '**');
			expect(compileName(of)(text)).toBe(namePatterns(of).some(each => each.test(text)));
		}),
		{numRuns: randomCases(2000)},
	);
});

test('a name that somebody has made for it takes no longer than another', () => {
	const fits = compileName('*-*-*-*-*-*-*-*-*-*.csv');
	expect(fits('-'.repeat(250))).toBe(false);
	expect(fits(`${'-'.repeat(246)}.csv`)).toBe(true);
});

describe('folders', () => {
	test.each([
		['', [''], ['a', 'a/b']],
		['a', ['a'], ['', 'b', 'a/b']],
		['a/', ['a'], ['a/b']],
		['*', ['a', 'b'], ['', 'a/b', '.a']],
		['a/*', ['a/b'], ['a', 'a/b/c']],
		['**', ['', 'a', 'a/b'], ['.a', 'a/.b']],
		['a/**', ['a', 'a/b', 'a/b/c'], ['', 'b', 'b/a', 'a/.b']],
		['**/c', ['c', 'a/c', 'a/b/c'], ['', 'a', 'c/a']],
		['a/**/c', ['a/c', 'a/b/c', 'a/b/b/c'], ['a', 'c']],
		['{a,b}/c', ['a/c', 'b/c'], ['c', 'a']],
		['{a/b,c}', ['a/b', 'c'], ['a', 'b']],
		['20[0-9][0-9]/**', ['2026', '2026/11'], ['202', '2x26/11']],
	])('%s', (pattern, fitting, others) => {
		const fits = compileFolder(pattern);
		const answer = (folder: string): boolean => fits(folder === '' ? [] : folder.split('/'));
		expect(fitting.filter(folder => !answer(folder))).toEqual([]);
		expect(others.filter(answer)).toEqual([]);
	});
});
