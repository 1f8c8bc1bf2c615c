// The regular expressions of routes: they find what those of JavaScript find, wherever the text is cut, and no pattern takes long.
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {LineSearch} from '../../../source/pipeline/routes/line-pattern/line-search.ts';
import {
	findLinePatternFault,
	parseLinePattern,
} from '../../../source/pipeline/routes/line-pattern/parse-line-pattern.ts';
import {randomCases} from '../../helpers/random-cases.ts';

function isFoundIn(pattern: string, ...pieces: readonly string[]): boolean {
	const search = new LineSearch(parseLinePattern(pattern));
	for (const piece of pieces) search.take(piece);
	search.end();
	return search.isFound;
}

/** Lines as every reader of ours knows them; what stands behind the last line end is one where it is not empty. */
const linesOf = (text: string): string[] => {
	const lines = text.split(/\r\n|\r|\n/);
	return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
};

/** JavaScript has no `(?i)` in front of a pattern, but a flag. */
const asJavaScript = (pattern: string): RegExp =>
	pattern.startsWith('(?i)') ? new RegExp(pattern.slice(4), 'isu') : new RegExp(pattern, 'su');

const atom = fc.constantFrom(
	'a',
	'b',
	'é',
	'😀',
	'.',
	'[ab]',
	'[^a]',
	'\\d',
	'\\w',
	'\\W',
	'\\s',
	'\\p{L}',
	'\\u{e9}',
	'\\.',
	'K',
);
const assertion = fc.constantFrom('^', '$', '\\b', '\\B');
const quantifier = fc.constantFrom('', '', '*', '+', '?', '{2}', '{0,2}', '{1,}', '{0}', '*?', '+?');
const {pattern: randomPattern} = fc.letrec<{pattern: string; item: string}>(tie => ({
	item: fc.oneof(
		{depthSize: 'small'},
		fc.tuple(atom, quantifier).map(parts => parts.join('')),
		assertion,
		fc.tuple(tie('pattern'), quantifier).map(([inside, many]) => `(?:${inside})${many}`),
		fc.tuple(tie('pattern'), quantifier).map(([inside, many]) => `(${inside})${many}`),
	),
	pattern: fc.oneof(
		{depthSize: 'small'},
		fc.array(tie('item'), {maxLength: 4}).map(items => items.join('')),
		fc.tuple(tie('pattern'), tie('pattern')).map(options => options.join('|')),
	),
}));
const randomText = fc
	.array(fc.constantFrom('a', 'b', 'c', '1', ' ', '.', 'é', 'É', '😀', 'k', '\u212a', '_', '\n', '\r', '\r\n'), {
		maxLength: 14,
	})
	.map(parts => parts.join(''));

test('a pattern is found in a text if JavaScript finds it in one of its lines, wherever the text is cut', () => {
	fc.assert(
		fc.property(
			fc.tuple(fc.constantFrom('', '', '(?i)'), randomPattern).map(parts => parts.join('')),
			randomText,
			fc.array(fc.nat(20), {maxLength: 4}),
			(pattern, text, cuts) => {
				fc.pre(findLinePatternFault(pattern)?.includes('repeat fewer') !== true);
				// V8 finds a place between the two halves of a character, where the standard has none.
				fc.pre(!pattern.includes('\\B') || !text.includes('😀'));
				const places = [0, ...cuts.toSorted((one, other) => one - other), text.length];
				const pieces = places.slice(1).map((end, index) => text.slice(places[index], end));
				expect(isFoundIn(pattern, ...pieces)).toBe(linesOf(text).some(line => asJavaScript(pattern).test(line)));
			},
		),
		{numRuns: randomCases(3000)},
	);
});

describe('what a pattern may be', () => {
	test.each([
		['ERROR', 'an ERROR here', true],
		['(?i)error', 'an ERROR here', true],
		['error', 'an ERROR here', false],
		['^\\d{4}-\\d{2}-\\d{2} ', 'x\n2026-11-30 started', true],
		['"status":5\\d\\d', '{"status":503}', true],
		['^$', 'a\r\nb\r\n', false],
		['^$', 'a\r\n\r\nb', true],
		['}', '{}', true],
		['\\-\\"', 'a-"b', true],
		['[\\"\\-]x', '"x', true],
	])('%s', (pattern, text, isFound) => {
		expect(isFoundIn(pattern, text)).toBe(isFound);
	});

	test.each([
		['(a', 'at character 1, expected a ) for this group'],
		['a)b', 'at character 2, expected no ) without a ( in front of it'],
		['a**', 'at character 3, expected something to repeat'],
		['*a', 'at character 1, expected something to repeat in front of *'],
		['^*', 'at character 2, expected something to repeat, not “^”'],
		['x[a-', 'at character 2, expected a ] for this ['],
		['[b-a]', 'expected characters, but “[b-a]” stands for none'],
		['a{3,2}', 'at character 2, expected the larger number behind the smaller one'],
		['(a)\\1', 'at character 4, expected no reference to a group'],
		['(?=a)', 'at character 1, expected no group that looks ahead or back'],
		['(?<!a)b', 'at character 1, expected no group that looks ahead or back'],
		['a(?i)b', 'at character 2, expected (?: or (?<name>'],
		['\\p{Nothing}', 'expected characters'],
		['a\\', 'at character 2, expected a character behind the backslash'],
		['(a{100}){100}', 'repeat fewer of them'],
		['('.repeat(500), 'expected no more than 100 groups in each other'],
	])('%s is refused', (pattern, fault) => {
		expect(findLinePatternFault(pattern)).toContain(fault);
	});

	test('any text is a pattern or has a fault', () => {
		const part = fc.constantFrom(
			'(',
			')',
			'[',
			']',
			'{',
			'}',
			'?',
			'*',
			'|',
			'\\',
			'^',
			'a',
			'p',
			'u',
			'1',
			'-',
			',',
			':',
			'<',
			'=',
		);
		fc.assert(
			fc.property(fc.array(part, {maxLength: 12}), parts => {
				const pattern = parts.join('');
				if (findLinePatternFault(pattern) === null) isFoundIn(pattern, 'aaa');
			}),
			{numRuns: randomCases(3000)},
		);
	});
});

test('patterns that take others exponential time, and lines of any length, cost one pass', () => {
	const line = 'a'.repeat(1_000_000);
	for (const pattern of ['(a+)+$b', '(a|a)*b', '(?:a?){30}a{30}b', '(.*)(.*)(.*)(.*)x', '(a*)*\\b\\B'])
		expect(isFoundIn(pattern, line, line)).toBe(false);
});

test('a pattern with more states than are kept finds what it should, wherever the text is cut', () => {
	// Which of the last twelve characters were an a: 4096 sets of places.
	const pattern = '^(?:a|b)*a(?:a|b){11}\\bc?$';
	const letter = (seed: number, at: number): string =>
		(Math.imul(seed + at, 0x9e3779b1) >>> 13) % 2 === 0 ? 'a' : 'b';
	// Long pieces let the machine begin anew, short ones leave it.
	fc.assert(
		fc.property(fc.nat(), fc.constantFrom(100, 5000, 40_000), fc.boolean(), (seed, pieceLength, isAtEnd) => {
			const letters = Array.from({length: 40_000}, (_, at) => letter(seed, at)).join('');
			const text = isAtEnd ? letters : `b\n${letters}\nb`;
			const pieces = Array.from({length: Math.ceil(text.length / pieceLength)}, (_, index) =>
				text.slice(index * pieceLength, (index + 1) * pieceLength),
			);
			expect(isFoundIn(pattern, ...pieces)).toBe(letters.at(-12) === 'a');
		}),
		{numRuns: randomCases(12)},
	);
});
