import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {RunFact} from '../../source/model/events.ts';
import type {DialectReport, FileReport} from '../../source/model/report.ts';
import {matchesFilter, parseFilter} from '../../source/store/filter.ts';
import {countNoRecords, describeNoRecord, noRecordOf} from '../../source/store/no-record.ts';
import {createRunState, reduce} from '../../source/store/reduce.ts';
import {ACTING, HOSTILE_TEXTS} from '../report/sample-report.ts';
import {completed, failed, fileReport, queued, runStarted, stampAt, started} from './run-log.ts';

const dialect = (header: boolean): DialectReport => ({
	delimiter: ',',
	quote: '"',
	encoding: 'utf-8',
	newline: '\n',
	header,
	compression: null,
});
const rejected = fileReport('rejected.csv', {
	rows: 1203,
	rejected_rows: 1203,
	dialect: dialect(true),
	rejects: [{line: 2, byte_offset: 33, column: 'amount', reason: 'not-a-number', value: 'x'}],
});
const headerOnly = fileReport('header.csv', {dialect: dialect(true)});
const empty = fileReport('empty.csv', {dialect: dialect(false)});

describe('a completed file without an accepted record', () => {
	test.each<[FileReport, string]>([
		[rejected, 'done, 1,203 of 1,203 rejected: line 2 amount not-a-number "x"'],
		[headerOnly, 'done, header only: no record follows it'],
		[empty, 'done, empty: no header and no record'],
	])('has a state of its own that says why', (report, text) => {
		const kind = noRecordOf(report);
		expect(kind === null ? '' : describeNoRecord(kind, report)).toBe(text);
	});

	test('is a completed file, and one without a single accepted record', () => {
		expect(noRecordOf({...rejected, rejected_rows: 1202})).toBeNull();
		for (const status of ['failed', 'cancelled', 'skipped'] as const) expect(noRecordOf({...empty, status})).toBeNull();
		expect(noRecordOf(null)).toBeNull();
	});

	test('is found by the filter under the word of the screen, and is not done', () => {
		const [first, ...others] = [rejected, headerOnly, empty, fileReport('good.csv', {rows: 3, rejected_rows: 1})];
		const files = [first ?? empty, ...others].map(report => completed(report.file, report));
		const events: RunFact[] = [runStarted({fileCount: files.length}), ...files.map(({file}) => queued(file))];
		for (const event of files) events.push(started(event.file), event);
		const state = reduce(
			createRunState(),
			events.map((fact, index) => stampAt(fact, index, index + 1)),
		);
		const namesOf = (text: string): string[] => {
			const parsed = parseFilter(text);
			if (!parsed.ok) throw new Error(parsed.message);
			return state.files.filter(file => matchesFilter(parsed.filter, file)).map(({file}) => file);
		};
		expect(namesOf('status:rejected')).toEqual(['rejected.csv']);
		expect(namesOf('status:empty')).toEqual(['header.csv', 'empty.csv']);
		expect(namesOf('status:header-only')).toEqual(['header.csv']);
		expect(namesOf('status:done')).toEqual(['good.csv']);
		// The word of the JSON report.
		expect(namesOf('status:completed')).toHaveLength(4);
		expect(state.tally.noRecords).toEqual({rejected: 1, 'header-only': 1, empty: 1});
	});

	test('hostile values are harmless in its text', () => {
		for (const value of HOSTILE_TEXTS) {
			const report = {...rejected, rejects: [{...rejected.rejects[0], column: value, value}]} as FileReport;
			expect(describeNoRecord('rejected', report)).not.toMatch(ACTING);
		}
	});
});

test('the counts of the state are those of its files after any events', () => {
	const outcomes = fc.constantFrom<Partial<FileReport>>(rejected, headerOnly, empty, {rows: 5, rejected_rows: 2});
	const rounds = fc.array(fc.tuple(fc.nat(3), fc.option(outcomes)), {maxLength: 30});
	fc.assert(
		fc.property(rounds, steps => {
			const names = ['0', '1', '2', '3'];
			const facts: RunFact[] = [runStarted({fileCount: names.length}), ...names.map(name => queued(name))];
			for (const [index, outcome] of steps) {
				const name = String(index);
				facts.push(queued(name), started(name));
				facts.push(outcome === null ? failed(name) : completed(name, {...outcome, file: name}));
			}
			const state = reduce(
				createRunState(),
				facts.map((fact, index) => stampAt(fact, index, index + 1)),
			);
			const reports = state.files.flatMap(({report}) => (report === null ? [] : [report]));
			expect(state.tally.noRecords).toEqual(countNoRecords(reports));
		}),
	);
});

test('where a condition leaves records out, those that are left must have an accepted one', () => {
	const kindOf = (rejected: number, filtered: number) =>
		noRecordOf(fileReport('a.csv', {rows: 3, rejected_rows: rejected, filtered}));
	expect(kindOf(1, 2)).toBe('rejected');
	expect(kindOf(1, 1)).toBe(null);
	expect(kindOf(0, 3)).toBe(null);
});
