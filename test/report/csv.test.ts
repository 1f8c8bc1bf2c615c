import {parse} from 'csv-parse/sync';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {csvChunks} from '../../source/report/csv.ts';
import {anError, fileReport} from '../store/run-log.ts';
import {ACTING, analyses, brokenFile, goodFile, randomReport, reportOf, result} from './sample-report.ts';

const readBack = (report: Parameters<typeof csvChunks>[0]): Record<string, string>[] =>
	parse<Record<string, string>>([...csvChunks(report, analyses)].join(''), {columns: true, record_delimiter: '\n'});

/** The cell of a file's name, as csv-parse reads it. */
const cellOf = (name: string): string | undefined => readBack(reportOf([fileReport(name)]))[0]?.file;

describe('the CSV report', () => {
	test('has a record with the figures of each file', () => {
		expect([...csvChunks(reportOf([goodFile, brokenFile]), analyses)].join('')).toBe(
			'file,status,analysis,attempts,bytes,rows,rejected_rows,processing_time,error_code,error_message,' +
				'total_transactions,total_amount_exact,average_transaction,top_category,earliest,latest,' +
				'unique_customers,unique_customers_exact\n' +
				'data/good.csv,completed,transactions,1,5021,100,2,0.021,,,' +
				'98,1234567.50,12597.627551,groceries,2024-01-01,2024-01-31,37,true\n' +
				'data/broken.csv,failed,,1,300,0,0,0.5,UNCLOSED_QUOTE,the quote on line 4 is never closed,,,,,,,,\n',
		);
	});

	test('is read back with a record for each file and as many fields in each', () => {
		fc.assert(
			fc.property(randomReport, report => {
				const records = readBack(report);
				expect(records).toHaveLength(report.files.length);
				for (const record of records) expect(Object.keys(record)).toHaveLength(18);
			}),
		);
	});

	test('harmless text is read back unchanged', () => {
		const harmless = fc
			.string({unit: fc.constantFrom('a', 'é', '漢', ',', '"', '\n', '\r', "'", ' ', ';', '\t')})
			.filter(name => !/^[\t\r]/.test(name));
		fc.assert(
			fc.property(harmless, harmless, (name, message) => {
				const file = fileReport(`./${name}`, {error: anError('EIO', message)});
				expect(readBack(reportOf([file]))).toMatchObject([{file: `./${name}`, error_message: message}]);
			}),
		);
	});

	test('nothing in it except tabs and line ends acts on a terminal', () => {
		fc.assert(
			fc.property(randomReport, report => {
				expect([...csvChunks(report, analyses)].join('').replaceAll(/[\t\r]/g, '')).not.toMatch(ACTING);
			}),
		);
	});
});

test.each(['a,b', 'a"b', 'a\nb', 'a\rb'])('%j is quoted, because it may end a record for a reader', name => {
	const [, record] = csvChunks(reportOf([fileReport(name)]), analyses);
	expect(record?.startsWith(`"${name.replace('"', '""')}",`)).toBe(true);
});

describe('a cell that a spreadsheet would run', () => {
	test.each([
		'=1+1',
		'+1+1',
		'-1+1',
		'@SUM(A1)',
		'＝1+1',
		'＠SUM(A1)',
		'=cmd|"/c calc"!A1',
		'-',
		'+',
		'=',
		'@',
	])('%j begins with a quote mark', name => {
		expect(cellOf(name)).toBe(`'${name}`);
	});

	test.each(['\t=1', '\r=1', '\tx'])('%j begins with a quote mark, whatever follows', name => {
		expect(cellOf(name)?.startsWith(`'${name[0]}`)).toBe(true);
	});

	test.each([
		['a;=cmd()', "a;'=cmd()"],
		['a\t@x', "a\t'@x"],
		['a\n-x', "a\n'-x"],
		['a|+x', "a|'+x"],
		['a;"=x', 'a;"\'=x'],
		['a;＝x;-y', "a;'＝x;'-y"],
		['a;-5', 'a;-5'],
		['a,=x', 'a,=x'],
	])('%j becomes %j, because a reader may split it at another separator', (name, cell) => {
		expect(cellOf(name)).toBe(cell);
	});

	test("no text makes one, whatever the reader's separator", () => {
		const text = fc.string({unit: fc.constantFrom('=', '+', '-', '@', '＝', '"', ';', '\t', '\n', '|', 'a', ' ', '1')});
		fc.assert(
			fc.property(text, text, (name, message) => {
				const [, ...records] = csvChunks(reportOf([fileReport(name, {error: anError('EIO', message)})]), analyses);
				const cells = records.join('').split(/[;\t\r\n|]/);
				// Quotes may be kept or removed; a number is not a formula, and neither is text behind a comma that is one.
				const formulas = cells.filter(cell => /^"*[=+\-@＝]/.test(cell) && !/^"*[+-]\d+["\d]*(,|$)/.test(cell));
				expect(formulas).toEqual([]);
			}),
		);
	});

	test.each(['-12.50', '+3', '-.5', '-1e5', '+2.', '1=1', 'a@b', ' =1'])('%j stays unchanged', name => {
		expect(cellOf(name)).toBe(name);
	});

	test('is guarded in text from the data too', () => {
		const file = {...goodFile, result: {...result, top_category: '=HYPERLINK("http://x","y")'}};
		expect(readBack(reportOf([file]))[0]?.top_category).toBe(`'=HYPERLINK("http://x","y")`);
	});

	test('a negative total stays a number', () => {
		const file = {...goodFile, result: {...result, total_amount_exact: '-1234567.50'}};
		expect(readBack(reportOf([file]))[0]?.total_amount_exact).toBe('-1234567.50');
	});
});
