import {gzipSync} from 'node:zlib';
import {afterAll, beforeAll, beforeEach, expect, test} from 'vitest';
import {planFiles} from '../../source/engine/plan/plan-files.ts';
import {type ProcessOptions, processBatch, type Report} from '../../source/index.ts';
import {RANGE_BYTES} from '../../source/remote/range-reader.ts';
import {type FileServer, startFileServer} from '../helpers/file-server.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

let server: FileServer;
beforeAll(async () => {
	server = await startFileServer();
});
afterAll(() => server.stop());
beforeEach(() => {
	server.fault = () => null;
	server.hasRanges = true;
	server.ignoresConditions = false;
	server.requests.length = 0;
	server.files.clear();
});

const table = (rows: number, seed = 1): string =>
	`transaction_id,user_id,amount,timestamp,category\n${Array.from(
		{length: rows},
		(_, row) =>
			`t${seed}-${row},u${(row * 7) % 97},${(row % 1000) / 100},2026-01-11T10:00:00Z,${row % 13 === 0 ? '"a, b\nc"' : `c${row % 5}`}\n`,
	).join('')}`;

const serve = (
	name: string,
	data: string | Uint8Array,
	version: {etag?: string; lastModified?: string} = {etag: '"1"'},
): string => {
	server.files.set(`/${name}`, {data: Buffer.from(data), ...version});
	return `${server.url}/${name}`;
};

const comparable = ({files, analyses}: Report): unknown => ({
	analyses,
	files: files.map(({processing_time, file, ...others}) => others),
});

async function expectSame(name: string, data: string | Uint8Array, options: ProcessOptions = {}): Promise<Report> {
	const url = serve(name, data);
	const there = await processBatch([url], options);
	const here = await processBatch([createTemporaryFolder().write(name, data)], options);
	expect(comparable(there)).toEqual(comparable(here));
	return there;
}

const large = table(60_000);
const ranged = {threads: 3, chunkBytes: 7000} satisfies ProcessOptions;

test.each([{}, ranged])('a file of a web server gives the report of the same file here', async options => {
	const {files} = await expectSame('a%20table.csv', large, options);
	expect(files[0]).toMatchObject({status: 'completed', file: `${server.url}/a%20table.csv`, rows: 60_000});
	await expectSame('packed.csv.gz', gzipSync(large), options);
	await expectSame('empty.csv', '', options);
});

test('without ranges, a file is read as a stream by one thread', async () => {
	server.hasRanges = false;
	await expectSame('a.csv', large, ranged);
});

test('without anything that says which version it is, a file is read by one request', async () => {
	const url = serve('a.csv', large, {});
	const {files} = await processBatch([url], ranged);
	expect(files[0]).toMatchObject({status: 'completed', rows: 60_000});
	expect(server.requests.filter(({range}) => range === null)).toHaveLength(1);
});

test('faults that pass change nothing: a busy server, answers that are short or cut off', async () => {
	server.fault = ({range}, count) => {
		if (count % 4 === 1) return {type: 'status', status: 503};
		if (range === null || range.end - range.start < 1000 || count % 4 === 3) return null;
		return {type: 'short', bytes: 100_000, isCut: count % 2 === 0};
	};
	for (const options of [{}, ranged]) await expectSame('a.csv', large, options);
});

/** More than goes into one. */
const ofTwoRequests = table(Math.ceil((1.5 * RANGE_BYTES * 50_000) / table(50_000, 2).length), 1);

test.each([
	true,
	false,
])('a file that is replaced while it is read is read again as it is now; its server knows conditions: %s', async knows => {
	server.ignoresConditions = !knows;
	const url = serve('a.csv', ofTwoRequests, {etag: '"1"'});
	const after = table(50_000, 2);
	let isReplaced = false;
	server.fault = ({range}) => {
		// Behind what the first request asks for.
		if (!isReplaced && (range?.start ?? 0) > 500_000) {
			isReplaced = true;
			serve('a.csv', after, {etag: '"2"'});
		}
		return null;
	};
	const {files} = await processBatch([url], {threads: 1});
	expect(isReplaced).toBe(true);
	expect(files[0]).toMatchObject({status: 'completed', attempts: 2, rows: 50_000});
	const once = await processBatch([url], {threads: 1, retries: 0});
	expect(once.files[0]).toMatchObject({status: 'completed', rows: 50_000});
});

test('a file that is replaced again and again fails by name, without figures', async () => {
	let version = 0;
	const url = serve('a.csv', ofTwoRequests, {etag: '"0"'});
	server.fault = ({range}) => {
		if ((range?.start ?? 0) > 500_000) serve('a.csv', ofTwoRequests, {etag: `"${++version}"`});
		return null;
	};
	const {files} = await processBatch([url], {threads: 1, retries: 0});
	expect(files[0]).toMatchObject({
		...{status: 'failed', result: null},
		error: {code: 'CHANGED_WHILE_READING', message: expect.stringContaining('The object changed while it was read')},
	});
});

test.each([
	[404, 'NO_SUCH_OBJECT'],
	[403, 'ACCESS_DENIED'],
	[418, 'HTTP_STATUS'],
])('of an answer %d it is said what it is: %s', async (status, code) => {
	const url = serve('a.csv', large);
	const other = serve('b.csv', 'id\n1\n');
	server.fault = ({path}) => (path === '/a.csv' ? {type: 'status', status} : null);
	const {files} = await processBatch([url, other], {threads: 1, retries: 0});
	expect(files[0]?.error).toMatchObject({
		code,
		message: expect.stringContaining(`(${status})`.replace('(418)', 'answered 418')),
	});
});

test('what is secret in an address is sent, and never shown', async () => {
	serve('a.csv', table(10));
	const {port} = new URL(server.url);
	const url = `http://anna:pass%20word@127.0.0.1:${port}/a.csv?day=2026-01-01&X-Amz-Signature=abcdef&sig=xyz`;
	const events: unknown[] = [];
	const report = await processBatch([url], {threads: 1, onEvent: event => events.push(event)});
	expect(report.files[0]).toMatchObject({status: 'completed', file: `http://127.0.0.1:${port}/a.csv?day=2026-01-01`});
	expect(JSON.stringify([report, events])).not.toMatch(/anna|pass|abcdef|xyz/);
	expect(server.requests.at(-1)?.headers.authorization).toBe(
		`Basic ${Buffer.from('anna:pass word').toString('base64')}`,
	);
});

test('nobody at an address, no machine of a name, and no such address', async () => {
	const {files} = await processBatch(
		['http://127.0.0.1:1/a.csv', 'https://no-such-host.invalid/a.csv', 'http://[/a.csv'],
		{
			...{threads: 1, retries: 0},
		},
	);
	const codes = files.map(({file, error}) => [file, error?.code]);
	expect(Object.fromEntries(codes)).toEqual({
		'http://127.0.0.1:1/a.csv': 'CONNECTION_REFUSED',
		'https://no-such-host.invalid/a.csv': 'NO_SUCH_HOST',
		'http://[/a.csv': 'BAD_ADDRESS',
	});
});

test('what a server has not is found when the run is planned', async () => {
	expect(await planFiles([`${server.url}/none.csv`])).toMatchObject({
		entries: [],
		unmatched: [`The server has no ${server.url}/none.csv (404): check the address`],
	});
});
