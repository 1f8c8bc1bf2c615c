import {expect, onTestFinished, test, vi} from 'vitest';
import {PATIENT} from '../helpers/patient.ts';
import {PASSWORD, type Reply, startTestServer, type TestServer} from '../helpers/server.ts';

const HOUR_MS = 3_600_000;
const OTHER = 'another horse 8 battery';

/** Resolves when the stream of events of a session has ended, which takes five seconds at most where the machine has time for it. */
async function openStream(server: TestServer, token: string): Promise<() => Promise<void>> {
	const controller = new AbortController();
	onTestFinished(() => controller.abort());
	const response = await fetch(`${server.url}/api/v1/events`, {
		headers: {authorization: `Bearer ${token}`},
		signal: controller.signal,
	});
	expect(response.status).toBe(200);
	let endedAt: number | null = null;
	void response.text().then(
		() => {
			endedAt = performance.now();
		},
		() => {},
	);
	return async () => {
		const askedAt = performance.now();
		await vi.waitFor(() => expect(endedAt).not.toBeNull(), PATIENT);
		expect((endedAt ?? 0) - askedAt).toBeLessThan(30_000);
	};
}

const me = async (server: TestServer, token: string): Promise<number> =>
	(await server.ask('GET', '/api/v1/auth/me', {token})).status;

const changePassword = (
	server: TestServer,
	token: string,
	current_password: string,
	new_password: string,
): Promise<Reply> => server.ask('POST', '/api/v1/auth/password', {token, json: {current_password, new_password}});

test('another password ends the other sessions and their streams, and nobody logs in with the old one', async () => {
	const server = await startTestServer();
	const [{token: own}, {token: foreign}] = [server.seat('ann'), server.seat('ben')];
	const other = await server.logIn('ann');
	const ended = await openStream(server, other);
	expect(await changePassword(server, own, 'not the password', OTHER)).toMatchObject({
		...{status: 403, json: {code: 'WRONG_PASSWORD'}},
	});
	for (const refused of [PASSWORD, 'short', 'x'.repeat(1025), '€'.repeat(342)])
		expect((await changePassword(server, own, PASSWORD, refused)).status, refused).toBe(400);
	expect(await me(server, other)).toBe(200);
	expect((await changePassword(server, own, PASSWORD, OTHER)).status).toBe(204);
	await ended();
	expect([await me(server, own), await me(server, other), await me(server, foreign)]).toEqual([200, 401, 200]);
	const logIn = (password: string) => server.ask('POST', '/api/v1/auth/login', {json: {name: 'ann', password}});
	expect((await logIn(PASSWORD)).status).toBe(401);
	expect((await logIn(OTHER)).status).toBe(200);
});

test('who guesses the current password of a stolen session has to wait', async () => {
	const server = await startTestServer();
	const {token} = server.seat('ann');
	const statuses: number[] = [];
	for (let count = 0; count < 6; count++) statuses.push((await changePassword(server, token, 'a guess', OTHER)).status);
	expect(statuses).toEqual([403, 403, 403, 403, 403, 429]);
});

test('one sees where one is logged in, and ends one of these sessions', async () => {
	const server = await startTestServer();
	const [{token: own}, {token: foreign}] = [server.seat('ann'), server.seat('ben')];
	const login = await server.ask('POST', '/api/v1/auth/login', {
		...{json: {name: 'ann', password: PASSWORD}, headers: {'user-agent': 'a phone'}},
	});
	const {status, json} = await server.ask('GET', '/api/v1/sessions', {token: own});
	expect(status).toBe(200);
	expect(json.sessions).toHaveLength(2);
	const other = json.sessions.find((session: {client: string}) => session.client === 'a phone');
	expect(other).toMatchObject({is_current: false, last_used_from: '127.0.0.1', expires_at: login.json.expires_at});
	expect(json.sessions.filter((session: {is_current: boolean}) => session.is_current)).toHaveLength(1);
	const ended = await openStream(server, login.json.token);
	const end = (token: string) => server.ask('DELETE', `/api/v1/sessions/${other.id}`, {token});
	expect(await end(foreign)).toMatchObject({status: 404, json: {code: 'NOT_FOUND'}});
	expect((await end(own)).status).toBe(204);
	await ended();
	expect([await me(server, own), await me(server, login.json.token)]).toEqual([200, 401]);
	expect((await end(own)).status).toBe(404);
});

test('a session ends when it is not used for eight hours, and after seven days in any case', async () => {
	const server = await startTestServer();
	const [{token: used}, idle] = [server.seat('ann'), await server.logIn('ann')];
	vi.useFakeTimers({toFake: ['Date']});
	onTestFinished(() => {
		vi.useRealTimers();
	});
	const start = Date.now();
	/** The use is written in the background. */
	const usedAt = async (): Promise<number> => {
		const {json} = await server.ask('GET', '/api/v1/sessions', {token: used});
		return Date.parse(json.sessions.find((session: {is_current: boolean}) => session.is_current).last_used_at);
	};
	vi.setSystemTime(start + 6 * HOUR_MS);
	expect(await me(server, used)).toBe(200);
	await vi.waitFor(async () => expect(await usedAt()).toBeGreaterThanOrEqual(start + 6 * HOUR_MS), PATIENT);
	vi.setSystemTime(start + 12 * HOUR_MS);
	expect([await me(server, used), await me(server, idle)]).toEqual([200, 401]);
	const late = start + 7 * 24 * HOUR_MS - HOUR_MS;
	server.writeLedger(database => database.exec(`UPDATE tokens SET used_at = ${late}`));
	vi.setSystemTime(late);
	expect([await me(server, used), await me(server, idle)]).toEqual([200, 200]);
	// Both logins are older than when the clock was stopped.
	vi.setSystemTime(start + 7 * 24 * HOUR_MS);
	expect([await me(server, used), await me(server, idle)]).toEqual([401, 401]);
});

test('what another process writes counts at once, and ends streams within five seconds', async () => {
	const server = await startTestServer();
	const [{token: ann}, {token: ben}] = [server.seat('ann'), server.seat('ben')];
	const ended = [await openStream(server, ann), await openStream(server, ben)];
	server.writeLedger(database => database.exec(`UPDATE accounts SET is_disabled = 1 WHERE name = 'ann'`));
	expect(await me(server, ann)).toBe(401);
	await ended[0]?.();
	expect(await me(server, ben)).toBe(200);
	expect((await server.ask('POST', '/api/v1/auth/login', {json: {name: 'ann', password: PASSWORD}})).status).toBe(401);
	server.writeLedger(database => database.exec('DELETE FROM tokens'));
	await ended[1]?.();
});

test('an admin sees where somebody is logged in, and ends one of these logins, with its streams', async () => {
	const server = await startTestServer();
	const [{token: root}, ann] = [server.seat('root', 'admin'), server.seat('ann')];
	const other = server.session(ann.id);
	const path = `/api/v1/users/${ann.id}/sessions`;
	const {json} = await server.ask('GET', path, {token: root});
	expect(json.sessions.map(({id}: {readonly id: string}) => id).toSorted()).toEqual(
		[ann.session, other.session].toSorted(),
	);
	expect(json.sessions[0]).toMatchObject({is_current: false, last_used_from: '127.0.0.1', client: null});
	const ended = (await server.fetch('GET', '/api/v1/events', {token: other.token})).text();
	expect((await server.ask('DELETE', `${path}/${other.session}`, {token: root})).status).toBe(204);
	await ended;
	expect((await server.ask('GET', '/files', {token: other.token})).status).toBe(401);
	expect((await server.ask('GET', '/files', {token: ann.token})).status).toBe(200);
	// Of this account alone.
	const own = (await server.ask('GET', '/api/v1/sessions', {token: root})).json.sessions[0].id;
	expect((await server.ask('DELETE', `${path}/${own}`, {token: root})).status).toBe(404);
	expect((await server.ask('GET', '/api/v1/users/u_0/sessions', {token: root})).status).toBe(404);
});

test('without accounts nobody has sessions or a password', async () => {
	const server = await startTestServer({isOpen: true});
	for (const reply of [await server.ask('GET', '/api/v1/sessions'), await changePassword(server, '', PASSWORD, OTHER)])
		expect(reply).toMatchObject({status: 409, json: {code: 'NO_ACCOUNTS'}});
});
