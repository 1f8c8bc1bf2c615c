import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {restoreBytes} from '../../source/cli/arguments/command-words.ts';
import {splitList} from '../../source/cli/commands/read-file-list.ts';
import {displayName, pathBytes, pathText} from '../../source/text/path-text.ts';
import {encodeWide} from '../helpers/encode-wide.ts';

const anyBytes = fc.uint8Array({maxLength: 12}).map(bytes => Buffer.from(bytes));

describe('a path as text', () => {
	test('can be turned back into its bytes, whatever they are', () => {
		fc.assert(
			fc.property(anyBytes, bytes => {
				expect(pathBytes(pathText(bytes))).toEqual(bytes);
			}),
		);
	});

	test('is the text itself where it is UTF-8', () => {
		fc.assert(
			fc.property(fc.string({unit: 'grapheme'}), text => {
				expect(pathText(Buffer.from(text))).toBe(text);
			}),
		);
	});
});

describe('a list of paths', () => {
	const lines = 'a.csv\r\nwith space.csv\nüñ漢😀.csv\r\n\n./b/c.csv';
	const paths = ['a.csv', 'with space.csv', 'üñ漢😀.csv', './b/c.csv'];
	const utf16 = (text: string, isBigEndian: boolean): Buffer => {
		const bytes = Buffer.from(text, 'utf16le');
		return isBigEndian ? bytes.swap16() : bytes;
	};

	test.each([
		['UTF-8', Buffer.from(lines)],
		['UTF-8 with a BOM', Buffer.from(`\ufeff${lines}`)],
		['UTF-16 LE with a BOM', utf16(`\ufeff${lines}`, false)],
		['UTF-16 BE with a BOM', utf16(`\ufeff${lines}`, true)],
		['UTF-32 LE with a BOM', encodeWide(`\ufeff${lines}`, 'utf-32le')],
		['UTF-32 BE with a BOM', encodeWide(`\ufeff${lines}`, 'utf-32be')],
		['UTF-16 with NUL between paths', utf16(`\ufeff${paths.join('\0')}`, false)],
		['UTF-8 with a BOM and NUL between paths', Buffer.from(`\ufeff${paths.join('\0')}\0`)],
	])('is read in %s', (_, bytes) => {
		expect(splitList(bytes)).toEqual(paths);
	});

	test.each([
		['UTF-16 LE without a BOM', utf16('a.csv\r\nb.csv\r\n', false), /looks like UTF-16 without a BOM/],
		['UTF-16 BE without a BOM', utf16('a.csv\nb.csv\n', true), /looks like UTF-16 without a BOM/],
		['one path in UTF-16', utf16('data/x.csv', false), /looks like UTF-16 without a BOM/],
		['names of other letters in UTF-16', utf16('漢字.csv\r\n日本.csv\r\n', false), /looks like UTF-16 without a BOM/],
		['half a character', utf16('\ufeffab', false).subarray(0, -1), /begins like UTF-16LE and is not/],
		[
			'half a character in UTF-32',
			encodeWide('\ufeffab', 'utf-32le').subarray(0, -1),
			/begins like UTF-32LE and is not/,
		],
	])('of %s is refused, with advice', (_, bytes, sentence) => {
		expect(() => splitList(bytes)).toThrow(sentence);
		expect(() => splitList(bytes)).toThrow(/Write it in UTF-8/);
	});

	test('has each name of a folder as find -print0 and find write them', () => {
		const name = fc
			.uint8Array({minLength: 1, maxLength: 8})
			.map(bytes => Buffer.from(bytes.map(byte => (byte === 0 || byte === 0x0a || byte === 0x0d ? 0xff : byte))));
		fc.assert(
			fc.property(fc.array(name, {minLength: 1}), names => {
				const found = names.map(bytes => Buffer.concat([Buffer.from('./'), bytes]));
				for (const end of ['\0', '\n', '\r\n']) {
					const list = Buffer.concat(found.flatMap(bytes => [bytes, Buffer.from(end)]));
					expect(splitList(list).map(pathBytes)).toEqual(found);
				}
			}),
		);
	});
});

describe('the words of the command line', () => {
	const words = (...all: readonly string[]): Buffer => Buffer.from(all.map(word => `${word}\0`).join(''), 'latin1');
	const asNode = (word: string): string => Buffer.from(word, 'latin1').toString('utf8');

	test('have the bytes that Node has replaced', () => {
		const given = ['--json', 'caf\xe9.csv', '', 'caf\xe8.csv', 'caf\xc3\xa9.csv'];
		const restored = restoreBytes(given.map(asNode), () => words('node', '--flag', 'cli.js', ...given));
		expect(restored.map(word => displayName(pathBytes(word)))).toEqual([
			'--json',
			'caf\\xe9.csv',
			'',
			'caf\\xe8.csv',
			'café.csv',
		]);
	});

	test('are those of Node where their bytes are unknown, or do not match', () => {
		const given = ['caf\ufffd.csv', 'b.csv'];
		const fail = (): Buffer => {
			throw new Error('ENOENT');
		};
		for (const read of [fail, () => words('a title'), () => words('node', 'x\xe9.csv', 'b.csv'), () => words()]) {
			expect(restoreBytes(given, read)).toEqual(given);
		}
	});

	test('are not read again where no byte was replaced', () => {
		const never = (): Buffer => {
			throw new Error('asked');
		};
		expect(restoreBytes(['é.csv'], never)).toEqual(['é.csv']);
	});
});
