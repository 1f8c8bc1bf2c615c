import {createHash} from 'node:crypto';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {AnalysisInfo} from '../../source/model/analysis-info.ts';
import type {ReportSoFar} from '../../source/model/report.ts';
import {htmlChunks} from '../../source/report/html/page.ts';
import {recognizeOwnOutput} from '../../source/text/own-output.ts';
import {safeInDocument} from '../../source/text/safe-in-document.ts';
import {anyInfo, anyResult, visits, visitsResult} from '../helpers/made-up-analysis.ts';
import {type Element, findAll, parseHtml, readTables, textOf} from '../helpers/parse-html.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {fileReport} from '../store/run-log.ts';
import {
	ACTING,
	analyses,
	brokenFile,
	goodFile,
	HOSTILE_TEXTS,
	randomReport,
	reject,
	reportOf,
	resultWithoutCategories,
} from './sample-report.ts';

const toHtml = (report: ReportSoFar, infos: readonly AnalysisInfo[] = analyses): string =>
	[...htmlChunks(report, infos)].join('');
const pageOf = (report: ReportSoFar, infos?: readonly AnalysisInfo[]): Element => parseHtml(toHtml(report, infos));

const visitsReport = reportOf([fileReport('visits.csv', {analysis: 'visits', result: visitsResult})], {
	analyses: {visits: visitsResult},
});

const metaOf = (page: Element, key: string, value: string): string | undefined =>
	findAll(page, 'meta')
		.find(({attributes}) => attributes.get(key) === value)
		?.attributes.get('content');

describe('the HTML report', () => {
	test('of a small run is this page', async () => {
		const rejected = fileReport('data/rejected.csv', {
			...{rows: 1, rejected_rows: 1, rejects: [reject], hint: 'Decimal commas: write 12.5.'},
			dialect: {delimiter: '\t', quote: '"', encoding: 'utf-8', newline: '\r\n', header: true, compression: 'gzip'},
		});
		const report = reportOf([brokenFile, goodFile, rejected], {
			analyses: {...reportOf([goodFile]).analyses, ...visitsReport.analyses},
		});
		await expect(toHtml(report, [...analyses, visits])).toMatchFileSnapshot('golden/report.html');
	});

	test('has a policy that allows its own style and nothing else', () => {
		const page = pageOf(reportOf([goodFile]));
		const [style, ...others] = findAll(page, 'style');
		const hash = createHash('sha256')
			.update(style === undefined ? '' : textOf(style))
			.digest('base64');
		expect(others).toEqual([]);
		expect(metaOf(page, 'http-equiv', 'Content-Security-Policy')).toBe(
			`default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
		);
		expect(style && textOf(style)).not.toMatch(/url\(|@import|@font-face|<|&/);
	});

	test('is recognised as ours by its first bytes', () => {
		expect(recognizeOwnOutput(Buffer.from(toHtml(reportOf([]))))).toBe('HTML report');
		expect(
			recognizeOwnOutput(Buffer.from('<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">')),
		).toBeNull();
	});

	test.each([
		['Completed', [goodFile], {}],
		['Completed with failed files', [brokenFile, goodFile], {}],
		['Failed', [brokenFile], {}],
		['All rejected', [fileReport('a.csv', {rows: 3, rejected_rows: 3})], {}],
		['No accepted record', [fileReport('a.csv', {rows: 0})], {}],
		['Completed with files without an accepted record', [goodFile, fileReport('a.csv', {rows: 0})], {}],
		['Completed with cancelled files', [goodFile, fileReport('a.csv', {status: 'cancelled'})], {}],
		['Nothing processed', [fileReport('a.csv', {status: 'skipped'})], {}],
		['Cancelled', [goodFile], {status: 'cancelled'}],
	] as const)('says first how it went: %s', (verdict, files, fields) => {
		const page = pageOf(reportOf(files, fields));
		expect(textOf(findAll(page, 'strong')[0] ?? page)).toBe(verdict);
		expect(textOf(findAll(page, 'title')[0] ?? page)).toBe(`${verdict} – fileproc-tui report`);
	});

	test('says of a report during a run that it is running', () => {
		expect(textOf(pageOf({...reportOf([goodFile]), status: 'running'}))).toContain('Running');
	});

	test('says why there are no categories', () => {
		const report = reportOf([goodFile], {analyses: {transactions: resultWithoutCategories('Too <b>many</b>')}});
		expect(textOf(pageOf(report))).toContain('Too <b>many</b>');
	});

	test('shows months as a chart in which time goes on where nothing happens, and pages as bars', () => {
		const page = pageOf(visitsReport, [visits]);
		const charts = findAll(page, 'svg').filter(({attributes}) => attributes.get('class') === 'chart');
		const heights = charts.map(chart => findAll(chart, 'rect').map(({attributes}) => Number(attributes.get('height'))));
		const [[january = 0, february, march = 0] = []] = heights;
		expect(heights.map(({length}) => length)).toEqual([3]);
		expect(february).toBe(0);
		expect(march / january).toBeCloseTo(2345 / 10_000, 3);
		expect(charts[0]?.attributes.get('aria-label')).toBe('Visits by month: highest 10,000 in 2024-01');
		const bars = findAll(page, 'svg').filter(({attributes}) => attributes.get('class') === 'bar');
		expect(bars.map(bar => findAll(bar, 'rect')[0]?.attributes.get('width'))).toEqual(['100%', '9.74%', '0%']);
	});

	test('draws negative values on the other side of zero', () => {
		const rows = [
			{page_name: 'a', seconds: '-25'},
			{page_name: 'b', seconds: '75'},
		];
		const page = pageOf(reportOf([goodFile], {analyses: {visits: {pages: rows}}}), [visits]);
		const bars = findAll(page, 'rect').map(({attributes}) => [attributes.get('x'), attributes.get('width')]);
		expect(bars).toEqual([
			['0%', '25%'],
			['25%', '75%'],
		]);
	});

	test('lists files by status, those that need attention first, then by name', () => {
		const files = [
			fileReport('a', {rows: 1}),
			fileReport('b', {status: 'skipped'}),
			fileReport('c', {rows: 2, rejected_rows: 2}),
			fileReport('d', {status: 'failed'}),
			fileReport('e', {status: 'cancelled'}),
			fileReport('f', {rows: 1}),
			fileReport('g', {status: 'failed'}),
		];
		const names = readTables(pageOf(reportOf(files)))
			.get('Files')
			?.map(([name]) => name);
		expect(names).toEqual(['File', 'd', 'g', 'c', 'e', 'b', 'a', 'f']);
	});

	test('lists 10,000 files and says how many are left out', () => {
		const files = Array.from({length: 12_345}, (_, index) => fileReport(`${index}.csv`, {rows: 1}));
		const page = pageOf(reportOf(files));
		expect(readTables(page).get('Files')).toHaveLength(10_001);
		expect(textOf(page)).toContain('2,345 more are left out here. The report as JSON or CSV has all files.');
		expect(textOf(pageOf(reportOf(files.slice(0, 10_000))))).not.toContain('left out');
	});
});

describe('text from outside', () => {
	test('adds no tag, attribute or character that acts, and stays readable', () => {
		fc.assert(
			fc.property(randomReport, report => {
				const text = toHtml(report);
				expect(text).not.toMatch(ACTING);
				const files = readTables(parseHtml(text)).get('Files') ?? [];
				const names = files.slice(1).map(([name]) => name);
				expect(names.sort()).toEqual(report.files.map(({file}) => safeInDocument(file)).sort());
			}),
		);
	});

	test('of any analysis adds none either, and every coordinate of a chart is a number', () => {
		fc.assert(
			fc.property(anyInfo, anyResult, (info, result) => {
				const text = toHtml(reportOf([goodFile], {analyses: {any: result}}), [info]);
				expect(text).not.toMatch(ACTING);
				readTables(parseHtml(text));
			}),
			{numRuns: randomCases(300)},
		);
	});

	test('charts take any sizes', () => {
		const size = fc.oneof(fc.double({noNaN: true}), fc.constantFrom(5e-324, 1.7e308, -1.7e308, 0));
		fc.assert(
			fc.property(fc.array(size, {minLength: 1, maxLength: 600}), sizes => {
				const months = sizes.map((visits, index) => ({month: String(index), visits}));
				const pages = sizes.map((seconds, index) => ({page_name: String(index), seconds}));
				pageOf(reportOf([goodFile], {analyses: {visits: {months, pages}}}), [visits]);
			}),
			{examples: [[[5e-324]], [[5e-324, 5e-324, 0]], [[1e-320, -1e-320]], [[1.7e308, -1.7e308]], [[1.7e308, 1.7e308]]]},
		);
	});

	test.each(HOSTILE_TEXTS)('%j in every place is shown as in other documents', text => {
		const error = {code: text, message: text, line: 1, byte_offset: 2};
		const bad = fileReport(text, {status: 'failed', error});
		const rejects = [{...reject, column: text, value: text}];
		const rejected = fileReport(text, {rows: 1, rejected_rows: 1, rejects, hint: text});
		const tables = readTables(pageOf(reportOf([bad, rejected])));
		const shown = safeInDocument(text);
		expect(tables.get('Files that did not complete')?.[1]).toEqual([shown, 'failed', shown, shown, '1', '2', '1']);
		const [name, count, rows, example, hint] = tables.get('Rejected rows')?.[1] ?? [];
		expect([name, count, rows, hint]).toEqual([shown, '1', '1', shown]);
		expect(example?.startsWith(`line 17: ${shown} not-a-number `)).toBe(true);
	});
});
