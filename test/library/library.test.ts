import {appendFileSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import {gzipSync} from 'node:zlib';
import {describe, expect, test} from 'vitest';
import {analysisNames, describeAnalyses} from '../../source/analysis/registry.ts';
import {
	NothingMatchedError,
	type ProcessOptions,
	processBatch,
	processFile,
	type Report,
	type RunEvent,
} from '../../source/index.ts';
import {createTemporaryFolder, transactionsHeader, transactionsText, workIn} from '../helpers/temporary-folder.ts';

const sales = `${transactionsHeader}t1,c1,10.50,2024-01-03,food\nt2,c2,-3.25,2024-01-01,travel\nt3,c1,0.75,2024-01-02T10:00:00,food\n`;

describe('one file', () => {
	test('is processed to its figures', async () => {
		const folder = createTemporaryFolder();
		const path = folder.write('sales.csv', `${sales}t4,c3,12o,2024-01-05,food\n`);
		expect(await processFile(path, {threads: 1})).toEqual({
			file: path,
			status: 'completed',
			analysis: 'transactions',
			attempts: 1,
			bytes: sales.length + 26,
			rows: 4,
			rejected_rows: 1,
			processing_time: expect.any(Number),
			error: null,
			dialect: {delimiter: ',', quote: '"', encoding: 'utf-8', newline: '\n', header: true, compression: null},
			result: {
				total_transactions: 3,
				total_amount: 8,
				total_amount_exact: '8.00',
				average_transaction: 2.666667,
				top_category: 'food',
				categories: [
					{category: 'food', count: 2, amount: '11.25'},
					{category: 'travel', count: 1, amount: '-3.25'},
				],
				date_range: {earliest: '2024-01-01', latest: '2024-01-03'},
				unique_customers: {value: 2, exact: true},
			},
			rejects: [{line: 5, byte_offset: sales.length, column: 'amount', reason: 'not-a-number', value: '12o'}],
		});
	});

	test('that is missing is a failed report', async () => {
		const path = createTemporaryFolder().at('gone.csv');
		expect(await processFile(path)).toMatchObject({file: path, status: 'failed', attempts: 1, error: {code: 'ENOENT'}});
	});

	test('that is behind a file, or too long a name, is a failed report with the reason', async () => {
		const folder = createTemporaryFolder();
		folder.write('a.csv');
		expect((await processFile(folder.at('a.csv/b.csv'))).error?.code).toBe('ENOTDIR');
		expect((await processFile(folder.at('x'.repeat(256)))).error?.code).toBe('ENAMETOOLONG');
	});

	test('that is a folder is skipped', async () => {
		const {path} = createTemporaryFolder();
		expect(await processFile(path)).toMatchObject({
			file: path,
			status: 'skipped',
			error: {code: 'NOT_A_REGULAR_FILE', message: 'It is a folder; only regular files are read'},
		});
	});

	test('is taken by its name as it is', async () => {
		const folder = createTemporaryFolder();
		folder.write('a*.csv', sales);
		folder.write('ab.csv', 'not,this\n');
		workIn(folder);
		expect(await processFile('a*.csv')).toMatchObject({file: 'a*.csv', status: 'completed', rows: 3});
	});

	test('fails with as many rejected records as maxErrors says, where the analysis is given too', async () => {
		const path = createTemporaryFolder().write('a.csv', `${sales}t4,c3,x,2024-01-05,food\n`);
		expect(await processFile(path, {maxErrors: 1, analysis: 'transactions'})).toMatchObject({
			status: 'failed',
			result: null,
			error: {code: 'TOO_MANY_REJECTS', line: 5},
		});
		expect(await processFile(path, {maxErrors: 2})).toMatchObject({status: 'completed', rejected_rows: 1});
		expect(await processFile(path, {maxErrors: '25%'})).toMatchObject({
			status: 'failed',
			bytes: readFileSync(path).length,
			error: {
				code: 'TOO_MANY_REJECTS',
				message: expect.stringMatching(/^1 of 4 records were rejected \(25%\); 25% fail/),
				line: 5,
			},
		});
		expect(await processFile(path, {maxErrors: '25.1%'})).toMatchObject({status: 'completed', rejected_rows: 1});
	});
});

test.each([
	['maxRecordBytes', 47, 'LINE_TOO_LONG'],
	['maxFieldBytes', 19, 'FIELD_TOO_LONG'],
	['maxColumns', 5, 'TOO_MANY_COLUMNS'],
	['maxUnpackedBytes', sales.length, 'SUSPECTED_BOMB'],
] as const)('a file may be at the limit of %s, %i, and no further', async (name, limit, code) => {
	const folder = createTemporaryFolder();
	const isPacked = name === 'maxUnpackedBytes';
	const path = folder.write('a.csv', isPacked ? gzipSync(sales) : sales);
	for (const reader of ['kernel', 'reference'] as const) {
		for (const over of [0, 1]) {
			expect(await processFile(path, {[name]: limit + over, reader})).toMatchObject({status: 'completed'});
		}
		expect(await processFile(path, {[name]: limit - 1, reader})).toMatchObject({status: 'failed', error: {code}});
	}
});

describe('a batch', () => {
	test('gives a report of all files, sorted, with the figures of all of them together', async () => {
		const folder = createTemporaryFolder();
		folder.write('data/b.csv', sales);
		folder.write('data/a/c.csv.gz', gzipSync(sales));
		folder.write('data/B.csv', 'a\0b\nx\n');
		folder.write('data/empty.csv');
		folder.fifo('data/pipe.csv');
		workIn(folder);
		const report = await processBatch(['data', 'gone.csv'], {concurrency: 2, threads: 2});
		expect(report).toMatchObject({
			report_version: 1,
			status: 'completed',
			totals: {files: 6, completed: 3, failed: 2, cancelled: 0, skipped: 1, rows: 6, rejected_rows: 0},
			analyses: {transactions: {total_transactions: 6, total_amount_exact: '16.00', unique_customers: {value: 2}}},
		});
		expect(report.files.map(({file, status}) => `${file} ${status}`)).toEqual([
			'data/B.csv failed',
			'data/a/c.csv.gz completed',
			'data/b.csv completed',
			'data/empty.csv completed',
			'data/pipe.csv skipped',
			'gone.csv failed',
		]);
		expect(report.totals.bytes).toBe(report.files.reduce((sum, {bytes}) => sum + bytes, 0));
		expect(JSON.parse(JSON.stringify(report)), 'it is JSON').toEqual(report);
	});

	test('that matches nothing rejects and says of each path why', async () => {
		const folder = createTemporaryFolder();
		folder.write('readme.md');
		workIn(folder);
		const nothing = processBatch(['gone.csv', '*.csv']);
		await expect(nothing).rejects.toBeInstanceOf(NothingMatchedError);
		await expect(nothing).rejects.toMatchObject({
			code: 'NOTHING_MATCHED',
			unmatched: ['gone.csv: no such file or folder', '*.csv: no file matches this pattern'],
		});
		await expect(processBatch(['.'])).rejects.toThrow('.: no .csv, .tsv, .txt or .log file');
	});

	test('that names a missing file twice counts it once', async () => {
		const folder = createTemporaryFolder();
		folder.write('a.csv', sales);
		workIn(folder);
		const report = await processBatch(['gone.csv', 'a.csv', 'gone.csv']);
		expect(report.totals).toMatchObject({files: 2, completed: 1, failed: 1});
		expect(report.files).toHaveLength(2);
	});
});

test.each([
	[{concurrency: 0}, 'concurrency must be a whole number from 1, but is 0'],
	[{threads: 1.5}, 'threads must be a whole number from 1, but is 1.5'],
	[{retries: -1}, 'retries must be a whole number from 0, but is -1'],
	[{timeoutMs: Number.NaN}, 'timeoutMs must be a whole number from 1, but is NaN'],
	[{maxErrors: 0}, "maxErrors must be a whole number from 1, or a share like '0.5%' of at most 100%, but is 0"],
	[{maxErrors: '0%'}, "maxErrors must be a whole number from 1, or a share like '0.5%' of at most 100%, but is 0%"],
	[{maxErrors: '101%'}, expect.stringContaining('but is 101%')],
	[{maxErrors: '1.23456%'}, expect.stringContaining('but is 1.23456%')],
	[{maxRecordBytes: 64 * 2 ** 20 + 1}, 'maxRecordBytes must be a whole number from 1 to 67108864, but is 67108865'],
	[{maxFieldBytes: 0}, 'maxFieldBytes must be a whole number from 1 to 8388608, but is 0'],
	[{maxColumns: 65_537}, 'maxColumns must be a whole number from 1 to 65536, but is 65537'],
	[{maxRejectsKept: 1001}, 'maxRejectsKept must be a whole number from 0 to 1000, but is 1001'],
	[{maxUnpackRatio: Number.NaN}, 'maxUnpackRatio must be a whole number from 1 to 1000000, but is NaN'],
	[{simulateIoMs: Number.POSITIVE_INFINITY}, 'simulateIoMs must be a whole number from 0, but is Infinity'],
	[{chunkBytes: 0}, 'chunkBytes must be a whole number from 1, but is 0'],
	[{analysis: {allOf: ['sales', 'toString']}}, `analysis must be one of ${analysisNames.join(', ')}, but is toString`],
	[
		{analysis: {allOf: ['sales', 'lines']}},
		expect.stringMatching(/^lines reads lines of text, and only .* can share a pass: transactions, sales, /),
	],
	[{analysis: {allOf: []}}, 'the list of analyses for one pass is empty'],
	[{analysis: 'toString'}, `analysis must be one of ${analysisNames.join(', ')}, but is toString`],
])('a setting out of its range is refused before anything is read: %o', async (settings, message) => {
	const options = settings as ProcessOptions;
	const refused = expect.objectContaining({name: 'RangeError', message});
	await expect(processBatch(['no such folder'], options)).rejects.toEqual(refused);
	await expect(processFile('no such file', options)).rejects.toEqual(refused);
});

describe('events', () => {
	test('come in order, from the start of the run to its end', async () => {
		const folder = createTemporaryFolder();
		folder.write('a.csv', sales);
		folder.write('b.csv', 'a\0b\n');
		const events: RunEvent[] = [];
		const report = await processBatch([folder.path], {concurrency: 1, onEvent: event => events.push(event)});
		expect(events.map(({seq}) => seq)).toEqual(events.map((_, index) => index + 1));
		const told = events.filter(({type}) => type !== 'file-progressed');
		expect(told.map(({type}) => type)).toEqual([
			'run-started',
			'file-queued',
			'file-queued',
			'file-started',
			'file-completed',
			'file-started',
			'file-failed',
			'run-completed',
		]);
		expect(told[0]).toMatchObject({analyses: describeAnalyses(null)});
		expect(told[4]).toMatchObject({file: folder.at('a.csv'), attempt: 1, report: report.files[0]});
		expect(told.at(-1)).toMatchObject({totals: report.totals, analyses: report.analyses});
		for (const {at, elapsedMs} of events) {
			expect(new Date(at).toISOString()).toBe(at);
			expect(elapsedMs).toBeGreaterThanOrEqual(0);
		}
	});

	test('are told until the subscriber throws, which rejects', async () => {
		const folder = createTemporaryFolder();
		for (const name of ['a.csv', 'b.csv', 'c.csv']) folder.write(name, sales);
		const failure = new Error('Enough');
		let count = 0;
		const onEvent = (): void => {
			count++;
			throw failure;
		};
		await expect(processBatch([folder.path], {onEvent})).rejects.toBe(failure);
		expect(count).toBe(1);
	});
});

describe('an abort signal', () => {
	test('that is aborted already cancels every file before it begins', async () => {
		const folder = createTemporaryFolder();
		folder.write('a.csv', sales);
		folder.write('b.csv', sales);
		const signal = AbortSignal.abort();
		const report = await processBatch([folder.path], {signal});
		expect(report).toMatchObject({status: 'cancelled', totals: {files: 2, cancelled: 2, bytes: 0}, analyses: {}});
		expect(report.files.map(({attempts}) => attempts)).toEqual([0, 0]);
		expect(await processFile(folder.at('a.csv'), {signal})).toMatchObject({status: 'cancelled', error: null});
	});

	test('stops the work, and what was done until then is kept', async () => {
		const folder = createTemporaryFolder();
		folder.write('a.csv', sales);
		folder.write('b.csv', transactionsText(60_000));
		folder.write('c.csv', sales);
		const stopper = new AbortController();
		const report = await processBatch([folder.path], {
			concurrency: 1,
			threads: 1,
			simulateIoMs: 100,
			signal: stopper.signal,
			onEvent(event) {
				// The first file has rows as well, and is not to be stopped.
				const isProgress = event.type === 'file-progressed' && event.rows > 0;
				if (isProgress && event.file.endsWith('b.csv')) stopper.abort();
			},
		});
		expect(report).toMatchObject({
			status: 'cancelled',
			totals: {files: 3, completed: 1, cancelled: 2},
			analyses: {transactions: {total_transactions: 3}},
		});
		expect(report.files.map(({status, attempts}) => [status, attempts])).toEqual([
			['completed', 1],
			['cancelled', 1],
			['cancelled', 0],
		]);
	});

	test('that is aborted after the end changes nothing', async () => {
		const stopper = new AbortController();
		const path = createTemporaryFolder().write('a.csv', sales);
		const report = await processFile(path, {signal: stopper.signal});
		stopper.abort();
		expect(report.status).toBe('completed');
	});
});

/** What must be the same however the work was spread. */
const withoutTimes = ({totals, files, ...rest}: Report): unknown => ({
	...rest,
	totals: {...totals, processing_time: 0},
	files: files.map(file => ({...file, processing_time: 0, attempts: 0})),
});

test('reports do not depend on threads, on files in flight or on the size of chunks', async () => {
	const folder = createTemporaryFolder();
	folder.write('plain.csv', transactionsText(200));
	folder.write('packed.csv.gz', gzipSync(transactionsText(100)));
	folder.write('crlf.csv', `\ufeff${sales.replaceAll('\n', '\r\n')}t9,c9,1,2024-02-30,ä\r\n`);
	folder.write('quoted.csv', `${sales}"t4","c""4",1.005,2024-01-09,"two\nlines"\n"t5"x,c,1,2024-01-01,a\nshort\n`);
	folder.write('semicolons.csv', sales.replaceAll(',', ';'));
	folder.write('open.csv', `${sales}t4,"c4,1,2024-01-01,food\n`);
	folder.write('wrong.csv', 'name,size\nx,1\n');
	folder.write('header.csv', transactionsHeader);
	folder.write('empty.csv');
	folder.write('cut.csv.gz', gzipSync(sales).subarray(0, 60));
	for (let index = 0; index < 10; index++) folder.write(`many/${index}.csv`, transactionsText(index * 3));
	const reportOf = async (settings: ProcessOptions): Promise<unknown> =>
		withoutTimes(await processBatch([folder.path], settings));

	const expected = await reportOf({threads: 1, concurrency: 1});
	expect(expected).toMatchObject({totals: {files: 20, completed: 19, failed: 1}});
	for (const settings of [
		{threads: 1, concurrency: 16, chunkBytes: 7},
		{threads: 2, concurrency: 3, chunkBytes: 4096},
		{threads: 4, concurrency: 1, chunkBytes: 4096},
		{threads: 4, concurrency: 16, chunkBytes: 7},
	])
		expect(await reportOf(settings), JSON.stringify(settings)).toEqual(expected);
	expect(await reportOf({threads: 2, concurrency: 3, chunkBytes: 1}), 'one byte at a time').toEqual(expected);
});

describe('a file that changes while it is read', () => {
	/** Slow enough that a change comes in its middle: 30 waits of 20 ms. */
	const slow = {simulateIoMs: 20, threads: 1} as const;
	const content = transactionsText(3000);

	/** Calls `change` in the middle of each attempt. */
	const inTheMiddle = (change: (attempt: number) => void): ((event: RunEvent) => void) => {
		let changedAttempt = 0;
		return event => {
			if (event.type !== 'file-progressed' || event.rows === 0 || event.attempt === changedAttempt) return;
			changedAttempt = event.attempt;
			change(event.attempt);
		};
	};

	test('is read again, and completes with the figures of what it has become', async () => {
		const path = createTemporaryFolder().write('a.csv', content);
		const retries: RunEvent[] = [];
		const change = inTheMiddle(attempt => {
			if (attempt === 1) appendFileSync(path, 'last,c1,1.00,2024-01-01,late\n');
		});
		const report = await processFile(path, {
			...slow,
			onEvent(event) {
				change(event);
				if (event.type === 'file-retrying') retries.push(event);
			},
		});
		expect(retries).toMatchObject([{attempt: 1, error: {code: 'CHANGED_WHILE_READING'}}]);
		expect(report).toMatchObject({status: 'completed', attempts: 2, rows: 3001, bytes: content.length + 29});
		expect(report.result).toMatchObject({
			categories: [
				{category: 'food', count: 3000},
				{category: 'late', count: 1},
			],
		});
	});

	test('fails when it never comes to rest, and gives no figures', async () => {
		const path = createTemporaryFolder().write('a.csv', content);
		const report = await processFile(path, {
			...slow,
			retries: 1,
			onEvent: inTheMiddle(() => {
				writeFileSync(`${path}.new`, content);
				renameSync(`${path}.new`, path);
			}),
		});
		expect(report).toMatchObject({
			status: 'failed',
			attempts: 2,
			rows: 0,
			result: null,
			error: {
				code: 'CHANGED_WHILE_READING',
				message:
					'The file changed while it was read: another file has taken its place. Process it again when nobody writes to it',
			},
		});
	});
});

test.each([
	'kernel',
	'reference',
] as const)('a category is one in all files, whatever thread the %s reads them in', async reader => {
	const folder = createTemporaryFolder();
	const files = Array.from({length: 6}, (_, index) => folder.write(`${index}.csv`, sales));
	const report = await processBatch(files, {reader, threads: 3, concurrency: 3});
	expect(report.analyses.transactions).toMatchObject({
		top_category: 'food',
		categories: [
			{category: 'food', count: 12},
			{category: 'travel', count: 6},
		],
	});
});
