// Streams of a real server, by connections that break.
import {once} from 'node:events';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {setTimeout as wait} from 'node:timers/promises';
import {expect, onTestFinished, test, vi} from 'vitest';
import {Connection} from '../../source/client/connection.ts';
import type {ServerMessage} from '../../source/client/messages.ts';
import {readEvents, type StreamOptions, type StreamState} from '../../source/client/read-events.ts';
import {CuttingProxy} from '../helpers/cutting-proxy.ts';
import {PATIENT} from '../helpers/patient.ts';
import {GOOD_FILE, startTestServer, type TestServer} from '../helpers/server.ts';

const QUICK = {firstMs: 20, longestMs: 100};

const connectTo = (url: string, token: string | null = null): Connection => {
	const connection = new Connection({origin: url, token, userAgent: 'test'});
	onTestFinished(() => connection.close());
	return connection;
};

/** Reads until the test ends. */
function follow(url: string, options: Partial<StreamOptions> & {readonly token?: string} = {}) {
	const controller = new AbortController();
	onTestFinished(() => controller.abort());
	const messages: ServerMessage[] = [];
	const states: StreamState[] = [];
	const read = async (): Promise<void> => {
		const connection = connectTo(url, options.token ?? null);
		const stream = {
			...{connection, signal: controller.signal, backoff: QUICK},
			onState: (state: StreamState) => states.push(state),
		};
		for await (const message of readEvents({...stream, ...options})) messages.push(message);
	};
	const ended = read();
	ended.catch(() => {});
	return {
		...{messages, states, ended},
		stop: () => controller.abort(),
		typesOfKept: () => messages.flatMap(each => (each.type === 'event' && each.id !== null ? [each.event.type] : [])),
		namesOfStates: () => states.map(({name}) => name),
	};
}

async function finishOne(server: TestServer, token: string | null = null): Promise<string> {
	const id = await server.run(token, await server.upload(token, 'a.csv', GOOD_FILE));
	await server.untilTask(token, id, 'COMPLETED');
	return id;
}

const LIFE = ['task-queued', 'run-started', 'file-queued', 'file-started', 'file-completed', 'run-completed'];
const WHOLE = ['upload-completed', ...LIFE];

test('each event comes once and in order, however often the connection is cut and the server starts again', async () => {
	const server = await startTestServer({isOpen: true});
	const proxy = await CuttingProxy.start(server.url);
	const stream = follow(proxy.url);
	await vi.waitFor(() => expect(stream.namesOfStates()).toEqual(['connecting', 'live']), PATIENT);
	for (let round = 1; round <= 3; round++) {
		await finishOne(server);
		await vi.waitFor(() => expect(stream.typesOfKept()).toEqual(Array<string[]>(round).fill(WHOLE).flat()), PATIENT);
		if (round === 2) {
			await proxy.close();
			await vi.waitFor(
				() => expect(stream.states.at(-1)).toMatchObject({name: 'lost', reason: {code: 'UNREACHABLE'}}),
				PATIENT,
			);
			await server.restart();
			await proxy.listen();
		} else proxy.cut();
	}
	const ids = stream.messages.flatMap(each => (each.type === 'event' && each.id !== null ? [each.id] : []));
	expect(new Set(ids).size).toBe(3 * WHOLE.length);
	expect(stream.states.filter(({name}) => name === 'live').length).toBeGreaterThanOrEqual(3);
	stream.stop();
	await stream.ended;
});

test('who begins behind an event gets what came after it; at a place that there is not, one reset and how things are', async () => {
	const server = await startTestServer({isOpen: true});
	const first = await finishOne(server);
	const all = follow(server.url);
	await vi.waitFor(() => expect(all.typesOfKept()).toEqual(WHOLE), PATIENT);
	const [, queued] = all.messages;
	const rest = follow(server.url, {after: queued !== undefined && 'id' in queued ? queued.id : null});
	await vi.waitFor(() => expect(rest.typesOfKept()).toEqual(LIFE.slice(1)), PATIENT);
	const lost = follow(server.url, {after: 'elsewhere:7'});
	await vi.waitFor(() => expect(lost.messages.map(({type}) => type)).toEqual(['reset', 'snapshot']), PATIENT);
	expect(lost.messages[1]).toMatchObject({isComplete: true, tasks: [{task_execution_id: first, status: 'COMPLETED'}]});
	// Of one task alone.
	const second = await finishOne(server);
	const one = follow(server.url, {taskId: second});
	await vi.waitFor(() => expect(one.typesOfKept()).toEqual(LIFE), PATIENT);
});

test('a connection that says nothing any more is given up, and another one goes on', async () => {
	const server = await startTestServer({isOpen: true});
	const proxy = await CuttingProxy.start(server.url);
	const stream = follow(proxy.url, {silenceMs: 200});
	await finishOne(server);
	await vi.waitFor(() => expect(stream.typesOfKept()).toEqual(WHOLE), PATIENT);
	proxy.stall();
	await vi.waitFor(
		() =>
			expect(stream.states).toContainEqual(
				expect.objectContaining({name: 'lost', reason: expect.objectContaining({code: 'TIMEOUT'})}),
			),
		PATIENT,
	);
	proxy.unstall();
	await finishOne(server);
	await vi.waitFor(() => expect(stream.typesOfKept()).toEqual([...WHOLE, ...WHOLE]), PATIENT);
});

test('a session that has ended, and a task that there is not, end the stream with the reason', async () => {
	const server = await startTestServer();
	const {token} = server.seat('ann');
	const stream = follow(server.url, {token});
	await vi.waitFor(() => expect(stream.namesOfStates()).toContain('live'), PATIENT);
	await server.ask('POST', '/api/v1/auth/logout', {token});
	await expect(stream.ended).rejects.toMatchObject({code: 'UNAUTHORIZED', status: 401});
	const other = server.seat('ben');
	await expect(follow(server.url, {token: other.token, taskId: 'r_none'}).ended).rejects.toMatchObject({
		code: 'NOT_FOUND',
	});
});

test('of an endless stream no more is taken than is read', async () => {
	let sentBytes = 0;
	const event = `id: 1\ndata: {"type":"x","at":"","more":"${'x'.repeat(16_000)}"}\n\n`;
	const endless = createServer((_, answer) => {
		answer.writeHead(200, {'content-type': 'text/event-stream'});
		const write = (): void => {
			while (!answer.destroyed) {
				sentBytes += event.length;
				if (!answer.write(event)) break;
			}
		};
		answer.on('drain', write);
		write();
	}).listen(0, '127.0.0.1');
	onTestFinished(() => {
		endless.closeAllConnections();
		endless.close();
	});
	await once(endless, 'listening');
	const connection = connectTo(`http://127.0.0.1:${(endless.address() as AddressInfo).port}`);
	const states: string[] = [];
	const stream = readEvents({connection, silenceMs: 50, onState: ({name}) => states.push(name)});
	for (let count = 0; count < 100; count++) expect(await stream.next()).toMatchObject({done: false, value: {id: '1'}});
	// What the system keeps on both sides, and no more; and who does not read is not cut off for it.
	let before = -1;
	while (before !== sentBytes) {
		before = sentBytes;
		await wait(100);
	}
	expect(sentBytes).toBeLessThan(32 * 1024 * 1024);
	expect(await stream.next()).toMatchObject({done: false});
	expect(states).toEqual(['connecting', 'live']);
	await stream.return();
});
