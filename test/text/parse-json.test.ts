import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {type JsonNode, JsonSyntaxError, locate, parseJson} from '../../source/text/parse-json.ts';
import {randomCases} from '../helpers/random-cases.ts';

function toValue(node: JsonNode): unknown {
	if (node.type === 'list') return node.items.map(toValue);
	if (node.type !== 'object') return node.value;
	return Object.fromEntries(node.members.map(({name, value}) => [name, toValue(value)]));
}

const complaintAbout = (text: string): string => {
	try {
		parseJson(text);
	} catch (error) {
		if (!(error instanceof JsonSyntaxError)) throw error;
		const {line, column} = locate(text, error.offset);
		return `${line}:${column} ${error.message}`;
	}
	throw new Error(`${text} was taken`);
};

test('reads what JSON.parse reads, and to the same value', () => {
	fc.assert(
		fc.property(fc.json(), fc.nat(3), (text, indent) => {
			const laidOut = JSON.stringify(JSON.parse(text), null, indent);
			expect(JSON.stringify(toValue(parseJson(laidOut)))).toBe(JSON.stringify(JSON.parse(laidOut)));
		}),
	);
});

test('refuses what JSON.parse refuses', () => {
	const pieces = fc.constantFrom(
		...'{}[],:"\\ \n-+.0123456789eEtrufalsn/\'',
		'true',
		'null',
		'"a"',
		'"a":1',
		'\u0001',
		'N',
		'U00E9',
		'u00E9',
	);
	fc.assert(
		fc.property(fc.array(pieces, {maxLength: 12}), parts => {
			const text = parts.join('');
			const isTaken = (parse: (text: string) => unknown): boolean => {
				try {
					parse(text);
					return true;
				} catch (error) {
					if (parse === parseJson) expect(error).toBeInstanceOf(JsonSyntaxError);
					return false;
				}
			};
			expect(isTaken(parseJson), text).toBe(isTaken(JSON.parse));
		}),
		{numRuns: randomCases(5000)},
	);
});

test('takes comments where there may be some, wherever a blank may stand, and nothing of a text for one', () => {
	const text = '// a\n{/* b */ "x": // c\r\n [1, /*d\n*/ 2 //e\n], "http://y": "/* no */"} // f';
	const plain = {x: [1, 2], 'http://y': '/* no */'};
	expect(toValue(parseJson(text, {hasComments: true}))).toEqual(plain);
	expect(() => parseJson(text)).toThrow('JSON has no comments');
});

test('records where names and values stand', () => {
	const text = '{\r\n\t"漢": [1,\n  "x"]}';
	const root = parseJson(text);
	if (root.type !== 'object') throw new Error('Expected an object');
	const [member] = root.members;
	if (member?.value.type !== 'list') throw new Error('Expected a list');
	expect(locate(text, member.offset)).toEqual({line: 2, column: 2});
	expect(locate(text, member.value.offset)).toEqual({line: 2, column: 7});
	expect(locate(text, member.value.items[1]?.offset ?? 0)).toEqual({line: 3, column: 3});
});

describe('says what was expected, what was found and where', () => {
	test.each([
		['', '1:1 expected a value, but the file ends'],
		['{', '1:2 expected a name in double quotes or }, but the file ends'],
		['{"a": 1', '1:8 expected a comma or }, but the file ends'],
		['{"a": 1\n "b": 2}', '2:2 expected a comma or }, but found “"”'],
		['{"a" 1}', '1:6 expected a colon after the name, but found “1”'],
		['{"a": 1,}', '1:9 expected a name in double quotes, but found “}”; is there a comma too much before it?'],
		['[1, ]', '1:5 expected a value, but found “]”; is there a comma too much before it?'],
		['{a: 1}', '1:2 expected a name in double quotes or }, but found “a”'],
		["{'a': 1}", "1:2 expected a name in double quotes or }, but found “'”: texts of JSON stand in double quotes"],
		['// yes\n{}', '1:1 expected a value, but found “//”: JSON has no comments'],
		['{"a": tru}', '1:7 expected a value, but found “tru”'],
		['{"a": 01}', '1:7 expected a value, but found “01”'],
		['{} x', '1:4 expected the end of the file, but found “x”'],
		['{"a": "x\ny"}', '1:7 expected a double quote that closes the text, but the line ends'],
		['{"a": "\\x"}', '1:7 expected no “\\x” in a text: a backslash is written as two'],
		['{"a": "C:\\Netz"}', '1:7 expected no “\\N” in a text: a backslash is written as two'],
		['{"a": "\\U0041"}', '1:7 expected no “\\U” in a text: a backslash is written as two'],
		['{"a": "\t"}', '1:7 expected no control characters in a text, but found one: write it as \\u and four digits'],
		['\u001b[2J', '1:1 expected a value, but found “\\x1b”'],
	])('%j', (text, sentence) => {
		expect(complaintAbout(text)).toBe(sentence);
	});

	test('of a comment that does not end, where there may be some', () => {
		const complaint = () => parseJson('{} /* yes', {hasComments: true});
		expect(complaint).toThrow('expected the end of the file, but found “/*”: is there a */ behind the comment?');
	});

	test('of a file that consists of brackets', () => {
		expect(complaintAbout('['.repeat(100_000))).toMatch(/^1:66 is nested deeper than 64 levels$/);
	});
});
