// Uploads whose length nobody knows when they begin: streams. They are complete when it is declared and reached, and no limit is passed before.
import {createHash, randomBytes} from 'node:crypto';
import {appendFileSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {Readable} from 'node:stream';
import {Upload} from 'tus-js-client';
import {expect, test} from 'vitest';
import {startTestServer, type TestServer} from '../helpers/server.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const headers = {'tus-resumable': '1.0.0'};
const begin = (server: TestServer, more: Readonly<Record<string, string>> = {}, body?: string) =>
	server.ask('POST', '/api/v1/uploads', {
		headers: {...headers, 'upload-defer-length': '1', ...more},
		...(body !== undefined && {body}),
	});

async function begun(server: TestServer, more: Readonly<Record<string, string>> = {}): Promise<string> {
	const {status, headers: shown} = await begin(server, more);
	expect(status).toBe(201);
	return shown.get('location') ?? '';
}

const patch = (
	server: TestServer,
	path: string,
	offset: number,
	bytes: string | Uint8Array,
	{length, ...more}: {readonly length?: number; readonly [name: string]: string | number | undefined} = {},
) =>
	server.ask('PATCH', path, {
		headers: {
			...{...headers, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream'},
			...(length !== undefined && {'upload-length': String(length)}),
			...(more as Record<string, string>),
		},
		body: typeof bytes === 'string' ? bytes : new Uint8Array(bytes),
	});

/** Without a length of the body. */
async function stream(server: TestServer, path: string, offset: number, pieces: Iterable<Uint8Array>) {
	const answer = await fetch(server.url + path, {
		method: 'PATCH',
		headers: {...headers, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream'},
		body: Readable.toWeb(Readable.from(pieces)) as ReadableStream,
		duplex: 'half',
	} as RequestInit);
	return {status: answer.status, json: JSON.parse((await answer.text()) || 'null')};
}

async function stateOf(server: TestServer, path: string): Promise<readonly (string | null)[]> {
	const {headers: shown} = await server.ask('HEAD', path, {headers});
	return ['upload-offset', 'upload-length', 'upload-defer-length'].map(name => shown.get(name));
}

const original = async (server: TestServer): Promise<readonly string[]> => {
	const {files} = (await server.ask('GET', '/files')).json;
	return Promise.all(
		files.map(async ({links}: {links: {original: string}}) => (await server.ask('GET', links.original)).text),
	);
};

test('tus-js-client sends a stream whose end nobody knows, also across a restart of the server', async () => {
	const server = await startTestServer({isOpen: true});
	const bytes = randomBytes(1_500_000);
	const pieces = Array.from({length: 15}, (_, n) => bytes.subarray(n * 100_000, (n + 1) * 100_000));
	let restarted: Promise<void> | null = null;
	const sent: (string | undefined)[] = [];
	const id = await new Promise<string>((resolve, reject) => {
		let fileId = '';
		new Upload(Readable.from(pieces), {
			endpoint: `${server.url}/api/v1/uploads`,
			chunkSize: 256 * 1024,
			uploadLengthDeferred: true,
			retryDelays: Array(100).fill(50),
			metadata: {filename: 'stream.bin'},
			onBeforeRequest: request => void sent.push(request.getHeader('Upload-Length')),
			onAfterResponse: (_, response) => {
				fileId = response.getHeader('upload-file-id') ?? fileId;
			},
			onChunkComplete: (_, accepted) => {
				if (accepted >= 500_000) restarted ??= server.restart();
			},
			onError: reject,
			onSuccess: () => resolve(fileId),
		}).start();
	});
	await restarted;
	expect(restarted).not.toBeNull();
	// It is declared with the last piece only.
	expect(sent.filter(length => length !== undefined).at(-1)).toBe('1500000');
	expect(sent.slice(0, 3)).toEqual([undefined, undefined, undefined]);
	const {json} = await server.ask('GET', `/api/v1/files/${id}`);
	expect(json).toMatchObject({size: 1_500_000, sha256: createHash('sha256').update(bytes).digest('hex')});
	expect(readFileSync(join(server.dataFolder, 'files', id)).equals(bytes)).toBe(true);
	expect(readdirSync(join(server.dataFolder, 'incoming'))).toEqual([]);
});

test('until its length is declared an upload says so, is not complete, and goes on after a restart', async () => {
	const server = await startTestServer({isOpen: true});
	const path = await begun(server);
	expect(await stateOf(server, path)).toEqual(['0', null, '1']);
	expect((await patch(server, path, 0, 'a,b\n')).status).toBe(204);
	await server.restart();
	expect(await stateOf(server, path)).toEqual(['4', null, '1']);
	expect(await original(server)).toEqual([]);
	expect((await patch(server, path, 4, '1,', {length: 8})).status).toBe(204);
	await server.restart();
	expect(await stateOf(server, path)).toEqual(['6', '8', null]);
	expect(await original(server)).toEqual([]);
	// Who has not heard the answer declares the same again.
	const {headers: shown} = await patch(server, path, 6, '2\n', {length: 8});
	expect(shown.get('upload-file-id')).toMatch(/^f_/);
	expect(await original(server)).toEqual(['a,b\n1,2\n']);
});

test('a length is declared once, is none that is smaller than what has come, and is no more than may come', async () => {
	const server = await startTestServer({isOpen: true, maxUploadBytes: 100});
	for (const wrong of ['0', '2', 'yes'])
		expect((await begin(server, {'upload-defer-length': wrong})).status, wrong).toBe(400);
	expect((await begin(server, {'upload-length': '5'})).status).toBe(400);
	const path = await begun(server);
	await patch(server, path, 0, '12345');
	const refused = [
		{length: 4, bytes: '', answer: {status: 400, json: {code: 'BAD_REQUEST'}}},
		{length: -1, bytes: '', answer: {status: 400, json: {code: 'BAD_REQUEST'}}},
		{length: 101, bytes: '', answer: {status: 413, json: {code: 'TOO_LARGE', max_upload_bytes: 100}}},
		{length: 6, bytes: '678', answer: {status: 413, json: {code: 'TOO_LARGE'}}},
	];
	for (const {length, bytes, answer} of refused) {
		expect(await patch(server, path, 5, bytes, {length}), String(length)).toMatchObject(answer);
		expect(await stateOf(server, path), String(length)).toEqual(['5', null, '1']);
	}
	expect((await patch(server, path, 5, '6', {length: 8})).status).toBe(204);
	expect(await patch(server, path, 6, '', {length: 9})).toMatchObject({
		status: 400,
		json: {detail: expect.stringContaining('declared once')},
	});
	expect(await patch(server, path, 6, '7890')).toMatchObject({status: 413, json: {code: 'TOO_LARGE'}});
	expect(await stateOf(server, path)).toEqual(['6', '8', null]);
	expect((await patch(server, path, 6, '78')).headers.get('upload-file-id')).toMatch(/^f_/);
});

test.for([
	['plain', false],
	['encrypted', true],
] as const)('a length that is declared when all has come completes the upload, also of no bytes at all: %s', async ([
	,
	isEncrypted,
]) => {
	const key = createTemporaryFolder().at('key');
	writeFileSync(key, randomBytes(32).toString('hex'), {mode: 0o600});
	const server = await startTestServer({isOpen: true, ...(isEncrypted && {encryptionKeyFile: key})});
	const contents = ['', 'a\n1\n', 'x'.repeat(64 * 1024), 'y'.repeat(64 * 1024 + 1)];
	for (const content of contents) {
		const sha256 = createHash('sha256').update(content).digest('hex');
		const path = await begun(server, {'upload-metadata': `sha256 ${Buffer.from(sha256).toString('base64')}`});
		if (content !== '') expect((await patch(server, path, 0, content)).status).toBe(204);
		if (content.length > 4) await server.restart();
		const {headers: shown} = await patch(server, path, content.length, '', {length: content.length});
		expect(shown.get('upload-file-id')).toMatch(/^f_/);
	}
	expect(await original(server)).toEqual(contents);
	expect(readdirSync(join(server.dataFolder, 'incoming'))).toEqual([]);
	// The hash of all is looked at as with any other.
	const path = await begun(server, {'upload-metadata': `sha256 ${Buffer.from('0'.repeat(64)).toString('base64')}`});
	await patch(server, path, 0, 'ab');
	expect(await patch(server, path, 2, 'c', {length: 3})).toMatchObject({json: {code: 'WRONG_SHA256'}});
});

test('no more comes than a file or the account may have, whether it is announced or not', async () => {
	const server = await startTestServer({isOpen: true, maxUploadBytes: 600_000, quotaBytes: 1_000_000, quotaFiles: 2});
	const piece = Buffer.alloc(100_000, 'x');
	const path = await begun(server);
	expect((await patch(server, path, 0, piece)).status).toBe(204);
	const tooLarge = {status: 413, json: {code: 'TOO_LARGE', max_upload_bytes: 600_000}};
	expect(await patch(server, path, 100_000, Buffer.alloc(500_001))).toMatchObject(tooLarge);
	expect(await stream(server, path, 100_000, Array(7).fill(piece))).toMatchObject(tooLarge);
	// What is not acknowledged takes no room, of the account or on the disk.
	const file = join(server.dataFolder, 'incoming', path.split('/').at(-1) ?? '');
	expect(statSync(file).size).toBe(100_000);
	expect((await stream(server, path, 100_000, Array(5).fill(piece))).status).toBe(204);
	const other = await begun(server);
	const spent = {code: 'QUOTA_EXCEEDED', used_bytes: 600_000, quota_bytes: 1_000_000, used_files: 2, quota_files: 2};
	expect(await begin(server)).toMatchObject({status: 413, json: spent});
	expect(await stream(server, other, 0, Array(5).fill(piece))).toMatchObject({status: 413, json: spent});
	expect(await patch(server, other, 0, Buffer.alloc(400_001))).toMatchObject({status: 413, json: spent});
	expect(await patch(server, other, 0, '', {length: 400_001})).toMatchObject({status: 413, json: spent});
	expect(await stateOf(server, other)).toEqual(['0', null, '1']);
	expect((await patch(server, other, 0, Buffer.alloc(400_000), {length: 400_000})).status).toBe(204);
});

test('two that are declared, or come, at the same time are not given the same room', async () => {
	const server = await startTestServer({isOpen: true, quotaBytes: 1_000_000});
	const bytes = Buffer.alloc(600_000);
	const ways: readonly ((path: string) => Promise<{readonly status: number}>)[] = [
		path => patch(server, path, 0, '', {length: 600_000}),
		path => patch(server, path, 0, bytes),
		path => stream(server, path, 0, [bytes]),
	];
	for (const [number, send] of ways.entries()) {
		const paths = [await begun(server), await begun(server)];
		const answers = await Promise.all(paths.map(send));
		expect(answers.map(({status}) => status).toSorted(), String(number)).toEqual([204, 413]);
		for (const path of paths) await server.ask('DELETE', path, {headers});
	}
});

test('an upload that begins with more than there is room for leaves nothing', async () => {
	const server = await startTestServer({isOpen: true, maxUploadBytes: 3});
	const begins = {'content-type': 'application/offset+octet-stream'};
	expect(await begin(server, begins, 'abcd')).toMatchObject({status: 413, json: {max_upload_bytes: 3}});
	expect(readdirSync(join(server.dataFolder, 'incoming'))).toEqual([]);
	const {status, headers: shown} = await begin(server, begins, 'abc');
	expect([status, shown.get('upload-offset')]).toEqual([201, '3']);
	expect(await stateOf(server, shown.get('location') ?? '')).toEqual(['3', null, '1']);
});

test('what a server that died has left behind the acknowledged bytes is no part of the file', async () => {
	const server = await startTestServer({isOpen: true});
	const whole = await begun(server);
	const later = await begun(server);
	for (const path of [whole, later]) {
		await patch(server, path, 0, 'abc');
		appendFileSync(join(server.dataFolder, 'incoming', path.split('/').at(-1) ?? ''), 'more than comes');
	}
	await server.restart();
	await patch(server, whole, 3, '', {length: 3});
	await patch(server, later, 3, 'd');
	await patch(server, later, 4, 'e', {length: 5});
	expect(await original(server)).toEqual(['abc', 'abcde']);
});

test('who sends bytes of another checksum has declared the length, and sends them again', async () => {
	const server = await startTestServer({isOpen: true});
	const path = await begun(server);
	const checksum = `sha1 ${createHash('sha1').update('abc').digest('base64')}`;
	const send = (bytes: string) => patch(server, path, 0, bytes, {length: 3, 'upload-checksum': checksum});
	expect((await send('abd')).status).toBe(460);
	expect(await stateOf(server, path)).toEqual(['0', '3', null]);
	expect((await send('abc')).headers.get('upload-file-id')).toMatch(/^f_/);
});

test('nobody declares the length of another one’s upload, and it expires as any other does', async () => {
	const server = await startTestServer();
	const [ann, bob] = ['ann', 'bob'].map(name => server.seat(name).token);
	const asked = {token: ann ?? '', headers: {...headers, 'upload-defer-length': '1'}};
	const path = (await server.ask('POST', '/api/v1/uploads', asked)).headers.get('location') ?? '';
	const sent = {...headers, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream'};
	const declare = (token = '', length = '0') =>
		server.ask('PATCH', path, {token, headers: {...sent, 'upload-length': length}, body: ''});
	expect((await declare(bob)).status).toBe(404);
	expect((await server.ask('HEAD', path, {token: ann ?? '', headers})).headers.get('upload-defer-length')).toBe('1');
	server.writeLedger(database => database.exec('UPDATE uploads SET touched_at = 0'));
	expect(await declare(ann)).toMatchObject({status: 410, json: {code: 'EXPIRED'}});
	await server.tidyUp();
	expect(readdirSync(join(server.dataFolder, 'incoming'))).toEqual([]);
});
