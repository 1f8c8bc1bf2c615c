import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {AnalysisInfo, TableView, ValueFormat} from '../../source/model/analysis-info.ts';
import {describeMore, presentResult, presentResults} from '../../source/store/present.ts';
import {safe} from '../../source/text/safe.ts';
import {anyInfo, anyResult, visits, visitsResult} from '../helpers/made-up-analysis.ts';
import {ACTING} from '../report/sample-report.ts';

const infoOf = (format: ValueFormat): AnalysisInfo => ({
	name: 'x',
	title: 'X',
	columns: [],
	views: [{show: 'figures', figures: [{label: 'value', key: 'value', format, error: 'value_error'}]}],
});

test.each<[ValueFormat, unknown, string | null]>([
	['integer', 12_345, '12,345'],
	['integer', '12', null],
	['integer', {value: 1, exact: true}, null],
	['distinct', {value: 12_345, exact: true}, '12,345'],
	['distinct', {value: 12_345, exact: false}, 'about 12,345'],
	['distinct', 5, null],
	['decimal', '-1234.50', '-1,234.50'],
	['decimal', 1234.5, '1,234.5'],
	['decimal', '1e5', null],
	['decimal', '9'.repeat(1001), null],
	['share', '0.256000', '25.6 %'],
	['share', 1, '100.0 %'],
	['share', 'half', null],
	['name', '', '(none)'],
	['name', 'a\u{1b}b', 'a\\x1bb'],
	['name', 5, null],
	['dates', {earliest: '2024-01-01', latest: '2024-01-31'}, '2024-01-01 to 2024-01-31'],
	['dates', {earliest: '2024-01-01'}, null],
	['dates', '2024', null],
	['name', null, null],
	['decimal', undefined, null],
])('a value as %s: %j becomes %j', (format, value, text) => {
	const {figures} = presentResult(infoOf(format), value === undefined ? {} : {value}, safe);
	expect(figures).toEqual([{label: 'value', format, text}]);
});

test('what is missing for a known reason is told by its code', () => {
	const result = {value: null, value_error: {code: 'TOO_MANY_GROUPS', message: 'There are too many.'}};
	expect(presentResult(infoOf('name'), result, safe).figures[0]?.text).toBe('too many groups');
});

test('a table has its rows in order, or the reason why it has none', () => {
	const [pages, months] = presentResult(visits, visitsResult, safe).tables;
	if (pages === undefined || months === undefined) throw new Error('A table is missing');
	expect(pages).toMatchObject({title: 'pages', nameLabel: 'page name', rowCount: 3, error: null});
	expect([0, 1, 2].map(pages.nameOf)).toEqual(['/home', '/evil\\x1b[2J', null]);
	expect([0, 1, 2].map(pages.valuesOf)).toEqual([
		['90,000.25', '91.1 %', 'today'],
		['8,765.25', '8.9 %', null],
		[null, null, '(none)'],
	]);
	expect([0, 1, 2, 99].map(pages.sizeOf)).toEqual([90_000.25, 8765.25, 0, 0]);
	expect(months).toMatchObject({show: 'series', rowCount: 2});
	const error = {code: 'TOO_MANY_GROUPS', message: 'Too many\n'};
	const {tables} = presentResult(visits, {pages: [], pages_error: error}, safe);
	expect(tables).toMatchObject([{rowCount: 0, error: 'Too many\\n'}]);
	expect(presentResult(visits, {}, safe).tables).toEqual([]);
});

describe('a table says how many rows are not shown', () => {
	const rows = Array.from({length: 20}, (_, index) => ({page_name: String(index)}));
	const moreOf = (changes: Partial<TableView>, result: object = {}, shown = 20): string | null => {
		const views = visits.views.map(view => (view.show === 'bars' ? {...view, ...changes} : view));
		const [table] = presentResult({...visits, views}, {pages: rows, ...result}, safe).tables;
		return table === undefined ? null : describeMore(table, shown);
	};

	test('exactly where all are listed, or counted', () => {
		expect(moreOf({limit: 21}, {}, 10)).toBe('+ 10 more');
		expect(moreOf({limit: 21})).toBeNull();
		const count = {value: 1234, exact: true};
		expect(moreOf({limit: 20, count: 'count'}, {count})).toBe('+ 1,214 more');
		expect(moreOf({limit: 20, count: 'count'}, {count: {value: 20, exact: true}})).toBeNull();
	});

	test('at least how many, where there may be more', () => {
		expect(moreOf({limit: 20}, {}, 10)).toBe('+ at least 10 more');
		expect(moreOf({limit: 20})).toBe('first 20, there may be more');
		expect(moreOf({limit: 20, count: 'count'}, {count: 'many'})).toBe('first 20, there may be more');
	});

	test('of older recordings, which have no limit, by that of most tables', () => {
		expect(moreOf({}, {}, 10)).toBe('+ 10 more');
		const pages = Array.from({length: 100}, () => ({page_name: 'x'}));
		expect(moreOf({}, {pages}, 10)).toBe('+ at least 90 more');
	});
});

test('a row may have two names', () => {
	const info: AnalysisInfo = {
		...visits,
		views: [{show: 'bars', title: 'pay', rows: 'pay', name: ['employee', 'pay_year'], values: []}],
	};
	const pay = [{employee: 'a\u{1b}', pay_year: '2024'}, {employee: ''}, {}];
	const [table] = presentResult(info, {pay}, safe).tables;
	expect(table?.nameLabel).toBe('employee · pay year');
	expect([0, 1, 2].map(index => table?.nameOf(index))).toEqual(['a\\x1b · 2024', '(none) · –', null]);
	expect(presentResult(info, {pay}, safe, ' / ').tables[0]?.nameOf(0)).toBe('a\\x1b / 2024');
});

test('results are presented in the order of the analyses, and those of others are not', () => {
	const other = {...visits, name: 'other'};
	const named = (results: object) => presentResults([other, visits], results, safe).map(({name}) => name);
	expect(named({unknown: {}, visits: visitsResult, other: {}})).toEqual(['other', 'visits']);
	expect(named({visits: 5, other: null})).toEqual([]);
	expect(named(Object.create({visits: visitsResult}))).toEqual([]);
});

test('any views of any result give texts that harm no terminal', () => {
	fc.assert(
		fc.property(anyInfo, anyResult, (info, result) => {
			const {title, figures, tables} = presentResult(info, result, safe);
			const texts = [title, ...figures.flatMap(({label, text}) => [label, text ?? ''])];
			for (const table of tables) {
				texts.push(table.title, table.nameLabel, table.error ?? '', ...table.values.map(({label}) => label));
				for (let index = -1; index <= table.rowCount; index++) {
					texts.push(table.nameOf(index) ?? '', ...table.valuesOf(index).map(text => text ?? ''));
					expect(table.sizeOf(index)).toSatisfy(Number.isFinite);
				}
			}
			expect(texts.join('')).not.toMatch(ACTING);
		}),
	);
});
