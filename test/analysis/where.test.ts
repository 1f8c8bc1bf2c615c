// Conditions on records: what they mean, what is wrong with them and where, and that no text is too much for them.
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {ExpressionError} from '../../source/analysis/question/tokens.ts';
import {compileFilter, fitsFilter} from '../../source/analysis/where/filter-program.ts';
import {parseWhere} from '../../source/analysis/where/parse-where.ts';

const header = ['amount', 'category', 'date', 'Net Amount', 'not'];
const usual = ['100.50', 'fuel', '2024-05-01', '7', 'x'];

function fits(where: string, cells: Partial<Record<string, string>> = {}): boolean {
	const filter = compileFilter(parseWhere(where).condition, column => header.indexOf(column));
	return fitsFilter(
		filter,
		header.map((name, index) => cells[name] ?? usual[index] ?? ''),
	);
}

test.each([
	['amount > 100', true],
	['amount > 100.50', false],
	['amount >= +100.5000', true],
	['amount=100.5', true],
	['amount == 100.5', true],
	['amount <> 100.5', false],
	['amount < -1', false],
	['category = "fuel"', true],
	["category != 'fuel'", false],
	['category = "Fuel"', false],
	['category > "a" and category <= "fuel"', true],
	['category in ("food", "fuel")', true],
	['category not in ("food", "fuel")', false],
	['amount in (1, 100.5, 3)', true],
	['category contains "ue"', true],
	['category not contains "ue"', false],
	['category STARTS WITH "fu"', true],
	['not category starts with "fu"', false],
	['date = 2024-05-01', true],
	['date >= 2024-01-01 and date < 2024-05-01', false],
	['date is not empty', true],
	['"Net Amount" = 7 and `Net Amount` < 8', true],
	['`not` = "x"', true],
	['not (amount < 5 or category = "fuel")', false],
	['amount = 1 or amount > 100 and category = "fuel"', true],
	['(amount = 1 or amount > 100) and category = "food"', false],
	['not not amount > 100', true],
])('%s', (where, expected) => {
	expect(fits(where)).toBe(expected);
});

describe('a cell without a value', () => {
	test.each(['', ' ', '\t '])('%j fits nothing but: is empty', empty => {
		for (const where of ['= 1', '!= 1', '< 1', '>= 1', 'not in (1)'])
			expect(fits(`amount ${where}`, {amount: empty})).toBe(false);
		for (const where of ['= "a"', '!= "a"', 'contains "a"', 'not contains "a"', 'not starts with "a"'])
			expect(fits(`category ${where}`, {category: empty})).toBe(false);
		expect(fits('not amount > 1', {amount: empty})).toBe(false);
		expect(fits('not (amount > 1 and category = "a")', {amount: empty, category: 'a'})).toBe(false);
		expect(fits('amount is empty', {amount: empty})).toBe(true);
		expect(fits('not amount is not empty', {amount: empty})).toBe(true);
	});

	test('that is of another type fits no comparison', () => {
		for (const where of ['amount = 1', 'amount != 1', 'not amount = 1', 'amount > 2024-01-01', 'amount != 2024-01-01'])
			expect(fits(where, {amount: 'n/a'})).toBe(false);
		expect(fits('amount = "n/a" and amount is not empty', {amount: 'n/a'})).toBe(true);
	});
});

test('numbers are compared exactly, however long they are', () => {
	const amount = '123456789012345678901234567890.678';
	expect(fits(`amount = ${amount}000`, {amount})).toBe(true);
	expect(fits(`amount > ${amount.slice(0, -1)}7`, {amount})).toBe(true);
	expect(fits('amount = 0.1', {amount: '.10'})).toBe(true);
});

test('texts of cells are in UTF-8, or in Windows-1252 where they are not', () => {
	const utf8 = Buffer.from('Büro €').toString('latin1');
	expect(fits('category = "Büro €"', {category: utf8})).toBe(true);
	expect(fits('category = "Büro €"', {category: 'B\xfcro \x80'})).toBe(true);
	expect(fits('category contains "üro"', {category: 'B\xfcro \x80'})).toBe(true);
	expect(fits('category starts with "Ã"', {category: Buffer.from('ü').toString('latin1')})).toBe(false);
});

test.each<[string, string, string]>([
	['amount >', 'but found nothing more', ''],
	['amount > fuel', 'a text in quotes, but found fuel', 'fuel'],
	['100 < amount', 'the name of a column', '100'],
	['amount > 1 category = "a"', 'and, or, or the end', 'category'],
	['(amount > 1', 'a ) for this (', '('],
	['amount > 1)', 'no ) without a (', ')'],
	['category = "fuel', 'never closed', '"'],
	['date > 2024-02-30', 'not a day', '2024-02-30'],
	['category = ""', 'is empty', '""'],
	['amount ~ 1', 'no meaning', '~'],
	['category contains 5', 'a text in quotes', '5'],
	['category in "a"', 'a list in brackets', '"a"'],
	['category starts "a"', 'starts with', '"a"'],
	['amount is 5', 'Expected empty', '5'],
	[`amount > ${'9'.repeat(39)}`, 'at most 38 digits', '9'.repeat(39)],
	['', 'the name of a column', ''],
])('%s is refused at the place', (where, message, wrong) => {
	try {
		parseWhere(where);
	} catch (error) {
		if (!(error instanceof ExpressionError)) throw error;
		expect(error.message).toContain(message);
		expect(where.slice(error.start, error.end)).toBe(wrong);
		return;
	}
	throw new Error('Expected an error');
});

test('any text is read, or refused at a place in it, in little time', () => {
	const words = [
		'and',
		'or',
		'not',
		'(',
		')',
		'a',
		'"x"',
		'1',
		'2024-01-01',
		'=',
		'!=',
		'in',
		',',
		'is',
		'empty',
		'contains',
		"'",
	];
	fc.assert(
		fc.property(fc.array(fc.oneof(fc.constantFrom(...words), fc.string({maxLength: 3}))), parts => {
			const text = parts.join(' ');
			try {
				parseWhere(text);
			} catch (error) {
				if (!(error instanceof ExpressionError)) throw error;
				expect(error.start).toBeLessThanOrEqual(text.length);
			}
		}),
	);
	expect(() => parseWhere('not '.repeat(2000))).toThrow('within each other');
	expect(() => parseWhere(`a in (${'1,'.repeat(300)}1)`)).toThrow('at most 200');
	expect(() => parseWhere(`a = "${'x'.repeat(10_000)}"`)).toThrow('at most 10000');
});
