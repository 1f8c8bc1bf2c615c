import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {FileReport, Report} from '../../source/model/report.ts';
import {type SummaryOptions, summaryLines} from '../../source/report/summary.ts';
import {displayWidth} from '../../source/text/width.ts';
import {anError, fileReport, totalsOf} from '../store/run-log.ts';
import {
	ACTING,
	analyses,
	brokenFile,
	failedFiles,
	goodFile,
	HOSTILE_TEXTS,
	randomReport,
	reject,
	reportOf,
	result,
	resultWithoutCategories,
} from './sample-report.ts';

const summaryOf = (report: Report, options?: SummaryOptions): string =>
	summaryLines(report, analyses, options).join('\n');

const firstLine = (report: Report, options?: SummaryOptions): string | undefined =>
	summaryLines(report, analyses, options)[0];

test('what walks have left out is a line of its own, where it is asked for', () => {
	const report = reportOf([fileReport('a.csv')]);
	const left = {count: 1234, extensions: ['.xlsx', '.\u{1b}[31mx', '']};
	expect(summaryOf(report)).not.toContain('Left out');
	expect(summaryOf(report, {otherFiles: left}).split('\n')).toContain(
		'Left out: 1,234 other files: .xlsx .\\x1b[31mx and without an extension',
	);
	expect(summaryOf(report, {otherFiles: {count: 1, extensions: ['']}})).toContain('1 other file: without an extension');
});

describe('the first line', () => {
	const files: FileReport[] = [fileReport('a.csv', {bytes: 12.4e9, rows: 14_200_000})];
	const totals = totalsOf(files, {files: 128, completed: 128, processing_time: 72.1});

	test('says that all is well, how much it was and how fast', () => {
		expect(firstLine(reportOf(files, {totals}))).toBe('✔ 128 files, 12.4 GB, 14.2 M rows in 72.1 s (172 MB/s)');
	});

	test('says how many failed and how many were cancelled', () => {
		const counts = {...totals, completed: 81, failed: 2, cancelled: 45};
		expect(firstLine(reportOf(files, {totals: counts, status: 'cancelled'}))).toBe(
			'✖ 81 of 128 files completed, 2 failed, 45 cancelled, 12.4 GB, 14.2 M rows in 72.1 s (172 MB/s)',
		);
	});

	test('skipped files are counted and are no failure', () => {
		const counts = {...totals, completed: 125, skipped: 3};
		expect(firstLine(reportOf(files, {totals: counts}))).toMatch(/^✔ 125 of 128 files completed, 3 skipped, 12\.4 GB/);
	});

	test('a run that was cancelled does not look well, even if every file had ended', () => {
		expect(firstLine(reportOf(files, {totals, status: 'cancelled'}))).toMatch(/^✖ /);
	});

	test('is words where there are no signs', () => {
		expect(firstLine(reportOf(files, {totals}), {ascii: true})).toMatch(/^OK 128 files/);
		expect(firstLine(reportOf([brokenFile]), {ascii: true})).toMatch(/^FAILED 0 of 1 file completed, 1 failed/);
	});

	test('has no speed where no time has passed', () => {
		expect(firstLine(reportOf(files, {totals: {...totals, processing_time: 0}}))).toMatch(/rows in 0\.000 s$/);
	});
});

describe('the summary', () => {
	test('says why there are no categories, on every screen', () => {
		const message = `The column has too many values.${HOSTILE_TEXTS[0]} All other figures are complete.`;
		const report = reportOf([goodFile], {analyses: {transactions: resultWithoutCategories(message)}});
		const lines = summaryLines(report, analyses, {columns: 40});
		expect(lines).toContain('  Top category      too many categories');
		expect(lines.join(' ').replaceAll(/ +/g, ' ')).toMatch(/The column has too many values.*complete\./);
		for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(40);
	});

	test('is exactly this for one good and one broken file', () => {
		expect(summaryOf(reportOf([brokenFile, goodFile]))).toBe(
			`✖ 1 of 2 files completed, 1 failed, 5.3 kB, 100 rows in 2.0 s (2.7 kB/s)

transactions
  Transactions      98
  Total amount      1,234,567.50
  Average           12,597.627551
  Top category      groceries
  Dates             2024-01-01 to 2024-01-31
  Unique customers  37

  Category   Count        Amount
  groceries     60  1,234,000.00
  (none)        38        567.50

Failed files
  ✖ data/broken.csv: UNCLOSED_QUOTE the quote on line 4 is never closed

2 rejected rows, for example
  data/good.csv:17 amount not-a-number "12,5o"

To look at first
  2 of 100 rows rejected in data/good.csv, most of them for amount not-a-number
    fileproc-tui data/good.csv --analysis quality`,
		);
	});

	test('has a dash for figures that are not there, and says what is an estimate', () => {
		const empty = {
			...result,
			total_transactions: 0,
			total_amount: null,
			total_amount_exact: null,
			average_transaction: null,
			top_category: null,
			categories: [],
			date_range: null,
			unique_customers: {value: 5_000_000, exact: false},
		};
		const summary = summaryOf(reportOf([goodFile], {analyses: {transactions: empty}}));
		expect(summary).toMatch(/Total amount {6}–\n {2}Average {11}–\n {2}Top category {6}–\n {2}Dates {13}–\n/);
		expect(summary).toContain('about 5,000,000');
		expect(summary).not.toContain('Category ');
	});

	test('shows ten categories and counts the others', () => {
		const categories = Array.from({length: 13}, (_, index) => ({category: `c${index}`, count: 1, amount: '1.00'}));
		const summary = summaryOf(reportOf([goodFile], {analyses: {transactions: {...result, categories}}}));
		expect(summary).toContain('  c9 ');
		expect(summary).not.toContain('  c10 ');
		expect(summary).toContain('  + 3 more');
	});

	test('does not claim to know how many categories a cut list leaves out', () => {
		const categories = Array.from({length: 100}, (_, index) => ({category: `c${index}`, count: 1, amount: '1.00'}));
		const summary = summaryOf(reportOf([goodFile], {analyses: {transactions: {...result, categories}}}));
		expect(summary).toContain('  + at least 90 more');
	});

	test('names twenty failed files and counts the others', () => {
		const summary = summaryOf(reportOf(failedFiles(23)));
		expect(summary).toContain('data/broken-20.csv: EIO the disk did not answer');
		expect(summary).not.toContain('data/broken-21.csv');
		expect(summary).toContain('  … + 3 more');
	});

	test('breaks a long reason between words instead of cutting it off', () => {
		const message = 'expected a column named amount in the header, found id, when, price; rename it or choose another';
		const file = fileReport('data/orders.csv', {status: 'failed', error: anError('MISSING_COLUMN', message)});
		const lines = summaryLines(reportOf([file]), analyses, {columns: 50});
		const start = lines.indexOf('  ✖ data/orders.csv');
		expect(
			lines
				.slice(start + 1, lines.indexOf('To look at first'))
				.join(' ')
				.replaceAll(/ +/g, ' ')
				.trim(),
		).toBe(`MISSING_COLUMN ${message}`);
	});

	test('takes examples of rejected rows from several files, five in all', () => {
		const files = ['a', 'b', 'c', 'd', 'e', 'f'].map(name =>
			fileReport(`${name}.csv`, {rows: 9, rejected_rows: 3, rejects: [reject, reject, reject]}),
		);
		const examplesOf = (report: Report): string[] =>
			summaryLines(report, analyses).filter(line => line.includes(':17 amount'));
		expect(examplesOf(reportOf(files)).map(line => line.trim().slice(0, 1))).toEqual(['a', 'b', 'c', 'd', 'e']);
		expect(examplesOf(reportOf(files.slice(0, 1)))).toHaveLength(3);
	});

	test('tells which files were skipped, and why', () => {
		const file = fileReport('pipe.csv', {status: 'skipped', error: anError('NOT_A_FILE', 'a pipe is no regular file')});
		expect(summaryOf(reportOf([file]))).toContain('Skipped files\n  - pipe.csv: NOT_A_FILE a pipe is no regular file');
	});

	test('has no escape sequences without colour, and the same text with it', () => {
		const report = reportOf([brokenFile, goodFile]);
		const colored = summaryOf(report, {color: true});
		expect(colored).toContain('\u001b[31m✖\u001b[39m 1 of 2');
		expect(colored.replaceAll(/\u001b\[\d+m/g, '')).toBe(summaryOf(report));
	});
});

describe('whatever is in the report', () => {
	test('no line is wider than asked, and no text from files acts on the terminal', () => {
		fc.assert(
			fc.property(randomReport, fc.integer({min: 1, max: 140}), fc.boolean(), (report, columns, ascii) => {
				for (const line of summaryLines(report, analyses, {columns, ascii})) {
					expect(displayWidth(line)).toBeLessThanOrEqual(columns);
					expect(line).not.toMatch(ACTING);
					expect(line).not.toContain('\n');
				}
			}),
		);
	});

	test('our own words are ASCII where nothing else is there', () => {
		const report = reportOf([...failedFiles(30), goodFile], {
			analyses: {transactions: {...result, date_range: null, top_category: null}},
		});
		for (const columns of [20, 100]) expect(summaryOf(report, {ascii: true, columns})).toMatch(/^[\n\u0020-\u007e]*$/);
	});

	test.each(HOSTILE_TEXTS)('%j as name, reason, category and cell is visible and harmless', text => {
		const file = fileReport(text, {status: 'failed', error: anError('EIO', text), rejected_rows: 1});
		const rejects = [{...reject, column: text, value: text}];
		const categories = [{category: text, count: 1, amount: '1.00'}];
		const report = reportOf([{...file, rejects}], {
			analyses: {transactions: {...result, top_category: text, categories}},
		});
		for (const line of summaryLines(report, analyses)) {
			expect(line).not.toMatch(ACTING);
			expect(displayWidth(line)).toBeLessThanOrEqual(100);
		}
	});
});

describe('on a narrow screen', () => {
	const files: FileReport[] = [fileReport('a.csv', {bytes: 12.4e9, rows: 14_200_000})];
	const totals = {...totalsOf(files), files: 128, completed: 81, failed: 2, cancelled: 45, processing_time: 72.1};

	test('the first line goes on in the next instead of being cut', () => {
		const lines = summaryLines(reportOf(files, {totals, status: 'cancelled'}), analyses, {columns: 40});
		expect(lines).toEqual([
			'✖ 81 of 128 files completed, 2 failed,',
			'  45 cancelled, 12.4 GB,',
			'  14.2 M rows in 72.1 s (172 MB/s)',
		]);
	});

	test('amounts of very many digits are whole at any width', () => {
		const amount = `${'9'.repeat(30)}.${'1'.repeat(38)}`;
		const categories = [{category: 'a rather long name', count: 12, amount}];
		const wide = {...result, total_amount_exact: amount, categories};
		const report = reportOf([{...goodFile, result: wide}], {analyses: {transactions: wide}});
		for (let columns = 20; columns <= 140; columns++) {
			const lines = summaryLines(report, analyses, {columns});
			for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
			const digits = lines.join('').replaceAll(/[ ,]/g, '');
			expect(digits.split(amount)).toHaveLength(3);
		}
	});
});
