// Every route that the server describes, called by nobody, by the owner of what it names, and by another user.
import {expect, test} from 'vitest';
import {comparable, GOOD_FILE, type Question, startTestServer, type TestServer} from '../helpers/server.ts';

interface Route {
	readonly method: string;
	/** As `/api/v1/files/{id}`. */
	readonly template: string;
}

/** Called without an account, on purpose. Everything else is for somebody. */
const PUBLIC = [
	...['POST /api/auth/login', 'POST /api/v1/auth/login', 'POST /api/auth/register', 'POST /api/v1/auth/register'],
	...['GET /api/run/status', 'GET /api/v1/run/status', 'GET /health', 'GET /healthz', 'GET /livez', 'GET /readyz'],
	// These say only that a WebSocket is expected, which asks for a token itself.
	...['GET /openapi.json', 'GET /api/ws', 'GET /api/v1/ws'],
];

async function routesOf(server: TestServer): Promise<readonly Route[]> {
	const {json} = await server.ask('GET', '/openapi.json');
	return Object.entries(json.paths as Record<string, object>).flatMap(([template, methods]) =>
		Object.keys(methods).map(method => ({method: method.toUpperCase(), template})),
	);
}

const nameOf = ({method, template}: Route): string => `${method} ${template}`;

/** What a route is called with, so that nothing but the id is wrong with it. */
function questionOf({method, template}: Route, token: string | null): Question {
	if (!template.includes('/uploads')) return {token};
	const headers = {'tus-resumable': '1.0.0'};
	if (method === 'POST') return {token, headers: {...headers, 'upload-length': '3'}};
	if (method !== 'PATCH') return {token, headers};
	return {
		token,
		headers: {...headers, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream'},
		body: 'abc',
	};
}

const KINDS = [
	['/files/', 'f_'],
	['/run/', 'r_'],
	['/results/', 'r_'],
	['/uploads/', ''],
	['/sessions/', 't_'],
	['/tokens/', 't_token'],
] as const;

/** Of nobody in particular: they are for admins alone. */
const SHARED = /\/invitations\/|\/users\//;

const prefixOf = (template: string): string | undefined => KINDS.find(([part]) => template.includes(part))?.[1];

test('each route that names something treats what is another user’s as what is not there; without an account it is closed', async () => {
	const server = await startTestServer();
	const [ann, ben] = [await server.account('ann'), await server.account('ben')];
	const file = await server.upload(ann, 'secret-name.csv', GOOD_FILE);
	const task = await server.run(ann, file);
	await server.untilTask(ann, task, 'COMPLETED');
	const created = await server.ask('POST', '/api/v1/uploads', {
		token: ann,
		headers: {'tus-resumable': '1.0.0', 'upload-length': '3'},
	});
	const upload = created.headers.get('location')?.split('/').at(-1) ?? '';
	expect(created.status).toBe(201);
	const {sessions} = (await server.ask('GET', '/api/v1/sessions', {token: ann})).json;
	const made = await server.ask('POST', '/api/v1/tokens', {token: ann, json: {name: 'x', scopes: ['read']}});
	const owned: Readonly<Record<string, string>> = {
		f_: file,
		r_: task,
		'': upload,
		t_: sessions[0].id,
		t_token: made.json.id,
	};

	const routes = await routesOf(server);
	const named = routes.filter(({template}) => template.includes('{'));
	expect(named.length).toBeGreaterThan(15);
	expect(routes.map(nameOf)).toEqual(expect.arrayContaining(PUBLIC));

	for (const route of routes) {
		if (PUBLIC.includes(nameOf(route))) continue;
		const path = route.template.replace(/\{\w+\}/, owned[prefixOf(route.template) ?? ''] ?? '');
		const reply = await server.ask(route.method, path, questionOf(route, null));
		expect(reply.status, nameOf(route)).toBe(401);
	}
	for (const route of named) {
		if (SHARED.test(route.template)) continue;
		const prefix = prefixOf(route.template);
		if (prefix === undefined) throw new Error(`Expected to know what ${route.template} names`);
		const ask = async (id: string): Promise<object> => {
			const path = route.template.replace(/\{\w+\}/, id);
			return comparable(await server.ask(route.method, path, questionOf(route, ben)), id);
		};
		const absent = prefix === '' ? '0'.repeat(32) : `${prefix.slice(0, 2)}${'0'.repeat(26)}`;
		const foreign = await ask(owned[prefix] ?? '');
		expect(foreign, nameOf(route)).toEqual(await ask(absent));
		expect(foreign, nameOf(route)).toMatchObject({status: 404});
	}
	// Nothing of that has changed what the owner has.
	expect((await server.ask('GET', `/api/v1/files/${file}`, {token: ann})).status).toBe(200);
	expect((await server.ask('GET', `/api/v1/run/${task}`, {token: ann})).json.status).toBe('COMPLETED');
	const head = await server.ask('HEAD', `/api/v1/uploads/${upload}`, {
		token: ann,
		headers: {'tus-resumable': '1.0.0'},
	});
	expect([head.status, head.headers.get('upload-offset')]).toEqual([200, '0']);
	// Nor do lists and figures tell of it.
	for (const path of ['/files', '/api/v1/run', '/api/v1/results', '/stats']) {
		const {status, text} = await server.ask('GET', path, {token: ben});
		expect(status).toBe(200);
		for (const id of [file, task, upload, 'secret-name']) expect(text).not.toContain(id);
	}
	expect((await server.ask('GET', '/stats', {token: ben})).json.files.completed).toBe(0);
});
