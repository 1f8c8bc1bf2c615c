// The step that makes analyses, with real threads.
import {statSync} from 'node:fs';
import {expect, onTestFinished, test} from 'vitest';
import {Analyzer, analyzeSettings} from '../../source/pipeline/analyze.ts';
import type {JsonObject, PipelineFile, StepInput} from '../../source/pipeline/pipeline.ts';
import {readSettings} from '../../source/pipeline/processors/settings-reader.ts';
import {createTemporaryFolder, transactionsText} from '../helpers/temporary-folder.ts';
import {zipOf} from '../helpers/zip.ts';

function openAnalyzer(): Analyzer {
	const analyzer = new Analyzer({settings: {threads: 2}, keepsResults: true, onEvent() {}});
	onTestFinished(() => analyzer.close());
	return analyzer;
}

function inputOf(path: string, file: Partial<PipelineFile> = {}, settings: JsonObject = {}): StepInput {
	return {
		file: {claim: 'c', name: 'a.csv', path, bytes: statSync(path).size, ...file},
		...{tag: 'all', step: {processor: 'analyze', with: settings, tags: {}}, metadata: {}},
		...{outputFolder: '/nowhere', outputPrefix: 'c__a.csv.', state: null, signal: new AbortController().signal},
		aside: wait => wait(),
	};
}

test('files are known by the name they came with, each has its report, and rules for names hold for it', async () => {
	const folder = createTemporaryFolder();
	const analyzer = new Analyzer({
		settings: {threads: 2, dialects: {'sales_*': {delimiter: ';'}}},
		keepsResults: false,
		onEvent() {},
	});
	onTestFinished(() => analyzer.close());
	const path = folder.write('20261130__sales_1.csv', transactionsText(3).replaceAll(',', ';'));
	const names = ['sales_1.csv', 'sub/sales_1.csv', 'sales_1.csv'];
	const outcomes = await Promise.all(names.map(name => analyzer.run(inputOf(path, {name}))));
	expect(outcomes.map(({report}) => [report?.file, report?.status, report?.rows, report?.dialect?.delimiter])).toEqual(
		names.map(name => [name, 'completed', 3, ';']),
	);
});

test('bytes that are not those that were hashed are another version', async () => {
	const folder = createTemporaryFolder();
	const analyzer = openAnalyzer();
	const path = folder.write('a.csv', transactionsText(3));
	const {report} = await analyzer.run(inputOf(path));
	const contentHash = report?.content_hash ?? expect.fail();
	await expect(analyzer.run(inputOf(path, {contentHash}))).resolves.toMatchObject({report: {rows: 3}});
	folder.write('a.csv', transactionsText(4));
	await expect(analyzer.run(inputOf(path, {contentHash}))).rejects.toMatchObject({
		...{name: 'StepError', code: 'CHANGED_WHILE_READING', mayPass: true},
	});
});

test('a file that fails says why, and whether it may go well later', async () => {
	const folder = createTemporaryFolder();
	const analyzer = openAnalyzer();
	const path = folder.write('a.csv', 'a,b\n1,2\n');
	const failing = analyzer.run(inputOf(path, {}, {analysis: 'transactions'}));
	await expect(failing).rejects.toMatchObject({code: 'MISSING_COLUMN', mayPass: false, report: {status: 'failed'}});
});

test('several analyses are made in one pass, and of some records', async () => {
	const folder = createTemporaryFolder();
	const analyzer = openAnalyzer();
	const path = folder.write('a.csv', transactionsText(10));
	const combined = await analyzer.run(inputOf(path, {}, {analysis: ['transactions', 'quality']}));
	expect(Object.keys(combined.report?.results ?? {})).toEqual(['transactions', 'quality']);
	const some = await analyzer.run(inputOf(path, {}, {where: 'amount > 5'}));
	expect(some.report).toMatchObject({rows: 10, filtered: 5});
});

test('threads that end meanwhile, because there is nothing to do, divide no result', async () => {
	const folder = createTemporaryFolder();
	const analyzer = openAnalyzer();
	for (const rows of [3, 4, 5]) {
		await analyzer.run(inputOf(folder.write(`${rows}.csv`, transactionsText(rows))));
		await analyzer.close();
	}
	expect(analyzer.results.map(({transactions}) => transactions?.total_transactions)).toEqual([12]);
});

test('an archive has one report, with those of its members', async () => {
	const folder = createTemporaryFolder();
	const analyzer = openAnalyzer();
	const path = folder.write(
		'c__a.zip',
		zipOf([
			{name: 'one.csv', content: transactionsText(2)},
			{name: 'two.csv', content: transactionsText(3)},
		]),
	);
	const {report} = await analyzer.run(inputOf(path, {name: 'a.zip'}));
	expect(report).toMatchObject({file: 'a.zip', status: 'completed', rows: 5});
	expect(report?.members?.map(({file, rows}) => [file, rows])).toEqual([
		['a.zip!one.csv', 2],
		['a.zip!two.csv', 3],
	]);
	const empty = folder.write('c__b.zip', zipOf([]));
	await expect(analyzer.run(inputOf(empty, {name: 'b.zip'}))).rejects.toMatchObject({name: 'StepError'});
});

test('it stops when it is told to', async () => {
	const folder = createTemporaryFolder();
	const analyzer = new Analyzer({
		settings: {threads: 1, simulateIoMs: 60_000},
		keepsResults: false,
		onEvent: () => controller.abort(),
	});
	onTestFinished(() => analyzer.close());
	const controller = new AbortController();
	const path = folder.write('a.csv', transactionsText(300_000));
	const input = {...inputOf(path), signal: controller.signal};
	await expect(analyzer.run(input)).rejects.toMatchObject({name: 'StepError'});
});

test('wrong settings are told with their keys', () => {
	const check = (settings: JsonObject) => readSettings(analyzeSettings, settings).faults;
	expect(check({analysis: 'transactions', where: 'amount > 1'})).toEqual([]);
	expect(check({analysis: ['transactions', 'quality']})).toEqual([]);
	for (const [settings, path] of [
		[{analysis: 'transaction'}, ['analysis']],
		[{analysis: ['transactions', 'lines']}, ['analysis']],
		[{analysis: 7}, ['analysis']],
		[{where: 'amount >'}, ['where']],
		[{analyses: 'x'}, ['analyses']],
	] as const) {
		expect(check(settings as unknown as JsonObject).map(fault => fault.path)).toEqual([path]);
	}
});
