// What proxies say of those they ask for is believed where they were named, and pages of other sites may do nothing.
import {get} from 'node:http';
import {text} from 'node:stream/consumers';
import {expect, test} from 'vitest';
import {PASSWORD, startTestServer} from '../helpers/server.ts';

const FORWARDED = {
	'x-forwarded-for': '198.51.100.7',
	'x-forwarded-proto': 'https',
	'x-forwarded-host': 'files.example',
};

const login = {method: 'POST', path: '/api/v1/auth/login', json: {name: 'ann', password: PASSWORD}} as const;

test.each([
	[['127.0.0.1'], true],
	[['10.0.0.0/8', '127.0.0.0/8'], true],
	[['10.0.0.0/8'], false],
	[[], false],
])('with %j trusted, that it came by TLS from elsewhere is believed: %s', async (trustProxy, isBelieved) => {
	const server = await startTestServer({trustProxy});
	await server.account('ann');
	const session = await server.ask('POST', login.path, {json: login.json, headers: FORWARDED});
	const set = session.headers.get('set-cookie') ?? '';
	expect(set.startsWith('__Host-fileproc=')).toBe(isBelieved);
	expect(session.headers.has('strict-transport-security')).toBe(isBelieved);
	// Somebody elsewhere sees no more of the health than how it is, whether the proxy was named or not.
	expect((await server.ask('GET', '/health', {headers: FORWARDED})).json).toEqual({status: 'healthy'});
	// One that names nobody may still ask for somebody elsewhere.
	if (isBelieved) expect((await server.ask('GET', '/health')).json).toEqual({status: 'healthy'});
	else expect((await server.ask('GET', '/health')).json).toHaveProperty('system');
	const name = isBelieved ? '__Host-fileproc' : 'fileproc_local';
	const headers = {...FORWARDED, cookie: `${name}=${session.json.token}`};
	const logOut = (origin: string) => server.ask('POST', '/api/v1/auth/logout', {headers: {...headers, origin}});
	expect((await logOut('http://files.example')).status).toBe(403);
	expect((await logOut('https://files.example')).status).toBe(isBelieved ? 204 : 403);
});

test('failed logins are counted for the address that a trusted proxy names, and for no other', async () => {
	const server = await startTestServer({trustProxy: ['127.0.0.1']});
	await server.account('ann');
	const logIn = async (address: string, password: string) =>
		(await server.ask('POST', login.path, {json: {name: 'ann', password}, headers: {'x-forwarded-for': address}}))
			.status;
	for (let tries = 0; tries < 5; tries++) expect(await logIn('198.51.100.7', 'wrong')).toBe(401);
	expect(await logIn('198.51.100.7', PASSWORD)).toBe(429);
	// What comes before the address that the proxy has seen was written by anybody.
	expect(await logIn('198.51.100.8, 198.51.100.7', PASSWORD)).toBe(429);
	expect(await logIn('198.51.100.8', PASSWORD)).toBe(200);
});

test('without accounts pages of other sites may do nothing, also under another name of this machine', async () => {
	const server = await startTestServer({isOpen: true});
	const send = async (headers: Readonly<Record<string, string>>) =>
		(await server.ask('POST', '/api/run', {json: {file_id: 'f_1'}, headers})).status;
	expect(await send({})).toBe(404);
	expect(await send({origin: server.url})).toBe(404);
	expect(await send({origin: 'https://evil.example'})).toBe(403);
	expect(await send({'sec-fetch-site': 'cross-site'})).toBe(403);
	const {promise, resolve} = Promise.withResolvers<number | undefined>();
	get(`${server.url}/files`, {headers: {host: 'evil.example'}}, response => {
		response.resume();
		resolve(response.statusCode);
	});
	expect(await promise).toBe(403);
});

test('who listens for other machines without TLS or a proxy is warned', async () => {
	const server = await startTestServer();
	await server.account('ann');
	expect(server.warnings).toEqual([]);
	await server.restart({host: '0.0.0.0'});
	expect(server.warnings).toEqual([expect.stringMatching(/^0.0.0.0 can be reached from other machines, and anybody/)]);
	await server.restart({host: '0.0.0.0', trustProxy: ['10.0.0.1']});
	expect(server.warnings).toEqual([]);
});

test.each([
	{'x-real-ip': '198.51.100.7'},
	{'x-forwarded-proto': 'https'},
	{via: '1.1 proxy'},
	{host: 'files.example'},
])('a proxy on this machine that shows by %j asks for others', async headers => {
	const server = await startTestServer();
	const {promise, resolve} = Promise.withResolvers<string>();
	get(`${server.url}/health`, {headers: {...headers}}, async response => resolve(await text(response)));
	expect(JSON.parse(await promise)).toEqual({status: 'healthy'});
});
