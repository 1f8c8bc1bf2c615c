import {expect, test} from 'vitest';
import {PASSWORD, type Reply, startTestServer, type TestServer} from '../helpers/server.ts';

const invite = (server: TestServer, token: string, json: object): Promise<Reply> =>
	server.ask('POST', '/api/v1/invitations', {token, json});

const register = (server: TestServer, name: string, invitation: string): Promise<Reply> =>
	server.ask('POST', '/api/v1/auth/register', {json: {name, password: PASSWORD, invitation}});

test('an invitation makes one account, of its role, and only an admin makes one', async () => {
	const server = await startTestServer({registration: 'invitation'});
	const [{token: root}, {token: ben}] = [server.seat('root', 'admin'), server.seat('ben', 'operator')];
	expect(await invite(server, ben, {role: 'user'})).toMatchObject({status: 403, json: {code: 'FORBIDDEN'}});
	const {status, json} = await invite(server, root, {role: 'uploader'});
	expect(status).toBe(201);
	expect(json).toMatchObject({role: 'uploader', invitation: expect.stringMatching(/^fpi_[\w-]{43}$/)});
	const listed = await server.ask('GET', '/api/v1/invitations', {token: root});
	expect(listed.json.invitations).toMatchObject([{id: json.id, role: 'uploader', expires_at: json.expires_at}]);
	expect(listed.text).not.toContain(json.invitation);
	// A name that is taken does not use it up.
	expect((await register(server, 'ben', json.invitation)).status).toBe(409);
	const replies = await Promise.all(['cid', 'dora'].map(name => register(server, name, json.invitation)));
	expect(replies.map(reply => reply.status).sort()).toEqual([201, 403]);
	expect(replies.find(reply => reply.status === 201)?.json).toMatchObject({user: {role: 'uploader'}});
	expect((await server.ask('GET', '/api/v1/invitations', {token: root})).json.invitations).toEqual([]);
});

test('an invitation that has expired or was taken back is none', async () => {
	const server = await startTestServer({registration: 'invitation'});
	const {token: root} = server.seat('root', 'admin');
	const [old, withdrawn] = [
		(await invite(server, root, {role: 'user', expires_in: 60})).json,
		(await invite(server, root, {role: 'user'})).json,
	];
	server.writeLedger(database => database.exec(`UPDATE invitations SET expires_at = 1 WHERE id = '${old.id}'`));
	const remove = () => server.ask('DELETE', `/api/v1/invitations/${withdrawn.id}`, {token: root});
	expect([(await remove()).status, (await remove()).status]).toEqual([204, 404]);
	for (const {invitation} of [old, withdrawn])
		expect(await register(server, 'eve', invitation)).toMatchObject({
			...{status: 403, json: {code: 'REGISTRATION_CLOSED'}},
		});
});

test('an invitation ends with the password of who made it, where an admin resets that', async () => {
	const server = await startTestServer({registration: 'invitation'});
	const [{token: root}, {id, token: mal}] = [server.seat('root', 'admin'), server.seat('mal', 'admin')];
	const {invitation} = (await invite(server, mal, {role: 'admin'})).json;
	expect((await server.ask('POST', `/api/v1/users/${id}/reset`, {token: root})).status).toBe(200);
	expect((await register(server, 'eve', invitation)).status).toBe(403);
});

test('where nobody may register there are no invitations', async () => {
	const server = await startTestServer({registration: 'closed'});
	const {token: root} = server.seat('root', 'admin');
	expect((await invite(server, root, {role: 'user'})).status).toBe(403);
});

test.each([{is_disabled: true}, {role: 'user'}])('an invitation ends where who made it is %j', async change => {
	const server = await startTestServer({registration: 'invitation'});
	const [root, {id, token: mal}] = [server.seat('root', 'admin').token, server.seat('mal', 'admin')];
	const {invitation} = (await invite(server, mal, {role: 'admin'})).json;
	expect(
		(await server.ask('PATCH', `/api/v1/users/${id}`, {token: root, headers: {'if-match': '*'}, json: change})).status,
	).toBe(200);
	expect((await register(server, 'eve', invitation)).status).toBe(403);
});
