// Reports for tests: a small one that people can check by eye, and random ones full of hostile text.
import fc from 'fast-check';
import {describeAnalyses} from '../../source/analysis/registry.ts';
import type {ErrorReport, FileReport, RejectReport, Report} from '../../source/model/report.ts';
import type {TransactionsResult} from '../../source/model/results.ts';
import {anError, fileReport, totalsOf} from '../store/run-log.ts';

/** All that there are. */
export const analyses = describeAnalyses(null);

/** With more categories than are kept. */
export const resultWithoutCategories = (message: string): TransactionsResult => ({
	...result,
	top_category: null,
	categories: [],
	categories_error: {code: 'TOO_MANY_CATEGORIES', message},
});

export const result: TransactionsResult = {
	total_transactions: 98,
	total_amount: 1234567.5,
	total_amount_exact: '1234567.50',
	average_transaction: 12597.627551,
	top_category: 'groceries',
	categories: [
		{category: 'groceries', count: 60, amount: '1234000.00'},
		{category: '', count: 38, amount: '567.50'},
	],
	date_range: {earliest: '2024-01-01', latest: '2024-01-31'},
	unique_customers: {value: 37, exact: true},
};

export const reject: RejectReport = {
	line: 17,
	byte_offset: 803,
	column: 'amount',
	reason: 'not-a-number',
	value: '12,5o',
};

export const goodFile: FileReport = fileReport('data/good.csv', {
	analysis: 'transactions',
	bytes: 5021,
	rows: 100,
	rejected_rows: 2,
	processing_time: 0.021,
	dialect: {delimiter: ',', quote: '"', encoding: 'utf-8', newline: '\n', header: true, compression: null},
	result,
	rejects: [reject],
});

export const brokenFile: FileReport = fileReport('data/broken.csv', {
	status: 'failed',
	bytes: 300,
	error: {code: 'UNCLOSED_QUOTE', message: 'the quote on line 4 is never closed', line: 4, byte_offset: 112},
});

/** Puts files into a report with matching totals. */
export const reportOf = (files: readonly FileReport[], fields: Partial<Report> = {}): Report => ({
	report_version: 1,
	status: 'completed',
	totals: totalsOf(files),
	analyses: files.some(({analysis}) => analysis === 'transactions') ? {transactions: result} : {},
	files,
	...fields,
});

/** Escape sequences in 7 and 8 bits, direction overrides, separators, markup, formulas. */
export const HOSTILE_TEXTS = [
	'\u001b[2J\u001b]0;owned\u0007',
	'\u009d52;c;cm0gLXJm\u009c',
	'invoice\u202egpj.csv',
	'\u2066a\u2069\u200e\u200f\u061c',
	'line\nbreak\r\u2028\u2029\ttab',
	'\ufeffmark',
	'del\u007f nul\u0000 back\u0008',
	'<script>alert(1)</script> & <img src=x onerror=alert(1)>',
	'a|b `code` **bold** [link](http://x) ![i](y) ~~s~~ $m$ @all',
	'=cmd|"/c calc"!A1',
	'漢字 e\u0301 👩‍👩‍👧',
	'quote " and \\ backslash',
	'',
] as const;

/**
Characters that a terminal may obey, or that hide or turn text: none of them may be in output. A newline only ends lines.
*/
export const ACTING = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

const text = fc.oneof(fc.constantFrom(...HOSTILE_TEXTS), fc.string({unit: 'binary'}), fc.string());
const count = fc.nat({max: 1e9});
/** Not -0, which JSON cannot distinguish from 0. */
const number = fc.double({noNaN: true, noDefaultInfinity: true}).map(value => value + 0);

const error: fc.Arbitrary<ErrorReport> = fc.record({
	code: fc.constantFrom('EIO', 'MISSING_COLUMN'),
	message: text,
	line: fc.option(count),
	byte_offset: fc.option(count),
});

const randomResult: fc.Arbitrary<TransactionsResult> = fc.record({
	total_transactions: count,
	total_amount: fc.option(number),
	total_amount_exact: fc.option(fc.constantFrom('0', '-12.50', '99999999999999999999999999999999999999')),
	average_transaction: fc.option(number),
	top_category: fc.option(text),
	categories: fc.array(fc.record({category: text, count, amount: fc.constantFrom('1.00', '-3.5', '.5')})),
	date_range: fc.option(fc.constant({earliest: '2024-01-01', latest: '2024-12-31'})),
	unique_customers: fc.record({value: count, exact: fc.boolean()}),
});

const randomFile: fc.Arbitrary<FileReport> = fc.record({
	file: text,
	status: fc.constantFrom('completed', 'failed', 'cancelled', 'skipped'),
	analysis: fc.constantFrom('transactions', null),
	attempts: fc.nat({max: 9}),
	bytes: count,
	rows: count,
	rejected_rows: count,
	processing_time: fc.nat({max: 1e6}).map(milliseconds => milliseconds / 1000),
	error: fc.option(error),
	dialect: fc.option(
		fc.record({
			delimiter: fc.constantFrom(',', '\t', ';'),
			quote: fc.constant('"'),
			encoding: fc.constant('utf-8'),
			newline: fc.constantFrom('\n', '\r\n', '\r', null),
			header: fc.boolean(),
			compression: fc.constantFrom('gzip', null),
		}),
	),
	result: fc.option(randomResult),
	rejects: fc.array(
		fc.record({
			line: count,
			byte_offset: count,
			column: fc.option(text),
			reason: fc.constantFrom('missing', 'quote', 'not-a-number'),
			value: text,
		}),
		{maxLength: 4},
	),
});

export const randomReport: fc.Arbitrary<Report> = fc
	.record({
		status: fc.constantFrom('completed' as const, 'cancelled' as const),
		files: fc.array(randomFile, {maxLength: 6}),
		consolidated: fc.option(randomResult),
	})
	.map(({status, files, consolidated}) =>
		reportOf(files, {status, analyses: consolidated === null ? {} : {transactions: consolidated}}),
	);

/** Many failed files with different names. */
export const failedFiles = (amount: number): FileReport[] =>
	Array.from({length: amount}, (_, index) =>
		fileReport(`data/broken-${index + 1}.csv`, {status: 'failed', error: anError()}),
	);
