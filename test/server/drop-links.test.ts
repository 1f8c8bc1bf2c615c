// Links for others to send files in: who has one may do that, as far as it goes, and nothing else.
import {createHash} from 'node:crypto';
import {expect, onTestFinished, test, vi} from 'vitest';
import {ACTION_LIST} from '../../source/server/actions.ts';
import {formOf, GOOD_FILE, startTestServer, type TestServer} from '../helpers/server.ts';

const TUS = {'tus-resumable': '1.0.0'};

async function makeLink(server: TestServer, token: string, json: object = {}) {
	const made = await server.ask('POST', '/api/v1/droplinks', {token, json: {name: 'Exports of March', ...json}});
	expect(made.status).toBe(201);
	return made.json as {readonly id: string; readonly token: string};
}

const send = (server: TestServer, token: string, content = GOOD_FILE) =>
	server.ask('POST', '/api/v1/upload', {token, body: formOf(['a.csv', content])});

const announce = (server: TestServer, token: string, bytes: number, more = {}) =>
	server.ask('POST', '/api/v1/uploads', {token, headers: {...TUS, 'upload-length': String(bytes), ...more}});

const patch = (server: TestServer, token: string, path: string, body: string) =>
	server.ask('PATCH', path, {
		...{token, body},
		headers: {...TUS, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream'},
	});

test('what comes by a link is a file of who has made it, and who has the link sees what came by it and nothing else', async () => {
	const server = await startTestServer();
	const ann = server.seat('ann');
	const own = await server.upload(ann.token, 'secret.csv', GOOD_FILE);
	const {id, token} = await makeLink(server, ann.token, {max_bytes: 100_000, max_files: 4});
	expect(token).toMatch(/^fpd_[\w-]{43}$/);
	expect((await send(server, token)).status).toBe(201);
	const begun = await announce(server, token, 3);
	const place = begun.headers.get('location') ?? '';
	expect((await patch(server, token, place, 'a\n1')).status).toBe(204);
	expect((await server.ask('PUT', '/api/v1/files/b.csv', {token, body: GOOD_FILE})).status).toBe(201);
	const seen = await server.ask('GET', '/api/v1/drop', {token});
	const bytes = 2 * GOOD_FILE.length + 3;
	expect(seen.json).toMatchObject({name: 'Exports of March', max_bytes: 100_000, used_bytes: bytes, used_files: 3});
	const sha256 = createHash('sha256').update(GOOD_FILE).digest('hex');
	expect(seen.json.files).toEqual([
		expect.objectContaining({name: 'b.csv', size: GOOD_FILE.length, sha256}),
		expect.objectContaining({name: 'unnamed', size: 3}),
		expect.objectContaining({name: 'a.csv'}),
	]);
	expect(seen.text).not.toMatch(/secret|f_[0-9a-z]{26}|l_[0-9a-z]{26}/);
	const {files} = (await server.ask('GET', '/files', {token: ann.token})).json;
	expect(files.map(({name}: {readonly name: string}) => name)).toEqual(['secret.csv', 'a.csv', 'unnamed', 'b.csv']);
	const listed = await server.ask('GET', '/api/v1/droplinks', {token: ann.token});
	expect(listed.json.droplinks).toMatchObject([{id, used_files: 3, last_used_at: expect.any(String)}]);
	expect(listed.text).not.toContain(token);
	// All that is not for links is refused, whatever the owner may.
	for (const {routes, role, isForLinks} of ACTION_LIST)
		for (const route of routes) {
			const [method = '', path = ''] = route.split(' ');
			if (role === null || isForLinks === true || path === '/ws' || path === '/device') continue;
			const at = path === '/metrics' ? path : `/api/v1${path.replaceAll(/:\w+/g, own)}`;
			const {status} = await server.ask(method, at, {token});
			expect(status, route).toBe(403);
		}
	expect(
		(await server.ask('POST', '/api/v1/upload?task_id=quality', {token, body: formOf(['a.csv', 'a\n1\n'])})).status,
	).toBe(403);
});

test('no more comes by a link than it takes, also at once and in pieces, nor when some was removed', async () => {
	const server = await startTestServer();
	const ann = server.seat('ann');
	const {token} = await makeLink(server, ann.token, {max_bytes: 1000, max_files: 2});
	expect(await announce(server, token, 1001)).toMatchObject({
		...{status: 413, json: {code: 'QUOTA_EXCEEDED', used_bytes: 0, quota_bytes: 1000, quota_files: 2}},
	});
	expect((await send(server, token, 'x'.repeat(1001))).status).toBe(413);
	const together = await Promise.all(Array.from({length: 4}, () => announce(server, token, 400)));
	expect(together.map(({status}) => status).sort()).toEqual([201, 201, 413, 413]);
	for (const {headers} of together.filter(({status}) => status === 201))
		await patch(server, token, headers.get('location') ?? '', `${'x'.repeat(399)}\n`);
	expect((await send(server, token, 'a\n')).json.code).toBe('QUOTA_EXCEEDED');
	const {files} = (await server.ask('GET', '/files', {token: ann.token})).json;
	for (const {file_id} of files) await server.ask('DELETE', `/api/v1/files/${file_id}`, {token: ann.token});
	expect((await send(server, token, 'a\n')).json.code).toBe('QUOTA_EXCEEDED');
	expect((await send(server, ann.token, 'a\n')).status).toBe(201);
});

test('the quota of who has made it counts, and its figures are nobody else’s business', async () => {
	const server = await startTestServer({quotaBytes: 2000});
	const ann = server.seat('ann');
	const {token} = await makeLink(server, ann.token);
	await server.upload(ann.token, 'a.csv', `a\n${'1\n'.repeat(900)}`);
	const refused = await send(server, token, 'x'.repeat(300));
	expect(refused).toMatchObject({status: 413, json: {code: 'QUOTA_EXCEEDED'}});
	expect(refused.json).not.toHaveProperty('used_bytes');
});

test('a link ends by its time, by its withdrawal, and with its account', async () => {
	const server = await startTestServer();
	const [ann, ben] = [server.seat('ann'), server.seat('ben')];
	const use = (token: string) => server.ask('GET', '/api/v1/drop', {token});
	const withdrawn = await makeLink(server, ann.token);
	const place = (await announce(server, withdrawn.token, 3)).headers.get('location') ?? '';
	expect((await server.ask('DELETE', `/api/v1/droplinks/${withdrawn.id}`, {token: ben.token})).status).toBe(404);
	expect((await server.ask('DELETE', `/api/v1/droplinks/${withdrawn.id}`, {token: ann.token})).status).toBe(204);
	expect((await use(withdrawn.token)).status).toBe(401);
	expect((await patch(server, withdrawn.token, place, 'a\n1')).status).toBe(401);
	const disabled = await makeLink(server, ben.token);
	server.writeLedger(database => database.exec(`UPDATE accounts SET is_disabled = 1 WHERE name = 'ben'`));
	expect((await use(disabled.token)).status).toBe(401);
	const late = await makeLink(server, ann.token, {expires_in: 60});
	expect((await use(late.token)).status).toBe(200);
	vi.useFakeTimers({toFake: ['Date'], now: Date.now() + 60_000});
	onTestFinished(() => void vi.useRealTimers());
	expect((await use(late.token)).status).toBe(401);
	await server.tidyUp();
	expect((await server.ask('GET', '/api/v1/droplinks', {token: ann.token})).json.droplinks).toEqual([]);
});

test('two links of one account see nothing of each other, nor of what the account itself sends', async () => {
	const server = await startTestServer();
	const ann = server.seat('ann');
	const [one, other] = [await makeLink(server, ann.token), await makeLink(server, ann.token)];
	const key = {'idempotency-key': '"the same"'};
	const places = new Map<string, string>();
	for (const token of [one.token, other.token, ann.token])
		places.set(token, (await announce(server, token, 3, key)).headers.get('location') ?? '');
	expect(new Set(places.values()).size).toBe(3);
	const look = async (token: string, owner: string) =>
		(await server.ask('HEAD', places.get(owner) ?? '', {token, headers: TUS})).status;
	expect([
		await look(one.token, one.token),
		await look(one.token, other.token),
		await look(one.token, ann.token),
	]).toEqual([200, 404, 404]);
	// The account sees what comes to it.
	expect(await look(ann.token, one.token)).toBe(200);
	expect((await server.ask('DELETE', places.get(other.token) ?? '', {token: one.token, headers: TUS})).status).toBe(
		404,
	);
});
