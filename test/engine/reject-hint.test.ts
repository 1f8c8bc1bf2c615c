import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {hintOf} from '../../source/engine/shared/reject-hint.ts';
import type {RejectReport} from '../../source/model/report.ts';

const reject = (column: 'amount' | 'date', value: string): RejectReport => ({
	...{line: 2, byte_offset: 33, column, value},
	reason: column === 'amount' ? 'not-a-number' : 'not-a-date',
});
const ofAmounts = (...values: string[]): string | null => hintOf(values.map(value => reject('amount', value)));
const ofDates = (...values: string[]): string | null => hintOf(values.map(value => reject('date', value)));

describe('amounts', () => {
	test.each([
		['12,50', '12.50'],
		['-12,5', '-12.5'],
		[',5', '.5'],
		['1.234,56', '1234.56'],
		['1.234.567,8', '1234567.8'],
		['1 234,56', '1234.56'],
		['1\u{202f}234,56', '1234.56'],
		['12,50 €', '12.50'],
		['€ 12,50', '12.50'],
	])('%j seems to have a decimal comma, and would be %s', (value, needed) => {
		expect(ofAmounts(value)).toMatch(/^Amounts seem to have decimal commas, as in "/);
		expect(ofAmounts(value)).toContain(`: write ${needed}.`);
	});

	test.each([
		['1,234.56', '1234.56'],
		['1,234,567', '1234567'],
		['$1,234.5', '1234.5'],
	])('%j seems to have commas between groups, and would be %s', (value, needed) => {
		expect(ofAmounts(value)).toMatch(/^Amounts seem to have commas between groups of digits, as in "/);
		expect(ofAmounts(value)).toContain(`: write ${needed}.`);
	});

	test('with a comma and three digits are as the others are, and alone may be either', () => {
		expect(ofAmounts('1,234')).toBe('Amounts have commas, as in "1,234": only a decimal point is read.');
		expect(ofAmounts('1,234', '12,50')).toContain('decimal commas, as in "12,50"');
		expect(ofAmounts('1,234', '1,234.50')).toContain('groups of digits, as in "1,234.50"');
		expect(ofAmounts('12,50', '1,234.50')).toContain('only a decimal point is read');
	});
});

describe('dates', () => {
	test.each([
		[['31/12/2024'], 'the day first, as in "31/12/2024": YYYY-MM-DD is needed, 2024-12-31.'],
		[['31.12.2024'], 'the day first, as in "31.12.2024": YYYY-MM-DD is needed, 2024-12-31.'],
		[['1.5.2024', '13.5.2024'], 'the day first, as in "13.5.2024": YYYY-MM-DD is needed, 2024-05-13.'],
		[['31-12-24 10:00'], 'the day first, as in "31-12-24 10:00": YYYY-MM-DD is needed.'],
		[['12/31/2024'], 'the month first, as in "12/31/2024": YYYY-MM-DD is needed, 2024-12-31.'],
		[['01/02/2024'], 'Dates are written as in "01/02/2024": YYYY-MM-DD is needed.'],
		[['31/12/2024', '12/31/2024'], 'Dates are written as in "31/12/2024": YYYY-MM-DD is needed.'],
		[['2024/12/31'], 'Dates are written as in "2024/12/31": YYYY-MM-DD is needed.'],
	])('%j: %s', (values, sentence) => {
		expect(ofDates(...values)).toContain(sentence);
	});
});

describe('nothing is said', () => {
	test.each([
		['of no rejects', []],
		['of words', [reject('amount', 'oops'), reject('date', 'today')]],
		[
			'of amounts that are wrong in another way',
			[reject('amount', '1,2,3'), reject('amount', '12,50,'), reject('amount', 'a,5')],
		],
		['of records with too many fields', [{...reject('amount', '12,50'), reason: 'field-count' as const}]],
	])('%s', (_, rejects) => {
		expect(hintOf(rejects)).toBeNull();
	});

	test('unless nearly all of them are of that kind', () => {
		const commas = (count: number): RejectReport[] => Array.from({length: count}, () => reject('amount', '12,50'));
		expect(hintOf([...commas(4), reject('amount', 'oops')])).not.toBeNull();
		expect(hintOf([...commas(3), reject('amount', 'oops')])).toBeNull();
		expect(hintOf([...commas(2), reject('date', '31.12.2024')])).toMatch(/decimal commas.*\. Dates seem/);
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
		{numRuns: 20_000},
	);
	expect(count).toBeGreaterThan(50);
});

test('dates where numbers are needed are meant as dates', () => {
	expect(ofAmounts('2024-05-01', '2024-05-02T10:00')).toBe(
		'Dates stand where numbers are needed, as in "2024-05-01"; a question reads them as dates by day(amount).',
	);
	expect(ofAmounts('2024-05-01', 'x')).toBeNull();
});
