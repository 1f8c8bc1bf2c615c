// Uploads in pieces, by the client that most programs use, and by hand where that one does not go.
import {createHash, randomBytes} from 'node:crypto';
import {linkSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {connect} from 'node:net';
import {join} from 'node:path';
import {Upload, type UploadOptions} from 'tus-js-client';
import {expect, test, vi} from 'vitest';
import {PATIENT} from '../helpers/patient.ts';
import {type Reply, startTestServer, type TestServer} from '../helpers/server.ts';

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
const headers = {'tus-resumable': '1.0.0'};

async function create(server: TestServer, length: number, metadata: Readonly<Record<string, string>> = {}) {
	const shown = Object.entries(metadata).map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`);
	const reply = await server.ask('POST', '/api/v1/uploads', {
		headers: {
			...headers,
			'upload-length': String(length),
			...(shown.length > 0 && {'upload-metadata': shown.join(',')}),
		},
	});
	expect(reply.status).toBe(201);
	return new URL(reply.headers.get('location') ?? '', `${server.url}/api/v1/uploads`).pathname;
}

const patch = (
	server: TestServer,
	path: string,
	offset: number,
	bytes: Uint8Array | string,
	more: Readonly<Record<string, string>> = {},
): Promise<Reply> =>
	server.ask('PATCH', path, {
		headers: {...headers, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream', ...more},
		body: typeof bytes === 'string' ? bytes : new Uint8Array(bytes),
	});

async function offsetOf(server: TestServer, path: string): Promise<number> {
	const reply = await server.ask('HEAD', path, {headers});
	expect(reply.status).toBe(200);
	return Number(reply.headers.get('upload-offset'));
}

/** Resolves with the id of the file. */
function sendByClient(server: TestServer, bytes: Buffer, options: Partial<UploadOptions> = {}): Promise<string> {
	return new Promise((resolve, reject) => {
		let fileId = '';
		new Upload(bytes, {
			endpoint: `${server.url}/api/v1/uploads`,
			chunkSize: 256 * 1024,
			retryDelays: Array(100).fill(50),
			metadata: {filename: 'sent.bin'},
			onAfterResponse: (_, response) => {
				fileId = response.getHeader('upload-file-id') ?? fileId;
			},
			onError: reject,
			onSuccess: () => resolve(fileId),
			...options,
		}).start();
	});
}

const stored = (server: TestServer, id: string): Buffer => readFileSync(join(server.dataFolder, 'files', id));

test('tus-js-client sends a file that becomes one of the account', async () => {
	const server = await startTestServer({isOpen: true});
	const bytes = randomBytes(1_000_000);
	const id = await sendByClient(server, bytes);
	expect(stored(server, id).equals(bytes)).toBe(true);
	const {json} = await server.ask('GET', `/api/v1/files/${id}`);
	expect(json).toMatchObject({name: 'sent.bin', size: 1_000_000, sha256: sha256(bytes).toString('hex')});
	expect(readdirSync(join(server.dataFolder, 'incoming'))).toEqual([]);
});

test('it goes on where it was after the server has been started anew', async () => {
	const server = await startTestServer({isOpen: true});
	const bytes = randomBytes(3_000_000);
	let restarted: Promise<void> | null = null;
	const offsets: number[] = [];
	const id = await sendByClient(server, bytes, {
		onChunkComplete: (_, accepted) => {
			offsets.push(accepted);
			if (accepted >= 1_000_000) restarted ??= server.restart();
		},
	});
	await restarted;
	expect(restarted).not.toBeNull();
	expect(stored(server, id).equals(bytes)).toBe(true);
	// No byte that was acknowledged is sent again.
	expect(offsets).toEqual(offsets.toSorted((one, other) => one - other));
	expect(offsets.at(-1)).toBe(bytes.length);
});

test('what has come before a connection breaks counts, and the rest completes it', async () => {
	const server = await startTestServer({isOpen: true});
	const bytes = randomBytes(300_000);
	const path = await create(server, bytes.length, {filename: 'cut.bin'});
	const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
	socket.write(
		[
			...[`PATCH ${path} HTTP/1.1`, 'Host: localhost', 'Tus-Resumable: 1.0.0', 'Upload-Offset: 0'],
			...['Content-Type: application/offset+octet-stream', `Content-Length: ${bytes.length}`, '', ''],
		].join('\r\n'),
	);
	socket.write(bytes.subarray(0, 200_000));
	const part = join(server.dataFolder, 'incoming', path.split('/').at(-1) ?? '');
	await vi.waitFor(() => expect(readFileSync(part).length).toBe(200_000), PATIENT);
	// Another one at the same time is refused at once, and asking how far it is is not.
	expect((await patch(server, path, 0, 'x')).status).toBe(423);
	expect(await offsetOf(server, path)).toBe(0);
	socket.destroy();
	await vi.waitFor(async () => expect(await offsetOf(server, path)).toBe(200_000), PATIENT);
	// The one that broke off is counted a moment before another one may write.
	const last = await vi.waitFor(async () => {
		const reply = await patch(server, path, 200_000, bytes.subarray(200_000));
		expect(reply.status).toBe(204);
		return reply;
	}, PATIENT);
	expect(stored(server, last.headers.get('upload-file-id') ?? '').equals(bytes)).toBe(true);
	const head = await server.ask('HEAD', path, {headers});
	expect(head.headers.get('upload-file-id')).toBe(last.headers.get('upload-file-id'));
});

test('a wrong checksum leaves nothing of its chunk, a right one lets it stay', async () => {
	const server = await startTestServer({isOpen: true});
	const path = await create(server, 6);
	const sum = (algorithm: string, text: string) =>
		`${algorithm} ${createHash(algorithm).update(text).digest('base64')}`;
	expect((await patch(server, path, 0, 'abc', {'upload-checksum': sum('sha256', 'abd')})).status).toBe(460);
	expect(await offsetOf(server, path)).toBe(0);
	expect((await patch(server, path, 0, 'abc', {'upload-checksum': sum('sha256', 'abc')})).status).toBe(204);
	expect((await patch(server, path, 3, 'def', {'upload-checksum': sum('sha1', 'xyz')})).status).toBe(460);
	expect((await patch(server, path, 3, 'def', {'upload-checksum': 'crc32 AAAA'})).status).toBe(400);
	const last = await patch(server, path, 3, 'def', {'upload-checksum': sum('sha1', 'def')});
	expect(last.status).toBe(204);
	expect(stored(server, last.headers.get('upload-file-id') ?? '').toString()).toBe('abcdef');
});

test('another place, type or version is refused, and nothing changes', async () => {
	const server = await startTestServer({isOpen: true, maxUploadBytes: 1000});
	const path = await create(server, 6);
	for (const offset of [1, 6, 7, -1])
		expect((await patch(server, path, offset, 'abc')).status, `${offset}`).not.toBe(204);
	expect((await patch(server, path, 0, 'abc', {'content-type': 'text/plain'})).status).toBe(415);
	const old = await patch(server, path, 0, 'abc', {'tus-resumable': '0.2.2'});
	expect([old.status, old.headers.get('tus-version')]).toEqual([412, '1.0.0']);
	expect((await patch(server, path, 0, 'abcdefg')).status).toBeGreaterThanOrEqual(400);
	const large = await server.ask('POST', '/api/v1/uploads', {headers: {...headers, 'upload-length': '1001'}});
	expect(large.status).toBe(413);
	expect((await patch(server, path, 0, 'abcdef')).status).toBe(204);
});

test('more bytes than were announced are refused, also where nobody says how many come', async () => {
	const server = await startTestServer({isOpen: true});
	const path = await create(server, 6);
	const sent = await fetch(server.url + path, {
		method: 'PATCH',
		headers: {...headers, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream'},
		body: new Blob(['abc', 'defg', 'x'.repeat(3_000_000)]).stream(),
		duplex: 'half',
	} as RequestInit);
	expect(sent.status).toBe(413);
	expect(await offsetOf(server, path)).toBe(0);
	expect((await patch(server, path, 0, 'abcdef')).status).toBe(204);
});

test('an upload that is ended is gone, with its bytes', async () => {
	const server = await startTestServer({isOpen: true});
	const path = await create(server, 6);
	expect((await patch(server, path, 0, 'abc')).status).toBe(204);
	expect((await server.ask('DELETE', path, {headers})).status).toBe(204);
	expect((await server.ask('HEAD', path, {headers})).status).toBe(404);
	expect(readdirSync(join(server.dataFolder, 'incoming'))).toEqual([]);
});

test('a stated sha256 is held to', async () => {
	const server = await startTestServer({isOpen: true});
	const right = await create(server, 3, {
		filename: 'a',
		sha256: sha256(Buffer.from('abc')).toString('hex').toUpperCase(),
	});
	expect((await patch(server, right, 0, 'abc')).status).toBe(204);
	const wrong = await create(server, 3, {filename: 'b', sha256: '0'.repeat(64)});
	expect((await patch(server, wrong, 0, 'abc')).status).toBe(422);
	expect((await server.ask('HEAD', wrong, {headers})).status).toBe(404);
	expect((await server.ask('GET', '/files')).json.files).toHaveLength(1);
});

test('what an upload may do is told', async () => {
	const server = await startTestServer({isOpen: true, maxUploadBytes: 12_345});
	const {status, headers: told} = await server.ask('OPTIONS', '/api/uploads');
	expect(status).toBe(204);
	expect(told.get('tus-version')).toBe('1.0.0');
	expect(told.get('tus-max-size')).toBe('12345');
	expect(told.get('tus-checksum-algorithm')).toBe('sha256,sha1');
	expect(told.get('tus-extension')?.split(',').toSorted()).toEqual([
		'checksum',
		'creation',
		'creation-defer-length',
		'creation-with-upload',
		'expiration',
		'termination',
	]);
});

test('pieces that are to be put together by the server are told to be no upload here', async () => {
	const server = await startTestServer({isOpen: true});
	const asked = {headers: {...headers, 'upload-length': '4', 'upload-concat': 'partial'}};
	expect(await server.ask('POST', '/api/v1/uploads', asked)).toMatchObject({status: 400, json: {code: 'BAD_REQUEST'}});
});

test('once it is a file nothing more is written to it, and who did not hear so is told again', async () => {
	const server = await startTestServer({isOpen: true});
	const path = await create(server, 8);
	const first = await patch(server, path, 0, '12345678');
	const again = await patch(server, path, 8, '');
	expect([first.status, again.status]).toEqual([204, 204]);
	expect(again.headers.get('upload-file-id')).toBe(first.headers.get('upload-file-id'));
	expect((await server.ask('GET', '/files')).json.files).toHaveLength(1);
});

test('an upload that is announced again by the same key is the same one, at once or later, until its file is gone', async () => {
	const server = await startTestServer({isOpen: true});
	const announce = (length: number, key = 'k1') =>
		server.ask('POST', '/api/v1/uploads', {
			headers: {...headers, 'upload-length': String(length), 'idempotency-key': key},
		});
	const both = await Promise.all([announce(4), announce(4)]);
	const [path = ''] = both.map(({status, headers: shown}) => {
		expect(status).toBe(201);
		return shown.get('location') ?? '';
	});
	expect(new Set(both.map(reply => reply.headers.get('location')))).toEqual(new Set([path]));
	expect(both.filter(reply => reply.headers.get('idempotency-replayed') === 'true')).toHaveLength(1);
	expect(readdirSync(join(server.dataFolder, 'incoming'))).toHaveLength(1);
	expect(await announce(5)).toMatchObject({status: 422, json: {code: 'KEY_REUSED'}});
	const done = await patch(server, path, 0, 'a,b\n');
	const fileId = done.headers.get('upload-file-id');
	const again = await announce(4);
	expect(again.headers.get('location')).toBe(path);
	expect((await server.ask('HEAD', path, {headers})).headers.get('upload-file-id')).toBe(fileId);
	// Removed, it may be sent once more.
	await server.ask('DELETE', `/api/v1/files/${fileId}`);
	const other = await announce(4);
	expect(other.status).toBe(201);
	expect(other.headers.get('location')).not.toBe(path);
	expect(await offsetOf(server, other.headers.get('location') ?? '')).toBe(0);
	expect((await announce(4)).headers.get('location')).toBe(other.headers.get('location'));
});

test('who asks for the end of an upload again while it becomes a file gets the same answer as the first one', async () => {
	const server = await startTestServer({isOpen: true});
	const bytes = randomBytes(8_000_000);
	const path = await create(server, bytes.length, {filename: 'whole.bin'});
	const first = patch(server, path, 0, bytes);
	await vi.waitFor(async () => expect(await offsetOf(server, path)).toBe(bytes.length), PATIENT);
	const replies = [first];
	// As often as it takes until the first one is answered; one that comes while another one has the lock comes again.
	for (let isAnswered = false; !isAnswered; ) {
		replies.push(patch(server, path, bytes.length, ''));
		isAnswered = (await Promise.race([first.then(() => true), replies.at(-1)?.then(() => false)])) ?? false;
	}
	const statuses = (await Promise.all(replies)).map(({status}) => status).filter(status => status !== 423);
	expect(new Set(statuses)).toEqual(new Set([204]));
	const ids = new Set(
		(await Promise.all(replies)).flatMap(reply => (reply.status === 423 ? [] : reply.headers.get('upload-file-id'))),
	);
	expect(ids.size).toBe(1);
	expect(stored(server, String([...ids][0])).equals(bytes)).toBe(true);
});

test('bytes that the account has already need not be sent, and nobody learns of those of others', async () => {
	const server = await startTestServer();
	const [ann, ben] = [server.seat('ann').token, server.seat('ben').token];
	const bytes = randomBytes(100_000);
	const known = `sha-256=:${sha256(bytes).toString('base64')}:`;
	const first = await server.upload(ann, 'a.bin', new Uint8Array(bytes));
	const begin = (token: string, more: Readonly<Record<string, string>>) =>
		server.ask('POST', '/api/v1/uploads', {
			token,
			headers: {...headers, 'upload-length': '100000', 'upload-metadata': 'filename Yi5iaW4=', ...more},
		});
	const taken = await begin(ann, {'upload-known': known});
	expect([taken.status, taken.headers.get('upload-offset')]).toEqual([201, '100000']);
	const id = taken.headers.get('upload-file-id') ?? '';
	expect(id).not.toBe(first);
	// It is a file of its own.
	await server.ask('DELETE', `/api/v1/files/${first}`, {token: ann});
	expect((await server.ask('GET', `/api/v1/files/${id}`, {token: ann})).json).toMatchObject({
		...{name: 'b.bin', size: 100_000, sha256: sha256(bytes).toString('hex')},
	});
	const got = await server.fetch('GET', `/api/v1/files/${id}/original`, {token: ann});
	expect(Buffer.from(await got.arrayBuffer()).equals(bytes)).toBe(true);
	const path = new URL(taken.headers.get('location') ?? '', server.url).pathname;
	const ended = await server.ask('HEAD', path, {token: ann, headers});
	expect(ended.headers.get('upload-offset')).toBe('100000');
	for (const [token, more] of [
		[ben, {'upload-known': known}],
		[ann, {'upload-known': known, 'upload-length': '99999'}],
		[ann, {'upload-known': `sha-256=:${sha256(Buffer.from('x')).toString('base64')}:`}],
	] as const) {
		const {status, headers: answered} = await begin(token, more);
		expect([status, answered.get('upload-offset'), answered.get('upload-file-id')]).toEqual([201, null, null]);
	}
	expect((await begin(ann, {'upload-known': 'sha-256=abc'})).json.code).toBe('BAD_DIGEST');

	// A process died between the link to those bytes and the line of the ledger: who sends other ones changes no file.
	const begun = new URL((await begin(ann, {})).headers.get('location') ?? '', server.url).pathname;
	const part = join(server.dataFolder, 'incoming', begun.slice(begun.lastIndexOf('/') + 1));
	rmSync(part);
	linkSync(join(server.dataFolder, 'files', id), part);
	const sent = {...headers, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream'};
	expect((await server.ask('PATCH', begun, {token: ann, headers: sent, body: 'other'})).status).toBe(204);
	const kept = await server.fetch('GET', `/api/v1/files/${id}/original`, {token: ann});
	expect(Buffer.from(await kept.arrayBuffer()).equals(bytes)).toBe(true);
});

test('who is let in no more does not go on with an upload, and what has come stays for who is', async () => {
	const server = await startTestServer();
	const {token} = server.seat('ann');
	const program = (await server.ask('POST', '/api/v1/tokens', {token, json: {name: 'x', scopes: ['upload']}})).json;
	const begun = await server.ask('POST', '/api/v1/uploads', {
		token: program.token,
		headers: {...headers, 'upload-length': '8'},
	});
	const path = new URL(begun.headers.get('location') ?? '', server.url).pathname;
	const go = (by: string, offset: number, body: string) =>
		server.ask('PATCH', path, {
			token: by,
			headers: {...headers, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream'},
			body,
		});
	expect((await go(program.token, 0, 'abcd')).status).toBe(204);
	await server.ask('DELETE', `/api/v1/tokens/${program.id}`, {token});
	expect((await go(program.token, 4, 'efgh')).status).toBe(401);
	expect((await server.ask('HEAD', path, {token, headers})).headers.get('upload-offset')).toBe('4');
	expect((await go(token, 4, 'efgh')).headers.get('upload-file-id')).toMatch(/^f_/);
});

test('an upload whose bytes are lost keeps no server from its start, and no other upload from becoming a file', async () => {
	const faults: unknown[] = [];
	const server = await startTestServer({isOpen: true, onFault: error => void faults.push(error)});
	const lost = (await create(server, 4, {filename: 'lost.csv'})).split('/').at(-1) ?? '';
	const whole = (await create(server, 4, {filename: 'whole.csv'})).split('/').at(-1) ?? '';
	await server.close();
	server.writeLedger(database => database.exec('UPDATE uploads SET received_bytes = bytes'));
	rmSync(join(server.dataFolder, 'incoming', lost));
	writeFileSync(join(server.dataFolder, 'incoming', whole), 'a,b\n');
	await server.start();
	const {files} = (await server.ask('GET', '/api/v1/files')).json;
	expect(files).toMatchObject([{name: 'whole.csv'}]);
	expect(faults[0]).toMatchObject({code: 'ENOENT'});
	// It is tried again, and told once.
	const before = faults.length;
	await server.tidyUp();
	expect(faults).toHaveLength(before);
});
