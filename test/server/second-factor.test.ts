// A second factor: codes as RFC 6238 has them, each of use once; recovery codes; who must have one; and how a login asks for it.
import {expect, test, vi} from 'vitest';
import {STEP_MS, stepOfCode, toBase32, totpOf} from '../../source/server/totp.ts';
import {fromBase32} from '../helpers/base32.ts';
import {PASSWORD, type Reply, startTestServer, type TestServer} from '../helpers/server.ts';

const AUTH = '/api/v1/auth';

test('codes are those of RFC 6238, appendix B', () => {
	const secret = Buffer.from('12345678901234567890');
	const vectors = [
		...[[59, '94287082'] as const, [1111111109, '07081804'] as const, [1111111111, '14050471'] as const],
		...[[1234567890, '89005924'] as const, [2000000000, '69279037'] as const, [20000000000, '65353130'] as const],
	];
	for (const [seconds, code] of vectors) expect(totpOf(secret, Math.floor(seconds / 30))).toBe(code.slice(-6));
	expect(toBase32(Buffer.from('foobar'))).toBe('MZXW6YTBOI');
	expect(fromBase32(toBase32(secret))).toEqual(secret);
});

test('a code counts for its thirty seconds, those before and those after, and once', () => {
	const [secret, now] = [Buffer.from('12345678901234567890'), 1_700_000_000_000];
	const present = Math.floor(now / STEP_MS);
	const find = (step: number, usedStep = -1) => stepOfCode(secret, totpOf(secret, step), now, usedStep);
	expect([-2, -1, 0, 1, 2].map(offset => find(present + offset))).toEqual([
		null,
		present - 1,
		present,
		present + 1,
		null,
	]);
	expect(find(present, present)).toBeNull();
	expect(find(present - 1, present)).toBeNull();
	expect(find(present + 1, present)).toBe(present + 1);
	for (const wrong of ['', '12345', '1234567', 'abcdef', `${totpOf(secret, present)} `])
		expect(stepOfCode(secret, wrong, now, -1)).toBeNull();
});

interface Enrolled {
	readonly token: string;
	readonly secret: Buffer;
	readonly recoveryCodes: readonly string[];
	/** Of the code that has been used. */
	readonly step: number;
}

const stepNow = (): number => Math.floor(Date.now() / STEP_MS);

/** Adds a second factor by a login that is there. */
async function enrol(server: TestServer, token: string): Promise<Enrolled> {
	const {status, json} = await server.ask('POST', `${AUTH}/second-factor`, {token, json: {password: PASSWORD}});
	expect(status).toBe(201);
	const [secret, step] = [fromBase32(json.secret), stepNow()];
	expect(json.uri).toBe(`otpauth://totp/fileproc-tui:ann?secret=${json.secret}&issuer=fileproc-tui`);
	const confirmed = await server.ask('POST', `${AUTH}/second-factor/confirm`, {
		token,
		json: {code: totpOf(secret, step)},
	});
	expect(confirmed.status).toBe(200);
	return {token, secret, recoveryCodes: confirmed.json.recovery_codes, step};
}

const logIn = (server: TestServer, code?: string): Promise<Reply> =>
	server.ask('POST', `${AUTH}/login`, {json: {name: 'ann', password: PASSWORD, ...(code !== undefined && {code})}});

test('a login asks for a code where there is a second factor, and takes each code once', async () => {
	const server = await startTestServer();
	const {id, token: before} = server.seat('ann');
	const {token} = server.session(id);
	const {secret, step, recoveryCodes} = await enrol(server, token);
	// The other login was without it.
	expect((await server.ask('GET', '/files', {token: before})).status).toBe(401);
	expect((await server.ask('GET', '/files', {token})).status).toBe(200);

	const asked = await logIn(server);
	expect(asked).toMatchObject({status: 401, json: {code: 'SECOND_FACTOR_NEEDED', methods: ['totp', 'recovery-code']}});
	expect(asked.headers.get('set-cookie')).toBeNull();
	// Who has not the password learns nothing of it.
	const wrong = await server.ask('POST', `${AUTH}/login`, {
		json: {name: 'ann', password: 'wrong', code: totpOf(secret, step + 1)},
	});
	expect(wrong).toMatchObject({status: 401, json: {code: 'LOGIN_FAILED'}});
	// The code that has confirmed it is used.
	expect(await logIn(server, totpOf(secret, step))).toMatchObject({status: 403, json: {code: 'WRONG_CODE'}});
	const [one, other] = await Promise.all([
		logIn(server, totpOf(secret, step + 1)),
		logIn(server, totpOf(secret, step + 1)),
	]);
	expect([one.status, other.status].toSorted().filter(status => status === 200)).toHaveLength(1);
	expect((await logIn(server, totpOf(secret, step + 1))).status).toBe(403);

	expect(recoveryCodes).toHaveLength(10);
	expect(new Set(recoveryCodes).size).toBe(10);
	const [code = ''] = recoveryCodes;
	expect((await logIn(server, ` ${code.toUpperCase()} `)).status).toBe(200);
	expect((await logIn(server, code)).json.code).toBe('WRONG_CODE');
	const state = await server.ask('GET', `${AUTH}/second-factor`, {token});
	expect(state.json).toMatchObject({is_enrolled: true, is_required: false, recovery_codes_left: 9});
	server.writeLedger(database => {
		const kept = JSON.stringify(database.prepare('SELECT hex(hash) AS hash FROM recovery_codes').all());
		for (const each of recoveryCodes) expect(kept).not.toContain(each);
	});
});

test('guessed codes are slowed down, whoever knows the password', async () => {
	const server = await startTestServer();
	const {secret, step} = await enrol(server, server.seat('ann').token);
	const right = totpOf(secret, step + 1);
	const wrong = right === '000000' ? '000001' : '000000';
	const statuses: number[] = [];
	// Each further one waits twice as long.
	while (statuses.at(-1) !== 429 && statuses.length < 20) statuses.push((await logIn(server, wrong)).status);
	expect(statuses.slice(0, 5)).toEqual(Array(5).fill(403));
	expect(statuses.at(-1)).toBe(429);
	expect(await logIn(server, right)).toMatchObject({status: 429, json: {code: 'TOO_MANY_LOGINS'}});
});

test('a change of the second factor asks for the password and a code, and a role that must have one keeps it', async () => {
	const server = await startTestServer();
	const {token} = server.seat('ann');
	const ask = (path: string, json: object) => server.ask('POST', `${AUTH}/second-factor${path}`, {token, json});
	expect(await ask('', {password: 'wrong'})).toMatchObject({status: 403, json: {code: 'WRONG_PASSWORD'}});
	for (const path of ['/recovery-codes', '/disable'])
		expect(await ask(path, {password: PASSWORD, code: '123456'})).toMatchObject({
			status: 409,
			json: {code: 'NO_SECOND_FACTOR'},
		});
	expect(await ask('/confirm', {code: '123456'})).toMatchObject({status: 409, json: {code: 'NO_SECOND_FACTOR'}});
	// The one that was begun last counts.
	await ask('', {password: PASSWORD});
	const {recoveryCodes} = await enrol(server, token);
	expect(await ask('', {password: PASSWORD})).toMatchObject({status: 409, json: {code: 'SECOND_FACTOR_EXISTS'}});
	const [first = '', second = ''] = recoveryCodes;
	expect((await ask('/recovery-codes', {password: 'wrong', code: first})).json.code).toBe('WRONG_PASSWORD');
	const renewed = await ask('/recovery-codes', {password: PASSWORD, code: first});
	expect(renewed.json.recovery_codes).toHaveLength(10);
	expect((await ask('/disable', {password: PASSWORD, code: second})).json.code).toBe('WRONG_CODE');
	const [code] = renewed.json.recovery_codes;
	server.writeLedger(database => database.exec(`UPDATE accounts SET role = 'admin'`));
	expect(await ask('/disable', {password: PASSWORD, code})).toMatchObject({
		status: 409,
		json: {code: 'SECOND_FACTOR_REQUIRED'},
	});
	server.writeLedger(database => database.exec(`UPDATE accounts SET role = 'user'`));
	expect((await ask('/disable', {password: PASSWORD, code})).status).toBe(204);
	expect((await logIn(server)).status).toBe(200);
});

test('an admin without a second factor can only add one, and a setting asks it of other roles', async () => {
	const server = await startTestServer({secondFactorRole: 'user'});
	const made = await server.ask('POST', `${AUTH}/register`, {
		json: {name: 'ann', password: PASSWORD, invitation: server.invitation},
	});
	expect(made.json.user.role).toBe('admin');
	const {json} = await logIn(server);
	expect(json).toMatchObject({must_enrol_second_factor: true});
	expect(await server.ask('GET', '/files', {token: json.token})).toMatchObject({
		status: 403,
		json: {code: 'SECOND_FACTOR_ENROLMENT_NEEDED'},
	});
	const {secret, step, token} = await enrol(server, json.token);
	expect((await server.ask('GET', '/api/v1/users', {token})).status).toBe(200);
	const again = await logIn(server, totpOf(secret, step + 1));
	expect(again.json).not.toHaveProperty('must_enrol_second_factor');
	const [user, uploader] = [server.seat('ben', 'user'), server.seat('cai', 'uploader')];
	expect((await server.ask('GET', '/files', {token: user.token})).status).toBe(403);
	expect((await server.ask('GET', '/files', {token: uploader.token})).status).toBe(200);
});

test('an admin takes a second factor away, which ends the logins of the account', async () => {
	const server = await startTestServer();
	const {token: root} = server.seat('root', 'admin');
	const {token} = await enrol(server, server.seat('ann').token);
	const {id} = (await server.ask('GET', `${AUTH}/me`, {token})).json;
	const ended = (await server.fetch('GET', '/api/v1/events', {token})).text();
	const path = `/api/v1/users/${id}`;
	expect((await server.ask('GET', path, {token: root})).json.has_second_factor).toBe(true);
	expect((await server.ask('DELETE', `${path}/second-factor`, {token: root})).status).toBe(204);
	await ended;
	expect((await server.ask('GET', '/files', {token})).status).toBe(401);
	expect((await logIn(server)).status).toBe(200);
	expect((await server.ask('DELETE', `${path}/second-factor`, {token: root})).json.code).toBe('NO_SECOND_FACTOR');
});

test('nobody who has logged in while a second factor was confirmed stays in without it', async () => {
	const server = await startTestServer();
	const {token} = server.seat('ann');
	const {json} = await server.ask('POST', `${AUTH}/second-factor`, {token, json: {password: PASSWORD}});
	const code = totpOf(fromBase32(json.secret), stepNow());
	const [confirmed, meanwhile] = await Promise.all([
		server.ask('POST', `${AUTH}/second-factor/confirm`, {token, json: {code}}),
		logIn(server),
	]);
	expect(confirmed.status).toBe(200);
	await vi.waitFor(async () => {
		if (meanwhile.status === 200)
			expect((await server.ask('GET', '/files', {token: meanwhile.json.token})).status).toBe(401);
	});
});
