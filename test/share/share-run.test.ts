// A run and those who follow it, over real sockets.
import {connect} from 'node:net';
import {expect, onTestFinished, test, vi} from 'vitest';
import {WebSocket} from 'ws';
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

async function share(options: {readonly path?: string; readonly port?: number; readonly mayControl?: boolean} = {}) {
	const commands: RunCommand[] = [];
	const control: RunControl = {
		perform: (command: RunCommand) => {
			commands.push(command);
			return undefined as never;
		},
		inspectRun: async () => null,
	};
	const {path, port = 0, mayControl = true} = options;
	const sharing = await shareRun({
		...{place: path === undefined ? {host: '127.0.0.1', port} : {path}, version: VERSION},
		...{title: 'data', mayControl, control: () => control},
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
