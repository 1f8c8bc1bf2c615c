// Uploads to a real server, over connections that are cut and with either side started anew.
import {createHash, randomBytes} from 'node:crypto';
import {writeFileSync} from 'node:fs';
import {expect, onTestFinished, test} from 'vitest';
import {Connection} from '../../source/client/connection.ts';
import {type UploadOptions, uploadFile} from '../../source/client/upload-file.ts';
import {CuttingProxy} from '../helpers/cutting-proxy.ts';
import {startTestServer, type TestServer} from '../helpers/server.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const PATIENT_UPLOAD = {patienceMs: 120_000, backoff: {firstMs: 10, longestMs: 50}};
const MIB = 1024 * 1024;

function connectTo(url: string): Connection {
	const connection = new Connection({origin: url, token: null, userAgent: 'test'});
	onTestFinished(() => connection.close());
	return connection;
}

/** A file of text that no two times has the same lines. */
function writeFile(bytes: number): {readonly path: string; readonly content: Buffer} {
	const path = createTemporaryFolder().at('big.csv');
	const content = Buffer.from(
		randomBytes(Math.ceil((bytes * 3) / 4))
			.toString('base64')
			.replace(/.{63}/g, '$&\n'),
	).subarray(0, bytes);
	writeFileSync(path, content);
	return {path, content};
}

async function contentOf(server: TestServer, fileId: string): Promise<Buffer> {
	const reply = await server.fetch('GET', `/api/v1/files/${fileId}/original`);
	return Buffer.from(await reply.arrayBuffer());
}

const send = (url: string, path: string, options: Partial<UploadOptions> = {}) =>
	uploadFile(connectTo(url), {path, name: 'big.csv'}, {...PATIENT_UPLOAD, ...options});

test('a file arrives whole although its connection is cut again and again, and sent again nothing of it is', async () => {
	const server = await startTestServer({isOpen: true});
	const {path, content} = writeFile(20 * MIB);
	const proxy = await CuttingProxy.start(server.url);
	const waits: string[] = [];
	const cuts = [1000, 9 * MIB, 3 * MIB, 12 * MIB];
	proxy.cutAfter(cuts.shift() ?? 0);
	let most = 0;
	const onWait: UploadOptions['onWait'] = ({code}) => {
		waits.push(code);
		proxy.cutAfter(cuts.shift() ?? Number.POSITIVE_INFINITY);
	};
	const uploaded = await send(proxy.url, path, {onWait, onProgress: bytesSent => (most = Math.max(most, bytesSent))});
	expect(waits.length).toBeGreaterThanOrEqual(4);
	expect(uploaded).toMatchObject({bytes: content.length, sha256: createHash('sha256').update(content).digest('hex')});
	expect((await contentOf(server, uploaded.fileId)).equals(content)).toBe(true);
	expect(most).toBe(content.length);
	// The same file once more: it is there.
	const sentBefore = proxy.byteCount;
	expect(await send(proxy.url, path)).toMatchObject({fileId: uploaded.fileId, bytesKnown: content.length});
	expect(proxy.byteCount - sentBefore).toBeLessThan(2000);
	expect((await server.ask('GET', '/api/v1/files')).json.files).toHaveLength(1);
});

test('one that was given up goes on where it was, in another process and with the server started anew', async () => {
	const server = await startTestServer({isOpen: true});
	const {path, content} = writeFile(20 * MIB);
	const controller = new AbortController();
	const given = send(server.url, path, {
		signal: controller.signal,
		onProgress: bytesSent => bytesSent > 17 * MIB && controller.abort(),
	});
	await expect(given).rejects.toMatchObject({name: 'AbortError'});
	await server.restart();
	const uploaded = await send(server.url, path);
	expect(uploaded.bytesKnown).toBeGreaterThanOrEqual(16 * MIB);
	expect((await contentOf(server, uploaded.fileId)).equals(content)).toBe(true);
});

test('an empty file is one, what is refused says why, and a file that grows meanwhile is not taken for another', async () => {
	const server = await startTestServer({isOpen: true, maxUploadBytes: 10 * MIB});
	const empty = writeFile(0);
	const {fileId} = await send(server.url, empty.path);
	expect(await contentOf(server, fileId)).toHaveLength(0);
	await expect(send(server.url, writeFile(11 * MIB).path)).rejects.toMatchObject({code: 'TOO_LARGE', status: 413});
	await expect(
		uploadFile(connectTo(server.url), {path: empty.path, name: 'a.csv.part'}, PATIENT_UPLOAD),
	).rejects.toMatchObject({
		code: 'NOT_TAKEN',
		remedy: expect.stringMatching(/^Do as the detail says/),
	});
	const changed = writeFile(9 * MIB);
	const onProgress = (bytesSent: number): void => {
		if (bytesSent >= 8 * MIB) writeFileSync(changed.path, Buffer.alloc(9 * MIB, 'x'));
	};
	await expect(send(server.url, changed.path, {onProgress})).rejects.toMatchObject({code: 'WRONG_SHA256'});
});

test('who has no patience left hears the last reason', async () => {
	const server = await startTestServer({isOpen: true});
	const {path} = writeFile(100);
	const {url} = server;
	await server.close();
	await expect(send(url, path, {patienceMs: 200})).rejects.toMatchObject({
		code: 'UNREACHABLE',
		message: expect.stringContaining('nothing listens there'),
	});
});
