// Archives on other machines give what they give on this one, and each of their bytes is of the version that was listed.
import {brotliCompressSync, gzipSync, zstdCompressSync} from 'node:zlib';
import {afterAll, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {planFiles} from '../../source/engine/plan/plan-files.ts';
import {openRemoteMember} from '../../source/engine/worker/source/open-remote-member.ts';
import {processBatch, type Report} from '../../source/index.ts';
import {type FileServer, startFileServer} from '../helpers/file-server.ts';
import {type ObjectStore, startObjectStore} from '../helpers/object-store.ts';
import {closePools, type Manner, reportOf, textOf} from '../helpers/run-folder.ts';
import {tarOf} from '../helpers/tar.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';
import {zipOf} from '../helpers/zip.ts';

let store: ObjectStore;
let server: FileServer;
beforeAll(async () => {
	[store, server] = await Promise.all([startObjectStore(), startFileServer()]);
});
afterAll(() => Promise.all([store.stop(), server.stop(), closePools()]));
beforeEach(() => {
	Object.assign(server, {fault: () => null, hasRanges: true, ignoresConditions: false});
	server.requests.length = 0;
	server.files.clear();
});

const table = (rows: number, seed: number): string =>
	`transaction_id,user_id,amount,timestamp,category\n${Array.from(
		{length: rows},
		(_, row) =>
			`t${seed}-${row},u${(row * 7 + seed) % 97},${(row % 1000) / 100},2026-0${1 + (row % 9)}-11T10:00:00Z,c${row % 5}\n`,
	).join('')}`;

/** Larger than what is read at once. */
const large = table(30_000, 9);
const members = [
	{name: 'a.csv', content: table(40, 1)},
	{name: 'deep/b.csv', content: table(900, 2)},
	{name: 'large.csv', content: large},
	{name: 'packed.csv.gz', content: gzipSync(table(70, 3))},
	{name: 'empty.csv', content: ''},
	{name: 'foreign.csv', content: 'nothing\nof\nthis\n'},
	{name: 'notes.md', content: 'no data'},
	{name: '.hidden/c.csv', content: table(3, 4)},
	{name: 'within.zip', content: 'PK'},
	{name: 'z.csv', content: table(50, 5)},
];
const stored = [...members, {name: 'large-too.csv', content: large}].map(member => ({...member, method: 0}));
const zstd = members.map(member => ({...member, method: 93}));
const tar = tarOf(members);
const archives: Readonly<Record<string, Buffer>> = {
	'a.zip': zipOf(members),
	'behind.zip': zipOf(members, {prefix: Buffer.alloc(5000, 1), comment: 'made by hand'}),
	'for-large.zip': zipOf(
		members.map(member => ({...member, isLarge: true})),
		{isLarge: true},
	),
	'stored.zip': zipOf(stored),
	'zstd.zip': zipOf(zstd),
	'in/a.tar': tar,
	'in/a.tar.gz': gzipSync(tar),
	'in/a.tgz': gzipSync(tar),
	'in/a.tar.zst': zstdCompressSync(tar),
	'in/a.tar.br': brotliCompressSync(tar),
	'cut.zip': zipOf(members).subarray(0, 100_000),
	'cut.tar': tar.subarray(0, 100_000),
	'cut.tar.gz': gzipSync(tar).subarray(0, 100_000),
	'wrong-sum.zip': zipOf([{name: 'a.csv', content: table(40, 1), crc: 5}, ...members.slice(1, 3)]),
	'empty.zip': Buffer.alloc(0),
	'no-data.zip': zipOf([{name: 'notes.md'}]),
	'plain.csv': Buffer.from(table(20, 6)),
};

const manners: readonly Manner[] = [
	{threads: 1, concurrency: 1, chunkBytes: 256 * 1024, isGrouped: true},
	{threads: 3, concurrency: 2, chunkBytes: 5000, isGrouped: true},
	{threads: 2, concurrency: 2, chunkBytes: 70_000, isGrouped: false},
];

test.each(
	manners,
)('a folder of archives in a store gives the report of the same folder here, read by %o', async manner => {
	const folder = createTemporaryFolder();
	for (const [name, data] of Object.entries(archives)) {
		folder.write(name, data);
		await store.put(`all/${name}`, data);
	}
	const root = `s3://${store.bucket}/all`;
	const [there, here] = [await reportOf(root, manner), await reportOf(folder.path, manner)];
	expect(textOf(there).replaceAll(root, '')).toBe(textOf(here).replaceAll(folder.path, ''));
	expect(there.files.filter(({status}) => status === 'completed').length).toBeGreaterThan(60);
});

const serve = (name: string, data: Uint8Array, etag = '"1"'): string => {
	server.files.set(`/${name}`, {data: Buffer.from(data), etag});
	return `${server.url}/${name}`;
};

const comparable = ({files, analyses}: Report): unknown => ({
	analyses,
	files: files.map(({processing_time, file, ...others}) => ({...others, name: file.replace(/^.*!/, '')})),
});

const reportHere = (name: string): Promise<Report> =>
	processBatch([createTemporaryFolder().write(name, archives[`in/${name}`] ?? archives[name] ?? Buffer.alloc(0))]);

test.each([
	'a.zip',
	'a.tar',
	'a.tar.gz',
])('a web server gives the files of %s as a disk does, also by faults that pass', async name => {
	const data = archives[name] ?? archives[`in/${name}`] ?? Buffer.alloc(0);
	const here = comparable(await reportHere(name));
	server.fault = (_, count) => {
		if (count % 5 === 2) return {type: 'status', status: 503};
		return count % 5 === 4 ? {type: 'short', bytes: 30_000, isCut: count % 2 === 0} : null;
	};
	expect(comparable(await processBatch([serve(name, data)]))).toEqual(here);
	expect(server.requests.length).toBeGreaterThan(5);
});

describe('what is asked for', () => {
	const many = Array.from({length: 300}, (_, index) => ({name: `f${index}.csv`, content: table(60, index)}));

	test.each([
		['zip', zipOf(many)],
		['tar', tarOf(many)],
	])('small files of a .%s come many at a time, and nearly each byte once', async (ending, data) => {
		const {files} = await processBatch([serve(`many.${ending}`, data)], {threads: 1});
		expect(files.filter(({status}) => status === 'completed')).toHaveLength(300);
		const asked = server.requests.reduce((sum, {range}) => sum + (range === null ? 0 : range.end - range.start), 0);
		// A tar archive is gone over for its list first.
		expect(asked).toBeLessThan((ending === 'zip' ? 1.5 : 2.5) * data.length);
		expect(server.requests.length).toBeLessThan(40);
	});

	test('of a large file in an archive no more is asked for than it takes there', async () => {
		const data = zipOf([
			{name: 'wanted.csv', content: large, method: 0},
			{name: 'other.csv', content: table(400_000, 3), method: 0},
		]);
		const {files} = await processBatch([`${serve('two.zip', data)}!wanted.csv`]);
		expect(files).toMatchObject([{file: `${server.url}/two.zip!wanted.csv`, status: 'completed', rows: 30_000}]);
		const asked = server.requests.reduce((sum, {range}) => sum + (range === null ? 0 : range.end - range.start), 0);
		expect(asked).toBeLessThan(large.length + 400_000);
	});
});

describe('one file of an archive by its name', () => {
	test.each(['a.zip', 'a.tar.gz'])('of %s', async name => {
		const key = `one/${name}`;
		await store.put(key, archives[name] ?? archives[`in/${name}`] ?? '');
		const url = serve(name, archives[name] ?? archives[`in/${name}`] ?? Buffer.alloc(0));
		for (const archive of [`s3://${store.bucket}/${key}`, url]) {
			const paths = [`${archive}!deep/b.csv`, `${archive}!none.csv`, `${archive}!notes.md`, `${archive}!deep/b.csv`];
			const {entries} = await planFiles(paths);
			expect(entries.map(({file, type}) => [file, type])).toEqual([
				[`${archive}!deep/b.csv`, 'file'],
				[`${archive}!none.csv`, 'unreadable'],
				[`${archive}!notes.md`, 'file'],
			]);
		}
	});

	test('an object that is called so comes first, and an archive that is not there is missing', async () => {
		await store.put('odd/a.zip!b.csv', table(5, 1));
		const {entries} = await planFiles([`s3://${store.bucket}/odd/a.zip!b.csv`]);
		expect(entries).toMatchObject([{type: 'file', source: {kind: 's3', key: 'odd/a.zip!b.csv'}}]);
		const {unmatched} = await planFiles([`s3://${store.bucket}/odd/c.zip!b.csv`, `${server.url}/c.zip!b.csv`]);
		expect(unmatched).toHaveLength(2);
	});

	test('where what is missing is answered as what is refused', async () => {
		const url = serve('a.zip', zipOf(members));
		server.fault = ({path}) => (path.includes('!') ? {type: 'status', status: 403} : null);
		const {entries} = await planFiles([`${url}!deep/b.csv`]);
		expect(entries).toMatchObject([{type: 'file', file: `${url}!deep/b.csv`, source: {kind: 'member'}}]);
	});
});

test('with a new password in its address, the same archive is read by that', async () => {
	const url = serve('a.zip', zipOf(members));
	for (const user of ['ann', 'ben']) {
		const {entries} = await planFiles([`${url.replace('//', `//${user}:secret@`)}!large.csv`]);
		const [entry] = entries;
		const source = entry?.type === 'file' ? entry.source : null;
		if (source?.kind !== 'member' || source.archive.kind !== 'http') throw expect.fail();
		server.requests.length = 0;
		const opened = await openRemoteMember(source, source.archive, {maxUnpackedBytes: 1e9, maxUnpackRatio: 1e3});
		while ((await opened.read(new Uint8Array(65_536))) > 0);
		opened.close();
		const expected = `Basic ${Buffer.from(`${user}:secret`).toString('base64')}`;
		expect(new Set(server.requests.map(({headers}) => headers.authorization))).toEqual(new Set([expected]));
	}
});

test.each([
	true,
	false,
])('an archive that is replaced after it was listed fails by name; its server knows conditions: %s', async knows => {
	server.ignoresConditions = !knows;
	const url = serve('a.zip', zipOf(members));
	let isListed = false;
	server.fault = ({range}) => {
		// The list is at the end; what is asked for in front of it is a file.
		if (range !== null && range.start === 0 && range.end > 1 && !isListed) {
			isListed = true;
			serve('a.zip', zipOf(members), '"2"');
		}
		return null;
	};
	const {files} = await processBatch([url], {threads: 1, retries: 0});
	expect(isListed).toBe(true);
	const read = files.filter(({file}) => !file.endsWith('.zip'));
	expect(read).not.toEqual([]);
	for (const {status, error} of read) expect([status, error?.code]).toEqual(['failed', 'CHANGED_WHILE_READING']);
});

test('of a server that gives no parts, or says of no version, it is said what to do', async () => {
	const url = serve('a.zip', zipOf(members));
	server.hasRanges = false;
	const {entries} = await planFiles([url]);
	expect(entries).toMatchObject([{type: 'unreadable', file: url, error: {code: 'ARCHIVE_ELSEWHERE'}}]);
	server.hasRanges = true;
	server.files.set('/a.zip', {data: zipOf(members)});
	expect((await planFiles([url])).entries).toMatchObject([{error: {code: 'ARCHIVE_ELSEWHERE'}}]);
});
