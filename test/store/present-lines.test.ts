import {expect, test} from 'vitest';
import {lines} from '../../source/analysis/builtin/lines.ts';
import {describeAnalysis} from '../../source/analysis/describe-analysis.ts';
import {presentResult} from '../../source/store/present.ts';

const result = {
	lines: 12_345,
	blank_lines: 0,
	words: 5,
	bytes: 6,
	longest_line: {line: 1234, bytes: 1},
	levels: [{level: 'WARN', lines: 7}],
	frequent: [
		{line: 'exact', count: 4000, exact: true},
		{line: 'guess', count: 3000, exact: false},
	],
};
const present = (given: object) => presentResult(describeAnalysis(lines), given, text => text);

test('the result of lines is presented with the place of the longest line, and estimates say that they are', () => {
	const {figures, tables} = present(result);
	expect(figures.map(({label, text}) => [label, text])).toEqual([
		['lines', '12,345'],
		['blank lines', '0'],
		['words', '5'],
		['bytes', '6'],
		['longest line', '1 byte on line 1,234'],
	]);
	const [levels, frequent] = tables;
	expect([levels?.nameOf(0), levels?.valuesOf(0)]).toEqual(['WARN', ['7']]);
	expect([0, 1].map(row => frequent?.valuesOf(row))).toEqual([['4,000'], ['about 3,000']]);
});

test('a text without lines has no longest one', () => {
	expect(present({...result, longest_line: null}).figures.at(-1)?.text).toBe(null);
});
