import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {type Filter, matchesFilter, parseFilter} from '../../source/store/filter.ts';
import type {FileState} from '../../source/store/state.ts';
import {sampleRun} from '../ui/sample-run.ts';

const file = (overrides: Partial<FileState>): FileState => ({
	file: 'data/Orders 2024.csv',
	status: 'completed',
	attempt: 1,
	isPaused: false,
	bytesRead: 0,
	bytesTotal: 2_000_000_000,
	rows: 1500,
	rejectedRows: 3,
	startedAtMs: 0,
	endedAtMs: 1,
	samples: [],
	errors: [],
	report: null,
	...overrides,
});

function read(text: string): Filter {
	const parsed = parseFilter(text);
	if (!parsed.ok) throw new Error(parsed.message);
	return parsed.filter;
}

const matches = (text: string, overrides: Partial<FileState> = {}): boolean =>
	matchesFilter(read(text), file(overrides));

function problem(text: string): string {
	const parsed = parseFilter(text);
	return parsed.ok ? '' : parsed.message;
}

test.each([
	['', true],
	['   ', true],
	['orders', true],
	['ORDERS csv', true],
	['orders invoices', false],
	['"orders 2024"', true],
	['"2024 orders"', false],
	['!tmp', true],
	['!orders', false],
	['!!orders', true],
	['!"orders 2024"', false],
	['status:done', true],
	['status:completed', true],
	['status:fail', false],
	['status:failed,done', true],
	['!status:failed', true],
	['STATUS:Done', true],
	['size>1GB', true],
	['size>2GB', false],
	['size>=2GB', true],
	['size<2GB', false],
	['size<=2gb', true],
	['size=2000000000', true],
	['size>1.8GiB', true],
	['size>1.9GiB', false],
	['size<2.5k', false],
	['rows>1000', true],
	['rows>1,500', false],
	['rows>=1.5k', true],
	['rejected>0', true],
	['attempts>1', false],
	['!rows>1000', false],
	['orders status:done rows>1000 !size<1MB', true],
])('%j: %s', (text, expected) => {
	expect(matches(text)).toBe(expected);
});

test('files that have completed are found by what was made of them', () => {
	const run = sampleRun();
	run.complete('data/transactions_005.csv');
	const [known] = run.store.getSnapshot().files.filter(({report}) => report?.analysis === 'transactions');
	if (known === undefined) throw new Error('Expected a completed file');
	expect(matches('analysis:transactions', known)).toBe(true);
	expect(matches('analysis:sales,TRANS', known)).toBe(true);
	expect(matches('analysis:sales', known)).toBe(false);
	expect(matches('!analysis:sales', known)).toBe(true);
	expect(matches('analysis:transactions', {status: 'running'})).toBe(false);
});

test('a held file is both paused and running', () => {
	expect(matches('status:paused', {status: 'running', isPaused: true})).toBe(true);
	expect(matches('status:running', {status: 'running', isPaused: true})).toBe(true);
	expect(matches('status:paused', {status: 'running'})).toBe(false);
});

test('an unknown figure is neither more nor less', () => {
	expect(matches('size>0', {bytesTotal: null})).toBe(false);
	expect(matches('size<1TB', {bytesTotal: null})).toBe(false);
	expect(matches('!size>0', {bytesTotal: null})).toBe(true);
});

describe('an invalid term is an error that shows a valid one', () => {
	test.each([
		['status:broken', /no status “broken”, only queued, running/],
		['status:', /After status: comes one of/],
		['status>3', /Write status:failed/],
		['analysis:', /After analysis: comes the name of an analysis/],
		['analysis>3', /Write analysis:sales/],
		['size>5constructor', /“5constructor” is no number for size; write size>1GB/],
		['rows>5constructor', /“5constructor” is no number for rows; write rows>1000/],
		['size>big', /“big” is no number for size; write size>1GB/],
		['size>', /A number comes after size>/],
		['size>1 GB', /^$/],
		['rows>1GB', /no number for rows/],
		['rows>-1', /no number for rows/],
		['sizes>1GB', /no “sizes” to filter by, only status, analysis, size, rows, rejected, attempts/],
		['name:x', /no “name” to filter by/],
		['orders !', /After ! comes/],
		['""', /nothing between the quotes/],
		['x'.repeat(2000), /at most 1000/],
	])('%s', (text, message) => {
		expect(problem(text)).toMatch(message);
	});

	test('quotes make text of anything', () => {
		expect(matches('"a:b"', {file: 'a:b.csv'})).toBe(true);
		expect(matches('!"size>1GB"')).toBe(true);
	});

	test('an error message holds nothing that a terminal would obey', () => {
		expect(problem('status:\u{1b}[2J')).toContain('\\x1b[2j');
	});
});

test('more terms never match more files, and a negated term matches exactly the others', () => {
	const term = fc.constantFrom('orders', 'status:done', 'size>1GB', 'rows<100', '"2024"', 'rejected=0');
	const files = fc.record({
		file: fc.constantFrom('orders.csv', '2024.csv', 'x'),
		status: fc.constantFrom('completed' as const, 'failed' as const, 'running' as const),
		bytesTotal: fc.constantFrom(null, 0, 2e9),
		rows: fc.nat(200),
		rejectedRows: fc.nat(1),
	});
	fc.assert(
		fc.property(fc.array(term, {maxLength: 4}), term, files, (terms, one, overrides) => {
			const all = matches(terms.join(' '), overrides);
			expect(matches([...terms, one].join(' '), overrides)).toBe(all && matches(one, overrides));
			expect(matches(`!${one}`, overrides)).toBe(!matches(one, overrides));
		}),
	);
});

test('any text is either a filter or an error', () => {
	fc.assert(
		fc.property(fc.string({unit: 'binary', maxLength: 40}), text => {
			const parsed = parseFilter(text);
			if (parsed.ok) matchesFilter(parsed.filter, file({}));
			else expect(parsed.message).not.toMatch(/\p{Cc}/u);
		}),
	);
});
