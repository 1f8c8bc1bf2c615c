// Tokens of programs: what they may do, how long, and what is seen of them.
import {readdirSync, readFileSync} from 'node:fs';
import {expect, test, vi} from 'vitest';
import {PATIENT} from '../helpers/patient.ts';
import {GOOD_FILE, type Reply, startTestServer, type TestServer} from '../helpers/server.ts';

const make = (server: TestServer, token: string, json: object): Promise<Reply> =>
	server.ask('POST', '/api/v1/tokens', {token, json: {name: 'nightly', ...json}});

test('a token does what its scopes say, and is listed without its secret and with its last use', async () => {
	const server = await startTestServer({maxConcurrentTasks: 0});
	const {token: ann} = server.seat('ann');
	const made = await make(server, ann, {scopes: ['read', 'upload']});
	expect(made).toMatchObject({status: 201, json: {name: 'nightly', scopes: ['read', 'upload'], last_used_at: null}});
	const {id, token} = made.json;
	expect(token).toMatch(/^fp_live_[0-9a-z]{26}_[\w-]{43}$/);
	const days = (Date.parse(made.json.expires_at) - Date.now()) / 86_400_000;
	expect(Math.round(days)).toBe(90);
	const file_id = await server.upload(token, 'a.csv', GOOD_FILE);
	expect((await server.ask('GET', `/api/v1/files/${file_id}`, {token})).status).toBe(200);
	expect(await server.ask('POST', '/api/v1/run', {token, json: {file_id}})).toMatchObject({
		...{status: 403, json: {code: 'SCOPE_NEEDED', scope: 'run'}},
	});
	const listed = () => server.ask('GET', '/api/v1/tokens', {token: ann});
	await vi.waitFor(
		async () => expect((await listed()).json.tokens).toMatchObject([{id, last_used_from: '127.0.0.1'}]),
		PATIENT,
	);
	expect((await listed()).text).not.toContain(token);
	expect((await server.ask('DELETE', `/api/v1/tokens/${id}`, {token: ann})).status).toBe(204);
	expect((await server.ask('GET', '/api/v1/files', {token})).status).toBe(401);
	await server.close();
	for (const name of readdirSync(server.dataFolder, {recursive: true, encoding: 'utf8', withFileTypes: true}))
		if (name.isFile()) expect(readFileSync(`${name.parentPath}/${name.name}`).includes(token), name.name).toBe(false);
});

test('what is about the account itself is not for tokens, whatever their scopes and whoever they are of', async () => {
	const server = await startTestServer();
	const {token: root} = server.seat('root', 'admin');
	const {token} = (await make(server, root, {scopes: ['read', 'upload', 'run', 'admin:*']})).json;
	const passwords = {current_password: 'a password', new_password: 'another password'};
	for (const [method, path, json] of [
		['POST', '/api/v1/tokens', {name: 'more', scopes: ['read']}],
		['GET', '/api/v1/tokens', undefined],
		['DELETE', '/api/v1/tokens/t_0', undefined],
		['GET', '/api/v1/sessions', undefined],
		['DELETE', '/api/v1/sessions/t_0', undefined],
		['POST', '/api/v1/auth/password', passwords],
		['POST', '/api/v1/auth/logout', undefined],
	] as const)
		expect(await server.ask(method, path, {token, json}), path).toMatchObject({
			...{status: 403, json: {code: 'SCOPE_NEEDED'}},
		});
	expect((await server.ask('GET', '/api/v1/invitations', {token})).status).toBe(200);
});

test('a token never does more than its account may today', async () => {
	const server = await startTestServer({maxConcurrentTasks: 0});
	const {token: ann} = server.seat('ann');
	const {token} = (await make(server, ann, {scopes: ['read', 'upload']})).json;
	const upload = async () => {
		const form = new FormData();
		form.append('file', new Blob([GOOD_FILE]), 'a.csv');
		return (await server.ask('POST', '/upload', {token, body: form})).status;
	};
	const write = (sql: string) => server.writeLedger(database => database.exec(sql));
	expect(await upload()).toBe(201);
	write(`UPDATE accounts SET role = 'viewer'`);
	expect(await upload()).toBe(403);
	expect((await server.ask('GET', '/files', {token})).status).toBe(200);
	write(`UPDATE accounts SET role = 'user', is_disabled = 1`);
	expect(await upload()).toBe(401);
	write('UPDATE accounts SET is_disabled = 0');
	expect(await upload()).toBe(201);
	// Nor is one made that waits for another role.
	expect(await make(server, ann, {scopes: ['admin:users']})).toMatchObject({status: 403, json: {code: 'FORBIDDEN'}});
});

test('a token ends when it expires, and one that is made to last does not', async () => {
	const server = await startTestServer();
	const {token: ann} = server.seat('ann');
	const [short, lasting] = [
		(await make(server, ann, {scopes: ['read'], expires_in: 60})).json,
		(await make(server, ann, {scopes: ['read'], expires_in: null})).json,
	];
	expect(lasting.expires_at).toBeNull();
	const statusOf = async ({token}: {token: string}) => (await server.ask('GET', '/files', {token})).status;
	expect([await statusOf(short), await statusOf(lasting)]).toEqual([200, 200]);
	server.writeLedger(database => database.exec('UPDATE tokens SET expires_at = expires_at - 60001'));
	expect([await statusOf(short), await statusOf(lasting)]).toEqual([401, 200]);
	await server.tidyUp();
	expect([await statusOf(short), await statusOf(lasting)]).toEqual([401, 200]);
});

test('tokens with names, scopes or times that cannot be are refused, and more than a hundred', async () => {
	const server = await startTestServer();
	const {id, token: ann} = server.seat('ann');
	for (const json of [
		{scopes: []},
		{scopes: ['everything']},
		{scopes: ['read', 'read']},
		{scopes: ['read'], expires_in: 0},
		// As null it would never expire.
		{scopes: ['read'], expires_in: ''},
		{scopes: ['read'], expires_in: 'soon'},
		{scopes: ['read'], name: ''},
		{scopes: ['read'], role: 'admin'},
	])
		expect((await make(server, ann, json)).status, JSON.stringify(json)).toBe(400);
	server.writeLedger(database => {
		const insert = database.prepare(
			`INSERT INTO tokens (hash, id, account, kind, name, scopes, created_at) VALUES (?, ?, ?, 'api', 'x', 'read', 0)`,
		);
		for (let count = 0; count < 100; count++) insert.run(Buffer.from([count]), `t_${count}`, id);
	});
	expect(await make(server, ann, {scopes: ['read']})).toMatchObject({status: 409, json: {code: 'TOO_MANY_TOKENS'}});
	const {token: ben} = server.seat('ben');
	expect((await make(server, ben, {scopes: ['read']})).status).toBe(201);
});
