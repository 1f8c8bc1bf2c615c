import {expect, test} from 'vitest';
import {describeAnalysis} from '../../source/analysis/describe-analysis.ts';
import {declarationOf} from '../../source/analysis/registry.ts';
import type {FileReport, Report} from '../../source/model/report.ts';
import {findingsOf as findingsOfRun} from '../../source/store/findings.ts';
import {analyses, reject, reportOf} from '../report/sample-report.ts';
import {anError, fileReport} from './run-log.ts';

const sales = describeAnalysis(declarationOf('sales'));

const findingsOf = (report: Report) => findingsOfRun(report, analyses);

const failed = (file: string, code: string) =>
	fileReport(file, {status: 'failed', result: null, error: anError(code, 'not so')});

test('a run in which all is well has nothing to look at', () => {
	expect(findingsOf(reportOf([fileReport('a.csv')]))).toEqual([]);
});

test('of failed files the most frequent reason comes with a file to try', () => {
	const files = [
		fileReport('a.csv'),
		failed('b.csv', 'EIO'),
		failed('c 1.csv', 'MISSING_COLUMN'),
		failed('d.csv', 'MISSING_COLUMN'),
	];
	expect(findingsOf(reportOf(files))).toEqual([
		{
			text: '3 of 4 files failed, 2 of them with MISSING_COLUMN: c 1.csv',
			command: "fileproc-tui 'c 1.csv' --analysis profile",
		},
	]);
	expect(findingsOf(reportOf(files.slice(0, 2)))).toEqual([
		{text: '1 of 2 files failed with EIO: b.csv', command: 'fileproc-tui b.csv'},
	]);
});

test('standard input cannot be read again', () => {
	const files = [fileReport('-', {rows: 3, rejected_rows: 1})];
	expect(findingsOf(reportOf(files))).toEqual([{text: '1 of 3 rows rejected in -', command: null}]);
});

test('a file that only a server has is named by no command', () => {
	const files = [failed('stdin', 'MISSING_COLUMN'), fileReport('other', {rows: 3, rejected_rows: 1})];
	const found = findingsOfRun({...reportOf(files), pathOf: () => null}, analyses);
	expect(found.map(({command}) => command)).toEqual([null, null]);
});

test('a file that is not data needs no other command', () => {
	const files = [failed('report.json', 'OWN_OUTPUT'), failed('report.md', 'OWN_OUTPUT')];
	expect(findingsOf(reportOf(files))).toEqual([
		{text: '2 of 2 files failed with OWN_OUTPUT: report.json', command: null},
	]);
	expect(findingsOf(reportOf(files.slice(1)))).toEqual([]);
});

test('of rejected rows the file with the largest share says why', () => {
	const rejects = [
		{...reject, column: 'amount', reason: 'not-a-number'} as const,
		{...reject, column: null, reason: 'field-count'} as const,
		{...reject, column: 'amount', reason: 'not-a-number'} as const,
	];
	const files = [
		fileReport('large.csv', {rows: 1000, rejected_rows: 10}),
		fileReport('small.csv', {rows: 30, rejected_rows: 3, rejects}),
	];
	expect(findingsOf(reportOf(files))).toEqual([
		{
			text: '3 of 30 rows rejected in small.csv, most of them for amount not-a-number, and 10 in other files',
			command: 'fileproc-tui small.csv --analysis quality',
		},
	]);
});

test('of the columns of a table the worst one is named, and the file that has it', () => {
	const column = {name: 'id', type: 'integer', mostly: 'integer', null_share: '0.000000'};
	const findingOf = (...columns: object[]) => {
		const result = (...ofFile: object[]) => ({rows: 10, columns: ofFile}) as unknown as FileReport['result'];
		const files = [
			fileReport('a.csv'),
			fileReport('b.csv', {analysis: 'profile', result: result(column)}),
			fileReport('c.csv', {analysis: 'profile', result: result(...columns)}),
		];
		return findingsOf({...reportOf(files), analyses: {profile: result(...columns)}} as Report);
	};
	const command = 'fileproc-tui c.csv --analysis quality';
	expect(findingOf(column, {...column, null_share: '0.050000'}, {...column, null_share: '1.000000'})).toEqual([]);
	expect(findingOf(column, {...column, name: 'fax', null_share: '0.425000'})).toEqual([
		{text: 'fax is missing in 42.5 % of the rows', command},
	]);
	expect(
		findingOf({...column, name: 'fax', null_share: '0.9'}, {...column, name: 'due', type: 'text', mostly: 'date'}),
	).toEqual([{text: 'due has cells of other types than date', command}]);
	expect(findingOf(...JSON.parse('[null, 7, [null], {"name": 1, "mostly": null, "null_share": {}}]'))).toEqual([]);
});

test('how a file is written is told where it may not be as it was meant', () => {
	const dialect = {
		delimiter: ',',
		quote: '"',
		encoding: 'utf-8',
		newline: '\n',
		header: true,
		compression: null,
	} as const;
	const assumed = {...dialect, encoding: 'windows-1252', encoding_assumed: {line: 3, byte_offset: 40, mixed: false}};
	const problems = [{code: 'OTHER_TABLE', line: 7, byte_offset: 90, message: 'Expected one table'}];
	const one = fileReport('a b.csv', {dialect: assumed});
	expect(findingsOf(reportOf([fileReport('plain.csv'), one]))).toEqual([
		{
			text: 'a b.csv: line 3 is not UTF-8, so texts are read as windows-1252, which is assumed',
			command: "fileproc-tui sniff 'a b.csv'",
		},
	]);
	const other = fileReport('c.csv', {dialect: {...dialect, problems}});
	expect(findingsOf(reportOf([other, one, one]))).toEqual([
		{
			text: 'c.csv: line 7: Expected one table; something like that in 2 other files',
			command: 'fileproc-tui sniff c.csv',
		},
	]);
	expect(findingsOf(reportOf([fileReport('-', {dialect: assumed})]))[0]?.command).toBeNull();
});

test('a group that is the sum of all others is told, as a line of totals makes it', () => {
	const file = (totals: string, name = 'Total') => {
		const sales = {A: '10.50', B: '-20', [name]: totals, C: '3.125'};
		const departments = Object.entries(sales).map(([department, sum]) => ({department, sales: sum, records: 1}));
		return fileReport('s.csv', {analysis: 'sales', result: {total_records: 4, departments}});
	};
	const findings = (...files: readonly FileReport[]) => findingsOfRun(reportOf(files), [sales]);
	expect(findings(fileReport('plain.csv'), file('-6.375'))).toEqual([
		{
			text: 's.csv: department "Total" is the sum of all others, as if a line of totals were read as a record',
			command: `fileproc-tui s.csv --where 'department != "Total"'`,
		},
	]);
	expect(findings(file('-6.376'))).toEqual([]);
	expect(findings(file('-6.375', 'Toys'))).toEqual([]);
});
