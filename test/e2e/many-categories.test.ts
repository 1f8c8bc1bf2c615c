// More categories than are kept, in one file or in all together: only this figure fails.
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {defaultCaps} from '../../source/analysis/state-layout.ts';
import {createFolder, runCommand} from '../helpers/command.ts';

const HEADER = 'customer_id,amount,date,category\n';

/** One record for each category from `first` on. */
function writeCategories(folder: string, name: string, first: number, count: number): void {
	const records = Array.from({length: count}, (_, index) => `c${index % 7},0.50,2024-01-02,n${first + index}\n`);
	writeFileSync(join(folder, name), HEADER + records.join(''));
}

interface Figures {
	readonly total_transactions: number;
	readonly categories: readonly unknown[];
}

const givenUp = (count: number): unknown => ({
	total_transactions: count,
	total_amount: count / 2,
	total_amount_exact: `${(count / 2).toFixed(2)}`,
	average_transaction: 0.5,
	top_category: null,
	categories: [],
	categories_error: {code: 'TOO_MANY_CATEGORIES', message: expect.stringContaining('500,000')},
	date_range: {earliest: '2024-01-02', latest: '2024-01-02'},
	unique_customers: {value: 7, exact: true},
});

/** What people see is in `text`, on one line. */
async function read(folder: string, threads: number): Promise<{all: Figures; files: readonly Figures[]; text: string}> {
	const args = ['.', '--plain', '--report', 'report.json', '--threads', String(threads)];
	const {code, stdout, stderr} = await runCommand(args, {cwd: folder});
	expect([code, stderr]).toEqual([0, '']);
	const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
	return {
		all: report.analyses.transactions,
		files: report.files.map(({result}: {result: Figures}) => result),
		text: stdout.replaceAll(/\s+/g, ' '),
	};
}

test('a file with more than 500,000 categories has all other figures, and people see why, with any number of threads', async () => {
	const folder = createFolder();
	// Large enough to be read by several threads together.
	writeCategories(folder, 'a.csv', 1_000_000, defaultCaps.maxGroups + 200_000);
	for (const threads of [1, 3]) {
		const {all, files, text} = await read(folder, threads);
		expect(files).toEqual([givenUp(defaultCaps.maxGroups + 200_000)]);
		expect(all).toEqual(files[0]);
		expect(text).toContain('Top category too many categories');
		expect(text).toContain('more than 500,000 different values');
	}
});

test('files that exceed the limit only together list their own categories', async () => {
	const folder = createFolder();
	const half = defaultCaps.maxGroups / 2;
	writeCategories(folder, 'a.csv', 0, half);
	writeCategories(folder, 'b.csv', half, half);
	writeCategories(folder, 'c.csv', half, half + 1);
	const report = await read(folder, 2);
	expect(report.files.map(({categories}) => categories.length)).toEqual([100, 100, 100]);
	expect(report.all).toEqual(givenUp(3 * half + 1));
});
