import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {hintOf} from '../../source/engine/shared/reject-hint.ts';
import type {RejectReport} from '../../source/model/report.ts';
import {randomCases} from '../helpers/random-cases.ts';

const reject = (column: 'amount' | 'date', value: string): RejectReport => ({
	...{line: 2, byte_offset: 33, column, value},
	reason: column === 'amount' ? 'not-a-number' : 'not-a-date',
});
const ofAmounts = (...values: string[]): string | null => hintOf(values.map(value => reject('amount', value)));
const ofDates = (...values: string[]): string | null => hintOf(values.map(value => reject('date', value)));

test.each([
	['12,50', 'a decimal comma, as in "12,50"'],
	['1.234,56', 'a decimal comma, as in "1.234,56"'],
	['1\u{202f}234,56', 'a decimal comma'],
	['12,50 €', 'a decimal comma, as in "12,50 €"'],
	['$1,234.5', 'a decimal point, as in "$1,234.5"'],
	['12%', 'a percent sign, as in "12%"'],
	['1,234', 'another form, as in "1,234"'],
])('the amount %j has %s', (value, sentence) => {
	expect(ofAmounts(value)).toMatch(/^Numbers have .*, and others of their column do not: write all of them in one way/);
	expect(ofAmounts(value)).toContain(sentence);
});

test.each([
	['31/12/2024', 'the day first, as in "31/12/2024"'],
	['31-12-24 10:00', 'the day first, as in "31-12-24 10:00"'],
	['12/31/2024', 'the month first, as in "12/31/2024"'],
	['01/02/2024', 'the year last, as in "01/02/2024"'],
	['2024/12/31', 'the year first, as in "2024/12/31"'],
	['3 Jan 2024', 'the name of the month, as in "3 Jan 2024"'],
])('the date %j has %s', (value, sentence) => {
	expect(ofDates(value)).toContain(`Dates have ${sentence}, and others of their column do not`);
});

describe('nothing is said', () => {
	test.each([
		['of no rejects', []],
		['of words', [reject('amount', 'oops'), reject('date', 'today')]],
		[
			'of amounts that are wrong in another way',
			[reject('amount', '1,2.3,4'), reject('amount', '12,50,'), reject('amount', 'a,5')],
		],
		['of records with too many fields', [{...reject('amount', '12,50'), reason: 'field-count' as const}]],
	])('%s', (_, rejects) => {
		expect(hintOf(rejects)).toBeNull();
	});

	test('unless nearly all of them are of that kind', () => {
		const commas = (count: number): RejectReport[] => Array.from({length: count}, () => reject('amount', '12,50'));
		expect(hintOf([...commas(4), reject('amount', 'oops')])).not.toBeNull();
		expect(hintOf([...commas(3), reject('amount', 'oops')])).toBeNull();
		expect(hintOf([...commas(2), reject('date', '31.12.2024')])).toMatch(/decimal comma.*\. Dates have/);
	});
});

test('whatever the values are, a hint shows one of them', () => {
	const digits = fc.constantFrom('1', '12', '31', '234', '2024');
	const between = fc.constantFrom('', ',', ',', '.', '/', '-', ' ', '€', '\u{a0}', 'x');
	const value = fc.array(fc.tuple(digits, between), {maxLength: 4}).map(parts => parts.flat().join(''));
	let count = 0;
	fc.assert(
		fc.property(fc.array(value, {minLength: 1, maxLength: 3}), fc.boolean(), (values, areDates) => {
			const hint = areDates ? ofDates(...values) : ofAmounts(...values);
			if (hint === null) return;
			count++;
			const [, example = ''] = /as in "(.*?)"/.exec(hint) ?? [];
			expect(values.some(text => example !== '' && text.includes(example))).toBe(true);
		}),
		{numRuns: randomCases(20_000)},
	);
	expect(count).toBeGreaterThan(randomCases(50));
});

test('dates where numbers are needed are meant as dates', () => {
	expect(ofAmounts('2024-05-01', '2024-05-02T10:00')).toBe(
		'Dates stand where numbers are needed, as in "2024-05-01"; a question reads them as dates by day(amount).',
	);
	expect(ofAmounts('2024-05-01', 'x')).toBeNull();
});
