// Reports and lines of text present an analysis that the program does not have by what it tells of itself.
import {parse} from 'csv-parse/sync';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import type {RunFact} from '../../source/model/events.ts';
import {csvChunks} from '../../source/report/csv.ts';
import {markdownChunks} from '../../source/report/markdown.ts';
import {createMilestonePrinter} from '../../source/report/milestones.ts';
import {createPlainPrinter} from '../../source/report/plain.ts';
import {summaryLines} from '../../source/report/summary.ts';
import {displayWidth} from '../../source/text/width.ts';
import {anyInfo, anyResult, visits, visitsResult} from '../helpers/made-up-analysis.ts';
import {completed, fileReport, queued, runCompleted, runStarted, stamp, started, totalsOf} from '../store/run-log.ts';
import {ACTING, analyses, goodFile, reportOf} from './sample-report.ts';

const visitsFile = fileReport('visits.csv', {analysis: 'visits', result: visitsResult});
const visitsReport = reportOf([visitsFile], {analyses: {visits: visitsResult}});

const SUMMARY = `visits
  Visits       12,345
  Seconds      98,765.50
  From search  25.6 %
  Visitors     about 4,321
  First page   (none)
  Days         2024-01-01 to 2024-03-31
  Longest      –

  Page name       Seconds   Share  Last seen
  /home         90,000.25  91.1 %      today
  /evil\\x1b[2J   8,765.25   8.9 %          –
  –                     –       –     (none)

  Month    Visits
  2024-01  10,000
  2024-03   2,345`;

test('the summary has its figures and tables', () => {
	expect(summaryLines(visitsReport, [visits]).join('\n')).toContain(`\n\n${SUMMARY}`);
	expect(summaryLines(visitsReport, []).join('\n')).not.toContain('12,345');
});

test('the summary has the last rows of what follows one another, and says where a table goes on', () => {
	const months = Array.from({length: 24}, (_, index) => ({
		month: `${2023 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`,
		visits: index,
	}));
	const pages = Array.from({length: 20}, (_, index) => ({page_name: `/${index}`, seconds: '1'}));
	const linesWith = (limit: number): string => {
		const views = visits.views.map(view => (view.show === 'figures' ? view : {...view, limit}));
		const report = reportOf([visitsFile], {analyses: {visits: {pages, months}}});
		return summaryLines(report, [{...visits, views}]).join('\n');
	};
	expect(linesWith(100)).toContain('\n  + 10 more\n\n  Month    Visits\n  + 14 more\n  2024-03      14\n');
	expect(linesWith(100)).toMatch(/\n {2}2024-12 {6}23(?:\n\n|$)/);
	expect(linesWith(20)).toContain('\n  + at least 10 more\n');
	expect(linesWith(24)).toContain('\n  2024-12      23\n  first 24, there may be more');
});

test('so have plain lines and sentences for those who listen, at the end', () => {
	const facts: RunFact[] = [
		runStarted({analyses: [visits]}),
		queued('visits.csv'),
		started('visits.csv'),
		completed('visits.csv', visitsFile),
		runCompleted({analyses: visitsReport.analyses, totals: totalsOf([visitsFile])}),
	];
	const plain: string[] = [];
	const sentences: string[] = [];
	const printers = [
		createPlainPrinter({write: line => plain.push(line), startTimer: () => () => {}}),
		createMilestonePrinter({write: line => sentences.push(line)}),
	];
	for (const event of stamp(facts)) for (const {handle} of printers) handle(event);
	expect(plain.join('\n')).toContain(SUMMARY);
	expect(sentences.join('\n')).toContain(SUMMARY.replaceAll('–', '-'));
});

test('the Markdown report has them as tables', () => {
	const markdown = [...markdownChunks(visitsReport, [visits])].join('');
	expect(markdown).toContain(`
## visits

| Figure | Value |
| --- | ---: |
| Visits | 12,345 |
| Seconds | 98,765.50 |
| From search | 25.6 % |
| Visitors | about 4,321 |
| First page | (none) |
| Days | 2024-01-01 to 2024-03-31 |
| Longest | – |

### Pages

| Page name | Seconds | Share | Last seen |
| --- | ---: | ---: | ---: |
| /home | 90,000.25 | 91.1 % | today |
`);
	expect(markdown).toContain('### Visits by month\n');
	expect(markdown).not.toContain('more');
	const views = visits.views.map(view => (view.show === 'bars' ? {...view, limit: 3} : view));
	expect([...markdownChunks(visitsReport, [{...visits, views}])].join('')).toContain(
		'\n\nFirst 3, there may be more\n',
	);
});

test('the CSV report has its figures as further columns, where a file has them', () => {
	const names = (files: Parameters<typeof reportOf>[0]): string[] =>
		[...csvChunks(reportOf(files), [...analyses, visits])][0]?.trimEnd().split(',') ?? [];
	const own = names([goodFile]);
	expect(own).toEqual([...csvChunks(reportOf([]), analyses)][0]?.trimEnd().split(','));
	const further = ['visits', 'seconds', 'search_share', 'visitors', 'visitors_exact', 'first_page'];
	const both = names([goodFile, visitsFile]);
	const named = [...further, 'days_earliest', 'days_latest', 'longest'].map(name => `visits.${name}`);
	expect(both).toEqual([...own, ...named]);
	const [alone] = csvChunks(reportOf([visitsFile]), [visits]);
	expect(alone?.trimEnd().split(',').slice(-named.length)).toEqual(named);
	const text = [...csvChunks(reportOf([goodFile, visitsFile]), [...analyses, visits])].join('');
	const [good, visited] = parse<Record<string, string>>(text, {columns: true});
	expect(good).toMatchObject({
		total_transactions: '98',
		earliest: '2024-01-01',
		'visits.visits': '',
		'visits.longest': '',
	});
	expect(visited).toMatchObject({
		total_transactions: '',
		earliest: '',
		'visits.visits': '12345',
		'visits.seconds': '98765.50',
		'visits.search_share': '0.256000',
		'visits.visitors': '4321',
		'visits.visitors_exact': 'false',
		'visits.first_page': '',
		'visits.days_earliest': '2024-01-01',
		'visits.longest': '',
	});
});

test('no two columns of the CSV report share a name', () => {
	fc.assert(
		fc.property(anyInfo, fc.constantFrom('any', 'transactions'), (info, name) => {
			const file = fileReport('any.csv', {analysis: name, result: {}});
			const [header] = parse([...csvChunks(reportOf([file]), [{...info, name}])].join(''), {
				record_delimiter: '\n',
			}) as unknown as readonly string[][];
			expect(new Set(header).size).toBe(header?.length);
		}),
	);
});

test('any views of any result fit the width, and nothing of them acts on a terminal', () => {
	fc.assert(
		fc.property(anyInfo, anyResult, fc.integer({min: 20, max: 200}), (info, result, columns) => {
			const file = fileReport('any.csv', {analysis: 'any', result: result});
			const report = reportOf([file], {analyses: {any: result}});
			for (const line of summaryLines(report, [info], {columns})) {
				expect(line).not.toMatch(ACTING);
				expect(displayWidth(line)).toBeLessThanOrEqual(columns);
			}
			expect([...markdownChunks(report, [info])].join('')).not.toMatch(ACTING);
			const csv = [...csvChunks(report, [info])].join('');
			expect(csv.replaceAll(/[\t\r]/g, '')).not.toMatch(ACTING);
			const records = parse(csv, {record_delimiter: '\n'}) as unknown as readonly unknown[][];
			expect(records).toHaveLength(2);
		}),
	);
});
