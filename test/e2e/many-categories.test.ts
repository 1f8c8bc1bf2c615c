// More categories than are kept, in one file or in all together: only this figure fails.
import {writeFileSync} from 'node:fs';
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

async function read(folder: string, threads: number): Promise<{all: Figures; files: readonly Figures[]}> {
	const {code, stdout, stderr} = await runCommand(['.', '--json', '--threads', String(threads)], {cwd: folder});
	expect([code, stderr]).toEqual([0, '']);
	const report = JSON.parse(stdout);
	return {all: report.analyses.transactions, files: report.files.map(({result}: {result: Figures}) => result)};
}

test('a file with more than 500,000 categories has all other figures, with either reader', async () => {
	const folder = createFolder();
	// Large enough to be read by several threads together.
	writeCategories(folder, 'a.csv', 1_000_000, defaultCaps.maxGroups + 200_000);
	for (const threads of [1, 3]) {
		const {all, files} = await read(folder, threads);
		expect(files).toEqual([givenUp(defaultCaps.maxGroups + 200_000)]);
		expect(all).toEqual(files[0]);
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

test('the reason is shown to people', async () => {
	const folder = createFolder();
	writeCategories(folder, 'a.csv', 0, defaultCaps.maxGroups + 1);
	const {code, stdout} = await runCommand(['.', '--plain'], {cwd: folder});
	expect(code).toBe(0);
	expect(stdout.replaceAll(/\s+/g, ' ')).toContain('Top category too many categories');
	expect(stdout.replaceAll(/\s+/g, ' ')).toContain('more than 500,000 different values');
});
