import {randomBytes} from 'node:crypto';
import {gzipSync} from 'node:zlib';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {planFiles} from '../../source/engine/plan/plan-files.ts';
import {openLedger, processBatch} from '../../source/index.ts';
import {openRemote} from '../../source/remote/open-remote.ts';
import {type ObjectStore, startObjectStore} from '../helpers/object-store.ts';
import {type Column, parquetOf, text as parquetText} from '../helpers/parquet.ts';
import {closePools, type Manner, reportOf, textOf} from '../helpers/run-folder.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';
import {zipOf} from '../helpers/zip.ts';

let store: ObjectStore;
beforeAll(async () => {
	store = await startObjectStore();
});
afterAll(() => store.stop());

/** Each test has a folder of its own. */
let folderCount = 0;
const newFolder = (): string => `folder-${++folderCount}`;
const at = (key: string): string => `s3://${store.bucket}/${key}`;

const table = (rows: number, seed: number): string =>
	`transaction_id,user_id,amount,timestamp,category\n${Array.from(
		{length: rows},
		(_, row) =>
			`t${seed}-${row},u${(row * 7 + seed) % 97},${(row % 1000) / 100},2026-0${1 + (row % 9)}-11T10:00:00Z,${row % 13 === 0 ? '"a, b\nc"' : `c${row % 5}`}\n`,
	).join('')}`;

afterAll(closePools);

/** The reports of the same files as objects and as files of this machine, but for their places and times. */
async function bothReports(
	files: Readonly<Record<string, string | Uint8Array>>,
	manner: Manner,
): Promise<[string, string]> {
	const folder = createTemporaryFolder();
	const remote = newFolder();
	for (const [name, data] of Object.entries(files)) {
		folder.write(name, data);
		await store.put(`${remote}/${name}`, data);
	}
	const [there, here] = [await reportOf(at(remote), manner), await reportOf(folder.path, manner)];
	return [textOf(there).replaceAll(at(remote), ''), textOf(here).replaceAll(folder.path, '')];
}

const manners: readonly Manner[] = [
	{threads: 1, concurrency: 1, chunkBytes: 256 * 1024, isGrouped: true},
	{threads: 3, concurrency: 2, chunkBytes: 5000, isGrouped: true, splitBytes: 0, rangeBytes: 20_000},
	{threads: 3, concurrency: 2, chunkBytes: 70_000, isGrouped: false, splitBytes: 0, rangeBytes: 3000},
	{threads: 2, concurrency: 2, chunkBytes: 70_000, isGrouped: false, reader: 'reference'},
];

test.each(manners)('a folder of objects gives the report of the same files, read by %o', async manner => {
	const [there, here] = await bothReports(
		{
			'a.csv': table(300, 1),
			'2026/b.csv': table(7000, 2),
			'2026/c.csv.gz': gzipSync(table(500, 3)),
			'2026/faulty.csv': 'transaction_id,user_id,amount,timestamp\nt1,u1,x,2026-01-01T00:00:00Z\n"t2,u1\n',
			'foreign.csv': 'nothing\nof\nthis\n',
			'empty.csv': '',
			'wide.csv': Buffer.from(`\ufeff${table(50, 4)}`, 'utf16le'),
		},
		manner,
	);
	expect(there).toBe(here);
});

test('Parquet files are read where they are', async () => {
	const rows = 3000;
	const column = (name: string, of: (row: number) => string): Column => ({
		...parquetText,
		name,
		data: Array.from({length: rows}, (_, row) => of(row)),
	});
	const data = parquetOf(
		[
			column('user', row => `u${row % 7}`),
			column('city', row => `c${row % 3}`),
			column('note', row => `${row}${randomBytes(300).toString('hex')}`),
		],
		{rowGroupSize: 700, pageSize: 20_000},
	);
	expect(data.length).toBeGreaterThan(1024 * 1024);
	for (const manner of manners.slice(0, 2)) {
		const [there, here] = await bothReports(
			{'a.parquet': data, 'cut.parquet': data.subarray(0, 5000), 'none.parquet': 'user,city\na,b\n'},
			manner,
		);
		expect(there).toBe(here);
		expect(there).toContain('"rows": 3000');
	}
});

test('a large object is read in ranges by several threads, with the figures of one', async () => {
	const manner = {threads: 3, concurrency: 1, chunkBytes: 256 * 1024, isGrouped: true};
	const [there, here] = await bothReports({'large.csv': table(400_000, 5)}, manner);
	expect(there).toBe(here);
});

describe('what is found', () => {
	const names = async (path: string): Promise<unknown> => {
		const {entries, unmatched, otherFiles} = await planFiles([path]);
		return {
			files: entries.map(entry => [
				entry.file.replace(at(''), ''),
				entry.type === 'file' ? entry.bytesTotal : entry.type,
			]),
			...(unmatched.length > 0 && {unmatched}),
			...(otherFiles !== undefined && {others: otherFiles.count}),
		};
	};
	let folder = '';
	beforeAll(async () => {
		folder = newFolder();
		for (const name of [
			'a.csv',
			'b.txt',
			'notes.md',
			'in/a.csv',
			'in/deep/c.csv',
			'in/.hidden/d.csv',
			'x[1].csv',
			'x1.csv',
			'.e.csv',
		])
			await store.put(`${folder}/${name}`, name);
		await store.put(`${folder}/all.zip`, zipOf([{name: 'in.csv', content: 'a'}]));
		await store.put(`${folder}-beside/a.csv`, 'x');
		await store.put(`${folder}/in/`, '');
	});

	test.each<[string, string[], number?]>([
		['', ['a.csv', 'all.zip!in.csv', 'b.txt', 'in/a.csv', 'in/deep/c.csv', 'x1.csv', 'x[1].csv'], 1],
		['/', ['a.csv', 'all.zip!in.csv', 'b.txt', 'in/a.csv', 'in/deep/c.csv', 'x1.csv', 'x[1].csv'], 1],
		['/a.csv', ['a.csv']],
		['/notes.md', ['notes.md']],
		['/*.csv', ['a.csv', 'x1.csv', 'x[1].csv']],
		['/**/*.csv', ['a.csv', 'in/a.csv', 'in/deep/c.csv', 'x1.csv', 'x[1].csv']],
		['/in/*', ['in/a.csv', 'in/deep/c.csv']],
		['/i*', ['in/a.csv', 'in/deep/c.csv']],
		['/{a,b}.*', ['a.csv', 'b.txt']],
		['/.*.csv', ['.e.csv']],
		['/x[1].csv', ['x[1].csv']],
		['/x[12].csv', ['x1.csv']],
		['/n*', ['notes.md']],
	])('by %s', async (pattern, expected, others) => {
		const {files, others: found} = (await names(at(folder + pattern))) as {files: [string][]; others?: number};
		expect(files.map(([file]) => file)).toEqual(expected.map(name => `${folder}/${name}`));
		expect(found).toBe(others);
	});

	test('nothing is found where nothing is', async () => {
		expect(await names(at(`${folder}/z*`))).toEqual({
			files: [],
			unmatched: [`${at(`${folder}/z*`)}: no file matches this pattern`],
		});
		expect(await names(at(`${folder}/z.csv`))).toEqual({
			files: [],
			unmatched: [`${at(`${folder}/z.csv`)}: there is no such object, and none below ${folder}/z.csv/`],
		});
	});

	test('each object is one file, however often it is named', async () => {
		const {entries} = await planFiles([at(`${folder}/a.csv`), at(`${folder}/*.csv`), at(`${folder}/a.csv`)]);
		expect(entries.map(({file}) => file.replace(at(`${folder}/`), ''))).toEqual(['a.csv', 'x1.csv', 'x[1].csv']);
	});

	test('more objects than a page has', async () => {
		const many = newFolder();
		await Promise.all(Array.from({length: 1100}, (_, index) => store.put(`${many}/${index}.csv`, 'x')));
		const {entries} = await planFiles([at(many)]);
		expect(entries).toHaveLength(1100);
		expect(new Set(entries.map(({file}) => file)).size).toBe(1100);
	});
});

describe('what goes wrong', () => {
	const errorOf = async (path: string): Promise<unknown> => {
		const {files} = await processBatch([path], {retries: 0, threads: 1});
		return files[0]?.error;
	};
	test('a bucket that is not there', async () => {
		expect(await errorOf('s3://no-bucket-of-this-name/a*.csv')).toMatchObject({
			code: 'NO_SUCH_BUCKET',
			message: expect.stringContaining('There is no bucket s3://no-bucket-of-this-name at '),
		});
	});

	test('an object that is not there, and one that has gone after it was listed', async () => {
		const [listed] = (await planFiles([at('gone.csv')])).unmatched;
		expect(listed).toContain('there is no such object');
		await expect(
			openRemote({kind: 's3', bucket: store.bucket, key: 'gone.csv', version: null, size: 5}),
		).rejects.toMatchObject({
			code: 'NO_SUCH_OBJECT',
			message: `There is no ${at('gone.csv')} at ${new URL(store.endpoint).host}: check the key`,
		});
	});

	test('an object that is replaced while it is read', async () => {
		const key = `${newFolder()}/large.csv`;
		await store.put(key, Buffer.alloc(3_000_000, 'a'));
		const source = await openRemote({kind: 's3', bucket: store.bucket, key, version: null, size: null});
		const target = Buffer.alloc(1000);
		await source.read(target);
		await store.put(key, Buffer.alloc(3_000_000, 'b'));
		source.seek?.(2_000_000);
		await expect(source.read(target)).rejects.toMatchObject({code: 'CHANGED_WHILE_READING'});
	});
});

test('results are taken from a ledger for as long as the object has its version', async () => {
	const folder = newFolder();
	const ledger = createTemporaryFolder().at('runs.db');
	await store.put(`${folder}/a.csv`, table(20, 1));
	await store.put(`${folder}/b.csv`, table(20, 2));
	const run = async () => {
		const {files} = await processBatch([at(folder)], {ledger, resume: true, threads: 1});
		return files.map(({status, source, rows}) => [status, source, rows]);
	};
	expect(await run()).toEqual([
		['completed', undefined, 20],
		['completed', undefined, 20],
	]);
	await store.put(`${folder}/b.csv`, table(30, 2));
	expect(await run()).toEqual([
		['completed', 'ledger', 20],
		['completed', undefined, 30],
	]);
	const saved = openLedger(ledger);
	await store.put(`${folder}/a.csv`, table(20, 9));
	const verdicts = async () =>
		(await saved.verify({paths: [at(folder)]})).map(({path, verdict}) => [path.replace(at(folder), ''), verdict]);
	expect(await verdicts()).toEqual([
		['/a.csv', 'changed'],
		['/b.csv', 'matched'],
	]);
	saved.close();
});
