// A run and those who follow it, over real sockets.
import {once} from 'node:events';
import {type AddressInfo, connect, createServer} from 'node:net';
import {expect, onTestFinished, test, vi} from 'vitest';
import {WebSocket, WebSocketServer} from 'ws';
import type {RunFact} from '../../source/model/events.ts';
import type {RunCommand} from '../../source/model/run-command.ts';
import type {RunControl} from '../../source/model/run-control.ts';
import {type FollowedElsewhere, followRun} from '../../source/share/follow-run.ts';
import {type Frame, SUBPROTOCOL} from '../../source/share/messages.ts';
import {type Sharing, shareRun} from '../../source/share/share-run.ts';
import {PATIENT} from '../helpers/patient.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';
import {completed, progressed, queued, runStarted, stampAt, started} from '../store/run-log.ts';

interface Shared extends Sharing {
	readonly say: (...facts: readonly RunFact[]) => void;
	/** Commands of those who follow. */
	readonly commands: RunCommand[];
}

const VERSION = '1.2.3';
let seq = 0;

interface Sharer {
	readonly path?: string;
	readonly port?: number;
	readonly mayControl?: boolean;
	readonly beatMs?: number;
	readonly control?: RunControl;
}

async function share(options: Sharer = {}) {
	const commands: RunCommand[] = [];
	const control: RunControl = options.control ?? {
		perform: (command: RunCommand) => {
			commands.push(command);
			return undefined as never;
		},
		inspectRun: async () => null,
	};
	const {path, port = 0, mayControl = true, beatMs} = options;
	const sharing = await shareRun({
		...{place: path === undefined ? {host: '127.0.0.1', port} : {path}, version: VERSION},
		...{title: 'data', mayControl, control: () => control, ...(beatMs !== undefined && {beatMs})},
	});
	onTestFinished(() => sharing.close());
	const say = (...facts: readonly RunFact[]): void => {
		for (const fact of facts) sharing.handle(stampAt(fact, 10 * ++seq, seq));
	};
	return {...sharing, say, commands} satisfies Shared;
}

async function follow(
	{address}: Pick<Sharing, 'address'>,
	onMessage = (_message: string): void => {},
): Promise<FollowedElsewhere> {
	const url = address.startsWith('http') ? address.replace('http', 'ws') : `ws+unix:${address}:/`;
	const followed = await followRun({url, version: VERSION, onMessage});
	onTestFinished(() => followed.close());
	return followed;
}

const filesOf = ({store}: FollowedElsewhere): string[] =>
	store.getSnapshot().files.map(({file, status, bytesRead}) => `${file} ${status} ${bytesRead}`);

test('those who follow see the run as it is, by a port and by a socket, and what comes after', async () => {
	const folder = createTemporaryFolder();
	for (const place of [{}, {path: folder.at('run.sock')}]) {
		const shared = await share(place);
		shared.say(runStarted({fileCount: 2}), queued('a.csv'), queued('b.csv'), started('a.csv'));
		const [first, second] = [await follow(shared), await follow(shared)];
		expect(first.welcome).toMatchObject({title: 'data', mayControl: true});
		shared.say(progressed('a.csv', 400));
		for (const each of [first, second])
			await vi.waitFor(() => expect(filesOf(each)).toEqual(['a.csv running 400', 'b.csv queued 0']), PATIENT);
		shared.say(completed('a.csv', {rows: 100}));
		await vi.waitFor(() => expect(first.store.getSnapshot().counts.completed).toBe(1), PATIENT);
		expect(shared.viewerCount()).toBe(2);
	}
});

test('commands are carried out where they are allowed, and refused with a word where they are not', async () => {
	const shared = await share();
	shared.say(runStarted(), queued('a.csv'));
	const one = await follow(shared);
	one.control.perform({type: 'cancel-file', file: 'a.csv'});
	await vi.waitFor(() => expect(shared.commands).toEqual([{type: 'cancel-file', file: 'a.csv'}]), PATIENT);
	const closed = await share({mayControl: false});
	closed.say(runStarted(), queued('a.csv'));
	const messages: string[] = [];
	const other = await follow(closed, message => messages.push(message));
	other.control.perform({type: 'stop'});
	await vi.waitFor(() => expect(messages.join()).toContain('read-only'), PATIENT);
	expect(closed.commands).toEqual([]);
});

test('the details of a file have its whole report, and the end its results', async () => {
	const shared = await share();
	const rejects = [{line: 2, byte_offset: 9, column: 'amount', reason: 'not-a-number' as const, value: 'x'}];
	shared.say(runStarted(), queued('a.csv'), started('a.csv'), completed('a.csv', {rows: 3, rejected_rows: 1, rejects}));
	const one = await follow(shared);
	const reportOf = () => one.store.getSnapshot().files[0]?.report;
	expect(reportOf()?.rejects).toEqual([]);
	await one.control.loadReport?.({file: 'a.csv'});
	expect(reportOf()?.rejects).toEqual(rejects);
});

/** One that speaks by itself. */
async function openRaw({address}: Pick<Sharing, 'address'>) {
	const socket = new WebSocket(address.replace('http', 'ws'), SUBPROTOCOL);
	const frames: Frame[] = [];
	const closes: string[] = [];
	socket.on('message', data => {
		const message = JSON.parse(String(data)) as Frame;
		if (message.type === 'frame') frames.push(message);
	});
	socket.on('close', (code, reason) => closes.push(`${code} ${reason}`));
	onTestFinished(() => socket.terminate());
	await vi.waitFor(() => expect(frames).toHaveLength(1), PATIENT);
	return {socket, frames, closes};
}

test('one that takes nothing gets one frame and no more, and the others all of them', async () => {
	const shared = await share();
	const files = Array.from({length: 200}, (_, index) => `${index}.csv`);
	shared.say(runStarted({fileCount: 200}), ...files.map(file => queued(file)));
	const [stalled, other] = [await openRaw(shared), await follow(shared)];
	for (const file of files) {
		shared.say(started(file), completed(file));
		if (file.startsWith('50'))
			await vi.waitFor(() => expect(other.store.getSnapshot().counts.completed).toBe(51), PATIENT);
	}
	await vi.waitFor(
		() => expect(other.store.getSnapshot().files.map(({status}) => status)).toEqual(files.map(() => 'completed')),
		PATIENT,
	);
	expect(stalled.frames).toHaveLength(1);
	// When it takes that, it gets how things are now, and each file once.
	stalled.socket.send(JSON.stringify({type: 'taken', frame: 1}));
	await vi.waitFor(() => expect(stalled.frames).toHaveLength(2), PATIENT);
	expect(stalled.frames[1]?.run?.counts?.completed).toBe(200);
});

test.each([
	['{"type":"perform","command":{"type":"retry-claims"}}'],
	['{"type":"perform","command":{"type":"__proto__"}}'],
	['{"type":"perform","command":{"type":"cancel-file","file":7}}'],
	['{"type":"ask","id":1,"about":"secrets"}'],
	['{"type":"taken"}'],
	['null'],
	['GET / HTTP/1.1'],
])('a message that is none ends the connection of the one who sent it: %s', async line => {
	const shared = await share();
	shared.say(runStarted(), queued('a.csv'));
	const {socket, closes} = await openRaw(shared);
	socket.send(line);
	await vi.waitFor(() => expect(closes.join()).toContain('1008'), PATIENT);
	expect(shared.commands).toEqual([]);
	expect((await follow(shared)).store.getSnapshot().files).toHaveLength(1);
});

test.each([
	[{origin: 'http://127.0.0.1:8001'}],
	[{host: 'evil.example'}],
])('a page in a browser cannot follow a run: %j', async headers => {
	const shared = await share();
	const socket = new WebSocket(shared.address.replace('http', 'ws'), SUBPROTOCOL, {headers});
	const {promise, resolve} = Promise.withResolvers<string>();
	socket.on('error', error => resolve(error.message));
	expect(await promise).toContain('403');
});

/** A process that greets as a run does, and then says what it is given. */
async function pretend(version = VERSION) {
	const server = new WebSocketServer({host: '127.0.0.1', port: 0, handleProtocols: () => SUBPROTOCOL});
	await once(server, 'listening');
	const cut = (): void => {
		for (const client of server.clients) client.terminate();
	};
	onTestFinished(() => {
		cut();
		server.close();
	});
	const state = {version, connections: 0};
	const say = (line: string | Buffer): void => {
		for (const client of server.clients) client.send(line);
	};
	server.on('connection', client => {
		state.connections++;
		client.send(JSON.stringify({type: 'welcome', version: state.version, title: 'x', mayControl: true}));
		client.send('{"type":"frame","number":1,"elapsedMs":1}');
	});
	const {port} = server.address() as AddressInfo;
	return {url: `ws://127.0.0.1:${port}`, state, say, cut};
}

/** One that follows, and what it was told. */
async function listenTo(url: string, silenceMs?: number) {
	const told: string[] = [];
	const states: string[] = [];
	const onMessage = (message: string) => told.push(message);
	const one = await followRun({
		url,
		version: VERSION,
		onMessage,
		firstWaitMs: 20,
		...(silenceMs !== undefined && {silenceMs}),
	});
	onTestFinished(() => one.close());
	one.connection.subscribe(() => states.push(one.connection.get()));
	return {one, told, states};
}

test('a question or a command that fails is refused with its reason, and nobody is kept waiting', async () => {
	const fail = (): never => {
		throw new Error('the drive is gone');
	};
	const shared = await share({
		control: {perform: fail as never, inspectRun: async () => fail(), inspectFile: async () => fail()},
	});
	shared.say(runStarted(), queued('a.csv'), started('a.csv'));
	const messages: string[] = [];
	const one = await follow(shared, message => messages.push(message));
	expect(await one.control.inspectRun?.()).toBe(null);
	expect(messages).toEqual(['The run cannot say that: the drive is gone']);
	expect(await one.control.inspectFile?.('a.csv')).toBe(null);
	one.control.perform({type: 'cancel-file', file: 'a.csv'});
	await vi.waitFor(
		() =>
			expect(messages.slice(1)).toEqual([
				...['The run cannot say that: the drive is gone', 'The run could not do that: the drive is gone'],
			]),
		PATIENT,
	);
	expect(one.connection.get()).toBe('live');
});

test.each([
	['{"type":"frame"'],
	['{"type":"frame","number":2,"elapsedMs":2,"files":[{"index":0}]}'],
	['{"type":"frame","number":2,"elapsedMs":2,"run":{"counts":null},"files":[null]}'],
	['{"type":"answer","id":1,"value":7}'],
	['{"type":"__proto__"}'],
	['null'],
	[Buffer.from('{"type":"frame","number":2,"elapsedMs":2}')],
])('what is no message of a run ends following it, with a sentence: %s', async line => {
	const run = await pretend();
	const {told, states} = await listenTo(run.url);
	run.say(line);
	await vi.waitFor(() => expect(states).toEqual(['given-up']), PATIENT);
	expect(told).toEqual([expect.stringContaining('no message of a run')]);
	expect(run.state.connections).toBe(1);
});

test('a run that has become one of another version is followed no more, and both are named', async () => {
	const run = await pretend();
	const {told, states} = await listenTo(run.url);
	run.state.version = '9.9.9';
	run.cut();
	await vi.waitFor(() => expect(states).toEqual(['lost', 'given-up']), PATIENT);
	expect(told.at(-1)).toMatch(/9\.9\.9.*1\.2\.3/);
	expect(run.state.connections).toBe(2);
});

test('a run that says nothing is told as no answer, and is connected to again; each fault is said once', async () => {
	const run = await pretend();
	const {told, states} = await listenTo(run.url, 50);
	await vi.waitFor(() => expect(run.state.connections).toBeGreaterThan(2), PATIENT);
	expect(states.slice(0, 3)).toEqual(['lost', 'live', 'lost']);
	expect(told[0]).toBe('No answer for 0 s: it is tried again');
});

test('a fault that stays is said once, however often it is tried, and again when it comes back', async () => {
	const shared = await share();
	shared.say(runStarted(), queued('a.csv'), started('a.csv'));
	const port = Number(new URL(shared.address).port);
	const {told, states} = await listenTo(shared.address.replace('http', 'ws'));
	const refused = 'Nobody listens there: the run may have ended: it is tried again';
	await shared.close();
	// Several tries, of which one fault is told.
	const {promise: untilTries, resolve} = Promise.withResolvers<void>();
	const counting = createServer(socket => socket.destroy());
	let tries = 0;
	counting.on('connection', () => {
		if (++tries === 3) resolve();
	});
	await vi.waitFor(() => expect(told).toContain(refused), PATIENT);
	await once(counting.listen(port, '127.0.0.1'), 'listening');
	await untilTries;
	counting.close();
	await once(counting, 'close');
	expect(told.filter(each => each === refused)).toHaveLength(1);
	expect(new Set(told).size).toBe(told.length);
	const again = await share({port});
	again.say(runStarted(), queued('b.csv'), started('b.csv'));
	await vi.waitFor(() => expect(states.at(-1)).toBe('live'), PATIENT);
	const before = told.length;
	await again.close();
	await vi.waitFor(() => expect(told.slice(before)).toContain(refused), PATIENT);
});

test('those who follow get a sign of life, also when they take no frame', async () => {
	const shared = await share({beatMs: 5});
	shared.say(runStarted());
	const {socket} = await openRaw(shared);
	await once(socket, 'ping');
});

test('a run of another version is refused with both versions', async () => {
	const shared = await share();
	shared.say(runStarted());
	const url = shared.address.replace('http', 'ws');
	await expect(followRun({url, version: '9.9.9', onMessage() {}})).rejects.toThrow(/1\.2\.3.*9\.9\.9/);
});

test('a connection that was lost comes back by itself, and shows the run as it is then', async () => {
	const shared = await share();
	shared.say(runStarted({fileCount: 2}), queued('a.csv'), queued('b.csv'), started('a.csv'));
	const one = await follow(shared);
	const states: string[] = [];
	one.connection.subscribe(() => states.push(one.connection.get()));
	const port = Number(new URL(shared.address).port);
	await shared.close();
	await vi.waitFor(() => expect(states).toEqual(['lost']), PATIENT);
	expect(filesOf(one)).toHaveLength(2);
	const again = await share({port});
	again.say(runStarted({fileCount: 1}), queued('c.csv'), started('c.csv'), progressed('c.csv', 10));
	await vi.waitFor(() => expect(states).toEqual(['lost', 'live']), PATIENT);
	expect(filesOf(one)).toEqual(['c.csv running 10']);
});

test('a connection that says nothing at all costs no frame, and what is no request no process', async () => {
	const shared = await share();
	shared.say(runStarted(), queued('a.csv'));
	const {port} = new URL(shared.address);
	const silent = connect(Number(port), '127.0.0.1');
	silent.on('error', () => {});
	onTestFinished(() => {
		silent.destroy();
	});
	silent.write('\u0000\u0001 nothing\r\n\r\n');
	expect(await fetch(shared.address).then(async answer => [answer.status, await answer.text()])).toEqual([
		426,
		expect.stringContaining(`attach ${shared.address}`),
	]);
	expect(shared.viewerCount()).toBe(0);
});
