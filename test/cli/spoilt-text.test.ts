// Characters that no sound text has are found wherever the pieces of a file are cut.
import {expect, test} from 'vitest';
import {SpoiltText} from '../../source/cli/commands/sniff/spoilt-text.ts';

const dialect = {delimiter: ',', encoding: 'utf-8'};

function found(bytes: Buffer, length: number, other: Partial<typeof dialect> = {}): (readonly [string, number])[] {
	const spoilt = new SpoiltText({...dialect, ...other});
	for (let at = 0; at < bytes.length; at += length) spoilt.take(bytes.subarray(at, at + length));
	return spoilt.found.map(({code, byteOffset}) => [code, byteOffset] as const);
}

test.each([
	['a,b\n1,x\u0007y\n2,\u0001\n', 'CONTROL_CHARACTER', 7],
	['a,b\n1,\u007f\n', 'CONTROL_CHARACTER', 6],
	['a,b\n1,x\ufffdy\n', 'REPLACED_CHARACTER', 7],
	['a,b\n1,\u00a02\n', 'NO_BREAK_SPACE', 5],
	['a,b\n1,2\u00a0\n', 'NO_BREAK_SPACE', 7],
	['a,b\n1,\u200b2\n', 'CONTROL_CHARACTER', 6],
	['a,b\n1,\u0091x\n', 'CONTROL_CHARACTER', 6],
	['a,b\n1,caf\u00c3\u00a9\n', 'ENCODED_TWICE', 9],
	['a,b\n1,\u00c3\u0178\n', 'ENCODED_TWICE', 6],
	['a,b\n1,it\u00e2\u20ac\u2122s\n', 'ENCODED_TWICE', 8],
])('%j', (text, code, place) => {
	const bytes = Buffer.from(text);
	for (const length of [1, 2, 3, bytes.length]) expect(found(bytes, length)).toEqual([[code, place]]);
});

test('sound texts have none', () => {
	expect(found(Buffer.from('a,b\tc\r\n"Z\u00fcrich",\u00c3O caf\u00e9 \u2019 1\u00a0\u20ac \u00e2ge\r\n'), 5)).toEqual(
		[],
	);
	expect(found(Buffer.from('a\u0001b\n1\u00012\n'), 5, {delimiter: '\u0001'})).toEqual([]);
	expect(found(Buffer.from('\u00c3\u00a9'), 5, {encoding: 'windows-1252'})).toEqual([]);
});
