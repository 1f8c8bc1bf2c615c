// Answers and downloads that are packed on their way.
import {createHash} from 'node:crypto';
import {gunzipSync, zstdDecompressSync} from 'node:zlib';
import {expect, test} from 'vitest';
import {chooseCoding} from '../../source/server/content-coding.ts';
import {ANSWERS} from '../../source/server/openapi/answers.ts';
import {PACKED_ANSWERS} from '../../source/server/pack-answers.ts';
import {GOOD_FILE, startTestServer, type TestServer} from '../helpers/server.ts';
import {transactionsHeader} from '../helpers/temporary-folder.ts';

test.each([
	[undefined, null],
	['', null],
	['identity', null],
	['br', null],
	['gzip', 'gzip'],
	['gzip, deflate, br, zstd', 'zstd'],
	['gzip, zstd;q=0.5', 'gzip'],
	['GZip;Q=0.8', 'gzip'],
	['gzip;q=0', null],
	['gzip;q=0, *', 'zstd'],
	['zstd;q=0,*;q=0.1', 'gzip'],
	['*;q=0', null],
	['gzip;q=0.2, identity;q=0.9', null],
	['identity;q=0, gzip;q=0.1', 'gzip'],
	['gzip;q=2', null],
	['gzip;q=', null],
	[' ,, gzip', 'gzip'],
])('of %j it is %j', (header, coding) => expect(chooseCoding(header)).toBe(coding));

/** The bytes as they are sent: `fetch` unpacks what says that it is packed. */
async function rawOf(server: TestServer, path: string, headers: Readonly<Record<string, string>>, method = 'GET') {
	const {request} = await import('node:http');
	return new Promise<{status: number; headers: Readonly<Record<string, unknown>>; body: Buffer}>((resolve, reject) => {
		request(server.url + path, {headers, method}, response => {
			const pieces: Buffer[] = [];
			response.on('data', (bytes: Buffer) => pieces.push(bytes));
			response.on('end', () =>
				resolve({status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces)}),
			);
			response.on('error', reject);
		})
			.on('error', reject)
			.end();
	});
}

const unpackers = {gzip: gunzipSync, zstd: zstdDecompressSync} as const;
const digestOf = (bytes: Buffer): string => `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`;

test('a packed download is a representation of its own: its tag, digest and length are those of the packed bytes', async () => {
	const server = await startTestServer({isOpen: true});
	const many = Array.from({length: 300}, (_, index) => `t,c,1.00,2024-01-01,kind ${index}\n`).join('');
	const file = await server.upload(null, 'a.csv', transactionsHeader + many);
	const id = await server.run(null, file);
	await server.untilTask(null, id, 'COMPLETED');
	// Of the report, of a table that is kept beside it.
	for (const path of [`/api/results/${id}`, `/api/results/${id}.csv`]) {
		const plain = await rawOf(server, path, {});
		const vary = path.endsWith(`/${id}`) ? 'accept, accept-encoding' : 'accept-encoding';
		expect(plain.headers).toMatchObject({vary, 'repr-digest': digestOf(plain.body)});
		expect(plain.headers).not.toHaveProperty('content-encoding');
		for (const coding of ['gzip', 'zstd'] as const) {
			const packed = await rawOf(server, path, {'accept-encoding': coding});
			expect(packed.status).toBe(200);
			expect(packed.headers).toMatchObject({
				...{'content-encoding': coding, vary, 'repr-digest': digestOf(packed.body)},
				'content-length': String(packed.body.length),
			});
			expect(packed.body.length).toBeLessThan(plain.body.length / 2);
			expect(unpackers[coding](packed.body).equals(plain.body)).toBe(true);
			const {etag} = packed.headers;
			expect(etag).not.toBe(plain.headers.etag);
			const known = {'accept-encoding': coding, 'if-none-match': String(etag)};
			expect((await rawOf(server, path, known)).status).toBe(304);
			expect((await rawOf(server, path, {'if-none-match': String(etag)})).status).toBe(200);
			const head = await rawOf(server, path, {'accept-encoding': coding}, 'HEAD');
			expect(head.headers).toMatchObject({etag, 'content-length': packed.headers['content-length']});
			// A part is one of the plain bytes, and of those that it goes on from.
			const part = await rawOf(server, path, {'accept-encoding': coding, range: 'bytes=5-14'});
			expect([part.status, part.body.toString()]).toEqual([206, plain.body.toString('utf8', 5, 15)]);
			expect(part.headers).toMatchObject({etag: plain.headers.etag, 'repr-digest': plain.headers['repr-digest']});
			const other = {'accept-encoding': coding, range: 'bytes=5-14', 'if-range': String(etag)};
			expect([(await rawOf(server, path, other)).status, (await rawOf(server, path, other)).body]).toEqual([
				...[200, plain.body],
			]);
		}
	}
	// What is packed already, or is not ours, is sent as it is.
	for (const path of [`/api/results/${id}.parquet`, `/api/v1/files/${file}/original`])
		expect((await rawOf(server, path, {'accept-encoding': 'gzip, zstd'})).headers).not.toHaveProperty(
			'content-encoding',
		);
});

test('long answers in JSON are packed, and short ones, secrets, problems and streams are not', async () => {
	const server = await startTestServer({registration: 'open'});
	const token = await server.account('ann');
	const authorization = `Bearer ${token}`;
	for (let count = 0; count < 6; count++) await server.upload(token, `${count}.csv`, GOOD_FILE);
	const accept = {authorization, 'accept-encoding': 'gzip'};
	const list = await rawOf(server, '/api/v1/files', accept);
	expect(list.headers).toMatchObject({'content-encoding': 'gzip', vary: 'accept-encoding'});
	expect(JSON.parse(gunzipSync(list.body).toString()).files).toHaveLength(6);
	const openapi = await rawOf(server, '/openapi.json', accept);
	expect(JSON.parse(gunzipSync(openapi.body).toString())).toHaveProperty('paths');
	const short = await rawOf(server, '/api/v1/files?limit=1', accept);
	expect(short.headers).toMatchObject({vary: 'accept-encoding'});
	for (const path of ['/api/v1/files?limit=1', '/api/v1/files?q=:', '/api/v1/tokens', '/api/v1/me'])
		expect((await rawOf(server, path, accept)).headers).not.toHaveProperty('content-encoding');
	const created = await rawOf(server, '/api/v1/tokens', accept, 'POST');
	expect(created.headers).not.toHaveProperty('content-encoding');
	const events = await fetch(`${server.url}/api/v1/events`, {headers: {...accept}});
	expect(events.headers.get('content-encoding')).toBeNull();
	await events.body?.cancel();
});

test('no answer that is packed has a secret, and each is one that there is', () => {
	for (const row of PACKED_ANSWERS) {
		expect(ANSWERS).toHaveProperty([row]);
		expect(row).toMatch(/^GET /);
		expect(JSON.stringify(ANSWERS[row]?.answers), row).not.toMatch(/"(?:token|secret|password|invitation)"/);
	}
});
