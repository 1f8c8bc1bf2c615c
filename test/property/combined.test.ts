// Several analyses in one pass: each comes to what it comes to alone, and nothing tells how the files were read.
import {execFileSync} from 'node:child_process';
import {gzipSync} from 'node:zlib';
import fc from 'fast-check';
import {afterAll, expect, test} from 'vitest';
import {amountByMonth} from '../../source/analysis/builtin/amount-by-month.ts';
import {type CodeOrigin, count, groupBy, month, numbers, sum} from '../../source/analysis/declaration.ts';
import {defineAnalysis} from '../../source/analysis/define-analysis.ts';
import {encodePartial} from '../../source/analysis/partial/partial.ts';
import {type AnalysisChoice, combineAnalyses, namesOf, registerAnalyses} from '../../source/analysis/registry.ts';
import {completedReport} from '../../source/engine/jobs/reports.ts';
import {inspectParts} from '../../source/engine/pool/inspect-parts.ts';
import {placeRejects} from '../../source/engine/pool/merge-parts.ts';
import {Consolidation} from '../../source/engine/shared/consolidation.ts';
import type {FilePart, PartSoFar, ReadSettings} from '../../source/engine/shared/protocol.ts';
import {readForAnalysis} from '../../source/engine/worker/read/read-for-analysis.ts';
import {SmallFileReader} from '../../source/engine/worker/small/small-file.ts';
import {InputError} from '../../source/input/input-error.ts';
import {Kernel} from '../../source/kernel/kernel.ts';
import type {FileReport, Report} from '../../source/model/report.ts';
import careful from '../helpers/careful-analysis.ts';
import {bytesInPieces, type FoldName, folds} from '../helpers/fold-bytes.ts';
import {largeTable} from '../helpers/large-tables.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {soup, table, transactionHeader} from '../helpers/random-tables.ts';
import {readDefaults} from '../helpers/read-defaults.ts';
import {closePools, type Manner, reportOf, textOf} from '../helpers/run-folder.ts';
import {createTemporaryFolder, transactionsHeader, transactionsText} from '../helpers/temporary-folder.ts';

/** It has fewer columns than transactions, so that it accepts records that they reject, and one that other files have. */
const spending = defineAnalysis({
	name: 'spending',
	version: 1,
	title: 'Spending by customer',
	columns: {customer_id: {is: 'text'}, amount: {is: 'number', aliases: ['price']}},
	measures: {
		payments: count(),
		spent: numbers('amount'),
		customers: groupBy('customer_id', {payments: count(), spent: sum('amount')}, {orderBy: 'spent', limit: 5}),
	},
});
const calendar = defineAnalysis({
	name: 'calendar',
	version: 1,
	title: 'Records by month',
	columns: {date: {is: 'date'}},
	measures: {days: count(), months: groupBy(month('date'), {days: count()}, {orderBy: 'key', limit: 100})},
});
registerAnalyses([spending, calendar]);

afterAll(closePools);

/** What it is in threads, where nothing of the test runner is in between. */
const loadCareful = `import {loadDeclarations} from './source/engine/shared/own-modules.ts';
	console.log(JSON.stringify(await loadDeclarations('test/helpers/careful-analysis.ts')));`;
const [{code}] = JSON.parse(
	execFileSync(process.execPath, ['--input-type=module', '-e', loadCareful], {encoding: 'utf8'}),
) as [{code: CodeOrigin}];
registerAnalyses([{...careful, code}]);

const names = ['transactions', 'spending', 'calendar'] as const;
const withCondition = [...names, 'careful'];
const allOf: AnalysisChoice = {allOf: withCondition};
/** Beside one that takes any header, and keeps each of its columns. */
const withProfile: AnalysisChoice = {allOf: ['transactions', 'profile', 'calendar']};

const settings: ReadSettings = {
	...readDefaults,
	...{chunkBytes: 64, reader: 'kernel'},
};

/** All that a reading comes to, with the bytes of the partials; its error where it has none. */
async function read(bytes: Uint8Array, name: FoldName, pieces: readonly number[], more: Partial<ReadSettings>) {
	try {
		const source = bytesInPieces(bytes, pieces);
		const {take, formsRead: _, ...rest} = await folds[name](source, {...settings, ...more}, {report() {}, wait() {}});
		const partials = Array.from(
			take(() => true),
			({analysis, state}) => [analysis, Buffer.from(encodePartial(state)).toString('hex')] as const,
		);
		return {...rest, partials};
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		return {code: error.code, message: error.message, at: error.at};
	}
}

const anyTable = fc.oneof(
	table,
	soup.map(text => Buffer.from(`${transactionHeader}\n${text}`)),
	soup.map(text => Buffer.from(`customer_id;price;date\n${text}`)),
);
const anyPieces = fc.array(fc.integer({min: 1, max: 40}), {minLength: 1, maxLength: 5});
const anyChoice = fc.constantFrom<AnalysisChoice>(allOf, withProfile);
const anyLimit = fc.constantFrom<Partial<ReadSettings>>(
	{},
	{maxErrors: 1},
	{maxErrors: 3},
	{maxErrorsPerMillion: 300_000},
	{where: 'customer_id = "c"'},
);

test('the kernel and the reference read several analyses alike, with every reject and error', async () => {
	await fc.assert(
		fc.asyncProperty(anyTable, anyPieces, anyLimit, anyChoice, async (bytes, pieces, limit, analysis) => {
			const more = {analysis, ...limit};
			const expected = await read(bytes, 'reference', [65_536], more);
			expect(await read(bytes, 'kernel', pieces, more)).toEqual(expected);
		}),
		{numRuns: randomCases(80)},
	);
});

test('each of several analyses comes to the bytes that it comes to alone', async () => {
	await fc.assert(
		fc.asyncProperty(anyTable, anyPieces, anyChoice, async (bytes, pieces, choice) => {
			const together = await read(bytes, 'kernel', pieces, {analysis: choice});
			const errors: unknown[] = [];
			for (const analysis of namesOf(choice)) {
				const alone = await read(bytes, 'kernel', [65_536], {analysis});
				if ('code' in alone || 'code' in together) {
					errors.push('code' in alone ? alone.code : null);
					continue;
				}
				const {rejects, partials, combined: _, rejectedRows: __, filteredRows, ...rest} = alone;
				expect(together).toMatchObject(rest);
				expect(together.combined?.find(reading => reading.analysis === analysis)).toEqual({
					analysis,
					error: null,
					...(analysis === 'careful' && {filteredRows}),
					rejects,
				});
				expect(together.partials).toEqual(expect.arrayContaining([...partials]));
			}
			// It fails only where each of them does.
			if ('code' in together) expect(errors).not.toContain(null);
		}),
		{numRuns: randomCases(100)},
	);
});

test('a look into a file while it is read says of each analysis what its report says', async () => {
	let looks = 0;
	await fc.assert(
		fc.asyncProperty(anyTable, async bytes => {
			const more = {...settings, analysis: allOf};
			let part: PartSoFar | null = null;
			const source = bytesInPieces(bytes, [64]);
			const report = (_: number, __: number, ___: number, look?: () => PartSoFar): void => {
				part = look?.() ?? part;
			};
			const folded = await folds.kernel(source, more, {report, wait() {}}).catch(() => null);
			// After the last records there is one more look.
			const inspection = part === null ? null : await inspectParts([], [part], more);
			if (folded === null || inspection === null) return;
			looks++;
			const results = await new Consolidation().takeIn({...folded, folded: [...folded.take(() => true)], bytesRead: 0});
			const expected = completedReport(
				{file: 'a', attempts: 1, elapsedMs: 0},
				{...folded, folded: [], bytesRead: 0},
				results,
			);
			expect(inspection).toMatchObject({analysis: null, result: null, rows: expected.rows, rejects: expected.rejects});
			expect(inspection.results).toEqual(expected.results);
		}),
		{numRuns: randomCases(100)},
	);
	expect(looks).toBeGreaterThan(randomCases(20));
});

test('parts of a file say together how many records the condition of an analysis leaves out', () => {
	const dialect: FilePart['dialect'] = {
		...{delimiter: ',', quote: '"', encoding: 'utf-8'},
		...{newline: '\n', header: true, compression: null},
	};
	const [first, last] = [3, 4].map(
		(filteredRows): FilePart => ({
			...{rows: 9, rejectedRows: 0, rejects: [], headerLines: 1, folded: []},
			...{dialect, encoding: 'utf-8', textEvidence: {notUtf8: null, hasUtf8: false}},
			combined: [
				{analysis: 'careful', error: null, filteredRows, rejects: []},
				{analysis: 'calendar', error: null, rejects: []},
			],
		}),
	);
	if (first === undefined || last === undefined) throw new Error('Expected two parts');
	expect(placeRejects({linesBefore: () => 0}, [first, last], settings, 'utf-8').combined).toEqual([
		{analysis: 'careful', error: null, filteredRows: 7, rejects: []},
		{analysis: 'calendar', error: null, rejects: []},
	]);
});

test('what a file is read for on demand does not depend on which analyses are made of it', async () => {
	const bytes = Buffer.from(transactionsText(50));
	const kernel = new Kernel();
	const readMonths = async (analysis: AnalysisChoice) =>
		(await readForAnalysis(amountByMonth, bytesInPieces(bytes, [100]), kernel, {...settings, analysis}, () => {}))
			.result;
	const expected = await readMonths('transactions');
	expect(Object.keys(expected)).not.toEqual([]);
	for (const choice of [allOf, withProfile]) expect(await readMonths(choice)).toEqual(expected);
});

test('a condition on a column that two analyses find in different places is refused', async () => {
	registerAnalyses([
		{...spending, name: 'fees', columns: {...spending.columns, amount: {is: 'number', aliases: ['fee']}}},
	]);
	const bytes = Buffer.from('customer_id,price,fee\nc,1,2\n');
	const where = 'amount > 1';
	for (const fold of ['kernel', 'reference'] as const)
		expect(await read(bytes, fold, [100], {analysis: {allOf: ['fees', 'spending']}, where})).toMatchObject({
			code: 'DUPLICATE_COLUMN',
		});
	expect(await read(bytes, 'kernel', [100], {analysis: 'spending', where})).toMatchObject({filteredRows: 1});
	expect(await read(bytes, 'kernel', [100], {analysis: 'fees', where})).toMatchObject({filteredRows: 0});
});

test('small files of several analyses are read one after the other without leaving the kernel', () => {
	const folder = createTemporaryFolder();
	const reader = new SmallFileReader(new Kernel());
	const texts = [transactionsText(5), `${transactionsHeader}1,c,x,2024-01-01,a\n`, transactionsText(3)];
	const filtered = [];
	for (const [index, text] of texts.entries()) {
		const read = reader.read(folder.write(`${index}.csv`, text), {...settings, analysis: allOf});
		expect(read?.kind).toMatchObject({analyses: withCondition, rejects: []});
		filtered.push(read?.kind.combined?.map(({filteredRows}) => filteredRows));
		expect(read?.rejectedRows).toBe(index === 1 ? 1 : 0);
	}
	const all = reader.takeRows();
	expect(all).toMatchObject([{files: 3, analyses: withCondition}]);
	expect(all[0]?.figures.map(({records}) => records)).toEqual([8, 8, 9, 0]);
	expect(filtered).toEqual([5, 0, 3].map(rows => [undefined, undefined, undefined, rows]));
});

test('more analyses than the kernel has room for do not share a pass, and one alone is what it is', () => {
	const many = Array.from({length: 51}, (_, index) => `a${index}`);
	expect(combineAnalyses(many.slice(1))).toEqual({allOf: many.slice(1)});
	expect(() => combineAnalyses(many)).toThrow(/^at most 50 analyses can share a pass, not 51$/);
	expect(combineAnalyses(['sales', 'sales'])).toBe('sales');
	expect(() => combineAnalyses([])).toThrow(RangeError);
});

test('as many analyses as may share a pass come to what each comes to alone', async () => {
	const all = Array.from({length: 50}, (_, index) => ({...(index % 2 ? spending : calendar), name: `own-${index}`}));
	registerAnalyses(all);
	const bytes = Buffer.from(`${transactionsText(20)}1,c,x,2024-01-01,a\n1,c,2,x,a\n`);
	const together = await read(bytes, 'kernel', [100], {analysis: {allOf: all.map(({name}) => name)}});
	if ('code' in together) throw new Error(together.message);
	expect(together.partials).toHaveLength(50);
	for (const reading of together.combined ?? []) {
		const alone = await read(bytes, 'kernel', [100], {analysis: reading.analysis});
		if ('code' in alone) throw new Error(alone.message);
		expect(alone.rejects).toEqual(reading.rejects);
		expect(together.partials).toEqual(expect.arrayContaining([...alone.partials]));
	}
});

function someFolder() {
	const folder = createTemporaryFolder();
	const contents = fc.sample(anyTable, {numRuns: 30, seed: 20_261_129});
	for (const [index, bytes] of contents.entries()) folder.write(`small-${index}.csv`, bytes);
	for (let seed = 0; seed < 3; seed++) folder.write(`large-${seed}.csv`, largeTable(seed, 700).bytes);
	folder.write('packed.csv.gz', gzipSync(transactionsText(2000)));
	folder.write('cut.csv.gz', gzipSync(transactionsText(5)).subarray(0, 60));
	folder.write('empty.csv', '');
	folder.write('header.csv', transactionsHeader);
	folder.write('other.csv', 'a,b\n1,2\n');
	folder.write('twice.csv', 'customer_id,amount,date,date\nc,1,2024-01-01,2024-01-02\nc,x,,\n');
	folder.write('latin1.csv', Buffer.from('customer_id;price;date\nM\xfcller;1.5;2024-01-01\n\xe9;\xe9;x\n', 'latin1'));
	return folder;
}

const split = {splitBytes: 20_000, rangeBytes: 7000};
const plain: Manner = {threads: 1, concurrency: 1, chunkBytes: 65_536, isGrouped: false};

/** Also one that takes any header, and keeps each of its columns, and one with a condition. */
const choices: readonly (readonly string[])[] = [
	names,
	['calendar', 'profile', 'transactions'],
	['careful', 'calendar', 'spending'],
];

/** Small ranges, with which records lie across many of them. */
const pieces: Manner = {threads: 2, concurrency: 3, chunkBytes: 77, isGrouped: true, splitBytes: 0, rangeBytes: 500};
const otherManners: readonly Manner[] = [
	{threads: 8, concurrency: 16, chunkBytes: 65_536, isGrouped: true, ...split},
	pieces,
	{...plain, reader: 'reference'},
];

test.each(choices)('the report of %s, %s and %s does not tell how its files were read', async (...asked) => {
	const folder = someFolder();
	const choice = {allOf: asked};
	const expected = await reportOf(folder.path, plain, choice, null);
	expect(expected.report_version).toBe(2);
	// What is made of the files has no part in how they come to the threads.
	const fewThreads = asked.join() === names.join() ? [1, 2] : [];
	const manners = fewThreads.flatMap(threads =>
		[1, 16].map(concurrency => ({threads, concurrency, chunkBytes: 65_536, isGrouped: true, ...split})),
	);
	for (const manner of [...manners, ...otherManners])
		expect(textOf(await reportOf(folder.path, manner, choice, null)), JSON.stringify(manner)).toBe(textOf(expected));
});

test('the report of an analysis with a condition does not tell how its files were read', async () => {
	const folder = someFolder();
	const expected = await reportOf(folder.path, plain, 'careful', null);
	const {rows, rejected_rows, filtered = 0} = expected.totals;
	expect(Math.min(rejected_rows, filtered, rows - rejected_rows - filtered)).toBeGreaterThan(50);
	expect(expected.analyses.careful).toMatchObject({records: rows - rejected_rows - filtered});
	const manners: Manner[] = [
		{...plain, threads: 2, concurrency: 3, isGrouped: true, ...split},
		pieces,
		{...plain, reader: 'reference'},
	];
	for (const manner of manners)
		expect(textOf(await reportOf(folder.path, manner, 'careful', null))).toBe(textOf(expected));
});

/** By analysis and condition: some are among several choices, and all folders hold the same. */
const reportsAlone = new Map<string, Promise<Report>>();

test.each(
	choices.flatMap(asked => [undefined, 'customer_id = "c"'].map(where => ({asked, where}))),
)('the report says of $asked what the report of each says, where $where', async ({asked, where}) => {
	const folder = someFolder();
	const condition = where === undefined ? {} : {where};
	const manner: Manner = {threads: 2, concurrency: 3, chunkBytes: 65_536, isGrouped: true, ...split, ...condition};
	const together = await reportOf(folder.path, manner, {allOf: asked}, null);
	const alone = new Map<string, Report>();
	for (const analysis of asked) {
		const key = `${analysis} ${where}`;
		const report = reportsAlone.get(key) ?? reportOf(folder.path, manner, analysis, null);
		reportsAlone.set(key, report);
		alone.set(analysis, await report);
	}
	for (const [analysis, report] of alone) expect(together.analyses[analysis]).toEqual(report.analyses[analysis]);
	const counts = {made: 0, error: 0, failed: 0};
	for (const [index, file] of together.files.entries()) {
		const others = Array.from(alone, ([analysis, {files}]) => [analysis, files[index]] as const);
		if (file.status === 'failed') {
			expect(others.map(([, other]) => other?.status)).toEqual(others.map(() => 'failed'));
			expect(file.results).toEqual({});
			counts.failed++;
			continue;
		}
		expect(file).toMatchObject({analysis: null, result: null});
		for (const [analysis, other] of others) {
			const found = file.results?.[analysis];
			counts[found?.error === undefined ? 'made' : 'error']++;
			expect(found, `${file.file} ${analysis}`).toEqual(reportOfAlone(other));
		}
	}
	expect(Math.min(...Object.values(counts))).toBeGreaterThan(0);
});

function reportOfAlone(file: FileReport | undefined) {
	if (file === undefined) throw new Error('Expected the same files');
	const {rows, rejected_rows, filtered, rejects, result, hint, error} = file;
	const counts = {rows, rejected_rows, ...(filtered !== undefined && {filtered})};
	return {...counts, rejects, result, ...(hint !== undefined && {hint}), ...(error !== null && {error})};
}
