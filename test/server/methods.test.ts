// What paths answer to methods that they have no route for, and what is answered to what is no request.
import {connect} from 'node:net';
import {expect, test} from 'vitest';
import {startTestServer} from '../helpers/server.ts';

/** Sends these bytes, and resolves with all that comes back. */
async function send(url: string, bytes: string): Promise<string> {
	const {hostname, port} = new URL(url);
	const socket = connect(Number(port), hostname);
	socket.write(bytes);
	let answer = '';
	for await (const chunk of socket) answer += String(chunk);
	return answer;
}

const statusOf = (answer: string): number => Number(answer.split(' ')[1]);
const problemOf = (answer: string) => JSON.parse(answer.split('\r\n\r\n')[1] ?? '') as object;

test('a path that is there lists its methods, and refuses others by the same list', async () => {
	const {url} = await startTestServer({isOpen: true});
	const ask = (method: string, path: string) =>
		send(url, `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
	const options = await ask('OPTIONS', '/api/v1/files/f_1?a=b');
	expect(options).toMatch(/^HTTP\/1.1 204 .*^allow: GET, HEAD, PUT, DELETE, OPTIONS\r$/ims);
	for (const method of ['TRACE', 'PATCH', 'PROPFIND']) {
		const answer = await ask(method, '/api/v1/files/f_1');
		expect(answer, method).toMatch(/^HTTP\/1.1 405 .*^allow: GET, HEAD, PUT, DELETE, OPTIONS\r$/ims);
		expect(problemOf(answer), method).toMatchObject({status: 405, code: 'METHOD_NOT_ALLOWED'});
	}
	const unknown = await ask('CONQUER', '/health');
	expect(unknown).toMatch(/^HTTP\/1.1 405 .*^allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r$/ims);
	for (const method of ['OPTIONS', 'TRACE', 'GET']) expect(statusOf(await ask(method, '/nowhere')), method).toBe(404);
	const head = await ask('HEAD', '/health');
	expect([statusOf(head), head.split('\r\n\r\n')[1]]).toEqual([200, '']);
});

test.each([
	['no HTTP', 'GET / HELLO/1.1\r\n\r\n', 400, 'BAD_REQUEST'],
	[
		'a path that cannot be decoded',
		'GET /api/run/%ff HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
		400,
		'BAD_REQUEST',
	],
	[
		...[
			'an id that is none',
			`GET /api/run/${'x'.repeat(1000)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
		],
		...[414, 'PATH_TOO_LONG'],
	],
	[
		...['headers that are too large', `GET / HTTP/1.1\r\nHost: localhost\r\nA: ${'x'.repeat(20_000)}\r\n\r\n`],
		...[431, 'HEADERS_TOO_LARGE'],
	],
] as const)('%s is refused as problem+json', async (_, bytes, status, code) => {
	const {url} = await startTestServer({isOpen: true});
	const answer = await send(url, bytes);
	expect(answer).toMatch(/^content-type: application\/problem\+json/im);
	expect(statusOf(answer)).toBe(status);
	expect(problemOf(answer)).toMatchObject({status, code});
});
