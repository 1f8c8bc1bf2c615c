// What is sent on purpose: names that are to become headers, small files that are large ones, floods of parts and of connections, frames that are none.
import {randomBytes} from 'node:crypto';
import {connect, type Socket} from 'node:net';
import {gzipSync} from 'node:zlib';
import {expect, onTestFinished, test, vi} from 'vitest';
import {PATIENT} from '../helpers/patient.ts';
import {GOOD_FILE, startTestServer, type TestServer} from '../helpers/server.ts';

function openSocket(server: TestServer, text: string): {readonly socket: Socket; readonly received: () => Buffer} {
	const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
	onTestFinished(() => void socket.destroy());
	const parts: Buffer[] = [];
	socket.on('error', () => {});
	socket.on('data', part => parts.push(part));
	socket.write(text);
	return {socket, received: () => Buffer.concat(parts)};
}

test('a name cannot become a header, by whatever way it comes', async () => {
	const server = await startTestServer({isOpen: true});
	const evil = 'a\r\nX-Evil: 1\r\n\r\n"; filename=b.csv';
	const escaped = await server.upload(null, 'a%0d%0aX-Evil: 1%22; filename=b.csv', GOOD_FILE);
	const made = await server.ask('POST', '/api/uploads', {
		headers: {
			...{'tus-resumable': '1.0.0', 'upload-length': '3', 'content-type': 'application/offset+octet-stream'},
			'upload-metadata': `filename ${Buffer.from(evil).toString('base64')}`,
		},
		body: 'abc',
	});
	const files = [escaped, String(made.headers.get('upload-file-id'))];
	for (const file of files) {
		const {socket, received} = openSocket(
			server,
			`GET /api/files/${file}/original HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
		);
		await new Promise(resolve => socket.on('close', resolve));
		const head = received().toString().split('\r\n\r\n')[0] ?? '';
		expect(head).toMatch(/^HTTP\/1.1 200 /);
		expect(head).not.toMatch(/^x-evil/im);
		expect(head.match(/^content-disposition: [\x20-\x7e]+$/gim)).toHaveLength(1);
	}
});

test('a small file that unpacks to a thousand times as much costs its task, and nobody else', async () => {
	const server = await startTestServer({isOpen: true});
	const bomb = Buffer.concat(Array<Buffer>(24).fill(gzipSync(Buffer.alloc(4 * 1024 * 1024, '1,2,3,4\n'), {level: 9})));
	expect(bomb.length).toBeLessThan(512 * 1024);
	const [first, second] = [
		await server.run(null, await server.upload(null, 'bomb.csv.gz', bomb), ['profile']),
		await server.run(null, await server.upload(null, 'a.csv', GOOD_FILE)),
	];
	const {error} = await server.untilTask(null, first, 'FAILED');
	expect(error.code).toBe('SUSPECTED_BOMB');
	await server.untilTask(null, second, 'COMPLETED');
});

test('a flood of parts is refused, and a name that is too long is cut', async () => {
	const server = await startTestServer({isOpen: true});
	const fields = new FormData();
	for (let field = 0; field < 101; field++) fields.append(`field-${field}`, 'x');
	expect((await server.ask('POST', '/upload', {body: fields})).status).toBe(413);
	const head = `--q\r\nContent-Disposition: form-data; name="file"; filename="${'x'.repeat(200_000)}.csv"\r\n\r\nabc\r\n--q--\r\n`;
	const headers = {'content-type': 'multipart/form-data; boundary=q'};
	const long = await server.ask('POST', '/upload', {headers, body: head});
	expect(long.json.files[0].name.length).toBeLessThanOrEqual(255);
	expect((await server.ask('GET', '/files')).json.files).toHaveLength(1);
});

test('three hundred connections that have begun something and say nothing more cost others nothing', async () => {
	const server = await startTestServer({isOpen: true});
	const beginnings = [
		...['', 'GET /heal', 'POST /api/run HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'],
		'POST /api/run HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{"file_id": "',
		'POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=q\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n--q\r',
		'GET /api/ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
	];
	const opened = Array.from({length: 300}, (_, place) => openSocket(server, beginnings[place % 6] ?? ''));
	await vi.waitFor(() => {
		for (const [place, {received}] of opened.entries())
			if (place % 6 === 5) expect(received().toString()).toMatch(/^HTTP\/1.1 101 /);
	}, PATIENT);
	const id = await server.run(null, await server.upload(null, 'a.csv', GOOD_FILE));
	await server.untilTask(null, id, 'COMPLETED');
	// They hold nothing: neither tasks nor quota.
	const {json} = await server.ask('GET', '/health');
	expect(json).toMatchObject({status: 'healthy', system: {execution: {active_tasks: 0}, storage: {datasets_count: 1}}});
});

/** A frame as a client sends it; its length may be a lie. */
function frameOf(operation: number, payload: Buffer, {length = payload.length, isMasked = true, isFinal = true} = {}) {
	const head = Buffer.alloc(10);
	head[0] = (isFinal ? 0x80 : 0) | operation;
	head[1] = (isMasked ? 0x80 : 0) | 127;
	head.writeBigUInt64BE(BigInt(length), 2);
	return Buffer.concat([head, ...(isMasked ? [Buffer.alloc(4)] : []), payload]);
}

test.each([
	['without a mask', frameOf(1, Buffer.from('{}'), {isMasked: false}), 1002],
	['that says it has a terabyte', frameOf(1, Buffer.from('{}'), {length: 2 ** 40}), 1009],
	['of an unknown kind', frameOf(7, Buffer.from('{}')), 1002],
	['that is no UTF-8', frameOf(1, Buffer.from([0xff, 0xfe])), 1007],
	['of noise', randomBytes(2000).fill(0xff, 0, 1), 1002],
	[
		'of a message in a thousand parts',
		Buffer.concat(
			Array(5000)
				.fill(frameOf(0, Buffer.from('x'), {isFinal: false}))
				.with(0, frameOf(1, Buffer.from('x'), {isFinal: false})),
		),
		1009,
	],
] as const)('a frame %s ends its connection', async (_, frame, code) => {
	const server = await startTestServer({isOpen: true});
	const {socket, received} = openSocket(
		server,
		'GET /api/ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
	);
	await vi.waitFor(() => expect(received().toString()).toContain('\r\n\r\n'), PATIENT);
	const {length} = received();
	socket.write(frame);
	await new Promise(resolve => socket.on('close', resolve));
	const answer = received().subarray(length);
	expect([answer[0], answer.readUInt16BE(2)]).toEqual([0x88, code]);
	expect((await server.ask('GET', '/livez')).status).toBe(200);
});
