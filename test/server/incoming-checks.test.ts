// What is not taken of files that are sent in, and why.
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {brotliCompressSync, gzipSync} from 'node:zlib';
import {expect, test} from 'vitest';
import {findNameFault} from '../../source/server/incoming-names.ts';
import {formOf, GOOD_FILE, startTestServer} from '../helpers/server.ts';
import {tarOf} from '../helpers/tar.ts';
import {zipOf} from '../helpers/zip.ts';

test.each([
	...['.DS_Store', '._sales.csv', 'Thumbs.db', 'thumbs.DB', 'desktop.ini', '~$sales.xlsx', '.~lock.sales.csv#'],
	...['sales.csv.part', 'sales.csv.crdownload'],
])('nobody has sent %s on purpose', name => {
	expect(findNameFault(name)).toMatch(/^By its name it is /);
});

test.each(['sales.csv', 'part.csv', '.sales.csv', 'a~$b.csv', 'DS_Store', 'x.parts'])('%s may be data', name => {
	expect(findNameFault(name)).toBeNull();
});

const PNG = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(2_000_000)]);
const small = (count: number) =>
	Array.from({length: count}, (_, index) => ({name: `${index}.csv`, content: GOOD_FILE}));

const BAD_FILES = [
	['.DS_Store', 'x', 'JUNK_NAME'],
	['folder/~$a.xlsx', 'x'.repeat(300_000), 'JUNK_NAME'],
	['photo.csv', PNG, 'UNSUPPORTED_FORMAT'],
	['many.zip', zipOf(small(6)), 'TOO_MANY_MEMBERS'],
	['many.tar', tarOf(small(6)), 'TOO_MANY_MEMBERS'],
	['bomb.zip', zipOf([{name: 'a.csv', content: 'x'.repeat(3_000_000)}]), 'SUSPECTED_BOMB'],
	['broken.zip', Buffer.from('PK\x03\x04 and no more'), 'CORRUPT_ZIP'],
] as const;

test('of several files those that cannot be read are left out, each with its reason; the others are taken', async () => {
	const server = await startTestServer({isOpen: true, maxMembers: 5, maxUnpackedBytes: 2_000_000});
	const good = [
		['first.csv', GOOD_FILE],
		['five.zip', zipOf(small(5))],
		['packed.csv.gz', gzipSync(GOOD_FILE)],
		['wide.csv', Buffer.from(`\ufeff${GOOD_FILE}`, 'utf16le')],
	] as const;
	const [first, ...rest] = good;
	const bad = BAD_FILES.map(([name, content]) => [name, content] as const);
	const {status, json} = await server.ask('POST', '/upload', {body: formOf(first, ...bad, ...rest)});
	expect(status).toBe(201);
	expect(json.files).toMatchObject([
		{name: 'first.csv', status: 'STORED'},
		...BAD_FILES.map(([name, , code]) => ({
			...{name: name.split('/').at(-1), status: 'SKIPPED', reason: {code, message: expect.stringMatching(/./)}},
		})),
		...rest.map(([name]) => ({name, status: 'STORED'})),
	]);
	expect((await server.ask('GET', '/files')).json.files).toHaveLength(good.length);
	expect(readdirSync(join(server.dataFolder, 'files'))).toHaveLength(good.length);
	expect(readdirSync(join(server.dataFolder, 'incoming'))).toEqual([]);
	const none = await server.ask('POST', '/upload', {body: formOf(...bad)});
	expect(none).toMatchObject({status: 422, json: {code: 'NOT_TAKEN', files: json.files.slice(1, 1 + bad.length)}});
});

test('alone each is refused: by PUT, and by tus before it comes or at its end', async () => {
	const server = await startTestServer({isOpen: true, maxMembers: 5, maxUnpackedBytes: 2_000_000});
	const headers = {'tus-resumable': '1.0.0'};
	for (const [name, content, code] of BAD_FILES) {
		const body = Buffer.from(content);
		const refusal = {status: 422, json: {code: 'NOT_TAKEN', reason: {code}}};
		expect(await server.ask('PUT', `/api/files/${encodeURIComponent(name)}`, {body}), name).toMatchObject(refusal);
		const metadata = `filename ${Buffer.from(name).toString('base64')}`;
		const created = await server.ask('POST', '/api/uploads', {
			headers: {...headers, 'upload-length': String(body.length), 'upload-metadata': metadata},
		});
		if (code === 'JUNK_NAME') {
			expect(created, name).toMatchObject(refusal);
			continue;
		}
		const path = created.headers.get('location') ?? '';
		const last = await server.ask('PATCH', path, {
			headers: {...headers, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream'},
			body,
		});
		expect(last, name).toMatchObject(refusal);
		expect((await server.ask('HEAD', path, {headers})).status, name).toBe(404);
	}
	for (const folder of ['incoming', 'files']) expect(readdirSync(join(server.dataFolder, folder))).toEqual([]);
});

test('what only reading shows fails the task: a packed file that unpacks to too much, a packed archive of too many', async () => {
	const server = await startTestServer({isOpen: true, maxMembers: 5, maxUnpackedBytes: 2_000_000});
	const cases = [
		['large.csv.gz', gzipSync(GOOD_FILE.repeat(10_000)), 'SUSPECTED_BOMB'],
		['many.tar.gz', gzipSync(tarOf(small(6))), 'TOO_MANY_MEMBERS'],
	] as const;
	for (const [name, content, code] of cases) {
		const id = await server.run(null, await server.upload(null, name, content));
		expect((await server.untilTask(null, id, 'FAILED', 'COMPLETED')).error, name).toMatchObject({code});
	}
});

test('how a file is packed may be said by its name alone, also where it lies under another one', async () => {
	const server = await startTestServer({isOpen: true});
	for (const text of [GOOD_FILE, GOOD_FILE.repeat(500)]) {
		const id = await server.run(null, await server.upload(null, 'a.csv.br', brotliCompressSync(text)));
		const ended = await server.untilTask(null, id, 'FAILED', 'COMPLETED');
		expect(ended).toMatchObject({status: 'COMPLETED', rows: text.split('\n').length - 2});
	}
});
