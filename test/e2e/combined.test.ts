// The built command makes several analyses of each file in one pass.
import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {expect, test} from 'vitest';
import {createFolder, parseReport, runCommand} from '../helpers/command.ts';

const header = 'transaction_id,customer_id,amount,date,category,department,sales';
const both = `${header}
1,a,1.50,2024-01-01,food,north,10
2,b,x,2024-01-02,food,south,20
3,c,2.50,2024-01-03,toys,north,y
4,d,2.50,2024-01-04,toys
`;
const onlySales = 'department,sales\nnorth,5\n';
const pair = ['--analysis', 'transactions,sales'];

function createData(files: Readonly<Record<string, string | Buffer>> = {'a.csv': both, 'b.csv': onlySales}): string {
	const cwd = createFolder();
	mkdirSync(join(cwd, 'data'));
	for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, 'data', name), text);
	return cwd;
}

test('a folder: both results of a file, one of a file that has the columns of one', async () => {
	const cwd = createData();
	const {code, stdout} = await runCommand(['data', ...pair, '--json'], {cwd});
	expect(code).toBe(0);
	const report = parseReport(stdout);
	expect(report).toMatchObject({report_version: 2, totals: {rows: 5, rejected_rows: 3}});
	expect(report.analyses.transactions).toMatchObject({total_transactions: 2, total_amount_exact: '4.00'});
	expect(report.analyses.sales).toMatchObject({total_records: 3, total_sales_exact: '35'});
	const [first, second] = report.files;
	expect(first).toMatchObject({
		...{analysis: null, result: null, rows: 4, rejected_rows: 3},
		rejects: [{line: 5, reason: 'field-count'}],
		results: {
			transactions: {rows: 4, rejected_rows: 2, rejects: [{line: 3, column: 'amount'}, {line: 5}]},
			sales: {rows: 4, rejected_rows: 2, rejects: [{line: 4, column: 'sales'}, {line: 5}]},
		},
	});
	expect(second?.results?.sales).toMatchObject({rows: 1, rejected_rows: 0, result: {total_records: 1}});
	expect(second?.results?.transactions).toMatchObject({rows: 0, result: null, error: {code: 'MISSING_COLUMN'}});
});

test('standard input and a packed file come to what the file comes to', async () => {
	const cwd = createData({'a.csv': both, 'b.csv.gz': gzipSync(both)});
	const folder = parseReport((await runCommand(['data', ...pair, '--json'], {cwd})).stdout);
	const piped = parseReport((await runCommand(['-', ...pair, '--json'], {cwd, input: both})).stdout);
	const [expected, packed] = folder.files.map(({results}) => results);
	expect(packed).toEqual(expected);
	expect(piped.files[0]?.results).toEqual(expected);
});

test('every output tells of both, and a replay shows them again', async () => {
	const cwd = createData();
	const outputs = ['--report', 'r.md', '--report', 'r.csv', '--report', 'r.html', '--export', 'tables'];
	const {stdout} = await runCommand(['data', ...pair, '--plain', ...outputs, '--record', 'run.jsonl'], {cwd});
	expect(stdout).toContain('✔ data/b.csv: 1 row, no usable columns for transactions\n');
	expect(stdout).toMatch(/^transactions\n.*^sales\n.*^Files without usable columns for transactions: 1\n/ms);
	expect(stdout).toContain('data/a.csv:3 transactions.amount not-a-number "x"\n');
	const markdown = readFileSync(join(cwd, 'r.md'), 'utf8');
	expect(markdown).toMatch(/^## transactions$.*^## sales$.*^## Analyses that do not fit a file$/ms);
	expect(markdown).toContain('| data/a.csv | completed | transactions, sales |');
	const [names, first] = readFileSync(join(cwd, 'r.csv'), 'utf8').split('\n');
	expect(names).toMatch(
		/,transactions\.rejected_rows,total_transactions,.*,sales\.rejected_rows,sales\.total_records,/,
	);
	expect(first).toMatch(/^data\/a\.csv,completed,"transactions,sales",1,\d+,4,3,/);
	const page = readFileSync(join(cwd, 'r.html'), 'utf8');
	for (const title of ['Transactions', 'Sales by department', 'Analyses that do not fit a file'])
		expect(page).toContain(`<h2>${title}</h2>`);
	expect(readdirSync(join(cwd, 'tables')).sort()).toEqual(['sales.departments.csv', 'transactions.categories.csv']);
	const replayed = await runCommand(['replay', 'run.jsonl', '--speed', '1000'], {cwd});
	expect(replayed.code).toBe(0);
	expect(replayed.stdout).toMatch(/^transactions\n.*^sales\n/ms);
});

test('an analysis that accepts nothing, a rejected record and a limit decide as they do alone', async () => {
	const cwd = createData({'a.csv': `${header}\n1,a,1,2024-01-01,x,n,y\n2,b,2,2024-01-01,x,n,y\n`});
	const run = (...flags: string[]) => runCommand(['data', ...flags, '--plain'], {cwd});
	expect((await run('--analysis', 'transactions', '--fail-on', 'rejected')).code).toBe(0);
	const {code, stdout} = await run(...pair);
	expect(code).toBe(1);
	expect(stdout).toContain('! data/a.csv: done, 2 of 2 rejected by sales: line 2 sales not-a-number "y"\n');
	const limited = await run(...pair, '--max-errors', '2');
	expect(limited.code).toBe(1);
	expect(limited.stdout).toContain('✖ data/a.csv: TOO_MANY_REJECTS 2 records were rejected; --max-errors 2');
});

test('a log is read by the analysis that reads lines as well as tables, and a table by all', async () => {
	const log = '2024-01-01T10:00:00 INFO user=bob login\n2024-01-01T11:00:00 INFO user=eve login\nno user\n';
	const cwd = createData({'a.csv': both.replace('customer_id', 'user'), 'x.log': log, 'y.log': log});
	const run = async (list: string, ...paths: readonly string[]) =>
		parseReport((await runCommand([...paths, '--analysis', list, '--json'], {cwd})).stdout);
	const {files, analyses} = await run('sales,activity', 'data');
	expect(files.map(({dialect}) => dialect?.delimiter)).toEqual([',', '', '']);
	const alone = await run('activity', 'data');
	expect(analyses.activity).toEqual(alone.analyses.activity);
	for (const [index, {rows, rejected_rows, rejects, result}] of alone.files.entries())
		expect(files[index]?.results?.activity).toEqual({rows, rejected_rows, rejects, result});
	expect(files.map(({results}) => results?.sales?.error?.message)).toEqual([
		undefined,
		...Array<string>(2).fill('The sales analysis needs columns, and the file is read as lines of text'),
	]);
	const {stdout} = await runCommand(['data', '--analysis', 'sales,activity', '--plain'], {cwd});
	expect(stdout).toContain('✔ data/x.log: 2 rows, no usable columns for sales\n');
});

test('a name that is not one, lines beside records, and detection are refused', async () => {
	const cwd = createData();
	for (const [list, sentence] of [
		['transactions,salez', /but got “salez”/],
		['lines,transactions', /only analyses that read records can share a pass: transactions, sales/],
		['detect,transactions', /detect chooses one analysis for each file/],
	] as const) {
		const {code, stderr} = await runCommand(['data', '--analysis', list], {cwd});
		expect(code).toBe(2);
		expect(stderr).toMatch(sentence);
	}
});

test('own analyses of a module share a pass with built-in ones, and a configuration file may name a list', async () => {
	const cwd = createData({'a.csv': both});
	const own = `export default [
		{name: 'payments', version: 1, title: 'P', columns: {amount: {is: 'number'}}, measures: {n: {kind: 'count'}}, views: []},
	];`;
	writeFileSync(join(cwd, 'own.ts'), own);
	const {stdout} = await runCommand(['data', '--analysis', 'sales,./own.ts', '--json'], {cwd});
	expect(parseReport(stdout).files[0]?.results).toMatchObject({sales: {rejected_rows: 2}, payments: {result: {n: 2}}});
	writeFileSync(join(cwd, 'fileproc.config.json'), '{"analysis": "sales, transactions"}');
	const configured = await runCommand(['data', '--json'], {cwd});
	expect(Object.keys(parseReport(configured.stdout).files[0]?.results ?? {})).toEqual(['sales', 'transactions']);
});
