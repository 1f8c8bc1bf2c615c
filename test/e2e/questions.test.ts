// Questions through the built command: what they print, what they write, and what is said of those that cannot be answered.
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {createFolder, parseReport, runCommand, writeFiles} from '../helpers/command.ts';
import {Robot, whyNoTerminal} from '../helpers/pty.ts';
import {KEY} from '../helpers/virtual-terminal.ts';

const expenses = 'Booked;Net Amount;Cost Centre\n2024-01-05;10.50;A\n2024-02-01;-2;B\n2024-02-03;4;A\n2023-12-31;;A\n';

function createData(): string {
	const cwd = createFolder();
	for (const name of ['one.csv', 'two.csv']) writeFileSync(join(cwd, name), expenses);
	return cwd;
}

test('any table is asked, several files at once, with all outputs', async () => {
	const cwd = createData();
	const question = ['--group-by', 'Cost Centre', '--sum', 'Net Amount', '--max', 'day(Booked)'];
	const outputs = ['--export', 'tables', '--report', 'report.md', '--json'];
	const {code, stdout} = await runCommand(['one.csv', 'two.csv', ...question, ...outputs], {cwd});
	expect(code).toBe(0);
	expect(parseReport(stdout)).toMatchObject({
		totals: {rows: 8, rejected_rows: 2},
		analyses: {
			question: {
				records: 6,
				'sum_Net Amount': '25.00',
				groups: [
					{'Cost Centre': 'A', records: 4, 'sum_Net Amount': '29.00', max_Booked: '2024-02-03'},
					{'Cost Centre': 'B', records: 2, 'sum_Net Amount': '-4.00', max_Booked: '2024-02-01'},
				],
			},
		},
		files: [{rejects: [{column: 'Net Amount', reason: 'missing'}]}, {}],
	});
	expect(readFileSync(join(cwd, 'tables/question.groups.csv'), 'utf8')).toBe(
		'Cost Centre,records,sum_Net Amount,max_Booked\nA,4,29.00,2024-02-03\nB,2,-4.00,2024-02-01\n',
	);
	expect(readFileSync(join(cwd, 'report.md'), 'utf8')).toContain('| A | 29.00 | 4 | 2024-02-03 |');
});

test('a condition is told of, and of its records alone', async () => {
	const cwd = createData();
	const where = ['--where', '"Net Amount" > 0 and Booked >= 2024-02-01', '--sum', 'Net Amount'];
	const json = parseReport((await runCommand(['one.csv', ...where, '--json'], {cwd})).stdout);
	expect(json).toMatchObject({
		totals: {rows: 4, rejected_rows: 0, filtered: 3},
		analyses: {question: {records: 1, 'sum_Net Amount': '4'}},
		files: [{filtered: 3}],
	});
	const plain = await runCommand(['one.csv', ...where, '--plain'], {cwd});
	expect(plain.stdout + plain.stderr).toContain('4 rows, 3 filtered');
});

test.each([
	[['--where', 'amount >'], 'found nothing more\n  amount >\n'],
	[['--group-by', 'a,b,c'], 'Expected one column or two'],
	[['--sum', 'x', '--analysis', 'sales'], 'instead of an analysis'],
	[['--group-by', 'a', '--distinct', 'b'], 'not in groups'],
	[['--order-by', 'records'], '--order-by: belongs to groups'],
	[['--sum', 'a', '--limit', '5'], '--limit: belongs to groups'],
	[['--group-by', 'a', '--order-by', 'sum_b'], 'takes one of records, key'],
])('%j is refused before anything is read', async (words, message) => {
	const {code, stderr} = await runCommand(['one.csv', ...words], {cwd: createData()});
	expect(code).toBe(2);
	expect(stderr).toContain(message);
});

test('the dashboard answers a question about a file while the run is on', async ({skip}) => {
	if (whyNoTerminal !== null) skip(whyNoTerminal);
	const cwd = createFolder();
	writeFiles(cwd, 3, 1000);
	const robot = Robot.command(['.', '--simulate-io', '60000', '-j', '1', '--threads', '1'], {cwd, columns: 100});
	await robot.waitForScreen('1 running');
	robot.press(KEY.home, 'A');
	await robot.waitForScreen('ask:');
	robot.press('records by category where amount > 0');
	await robot.waitForScreen('amount > 0');
	robot.press(KEY.enter);
	const answer = await robot.waitForScreen('Read again:');
	expect(answer).toContain('RECORDS BY CATEGORY');
	expect(answer).toContain('0001.csv');
	robot.press(KEY.escape);
	await robot.waitForScreen('PROGRESS');
});
