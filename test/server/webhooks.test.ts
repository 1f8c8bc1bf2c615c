import type {ServerResponse} from 'node:http';
import {expect, test, vi} from 'vitest';
import {delayAfter} from '../../source/server/notices/outbox.ts';
import {signaturesOf} from '../../source/server/notices/send-webhook.ts';
import {PATIENT} from '../helpers/patient.ts';
import {GOOD_FILE, type Reply, startTestServer, type TestServer} from '../helpers/server.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';
import {type Delivery, startWebhookServer} from '../helpers/webhook-server.ts';

const HOUR_MS = 3_600_000;

async function addWebhook(
	server: TestServer,
	token: string,
	url: string,
	types?: readonly string[],
): Promise<Reply['json']> {
	const {status, json} = await server.ask('POST', '/api/v1/webhooks', {token, json: {url, ...(types && {types})}});
	expect(status).toBe(201);
	return json;
}

async function runOne(server: TestServer, token: string, content = GOOD_FILE): Promise<string> {
	const task = await server.run(token, await server.upload(token, 'sales.csv', content));
	await server.untilTask(token, task, 'COMPLETED', 'FAILED');
	return task;
}

const untilCount = ({deliveries}: {readonly deliveries: readonly Delivery[]}, count: number): Promise<void> =>
	vi.waitFor(() => expect(deliveries).toHaveLength(count), PATIENT);

const dataOf = ({body}: Delivery) => JSON.parse(body.toString()) as {type: string; data: Record<string, unknown>};
const idOf = ({headers}: Delivery): string => String(headers['webhook-id']);

/** Makes all that waits due, as if time had passed. */
const letTimePass = (server: TestServer): void =>
	server.writeLedger(database =>
		database.exec('UPDATE deliveries SET next_at = 0; UPDATE endpoints SET rests_until = 0'),
	);

const logOf = async (server: TestServer, token: string, webhook: string): Promise<readonly Reply['json'][]> =>
	(await server.ask('GET', `/api/v1/webhooks/${webhook}/deliveries`, {token})).json.deliveries;

test('a signature is that of Standard Webhooks', () => {
	const message = {id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: '1614265330', body: '{"test": 2432232314}'};
	const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
	expect(signaturesOf([secret], message)).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
	expect(signaturesOf([secret, secret], message).split(' ')).toHaveLength(2);
});

test('each run gives one notice, when its result can be fetched, to the endpoints of its account alone', async () => {
	const server = await startTestServer();
	const [{token: ann}, {token: ben}] = [server.seat('ann'), server.seat('ben')];
	const fetched: number[] = [];
	const receiver = await startWebhookServer(async (response, count) => {
		const {data} = dataOf(receiver.deliveries[count] as Delivery);
		fetched.push((await server.ask('GET', (data.links as {result: string}).result, {token: ann})).status);
		response.end();
	});
	const other = await startWebhookServer();
	const {id, secret} = await addWebhook(server, ann, receiver.url);
	await addWebhook(server, ben, other.url);
	const tasks = [
		await runOne(server, ann),
		await runOne(server, ann),
		await runOne(server, ann, 'nothing\nthat,fits"\n'),
	];
	await untilCount(receiver, 3);
	expect(receiver.deliveries.map(each => dataOf(each).data.task_execution_id)).toEqual(tasks);
	expect(receiver.deliveries.map(each => dataOf(each).type)).toEqual(Array(3).fill('run.completed'));
	expect(receiver.deliveries.map(each => dataOf(each).data.status)).toEqual(
		await Promise.all(tasks.map(async task => (await server.ask('GET', `/api/run/${task}`, {token: ann})).json.status)),
	);
	expect(fetched.slice(0, 2)).toEqual([200, 200]);
	const [first] = receiver.deliveries;
	if (first === undefined) throw new Error('Expected a delivery');
	const timestamp = String(first.headers['webhook-timestamp']);
	expect(first.headers['webhook-signature']).toBe(
		signaturesOf([secret], {id: idOf(first), timestamp, body: first.body.toString()}),
	);
	await vi.waitFor(
		async () => expect((await logOf(server, ann, id)).map(({state}) => state)).toEqual(Array(3).fill('delivered')),
		PATIENT,
	);
	expect(other.deliveries).toEqual([]);
	// The secret is shown once.
	expect((await server.ask('GET', `/api/v1/webhooks/${id}`, {token: ann})).text).not.toContain('whsec_');
});

test('an endpoint gets the types that it wants, of tasks that were cancelled, too', async () => {
	const server = await startTestServer({maxConcurrentTasks: 1});
	const {token} = server.seat('ann');
	const receiver = await startWebhookServer();
	await addWebhook(server, token, receiver.url, [
		'file.completed',
		'file.rejected_rows',
		'upload.completed',
		'run.completed',
	]);
	await runOne(server, token, `${GOOD_FILE}t,c,no number,2024-01-01,food\n`);
	await untilCount(receiver, 4);
	const types = (from: number): readonly string[] =>
		receiver.deliveries
			.slice(from)
			.map(each => dataOf(each).type)
			.sort();
	expect(types(0)).toEqual(['file.completed', 'file.rejected_rows', 'run.completed', 'upload.completed']);
	server.writeLedger(database => database.exec(`UPDATE endpoints SET types = '["run.completed"]'`));
	await server.restart({maxConcurrentTasks: 0});
	const task = await server.run(token, await server.upload(token, 'b.csv', GOOD_FILE));
	await server.ask('DELETE', `/api/run/${task}`, {token});
	await untilCount(receiver, 5);
	expect(dataOf(receiver.deliveries[4] as Delivery).data).toMatchObject({task_execution_id: task, status: 'CANCELLED'});
});

test('what fails is sent again with the same id, at the times of the standard, also by the next process', async () => {
	const server = await startTestServer();
	const {token} = server.seat('ann');
	const statuses = [500, 503, 200];
	const receiver = await startWebhookServer((response, count) => {
		response.writeHead(statuses[count] ?? 200, count === 1 ? {'retry-after': '7200'} : {}).end('secret of the network');
	});
	const {id} = await addWebhook(server, token, receiver.url);
	await runOne(server, token);
	await vi.waitFor(
		async () => expect(await logOf(server, token, id)).toMatchObject([{state: 'pending', attempts: 1}]),
		PATIENT,
	);
	const waitOf = async (): Promise<number> =>
		Date.parse((await logOf(server, token, id))[0].next_attempt_at) - Date.now();
	expect(await waitOf()).toBeLessThanOrEqual(5500);
	letTimePass(server);
	await server.restart();
	await vi.waitFor(
		async () => expect(await logOf(server, token, id)).toMatchObject([{state: 'pending', attempts: 2}]),
		PATIENT,
	);
	// Later than in five minutes, because the receiver asks for it.
	expect(await waitOf()).toBeGreaterThan(1.9 * HOUR_MS);
	letTimePass(server);
	await server.restart();
	await vi.waitFor(
		async () => expect(await logOf(server, token, id)).toMatchObject([{state: 'delivered', attempts: 3}]),
		PATIENT,
	);
	expect(new Set(receiver.deliveries.map(idOf)).size).toBe(1);
	const [{id: delivery}] = await logOf(server, token, id);
	const {json, text} = await server.ask('GET', `/api/v1/deliveries/${delivery}`, {token});
	expect(json.log.map(({status}: {status: number}) => status)).toEqual(statuses);
	expect(text).not.toContain('secret of the network');
	// Once more, because somebody wants it.
	expect((await server.ask('POST', `/api/v1/deliveries/${delivery}/resend`, {token})).status).toBe(202);
	await untilCount(receiver, 4);
	expect(new Set(receiver.deliveries.map(idOf)).size).toBe(1);
});

test('ten attempts within three days and a half, then none', () => {
	const delays = Array.from({length: 10}, (_, failures) => delayAfter(failures + 1, () => 0));
	expect(delays.map(ms => (ms === null ? null : ms / 1000))).toEqual([
		...[5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400, null],
	]);
	expect(delayAfter(1, () => 1)).toBe(5500);
});

test('410 switches an endpoint off, and its owner sees why; switched on it gets what comes then', async () => {
	const server = await startTestServer();
	const {token} = server.seat('ann');
	const receiver = await startWebhookServer((response, count) => response.writeHead(count === 0 ? 410 : 200).end());
	const {id} = await addWebhook(server, token, receiver.url);
	await runOne(server, token);
	const stateOf = async () => (await server.ask('GET', `/api/v1/webhooks/${id}`, {token})).json;
	await vi.waitFor(
		async () => expect(await stateOf()).toMatchObject({state: 'off', off_reason: expect.stringMatching(/410/)}),
		PATIENT,
	);
	server.writeLedger(database => {
		const lines = database
			.prepare('SELECT line FROM server_events')
			.all()
			.map(({line}) => String(line));
		expect(lines.filter(line => line.includes('"webhook-switched-off"'))).toHaveLength(1);
	});
	expect((await server.ask('POST', `/api/v1/webhooks/${id}/test`, {token})).json.code).toBe('WEBHOOK_OFF');
	await runOne(server, token);
	await server.ask('PATCH', `/api/v1/webhooks/${id}`, {token, headers: {'if-match': '*'}, json: {state: 'on'}});
	expect((await server.ask('POST', `/api/v1/webhooks/${id}/test`, {token})).status).toBe(202);
	await untilCount(receiver, 2);
	expect(dataOf(receiver.deliveries[1] as Delivery).type).toBe('webhook.test');
});

test('after fifteen failures in a row an endpoint rests, which is said once; a success ends that', async () => {
	const server = await startTestServer();
	const {token} = server.seat('ann');
	let isDown = true;
	const receiver = await startWebhookServer((response: ServerResponse) =>
		response.writeHead(isDown ? 302 : 200, {location: '/x'}).end(),
	);
	const {id} = await addWebhook(server, token, receiver.url);
	server.writeLedger(database => database.exec('UPDATE endpoints SET failures = 14'));
	await runOne(server, token);
	const stateOf = async () => (await server.ask('GET', `/api/v1/webhooks/${id}`, {token})).json;
	await vi.waitFor(
		async () => expect(await stateOf()).toMatchObject({failures: 15, rests_until: expect.any(String)}),
		PATIENT,
	);
	// A redirect is not followed.
	expect(receiver.deliveries).toHaveLength(1);
	await runOne(server, token);
	await server.restart();
	expect(receiver.deliveries).toHaveLength(1);
	letTimePass(server);
	await server.restart();
	await vi.waitFor(async () => expect((await stateOf()).failures).toBe(16), PATIENT);
	expect(receiver.deliveries).toHaveLength(2);
	server.writeLedger(database => {
		const lines = database
			.prepare('SELECT line FROM server_events')
			.all()
			.map(({line}) => String(line));
		expect(lines.filter(line => line.includes('"webhook-resting"'))).toHaveLength(1);
	});
	isDown = false;
	letTimePass(server);
	await server.restart();
	await vi.waitFor(async () => expect(await stateOf()).toMatchObject({failures: 0, rests_until: null}), PATIENT);
	await vi.waitFor(
		async () =>
			expect(new Set((await logOf(server, token, id)).map(({state}) => state))).toEqual(new Set(['delivered'])),
		PATIENT,
	);
});

test('nothing is sent to a private address or by plain HTTP, when it is named and when a name leads there later', async () => {
	const server = await startTestServer({webhookAllow: []});
	const {token} = server.seat('ann');
	for (const url of [
		'http://169.254.169.254/',
		'https://127.0.0.1:1/',
		'https://[::1]/',
		'https://localhost/',
		'ftp://a.example/',
		'https://me:word@a.example/',
		'nonsense',
		'mailto:a@example.com',
	]) {
		const {status, json} = await server.ask('POST', '/api/v1/webhooks', {token, json: {url}});
		expect({status, code: json.code}, url).toEqual({status: 422, code: 'WEBHOOK_REFUSED'});
	}
	await server.restart({webhookAllow: ['127.0.0.1']});
	const receiver = await startWebhookServer();
	const {id} = await addWebhook(server, token, receiver.url);
	await server.restart({webhookAllow: []});
	await runOne(server, token);
	await vi.waitFor(
		async () => expect(await logOf(server, token, id)).toMatchObject([{state: 'pending', attempts: 1}]),
		PATIENT,
	);
	expect(receiver.deliveries).toEqual([]);
	const [{id: delivery}] = await logOf(server, token, id);
	const {json} = await server.ask('GET', `/api/v1/deliveries/${delivery}`, {token});
	expect(json.log).toMatchObject([{status: null, error: expect.stringMatching(/--webhook-allow/)}]);
});

test('a new secret signs beside the one before; who has been disabled gets nothing', async () => {
	const server = await startTestServer();
	const {token, id: account} = server.seat('ann');
	const receiver = await startWebhookServer();
	const {id, secret} = await addWebhook(server, token, receiver.url);
	const {json} = await server.ask('POST', `/api/v1/webhooks/${id}/secret`, {token});
	await runOne(server, token);
	await untilCount(receiver, 1);
	const [first] = receiver.deliveries;
	if (first === undefined) throw new Error('Expected a delivery');
	const message = {id: idOf(first), timestamp: String(first.headers['webhook-timestamp']), body: first.body.toString()};
	expect(first.headers['webhook-signature']).toBe(signaturesOf([json.secret, secret], message));
	const task = await server.run(token, await server.upload(token, 'sales.csv', GOOD_FILE));
	server.writeLedger(database => {
		database.prepare('UPDATE accounts SET is_disabled = 1 WHERE id = ?').run(account);
		database.prepare(`UPDATE deliveries SET state = 'pending', next_at = 0`).run();
	});
	await server.restart();
	expect(receiver.deliveries.filter(each => dataOf(each).data.task_execution_id === task).length).toBeLessThanOrEqual(
		1,
	);
	const before = receiver.deliveries.length;
	const {token: ben} = server.seat('ben');
	const other = await startWebhookServer();
	await addWebhook(server, ben, other.url);
	await runOne(server, ben);
	await untilCount(other, 1);
	expect(receiver.deliveries).toHaveLength(before);
});

test('an account has so many webhooks at most; notices of long ago are forgotten', async () => {
	const server = await startTestServer();
	const {token} = server.seat('ann');
	const receiver = await startWebhookServer();
	const {id} = await addWebhook(server, token, receiver.url);
	for (let count = 1; count < 20; count++) await addWebhook(server, token, receiver.url, ['file.failed']);
	expect((await server.ask('POST', '/api/v1/webhooks', {token, json: {url: receiver.url}})).json.code).toBe(
		'TOO_MANY_WEBHOOKS',
	);
	await runOne(server, token);
	await vi.waitFor(async () => expect(await logOf(server, token, id)).toMatchObject([{state: 'delivered'}]), PATIENT);
	await server.tidyUp();
	expect(await logOf(server, token, id)).toHaveLength(1);
	server.writeLedger(database => database.exec('UPDATE notices SET created_at = 0'));
	await server.tidyUp();
	expect(await logOf(server, token, id)).toHaveLength(0);
	expect((await server.ask('DELETE', `/api/v1/webhooks/${id}`, {token})).status).toBe(204);
	expect((await server.ask('GET', '/api/v1/webhooks', {token})).json.webhooks).toHaveLength(19);
});

test('a quota that is used up is told once a day, with its figures', async () => {
	const server = await startTestServer({quotaBytes: 100});
	const {token} = server.seat('ann');
	const receiver = await startWebhookServer();
	await addWebhook(server, token, receiver.url, ['quota.exceeded', 'upload.completed']);
	const send = (name: string, body = 'a,b\n1,2\n'.repeat(20)) =>
		server.ask('PUT', `/api/v1/files/${name}`, {token, body});
	for (const name of ['a.csv', 'b.csv', 'c.csv']) expect((await send(name)).status).toBe(413);
	await untilCount(receiver, 1);
	expect((await send('d.csv', 'a,b\n')).status).toBe(201);
	await untilCount(receiver, 2);
	expect(receiver.deliveries.map(each => dataOf(each).type)).toEqual(['quota.exceeded', 'upload.completed']);
	expect(dataOf(receiver.deliveries[0] as Delivery).data).toMatchObject({used_bytes: 0, quota_bytes: 100});
	server.writeLedger(database => database.exec('UPDATE notices SET created_at = created_at - 86400001'));
	await send('e.csv');
	await untilCount(receiver, 3);
});

test('a watched folder that does not get on is told to operators alone, once until it does, also across a restart', async () => {
	let age = 1000;
	const oldest = () => ({file: 'a.csv', age});
	const status = () => ({
		health: {status: 'ok', reasons: []},
		files: {waiting: 1},
		oldest: age === 0 ? null : oldest(),
	});
	const inbox = {
		look: () => ({status: status(), files: []}),
		unprocessed: createTemporaryFolder().path,
		needsMarker: false,
	};
	const server = await startTestServer({inbox: inbox as never});
	const [user, operator] = [server.seat('ann').token, server.seat('ops', 'operator').token];
	const [ofUser, ofOperator] = [await startWebhookServer(), await startWebhookServer()];
	await addWebhook(server, user, ofUser.url, ['inbox.stuck']);
	await addWebhook(server, operator, ofOperator.url, ['inbox.stuck']);
	for (const _ of [1, 2]) await server.tidyUp();
	await untilCount(ofOperator, 1);
	expect(dataOf(ofOperator.deliveries[0] as Delivery)).toMatchObject({
		...{type: 'inbox.stuck', data: {file: 'a.csv', age_seconds: 1000, links: {inbox: '/api/v1/inbox'}}},
	});
	await server.restart();
	await server.tidyUp();
	age = 0;
	await server.tidyUp();
	// Another file, that came behind the notice.
	server.writeLedger(database => database.exec('UPDATE notices SET created_at = created_at - 10000000'));
	age = 901;
	await server.tidyUp();
	await untilCount(ofOperator, 2);
	expect(ofUser.deliveries).toEqual([]);
});
