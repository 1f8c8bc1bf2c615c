// What a pattern of users finds is what a regular expression finds; anything else is refused with what is allowed.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {findByPattern, parseUserPattern, UserPatternError} from '../../source/input/lines/user-pattern.ts';
import {randomCases} from '../helpers/random-cases.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

function find(pattern: string, line: string): string | null {
	const found = {start: 0, end: 0};
	return findByPattern(parseUserPattern(pattern), bytes(line), found) ? line.slice(found.start, found.end) : null;
}

const literal = fc.constantFrom('u', 'u=', 'user=', '\\[', '<', 'a.b'.replace('.', '\\.'), '"id": "', '::');
const characters = fc.constantFrom(
	'[\\w.@-]',
	'\\w',
	'\\d',
	'\\S',
	'[a-z]',
	'[^"]',
	'[^>]',
	'[u=a]',
	'[\\d-]',
	'[\\]a]',
	'[-.]',
);
const terminator = fc.constantFrom('', ';', '=', '>', '"', '-x', 'aa', '\\]');
const line = fc.string({unit: fc.constantFrom(...'uuu==aab<>["]:;-x01.\u00e9 id'), maxLength: 30});

test('a line that nearly fits in each place takes no longer than another one', () => {
	expect(find('u([^"]+)"', 'u'.repeat(64 * 1024))).toBe(null);
	expect(find('u([^"]+)"', `${'u'.repeat(64 * 1024)}"`)).toBe('u'.repeat(64 * 1024 - 1));
});

test('it finds what the regular expression of the same text finds', () => {
	fc.assert(
		fc.property(literal, characters, terminator, line, (front, of, behind, text) => {
			const pattern = `${front}(${of}+)${behind}`;
			expect(find(pattern, text)).toBe(new RegExp(pattern).exec(text)?.[1] ?? null);
		}),
		{numRuns: randomCases(3000)},
	);
});

test('a user and the text around it may have any characters', () => {
	const pattern = parseUserPattern('Benützer „([^"]+)“');
	const found = {start: 0, end: 0};
	const text = Buffer.from('x Benützer „Jürgen 食“ y');
	expect(findByPattern(pattern, text, found)).toBe(true);
	expect(text.toString('utf8', found.start, found.end)).toBe('Jürgen 食');
});

test.each([
	['user=', 'expected a group'],
	['(\\w+)', 'expected a text in front of the group'],
	['(a+)+$', 'expected a text in front of the group'],
	['user=((\\w+)+)', 'expected a class of characters'],
	['user=(\\w+', 'expected the end of the group'],
	['user=(\\w*)', 'expected + behind the class'],
	['(\\w+) (\\w+)', 'expected a text in front of the group'],
	['a(\\w+) (\\w+)', 'expected nothing but a text behind the group'],
	['a(\\w+)\\1', 'expected nothing but a text behind the group'],
	['user=(?=x)(\\w+)', 'expected a class of characters'],
	['user=(\\w+)$', 'expected nothing but a text behind the group'],
	['user=([a-z)', 'expected ] at the end of the class'],
	['user=([])', 'expected a character in the class'],
	['user=([z-a]+)', 'expected a range from a lower character to a higher one'],
	['user=([ü]+)', 'expected a class of ASCII characters'],
	['user.(\\w+)', 'expected a group'],
	['user=(\\b+)', 'expected \\w, \\d, \\S or a class in brackets'],
])('%s is refused', (pattern, message) => {
	expect(() => parseUserPattern(pattern)).toThrow(UserPatternError);
	expect(() => parseUserPattern(pattern)).toThrow(message);
	expect(() => parseUserPattern(pattern)).toThrow('as in user=([\\w.@-]+)');
});
