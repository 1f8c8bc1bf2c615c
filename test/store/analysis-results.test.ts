// What outputs say of a file of several analyses follows from what they say of each alone.
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {AnalysisReport, FileReport, RejectReport} from '../../source/model/report.ts';
import {analysesOf, hintOf, missingAnalyses, rejectsOf, resultsOf} from '../../source/store/analysis-results.ts';
import {describeNoRecord, nameNoRecord, noRecordOf} from '../../source/store/no-record.ts';
import {fileReport} from './run-log.ts';

const MAX_KEPT = 3;
const names = ['sales', 'transactions'] as const;

/** Of each record, what is wrong with it: its structure, or something for some of the analyses. */
type Fault = 'structure' | readonly (typeof names)[number][];
const anyFault: fc.Arbitrary<Fault> = fc.oneof(fc.constant('structure' as const), {
	weight: 3,
	arbitrary: fc.subarray([...names]),
});

const rejectAt = (index: number, column: string | null): RejectReport => ({
	...{line: index + 2, byte_offset: 10 * index, column},
	...{reason: column === null ? 'field-count' : 'not-a-number', value: 'x'},
});

function reportOf(faults: readonly Fault[]): FileReport {
	const all = faults.map((fault, index) => ({fault, index}));
	const structural = all.filter(({fault}) => fault === 'structure').map(({index}) => rejectAt(index, null));
	const reports = names.map((name): [string, AnalysisReport] => {
		const rejects = all
			.filter(({fault}) => fault === 'structure' || fault.includes(name))
			.map(({fault, index}) => rejectAt(index, fault === 'structure' ? null : 'amount'));
		const kept = rejects.slice(0, MAX_KEPT);
		return [name, {rows: faults.length, rejected_rows: rejects.length, rejects: kept, result: {name}}];
	});
	return fileReport('a.csv', {
		rows: faults.length,
		rejected_rows: faults.filter(fault => fault.length > 0).length,
		rejects: structural.slice(0, MAX_KEPT),
		dialect: {delimiter: ',', quote: '"', encoding: 'utf-8', newline: '\n', header: true, compression: null},
		results: Object.fromEntries(reports),
	});
}

/** As the report of one analysis has it. */
const aloneOf = (report: FileReport, {rows, rejected_rows, rejects}: AnalysisReport): FileReport => {
	const {results: _, ...rest} = report;
	return {...rest, rows, rejected_rows, rejects};
};

test('a file has no accepted record if that is so for one of its analyses', () => {
	fc.assert(
		fc.property(fc.array(anyFault, {maxLength: 6}), faults => {
			const report = reportOf(faults);
			const alone = Object.values(report.results ?? {}).map(each => noRecordOf(aloneOf(report, each)));
			expect(noRecordOf(report)).toBe(alone.find(kind => kind !== null) ?? null);
		}),
	);
});

test('the first rejected records are listed without a gap, each with the column of its analysis', () => {
	fc.assert(
		fc.property(fc.array(anyFault, {maxLength: 12}), faults => {
			const all = faults.flatMap((fault, index) =>
				fault === 'structure' ? [rejectAt(index, null)] : fault.map(name => rejectAt(index, `${name}.amount`)),
			);
			const listed = rejectsOf(reportOf(faults));
			const places = new Set(listed.map(({line}) => line));
			// All of the records that are listed, and as many as each of the analyses tells of.
			expect(listed).toEqual(all.slice(0, listed.length));
			expect(places.size).toBeGreaterThanOrEqual(Math.min(MAX_KEPT, new Set(all.map(({line}) => line)).size));
		}),
	);
});

describe('a file of several analyses', () => {
	const missing = {code: 'MISSING_COLUMN', message: 'The column sales is missing', line: 1, byte_offset: 0};
	const file = reportOf([['transactions'], ['transactions']]);
	const {sales, transactions} = file.results ?? {};
	if (sales === undefined || transactions === undefined) throw new Error('Expected both');

	test('names the analysis that accepts nothing', () => {
		expect(nameNoRecord('rejected', file)).toBe('2 of 2 rejected by transactions');
		expect(describeNoRecord('rejected', file)).toBe(
			'done, 2 of 2 rejected by transactions: line 2 amount not-a-number "x"',
		);
	});

	test('has the results of those that fit it, and says why others do not', () => {
		const other = {rows: 0, rejected_rows: 0, rejects: [], result: null, error: missing};
		const partly = {...file, results: {sales: other, transactions}};
		expect(resultsOf(partly)).toEqual([['transactions', {name: 'transactions'}]]);
		expect(analysesOf(partly)).toEqual(['transactions']);
		expect(missingAnalyses(partly)).toEqual([['sales', 'The column sales is missing']]);
		expect(missingAnalyses(file)).toEqual([]);
	});

	test('has each hint once', () => {
		const hint = 'Amounts seem to have decimal commas';
		expect(hintOf({...file, results: {sales: {...sales, hint}, transactions: {...transactions, hint}}})).toBe(hint);
		expect(hintOf(file)).toBeNull();
	});
});

test('a file of one analysis is what it was', () => {
	const {results: _, ...file} = reportOf([['sales']]);
	const one = {...file, analysis: 'sales', result: {a: 1}, hint: 'h'};
	expect([resultsOf(one), analysesOf(one), rejectsOf(one), hintOf(one)]).toEqual([
		...[[['sales', {a: 1}]], ['sales'], one.rejects, 'h'],
	]);
});
