// Programs that somebody lets in from elsewhere: by a code that is typed, once, within minutes, by a person who may.
import {expect, onTestFinished, test, vi} from 'vitest';
import {startTestServer, type TestServer} from '../helpers/server.ts';

const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

const begin = async (server: TestServer) =>
	(await server.ask('POST', '/api/v1/auth/device/code', {json: {}, headers: {'user-agent': 'a program/1'}})).json;
const fetchToken = (server: TestServer, device_code: string) =>
	server.ask('POST', '/api/v1/auth/device/token', {json: {device_code, grant_type: GRANT}});
const decide = (server: TestServer, token: string | null, code: string, decision: 'allow' | 'deny') =>
	server.ask('POST', `/api/v1/auth/device/${code}/${decision}`, {token});
const sendForm = (server: TestServer, fields: Readonly<Record<string, string>>, headers = {}) =>
	server.ask('POST', '/device', {
		...{headers: {'content-type': 'application/x-www-form-urlencoded', ...headers}},
		body: new URLSearchParams(fields).toString(),
	});

/** Time goes on when it is told to. */
function fakeClock(): (ms: number) => void {
	vi.useFakeTimers({toFake: ['Date']});
	onTestFinished(() => void vi.useRealTimers());
	return ms => void vi.setSystemTime(Date.now() + ms);
}

test('a program asks, somebody lets it in by its code, and it has a login of that account, once', async () => {
	const pass = fakeClock();
	const server = await startTestServer();
	const ann = server.seat('ann');
	const asked = await begin(server);
	expect(asked).toEqual({
		device_code: expect.stringMatching(/^fpc_[\w-]{43}$/),
		user_code: expect.stringMatching(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/),
		verification_uri: `${server.url}/device`,
		verification_uri_complete: `${server.url}/device?user_code=${asked.user_code}`,
		...{expires_in: 900, interval: 5},
	});
	const {device_code, user_code} = asked;
	expect(await fetchToken(server, device_code)).toMatchObject({
		...{status: 400, json: {error: 'authorization_pending', code: 'AUTHORIZATION_PENDING'}},
	});
	// People type as they like.
	const typed = user_code.toLowerCase().replace('-', '');
	const shown = await server.ask('GET', `/api/v1/auth/device/${typed}`, {token: ann.token});
	expect(shown).toMatchObject({status: 200, json: {client: 'a program/1', asked_from: '127.0.0.1'}});
	expect((await decide(server, ann.token, typed, 'allow')).status).toBe(204);
	// Nobody decides twice, nor looks at what is decided.
	for (const decision of ['allow', 'deny'] as const)
		expect((await decide(server, ann.token, user_code, decision)).status).toBe(404);
	pass(5000);
	const got = await fetchToken(server, device_code);
	expect(got).toMatchObject({status: 200, json: {token_type: 'Bearer', user: {id: ann.id, name: 'ann', role: 'user'}}});
	expect(got.headers.get('cache-control')).toBe('no-store');
	const token = got.json.access_token;
	expect((await server.ask('GET', '/api/v1/auth/me', {token})).json.name).toBe('ann');
	pass(5000);
	expect(await fetchToken(server, device_code)).toMatchObject({status: 400, json: {error: 'expired_token'}});
	// It is a login like others: it is seen, and ended.
	const {sessions} = (await server.ask('GET', '/api/v1/sessions', {token})).json;
	expect(sessions).toHaveLength(2);
	expect((await server.ask('POST', '/api/v1/auth/logout', {token})).status).toBe(204);
	expect((await server.ask('GET', '/api/v1/auth/me', {token})).status).toBe(401);
});

test('the standard’s form does as JSON does', async () => {
	const server = await startTestServer();
	const headers = {'content-type': 'application/x-www-form-urlencoded'};
	const asked = await server.ask('POST', '/api/v1/auth/device/code', {headers, body: 'client_id=x'});
	expect(asked.status).toBe(200);
	const body = new URLSearchParams({device_code: asked.json.device_code, grant_type: GRANT, client_id: 'x'}).toString();
	const pending = await server.ask('POST', '/api/v1/auth/device/token', {headers, body});
	expect(pending.json.error).toBe('authorization_pending');
	const wrong = await server.ask('POST', '/api/v1/auth/device/token', {headers, body: `${body}x`});
	expect(wrong.status).toBe(400);
});

test('who asks too often is slowed down, and from then on has to wait longer', async () => {
	const pass = fakeClock();
	const server = await startTestServer();
	const {device_code} = await begin(server);
	const errorOf = async () => (await fetchToken(server, device_code)).json;
	expect((await errorOf()).error).toBe('authorization_pending');
	pass(1000);
	expect(await errorOf()).toMatchObject({error: 'slow_down', interval: 10});
	pass(6000);
	expect(await errorOf()).toMatchObject({error: 'slow_down', interval: 15});
	pass(15_000);
	expect((await errorOf()).error).toBe('authorization_pending');
});

test('a code is of use for minutes, and not after it was refused, or who allowed it has gone', async () => {
	const pass = fakeClock();
	const server = await startTestServer();
	const ann = server.seat('ann');
	const late = await begin(server);
	pass(15 * 60_000);
	expect((await fetchToken(server, late.device_code)).json.error).toBe('expired_token');
	expect((await decide(server, ann.token, late.user_code, 'allow')).status).toBe(404);
	await server.tidyUp();
	const refused = await begin(server);
	await decide(server, ann.token, refused.user_code, 'deny');
	expect((await fetchToken(server, refused.device_code)).json.error).toBe('access_denied');
	expect((await fetchToken(server, refused.device_code)).json.error).toBe('expired_token');
	const goings = [
		(token: string) => server.ask('POST', '/api/v1/auth/logout', {token}),
		async () => server.writeLedger(database => database.exec(`UPDATE accounts SET is_disabled = 1 WHERE name = 'ann'`)),
	];
	for (const go of goings) {
		const {token} = server.session(ann.id);
		const asked = await begin(server);
		expect((await decide(server, token, asked.user_code, 'allow')).status).toBe(204);
		await go(token);
		expect((await fetchToken(server, asked.device_code)).json.error).toBe('access_denied');
	}
});

test('only people who are logged in let programs in, and nobody guesses codes', async () => {
	const pass = fakeClock();
	const server = await startTestServer();
	const ann = server.seat('ann');
	const {user_code, device_code} = await begin(server);
	expect((await decide(server, null, user_code, 'allow')).status).toBe(401);
	const made = await server.ask('POST', '/api/v1/tokens', {
		...{token: ann.token, json: {name: 'x', scopes: ['read', 'run', 'upload']}},
	});
	expect((await decide(server, made.json.token, user_code, 'allow')).json.code).toBe('SCOPE_NEEDED');
	// Nor on the page.
	const byProgram = await server.ask('POST', '/device', {
		...{token: made.json.token, headers: {'content-type': 'application/x-www-form-urlencoded'}},
		body: new URLSearchParams({user_code, decision: 'allow'}).toString(),
	});
	expect(byProgram.status).toBe(401);
	const bare = server.seat('bare', 'admin');
	server.writeLedger(database => database.exec(`DELETE FROM second_factors WHERE account = '${bare.id}'`));
	expect((await decide(server, bare.token, user_code, 'allow')).json.code).toBe('SECOND_FACTOR_ENROLMENT_NEEDED');
	const statuses = [];
	for (let tries = 0; tries < 8; tries++) statuses.push((await decide(server, ann.token, 'BBBB-BBBB', 'allow')).status);
	expect(statuses).toEqual([404, 404, 404, 404, 404, 429, 429, 429]);
	pass(60_000);
	expect((await decide(server, ann.token, user_code, 'allow')).status).toBe(204);
	expect((await fetchToken(server, device_code)).status).toBe(200);
});

test('the page asks who one is, shows what asks, and does what is said; a page of another site does nothing', async () => {
	const server = await startTestServer();
	await server.account('ann');
	const {user_code, device_code} = await begin(server);
	const page = await server.ask('GET', `/device?user_code=${user_code}`);
	expect(page.text).toContain(`value="${user_code}"`);
	expect(page.text).toContain('name="password"');
	const login = {user_code, name: 'ann', password: 'correct horse 7 battery', second_factor: ''};
	const wrong = await sendForm(server, {...login, password: 'x'});
	expect(wrong).toMatchObject({status: 401, text: expect.stringContaining('The name or the password is wrong.')});
	const foreign = {'sec-fetch-site': 'cross-site'};
	expect((await sendForm(server, {...login, decision: 'allow'}, foreign)).json.code).toBe('FOREIGN_ORIGIN');
	const looked = await sendForm(server, login);
	expect(looked.text).toMatch(/logged in as <b>ann<\/b>.*a program\/1.*Let it in/s);
	const cookie = /^[^;]+/.exec(looked.headers.get('set-cookie') ?? '')?.[0] ?? '';
	const answered = await sendForm(server, {user_code, decision: 'allow'}, {cookie, 'sec-fetch-site': 'same-origin'});
	expect(answered.text).toContain('The program is let in');
	expect((await fetchToken(server, device_code)).json.user.name).toBe('ann');
	// What is typed comes back as text.
	const hostile = await server.ask('GET', `/device?user_code=${encodeURIComponent('"><script>x')}`);
	expect(hostile.text).not.toContain('<script');
});

test('more programs than may wait are told to come later', async () => {
	const server = await startTestServer();
	server.writeLedger(database => {
		const add = database.prepare(
			`INSERT INTO device_logins (device_hash, user_hash, client, asked_from, state, created_at, expires_at) VALUES (?, ?, '', '', 'pending', 0, ?)`,
		);
		for (let index = 0; index < 1000; index++)
			add.run(Buffer.from(`d${index}`), Buffer.from(`u${index}`), Date.now() + 60_000);
	});
	const refused = await server.ask('POST', '/api/v1/auth/device/code', {json: {}});
	expect(refused).toMatchObject({status: 503, json: {code: 'TOO_MANY_CODES'}});
	expect(refused.headers.get('retry-after')).toBe('60');
});
