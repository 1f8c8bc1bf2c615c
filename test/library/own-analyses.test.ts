// An analysis that is not built in runs through threads, small files, split files and outputs, known by its declaration alone.
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, expectTypeOf, test} from 'vitest';
import {analysisNames} from '../../source/analysis/registry.ts';
import {
	type AnalysisInfo,
	count,
	defineAnalysis,
	type ProcessOptions,
	processBatch,
	type Report,
	type SalesResult,
	sum,
	type TransactionsResult,
} from '../../source/index.ts';
import {toJson} from '../../source/report/json.ts';
import {markdownChunks} from '../../source/report/markdown.ts';
import {summaryLines} from '../../source/report/summary.ts';
import {expectMonthlyCategories, monthlyCategories, readSimpleRecords} from '../helpers/monthly-categories.ts';
import {createTemporaryFolder, transactionsHeader} from '../helpers/temporary-folder.ts';

const folder = 'fixtures/transactions';
const paths = readdirSync(folder)
	.filter(name => name.endsWith('.csv'))
	.map(name => join(folder, name));
const recordsOf = (path: string) => readSimpleRecords(readFileSync(path, 'utf8'));
const {name} = monthlyCategories;
const own: ProcessOptions = {analyses: [monthlyCategories], analysis: name};

test.each<ProcessOptions>([
	{},
	{threads: 1},
	{reader: 'reference'},
	{chunkBytes: 100, threads: 2},
])('an own analysis has its figures with %o', async options => {
	let infos: readonly AnalysisInfo[] = [];
	const report = await processBatch(paths, {
		...own,
		...options,
		onEvent(event) {
			if (event.type === 'run-started') infos = event.analyses;
		},
	});
	expect(report.analyses).toEqual({[name]: expectMonthlyCategories(paths.flatMap(recordsOf))});
	for (const file of report.files) {
		expect(file).toMatchObject({analysis: name, rejected_rows: 0});
		expect(file.result).toEqual(expectMonthlyCategories(recordsOf(file.file)));
	}
	expect(infos).toMatchObject([{name, title: 'Amount by month and category'}]);
});

test('JSON, Markdown and the summary have it', async () => {
	let infos: readonly AnalysisInfo[] = [];
	const report = await processBatch(paths, {
		...own,
		onEvent(event) {
			if (event.type === 'run-started') infos = event.analyses;
		},
	});
	const expected = expectMonthlyCategories(paths.flatMap(recordsOf)) as {
		readonly categories: readonly {readonly category: string}[];
	};
	const json = JSON.parse(toJson(report)) as Report;
	expect(json.analyses[name]).toEqual(expected);
	expect(json.files.map(({result}) => result)).toEqual(paths.map(path => expectMonthlyCategories(recordsOf(path))));
	const markdown = [...markdownChunks(report, infos)].join('');
	expect(markdown).toContain(`## ${name}`);
	expect(markdown).toContain('| Records | 1,410 |');
	const summary = summaryLines(report, infos).join('\n');
	for (const text of [markdown, summary]) expect(text).toContain(expected.categories[0]?.category);
});

test('beside the built-in ones, the most specific analysis is chosen, and an own one of equally specific ones', async () => {
	const data = createTemporaryFolder();
	data.write('transactions.csv', `${transactionsHeader}t1,c1,10.50,2024-01-03,food\n`);
	data.write('sales.csv', 'department,sales\ntoys,1.50\n');
	data.write('visits.csv', 'page,seconds\n/home,12\n/,0.5\n');
	const columns = {page: {is: 'text'}, seconds: {is: 'number'}} as const;
	const rest = {version: 1, title: 'Any', views: []};
	const visits = defineAnalysis({
		name: 'visits',
		...rest,
		columns,
		measures: {visits: count(), seconds: sum('seconds')},
	});
	const ownSales = defineAnalysis({
		name: 'own-sales',
		...rest,
		columns: {department: {is: 'text'}, sales: {is: 'number'}},
		measures: {records: count()},
	});
	const report = await processBatch([data.path], {analyses: [visits, ownSales]});
	expect(report.files.map(({analysis}) => analysis)).toEqual(['own-sales', 'transactions', 'visits']);
	expect(report.analyses).toMatchObject({visits: {visits: 2, seconds: '12.5'}, 'own-sales': {records: 1}});
	const without = await processBatch([data.path]);
	expect(without.files.map(({analysis}) => analysis)).toEqual(['sales', 'transactions', 'profile']);
	expectTypeOf(report.analyses.transactions).toEqualTypeOf<TransactionsResult | undefined>();
	expectTypeOf(report.analyses.sales).toEqualTypeOf<SalesResult | undefined>();
});

test('a table that it has exported is not data', async () => {
	const path = createTemporaryFolder().write('table.csv', 'month,category,records,total\n2024-01,food,1,2.50\n');
	const {files} = await processBatch([path], own);
	expect(files[0]?.error?.code).toBe('OWN_OUTPUT');
});

test('a large file that several threads read together has its figures', async () => {
	const text = `${transactionsHeader}${'t1,c1,10.50,2024-01-03,food\n'.repeat(620_000)}`;
	const path = createTemporaryFolder().write('large.csv', text);
	const {files} = await processBatch([path], {...own, threads: 2});
	expect(files[0]?.result).toMatchObject({
		records: 620_000,
		total: '6510000.00',
		months: [{month: '2024-01', category: 'food', records: 620_000, total: '6510000.00'}],
	});
});

test.each<readonly [ProcessOptions, string]>([
	[{analyses: [{...monthlyCategories, name: 'sales'}]}, 'The name sales belongs to a built-in analysis'],
	[{analyses: [{...monthlyCategories, title: 'Other'}]}, 'The name monthly-categories belongs to another analysis'],
	[
		{analyses: [{...monthlyCategories, version: 0}]},
		'analyses[0].version: expected a whole number from 1, but found 0',
	],
	[{analysis: ['sales', 'nothing']}, `analysis must be one of ${analysisNames.join(', ')}, but is nothing`],
])('%o is refused', async (options, message) => {
	await processBatch([createTemporaryFolder().write('a.csv', transactionsHeader)], own);
	await expect(processBatch(paths, options)).rejects.toThrow(new RangeError(message));
});
