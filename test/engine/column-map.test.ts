// Columns by the headings that the user names: `--map amount=Betrag`.
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {findColumnMapFault, parseColumnMap} from '../../source/analysis/column-map.ts';
import {processFile} from '../../source/index.ts';
import {createFolder} from '../helpers/command.ts';

test('columns and headings are separated by commas; a heading with a comma is quoted', () => {
	expect(parseColumnMap('amount=Betrag, date = "Datum, Zeit" ,category="say ""what"""')).toEqual({
		amount: 'Betrag',
		date: 'Datum, Zeit',
		category: 'say "what"',
	});
});

test.each([
	'',
	'amount',
	'amount=',
	'=Betrag',
	'amount=Betrag,',
	'amount=a,,date=b',
	'amount="a',
	'amount=a"b',
])('%j is no map', text => expect(findColumnMapFault(text)).toContain('expected columns and headings'));

test('a column has one heading', () => {
	expect(findColumnMapFault('amount=a,amount=b')).toBe('the column amount has two headings');
});

function writeTable(): string {
	const path = join(createFolder(), 'a.csv');
	writeFileSync(path, table);
	return path;
}

const table = 'Kunde,Betrag brutto,amount,Datum,Art\nA,1.50,99,2024-01-01,x\nB,2.25,99,2024-01-02,y\n';

test('a column is read under its named heading only, whatever else the table has', async () => {
	const path = writeTable();
	const map = {customer_id: 'kunde', amount: 'Betrag brutto', date: 'Datum', category: 'Art'};
	const report = await processFile(path, {analysis: 'transactions', map});
	expect(report).toMatchObject({
		status: 'completed',
		result: {total_amount_exact: '3.75', unique_customers: {value: 2}},
	});
});

test('a named heading that is missing is told, and no other one is taken', async () => {
	const path = writeTable();
	const map = {customer_id: 'kunde', amount: 'Betrag', date: 'Datum', category: 'Art'};
	const report = await processFile(path, {analysis: 'transactions', map});
	expect(report).toMatchObject({
		status: 'failed',
		error: {
			code: 'MISSING_COLUMN',
			message: expect.stringContaining('The heading "Betrag" that --map names for amount'),
		},
	});
});

test('a column that no analysis has is refused at the start', async () => {
	await expect(processFile('a.csv', {map: {amuont: 'Betrag'}})).rejects.toThrow('did you mean amount?');
});

const fileOf = (text: string | Buffer): string => {
	const path = join(createFolder(), 'a.csv');
	writeFileSync(path, text);
	return path;
};

test.each([
	['German', 'Kunde;Betrag;Buchungstag;Kategorie\nA;1.234,50;31.01.2024;x\nB;-0,25;01.02.2024;y\n', '1234.25'],
	['French', "Client,Montant de l'opération,Date comptable,Rubrique\nA,3.50,2024-01-31,x\nB,1,2024-02-01,y\n", '4.50'],
	['the ends of names', 'New customer,Order total,Order date,Sub category\nA,3.50,2024-01-31,x\n', '3.50'],
	[
		'two columns',
		'Date,Category,Customer,Paid out,Paid in\n2024-01-31,x,A,1.05,\n2024-01-31,y,A,,20.1\n2024-01-31,y,B,3,4\n',
		'20.05',
	],
])('amounts of transactions are found by the names in exports, and added up exactly: %s', async (_, text, total) => {
	for (const reader of ['kernel', 'reference'] as const)
		expect(await processFile(fileOf(text), {reader})).toMatchObject({
			status: 'completed',
			analysis: 'transactions',
			rejected_rows: 0,
			result: {total_amount_exact: total},
		});
});

test('of two columns one is enough, but a cell that is not empty must be a number', async () => {
	const text =
		'date,category,customer,credit,debit\n2024-01-31,x,A,,\n2024-01-31,x,A,5,n/a\n2024-01-31,x,A,,2\n'.repeat(1);
	for (const reader of ['kernel', 'reference'] as const) {
		const report = await processFile(fileOf(text), {analysis: 'transactions', reader});
		expect(report).toMatchObject({rows: 3, rejected_rows: 2, result: {total_amount_exact: '-2'}});
		expect(report.rejects.map(({column, reason}) => [column, reason])).toEqual([
			['credit', 'missing'],
			['debit', 'not-a-number'],
		]);
	}
});

test('several amounts that are equally good are refused, with a map to type', async () => {
	const path = fileOf('customer,date,category,Gross,Net\nA,2024-01-31,x,1.19,1\n');
	expect(await processFile(path)).toMatchObject({
		status: 'failed',
		error: {
			code: 'AMBIGUOUS_COLUMN',
			line: 1,
			message: expect.stringMatching(/amount \("Gross", "Net"\).*--map amount=Gross or --map amount=Net/),
		},
	});
	expect(await processFile(path, {map: {amount: 'Net'}})).toMatchObject({result: {total_amount_exact: '1'}});
});

test.each([
	[
		'an analysis lacks a column',
		'Date,Amount,Category,Shop\n2024-01-31,5,x,A\n',
		'transactions would need the column customer_id. Name the columns that are meant, as in --map customer_id=Shop',
	],
	[
		'one heading is near two columns',
		'Department sales,Paid,Note\nx,5,a\ny,6,b\n',
		"sales would need the columns department, sales. Name the columns that are meant, as in --map 'department=Department sales,sales=Paid'",
	],
	[
		'numbers that are names of things are no amounts, and what is nearly the name of a date has none',
		'customer_id,category,date,Invoice No,Zip\nA,x,3,1001,10115\nB,y,4,1002,20095\n',
		/transactions would need the columns amount, date$/,
	],
	[
		'the cells of a column are not amounts',
		'Date,Net,Category,Customer\n2024-01-31,yes,x,A\n2024-01-31,no,x,A\n',
		'transactions would need the column amount',
	],
	[
		'the signs of amounts stand elsewhere',
		'Datum,Bedrag (EUR),Af Bij,Mutatiesoort,Rekening\n2024-01-31,"5,00",Af,x,A\n2024-01-31,"7,50",Bij,x,A\n',
		'transactions cannot be made of it. Expected amounts with their signs under "Bedrag (EUR)" on line 1, found none that is negative',
	],
	[
		'what is subtracted is negative',
		'Date,Credit,Debit,Category,Customer\n2024-01-31,,-5,x,A\n2024-01-31,7,,x,A\n',
		'transactions cannot be made of it. Expected numbers to subtract under "Debit" on line 1, found negative ones',
	],
])('a table is profiled and says what would be needed, where %s', async (_, text, hint) => {
	for (const reader of ['kernel', 'reference'] as const)
		expect(await processFile(fileOf(text), {reader})).toMatchObject({
			status: 'completed',
			analysis: 'profile',
			hint: typeof hint === 'string' ? expect.stringContaining(hint) : expect.stringMatching(hint),
		});
});

test('a table that has nothing of an analysis says nothing of one', async () => {
	expect(await processFile(fileOf('city,inhabitants\nBonn,330000\nKöln,1080000\n'))).not.toHaveProperty('hint');
});
