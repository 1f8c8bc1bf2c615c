// Streams over WebSocket, by the client of Node itself and by one that can do what browsers do not let pages do.
import {connect} from 'node:net';
import {expect, onTestFinished, test, vi} from 'vitest';
import {WebSocket as Client, type ClientOptions} from 'ws';
import {PATIENT} from '../helpers/patient.ts';
import {GOOD_FILE, startTestServer, type TestServer} from '../helpers/server.ts';

interface Message {
	readonly id?: string;
	readonly event?: string;
	readonly data: Readonly<Record<string, unknown>>;
}

const PROTOCOL = 'fileproc.v1';
const LIFE = ['task-queued', 'run-started', 'file-queued', 'file-started', 'file-completed', 'run-completed'];
const addressOf = (server: TestServer, path: string): string => server.url.replace('http:', 'ws:') + path;
const typesOf = (messages: readonly Message[]): readonly unknown[] => messages.map(({data}) => data.type);

/** @param greeting - `null`: nothing is sent. */
function open(
	server: TestServer,
	{path = '/api/v1/ws', greeting = {}, ...options}: ClientOptions & {path?: string; greeting?: unknown} = {},
) {
	const socket = new Client(addressOf(server, path), PROTOCOL, options);
	onTestFinished(() => socket.terminate());
	const messages: Message[] = [];
	socket.on('message', data => messages.push(JSON.parse(String(data)) as Message));
	socket.on('open', () => {
		if (greeting !== null) socket.send(typeof greeting === 'string' ? greeting : JSON.stringify(greeting));
	});
	socket.on('error', () => {});
	const closed = new Promise<number>(resolve => socket.on('close', resolve));
	/** The answer where there is no socket. */
	const refused = new Promise<number | undefined>(resolve => {
		socket.on('unexpected-response', (request, {statusCode}) => {
			resolve(statusCode);
			request.destroy();
		});
	});
	return {socket, messages, closed, refused, kept: () => messages.filter(({id}) => id !== undefined)};
}

const next = (socket: Client, event: string): Promise<void> =>
	new Promise(resolve => socket.once(event, () => resolve()));

async function finishOne(server: TestServer, token: string | null = null): Promise<string> {
	const id = await server.run(token, await server.upload(token, 'a.csv', GOOD_FILE));
	await server.untilTask(token, id, 'COMPLETED');
	return id;
}

test('the messages are those of the server-sent events, by any client, from any place on, of all tasks and of one', async () => {
	const server = await startTestServer();
	const {token} = server.seat('ann');
	await finishOne(server, token);
	const {socket, kept} = open(server, {greeting: {token}});
	await vi.waitFor(() => expect(typesOf(kept())).toEqual(['upload-completed', ...LIFE]), PATIENT);
	expect(socket.protocol).toBe(PROTOCOL);
	const second = await finishOne(server, token);
	await vi.waitFor(() => expect(kept()).toHaveLength(2 * (1 + LIFE.length)), PATIENT);
	const sent = await fetch(`${server.url}/api/events`, {headers: {authorization: `Bearer ${token}`}});
	const reader = (sent.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader();
	let text = '';
	while (text.split('\nid: ').length + text.split(/^id: /).length - 2 < kept().length)
		text += (await reader.read()).value ?? '';
	await reader.cancel();
	const events = Array.from(text.matchAll(/^id: (\S+)\ndata: (.+)$/gm), ([, id, data]) => ({
		id,
		data: JSON.parse(String(data)),
	}));
	expect(kept()).toEqual(events);

	const browser = new WebSocket(addressOf(server, '/api/ws'), PROTOCOL);
	onTestFinished(() => browser.close());
	const after = events[3]?.id;
	browser.addEventListener('open', () => browser.send(JSON.stringify({token, after})));
	const seen: unknown[] = [];
	browser.addEventListener('message', ({data}) => seen.push(JSON.parse(String(data))));
	await vi.waitFor(() => expect(seen).toEqual(events.slice(4)), PATIENT);

	const one = open(server, {path: `/api/run/${second}/events`, greeting: {token}});
	await vi.waitFor(() => expect(typesOf(one.kept())).toEqual(LIFE), PATIENT);
	expect(one.kept()).toEqual(events.slice(-LIFE.length));
});

test('a place that is gone gives one reset and how things are; who has a session need not say anything', async () => {
	const server = await startTestServer();
	const {token} = server.seat('ann');
	const id = await finishOne(server, token);
	const headers = {cookie: `fileproc_local=${token}`, origin: server.url};
	const late = open(server, {headers, greeting: {after: 999_999}});
	const silent = open(server, {headers, greeting: null});
	await vi.waitFor(() => expect(silent.messages).toHaveLength(1 + LIFE.length), PATIENT);
	await vi.waitFor(() => expect(late.messages).toHaveLength(2), PATIENT);
	expect(late.messages[0]).toEqual({event: 'reset', data: {type: 'reset'}});
	expect(late.messages[1]).toMatchObject({
		event: 'snapshot',
		data: {tasks: [{task_execution_id: id, status: 'COMPLETED'}], is_complete: true},
	});
	// From there it goes on as any other.
	const again = open(server, {headers, greeting: {after: late.messages[1]?.id}});
	await finishOne(server, token);
	for (const {kept} of [late, again])
		await vi.waitFor(() => expect(typesOf(kept()).slice(-7)).toEqual(['upload-completed', ...LIFE]), PATIENT);
	expect(again.messages).toEqual(late.messages.slice(2));
});

test('pages of others get no socket, with a session or without accounts', async () => {
	const [closed, opened] = [await startTestServer(), await startTestServer({isOpen: true})];
	const cookie = `fileproc_local=${closed.seat('ann').token}`;
	for (const origin of ['http://evil.example', 'null', `${closed.url}.evil.example`]) {
		expect(await open(closed, {headers: {cookie, origin}}).refused, origin).toBe(403);
		expect(await open(opened, {headers: {origin}}).refused, origin).toBe(403);
	}
});

test('a stream ends with its session, and says so', async () => {
	const server = await startTestServer();
	const [{token: ann}, {token: ben}] = [server.seat('ann'), server.seat('ben')];
	const other = await server.logIn('ann');
	const [first, second, foreign] = [ann, other, ben].map(token => open(server, {greeting: {token}}));
	const id = await finishOne(server, ann);
	await vi.waitFor(() => expect(second?.kept()).toHaveLength(1 + LIFE.length), PATIENT);
	await server.ask('POST', '/api/auth/logout', {token: ann});
	expect(await first?.closed).toBe(4401);
	await finishOne(server, other);
	await vi.waitFor(() => expect(second?.kept()).toHaveLength(2 * (1 + LIFE.length)), PATIENT);
	expect(foreign?.messages).toEqual([]);
	expect(await open(server, {greeting: {token: ann}}).closed).toBe(4401);
	const path = `/api/run/${id}/events`;
	expect(await open(server, {path, greeting: {token: ben}}).closed).toBe(4404);
	await server.close();
	expect(await second?.closed).toBe(1001);
});

test('streams of both kinds count together, and one too many is to come again later', async () => {
	const server = await startTestServer({isOpen: true, maxStreamsPerUser: 2});
	const followed = await fetch(`${server.url}/api/events`);
	const first = open(server);
	await finishOne(server);
	await vi.waitFor(() => expect(first.kept()).not.toEqual([]), PATIENT);
	expect(await open(server).closed).toBe(1013);
	expect((await server.ask('GET', '/api/events')).status).toBe(429);
	first.socket.close();
	await first.closed;
	const again = open(server);
	await vi.waitFor(() => expect(again.kept()).not.toEqual([]), PATIENT);
	// Nobody ends a stream that is still to be read.
	await followed.body?.cancel();
});

test.each([
	['no JSON', '{', 1008],
	['another member', {token: 'x', admin: true}, 1008],
	['a token that is none', {token: 7}, 1008],
	['a list', [], 1008],
	['more than a token has', JSON.stringify({token: 'x'.repeat(5000)}), 1009],
	['a wrong token', {token: 'x'}, 4401],
	['nobody', {}, 4401],
])('a first message with %s is the end', async (_, greeting, code) => {
	const server = await startTestServer();
	expect(await open(server, {greeting}).closed).toBe(code);
});

test('nothing is expected after the first message', async () => {
	const server = await startTestServer({isOpen: true});
	const {socket, closed, messages} = open(server);
	await finishOne(server);
	await vi.waitFor(() => expect(messages).not.toEqual([]), PATIENT);
	socket.send('{}');
	expect(await closed).toBe(1008);
});

test('only what asks for a WebSocket where there is one gets one', async () => {
	const server = await startTestServer({isOpen: true});
	expect(await server.ask('GET', '/api/v1/ws')).toMatchObject({status: 426, json: {code: 'WEBSOCKET_ONLY'}});
	expect(await open(server, {path: '/files'}).refused).toBe(404);
	const other = new Client(addressOf(server, '/api/ws'), 'fileproc.v9');
	expect(await new Promise(resolve => other.on('error', ({message}) => resolve(message)))).toMatch(/subprotocol/);
	// What curl --http2 asks for is answered as if it had not.
	const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
	onTestFinished(() => void socket.destroy());
	const body = '{"file_id": "x"}';
	socket.write(
		[
			...['POST /api/run HTTP/1.1', 'Host: localhost', 'Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c'],
			...['Content-Type: application/json', `Content-Length: ${body.length}`, '', body],
		].join('\r\n'),
	);
	const answer = await new Promise<string>(resolve => socket.once('data', data => resolve(String(data))));
	expect(answer).toMatch(/^HTTP\/1.1 404 .*"code":"NOT_FOUND"/s);
});

test('who does not answer pings is gone', async () => {
	const server = await startTestServer({isOpen: true});
	await finishOne(server);
	vi.useFakeTimers({toFake: ['setInterval', 'clearInterval']});
	onTestFinished(() => void vi.useRealTimers());
	const [alive, dead] = [open(server), open(server, {autoPong: false})];
	await Promise.all([alive, dead].map(({socket}) => next(socket, 'message')));
	const pinged = Promise.all([alive, dead].map(({socket}) => next(socket, 'ping')));
	vi.advanceTimersByTime(20_000);
	await pinged;
	// What the server has been sent before has been read by now.
	await server.ask('GET', '/livez');
	vi.advanceTimersByTime(20_000);
	expect(await dead.closed).toBe(1006);
	expect(alive.socket.readyState).toBe(Client.OPEN);
});
