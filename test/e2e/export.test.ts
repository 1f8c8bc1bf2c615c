// The built command writes complete tables.
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {parse} from 'csv-parse/sync';
import {expect, test} from 'vitest';
import {createFolder, parseReport, runCommand} from '../helpers/command.ts';

const HEADER = 'transaction_id,customer_id,amount,date,category\n';

/** More categories than the report lists, over two files. */
function createData(): string {
	const cwd = createFolder();
	mkdirSync(join(cwd, 'data'));
	const rows = (from: number, to: number): string =>
		Array.from({length: to - from}, (_, index) => `t,c,${from + index}.50,2024-01-01,category ${from + index}\n`).join(
			'',
		);
	writeFileSync(join(cwd, 'data/a.csv'), HEADER + rows(0, 200));
	writeFileSync(join(cwd, 'data/b.csv'), HEADER + rows(150, 300));
	return cwd;
}

const readTable = (path: string): Record<string, string>[] =>
	parse<Record<string, string>>(readFileSync(path), {columns: true});

test('every group of all files is in the table, the first ones as in the report', async () => {
	const cwd = createData();
	const {code, stdout} = await runCommand(['data', '--json', '--export', 'out/tables'], {cwd});
	expect(code).toBe(0);
	expect(readdirSync(join(cwd, 'out/tables'))).toEqual(['transactions.categories.csv']);
	const rows = readTable(join(cwd, 'out/tables/transactions.categories.csv'));
	expect(rows).toHaveLength(300);
	const listed = parseReport(stdout).analyses.transactions?.categories ?? [];
	expect(listed).toHaveLength(100);
	expect(rows.slice(0, 100)).toEqual(listed.map(row => ({...row, count: String(row.count)})));
	expect(rows.at(-1)).toEqual({category: 'category 99', count: '1', amount: '99.50'});
});

test('a second run replaces the tables and does not read them, a file of another program stays', async () => {
	const cwd = createData();
	for (const _ of [1, 2]) {
		const {code, stdout} = await runCommand(['data', '--json', '--export', 'data'], {cwd});
		expect(code).toBe(0);
		expect(parseReport(stdout).totals).toMatchObject({files: 2, rows: 350});
	}
	const path = join(cwd, 'data/transactions.categories.csv');
	expect(readTable(path)).toHaveLength(300);
	writeFileSync(path, 'mine\n');
	const refused = await runCommand(['data/a.csv', '--json', '--export', 'data'], {cwd});
	expect(refused.code).toBe(3);
	expect(refused.stderr).toMatch(/^fileproc-tui: The table data\/transactions\.categories\.csv is not written: a file/);
	expect(readFileSync(path, 'utf8')).toBe('mine\n');
	const forced = await runCommand(['data/a.csv', '--json', '--export', 'data', '--force'], {cwd});
	expect(forced.code).toBe(0);
	expect(readTable(path)).toHaveLength(200);
});

test('tables of several analyses have a file each, and are no data of a later run', async () => {
	const cwd = createData();
	writeFileSync(join(cwd, 'data/s.csv'), 'department,quantity,unit_price\ntoys,2,1.50\ntoys,1,0.25\n,1,3\n');
	const first = await runCommand(['data', '--json', '--export', 'data'], {cwd});
	expect(first.code).toBe(0);
	expect(readTable(join(cwd, 'data/sales.departments.csv'))).toEqual([
		{department: 'toys', records: '2', sales: '3.25', average: '1.625000', share: '0.520000', quantity: '3'},
		{department: '', records: '1', sales: '3.00', average: '3.000000', share: '0.480000', quantity: '1'},
	]);
	const second = await runCommand(['data', '--json'], {cwd});
	const report = parseReport(second.stdout);
	expect(report.totals).toMatchObject({completed: 3, skipped: 2, failed: 0});
	expect(report.analyses).toEqual(parseReport(first.stdout).analyses);
	const named = await runCommand(['data/sales.departments.csv', '--json'], {cwd});
	expect(named.code).toBe(1);
	expect(parseReport(named.stdout).files[0]?.error).toMatchObject({code: 'OWN_OUTPUT', line: 1});
});

test('a table that is an input is refused whatever is forced', async () => {
	const cwd = createData();
	const path = join(cwd, 'data/transactions.categories.csv');
	writeFileSync(path, HEADER);
	const {code, stderr} = await runCommand(['data', '--export', 'data', '--force', '--json'], {cwd});
	expect(code).toBe(2);
	expect(stderr).toContain('--export “data/transactions.categories.csv” is the same file as the input');
	expect(stderr).toMatch(/: name another file for the output\. See fileproc-tui --help\.\n$/);
	expect(readFileSync(path, 'utf8')).toBe(HEADER);
	// Named twice, it is one output still.
	writeFileSync(join(cwd, 'data/r.md'), HEADER);
	const words = ['data', 'data/r.md', 'data/r.md', '--export', 'data', '--force', '--json', '--report', 'data/r.md'];
	const both = await runCommand(words, {cwd});
	expect(both.stderr).toMatch(/: name another file for the output\. Another output is also an input\. See /);
});

test('a folder that cannot be made is an error before the run', async () => {
	const cwd = createData();
	const {code, stderr} = await runCommand(['data', '--json', '--export', 'data/a.csv/out'], {cwd});
	expect(code).toBe(3);
	expect(stderr).toMatch(/^fileproc-tui: The folder .*ENOTDIR/);
	expect(existsSync(join(cwd, 'out'))).toBe(false);
});

test('data whose header is that of a table of an own analysis is data', async () => {
	const cwd = createFolder();
	mkdirSync(join(cwd, 'data'));
	writeFileSync(join(cwd, 'data/a.csv'), 'category,total\nA,10\nB,20\n');
	writeFileSync(
		join(cwd, 'mine.js'),
		`import {count, defineAnalysis, groupBy, sum} from 'fileproc-tui';
		export default defineAnalysis({
			name: 'mine', version: 1, title: 'Mine', views: [],
			columns: {category: {is: 'text'}, total: {is: 'number'}},
			measures: {n: count(), rows: groupBy('category', {total: sum('total')}, {orderBy: 'total'})},
		});`,
	);
	const {code, stdout} = await runCommand(['data', '--json', '--analysis', './mine.js'], {cwd});
	expect(parseReport(stdout).analyses).toEqual({
		mine: {
			n: 2,
			rows: [
				{category: 'B', total: '20'},
				{category: 'A', total: '10'},
			],
		},
	});
	expect(code).toBe(0);
});

test.skipIf(process.platform !== 'linux')('a folder where none can be made ends the run with the reason', async () => {
	const cwd = createData();
	const {code, stderr} = await runCommand(['data', '--json', '--export', '/proc/fileproc-tables'], {cwd});
	expect(stderr).toContain('/proc/fileproc-tables');
	expect(code).toBe(3);
});
