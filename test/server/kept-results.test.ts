// What is kept with a result, and for how long.
import {once} from 'node:events';
import {existsSync, readdirSync, writeFileSync} from 'node:fs';
import {type IncomingMessage, request} from 'node:http';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {parse} from 'csv-parse/sync';
import {expect, test} from 'vitest';
import {PATIENT} from '../helpers/patient.ts';
import {GOOD_FILE, startTestServer, type TestServer} from '../helpers/server.ts';
import {transactionsHeader} from '../helpers/temporary-folder.ts';

const bad = (count: number, filler = ''): string =>
	Array.from({length: count}, (_, index) => `b${index},c1,none-${index}${filler},2024-01-01,food\n`).join('');

const rejectsIn = ({dataFolder}: TestServer): readonly string[] => readdirSync(join(dataFolder, 'rejects'));

async function completed(
	server: TestServer,
	text: string,
	analyses = ['transactions'],
	name = 'a.csv',
): Promise<string> {
	const id = await server.run(null, await server.upload(null, name, text), analyses);
	await server.untilTask(null, id, 'COMPLETED');
	return id;
}

function age(server: TestServer, id: string, ms: number): void {
	const database = new DatabaseSync(join(server.dataFolder, 'ledger.db'), {timeout: 30_000});
	database.prepare('UPDATE tasks SET ended_at = ended_at - ? WHERE id = ?').run(ms, id);
	database.close();
}

/** Begins to read, and takes no more than the system does by itself. */
async function beginDownload(server: TestServer, path: string): Promise<IncomingMessage> {
	const asked = request(server.url + path).end();
	const [response] = (await once(asked, 'response')) as [IncomingMessage];
	response.pause();
	return response;
}

async function sizeOf(response: IncomingMessage): Promise<number> {
	let size = 0;
	for await (const bytes of response as AsyncIterable<Buffer>) size += bytes.length;
	return size;
}

test('all rejected records of a result are there to be corrected, up to as many as are listed', async () => {
	const server = await startTestServer({isOpen: true, maxRejects: 30});
	const few = await completed(server, `${GOOD_FILE}${bad(25)}x,c1,=1,2024-01-01,"a,b"\n`);
	const {json} = await server.ask('GET', `/api/results/${few}`);
	expect(json.rejects).toHaveLength(20);
	const {text, headers} = await server.ask('GET', json.links.rejects);
	expect(headers.get('content-disposition')).toContain('filename="a.rejects.csv"');
	const rows = parse(text, {columns: true}) as Readonly<Record<string, string>>[];
	expect(rows).toHaveLength(26);
	expect(rows[24]).toMatchObject({
		...{_file: 'a.csv', _line: '46', _column: 'amount', _reason: 'not-a-number', _value: 'none-24'},
		...{_record: 'b24,c1,none-24,2024-01-01,food', transaction_id: 'b24', amount: 'none-24'},
	});
	expect(rows[25]).toMatchObject({_value: "'=1", amount: "'=1", category: 'a,b'});
	const part = await server.ask('GET', json.links.rejects, {headers: {range: 'bytes=0-4'}});
	expect([part.status, part.text]).toEqual([206, '_file']);

	const many = await completed(server, GOOD_FILE + bad(40), ['transactions', 'sales']);
	const list = await server.ask('GET', `/api/v1/results/${many}/rejects.csv`);
	const last = (parse(list.text, {columns: true}) as Readonly<Record<string, string>>[]).at(-1);
	expect(last).toMatchObject({_reason: 'not-listed', _value: expect.stringMatching(/^10 more rejected records/)});

	const none = await completed(server, GOOD_FILE);
	expect((await server.ask('GET', `/api/results/${none}`)).json.links.rejects).toBeUndefined();
	const missing = await server.ask('GET', `/api/results/${none}/rejects.csv`);
	expect(missing).toMatchObject({status: 404, json: {code: 'NO_REJECTS'}});
	expect(rejectsIn(server)).toHaveLength(2);
	// What a process that was killed has left goes; what belongs to a result stays.
	for (const name of ['r_none.csv', '.fileproc-1.tmp']) writeFileSync(join(server.dataFolder, 'rejects', name), 'x');
	await server.restart();
	expect(new Set(rejectsIn(server))).toEqual(new Set([`${few}.csv`, `${many}.csv`]));
});

test('a result is kept as long as was said, with its rejected records, and it is said how long', async () => {
	const server = await startTestServer({isOpen: true, resultTtlMs: 60_000});
	const [old, young] = [await completed(server, GOOD_FILE + bad(1)), await completed(server, GOOD_FILE + bad(1))];
	const {completed_at: at} = (await server.ask('GET', `/api/run/${old}`)).json;
	const expiresAt = new Date(Date.parse(at) + 60_000).toISOString();
	expect((await server.ask('GET', `/api/results/${old}`)).json.expires_at).toBe(expiresAt);
	const list = await server.ask('GET', '/api/v1/results?limit=1');
	expect(list.json.results).toMatchObject([{task_execution_id: young}]);
	const rest = await server.ask('GET', `/api/v1/results?limit=1&cursor=${list.json.next_cursor}`);
	expect(rest.json).toMatchObject({results: [{task_execution_id: old, expires_at: expiresAt}], next_cursor: null});
	await server.tidyUp();
	expect(rejectsIn(server)).toHaveLength(2);
	age(server, old, 60_001);
	// It is over before it is removed.
	for (const tidyUp of [false, true]) {
		if (tidyUp) await server.tidyUp();
		for (const path of ['', '.csv', '/tables', '/rejects.csv'])
			expect(await server.ask('GET', `/api/results/${old}${path}`)).toMatchObject({
				status: 410,
				json: {code: 'EXPIRED'},
			});
		expect((await server.ask('GET', '/api/v1/results')).json.results).toHaveLength(1);
	}
	expect(rejectsIn(server)).toEqual([`${young}.csv`]);
	expect((await server.ask('GET', `/api/run/${old}`)).json.status).toBe('COMPLETED');
	expect((await server.ask('GET', '/health')).json.system.storage.results_count).toBe(1);
	// Without a limit nothing goes.
	await server.restart({resultTtlMs: null});
	age(server, young, 10 ** 12);
	await server.tidyUp();
	expect((await server.ask('GET', `/api/results/${young}`)).json.expires_at).toBeNull();
});

test('what goes out to somebody does not expire meanwhile, and can be gone on with', async () => {
	const server = await startTestServer({isOpen: true, resultTtlMs: 60_000, datasetTtlMs: 60_000});
	// More than the buffers of the system take.
	const text = transactionsHeader + bad(60_000, 'x'.repeat(150));
	const id = await completed(server, text);
	const {file_id: file} = (await server.ask('GET', `/api/results/${id}`)).json;
	const [original, rejects] = [`/api/v1/files/${file}/original`, `/api/results/${id}/rejects.csv`];
	const size = Number((await server.ask('HEAD', rejects)).headers.get('content-length'));
	const downloads = [await beginDownload(server, original), await beginDownload(server, rejects)];
	age(server, id, 60_001);
	const database = new DatabaseSync(join(server.dataFolder, 'ledger.db'), {timeout: 30_000});
	database.exec('UPDATE datasets SET expires_at = 1');
	database.close();
	await server.tidyUp();
	const paths = [join(server.dataFolder, 'files', file), join(server.dataFolder, 'rejects', `${id}.csv`)];
	expect(paths.map(path => existsSync(path))).toEqual([true, true]);
	expect(await Promise.all(downloads.map(sizeOf))).toEqual([text.length, size]);
	await expect
		.poll(async () => {
			await server.tidyUp();
			return paths.map(path => existsSync(path));
		}, PATIENT)
		.toEqual([false, false]);
});
