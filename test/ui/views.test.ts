// Every view of any run on any screen: no line is wider than the terminal, no text from files is obeyed.

import fc from 'fast-check';
import {expect, test} from 'vitest';
import type {FileReport} from '../../source/model/report.ts';
import type {TransactionsResult} from '../../source/model/results.ts';
import {displayWidth} from '../../source/text/width.ts';
import {cutLine, type Line} from '../../source/ui/look/line.ts';
import {createLook} from '../../source/ui/look/look.ts';
import {buildDetails} from '../../source/ui/views/detail-lines.ts';
import {buildFiguresLine} from '../../source/ui/views/figures-line.ts';
import {buildHeader} from '../../source/ui/views/header-lines.ts';
import {buildHelp} from '../../source/ui/views/help-lines.ts';
import {createLogBuilder} from '../../source/ui/views/log-lines.ts';
import {buildCharts, type KnownReading} from '../../source/ui/views/on-demand-lines.ts';
import {buildOverview} from '../../source/ui/views/overview-lines.ts';
import {buildSummary} from '../../source/ui/views/summary-lines.ts';
import {askMonths, knownMonths} from '../helpers/months.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {ACTING, analyses} from '../report/sample-report.ts';
import {recordedRun} from './recorded-run.ts';
import {MEGABYTE, SampleRun, sampleReport} from './sample-run.ts';

const anyText = fc.oneof(
	fc.string({unit: 'binary', maxLength: 60}),
	fc.string({unit: 'grapheme', maxLength: 80}),
	fc.constantFrom(
		'',
		'漢字'.repeat(40),
		'e\u{301}'.repeat(60),
		'\u{1b}[2J\u{9d}52;c;AAAA\u{9c}',
		'👩‍👩‍👧‍👦'.repeat(20),
	),
);
const decimal = fc
	.tuple(fc.bigInt({min: -(10n ** 60n), max: 10n ** 60n}), fc.bigInt({min: 0n, max: 10n ** 38n}))
	.map(([whole, fraction]) => `${whole}.${fraction}`);

const anyRun = fc.record({
	names: fc.uniqueArray(anyText, {minLength: 1, maxLength: 12}),
	message: anyText,
	value: anyText,
	category: anyText,
	amount: decimal,
	count: fc.nat(2 ** 50),
	isEnded: fc.boolean(),
	isHeld: fc.boolean(),
	columns: fc.integer({min: 40, max: 260}),
	isAscii: fc.boolean(),
});

const nothingAsked = {analyses, inspection: null, readings: []};

test('whatever the files contain, each line of each view fits the terminal', () => {
	fc.assert(
		fc.property(anyRun, ({names, message, value, category, amount, count, isEnded, isHeld, columns, isAscii}) => {
			const look = createLook({theme: 'default', ascii: isAscii, colorLevel: 3});
			const base = sampleReport('');
			const result = base.result && {
				...(base.result as TransactionsResult),
				total_amount_exact: amount,
				top_category: category,
				categories: [{category, count, amount}],
				...(isHeld ? {categories_error: {code: 'TOO_MANY_CATEGORIES' as const, message}} : {}),
			};
			const rejects: FileReport['rejects'] = [
				{line: count, byte_offset: count, column: value, reason: 'not-a-number', value},
			];
			const run = new SampleRun();
			run.start(names);
			for (const [index, name] of names.entries()) {
				run.elapsedMs += 700;
				run.run(name);
				run.progress(name, MEGABYTE * (index + 1), isHeld);
				if (index % 3 === 0) run.complete(name, {result, rejects, rejected_rows: 3});
				if (index % 3 === 1) run.fail(name, message, 4);
			}
			if (isEnded) run.end({analyses: result === null ? {} : {transactions: result}});
			const state = run.store.getSnapshot();
			const nowMs = run.elapsedMs + 500;
			const {beforeSpinner, afterSpinner, progress, counts} = buildHeader(
				state,
				nowMs,
				{title: './data', connection: null},
				columns,
				look,
			);
			const context = {nowMs, isRunPaused: false, look};
			const months = [
				{month: value, amount},
				{month: category, amount: '1'},
			];
			const lines: readonly Line[] = [
				[...beforeSpinner, ...afterSpinner],
				progress,
				counts,
				...buildOverview({state, nowMs, soFar: null, drift: null}, columns, look),
				...buildSummary({state, drift: null}, columns, look),
				...buildHelp(look, undefined, columns),
				...createLogBuilder(columns, look)(state),
				...buildCharts(
					knownMonths(months, isHeld ? {bytesRead: count, bytesTotal: 2 * count} : null),
					columns,
					look,
				).flat(),
				...state.files.flatMap(file => buildDetails(file, columns, context, nothingAsked)),
			];
			for (const line of lines) {
				// What is painted: Ink cuts longer lines, but a figure must not depend on that.
				const text = line.map(part => part.text).join('');
				expect(text).not.toMatch(ACTING);
				expect(
					displayWidth(
						cutLine(line, columns, isAscii)
							.map(part => part.text)
							.join(''),
					),
				).toBeLessThanOrEqual(columns);
				if (/[\d,.]{30}$/.test(text.trimEnd())) expect(displayWidth(text)).toBeLessThanOrEqual(columns);
			}
		}),
		{numRuns: randomCases(60)},
	);
});

const textOf = (lines: readonly Line[]): string =>
	lines
		.map(line =>
			line
				.map(part => part.text)
				.join('')
				.trimEnd(),
		)
		.join('\n');
const look = createLook({theme: 'mono', ascii: false, colorLevel: 0});

test('a running file shows its results so far, and amounts over time where they are known', async () => {
	const run = await recordedRun();
	const state = run.store.getSnapshot();
	const file = state.files.find(({status}) => status === 'running');
	if (file === undefined) throw new Error('no file runs');
	const context = {nowMs: run.elapsedMs, isRunPaused: false, look};
	const inspection = (await run.control.inspectFile?.(file.file)) ?? null;
	const readings: KnownReading[] = [];
	void askMonths(run.control.onDemand, file.file, new AbortController().signal, ({months, ...part}) => {
		readings.push(knownMonths(months, part));
	});
	const details = textOf(buildDetails(file, 100, context, {analyses, inspection, readings}));
	expect(details).toContain('TRANSACTIONS   so far');
	expect(details).toMatch(/AMOUNT OVER TIME {3}first 62 % of file, highest [\d,.]+ in 2023-/);
	expect(details).toContain('not-a-date    31/02/2023');
	expect(textOf(buildDetails(file, 100, context, nothingAsked))).not.toContain('TRANSACTIONS');
	expect(textOf(buildDetails(file, 100, context, {...nothingAsked, inspection}))).not.toContain('AMOUNT OVER TIME');
});

test('the log shows each event once, the newest last', async () => {
	const run = await recordedRun();
	const build = createLogBuilder(100, look);
	const lines = textOf(build(run.store.getSnapshot())).split('\n');
	expect(lines[0]).toMatch(/00:00 {2}▸ The run begins: 24 files, 12\.7 GB, 4 at a time$/);
	expect(lines.at(-1)).toMatch(/gothenburg_2023-2024\.csv {2}started$/);
	expect(build(run.store.getSnapshot())).toBe(build(run.store.getSnapshot()));
	expect(lines.filter(line => line.includes('UNCLOSED') || line.includes('A quote opened'))).toHaveLength(1);
});

test('the overview groups failures by their reason', async () => {
	const text = textOf(
		buildOverview({state: (await recordedRun(1e9)).store.getSnapshot(), nowMs: 0, soFar: null, drift: null}, 100, look),
	);
	expect(text).toMatch(/FAILURES BY REASON {3}3\n {3}✖ UNCLOSED_QUOTE +█+ +2\n/);
	expect(text).toContain('SLOWEST');
	expect(text).not.toContain('so far');
});

test('a held file is counted apart, and has no speed', () => {
	const run = new SampleRun();
	run.start(['a', 'b']);
	run.run('a');
	run.run('b');
	run.elapsedMs = 2000;
	run.progress('a', MEGABYTE);
	run.progress('b', MEGABYTE, true);
	const counts = (): string =>
		textOf([buildHeader(run.store.getSnapshot(), 2000, {title: '', connection: null}, 100, look).counts]);
	expect(counts()).toContain('▸ 1 running   ‖ 1 paused');
	run.progress('a', MEGABYTE, true);
	expect(counts()).toContain('‖ 2 paused');
	expect(
		textOf([buildHeader(run.store.getSnapshot(), 9000, {title: '', connection: null}, 100, look).progress]),
	).toMatch(/–$/);
});

test('below the list of a large screen are the largest groups so far, as many as fit', async () => {
	const run = await recordedRun();
	const results = (await run.control.inspectRun?.()) ?? {};
	for (let columns = 120; columns <= 300; columns += 7) {
		const line = buildFiguresLine(analyses, results, columns, look);
		expect(displayWidth(textOf([line]))).toBeLessThanOrEqual(columns);
		expect(textOf([line])).toMatch(/^ groceries █+ 20\.3 M {4}restaurants .* 2023-01-01 to 2024-12-31$/);
	}
	expect(buildFiguresLine(analyses, {}, 120, look)).toEqual([]);
});

test('a file of several analyses shows each result, what does not fit it, and whose rejects they are', () => {
	const run = new SampleRun();
	const {rejects, result, ...rest} = sampleReport('a.csv');
	const [first] = rejects;
	if (first === undefined || result === null) throw new Error('Expected a result and a reject');
	const sales = {total_records: 4, total_sales_exact: '9.50', departments: [{department: 'toys', sales: '9.50'}]};
	const error = {code: 'MISSING_COLUMN', message: 'The column user is missing', line: 1, byte_offset: 0};
	run.start(['a.csv']);
	run.run('a.csv');
	run.complete('a.csv', {
		...{analysis: null, result: null, rejects: [], rows: rest.rows, rejected_rows: 1},
		results: {
			transactions: {rows: rest.rows, rejected_rows: 1, rejects: [{...first, column: 'amount'}], result},
			sales: {rows: rest.rows, rejected_rows: 0, rejects: [], result: sales},
			activity: {rows: 0, rejected_rows: 0, rejects: [], result: null, error},
		},
	});
	const [file] = run.store.getSnapshot().files;
	if (file === undefined) throw new Error('Expected the file');
	const context = {nowMs: run.elapsedMs, isRunPaused: false, look};
	for (const columns of [60, 100, 160]) {
		const details = textOf(buildDetails(file, columns, context, nothingAsked));
		expect(details).toMatch(/^ TRANSACTIONS\b/m);
		expect(details).toContain(' SALES BY DEPARTMENT');
		expect(details).toContain('transactions.amount');
		expect(details).toContain(' ANALYSES THAT DO NOT FIT');
		expect(details).toContain('activity: The column user is missing');
	}
});
