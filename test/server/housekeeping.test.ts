import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {expect, test, vi} from 'vitest';
import {repeat} from '../../source/server/housekeeping.ts';
import {PATIENT} from '../helpers/patient.ts';
import {ENDLESS_FILE, GOOD_FILE, startTestServer, type TestServer} from '../helpers/server.ts';

const inFolder = ({dataFolder}: TestServer, name: string): readonly string[] => readdirSync(join(dataFolder, name));

/** Makes times in the ledger earlier, by another connection. */
function age({dataFolder}: TestServer, sql: string): void {
	const database = new DatabaseSync(join(dataFolder, 'ledger.db'));
	database.exec(sql);
	database.close();
}

test('a file that has expired is gone, but not while a task needs it; its result stays', async () => {
	const server = await startTestServer({isOpen: true, maxConcurrentTasks: 1, datasetTtlMs: 3_600_000});
	const ended = await server.run(null, await server.upload(null, 'ended.csv', GOOD_FILE));
	await server.untilTask(null, ended, 'COMPLETED');
	const running = await server.run(null, await server.upload(null, 'running.csv.gz', ENDLESS_FILE));
	await server.untilTask(null, running, 'PROCESSING');
	const waiting = await server.run(null, await server.upload(null, 'waiting.csv', GOOD_FILE));
	await server.tidyUp();
	expect(inFolder(server, 'files')).toHaveLength(3);
	age(server, 'UPDATE datasets SET expires_at = received_at');
	expect((await server.ask('GET', '/files')).json.files).toEqual([]);
	await server.tidyUp();
	expect(inFolder(server, 'files')).toHaveLength(2);
	await server.ask('DELETE', `/api/run/${running}`);
	await server.untilTask(null, waiting, 'COMPLETED');
	await server.tidyUp();
	expect(inFolder(server, 'files')).toEqual([]);
	for (const id of [ended, waiting]) expect((await server.ask('GET', `/api/results/${id}`)).status).toBe(200);
	// Of what is gone nothing can be made again.
	expect((await server.ask('POST', `/api/run/${running}/retry`)).status).toBe(404);
});

test('a file that a task needs is not removed: it is said why', async () => {
	const server = await startTestServer({isOpen: true, maxConcurrentTasks: 0});
	const file = await server.upload(null, 'a.csv', GOOD_FILE);
	const task = await server.run(null, file);
	expect(await server.ask('DELETE', `/api/files/${file}`)).toMatchObject({status: 409, json: {code: 'IN_USE'}});
	expect(inFolder(server, 'files')).toEqual([file]);
	await server.ask('DELETE', `/api/run/${task}`);
	expect((await server.ask('DELETE', `/api/files/${file}`)).status).toBe(204);
	expect(inFolder(server, 'files')).toEqual([]);
	expect((await server.ask('DELETE', `/api/files/${file}`)).status).toBe(404);
});

test('uploads that nobody goes on with, old answers and old sessions are gone', async () => {
	const server = await startTestServer({maxConcurrentTasks: 0});
	const [ann, later] = [await server.account('ann'), await server.logIn('ann')];
	const headers = {'tus-resumable': '1.0.0', 'upload-length': '9'};
	const made = await server.ask('POST', '/api/v1/uploads', {token: ann, headers});
	const file_id = await server.upload(ann, 'a.csv', GOOD_FILE);
	const ask = () =>
		server.ask('POST', '/api/run', {
			token: ann,
			headers: {'idempotency-key': 'k'},
			json: {file_id, task_id: 'quality'},
		});
	const first = await ask();
	await server.tidyUp();
	expect(inFolder(server, 'incoming')).toHaveLength(1);
	expect((await ask()).json.task_execution_id).toBe(first.json.task_execution_id);
	const day = 24 * 60 * 60 * 1000 + 1;
	age(
		server,
		`UPDATE uploads SET touched_at = touched_at - ${day}; UPDATE answers SET answered_at = answered_at - ${day}`,
	);
	age(server, `UPDATE tokens SET expires_at = 1 WHERE created_at = (SELECT max(created_at) FROM tokens)`);
	await server.tidyUp();
	expect(inFolder(server, 'incoming')).toEqual([]);
	const path = made.headers.get('location') ?? '';
	expect(
		(await server.ask('HEAD', new URL(path, `${server.url}/api/v1/`).pathname, {token: ann, headers})).status,
	).toBe(404);
	expect((await ask()).json.task_execution_id).not.toBe(first.json.task_execution_id);
	expect((await server.ask('GET', '/api/auth/me', {token: later})).status).toBe(401);
	expect((await server.ask('GET', '/api/auth/me', {token: ann})).status).toBe(200);
});

test('past the events that are kept there is one reset; what is still kept goes on without one', async () => {
	const server = await startTestServer({isOpen: true});
	const task = await server.run(null, await server.upload(null, 'a.csv', GOOD_FILE));
	await server.untilTask(null, task, 'COMPLETED');
	const read = async (path: string): Promise<string> => {
		const controller = new AbortController();
		const response = await fetch(server.url + path, {signal: controller.signal});
		let text = '';
		for await (const piece of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
			text += piece;
			if (/snapshot|run-completed/.test(text)) break;
		}
		controller.abort();
		return text;
	};
	const ids = Array.from((await read('/api/events')).matchAll(/^id: (.+)$/gm), ([, id]) => id);
	expect(ids).toHaveLength(7);
	await server.tidyUp(3);
	for (const place of [1, 3]) {
		const text = await read(`/api/events?after=${ids[place - 1]}`);
		expect(text.match(/^event: reset$/gm), `${place}`).toHaveLength(1);
		expect(text).toContain(task);
	}
	expect(await read(`/api/events?after=${ids[3]}`)).not.toMatch(/reset|snapshot/);
	// The beginning of the task is not there: how it is now is said instead.
	for (const path of ['/api/events', `/api/run/${task}/events`]) expect(await read(path)).toMatch(/^event: snapshot$/m);
});

test('what goes wrong in the same way again and again is told once, until it is well again', async () => {
	const faults = ['away', 'away', 'away', 'full', 'full', null, 'full'];
	const told: string[] = [];
	let count = 0;
	const loop = repeat(
		async () => {
			const fault = faults[count++] ?? null;
			if (fault !== null) throw new Error(fault);
		},
		error => told.push((error as Error).message),
		1,
	);
	await vi.waitFor(() => expect(count).toBeGreaterThan(faults.length), PATIENT);
	await loop.close();
	expect(told).toEqual(['away', 'full', 'full']);
});
