// Servers that share accounts, sessions, tasks and events through PostgreSQL: whichever of them a client meets.
import {once} from 'node:events';
import {readdirSync} from 'node:fs';
import {open} from 'node:fs/promises';
import http, {type IncomingMessage} from 'node:http';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import pg from 'pg';
import {afterAll, beforeAll, describe, expect, onTestFinished, test, vi} from 'vitest';
import {ServerLedger} from '../../source/ledger/server-ledger.ts';
import {CuttingProxy} from '../helpers/cutting-proxy.ts';
import {PATIENT} from '../helpers/patient.ts';
import {cookieOf, optionsOf, TestProvider} from '../helpers/provider.ts';
import {hasPostgres, type QueueServer, startPostgres} from '../helpers/queue-servers.ts';
import {ENDLESS_FILE, GOOD_FILE, PASSWORD, type TestServer} from '../helpers/server.ts';
import {dropLog, dumpOf, holdUpCommits, untilHeldUp} from '../helpers/shared-copies.ts';
import {followEvents, QUICK, type SharedPlace, startInstance} from '../helpers/shared-servers.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';
import {startWebhookServer} from '../helpers/webhook-server.ts';

const LIFE = ['task-queued', 'run-started', 'file-queued', 'file-started', 'file-completed', 'run-completed'];
const tus = {'tus-resumable': '1.0.0'};
const BYTES = 'application/offset+octet-stream';

/** @param first - Its first bytes, which come with it. */
async function beginUpload(server: TestServer, token: string, length: number, first?: Uint8Array) {
	const name = Buffer.from('a.csv').toString('base64');
	const reply = await server.ask('POST', '/api/v1/uploads', {
		...{token, ...(first !== undefined && {body: new Uint8Array(first)})},
		headers: {
			...{...tus, 'upload-length': String(length), 'upload-metadata': `filename ${name}`},
			...(first !== undefined && {'content-type': BYTES}),
		},
	});
	return {reply, path: new URL(reply.headers.get('location') ?? '', `${server.url}/api/v1/uploads`).pathname};
}

const sendPiece = (server: TestServer, token: string, path: string, bytes: Uint8Array, offset: number) =>
	server.ask('PATCH', path, {
		...{token, body: new Uint8Array(bytes)},
		headers: {...tus, 'upload-offset': String(offset), 'content-type': BYTES},
	});

/** Ends them, and looks at their copies, when the last entry is in both. */
async function expectEqual(...servers: readonly TestServer[]): Promise<void> {
	const [first, ...others] = await vi.waitFor(async () => {
		const dumps = servers.map(({dataFolder}) => {
			const database = new DatabaseSync(join(dataFolder, 'ledger.db'), {readOnly: true});
			const dump = dumpOf(database);
			database.close();
			return dump;
		});
		expect(new Set(dumps).size).toBe(1);
		return dumps;
	}, PATIENT);
	for (const other of others) expect(other).toBe(first);
}

describe.skipIf(!hasPostgres)('on PostgreSQL', {timeout: 600_000}, () => {
	let database: QueueServer;
	beforeAll(async () => {
		database = await startPostgres();
	});
	afterAll(() => database?.close());

	/** A log of its own, for one test. */
	async function newPlace(): Promise<SharedPlace> {
		await dropLog(database.url);
		return {url: database.url, filesFolder: createTemporaryFolder().at('files')};
	}

	async function startTwo(): Promise<readonly [TestServer, TestServer]> {
		const place = await newPlace();
		return [await startInstance(place), await startInstance(place)];
	}

	test('accounts, sessions and what becomes of them are the same at both', async () => {
		const [one, other] = await startTwo();
		// The link that makes the first admin is good at both.
		expect(other.invitation).toBe(one.invitation);
		// It is printed, and cookies are sealed with the secret of the log.
		const client = new pg.Client(database.url);
		await client.connect();
		onTestFinished(() => client.end());
		const secret = String((await client.query('SELECT secret FROM fileproc.log')).rows[0]?.secret);
		expect(secret.length).toBeGreaterThan(40);
		expect(one.invitation).toMatch(/^fpi_[\w-]{43}$/);
		expect(one.invitation).not.toContain(secret);
		await one.account('ann');
		const token = await other.logIn('ann');
		expect((await one.ask('GET', '/api/v1/auth/me', {token})).status).toBe(200);
		const taken = await other.ask('POST', '/api/v1/auth/register', {json: {name: 'Ann', password: PASSWORD}});
		expect(taken.status).toBe(409);
		const stream = await followEvents(one, token);
		expect((await other.ask('POST', '/api/v1/auth/logout', {token})).status).toBeLessThan(300);
		expect((await one.ask('GET', '/api/v1/auth/me', {token})).status).toBe(401);
		await stream.ended;
	});

	test('a login by a provider begins at one and ends at the other, in the same browser alone', async () => {
		const place = await newPlace();
		const provider = await TestProvider.start();
		const oidc = optionsOf(provider, ['groups=analysts']);
		const [one, other] = [await startInstance(place, {oidc}), await startInstance(place, {oidc})];
		const begin = async () => {
			const begun = await one.ask('GET', '/api/v1/auth/oidc');
			const answered = await fetch(begun.headers.get('location') ?? '', {redirect: 'manual'});
			const back = new URL(answered.headers.get('location') ?? '');
			return {cookie: cookieOf(begun, 'fileproc_local_oidc'), path: back.pathname + back.search};
		};
		const [first, second] = [await begin(), await begin()];
		const swapped = await other.ask('GET', first.path, {headers: {cookie: second.cookie}});
		expect(swapped.json.code).toBe('PROVIDER_REFUSED');
		const reply = await other.ask('GET', first.path, {headers: {cookie: first.cookie}});
		expect(reply.status).toBe(200);
		const token = cookieOf(reply, 'fileproc_local').split('=')[1] ?? '';
		expect((await one.ask('GET', '/api/v1/auth/me', {token})).json).toMatchObject({role: 'user'});
		const again = await one.ask('GET', first.path, {headers: {cookie: first.cookie}});
		expect(again.status).not.toBe(200);
		const forged = `${second.cookie.slice(0, -4)}AAAA`;
		expect((await other.ask('GET', second.path, {headers: {cookie: forged}})).json.code).toBe('PROVIDER_REFUSED');
	});

	test('a file that came to one is worked on for the other, and the events are those of one log', async () => {
		const [one, other] = await startTwo();
		const token = await one.account('ann');
		const [here, there] = [await followEvents(one, token), await followEvents(other, token)];
		const file = await one.upload(token, 'a.csv', GOOD_FILE);
		const task = await other.run(token, file);
		await one.untilTask(token, task, 'COMPLETED');
		const whole = ['upload-completed', ...LIFE];
		for (const {events} of [here, there])
			await vi.waitFor(
				() => expect(events.filter(({id}) => id !== null).map(({data}) => data.type)).toEqual(whole),
				PATIENT,
			);
		expect(there.events.filter(({id}) => id !== null)).toEqual(here.events.filter(({id}) => id !== null));
		// Who was cut off at one goes on at the other.
		const [seen] = here.events.filter(({data}) => data.type === 'file-started');
		here.close();
		const next = await followEvents(other, token, seen?.id ?? '');
		await vi.waitFor(() => expect(next.types()).toEqual(['file-completed', 'run-completed']), PATIENT);
		const result = await one.ask('GET', `/api/v1/results/${task}`, {token});
		expect(result.status).toBe(200);
		expect((await other.ask('GET', `/api/v1/results/${task}`, {token})).text).toBe(result.text);
	});

	test('of many tasks each is worked on once, by one of both, and can be held and cancelled at either', async () => {
		const place = await newPlace();
		const [one, other] = [
			await startInstance(place, {maxConcurrentTasks: 1}),
			await startInstance(place, {maxConcurrentTasks: 1}),
		];
		const token = await one.account('ann');
		const file = await one.upload(token, 'endless.csv.gz', ENDLESS_FILE);
		const [first, second] = [await one.run(token, file), await one.run(token, file, ['profile'])];
		// One each: the second one is taken by who has room.
		for (const id of [first, second]) await one.untilTask(token, id, 'PROCESSING');
		for (const id of [first, second])
			expect((await other.ask('GET', `/api/run/${id}`, {token})).json.status).toBe('PROCESSING');
		// Progress of both is seen at either.
		const stream = await followEvents(other, token);
		await vi.waitFor(() => {
			const told = stream.events.filter(({data}) => data.type === 'file-progressed').map(({data}) => data.runId);
			expect(new Set(told)).toEqual(new Set([first, second]));
		}, PATIENT);
		for (const id of [first, second]) {
			expect((await other.ask('POST', `/api/run/${id}/pause`, {token})).status).toBe(200);
			await one.untilTask(token, id, 'QUEUED');
			expect((await one.ask('DELETE', `/api/run/${id}`, {token})).status).toBe(200);
			await other.untilTask(token, id, 'CANCELLED');
		}
		const good = await other.upload(token, 'good.csv', GOOD_FILE);
		const ids = await Promise.all(
			Array.from({length: 12}, (_, index) => (index % 2 === 0 ? one : other).run(token, good)),
		);
		for (const id of ids) {
			const {attempts} = await one.untilTask(token, id, 'COMPLETED');
			expect(attempts ?? 1).toBe(1);
		}
		const again = await followEvents(one, token);
		await vi.waitFor(() => {
			const ends = again.events.filter(({data}) => data.type === 'file-completed').map(({data}) => data.runId);
			expect(ends.toSorted()).toEqual(ids.toSorted());
		}, PATIENT);
		await expectEqual(one, other);
	});

	test('an instance that has just come is not taken for dead by one that has not heard of it', async () => {
		const place = await newPlace();
		// Asks seldom who is there, and looks often whether somebody has died.
		const one = await startInstance(place, {maxConcurrentTasks: 0}, {times: {...QUICK, sayMs: 5000, deadMs: 30_000}});
		const token = await one.account('ann');
		const id = await one.run(token, await one.upload(token, 'endless.csv.gz', ENDLESS_FILE));
		const client = new pg.Client(place.url);
		await client.connect();
		onTestFinished(() => client.end());
		const lookedAt = async () =>
			String((await client.query('SELECT min(seen_at)::text AS at FROM fileproc.instances')).rows[0]?.at);
		const start = await lookedAt();
		// It has just looked.
		await vi.waitFor(async () => expect(await lookedAt()).not.toBe(start), PATIENT);
		await startInstance(place, {maxConcurrentTasks: 1}, {times: {...QUICK, deadMs: 30_000}});
		await one.untilTask(token, id, 'PROCESSING');
		const before = await lookedAt();
		await vi.waitFor(async () => expect(await lookedAt()).not.toBe(before), PATIENT);
		const {json} = await one.ask('GET', `/api/run/${id}`, {token});
		expect(json.attempts, JSON.stringify(json)).toBe(1);
	});

	test('an instance ends though it is not known what has become of what it was writing', async () => {
		const place = await newPlace();
		const proxy = await CuttingProxy.start(database.url);
		const address = new URL(database.url);
		address.port = new URL(proxy.url).port;
		const one = await startInstance({...place, url: address.href}, {onFault() {}});
		const token = await one.account('ann');
		const id = await one.run(token, await one.upload(token, 'endless.csv.gz', ENDLESS_FILE));
		await one.untilTask(token, id, 'PROCESSING');
		await holdUpCommits(database.url);
		// The end of the task is being written.
		one.ask('DELETE', `/api/run/${id}`, {token}).catch(() => {});
		await untilHeldUp(database.url);
		await proxy.close();
		await one.close();
		await proxy.listen();
		const next = await startInstance(place);
		await next.untilTask(token, id, 'CANCELLED');
	});

	test('a running task is cancelled at the instance that does not work on it', async () => {
		const [one, other] = await startTwo();
		const token = await one.account('ann');
		const file = await one.upload(token, 'endless.csv.gz', ENDLESS_FILE);
		const id = await one.run(token, file);
		for (const server of [one, other]) await server.untilTask(token, id, 'PROCESSING');
		for (const server of [one, other])
			expect((await server.ask('DELETE', `/api/run/${id}`, {token})).json.status).toBe('CANCELLED');
		const next = await one.run(token, await one.upload(token, 'a.csv', GOOD_FILE));
		await other.untilTask(token, next, 'COMPLETED');
	});

	test('an upload goes on wherever its next piece comes, and of two at once one is refused', async () => {
		const [one, other] = await startTwo();
		const token = await one.account('ann');
		const bytes = Buffer.from(GOOD_FILE.repeat(400));
		const {path} = await beginUpload(one, token, bytes.length);
		const send = (server: TestServer, from: number, to: number) =>
			sendPiece(server, token, path, bytes.subarray(from, to), from);
		const step = Math.ceil(bytes.length / 7);
		let fileId = '';
		for (let from = 0, turn = 0; from < bytes.length; from += step, turn++) {
			const server = turn % 2 === 0 ? one : other;
			const asked = await server.ask('HEAD', path, {token, headers: tus});
			expect(asked.headers.get('upload-offset')).toBe(String(from));
			const sent = await Promise.all([
				send(one, from, Math.min(bytes.length, from + step)),
				send(other, from, Math.min(bytes.length, from + step)),
			]);
			expect(sent.filter(({status}) => status === 204)).toHaveLength(1);
			for (const {status} of sent) expect([204, 409, 423]).toContain(status);
			fileId ||= sent.map(({headers}) => headers.get('upload-file-id') ?? '').join('');
		}
		expect((await other.ask('GET', `/api/v1/files/${fileId}/original`, {token})).text).toBe(bytes.toString());
	});

	test('an upload may begin with its first bytes, or all of them, and goes on at the other', async () => {
		const [one, other] = await startTwo();
		const token = await one.account('ann');
		const bytes = Buffer.from(GOOD_FILE.repeat(10));
		const begin = (sent: Uint8Array) => beginUpload(one, token, bytes.length, sent);
		const whole = await begin(bytes);
		expect(whole.reply.status).toBe(201);
		expect(whole.reply.headers.get('upload-offset')).toBe(String(bytes.length));
		const half = Math.floor(bytes.length / 2);
		const {reply, path} = await begin(bytes.subarray(0, half));
		expect(reply.status).toBe(201);
		const end = await sendPiece(other, token, path, bytes.subarray(half), half);
		expect(end.status).toBe(204);
		for (const {headers} of [whole.reply, end]) {
			const file = headers.get('upload-file-id') ?? '';
			expect((await other.ask('GET', `/api/v1/files/${file}/original`, {token})).text).toBe(bytes.toString());
		}
	});

	test('an upload that begins with bytes is held from the moment in which others know of it', async () => {
		const [one, other] = await startTwo();
		const token = await one.account('ann');
		const bytes = Buffer.from(GOOD_FILE);
		const name = Buffer.from('a.csv').toString('base64');
		const headers = {
			...{...tus, authorization: `Bearer ${token}`, 'upload-length': String(bytes.length)},
			...{'upload-metadata': `filename ${name}`, 'content-type': BYTES},
			'idempotency-key': 'the-same',
		};
		// Its bytes come when the other one has been told where it is.
		const request = http.request(`${one.url}/api/v1/uploads`, {method: 'POST', headers});
		const answered = once(request, 'response');
		request.flushHeaders();
		const path = await vi.waitFor(async () => {
			const database = new DatabaseSync(join(other.dataFolder, 'ledger.db'), {readOnly: true});
			const row = database.prepare('SELECT id FROM uploads').get();
			database.close();
			expect(row).toBeDefined();
			return `/api/v1/uploads/${row?.id}`;
		}, PATIENT);
		expect((await sendPiece(other, token, path, bytes, 0)).status).toBe(423);
		request.end(bytes);
		const [response] = (await answered) as [IncomingMessage];
		expect(response.statusCode).toBe(201);
		response.resume();
		const file = String(response.headers['upload-file-id']);
		expect((await other.ask('GET', `/api/v1/files/${file}/original`, {token})).text).toBe(GOOD_FILE);
	});

	test('while the database is away nothing is changed, what is there is read, and all goes on by itself', async () => {
		const place = await newPlace();
		const proxy = await CuttingProxy.start(database.url);
		const address = new URL(database.url);
		address.port = new URL(proxy.url).port;
		const said: string[] = [];
		const one = await startInstance({...place, url: address.href}, {onFault: error => said.push(String(error))});
		const token = await one.account('ann');
		const file = await one.upload(token, 'a.csv', GOOD_FILE);
		await proxy.close();
		const refused = await vi.waitFor(async () => {
			const reply = await one.ask('POST', '/api/run', {token, json: {file_id: file, analyses: ['transactions']}});
			expect(reply.status).toBe(503);
			return reply;
		}, PATIENT);
		expect(refused.json).toMatchObject({code: 'METADATA_AWAY'});
		expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
		expect((await one.ask('GET', `/api/v1/files/${file}`, {token})).status).toBe(200);
		await vi.waitFor(async () => expect((await one.ask('GET', '/readyz')).text).toMatch(/^degraded/), PATIENT);
		expect(said.join('\n')).toMatch(/metadata at postgres:\/\/test\/shared cannot be reached/);
		await proxy.listen();
		const id = await vi.waitFor(() => one.run(token, file), PATIENT);
		await one.untilTask(token, id, 'COMPLETED');
		expect(said.join('\n')).toMatch(/are there again/);
	});

	test('a notice is sent once, by one of them', async () => {
		const hook = await startWebhookServer();
		const [one, other] = await startTwo();
		const token = await one.account('ann');
		const made = await one.ask('POST', '/api/v1/webhooks', {token, json: {url: hook.url, types: ['run.completed']}});
		expect(made.status).toBe(201);
		const file = await one.upload(token, 'a.csv', GOOD_FILE);
		const ids = await Promise.all(
			Array.from({length: 6}, (_, index) => (index % 2 === 0 ? one : other).run(token, file)),
		);
		for (const id of ids) await other.untilTask(token, id, 'COMPLETED');
		await vi.waitFor(() => expect(hook.deliveries.length).toBeGreaterThanOrEqual(6), PATIENT);
		const sent = hook.deliveries.map(({headers}) => headers['webhook-id']);
		expect(new Set(sent).size).toBe(sent.length);
		expect(sent).toHaveLength(6);
	});

	test('a new instance begins with what there is, also where the entries of that are gone', async () => {
		const place = await newPlace();
		const limits = {snapshotLimits: {bytes: 1e9, entries: 5}};
		const one = await startInstance(place, {}, limits);
		const token = await one.account('ann');
		const file = await one.upload(token, 'a.csv', GOOD_FILE);
		await one.untilTask(token, await one.run(token, file), 'COMPLETED');
		const client = new pg.Client(place.url);
		await client.connect();
		onTestFinished(() => client.end());
		const first = async () =>
			Number((await client.query('SELECT min(number) AS first FROM fileproc.entries')).rows[0]?.first);
		await vi.waitFor(async () => {
			// Whoever says something now and then keeps the log going.
			await one.upload(token, 'more.csv', GOOD_FILE);
			expect(await first()).toBeGreaterThan(10);
		}, PATIENT);
		const other = await startInstance(place);
		expect((await other.ask('GET', `/api/v1/files/${file}`, {token})).status).toBe(200);
		await one.untilTask(token, await other.run(token, file), 'COMPLETED');
		await expectEqual(one, other);
	});

	test('an upload is taken over from an instance that has died, and one that was only frozen writes into nothing', async () => {
		const place = await newPlace();
		const one = await startInstance(place);
		const token = await one.account('ann');
		const bytes = Buffer.from(GOOD_FILE.repeat(10));
		const {path} = await beginUpload(one, token, bytes.length);
		const half = Math.floor(bytes.length / 2);
		expect((await sendPiece(one, token, path, bytes.subarray(0, half), 0)).status).toBe(204);
		const id = path.split('/').at(-1) ?? '';
		// As an instance has it that stands still within a piece.
		const frozen = await ServerLedger.open(createTemporaryFolder().at('frozen.db'), {
			...{address: {url: place.url, shown: 'postgres://test'}, version: '0', times: QUICK},
			onSaid() {},
		});
		await frozen.commit({statement: 'holdUpload', values: [frozen.shared?.instance ?? '', id, null], rows: 1});
		expect((await sendPiece(one, token, path, bytes.subarray(half), half)).status).toBe(423);
		const itsFile = await open(join(place.filesFolder, 'incoming', id), 'r+');
		onTestFinished(() => itsFile.close());
		await frozen.close();
		const sent = await vi.waitFor(async () => {
			const reply = await sendPiece(one, token, path, bytes.subarray(half, half + 1000), half);
			expect(reply.status).toBe(204);
			return reply;
		}, PATIENT);
		expect(sent.headers.get('upload-offset')).toBe(String(half + 1000));
		await itsFile.write(Buffer.alloc(500, 'x'), 0, 500, half);
		await itsFile.truncate(half);
		const end = await sendPiece(one, token, path, bytes.subarray(half + 1000), half + 1000);
		expect(end.status).toBe(204);
		const file = end.headers.get('upload-file-id') ?? '';
		expect((await one.ask('GET', `/api/v1/files/${file}/original`, {token})).text).toBe(bytes.toString());
	});

	test('the database may be killed, and begins again: what was told holds, and the copies are equal', async () => {
		const place = await newPlace();
		const quiet = {onFault() {}};
		const [one, other] = [await startInstance(place, quiet), await startInstance(place, quiet)];
		const token = await one.account('ann');
		const told: string[] = [];
		const ended = new AbortController();
		const sending = [one, other].map(async server => {
			while (!ended.signal.aborted) {
				const reply = await server.ask('PUT', '/api/v1/files/a.csv', {token, body: GOOD_FILE});
				expect([201, 503]).toContain(reply.status);
				if (reply.status === 201) told.push(String(reply.json.file_id));
			}
		});
		for (let kill = 0; kill < 3; kill++) {
			const before = told.length;
			await vi.waitFor(() => expect(told.length).toBeGreaterThan(before + 5), PATIENT);
			await database.kill();
			await database.start();
		}
		ended.abort();
		await Promise.all(sending);
		for (const server of [one, other])
			await vi.waitFor(async () => expect((await server.ask('GET', '/readyz')).text).toMatch(/^healthy/), PATIENT);
		for (const id of told)
			expect((await other.ask('GET', `/api/v1/files/${id}/original`, {token})).text, id).toBe(GOOD_FILE);
		await expectEqual(one, other);
		// And nothing lies there that nobody was told of, but for what the last answers would have said.
		const {files} = (await other.ask('GET', '/api/v1/files?limit=1000', {token})).json;
		expect(files.length).toBeGreaterThanOrEqual(told.length);
	});

	test('a folder of files that is another one is refused', async () => {
		const place = await newPlace();
		const one = await startInstance(place);
		const token = await one.account('ann');
		await one.upload(token, 'a.csv', GOOD_FILE);
		const empty = createTemporaryFolder();
		await expect(startInstance({...place, filesFolder: empty.at('other')})).rejects.toThrow(
			/none of the files that were sent in/,
		);
		empty.write('marked/shared-by', 'another log\n');
		await expect(startInstance({...place, filesFolder: empty.at('marked')})).rejects.toThrow(/files of other servers/);
		expect(readdirSync(place.filesFolder)).toContain('shared-by');
	});
});
