// Which analysis a header is for, and where its columns stand in it.
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {activity} from '../../source/analysis/builtin/activity.ts';
import {sales} from '../../source/analysis/builtin/sales.ts';
import {transactions} from '../../source/analysis/builtin/transactions.ts';
import {count} from '../../source/analysis/declaration.ts';
import {defineAnalysis} from '../../source/analysis/define-analysis.ts';
import {detectAnalysis, matchColumns, matchEach} from '../../source/analysis/detect.ts';
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

describe('transactions', () => {
	test.each([
		[['Customer ID', 'AMOUNT', 'Date', 'category'], []],
		[['customer', 'amount', 'date', 'category'], []],
		[['customer_id', 'amount (EUR)', 'dates', 'category'], []],
		[['Kunde', 'Betrag', 'Datum', 'Kategorie'], []],
		[['n° client', "Montant de l'opération", "Date de l'opération", 'Catégorie'], []],
		[['Klantnummer', 'Bedrag (EUR)', 'Boekdatum', 'Mutatiesoort'], []],
		[['ID cliente', 'Importe', 'Fecha de operación', 'Categoría'], []],
		[['customerId', 'orderTotal', 'orderDate', 'expenseType'], []],
		[['customer', 'tax amount', 'date', 'category'], ['amount']],
	])('are found by what exports call them: %j', (header, missing) => {
		expect(matchColumns(header, [transactions]).missing).toEqual(missing);
	});

	test('have an amount that is what comes in minus what goes out', () => {
		for (const [plus, minus] of [
			['Credit', 'Debit'],
			['Paid in', 'Paid out'],
			['Haben', 'Soll'],
			['abono', 'cargo'],
		] as const) {
			const match = matchColumns(['date', minus, plus, 'customer', 'category', 'net'], [transactions]);
			expect(match).toMatchObject({missing: [], ambiguous: [], indexes: {amount: 2}, subtracted: {amount: 1}});
			expect(matchColumns([plus, minus, 'Amount'], [transactions])).toMatchObject({
				indexes: {amount: 2},
				subtracted: {},
			});
		}
	});

	test('are not found where several amounts are equally good', () => {
		const header = ['customer', 'date', 'category', 'gross', 'net'];
		expect(matchColumns(header, [transactions]).ambiguous).toEqual([{column: 'amount', indexes: [3, 4]}]);
		expect(matchColumns([...header, 'Betrag'], [transactions])).toMatchObject({ambiguous: [], indexes: {amount: 5}});
	});
});

const fitting =
	(...columns: readonly number[]) =>
	(index: number): boolean =>
		columns.includes(index);

describe('cells decide', () => {
	test('between headings: one whose cells do not fit is passed over for a weaker one', () => {
		const header = ['customer', 'payment', 'order total', 'date', 'type'];
		const match = (cells: (index: number) => boolean) => detectAnalysis(header, all, {cells}).match;
		expect(match(fitting(1, 2, 3)).indexes).toMatchObject({amount: 1});
		expect(match(fitting(2, 3)).indexes).toMatchObject({amount: 2});
		expect(match(fitting(2)).missing).toEqual(['date']);
	});

	test('not where columns go by their own names', () => {
		const header = ['customer_id', 'amount', 'date', 'category'];
		const cells = (): boolean => {
			throw new Error('Expected that cells are not looked at');
		};
		expect(detectAnalysis(header, all, {cells}).match.missing).toEqual([]);
	});

	test('not whether an analysis is made that was asked for by name', () => {
		const [match] = matchEach(['kunde', 'betrag', 'datum', 'typ'], [transactions], {
			cells: () => false,
			namesDecide: true,
		});
		expect(match?.missing).toEqual([]);
	});
});

describe('names that mean many things', () => {
	test('count where no other name does, and not alone', () => {
		const found = (...header: string[]) => detectAnalysis(header, [transactions, sales, activity]).match;
		expect(found('account', 'value', 'date', 'type').missing).toEqual([]);
		expect(found('contact email', 'city').missing).not.toEqual([]);
		expect(found('email', 'city')).toMatchObject({declaration: {name: 'activity'}, missing: []});
	});

	test.each([
		[['2024-01-01T10:00:00 INFO user=bob login']],
		[['bob has no login']],
		[['2024-01-01 10:00:00', '123 INFO bob login']],
		[['level=info', 'event=user login']],
	])('do not make a header of a line of a log that ends in one: %j', header => {
		expect(matchEach(header, [activity], {namesDecide: true, cells: () => true})[0]?.missing).toEqual(['user']);
	});

	test('are found at the end of a heading beside others', () => {
		expect(matchColumns(['time', 'last login'], [activity]).indexes).toMatchObject({user: 1});
	});
});

test('columns have the names that the user gives them, in front of the usual ones', () => {
	const header = ['Kunde', 'Zahlbetrag', 'Betrag', 'Datum', 'Kategorie'];
	const aliases = {amount: ['zahlbetrag']};
	expect(matchColumns(header, [transactions], {aliases}).indexes).toMatchObject({amount: 1});
	expect(matchColumns(header, [transactions]).indexes).toMatchObject({amount: 2});
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
		for (const name of departmentNames.flat()) expect(matchSales(name, 'sales').missing, name).toEqual([]);
		for (const name of salesNames.flat()) expect(matchSales('department', name).missing, name).toEqual([]);
	});
});
