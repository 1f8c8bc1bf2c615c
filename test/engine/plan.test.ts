import {chmodSync} from 'node:fs';
import {createServer} from 'node:net';
import {join, relative} from 'node:path';
import fc from 'fast-check';
import {describe, expect, onTestFinished, test} from 'vitest';
import type {Plan} from '../../source/engine/plan/plan.ts';
import {planFile, planFiles} from '../../source/engine/plan/plan-files.ts';
import {displayName} from '../../source/text/path-text.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {createTemporaryFolder, type TemporaryFolder, workIn} from '../helpers/temporary-folder.ts';

/** Everything in the plan, in its order: `file a.csv`, `skipped a.csv: a FIFO`, `unreadable a.csv: ENOENT`. */
const listed = ({entries}: Plan, folder?: TemporaryFolder): string[] =>
	entries.map(entry => {
		const file = folder === undefined ? entry.file : relative(folder.path, entry.file);
		if (entry.type === 'file') return `file ${file}`;
		return entry.type === 'skipped' ? `skipped ${file}: ${entry.kind}` : `unreadable ${file}: ${entry.error.code}`;
	});

const planOfFolder = async (folder: TemporaryFolder): Promise<string[]> =>
	listed(await planFiles([folder.path]), folder);

/** Listens on a socket in the file system until the test has ended. */
async function listenOn(path: string): Promise<void> {
	const server = createServer();
	await new Promise<void>(resolve => server.listen(path, resolve));
	onTestFinished(() => {
		server.close();
	});
}

describe('a folder', () => {
	test('is walked for data files, packed ones too, whatever the case of their names', async () => {
		const folder = createTemporaryFolder();
		const names = ['a.csv', 'b.tsv', 'c.txt', 'd.log', 'e.csv.gz', 'f.LOG.GZ', 'g.CSV'];
		for (const name of names) folder.write(name);
		for (const name of ['a.json', 'b.gz', 'csv', 'c.csv.bak', 'd.csv.7z', 'readme.md', 'xcsv']) folder.write(name);
		expect(await planOfFolder(folder)).toEqual(names.map(name => `file ${name}`));
	});

	test('is walked to its depth, hidden files and folders left out', async () => {
		const folder = createTemporaryFolder();
		folder.write('a.csv');
		folder.write('deep/er/and/deeper/b.csv');
		folder.write('.hidden.csv');
		folder.write('.git/c.csv');
		folder.write('deep/.cache/d.csv');
		expect(await planOfFolder(folder)).toEqual(['file a.csv', 'file deep/er/and/deeper/b.csv']);
	});

	test('is walked when it is hidden but given by name', async () => {
		const folder = createTemporaryFolder();
		folder.write('.data/a.csv');
		expect(listed(await planFiles([folder.at('.data')]), folder)).toEqual(['file .data/a.csv']);
	});

	test('gives its files with their sizes, sorted by the bytes of their names', async () => {
		const folder = createTemporaryFolder();
		const names = ['Z.csv', 'a-b.csv', 'a.csv', 'a/b.csv', 'a0.csv', 'b.csv', 'é.csv', '\uff01.csv', '\u{1f600}.csv'];
		for (const [index, name] of names.entries()) folder.write(name, 'x'.repeat(index));
		const plan = await planFiles([folder.path]);
		const sorted = [...names].sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
		expect(listed(plan, folder)).toEqual(sorted.map(name => `file ${name}`));
		expect(plan.entries.map(entry => (entry.type === 'file' ? entry.bytesTotal : null))).toEqual(
			sorted.map(name => names.indexOf(name)),
		);
	});

	test('gives the same whether or not something that is no data is in it', async () => {
		const folder = createTemporaryFolder();
		folder.write('a.csv', 'x');
		folder.write('b.csv/c.csv');
		folder.write('d.csv/readme.md');
		folder.write('é.csv');
		folder.write('back\\x41slash.csv');
		folder.write('.hidden.csv');
		folder.link('a.csv', 'e.csv');
		folder.link('b.csv', 'f.csv');
		folder.link('gone', 'g.csv');
		await listenOn(folder.at('h.csv'));
		const plan = await planFiles([folder.path]);
		expect(listed(plan, folder)).toEqual([
			'file a.csv',
			'file b.csv/c.csv',
			String.raw`file back\x5cx41slash.csv`,
			'skipped d.csv: a folder',
			'skipped e.csv: a link to a file that is processed already',
			'skipped f.csv: a link to a folder',
			'skipped g.csv: a dangling link',
			'skipped h.csv: a socket',
			'file é.csv',
		]);
		folder.write('notes.md');
		expect(await planFiles([folder.path])).toEqual({...plan, otherFiles: {count: 2, extensions: ['.md']}});
	});

	test('without data files is told alone, and skipped beside others', async () => {
		const folder = createTemporaryFolder();
		folder.write('empty/readme.md');
		folder.write('a.csv');
		workIn(folder);
		expect(await planFiles(['empty'])).toEqual({
			entries: [],
			unmatched: [
				'empty: no .csv, .tsv, .txt or .log file (or .gz, .zst or .br of one), and no .parquet, .zip or .tar, in this folder',
			],
			otherFiles: {count: 1, extensions: ['.md']},
		});
		const plan = await planFiles(['empty', 'a.csv', 'empty']);
		expect(listed(plan)).toEqual(['file a.csv', 'skipped empty: a folder without data files']);
	});

	test('does not follow links to folders, but tells of them whatever their name', async () => {
		const folder = createTemporaryFolder();
		folder.write('data/a.csv');
		folder.link('..', 'data/up');
		folder.link('gone', 'data/nowhere');
		workIn(folder);
		expect(listed(await planFiles(['data']))).toEqual(['file data/a.csv', 'skipped data/up: a link to a folder']);
	});

	test('and a link to it give each file once', async () => {
		const folder = createTemporaryFolder();
		folder.write('data/a.csv');
		folder.link('data', 'other');
		workIn(folder);
		expect(listed(await planFiles(['data', 'other', 'other/a.csv', 'data/a.csv']))).toEqual(['file data/a.csv']);
		expect(listed(await planFiles(['other', 'data']))).toEqual(['file other/a.csv']);
	});

	test('gives a file once that is there under several names', async () => {
		const folder = createTemporaryFolder();
		folder.write('m.csv');
		folder.write('elsewhere/out.data');
		folder.link('m.csv', 'a.csv');
		folder.link('elsewhere/out.data', 'b.csv');
		folder.link('elsewhere/out.data', 'c.csv');
		expect(await planOfFolder(folder)).toEqual([
			'skipped a.csv: a link to a file that is processed already',
			'file b.csv',
			'skipped c.csv: a link to a file that is processed already',
			'file m.csv',
		]);
	});

	test('is named in its files as it was given', async () => {
		const folder = createTemporaryFolder();
		folder.write('data/a.csv');
		workIn(folder);
		expect(listed(await planFiles(['data']))).toEqual(['file data/a.csv']);
		expect(listed(await planFiles(['data/']))).toEqual(['file data/a.csv']);
		expect(listed(await planFiles(['./data']))).toEqual(['file ./data/a.csv']);
		expect(listed(await planFiles(['.']))).toEqual(['file ./data/a.csv']);
		expect(listed(await planFiles(['data/../data']))).toEqual(['file data/../data/a.csv']);
	});

	test('named like a data file is skipped when it is empty, and walked like any other when it is not', async () => {
		const folder = createTemporaryFolder();
		folder.folder('empty.csv');
		folder.folder('plain');
		folder.write('spark.csv/part-0000.csv');
		expect(await planOfFolder(folder)).toEqual(['skipped empty.csv: a folder', 'file spark.csv/part-0000.csv']);
	});

	test('that may not be read is an unreadable entry, the rest is walked', async ({skip}) => {
		skip(process.getuid?.() === 0, 'root may read every folder');
		const folder = createTemporaryFolder();
		folder.write('a.csv');
		const secret = folder.folder('secret');
		chmodSync(secret, 0);
		try {
			const expected = ['file a.csv', 'unreadable secret: EACCES'];
			expect(await planOfFolder(folder)).toEqual(expected);
			expect(listed(await planFiles([folder.at('**/*.csv')]), folder)).toEqual(expected);
		} finally {
			chmodSync(secret, 0o700);
		}
	});
});

describe('what is no regular file is skipped with its kind', () => {
	test('a FIFO and a socket that were found, at once', async () => {
		const folder = createTemporaryFolder();
		folder.fifo('pipe.csv');
		await listenOn(folder.at('socket.csv'));
		const expected = ['skipped pipe.csv: a FIFO', 'skipped socket.csv: a socket'];
		expect(await planOfFolder(folder)).toEqual(expected);
		expect(listed(await planFiles([folder.at('*.csv')]), folder)).toEqual(expected);
		expect(listed(await planFiles([folder.at('socket.csv')]), folder)).toEqual(['skipped socket.csv: a socket']);
	});

	test('a device that was found', async () => {
		const folder = createTemporaryFolder();
		folder.link('/dev/null', 'null.csv');
		expect(await planOfFolder(folder)).toEqual(['skipped null.csv: a device']);
	});

	test('a link that leads nowhere or in a circle', async () => {
		const folder = createTemporaryFolder();
		folder.link('gone.csv', 'dangling.csv');
		folder.link('two.csv', 'one.csv');
		folder.link('one.csv', 'two.csv');
		const expected = [
			'skipped dangling.csv: a dangling link',
			'skipped one.csv: a link that leads in a circle',
			'skipped two.csv: a link that leads in a circle',
		];
		expect(await planOfFolder(folder)).toEqual(expected);
		const given = ['dangling.csv', 'one.csv', 'two.csv'].map(folder.at);
		expect(listed(await planFiles(given), folder)).toEqual(expected);
	});

	test('a link to a folder is not followed by a walk, but where it is given', async () => {
		const folder = createTemporaryFolder();
		folder.write('data/a.csv');
		folder.link('..', 'data/up.csv');
		folder.link('..', 'data/up');
		expect(await planOfFolder(folder)).toEqual([
			'file data/a.csv',
			'skipped data/up: a link to a folder',
			'skipped data/up.csv: a link to a folder',
		]);
		folder.link('data', 'current');
		expect(listed(await planFiles([folder.at('current')]), folder)).toEqual([
			'file current/a.csv',
			'skipped current/up: a link to a folder',
			'skipped current/up.csv: a link to a folder',
		]);
	});

	test('a link to a file is a file of its own name', async () => {
		const folder = createTemporaryFolder();
		folder.write('store/one.data', '12345');
		folder.link('store/one.data', 'a.csv');
		const plan = await planFiles([folder.path]);
		expect(listed(plan, folder)).toEqual(['file a.csv']);
		expect(plan.entries).toMatchObject([{bytesTotal: 5, source: {kind: 'file', path: folder.at('a.csv')}}]);
	});
});

describe('a file given by name', () => {
	test('is taken whatever its name is', async () => {
		const folder = createTemporaryFolder();
		for (const name of ['data', '.hidden', 'a.json', '--', '-x.csv']) folder.write(name);
		workIn(folder);
		expect(listed(await planFiles(['data', '.hidden', 'a.json', '--', '-x.csv']))).toEqual([
			'file --',
			'file -x.csv',
			'file .hidden',
			'file a.json',
			'file data',
		]);
	});

	test('is one job however often and by whatever way it is given', async () => {
		const folder = createTemporaryFolder();
		folder.write('data/a.csv');
		workIn(folder);
		const ways = [
			'data/a.csv',
			'./data/a.csv',
			'data//a.csv',
			'data/../data/a.csv',
			folder.at('data/a.csv'),
			'data',
			'*/*.csv',
		];
		expect(listed(await planFiles([...ways, ...ways]))).toEqual(['file data/a.csv']);
	});

	test('that is missing is a file beside others, once: it may have come when its turn is there', async () => {
		const folder = createTemporaryFolder();
		folder.write('a.csv');
		workIn(folder);
		expect(await planFiles(['gone.csv', 'a.csv', './gone.csv', 'gone.csv'])).toMatchObject({
			entries: [
				{type: 'file', file: 'a.csv'},
				{type: 'file', file: 'gone.csv', bytesTotal: 0},
			],
			unmatched: [],
		});
	});

	test('that is missing alone is a wrong path', async () => {
		const folder = createTemporaryFolder();
		workIn(folder);
		expect(await planFiles(['gone.csv', 'gone.csv', 'no/such/folder'])).toEqual({
			entries: [],
			unmatched: ['gone.csv: no such file or folder', 'no/such/folder: no such file or folder'],
		});
	});

	test('that is behind a file or too long a name is a file that fails when it is opened', async () => {
		const folder = createTemporaryFolder();
		folder.write('a.csv');
		const tooLong = folder.at('x'.repeat(256));
		expect(listed(await planFiles([folder.at('a.csv/b.csv'), tooLong]), folder)).toEqual([
			'file a.csv/b.csv',
			`file ${'x'.repeat(256)}`,
		]);
	});

	test('is found where the process is now', async () => {
		const first = createTemporaryFolder();
		const second = createTemporaryFolder();
		for (const folder of [first, second]) folder.write('a.csv');
		workIn(first);
		expect(listed(await planFiles(['a.csv', first.at('a.csv')]))).toEqual(['file a.csv']);
		workIn(second);
		expect(listed(await planFiles(['a.csv', second.at('a.csv')]))).toEqual(['file a.csv']);
		expect(await planFiles(['a.csv', first.at('a.csv')])).toMatchObject({entries: {length: 2}});
	});
});

describe('a pattern', () => {
	test('finds files, relative and absolute', async () => {
		const folder = createTemporaryFolder();
		for (const name of ['a.csv', 'b.csv', 'c.json', '.d.csv', 'sub/e.csv', 'sub/deep/f.csv']) folder.write(name);
		workIn(folder);
		expect(listed(await planFiles(['*.csv']))).toEqual(['file a.csv', 'file b.csv']);
		expect(listed(await planFiles(['**/*.csv']))).toEqual([
			'file a.csv',
			'file b.csv',
			'file sub/deep/f.csv',
			'file sub/e.csv',
		]);
		expect(listed(await planFiles(['{a,c}.*']))).toEqual(['file a.csv', 'file c.json']);
		expect(listed(await planFiles([join(folder.path, '*.csv')]), folder)).toEqual(['file a.csv', 'file b.csv']);
		expect(listed(await planFiles([join(folder.path, 's*', '*.csv')]), folder)).toEqual(['file sub/e.csv']);
	});

	test('reaches out of the working folder', async () => {
		const folder = createTemporaryFolder();
		folder.write('data/a.csv');
		folder.folder('work');
		workIn({...folder, path: folder.at('work')});
		expect(listed(await planFiles(['../data/*.csv']))).toEqual(['file ../data/a.csv']);
	});

	test('that finds a folder has it walked', async () => {
		const folder = createTemporaryFolder();
		folder.write('2024-01/a.csv');
		folder.write('2024-02/b.csv');
		folder.write('2024-02/readme.md');
		folder.write('2025-01/c.csv');
		workIn(folder);
		expect(listed(await planFiles(['2024-*']))).toEqual(['file 2024-01/a.csv', 'file 2024-02/b.csv']);
	});

	test('that finds what is no file has it skipped', async () => {
		const folder = createTemporaryFolder();
		folder.fifo('pipe.csv');
		folder.link('gone', 'dangling.csv');
		workIn(folder);
		expect(listed(await planFiles(['*.csv']))).toEqual([
			'skipped dangling.csv: a dangling link',
			'skipped pipe.csv: a FIFO',
		]);
	});

	test('that finds nothing says so, beside others too', async () => {
		const folder = createTemporaryFolder();
		folder.write('a.csv');
		workIn(folder);
		expect(await planFiles(['*.tsv'])).toEqual({entries: [], unmatched: ['*.tsv: no file matches this pattern']});
		const plan = await planFiles(['*.tsv', 'a.csv']);
		expect(listed(plan)).toEqual(['unreadable *.tsv: NO_MATCH', 'file a.csv']);
	});

	test('is none where a file has that name', async () => {
		const folder = createTemporaryFolder();
		const names = ['a[1].csv', 'b*.csv', 'c?.csv', '{d,e}.csv', '!f.csv', '(g).csv'];
		for (const name of [...names, 'a1.csv', 'bb.csv', 'cc.csv', 'd.csv']) folder.write(name);
		workIn(folder);
		expect(listed(await planFiles(names))).toEqual([...names].sort().map(name => `file ${name}`));
	});

	test('is none where a folder has that name', async () => {
		const folder = createTemporaryFolder();
		folder.write('2024 [final]/a(1).csv');
		workIn(folder);
		expect(listed(await planFiles(['2024 [final]']))).toEqual(['file 2024 [final]/a(1).csv']);
	});

	test('finds no file twice through a link to a folder, and ends in a circle of them', async () => {
		const folder = createTemporaryFolder();
		folder.write('data/a.csv');
		folder.link('..', 'data/up');
		folder.link('data', 'current');
		workIn(folder);
		expect(listed(await planFiles(['**/*.csv']))).toEqual([
			'skipped current: a link to a folder',
			'file data/a.csv',
			'skipped data/up: a link to a folder',
		]);
		expect(listed(await planFiles(['data/*']))).toEqual(['file data/a.csv', 'skipped data/up: a link to a folder']);
		expect(listed(await planFiles(['current/*.csv']))).toEqual(['file current/a.csv']);
	});

	test('finds links to files', async () => {
		const folder = createTemporaryFolder();
		folder.write('store/one.data');
		folder.link('store/one.data', 'a.csv');
		workIn(folder);
		expect(listed(await planFiles(['*.csv']))).toEqual(['file a.csv']);
	});
});

describe('names', () => {
	test('of any bytes are found and shown', async () => {
		const folder = createTemporaryFolder();
		folder.writeBytesName(Buffer.from([0x61, 0xff, 0x2e, 0x63, 0x73, 0x76]), '12345');
		for (const name of ['b\nc.csv', 'd\u001b[31m.csv', 'ü漢\u{1f600}.csv']) folder.write(name);
		const plan = await planFiles([folder.path]);
		expect(listed(plan, folder)).toEqual([
			'file a\\xff.csv',
			'file b\nc.csv',
			'file d\u001b[31m.csv',
			'file ü漢\u{1f600}.csv',
		]);
		const [first] = plan.entries;
		const path = first?.type === 'file' && first.source.kind === 'file' ? first.source.path : null;
		expect(path).toEqual(Buffer.concat([Buffer.from(`${folder.path}/a`), Buffer.of(0xff), Buffer.from('.csv')]));
		expect(first).toMatchObject({bytesTotal: 5});
	});

	test('in folders of any bytes are found', async () => {
		const folder = createTemporaryFolder();
		folder.folder('sub');
		const inner = Buffer.concat([Buffer.from('sub/'), Buffer.of(0xc3, 0x28)]);
		folder.writeBytesName(Buffer.concat([inner, Buffer.from('.csv')]));
		expect(await planOfFolder(folder)).toEqual(['file sub/\\xc3(.csv']);
	});

	test('are different for different files, also where one looks like the escaped other', async () => {
		const folder = createTemporaryFolder();
		folder.write('a\\xff.csv');
		folder.writeBytesName(Buffer.from('a\xff.csv', 'latin1'));
		folder.writeBytesName(Buffer.from('a\\xff\xff.csv', 'latin1'));
		folder.write('b\\n.csv');
		const plan = await planFiles([folder.path]);
		expect(plan.entries).toHaveLength(4);
		expect(new Set(plan.entries.map(({file}) => file)).size).toBe(4);
		expect(listed(plan, folder)).toContain('file b\\n.csv');
	});

	test('of 255 bytes are found', async () => {
		const folder = createTemporaryFolder();
		const name = `${'漢'.repeat(83)}xx.csv`;
		expect(Buffer.byteLength(name)).toBe(255);
		folder.write(name);
		expect(await planOfFolder(folder)).toEqual([`file ${name}`]);
	});

	test('are shown as they are where they are UTF-8, byte by byte where they are not', () => {
		expect(displayName(Buffer.from('ü漢\u{1f600}.csv'))).toBe('ü漢\u{1f600}.csv');
		expect(displayName(Buffer.from([0xfc, 0xc3, 0xbc, 0xe6, 0xbc, 0x61]))).toBe('\\xfcü\\xe6\\xbca');
		expect(displayName(Buffer.from('C:\\data\\x.csv'))).toBe('C:\\data\\x.csv');
	});

	test('can be turned back into their bytes', () => {
		const piece = fc.constantFrom(
			...['\\', 'x', 'f', '5c', 'ff', '\xff', '\xc3', '\xbc', '\xc3\xbc', 'a'].map(text => Buffer.from(text, 'latin1')),
		);
		fc.assert(
			fc.property(fc.array(piece, {maxLength: 8}), pieces => {
				const path = Buffer.concat(pieces);
				const bytes = displayName(path)
					.split(/(\\x[0-9a-f]{2})/)
					.map((part, index) => (index % 2 === 1 ? Buffer.from(part.slice(2), 'hex') : Buffer.from(part)));
				expect(Buffer.concat(bytes)).toEqual(path);
			}),
			{numRuns: randomCases(1000)},
		);
	});
});

describe('standard input', () => {
	test('is one job, however often it is given', async () => {
		expect(await planFiles(['-', '-'])).toEqual({
			entries: [{type: 'file', file: '-', source: {kind: 'standard-input'}, bytesTotal: null}],
			unmatched: [],
		});
	});

	test('is not the file that is called like it', async () => {
		const folder = createTemporaryFolder();
		folder.write('-');
		workIn(folder);
		expect(await planFiles(['-', './-'])).toMatchObject({
			entries: [
				{file: '-', source: {kind: 'standard-input'}},
				{file: './-', source: {kind: 'file', path: './-'}},
			],
		});
	});
});

describe('one file for the library', () => {
	test('is taken by its name as it is, without patterns or walking', async () => {
		const folder = createTemporaryFolder();
		folder.write('a*.csv', '123');
		folder.write('ab.csv');
		folder.folder('folder');
		folder.fifo('pipe');
		workIn(folder);
		expect(await planFile('a*.csv')).toEqual({
			entries: [{type: 'file', file: 'a*.csv', source: {kind: 'file', path: 'a*.csv'}, bytesTotal: 3}],
			unmatched: [],
		});
		expect(listed(await planFile('*.csv'))).toEqual(['file *.csv']);
		expect(listed(await planFile('folder'))).toEqual(['skipped folder: a folder']);
		expect(await planFile('pipe')).toMatchObject({entries: [{file: 'pipe', source: {kind: 'stream', at: 'pipe'}}]});
		expect(await planFile('-')).toMatchObject({entries: [{source: {kind: 'standard-input'}}]});
	});
});
