// Which analysis a header is for, and where its columns stand in it.
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {sales} from '../../source/analysis/builtin/sales.ts';
import {transactions} from '../../source/analysis/builtin/transactions.ts';
import {count} from '../../source/analysis/declaration.ts';
import {defineAnalysis} from '../../source/analysis/define-analysis.ts';
import {matchColumns} from '../../source/analysis/detect.ts';
import {departmentNames, salesNames} from '../../source/analysis/roles.ts';

const payroll = defineAnalysis({
	name: 'payroll',
	version: 1,
	title: 'Payroll',
	columns: {
		employee: {is: 'text'},
		gross_pay: {is: 'number'},
		bonus: {is: 'number', optional: true},
		pay_date: {is: 'date'},
	},
	measures: {records: count()},
	views: [],
});
const all = [transactions, sales];
const nameOf = (header: readonly string[]): string => matchColumns(header, all).declaration.name;
const matchSales = (...header: string[]) => matchColumns(header, [sales]);

describe('the most specific analysis wins', () => {
	test('that with the most needed columns, whatever the order of the header', () => {
		const header = ['customer_id', 'amount', 'date', 'category', 'department', 'quantity', 'unit price'];
		fc.assert(
			fc.property(fc.shuffledSubarray(header, {minLength: header.length}), shuffled => {
				expect(nameOf(shuffled)).toBe('transactions');
			}),
		);
		expect(nameOf(['amount', 'date', 'category', 'department'])).toBe('sales');
	});

	test('then that with the most optional ones, then the first', () => {
		const rest = {version: 1, title: 'X', measures: {records: count()}, views: []};
		const plain = defineAnalysis({name: 'plain', ...rest, columns: {shop: {is: 'text'}}});
		const more = defineAnalysis({
			name: 'more',
			...rest,
			columns: {shop: {is: 'text'}, note: {is: 'text', optional: true}},
		});
		const chosen = (...header: string[]) => matchColumns(header, [plain, more]).declaration.name;
		expect(chosen('shop', 'note')).toBe('more');
		expect(chosen('shop')).toBe('plain');
	});

	test.each<readonly [readonly string[], string, readonly string[]]>([
		// Half of the needed columns of both.
		[['amount', 'date'], 'transactions', ['customer_id', 'category']],
		[['department', 'date', 'category'], 'transactions', ['customer_id', 'amount']],
		[['department', 'date'], 'sales', ['sales']],
		[['employee', 'pay_date', 'amount'], 'payroll', ['gross_pay']],
		[['employee', 'bonus', 'amount', 'date', 'category'], 'transactions', ['customer_id']],
		[['bonus'], 'payroll', ['employee', 'gross_pay', 'pay_date']],
		[['x', 'y'], 'transactions', ['customer_id', 'amount', 'date', 'category']],
	])('where the header %j fits none, %s, of which it has the largest part, says what is missing', (header, name, missing) => {
		const match = matchColumns(header, [...all, payroll]);
		expect(match).toMatchObject({declaration: {name}, missing});
	});
});

describe('transactions have the names of their columns, and no others', () => {
	test.each([
		[['Customer ID', 'AMOUNT', 'Date', 'category'], []],
		[['customer', 'amount', 'date', 'category'], ['customer_id']],
		[
			['customer_id', 'amount (EUR)', 'dates', 'category'],
			['amount', 'date'],
		],
	])('%j', (header, missing) => {
		expect(matchColumns(header, [transactions]).missing).toEqual(missing);
	});
});

describe('sales', () => {
	test.each([
		[['Department', 'Sales'], {department: 0, sales: 1}],
		[['dept.', 'Net Sales ($)'], {department: 0, sales: 1}],
		[['Abteilung', 'Umsatz [EUR]'], {department: 0, sales: 1}],
		[['département', "Chiffre d'affaires"], {department: 0, sales: 1}],
		[['DEPARTEMENT', 'ventes'], {department: 0, sales: 1}],
		[['Verkäufe', 'Filiale'], {department: 1, sales: 0}],
		[['Store', 'Units', 'UnitPrice'], {department: 0, sales: -1, quantity: 1, unit_price: 2}],
	])('are found by what exports call them: %j', (header, expected) => {
		expect(matchSales(...header).indexes).toMatchObject(expected);
	});

	test('of two names that fit, the better one is taken', () => {
		expect(matchSales('amount', 'revenue', 'store', 'department').indexes).toMatchObject({sales: 1, department: 3});
	});

	test('need an amount, or quantity and price', () => {
		expect(matchSales('department', 'quantity').missing).toEqual(['sales']);
		expect(matchSales('department', 'quantity', 'price').missing).toEqual([]);
		expect(matchSales('quantity', 'price').missing).toEqual(['department']);
	});

	test('two names that fit equally well are ambiguous, of any column', () => {
		expect(matchSales('department', 'sales', 'Sales').ambiguous).toEqual([{column: 'sales', indexes: [1, 2]}]);
		expect(matchSales('dept', 'Dept (old)', 'sales').ambiguous).toEqual([{column: 'department', indexes: [0, 1]}]);
		expect(matchSales('department', 'sales', 'qty', 'QTY').ambiguous).toEqual([{column: 'quantity', indexes: [2, 3]}]);
		expect(matchSales('department', 'dept', 'sales').ambiguous).toEqual([]);
	});

	test('each name of a role is found by itself', () => {
		for (const name of departmentNames) expect(matchSales(name, 'sales').missing, name).toEqual([]);
		for (const name of salesNames) expect(matchSales('department', name).missing, name).toEqual([]);
	});
});
