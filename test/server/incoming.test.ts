// Files that are sent in whole: what is said of their bytes is checked, and nothing is sent that would be refused.
import {execFile} from 'node:child_process';
import {createHash} from 'node:crypto';
import {once} from 'node:events';
import {readdirSync} from 'node:fs';
import {connect} from 'node:net';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {expect, test, vi} from 'vitest';
import {PATIENT} from '../helpers/patient.ts';
import {formOf, GOOD_FILE, startTestServer, type TestServer} from '../helpers/server.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const inFolder = ({dataFolder}: TestServer, name: string): readonly string[] => readdirSync(join(dataFolder, name));
const digestOf = (bytes: string | Buffer, algorithm = 'sha256'): string =>
	createHash(algorithm).update(bytes).digest('base64');

test('curl -T sends a file in, under the name in the path', async () => {
	const server = await startTestServer({isOpen: true});
	const path = createTemporaryFolder().write('ümläut & more.csv', GOOD_FILE);
	const sent = await promisify(execFile)('curl', ['-sSf', '-T', path, `${server.url}/api/v1/files/`]);
	const file = JSON.parse(sent.stdout);
	const sha256 = createHash('sha256').update(GOOD_FILE).digest('hex');
	expect(file).toMatchObject({name: 'ümläut & more.csv', size: GOOD_FILE.length, sha256, status: 'STORED'});
	expect((await server.ask('GET', file.links.original)).text).toBe(GOOD_FILE);
	// Whatever it is said to be; JSON is not parsed.
	const json = await server.ask('PUT', '/api/files/..%2F..%2Fevil.json', {json: {a: 1}});
	expect(json).toMatchObject({status: 201, json: {name: 'evil.json', size: 7}});
	expect(json.headers.get('location')).toBe(json.json.links.self);
	const part = await server.ask('PUT', '/api/files/a.csv', {body: 'x', headers: {'content-range': 'bytes 0-0/9'}});
	expect(part).toMatchObject({status: 400, json: {code: 'NO_PARTS'}});
	expect(await server.ask('PUT', '/api/files/empty.csv')).toMatchObject({status: 201, json: {size: 0}});
	expect(inFolder(server, 'incoming')).toEqual([]);
	expect(inFolder(server, 'files')).toHaveLength(3);
});

test.each([
	'content-digest',
	'repr-digest',
])('with %s, other bytes are refused, and nothing of them is kept', async header => {
	const server = await startTestServer({isOpen: true});
	const put = (value: string) =>
		server.ask('PUT', '/api/v1/files/a.csv', {body: GOOD_FILE, headers: {[header]: value}});
	const right = [digestOf(GOOD_FILE), digestOf(GOOD_FILE, 'sha512')] as const;
	expect((await put(`sha-256=:${right[0]}:`)).status).toBe(201);
	expect((await put(`sha-512=:${right[1]}: , sha-256=:${right[0]}:, md5=:AAAA:`)).status).toBe(201);
	const wrong = await put(`sha-256=:${right[0]}:, sha-512=:${digestOf('other', 'sha512')}:`);
	expect(wrong).toMatchObject({status: 400, json: {code: 'WRONG_DIGEST', detail: expect.stringContaining(right[1])}});
	for (const bad of ['', 'sha-256', `sha-256=${right[0]}`, 'sha-256=:AAAA:', 'md5=:AAAA:', `sha-256=:${right[1]}:`])
		expect(await put(bad), bad).toMatchObject({status: 400, json: {code: 'BAD_DIGEST'}});
	// Of a form it is that of the whole body.
	const form = `--q\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n${GOOD_FILE}\r\n--q--\r\n`;
	const post = (digest: string) =>
		server.ask('POST', '/upload', {
			headers: {'content-type': 'multipart/form-data; boundary=q', [header]: `sha-256=:${digest}:`},
			body: form,
		});
	expect(await post(right[0])).toMatchObject({status: 400, json: {code: 'WRONG_DIGEST'}});
	expect((await post(digestOf(form))).status).toBe(201);
	expect(inFolder(server, 'incoming')).toEqual([]);
	expect(inFolder(server, 'files')).toHaveLength(3);
	expect((await server.ask('GET', '/files')).json.files).toHaveLength(3);
});

/** Sends the head of a request alone, and waits for what comes back. */
async function answerToHead(server: TestServer, ...head: readonly string[]): Promise<string> {
	const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
	socket.write(`${[...head, 'Host: 127.0.0.1', 'Expect: 100-continue'].join('\r\n')}\r\n\r\n`);
	const [answer] = await once(socket, 'data');
	socket.destroy();
	return String(answer);
}

test('who asks first is refused before a byte is sent, with the numbers, and is told to go on where nothing is in the way', async () => {
	const server = await startTestServer({isOpen: true, quotaBytes: 10_000, maxUploadBytes: 20_000});
	const multipart = 'Content-Type: multipart/form-data; boundary=q';
	const heads = [
		['PUT /api/v1/files/a.csv HTTP/1.1', 'Content-Length: 10001'],
		['POST /upload HTTP/1.1', multipart, 'Content-Length: 10001'],
	];
	for (const head of heads) {
		const answer = await answerToHead(server, ...head);
		expect(answer).toMatch(/^HTTP\/1\.1 413 /);
		expect(answer).toContain('"used_bytes":0,"quota_bytes":10000');
	}
	expect(await answerToHead(server, 'PUT /api/files/a.csv HTTP/1.1', 'Content-Length: 20001')).toContain('TOO_LARGE');
	expect(await answerToHead(server, 'PUT /api/files/a.csv HTTP/1.1', 'Content-Length: 9')).toMatch(
		/^HTTP\/1\.1 100 Continue\r\n\r\n$/,
	);
	await vi.waitFor(() => expect(inFolder(server, 'incoming')).toEqual([]), PATIENT);
	const upload = await server.ask('POST', '/upload', {body: formOf(['a.csv', 'x'])});
	expect(upload.status).toBe(201);
});

test('a file that turns out too large, or is cut off, leaves nothing, and who sends it is told', async () => {
	const server = await startTestServer({isOpen: true, maxUploadBytes: 1_000_000});
	const large = await fetch(`${server.url}/api/files/a.csv`, {
		...{method: 'PUT', body: new Blob(['x'.repeat(3_000_000)]).stream(), duplex: 'half'},
	} as RequestInit);
	expect([large.status, ((await large.json()) as {code: string}).code]).toEqual([413, 'TOO_LARGE']);
	const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
	socket.write('PUT /api/files/a.csv HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 500000\r\n\r\nabc');
	await vi.waitFor(() => expect(inFolder(server, 'incoming')).toHaveLength(1), PATIENT);
	socket.destroy();
	await vi.waitFor(() => expect(inFolder(server, 'incoming')).toEqual([]), PATIENT);
	expect(inFolder(server, 'files')).toEqual([]);
});
