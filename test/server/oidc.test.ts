// Logins by a provider of the company, over real HTTP: what it says is checked to the letter, and again whenever that expires.
import {expect, onTestFinished, test, vi} from 'vitest';
import type {ServerOptions} from '../../source/server/options.ts';
import {PATIENT} from '../helpers/patient.ts';
import {cookieOf, type Fault, logInByProvider, optionsOf, TestProvider} from '../helpers/provider.ts';
import {startTestServer, type TestServer} from '../helpers/server.ts';

interface Scene {
	readonly provider: TestProvider;
	readonly server: TestServer;
}

async function start(
	allow: readonly string[] = ['groups=analysts', 'groups=heads'],
	changes: Partial<ServerOptions> = {},
): Promise<Scene> {
	const provider = await TestProvider.start();
	return {provider, server: await startTestServer({oidc: optionsOf(provider, allow), ...changes})};
}

const logIn = ({server}: Scene, change?: (back: URL) => void, query?: string): ReturnType<typeof logInByProvider> =>
	logInByProvider(server, {...(change !== undefined && {change}), ...(query !== undefined && {query})});

const meOf = (server: TestServer, token: string) => server.ask('GET', '/api/v1/auth/me', {token});

test('everyone whom the claims let in has an account, the same at each login, and never one that was there before', async () => {
	const scene = await start();
	const {server, provider} = scene;
	await server.account('ann');
	expect((await server.ask('GET', '/api/v1/auth/methods')).json).toEqual({
		...{password: true, registration: 'open'},
		provider: {issuer: provider.issuer, url: '/api/v1/auth/oidc'},
	});
	const first = await logIn(scene, undefined, '?to=/device?user_code=BCDF-GHJK');
	expect(first).toMatchObject({status: 200, text: expect.stringContaining('url=/device?user_code=BCDF-GHJK')});
	const me = (await meOf(server, first.token)).json;
	expect(me).toMatchObject({name: 'ann-2', role: 'user'});
	provider.person = {...provider.person, preferred_username: 'renamed', groups: 'heads'};
	expect((await meOf(server, (await logIn(scene)).token)).json).toEqual(me);
	// Nobody has a password of it.
	const guessed = await server.ask('POST', '/api/v1/auth/login', {json: {name: 'ann-2', password: ''.padEnd(8, 'x')}});
	expect(guessed.status).toBe(401);
	provider.person = {sub: 'p2', email: '<b>eva@example.com', groups: ['analysts']};
	expect((await meOf(server, (await logIn(scene)).token)).json.name).toBe('beva@example.com');
});

test('who belongs to the provider alone is not let in, nor to any page', async () => {
	const scene = await start(['groups=analysts', 'tenant=ours']);
	scene.provider.person = {sub: 'p1', groups: ['analysts', 'guests'], tenant: 'theirs'};
	const refused = await logIn(scene);
	expect(refused).toMatchObject({status: 403, token: '', json: {code: 'CLAIM_NEEDED'}});
	scene.provider.person = {sub: 'p1', tenant: ['ours']};
	expect((await logIn(scene)).json.code).toBe('CLAIM_NEEDED');
	const users = await scene.server.ask('GET', '/api/v1/users', {token: scene.server.seat('root', 'admin').token});
	expect(users.json.users).toHaveLength(1);
});

test.each<Fault>([
	'nonce',
	'key',
	'issuer',
	'audience',
	'expired',
	'algorithm',
	'subject',
])('a token with a wrong %s lets nobody in', async fault => {
	const scene = await start();
	scene.provider.fault = fault;
	expect(await logIn(scene)).toMatchObject({status: 401, token: '', json: {code: 'PROVIDER_REFUSED'}});
	// The code was of use once.
	scene.provider.fault = null;
	expect((await logIn(scene)).status).toBe(200);
});

test('what comes back must be what was sent, to the same browser, once, and from the same provider', async () => {
	const scene = await start();
	const {server} = scene;
	const changes: readonly ((back: URL) => void)[] = [
		back => back.searchParams.set('state', 'another'),
		back => back.searchParams.set('code', 'another'),
		back => back.searchParams.set('iss', 'https://other.example'),
		back => back.searchParams.delete('iss'),
		back => back.searchParams.delete('code'),
	];
	for (const change of changes)
		expect(await logIn(scene, change)).toMatchObject({status: 401, json: {code: 'PROVIDER_REFUSED'}});
	const begun = await server.ask('GET', '/api/v1/auth/oidc');
	const answered = await fetch(begun.headers.get('location') ?? '', {redirect: 'manual'});
	const back = new URL(answered.headers.get('location') ?? '');
	const cookie = cookieOf(begun, 'fileproc_local_oidc');
	const come = (headers: Record<string, string>) => server.ask('GET', back.pathname + back.search, {headers});
	for (const headers of [{}, {cookie: `${cookie}x`}])
		expect((await come(headers as Record<string, string>)).status).toBe(401);
	expect((await come({cookie})).status).toBe(200);
	expect((await come({cookie})).status).toBe(401);
	for (const to of ['https://other.example', '//other.example', '/\\other.example', '/api/v1/auth/logout'])
		expect((await server.ask('GET', `/api/v1/auth/oidc?to=${encodeURIComponent(to)}`)).status, to).toBe(400);
});

test('what the provider says is asked again when it expires; who may not be in any more is out, with all that was made by then', async () => {
	vi.useFakeTimers({toFake: ['Date']});
	onTestFinished(() => void vi.useRealTimers());
	const pass = (ms: number) => void vi.setSystemTime(Date.now() + ms);
	const scene = await start();
	const {server, provider} = scene;
	const {token} = await logIn(scene);
	const made = await server.ask('POST', '/api/v1/tokens', {token, json: {name: 'x', scopes: ['read']}});
	const asked = (await server.ask('POST', '/api/v1/auth/device/code', {json: {}})).json;
	await server.ask('POST', `/api/v1/auth/device/${asked.user_code}/allow`, {token});
	const device = (await server.ask('POST', '/api/v1/auth/device/token', {json: {device_code: asked.device_code}})).json;
	const tokens = [token, made.json.token, device.access_token];
	const user = (await meOf(server, token)).json;
	const visit = await server.running.visits.begin({user, hasAccount: true}, 'user', {address: '127.0.0.1', key: 'x'});
	for (let round = 1; round <= 2; round++) {
		pass(61_000);
		await server.tidyUp();
		expect(provider.refreshCount).toBe(round);
		for (const each of tokens) expect((await meOf(server, each)).status).toBe(200);
	}
	expect(visit?.ended.aborted).toBe(false);
	// It is not asked without need.
	await server.tidyUp();
	expect(provider.refreshCount).toBe(2);
	provider.person = {...provider.person, groups: ['leavers']};
	pass(61_000);
	await server.tidyUp();
	for (const each of tokens) expect((await meOf(server, each)).status).toBe(401);
	expect(visit?.ended.aborted).toBe(true);
	expect(await logIn(scene)).toMatchObject({status: 403});
});

test('what the provider has given to ask again by is used once, however often it is looked at together', async () => {
	vi.useFakeTimers({toFake: ['Date']});
	onTestFinished(() => void vi.useRealTimers());
	const scene = await start();
	const {server, provider} = scene;
	const {token} = await logIn(scene);
	vi.setSystemTime(Date.now() + 61_000);
	await Promise.all([server.tidyUp(), server.tidyUp(), server.tidyUp()]);
	expect(provider.refreshCount).toBe(1);
	expect((await meOf(server, token)).status).toBe(200);
});

test('a provider that is not well keeps nobody out for an hour, then all, until it is well again', async () => {
	vi.useFakeTimers({toFake: ['Date']});
	onTestFinished(() => void vi.useRealTimers());
	const pass = (ms: number) => void vi.setSystemTime(Date.now() + ms);
	const faults: unknown[] = [];
	const scene = await start(undefined, {onFault: error => void faults.push(error)});
	const {server, provider} = scene;
	const FAULTS: readonly Fault[] = [
		'away',
		'cut-off',
		'too-many-requests',
		'unknown-client',
		'challenge',
		'no-userinfo',
	];
	for (const fault of FAULTS) {
		faults.splice(0);
		const [first, second] = [await logIn(scene), await logIn(scene)];
		const asked = {name: 'x', scopes: ['read'], expires_in: null};
		const made = await server.ask('POST', '/api/v1/tokens', {token: first.token, json: asked});
		const tokens = [first.token, second.token, made.json.token];
		const statuses = () => Promise.all(tokens.map(async each => (await meOf(server, each)).status));
		pass(61_000);
		provider.fault = fault;
		await server.tidyUp();
		expect(await statuses(), fault).toEqual([200, 200, 200]);
		// What concerns all is told once.
		expect(faults).toHaveLength(1);
		expect(String(faults[0])).toContain(provider.issuer);
		pass(61 * 60_000);
		await server.tidyUp();
		expect(await statuses(), fault).toEqual([401, 401, 401]);
		provider.fault = null;
		pass(10 * 60_000);
		await server.tidyUp();
		expect(await statuses(), fault).toEqual([200, 200, 200]);
		server.writeLedger(database => database.exec('DELETE FROM tokens'));
	}
});

test.each<Fault>([
	'subject',
	'key',
])('an answer with a wrong %s confirms nobody, and keeps nobody else from being asked about', async fault => {
	vi.useFakeTimers({toFake: ['Date']});
	onTestFinished(() => void vi.useRealTimers());
	const faults: unknown[] = [];
	const scene = await start(undefined, {onFault: error => void faults.push(error)});
	const {server, provider} = scene;
	const tokens = [(await logIn(scene)).token, (await logIn(scene)).token];
	vi.setSystemTime(Date.now() + 61_000);
	provider.fault = fault;
	await server.tidyUp();
	expect([provider.refreshCount, faults.length]).toEqual([2, 2]);
	for (const each of tokens) expect((await meOf(server, each)).status).toBe(200);
	vi.setSystemTime(Date.now() + 61 * 60_000);
	for (const each of tokens) expect((await meOf(server, each)).status).toBe(401);
});

test('a provider that has ended a login ends it here, with what was made by it, and no other one', async () => {
	vi.useFakeTimers({toFake: ['Date']});
	onTestFinished(() => void vi.useRealTimers());
	const scene = await start();
	const {server, provider} = scene;
	const first = await logIn(scene);
	const made = await server.ask('POST', '/api/v1/tokens', {token: first.token, json: {name: 'x', scopes: ['read']}});
	provider.revoke();
	const second = await logIn(scene);
	vi.setSystemTime(Date.now() + 61_000);
	await server.tidyUp();
	for (const each of [first.token, made.json.token]) expect((await meOf(server, each)).status).toBe(401);
	expect((await meOf(server, second.token)).status).toBe(200);
});

const letDeviceIn = async (server: TestServer, token: string): Promise<string> => {
	const asked = (await server.ask('POST', '/api/v1/auth/device/code', {json: {}})).json;
	await server.ask('POST', `/api/v1/auth/device/${asked.user_code}/allow`, {token});
	const {json} = await server.ask('POST', '/api/v1/auth/device/token', {json: {device_code: asked.device_code}});
	return String(json.access_token);
};

const makeLink = async (server: TestServer, token: string): Promise<string> =>
	(await server.ask('POST', '/api/v1/droplinks', {token, json: {name: 'x'}})).json.token;

test('programs, tokens and links outlive the visit of the browser that has made them, and are asked about on', async () => {
	vi.useFakeTimers({toFake: ['Date']});
	onTestFinished(() => void vi.useRealTimers());
	const pass = (ms: number) => void vi.setSystemTime(Date.now() + ms);
	const scene = await start();
	const {server, provider} = scene;
	const {token} = await logIn(scene);
	const [device, link] = [await letDeviceIn(server, token), await makeLink(server, token)];
	const linkOfDevice = await makeLink(server, device);
	expect((await server.ask('POST', '/api/v1/auth/logout', {token})).status).toBeLessThan(300);
	const statuses = async () => [
		(await meOf(server, token)).status,
		(await meOf(server, device)).status,
		...(await Promise.all(
			[link, linkOfDevice].map(async each => (await server.ask('GET', '/api/v1/drop', {token: each})).status),
		)),
	];
	expect(await statuses()).toEqual([401, 200, 200, 200]);
	pass(61_000);
	await server.tidyUp();
	expect(provider.refreshCount).toBe(1);
	expect(await statuses()).toEqual([401, 200, 200, 200]);
	provider.person = {...provider.person, groups: ['leavers']};
	pass(61_000);
	await server.tidyUp();
	expect(await statuses()).toEqual([401, 401, 401, 401]);
	// There is nothing left to ask for.
	pass(61_000);
	await server.tidyUp();
	expect(provider.refreshCount).toBe(2);
});

test('without a way to ask again a login, and what was made by it, lasts as long as what was said', async () => {
	vi.useFakeTimers({toFake: ['Date']});
	onTestFinished(() => void vi.useRealTimers());
	const scene = await start();
	const {server} = scene;
	scene.provider.fault = 'no-refresh-token';
	const {token} = await logIn(scene);
	const [device, link] = [await letDeviceIn(server, token), await makeLink(server, token)];
	for (const each of [token, device]) expect((await meOf(server, each)).status).toBe(200);
	expect((await server.ask('GET', '/api/v1/drop', {token: link})).status).toBe(200);
	vi.setSystemTime(Date.now() + 61_000);
	for (const each of [token, device]) expect((await meOf(server, each)).status).toBe(401);
	expect((await server.ask('GET', '/api/v1/drop', {token: link})).status).toBe(401);
});

test('who comes from the provider is asked for a second factor there; a disabled account stays out; without a provider there is none', async () => {
	const scene = await start();
	const {server} = scene;
	const {token} = await logIn(scene);
	const {id} = (await meOf(server, token)).json;
	server.writeLedger(database => database.exec(`UPDATE accounts SET role = 'admin' WHERE id = '${id}'`));
	await vi.waitFor(async () => expect((await server.ask('GET', '/api/v1/users', {token})).status).toBe(200), PATIENT);
	server.writeLedger(database => database.exec(`UPDATE accounts SET is_disabled = 1 WHERE id = '${id}'`));
	expect(await logIn(scene)).toMatchObject({status: 401, json: {code: 'LOGIN_FAILED'}});
	const bare = await startTestServer();
	expect((await bare.ask('GET', '/api/v1/auth/methods')).json.provider).toBe(null);
	expect(await bare.ask('GET', '/api/v1/auth/oidc')).toMatchObject({status: 404, json: {code: 'NO_PROVIDER'}});
});
