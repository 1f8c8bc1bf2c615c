import {expect, test} from 'vitest';
import {PATIENT} from '../helpers/patient.ts';
import {comparable, PASSWORD, startTestServer} from '../helpers/server.ts';

const register = '/api/v1/auth/register';
const login = '/api/v1/auth/login';

test('an account is made, logs in, says who it is, and logs out', async () => {
	const server = await startTestServer();
	const made = await server.ask('POST', register, {json: {name: 'ann', password: PASSWORD}});
	expect(made).toMatchObject({status: 201, json: {user: {name: 'ann', role: 'user'}}});
	const session = await server.ask('POST', login, {json: {name: 'ann', password: PASSWORD}});
	expect(session).toMatchObject({status: 200, json: {user: {id: made.json.user.id, name: 'ann', role: 'user'}}});
	expect(Date.parse(session.json.expires_at)).toBeGreaterThan(Date.now());
	const {token} = session.json;
	for (const path of ['/api/v1/auth/me', '/api/auth/me'])
		expect(await server.ask('GET', path, {token})).toMatchObject({status: 200, json: made.json.user});
	expect(await server.ask('POST', '/api/auth/logout', {token})).toMatchObject({status: 204});
	expect(await server.ask('GET', '/api/auth/me', {token})).toMatchObject({status: 401, json: {code: 'UNAUTHORIZED'}});
});

test('a session outlives the server, and no secret is in its folder', async () => {
	const server = await startTestServer();
	const token = await server.account('ann');
	await server.restart();
	expect((await server.ask('GET', '/api/auth/me', {token})).status).toBe(200);
	await server.close();
	const {readdirSync, readFileSync} = await import('node:fs');
	for (const name of readdirSync(server.dataFolder, {recursive: true, encoding: 'utf8', withFileTypes: true})) {
		if (!name.isFile()) continue;
		const bytes = readFileSync(`${name.parentPath}/${name.name}`);
		expect(bytes.includes(token) || bytes.includes(PASSWORD), name.name).toBe(false);
	}
});

test('a name that is taken, in capitals too, and names and passwords that cannot be', async () => {
	const server = await startTestServer();
	await server.account('ann');
	const codeOf = async (name: string, password: string): Promise<readonly unknown[]> => {
		const {status, json} = await server.ask('POST', register, {json: {name, password}});
		return [status, json.code];
	};
	expect(await codeOf('Ann', PASSWORD)).toEqual([409, 'NAME_TAKEN']);
	for (const name of ['-ann', 'a b', 'a/b', 'x'.repeat(65), 'a\u0000', '\u202eann'])
		expect(await codeOf(name, PASSWORD), name).toEqual([400, 'BAD_NAME']);
	for (const password of ['short', 'me-caroline-1', 'x'.repeat(1025)])
		expect((await codeOf('caroline', password))[0], password).toBe(400);
});

test('a password that others have lost is refused, in any letters, with a sentence that says so; others need no digits or signs', async () => {
	const server = await startTestServer();
	const make = (name: string, password: string) => server.ask('POST', register, {json: {name, password}});
	for (const password of ['password1', 'PassWord1', '1234567890', 'qwertyuiop'])
		expect(await make('ann', password), password).toMatchObject({
			...{status: 400, json: {code: 'COMMON_PASSWORD', detail: expect.stringContaining('choose another one')}},
		});
	expect((await make('ann', 'horses sing quietly')).status).toBe(201);
});

test('a wrong password and an unknown name look alike', async () => {
	const server = await startTestServer();
	await server.account('ann');
	const wrong = await server.ask('POST', login, {json: {name: 'ann', password: 'not the password'}});
	const unknown = await server.ask('POST', login, {json: {name: 'nobody', password: 'not the password'}});
	expect(wrong.status).toBe(401);
	expect(comparable(unknown)).toEqual(comparable(wrong));
});

test('who guesses has to wait, but never for ever, and a success forgives the name', async () => {
	const server = await startTestServer();
	await server.account('ann');
	const guess = () => server.ask('POST', login, {json: {name: 'ann', password: 'a wrong guess'}});
	for (let count = 0; count < 5; count++) expect((await guess()).status).toBe(401);
	// A second after the last one it may be tried again: a busy machine may be too slow for it to be refused, and the next time is longer.
	let refused = await guess();
	for (let count = 0; count < 8 && refused.status === 401; count++) refused = await guess();
	expect(refused).toMatchObject({status: 429, json: {code: 'TOO_MANY_LOGINS'}});
	const seconds = Number(refused.headers.get('retry-after'));
	expect(seconds).toBeGreaterThanOrEqual(1);
	expect(seconds).toBeLessThanOrEqual(60);
	expect(refused.json.retry_after_seconds).toBe(seconds);
	// A refused try does not count, so that one's own client cannot lock one out.
	await expect
		.poll(async () => (await server.ask('POST', login, {json: {name: 'ann', password: PASSWORD}})).status, {
			...PATIENT,
			interval: 200,
		})
		.toBe(200);
});

test('the first account is an admin and needs the invitation, which then is used up', async () => {
	const server = await startTestServer({registration: 'invitation'});
	const {invitation} = server;
	expect(invitation).toMatch(/^fpi_[\w-]{43}$/);
	const make = (name: string, more: object) =>
		server.ask('POST', register, {json: {name, password: PASSWORD, ...more}});
	for (const more of [{}, {invitation: 'fpi_wrong'}])
		expect(await make('eve', more)).toMatchObject({status: 403, json: {code: 'REGISTRATION_CLOSED'}});
	expect(await make('ann', {invitation})).toMatchObject({status: 201, json: {user: {role: 'admin'}}});
	expect((await make('eve', {invitation})).status).toBe(403);
	await server.restart();
	expect(server.invitation).toBeNull();
	expect((await make('eve', {invitation})).status).toBe(403);
});

test('where others were first, the invitation still makes the admin that there is not, also after a restart', async () => {
	const server = await startTestServer();
	await server.account('ann');
	await server.restart();
	expect(server.invitation).not.toBeNull();
	await server.admin();
	await server.restart();
	expect(server.invitation).toBeNull();
});

test('of two that use the invitation at once one is the admin', async () => {
	const server = await startTestServer({registration: 'invitation'});
	const {invitation} = server;
	const make = (name: string) => server.ask('POST', register, {json: {name, password: PASSWORD, invitation}});
	const replies = await Promise.all(['ann', 'ben', 'cid'].map(make));
	expect(replies.map(({status}) => status).sort()).toEqual([201, 403, 403]);
});

test('a cookie serves the page of the server, and no other page', async () => {
	const server = await startTestServer();
	await server.account('ann');
	const session = await server.ask('POST', login, {json: {name: 'ann', password: PASSWORD}});
	const set = session.headers.get('set-cookie') ?? '';
	expect(set).toMatch(/HttpOnly/);
	expect(set).toMatch(/SameSite=Strict/);
	const cookie = set.split(';')[0] ?? '';
	expect((await server.ask('GET', '/api/auth/me', {headers: {cookie}})).status).toBe(200);
	const logout = (headers: Record<string, string>) =>
		server.ask('POST', '/api/auth/logout', {headers: {cookie, ...headers}});
	for (const headers of [{}, {origin: 'https://evil.example'}, {origin: 'null'}])
		expect(await logout(headers)).toMatchObject({status: 403, json: {code: 'FOREIGN_ORIGIN'}});
	expect((await server.ask('GET', '/api/auth/me', {headers: {cookie}})).status).toBe(200);
	const own = await logout({origin: server.url});
	expect(own.status).toBe(204);
	expect(own.headers.get('set-cookie')).toMatch(/Expires=Thu, 01 Jan 1970/);
	expect((await server.ask('GET', '/api/auth/me', {headers: {cookie}})).status).toBe(401);
});

test('without accounts everything belongs to one local user; other machines are not let in before there is an account', async () => {
	const server = await startTestServer({isOpen: true});
	expect(await server.ask('GET', '/api/auth/me')).toMatchObject({status: 200, json: {name: 'local'}});
	await expect(startTestServer({host: '0.0.0.0'})).rejects.toThrow(/there is no account yet/);
});
