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
