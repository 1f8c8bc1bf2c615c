// What admins do with accounts over HTTP.
import {expect, test} from 'vitest';
import {PASSWORD, type Reply, startTestServer, type TestServer} from '../helpers/server.ts';

const change = (server: TestServer, token: string, id: string, json: object): Promise<Reply> =>
	server.ask('PATCH', `/api/v1/users/${id}`, {token, json, headers: {'if-match': '*'}});

test('an admin lists accounts page by page, and nobody else does', async () => {
	const server = await startTestServer();
	const {token: root, id} = server.seat('root', 'admin');
	for (const name of ['Zoe', 'ann', 'Ähm', 'ben']) server.seat(name);
	const first = await server.ask('GET', '/api/v1/users?limit=3', {token: root});
	expect(first.json.users).toMatchObject([
		{name: 'ann', role: 'user', is_disabled: false, must_change_password: false},
		{name: 'ben'},
		{name: 'root', role: 'admin', last_used_at: expect.stringMatching(/^20/)},
	]);
	expect(first.headers.get('link')).toBe(
		`</api/v1/users?limit=3&cursor=${first.json.next_cursor}>; rel="next", </openapi.json>; rel="service-desc"`,
	);
	const rest = await server.ask('GET', `/api/v1/users?cursor=${first.json.next_cursor}`, {token: root});
	expect(rest.json.users.map(({name}: {name: string}) => name)).toEqual(['Zoe', 'Ähm']);
	expect(rest.json.next_cursor).toBeNull();
	expect(first.text).not.toMatch(/scrypt/);
	expect(await server.ask('GET', '/api/v1/users?cursor=!', {token: root})).toMatchObject({
		...{status: 400, json: {code: 'BAD_CURSOR'}},
	});
	const {token: eve} = server.seat('eve', 'operator');
	for (const path of ['/api/v1/users', `/api/v1/users/${id}`])
		expect(await server.ask('GET', path, {token: eve})).toMatchObject({status: 403, json: {code: 'FORBIDDEN'}});
	expect((await server.ask('GET', '/api/v1/users/u_0', {token: root})).status).toBe(404);
});

test('a role that is changed counts at the next request; who is disabled is out, and in again when enabled', async () => {
	const server = await startTestServer();
	const [{token: root}, {id, token: ann}] = [server.seat('root', 'admin'), server.seat('ann', 'viewer')];
	const statusOf = async (path: string) => (await server.ask('GET', path, {token: ann})).status;
	expect(await statusOf('/api/v1/users')).toBe(403);
	server.addSecondFactor(id);
	expect((await change(server, root, id, {role: 'admin'})).json).toMatchObject({name: 'ann', role: 'admin'});
	expect(await statusOf('/api/v1/users')).toBe(200);
	expect((await change(server, root, id, {is_disabled: true})).json).toMatchObject({is_disabled: true});
	expect(await statusOf('/files')).toBe(401);
	expect((await change(server, root, id, {is_disabled: false, role: 'viewer'})).status).toBe(200);
	expect(await statusOf('/files')).toBe(200);
	for (const json of [{}, {role: 'king'}, {role: 'user', name: 'x'}, {password: 'a new password'}])
		expect((await change(server, root, id, json)).status, JSON.stringify(json)).toBe(400);
	expect((await change(server, root, 'u_0', {role: 'user'})).status).toBe(404);
});

test('there is always an admin who can log in, also when two put out each other at once', async () => {
	const server = await startTestServer();
	const [root, other] = [server.seat('root', 'admin'), server.seat('other', 'admin')];
	const replies = await Promise.all([
		change(server, root.token, other.id, {is_disabled: true}),
		change(server, other.token, root.id, {role: 'user'}),
	]);
	expect(replies.map(({status}) => status).sort()).not.toEqual([200, 200]);
	server.writeLedger(database => database.exec(`UPDATE accounts SET role = 'admin', is_disabled = (name = 'other')`));
	for (const json of [{is_disabled: true}, {role: 'operator'}, {role: 'user', is_disabled: true}])
		expect(await change(server, root.token, root.id, json)).toMatchObject({
			...{status: 409, json: {code: 'LAST_ADMIN'}},
		});
	expect((await server.ask('GET', '/api/v1/users', {token: root.token})).status).toBe(200);
});

test('a password that was reset is of use for another one only, and nothing that was open before goes on', async () => {
	const server = await startTestServer();
	const [{token: root}, {id, token: ann}] = [server.seat('root', 'admin'), server.seat('ann')];
	const program = (await server.ask('POST', '/api/v1/tokens', {token: ann, json: {name: 'x', scopes: ['read']}})).json;
	const link = (await server.ask('POST', '/api/v1/droplinks', {token: ann, json: {name: 'x'}})).json;
	const reset = await server.ask('POST', `/api/v1/users/${id}/reset`, {token: root});
	expect(reset.json).toMatchObject({user: {name: 'ann', must_change_password: true}});
	for (const token of [ann, program.token]) expect((await server.ask('GET', '/files', {token})).status).toBe(401);
	expect((await server.ask('GET', '/api/v1/drop', {token: link.token})).status).toBe(401);
	const {password} = reset.json;
	expect(password).toMatch(/^([0-9a-z]{5}-){3}[0-9a-z]{5}$/);
	const logIn = (given: string) => server.ask('POST', '/api/v1/auth/login', {json: {name: 'ann', password: given}});
	expect((await logIn(PASSWORD)).status).toBe(401);
	const {json} = await logIn(password);
	expect(json).toMatchObject({must_change_password: true});
	const {token} = json;
	expect(await server.ask('GET', '/files', {token})).toMatchObject({
		...{status: 403, json: {code: 'PASSWORD_CHANGE_NEEDED'}},
	});
	expect((await server.ask('GET', '/api/v1/auth/me', {token})).status).toBe(200);
	const changed = await server.ask('POST', '/api/v1/auth/password', {
		...{token, json: {current_password: password, new_password: 'my own 9 horses'}},
	});
	expect(changed.status).toBe(204);
	expect((await server.ask('GET', '/files', {token})).status).toBe(200);
});

test('an admin ends the logins of a user, whose programs go on', async () => {
	const server = await startTestServer();
	const [{token: root}, {id, token: ann}] = [server.seat('root', 'admin'), server.seat('ann')];
	const program = (await server.ask('POST', '/api/v1/tokens', {token: ann, json: {name: 'x', scopes: ['read']}})).json;
	expect((await server.ask('DELETE', `/api/v1/users/${id}/sessions`, {token: root})).status).toBe(204);
	expect((await server.ask('GET', '/files', {token: ann})).status).toBe(401);
	expect((await server.ask('GET', '/files', {token: program.token})).status).toBe(200);
});
