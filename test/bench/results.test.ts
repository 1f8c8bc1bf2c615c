import {expect, test} from 'vitest';
import {expectAgreement, findDifference, type Statement} from './agreement.ts';
import {type Figures, figuresOfDuckdbByFile, figuresOfMawk, figuresOfMiller, figuresOfOurs} from './figures.ts';
import {median, pairedRatios, trimmedMean} from './measure/statistics.ts';
import {readOptions} from './options.ts';
import {table} from './table/table.ts';

const figures: Figures = {
	records: 3,
	total: '10.50',
	categories: [
		{category: 'books', count: 2, amount: '11.00'},
		{category: 'toys', count: 1, amount: '-0.50'},
	],
	earliest: '2024-01-01',
	latest: '2024-01-02',
	customers: {value: 100, exact: true},
};
const says = (changes: Partial<Figures>, estimateTolerance = 0.05): Statement => ({
	program: 'other',
	figures: {...figures, ...changes},
	estimateTolerance,
});

test('zeros at the end of a decimal are no disagreement', () => {
	expect(findDifference(says({}), says({total: '10.5000'}))).toBeNull();
	expect(findDifference(says({}), says({total: '105'}))).toEqual(['sum of amount', '10.5', '105']);
});

test('a disagreement names the figure, and who says what', () => {
	const wrong = {...says({records: 4}), program: 'hasty'};
	expect(() => expectAgreement('plain', [says({}), wrong])).toThrow(
		/'plain'.*records:\n {2}other says 3\n {2}hasty says 4/s,
	);
	const categories = figures.categories.slice(0, 1);
	expect(findDifference(says({}), says({categories}))).toEqual([
		'category 2 by frequency',
		'"toys" 1 × = -0.5',
		'nothing',
	]);
});

test('only an estimate may be off, and only a little', () => {
	expect(findDifference(says({}), says({customers: {value: 101, exact: true}}))?.[0]).toBe('distinct customers');
	expect(findDifference(says({}), says({customers: {value: 104, exact: false}}))).toBeNull();
	expect(findDifference(says({}), says({customers: {value: 110, exact: false}}))?.[2]).toBe('about 110');
});

test('whole cents of mawk and Miller become the same figures', () => {
	expect(figuresOfMawk('2024-01-01\t2024-01-02\t100\ntoys\t1\t-50\nbooks\t2\t1100\n')).toEqual(figures);
	const record = {earliest: '2024-01-01', latest: '2024-01-02', customers: 100};
	const groups = {counts: {toys: 1, books: 2}, sums: {toys: -50, books: 1100}};
	expect(figuresOfMiller(JSON.stringify([{...record, ...groups}]))).toEqual(figures);
});

test('lines of DuckDB become the figures of each file and of all', () => {
	const none = {category: null, count: null, amount: null, earliest: null, latest: null, customers: null};
	const group = (file: string, category: string, count: number, amount: string, date: string): string =>
		JSON.stringify({...none, file, category, count, amount, earliest: date, latest: date});
	const lines = [
		group('/d/b.csv', 'books', 1, '10.00', '2024-01-02'),
		group('/d/a.csv', 'books', 1, '1.00', '2024-01-01'),
		group('/d/a.csv', 'toys', 1, '-0.50', '2024-01-01'),
		JSON.stringify({...none, file: '/d/a.csv', customers: 2}),
		JSON.stringify({...none, file: '/d/b.csv', customers: 1}),
		JSON.stringify({...none, file: null, customers: 100}),
	];
	const {files = new Map<string, Figures>(), ...total} = figuresOfDuckdbByFile(`${lines.join('\n')}\n`);
	expect(total).toEqual(figures);
	expect(files.get('a.csv')).toMatchObject({records: 2, total: '0.50', latest: '2024-01-01', customers: {value: 2}});
	const other = new Map([...files, ['b.csv', {...figures, records: 4}]]);
	expect(findDifference(says({files}), says({files: other}))).toEqual(['b.csv, records', '1', '4']);
	expect(findDifference(says({files}), says({files: new Map()}))).toEqual(['files', '2', '0']);
	expect(findDifference(says({files}), says({}))).toBeNull();
});

const salesFigures: Figures = {
	records: 3,
	total: '10.50',
	quantity: '7',
	categories: [
		{category: 'Books', count: 2, amount: '3.50', quantity: '5'},
		{category: 'Toys', count: 1, amount: '7.00', quantity: '2'},
	],
};

test('sales are told alike by all: departments by their records, whatever the order they come in', () => {
	const sums = {counts: {Toys: 1, Books: 2}, sums: {Toys: 700, Books: 350}, quantities: {Toys: 2, Books: 5}};
	expect(figuresOfMiller(JSON.stringify([sums]))).toEqual(salesFigures);
	const group = (file: string, category: string, count: number, amount: string, quantity: number): string =>
		JSON.stringify({file, category, count, amount, quantity});
	const lines = [
		group('/d/b.csv', 'Books', 1, '3.00', 4),
		group('/d/a.csv', 'Books', 1, '0.50', 1),
		group('/d/a.csv', 'Toys', 1, '7.00', 2),
	];
	const {files, ...total} = figuresOfDuckdbByFile(`${lines.join('\n')}\n`);
	expect(total).toEqual(salesFigures);
	expect(files?.get('b.csv')).toMatchObject({records: 1, quantity: '4'});
	const ofOurs = {
		total_records: 3,
		total_sales_exact: '10.50',
		total_quantity: '7',
		departments: [
			{department: 'Toys', records: 1, sales: '7.00', quantity: '2'},
			{department: 'Books', records: 2, sales: '3.50', quantity: '5'},
		],
	};
	const report = {
		status: 'completed',
		totals: {files: 1, completed: 1, rejected_rows: 0},
		analyses: {sales: ofOurs},
		files: [{file: 'a.csv', result: ofOurs}],
	};
	expect(figuresOfOurs(JSON.stringify(report))).toEqual({...salesFigures, files: new Map([['a.csv', salesFigures]])});
});

test('sales that differ are told of', () => {
	const statement = (figures: Figures): Statement => ({program: 'other', figures, estimateTolerance: 0});
	const differ = (changed: Figures) => findDifference(statement(salesFigures), statement(changed));
	expect(differ(salesFigures)).toBeNull();
	expect(differ({...salesFigures, quantity: '8'})).toEqual(['quantity', '7', '8']);
	const [first, ...others] = salesFigures.categories;
	expect(first && differ({...salesFigures, categories: [{...first, quantity: '6'}, ...others]})?.[0]).toBe(
		'category 1 by frequency',
	);
	expect(differ({...salesFigures, customers: {value: 1, exact: true}})).toEqual(['distinct customers', 'nothing', '1']);
});

test('the median is the middle one, whatever the order', () => {
	expect(median([9, 1, 5])).toBe(5);
	expect(median([4, 1, 2, 100])).toBe(3);
	expect(median([])).toBeNaN();
});

test('runs are paired with their neighbours', () => {
	expect(pairedRatios([10, 30], [5, 10])).toEqual([2, 3]);
});

test('a table without rows is nothing', () => {
	expect(table(['a', 'b'], [['1', '2']])).toBe('| a | b |\n| --- | --- |\n| 1 | 2 |');
	expect(table(['a', 'b'], [])).toBe('');
});

test('options are checked before anything is done', () => {
	expect(readOptions(['--only', 'tiny,plain', '--runs', '3'])).toMatchObject({only: ['plain', 'tiny'], runs: 3});
	expect(readOptions([]).only).not.toContain('huge');
	expect(readOptions(['--all']).only).toContain('huge');
	for (const wrong of [['--only', 'plane'], ['--runs', '0'], ['--scale', ''], ['--threads', '1.5'], ['--fast']]) {
		expect(() => readOptions(wrong), wrong.join(' ')).toThrow();
	}
});

test('a trimmed mean is that of the middle, wherever the ends are, and is surer the more values there are', () => {
	const around = (count: number): number[] => Array.from({length: count}, (_, place) => 5 + ((place * 7) % 11) - 5);
	const {mean, least, most} = trimmedMean(around(110));
	expect(mean).toBeCloseTo(5, 10);
	expect([5 - least, most - 5].every(half => half > 0.4 && half < 1)).toBe(true);
	expect(trimmedMean([...around(110), 1e6, -1e6])).toEqual({
		mean: expect.closeTo(5, 1),
		least: expect.closeTo(least, 1),
		most: expect.closeTo(most, 1),
	});
	const few = trimmedMean(around(22));
	expect(few.most - few.least).toBeGreaterThan(most - least);
	expect(trimmedMean([1, 2, 3])).toEqual({mean: 2, least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY});
});
