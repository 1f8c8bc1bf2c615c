// What every answer has in its head, and what no request gets through with: as OWASP ASVS asks for.
import {once} from 'node:events';
import {connect} from 'node:net';
import {expect, test} from 'vitest';
import {ACTION_LIST} from '../../source/server/actions.ts';
import {startTestServer} from '../helpers/server.ts';

test('every answer says how browsers are to take it, and to no other site that it may read it', async () => {
	const server = await startTestServer();
	for (const path of ['/api/v1/limits', '/docs', '/nowhere', '/health']) {
		const {headers} = await server.ask('GET', path, {headers: {origin: 'https://elsewhere.example'}});
		const found = Object.fromEntries(
			['x-content-type-options', 'referrer-policy', 'cross-origin-opener-policy', 'x-powered-by'].map(name => [
				...[name, headers.get(name)],
			]),
		);
		expect(found, path).toEqual({
			...{'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer'},
			...{'cross-origin-opener-policy': 'same-origin', 'x-powered-by': null},
		});
		expect(headers.get('access-control-allow-origin')).toBeNull();
		expect(headers.get('content-security-policy'), path).toContain("frame-ancestors 'none'");
	}
	expect((await server.ask('GET', '/api/v1/limits')).headers.get('cache-control')).toBe('no-store');
});

test('every answer says where the API is described, beside other links', async () => {
	const server = await startTestServer();
	const {token} = server.seat('ann');
	for (const path of ['/', '/api', '/api/v1', '/api/v1/limits', '/api/v1/files', '/health', '/docs'])
		for (const method of ['GET', 'HEAD']) {
			const {headers} = await server.fetch(method, path);
			expect(headers.get('link'), `${method} ${path}`).toBe('</openapi.json>; rel="service-desc"');
		}
	for (const name of ['a.csv', 'b.csv']) await server.ask('PUT', `/api/v1/files/${name}`, {token, body: 'a\n1\n'});
	const {headers, json} = await server.ask('GET', '/api/v1/files?limit=1', {token});
	expect(headers.get('link')).toBe(
		`</api/v1/files?limit=1&cursor=${json.next_cursor}>; rel="next", </openapi.json>; rel="service-desc"`,
	);
});

test('a logout has the browser forget, and answers are not kept', async () => {
	const server = await startTestServer();
	const {headers} = await server.ask('POST', '/api/v1/auth/logout', {token: server.seat('ann').token});
	expect([headers.get('clear-site-data'), headers.get('cache-control')]).toEqual(['"cookies", "storage"', 'no-store']);
});

test('a body that says two things of its length is refused, and the connection ends', async () => {
	const server = await startTestServer({isOpen: true});
	const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
	const chunks: Buffer[] = [];
	socket.on('data', chunk => chunks.push(chunk));
	socket.write(
		'POST /api/v1/run HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
	);
	await once(socket, 'close');
	const answered = Buffer.concat(chunks).toString();
	expect(answered).toMatch(/^HTTP\/1\.1 400 /);
	expect(answered.match(/HTTP\/1\.1/g)).toHaveLength(1);
});

test('a form of another page is no JSON, and nothing is changed by GET', async () => {
	const server = await startTestServer({isOpen: true});
	for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
		const {status} = await server.ask('POST', '/api/v1/run', {
			body: '{"file_id": "f"}',
			headers: {'content-type': type},
		});
		// A text is no such object, and a form nothing that is read at all.
		expect(status, type).toBe(type === 'text/plain' ? 400 : 415);
	}
	const changing = ACTION_LIST.filter(({changes}) => changes).flatMap(({routes}) => routes);
	// A provider sends people back by GET; what it gives is for the one who was sent there (state, PKCE).
	expect(changing.filter(route => /^(?:GET|HEAD|OPTIONS) /.test(route))).toEqual(['GET /auth/oidc/callback']);
});
