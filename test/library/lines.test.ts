// Any text as lines, through the whole engine.
import {gzipSync} from 'node:zlib';
import {expect, test} from 'vitest';
import {type ProcessOptions, processBatch, processFile, type Report, type RunEvent} from '../../source/index.ts';
import {linesOracle} from '../helpers/lines-oracle.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const options: ProcessOptions = {analysis: 'lines', threads: 2};

const logLine = (index: number): string =>
	`2024-03-01T10:00:${String(index % 60).padStart(2, '0')}Z ${index % 3 === 0 ? 'ERROR' : 'INFO'} request ${index} took ${index % 7} ms\n`;
const log = (lineCount: number): string => Array.from({length: lineCount}, (_, index) => logLine(index)).join('');

test('a file is read as lines: every line is a row, and no row is rejected', async () => {
	const path = createTemporaryFolder().write('app.log', `${log(6)}\nthe end, "unclosed`);
	const {levels, ...others} = linesResult(await processFile(path, options));
	expect(others).toEqual(linesOracle(`${log(6)}\nthe end, "unclosed`));
	expect(levels).toEqual([
		{level: 'INFO', lines: 4},
		{level: 'ERROR', lines: 2},
	]);
	expect(await processFile(path, options)).toMatchObject({
		status: 'completed',
		analysis: 'lines',
		rows: 8,
		rejected_rows: 0,
		rejects: [],
		dialect: {delimiter: '', quote: '', encoding: 'utf-8', newline: '\n', header: false, compression: null},
	});
});

function linesResult({result}: {readonly result: unknown}): ReturnType<typeof linesOracle> & {levels: unknown} {
	return result as ReturnType<typeof linesOracle> & {levels: unknown};
}

const withoutTimes = ({files, analyses}: Report): unknown => ({
	analyses,
	files: files.map(({processing_time, ...file}) => file),
});

test('small and large files, packed or not, give the same report with any number of threads', async () => {
	const folder = createTemporaryFolder();
	for (let index = 0; index < 40; index++)
		folder.write(`small-${index}.txt`, `${log(index)}line of ${'abcdefgh'[index % 8]}\n\n`);
	folder.write('empty.txt', '');
	folder.write('large.log', log(30_000));
	folder.write('packed.log.gz', gzipSync(log(5000)));
	const one = await processBatch([folder.path], {...options, threads: 1});
	const two = await processBatch([folder.path], {...options, threads: 3, concurrency: 8});
	expect(withoutTimes(two)).toEqual(withoutTimes(one));
	expect(one.totals).toMatchObject({completed: 43, failed: 0, rejected_rows: 0});
	const all = one.files.map(file => linesResult(file));
	expect(one.analyses.lines).toMatchObject({
		lines: all.reduce((sum, {lines}) => sum + lines, 0),
		bytes: all.reduce((sum, {bytes}) => sum + bytes, 0),
	});
	const large = one.files.find(({file}) => file.endsWith('large.log'));
	expect(linesResult(large ?? {result: null})).toMatchObject(linesOracle(log(30_000)));
	const packed = one.files.find(({file}) => file.endsWith('.gz'));
	expect(packed).toMatchObject({dialect: {compression: 'gzip'}, rows: 5000});
	const empty = one.files.find(({file}) => file.endsWith('empty.txt'));
	expect(linesResult(empty ?? {result: null})).toMatchObject({lines: 0, longest_line: null});
});

test('a file larger than a range is read by one thread, with progress, and can be cancelled', async () => {
	const path = createTemporaryFolder().write('large.log', log(100_000).repeat(30));
	const rows: number[] = [];
	const controller = new AbortController();
	const report = await processFile(path, {
		...options,
		signal: controller.signal,
		onEvent(event: RunEvent) {
			if (event.type !== 'file-progressed') return;
			rows.push(event.rows);
			if (event.rows > 0) controller.abort();
		},
	});
	expect(rows.length).toBeGreaterThan(0);
	expect(report).toMatchObject({status: 'cancelled', result: null});
});

test('a text in which no analysis finds its columns is read as lines, however its bytes come', async () => {
	const folder = createTemporaryFolder();
	const texts: Readonly<Record<string, string | Uint8Array>> = {
		'app.log': log(10),
		'large.log': log(300_000),
		'packed.log.gz': gzipSync(log(2000)),
		'prose.txt': 'Call me Ishmael.\nSome years ago, never mind how long\n',
		'more-prose.txt':
			'Call me Ishmael.\nSome years ago, never mind\nHaving little, or no money\nI thought, I would sail\n',
		'long-line.txt': `${'word '.repeat(10_000)}\nshort\n`,
	};
	for (const [name, text] of Object.entries(texts)) folder.write(name, text);
	for (const settings of [{}, {chunkBytes: 7}, {analysis: ['sales', 'lines']}] satisfies ProcessOptions[]) {
		const files =
			settings.chunkBytes === 7
				? ['app.log', 'prose.txt', 'more-prose.txt', 'packed.log.gz', 'long-line.txt']
				: Object.keys(texts);
		const paths = files.map(folder.at);
		const detected = await processBatch(paths, {threads: 2, ...settings});
		const told = await processBatch(paths, options);
		expect(withoutTimes(detected)).toEqual(withoutTimes(told));
		expect(detected.totals.completed).toBe(files.length);
	}
});

test('what may be a table is read as one, and binary data or a file of this program fails as it does without lines', async () => {
	const folder = createTemporaryFolder();
	const wrong: Readonly<Record<string, string | Uint8Array>> = {
		'near.txt': 'customer_id,amount,day\n1,2,3\nmore, than, three, fields\n',
		'misspelled.csv': 'customer_id,amuont,date,category\nc,1,2024-01-01,x\n',
		'guess.txt': 'customer,amounts,data\nuneven\n',
		'data.log': 'a\0b\n',
		'report.txt': '{"report_version": 1,\n"a": 1, "b": 2}\n',
	};
	const tables = {
		'other.csv': 'shop;price\na;1\n',
		'other.txt': 'shop;price\na;1\n',
		'one-column.csv': 'name\nx\n',
		'titled.txt': 'Prices of March\nshop;price\na;1\nb;\n',
		'separated.txt': 'sep=;\nshop;town\na;b\n',
	};
	const known = {
		'separator.txt': 'sep=;\ncustomer_id;amount;date;category\n',
		'titled-names.txt': 'Sales of March\ncustomer_id;amount;date;category\n',
	};
	for (const [name, text] of Object.entries({...wrong, ...tables, ...known})) folder.write(name, text);
	const {files} = await processBatch([folder.path], {threads: 1});
	const codes = files.map(({file, error, analysis}) => [file.slice(folder.path.length + 1), error?.code ?? analysis]);
	expect(Object.fromEntries(codes)).toEqual({
		...Object.fromEntries(Object.keys(wrong).map(name => [name, 'MISSING_COLUMN'])),
		...Object.fromEntries(Object.keys(tables).map(name => [name, 'profile'])),
		'report.txt': 'OWN_OUTPUT',
		...Object.fromEntries(Object.keys(known).map(name => [name, 'transactions'])),
	});
	folder.write('only.log', log(3));
	const chosen = await processFile(folder.at('only.log'), {analysis: 'transactions'});
	expect(chosen).toMatchObject({status: 'failed', error: {code: 'MISSING_COLUMN'}});
});
