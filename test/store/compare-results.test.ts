// What is told of the figures of two runs, and in which words.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {describeAnalyses} from '../../source/analysis/registry.ts';
import {processBatch} from '../../source/index.ts';
import type {AnalysisDiff, RunDiff} from '../../source/model/run-diff.ts';
import {diffLines} from '../../source/report/diff-lines.ts';
import {compareResults} from '../../source/store/compare-results.ts';
import {describeDiff} from '../../source/store/describe-diff.ts';
import {displayWidth} from '../../source/text/width.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const infos = describeAnalyses({allOf: ['transactions', 'profile']});

interface Column {
	readonly name: string;
	readonly count: number;
	readonly nulls: number;
	readonly distinct: number;
	readonly mean: string | null;
}

const profileOf = (columns: readonly Column[]): object => ({
	profile: {
		rows: 1,
		columns: columns.map(({distinct, ...others}) => ({...others, distinct: {value: distinct, exact: true}})),
	},
});

const columnsOf = (before: Column, after: Column): AnalysisDiff['columns'] =>
	compareResults(infos, profileOf([before]), profileOf([after]))[0]?.columns ?? [];

const column: Column = {name: 'a', count: 1000, nulls: 0, distinct: 100, mean: '10.00'};

test('columns are told of from the thresholds on, which are exact', () => {
	const moved: readonly (readonly [Partial<Column>, object | null])[] = [
		[{}, null],
		[{count: 991, nulls: 9}, null],
		[{count: 990, nulls: 10}, {nulls: {from: {nulls: 0, cells: 1000}, to: {nulls: 10, cells: 1000}}}],
		[{distinct: 109}, null],
		[{distinct: 110}, {distinct: {from: 100, to: 110}}],
		[{distinct: 90}, {distinct: {from: 100, to: 90}}],
		[{mean: '10.999999'}, null],
		[{mean: '11.000000'}, {mean: {from: '10.00', to: '11.000000'}}],
		[{mean: '-10'}, {mean: {from: '10.00', to: '-10'}}],
		[{mean: null}, null],
	];
	for (const [change, expected] of moved) {
		const found = columnsOf(column, {...column, ...change});
		expect([change, found]).toEqual([change, expected === null ? [] : [{column: 'a', ...expected}]]);
	}
});

test('a column whose values all differ grows with the rows, which is not told', () => {
	const ids = {...column, mean: null, distinct: 1000};
	expect(columnsOf(ids, {...ids, count: 2000, distinct: 2000})).toEqual([]);
	expect(columnsOf(ids, {...ids, count: 2000, distinct: 1999})).toHaveLength(1);
});

const anyColumn = fc.record({
	name: fc.constantFrom('a', 'b', 'c'),
	count: fc.nat(1000),
	nulls: fc.nat(1000),
	distinct: fc.nat(1000),
	mean: fc.option(fc.tuple(fc.integer({min: -50, max: 50}), fc.nat(99)).map(([whole, part]) => `${whole}.${part}`)),
});
const anyColumns = fc.uniqueArray(anyColumn, {selector: ({name}) => name});

test('the same results differ in nothing; what is new one way is gone the other way', () => {
	fc.assert(
		fc.property(anyColumns, anyColumns, (before, after) => {
			expect(compareResults(infos, profileOf(before), profileOf(before))).toEqual([]);
			const [there] = compareResults(infos, profileOf(before), profileOf(after));
			const [back] = compareResults(infos, profileOf(after), profileOf(before));
			const tables = there?.tables.map(({title, new: added, gone}) => ({title, new: gone, gone: added}));
			expect(new Set(tables?.[0]?.new)).toEqual(new Set(back?.tables[0]?.new));
			expect(new Set(tables?.[0]?.gone)).toEqual(new Set(back?.tables[0]?.gone));
		}),
	);
});

test('of a table that does not list all rows, it is not said which are new', () => {
	const categories = (count: number, prefix: string): object => ({
		transactions: {
			total_transactions: count,
			categories: Array.from({length: count}, (_, index) => ({category: prefix + index, count: 1, amount: '1'})),
		},
	});
	const tablesOf = (before: object, after: object): AnalysisDiff['tables'] | undefined =>
		compareResults(infos, before, after)[0]?.tables;
	expect(tablesOf(categories(2, 'a'), categories(3, 'a'))).toEqual([{title: 'categories', new: ['a2'], gone: []}]);
	expect(tablesOf(categories(99, 'a'), categories(100, 'a'))).toEqual([]);
});

test('real figures of transactions and their columns', async () => {
	const folder = createTemporaryFolder();
	const head = 'transaction_id,customer_id,amount,date,category\n';
	const results = async (records: string): Promise<object> => {
		const path = folder.write('one.csv', head + records);
		return (await processBatch([path], {analysis: {allOf: ['transactions', 'profile']}})).analyses;
	};
	const before = await results('t1,c1,10.00,2024-01-01,food\nt2,c2,1000.50,2024-01-02,travel\n');
	const after = await results(
		't1,c1,10.00,2024-01-01,food\nt2,,20.00,2024-01-02,misc\u001b\nt3,c3,5.00,2024-01-05,food\n',
	);
	const analyses = compareResults(infos, before, after);
	const totals = {files: 1, completed: 1, failed: 0, cancelled: 0, skipped: 0, bytes: 1, rejected_rows: 0};
	const diff: RunDiff = {
		...{from: '20261128-155624-9f3c2a', to: 'b', from_started_at: '2026-11-28T15:56:24.123Z', same_settings: false},
		...{new: ['./b\u001b.csv', './c.csv'], gone: [], changed: ['./one.csv'], unchanged: 1200, analyses},
		totals: {from: {...totals, rows: 2, processing_time: 1}, to: {...totals, rows: 3, processing_time: 1}},
	};
	const {heading, lines} = diffLines(diff, {columns: 76, nameLimit: 1});
	expect(`${heading}\n${lines.join('\n')}`).toMatchInlineSnapshot(`
		"What changed since the run of 2026-11-28 15:56 UTC
		  files    2 new, 1 changed, 1,200 unchanged
		  rows     3, before 2
		  new      ./b\\x1b.csv + 1 more
		  changed  ./one.csv
		  Transactions
		    transactions     3, before 2
		    total amount     35.00, before 1,010.50
		    average          11.666667, before 505.25
		    dates            2024-01-01 to 2024-01-05, before 2024-01-01 to
		                     2024-01-02
		    new categories   "misc\\x1b"
		    categories gone  "travel"
		  Profile of columns
		    rows         3, before 2
		    customer_id  nulls 33.3 %, before 0.0 %
		                 + 1 column more
		  That run was made with other settings, so figures may differ for that
		  reason.
		  Columns are told of from a move of 1 % of their cells (nulls), 10 %
		  (different values) and 10 % (mean) on."
	`);
	for (const columns of [20, 40, 80]) {
		for (const line of diffLines(diff, {columns, nameLimit: 9}).lines) {
			expect(displayWidth(line)).toBeLessThanOrEqual(columns);
			expect(line).not.toMatch(/\p{Cc}/u);
		}
	}
	const same = {...diff, new: [], changed: [], analyses: [], same_settings: true};
	expect(describeDiff(same, text => text, 1)).toMatchObject({sections: [], notes: []});
	expect(describeDiff(same, text => text, 1).facts[0]).toEqual({label: 'files', text: 'the same 1,200'});
});
