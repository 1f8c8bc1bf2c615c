import fc from 'fast-check';
import {expect, test} from 'vitest';
import {safe} from '../../source/text/safe.ts';

test('harmless text is returned unchanged, in any script', () => {
	for (const text of ['', 'orders.csv', 'C:\\data\\x.csv', 'Größe', '漢字.csv', 'данные', 'ünïcödé 📈', 'e\u0301']) {
		expect(safe(text)).toBe(text);
	}
});

test.each([
	['an escape sequence', '\u{1b}[2Jx', '\\x1b[2Jx'],
	['line breaks and tabs', 'a\r\nb\tc', 'a\\r\\nb\\tc'],
	['NUL, BEL, backspace and DEL', '\0\u0007\b\u007f', '\\x00\\x07\\x08\\x7f'],
	['an 8-bit OSC 52', '\u009d52;c;eA==\u009c', '\\x9d52;c;eA==\\x9c'],
	['bidi overrides', '\u202efdp.exe\u202c', '\\u{202e}fdp.exe\\u{202c}'],
	['bidi isolates and marks', '\u2066a\u2069\u200e\u200f\u061c', '\\u{2066}a\\u{2069}\\u{200e}\\u{200f}\\u{61c}'],
	['zero-width characters', 'a\u200bb\u200d\u2060\ufeff', 'a\\u{200b}b\\u{200d}\\u{2060}\\u{feff}'],
	['line and paragraph separators', '\u2028\u2029', '\\u{2028}\\u{2029}'],
	['tag characters', 'a\u{e0041}', 'a\\u{e0041}'],
	['a lone surrogate', 'a\ud800b', 'a\\u{d800}b'],
	[
		'spaces that are no U+0020',
		'1\u00a0234\u202f5\u2009\u3000\u2800',
		'1\\u{a0}234\\u{202f}5\\u{2009}\\u{3000}\\u{2800}',
	],
	['invisible fillers', '\u3164\u00ad', '\\u{3164}\\xad'],
])('%s becomes visible', (_what, hostile, expected) => {
	expect(safe(hostile)).toBe(expected);
});

test('a flood of combining marks is cut to four', () => {
	expect(safe(`a${'\u0301'.repeat(50)}b`)).toBe(`a${'\u0301'.repeat(4)}b`);
});

test('the result for any text holds nothing that a terminal obeys', () => {
	fc.assert(
		fc.property(fc.string({unit: 'binary', maxLength: 200}), text => {
			const result = safe(text);
			expect(result).not.toMatch(/[\u0000-\u001f\u007f-\u00a0\u061c\u2000-\u200f\u2028-\u202f\u2060-\u206f\ufeff]/);
			expect(result.isWellFormed()).toBe(true);
			expect(safe(result)).toBe(result);
		}),
	);
});
