import {copyFileSync, renameSync, rmSync} from 'node:fs';
import {expect, onTestFinished, test, vi} from 'vitest';
import {openToWrite} from '../../source/ledger/open-database.ts';
import {MIGRATIONS} from '../../source/ledger/schema.ts';
import {PATIENT} from '../helpers/patient.ts';
import {ENDLESS_FILE, GOOD_FILE, startTestServer, type TestServer} from '../helpers/server.ts';

interface StreamedEvent {
	readonly event: string | null;
	readonly id: string | null;
	readonly data: Readonly<Record<string, unknown>>;
}

/** Follows a stream until the test ends. */
async function follow(
	server: TestServer,
	path: string,
	{token, headers}: {readonly token?: string; readonly headers?: Record<string, string>} = {},
) {
	const controller = new AbortController();
	onTestFinished(() => controller.abort());
	const response = await fetch(server.url + path, {
		headers: {...(token !== undefined && {authorization: `Bearer ${token}`}), ...headers},
		signal: controller.signal,
	});
	expect(response.status).toBe(200);
	const events: StreamedEvent[] = [];
	const read = async (): Promise<void> => {
		let text = '';
		for await (const piece of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
			text += piece;
			const blocks = text.split('\n\n');
			text = blocks.pop() ?? '';
			events.push(...blocks.flatMap(parse));
		}
	};
	const ended = read().catch(() => {});
	return {
		response,
		events,
		ended,
		/** What is kept: progress is not. */
		kept: () => events.filter(({id}) => id !== null),
		close: () => controller.abort(),
	};
}

function parse(block: string): StreamedEvent[] {
	const fields = new Map(
		block.split('\n').map(line => [line.split(': ')[0] ?? '', line.slice(line.indexOf(': ') + 2)]),
	);
	const data = fields.get('data');
	if (data === undefined) return [];
	return [{event: fields.get('event') ?? null, id: fields.get('id') ?? null, data: JSON.parse(data)}];
}

const typesOf = (events: readonly StreamedEvent[]): readonly unknown[] => events.map(({data}) => data.type);

async function finishOne(server: TestServer, token: string | null = null, name = 'a.csv'): Promise<string> {
	const id = await server.run(token, await server.upload(token, name, GOOD_FILE));
	await server.untilTask(token, id, 'COMPLETED');
	return id;
}

const LIFE = ['task-queued', 'run-started', 'file-queued', 'file-started', 'file-completed', 'run-completed'];

test('who follows sees what was and what comes, once, in order', async () => {
	const server = await startTestServer({isOpen: true});
	const first = await finishOne(server);
	const stream = await follow(server, '/api/v1/events');
	expect(stream.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
	await vi.waitFor(() => expect(typesOf(stream.kept())).toEqual(['upload-completed', ...LIFE]), PATIENT);
	const second = await finishOne(server);
	const whole = ['upload-completed', ...LIFE, 'upload-completed', ...LIFE];
	await vi.waitFor(() => expect(typesOf(stream.kept())).toEqual(whole), PATIENT);
	for (const {id} of stream.kept()) expect(id).toMatch(/^[0-9a-f]{8}:\d+$/);
	const ids = stream.kept().map(({id}) => Number(id?.split(':')[1]));
	expect(ids).toEqual(Array.from(new Set(ids)).toSorted((one, other) => one - other));
	// One task alone.
	const one = await follow(server, `/api/run/${second}/events`);
	await vi.waitFor(() => expect(typesOf(one.kept())).toEqual(LIFE), PATIENT);
	for (const {data} of one.kept()) expect([data.runId ?? data.taskExecutionId]).toEqual([second]);
	expect(first).not.toBe(second);
});

test('nothing on the way keeps a stream back, and readers that lost the same server come back at different times', async () => {
	const server = await startTestServer({isOpen: true});
	const delays = new Set<number>();
	for (let reader = 0; reader < 8; reader++) {
		const response = await fetch(`${server.url}/api/v1/events`, {headers: {'accept-encoding': 'gzip, br, zstd'}});
		const {headers} = response;
		expect(
			['incremental', 'x-accel-buffering', 'cache-control', 'content-encoding'].map(name => headers.get(name)),
		).toEqual(['?1', 'no', 'no-store', null]);
		const first = await response.body?.getReader().read();
		const delay = Number(/^retry: (\d+)\n\n/.exec(Buffer.from(first?.value ?? []).toString())?.[1]);
		expect(delay).toBeGreaterThanOrEqual(2500);
		expect(delay).toBeLessThanOrEqual(4500);
		delays.add(delay);
	}
	expect(delays.size).toBeGreaterThan(1);
});

test('who comes again gets what came after, by the header or the query, wherever they were', async () => {
	const server = await startTestServer({isOpen: true});
	await finishOne(server);
	const all = await follow(server, '/api/events');
	await vi.waitFor(() => expect(all.kept()).toHaveLength(1 + LIFE.length), PATIENT);
	for (const [place, {id}] of all.kept().entries()) {
		const rest = all.kept().slice(place + 1);
		for (const [path, headers] of [
			['/api/events', {'last-event-id': String(id)}],
			[`/api/events?after=${id}`, {}],
		] as const) {
			const again = await follow(server, path, {headers});
			await vi.waitFor(() => expect(again.events).toHaveLength(rest.length), PATIENT);
			expect(again.events).toEqual(rest);
			again.close();
		}
	}
});

test('a place that there is not is answered by one reset with how things are, and what comes then', async () => {
	const server = await startTestServer({isOpen: true});
	const id = await finishOne(server);
	const streams = await Promise.all(
		['999999', 'x', '-1', '1.5', '0123abcd:1', 'x:1', ':1', '01234567:'].map(place =>
			follow(server, '/api/events', {headers: {'last-event-id': place}}),
		),
	);
	for (const {events} of streams) {
		await vi.waitFor(() => expect(events.length).toBeGreaterThanOrEqual(2), PATIENT);
		expect(events.map(({event}) => event)).toEqual(['reset', 'snapshot']);
		expect(events[1]?.data.tasks).toMatchObject([{task_execution_id: id, status: 'COMPLETED'}]);
	}
	await finishOne(server);
	const then = ['snapshot', 'upload-completed', ...LIFE];
	for (const {kept} of streams) await vi.waitFor(() => expect(typesOf(kept())).toEqual(then), PATIENT);
});

test('an id stays good over a restart; one from after a copy that was put back is answered by one reset, whatever has happened since', async () => {
	const server = await startTestServer({isOpen: true});
	const ledger = `${server.dataFolder}/ledger.db`;
	await finishOne(server);
	const before = await follow(server, '/api/events');
	await vi.waitFor(() => expect(before.kept()).toHaveLength(1 + LIFE.length), PATIENT);
	const [known, last] = [before.kept()[2]?.id, before.kept().at(-1)?.id];
	await server.restart();
	await finishOne(server);
	const then = await follow(server, `/api/events?after=${known}`);
	await vi.waitFor(
		() => expect(typesOf(then.events)).toEqual([...LIFE.slice(2), 'upload-completed', ...LIFE]),
		PATIENT,
	);
	const copied = then.kept().at(-1)?.id;
	await server.close();
	server.writeLedger(database => database.exec(`VACUUM INTO '${ledger}.copy'`));
	await server.start();
	await finishOne(server);
	const lost = await follow(server, `/api/events?after=${copied}`);
	await vi.waitFor(() => expect(lost.kept()).toHaveLength(1 + LIFE.length), PATIENT);
	await server.close();
	for (const ending of ['-wal', '-shm']) rmSync(ledger + ending, {force: true});
	copyFileSync(`${ledger}.copy`, ledger);
	await server.start();
	// As many events as had been there, and more.
	for (let round = 0; round < 2; round++) await finishOne(server);
	for (const id of [lost.kept()[0]?.id, lost.kept().at(-1)?.id]) {
		const {events} = await follow(server, '/api/events', {headers: {'last-event-id': String(id)}});
		await vi.waitFor(() => expect(events.map(({event}) => event)).toEqual(['reset', 'snapshot']), PATIENT);
	}
	for (const [id, count] of [
		[last, 3],
		[copied, 2],
	] as const) {
		const {events} = await follow(server, `/api/events?after=${id}`);
		await vi.waitFor(() => expect(events).toHaveLength(count * (1 + LIFE.length)), PATIENT);
	}
});

/** Without all that later versions of the schema have added. */
function takeBackToFirstSchema(path: string): void {
	const old = `${path}.old`;
	const database = openToWrite(old, MIGRATIONS.slice(0, 1));
	database.exec(`PRAGMA foreign_keys = OFF; ATTACH '${path}' AS new`);
	const columnsOf = (table: string): string =>
		database
			.prepare('SELECT name FROM pragma_table_info(?)')
			.all(table)
			.map(({name}) => name)
			.join();
	// The audit log is only added to, and has its first line already.
	const tables = database.prepare(`SELECT name FROM main.sqlite_schema
		WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'audit'`);
	for (const {name} of tables.all())
		database.exec(
			`INSERT INTO main.${name} (${columnsOf(String(name))}) SELECT ${columnsOf(String(name))} FROM new.${name}`,
		);
	database.close();
	for (const ending of ['', '-wal', '-shm']) rmSync(`${path}${ending}`, {force: true});
	renameSync(old, path);
}

test('an id of the time when they were numbers goes on where all is still there, and is else answered by a reset', async () => {
	const server = await startTestServer({isOpen: true});
	await finishOne(server);
	await server.close();
	takeBackToFirstSchema(`${server.dataFolder}/ledger.db`);
	await server.start();
	await finishOne(server);
	const whole = 2 * (1 + LIFE.length);
	for (const place of [0, 3, whole / 2]) {
		const {events} = await follow(server, `/api/events?after=${place}`);
		await vi.waitFor(() => expect(events).toHaveLength(whole - place), PATIENT);
	}
	const {events} = await follow(server, `/api/events?after=${whole / 2 + 1}`);
	await vi.waitFor(() => expect(events.map(({event}) => event)).toEqual(['reset', 'snapshot']), PATIENT);
});

test('events of two users never mix, and a logout ends the streams of its session alone', async () => {
	const server = await startTestServer();
	const [ann, ben] = [await server.account('ann'), await server.account('ben')];
	const other = await server.logIn('ann');
	const streams = {
		ann: await follow(server, '/api/events', {token: ann}),
		other: await follow(server, '/api/events', {token: other}),
		ben: await follow(server, '/api/events', {token: ben}),
	};
	const ofAnn = await finishOne(server, ann, 'ann.csv');
	const ofBen = await finishOne(server, ben, 'ben.csv');
	const length = 1 + LIFE.length;
	for (const {kept} of Object.values(streams)) await vi.waitFor(() => expect(kept()).toHaveLength(length), PATIENT);
	expect(JSON.stringify(streams.ann.events)).not.toMatch(new RegExp(`${ofBen}|ben\\.csv`));
	expect(JSON.stringify(streams.ben.events)).not.toMatch(new RegExp(`${ofAnn}|ann\\.csv`));
	await server.ask('POST', '/api/auth/logout', {token: ann});
	await streams.ann.ended;
	await finishOne(server, other);
	await vi.waitFor(() => expect(streams.other.kept()).toHaveLength(2 * length), PATIENT);
	expect(streams.ann.kept()).toHaveLength(length);
});

test('a user has so many streams, and one that is closed makes room', async () => {
	const server = await startTestServer({isOpen: true, maxStreamsPerUser: 2});
	const streams = [await follow(server, '/api/events'), await follow(server, '/api/events')];
	const refused = await server.ask('GET', '/api/events');
	expect(refused).toMatchObject({status: 429, json: {code: 'TOO_MANY_STREAMS', max_streams_per_user: 2}});
	streams[0]?.close();
	await vi.waitFor(async () => {
		const {json} = await server.ask('GET', '/health');
		expect(json.system.streaming).toMatchObject({active_streams: 1, completed_streams: 1});
	}, PATIENT);
	await follow(server, '/api/events');
});

test('who keeps up is told of progress, which is not kept', async () => {
	const server = await startTestServer({isOpen: true});
	const stream = await follow(server, '/api/events');
	const id = await server.run(null, await server.upload(null, 'endless.csv.gz', ENDLESS_FILE));
	const progress = () => stream.events.filter(({data}) => data.type === 'file-progressed');
	await vi.waitFor(() => expect(progress().length).toBeGreaterThan(1), PATIENT);
	await server.ask('DELETE', `/api/run/${id}`);
	await vi.waitFor(() => expect(typesOf(stream.kept())).toContain('file-cancelled'), PATIENT);
	for (const event of progress()) expect(event).toMatchObject({id: null, data: {runId: id, file: 'endless.csv.gz'}});
	const later = await follow(server, '/api/events');
	await vi.waitFor(() => expect(later.events).toEqual(stream.kept()), PATIENT);
});

test('the end of the server ends streams', async () => {
	const server = await startTestServer({isOpen: true});
	const stream = await follow(server, '/api/events');
	await server.close();
	await stream.ended;
});

test.each([
	'/api/events',
	'/api/v1/events',
])('HEAD of %s is refused at once, because nothing would end it', async path => {
	const server = await startTestServer({isOpen: true});
	const {status, headers} = await server.ask('HEAD', path);
	expect([status, headers.get('allow')]).toEqual([405, 'GET, OPTIONS']);
});
