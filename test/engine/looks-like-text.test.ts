import {expect, test} from 'vitest';
import {looksLikeText} from '../../source/engine/worker/read/looks-like-text.ts';

const looks = (fileName: string | null, text: string, isAll = true): boolean =>
	looksLikeText({fileName, bytes: Buffer.from(text), isAll});

const prose = 'It was a dark night.\nNobody came, and so on.\n';
const table = 'a;b\n1;2\n3;"4;\n5"\n';

test.each<[string | null, string]>([
	['app.log', prose],
	['app.log', '10:00:00,123 INFO a\n10:00:00,124 INFO b\n'],
	['APP.LOG.3', 'a line'],
	['app.log-20240301.gz', 'a line'],
	['prose.txt', prose],
	['words.txt', 'one\ntwo\n'],
	['README', prose],
	['colours.log', '\u001b[31mERROR\u001b[0m failed\n'],
	[null, prose],
	['events.txt', '{"a":1,"b":2}\n{"a":3,"b":4}\n'],
])('%j with %j is a text', (fileName, text) => {
	expect(looks(fileName, text)).toBe(true);
});

test.each<[string | null, string]>([
	['data.csv', prose],
	['data.tsv.gz', prose],
	['events.csv', '{"a":1,"b":2}\n{"a":3,"b":4}\n'],
	['table.txt', table],
	['header.txt', 'shop,price\n'],
	['one-column', 'name\nx\n'],
	['table', table],
	[null, 'a|b\n\n1|2\n'],
	['binary.log', 'a\0b\n'],
	['quoted.txt', '"a,b"\n"c,d"\n'],
	['quoted.log', '"a,b"\n"c,d"\n'],
])('%j with %j is not', (fileName, text) => {
	expect(looks(fileName, text)).toBe(false);
});

test('a record that is not whole is not counted', () => {
	expect(looks('start', 'a,b,c\n1,2,3\n4,', false)).toBe(false);
	expect(looks('start', 'a,b,c\n1,2,3\n4,', true)).toBe(true);
});
