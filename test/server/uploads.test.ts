import {createHash} from 'node:crypto';
import {readdirSync} from 'node:fs';
import {connect} from 'node:net';
import {join} from 'node:path';
import {expect, test, vi} from 'vitest';
import {PATIENT} from '../helpers/patient.ts';
import {formOf, GOOD_FILE, startTestServer, type TestServer} from '../helpers/server.ts';

const inFolder = ({dataFolder}: TestServer, name: string): readonly string[] => readdirSync(join(dataFolder, name));

test('files come in as they are, several at once, and are listed page by page', async () => {
	const server = await startTestServer({isOpen: true});
	const contents = ['a\n1\n', '', Buffer.from([0, 255, 13, 10])];
	const form = formOf(...contents.map((content, number) => [`${number}.csv`, content] as const));
	const {status, json} = await server.ask('POST', '/api/v1/upload', {body: form});
	expect(status).toBe(201);
	expect(json.files).toMatchObject(
		contents.map((content, number) => ({
			...{name: `${number}.csv`, size: content.length, status: 'STORED', expires_at: null},
			sha256: createHash('sha256').update(content).digest('hex'),
		})),
	);
	const first = await server.ask('GET', '/files?limit=2');
	expect(first.json.files).toMatchObject(json.files.slice(0, 2));
	expect(first.headers.get('link')).toBe(
		`</files?limit=2&cursor=${first.json.next_cursor}>; rel="next", </openapi.json>; rel="service-desc"`,
	);
	const rest = await server.ask('GET', `/api/files?limit=2&cursor=${first.json.next_cursor}`);
	expect(rest.json).toMatchObject({files: json.files.slice(2), next_cursor: null});
	for (const query of ['limit=0', 'limit=1001', 'limit=x', 'cursor=!'])
		expect((await server.ask('GET', `/files?${query}`)).status, query).toBe(400);
});

test('names are data: no file is made outside, and each name can be shown', async () => {
	const server = await startTestServer({isOpen: true});
	const long = `${'ü'.repeat(200)}.csv.gz`;
	const names = [
		...[
			['../../../evil.csv', 'evil.csv'],
			['..\\..\\evil.csv', 'evil.csv'],
			['/etc/evil.csv', 'evil.csv'],
		],
		...[
			['..', 'unnamed'],
			['.', 'unnamed'],
			['a/', 'unnamed'],
			['<img src=x>.csv', '<img src=x>.csv'],
		],
		...[
			['表.csv', '表.csv'],
			['\u202evsc.csv', '\u202evsc.csv'],
			[long, `${'ü'.repeat(124)}.csv.gz`],
		],
	] as const;
	for (const [given, kept] of names) {
		const {json} = await server.ask('POST', '/upload', {body: formOf([given, 'x'])});
		expect(json.files[0].name, given).toBe(kept);
		expect(json.files[0].file_id).toMatch(/^f_[0-9a-hjkmnp-tv-z]{26}$/);
	}
	expect(inFolder(server, 'files')).toHaveLength(names.length);
	expect(inFolder(server, 'incoming')).toEqual([]);
	expect(inFolder(server, '.').toSorted()).toEqual(
		['files', 'incoming', 'ledger.db', 'ledger.db-shm', 'ledger.db-wal', 'lock', 'rejects', 'tables'].toSorted(),
	);
});

test('an upload that is cut off leaves nothing', async () => {
	const server = await startTestServer({isOpen: true});
	const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
	const head = [
		...[
			'POST /upload HTTP/1.1',
			'Host: 127.0.0.1',
			'Content-Type: multipart/form-data; boundary=q',
			'Content-Length: 999999',
		],
		...['', '--q', 'Content-Disposition: form-data; name="file"; filename="cut.csv"', '', 'x'.repeat(100_000)],
	];
	socket.write(head.join('\r\n'));
	await vi.waitFor(() => expect(inFolder(server, 'incoming')).toHaveLength(1), PATIENT);
	socket.destroy();
	await vi.waitFor(() => expect(inFolder(server, 'incoming')).toEqual([]), PATIENT);
	expect(inFolder(server, 'files')).toEqual([]);
	expect((await server.ask('GET', '/files')).json.files).toEqual([]);
});

test('a file that is too large is refused, with the limit, and nothing of it stays', async () => {
	const server = await startTestServer({isOpen: true, maxUploadBytes: 10_000});
	const fits = await server.ask('POST', '/upload', {body: formOf(['fits.csv', 'x'.repeat(9_000)])});
	expect(fits.status).toBe(201);
	// Within what the request may have as a whole, or not announced at all.
	const chunked = await fetch(`${server.url}/upload`, {
		method: 'POST',
		headers: {'content-type': 'multipart/form-data; boundary=q'},
		body: new Blob([
			'--q\r\nContent-Disposition: form-data; name="file"; filename="large.csv"\r\n\r\n',
			'x'.repeat(10_001),
			'\r\n--q--\r\n',
		]).stream(),
		duplex: 'half',
	} as RequestInit);
	expect(chunked.status).toBe(413);
	expect(await chunked.json()).toMatchObject({code: 'TOO_LARGE', max_upload_bytes: 10_000});
	expect(inFolder(server, 'incoming')).toEqual([]);
	expect((await server.ask('GET', '/files')).json.files).toHaveLength(1);
	expect(inFolder(server, 'files')).toHaveLength(1);
});

test('uploads that are announced at the same moment do not get the same room', async () => {
	const server = await startTestServer({isOpen: true, quotaBytes: 10_000});
	const announce = () =>
		server.ask('POST', '/api/v1/uploads', {headers: {'tus-resumable': '1.0.0', 'upload-length': '4000'}});
	const answers = await Promise.all(Array.from({length: 8}, announce));
	expect(answers.map(({status}) => status).sort()).toEqual([201, 201, ...Array<number>(6).fill(413)]);
	expect((await server.ask('GET', '/api/v1/usage')).json.bytes.used).toBe(8_000);
});

test('a quota is told with its numbers before a byte is sent, holds for what nobody announces, and what is removed is free again', async () => {
	const server = await startTestServer({isOpen: true, quotaBytes: 10_000, quotaFiles: 2});
	const first = await server.upload(null, 'a.csv', 'x'.repeat(6_000));
	const refused = await server.ask('POST', '/upload', {body: formOf(['b.csv', 'x'.repeat(6_000)])});
	expect(refused).toMatchObject({
		status: 413,
		json: {code: 'QUOTA_EXCEEDED', used_bytes: 6_000, quota_bytes: 10_000, used_files: 1, quota_files: 2},
	});
	const part = '--q\r\nContent-Disposition: form-data; name="file"; filename="b.csv"\r\n\r\n';
	const chunked = await fetch(`${server.url}/upload`, {
		method: 'POST',
		headers: {'content-type': 'multipart/form-data; boundary=q'},
		body: new Blob([part, 'x'.repeat(6_000), '\r\n--q--\r\n']).stream(),
		duplex: 'half',
	} as RequestInit);
	expect(chunked.status).toBe(413);
	expect(await chunked.json()).toMatchObject({code: 'QUOTA_EXCEEDED', used_bytes: 6_000});
	const tus = await server.ask('POST', '/api/v1/uploads', {
		headers: {'tus-resumable': '1.0.0', 'upload-length': '6000'},
	});
	expect(tus.status).toBe(413);
	expect(inFolder(server, 'incoming')).toEqual([]);
	expect((await server.ask('DELETE', `/api/files/${first}`)).status).toBe(204);
	expect(inFolder(server, 'files')).toEqual([]);
	await server.upload(null, 'a.csv', 'x'.repeat(6_000));
	await server.upload(null, 'b.csv', 'x');
	const third = await server.ask('POST', '/upload', {body: formOf(['c.csv', 'x'])});
	expect(third).toMatchObject({status: 413, json: {used_files: 2}});
});

test('what is not multipart, or has no file, is told so', async () => {
	const server = await startTestServer({isOpen: true});
	const codeOf = async (type: string, body: string): Promise<readonly unknown[]> => {
		const {status, json} = await server.ask('POST', '/upload', {headers: {'content-type': type}, body});
		return [status, json.code];
	};
	expect(await codeOf('application/json', '{}')).toEqual([400, 'NOT_MULTIPART']);
	const field = '--q\r\nContent-Disposition: form-data; name="x"\r\n\r\nabc\r\n--q--\r\n';
	expect(await codeOf('multipart/form-data; boundary=q', field)).toEqual([400, 'NO_FILE']);
	for (const body of [
		'--q\r\n',
		'--q\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nabc',
		'hello',
	])
		expect((await codeOf('multipart/form-data; boundary=q', body))[0], body).toBe(400);
	expect((await server.ask('GET', '/files')).json.files).toEqual([]);
	expect(await server.upload(null, 'a.csv', GOOD_FILE)).toMatch(/^f_/);
});

test('where one file of several is refused nobody is told of the others, and nothing of them stays', async () => {
	const server = await startTestServer({isOpen: true, maxUploadBytes: 1000});
	const body = formOf(['one.csv', 'a,b\n1,2\n'], ['two.csv', 'x'.repeat(5000)]);
	expect((await server.ask('POST', '/upload', {body})).status).toBe(413);
	expect((await server.ask('GET', '/files')).json.files).toEqual([]);
});
