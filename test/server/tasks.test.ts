import {createHash, randomUUID} from 'node:crypto';
import {gzipSync} from 'node:zlib';
import {expect, test, vi} from 'vitest';
import {processFile} from '../../source/process-files.ts';
import {PATIENT} from '../helpers/patient.ts';
import {ENDLESS_FILE, GOOD_FILE, startTestServer, type TestServer} from '../helpers/server.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

/** Everything in a report but when and how fast it was made, and for how long it is kept. */
function figuresOf(report: object): object {
	const {processing_time, task_execution_id, file_id, task_id, links, expires_at, ...rest} = report as Record<
		string,
		unknown
	>;
	// Of what only a server knows.
	const {mapping, corrections, with_corrections, ...figures} = rest;
	return figures;
}

test('a task goes from QUEUED to COMPLETED, and its result is what the library says of the file', async () => {
	const server = await startTestServer({isOpen: true});
	const bad = `${GOOD_FILE}t99,c1,not-a-number,2024-01-01,food\n`;
	const file_id = await server.upload(null, 'sales.csv', bad);
	const asked = await server.ask('POST', '/api/run', {json: {file_id, analyses: ['transactions']}});
	expect(asked).toMatchObject({status: 202, json: {file_id, attempts: 0, analyses: ['transactions']}});
	const id = String(asked.json.task_execution_id);
	expect(asked.headers.get('location')).toBe(`/api/v1/runs/${id}`);
	const ended = await server.untilTask(null, id, 'COMPLETED');
	expect(ended).toMatchObject({attempts: 1, rows: 21, rejected_rows: 1, error: null, position: null});
	const result = await server.ask('GET', `/api/results/${id}`);
	const path = createTemporaryFolder().write('sales.csv', bad);
	const expected = await processFile(path, {analysis: 'transactions', hash: 'sha256'});
	expect(figuresOf(result.json)).toEqual({...figuresOf(JSON.parse(JSON.stringify(expected))), file: 'sales.csv'});
	const digest = createHash('sha256').update(result.text).digest('base64');
	expect(result.headers.get('repr-digest')).toBe(`sha-256=:${digest}:`);
	expect((await server.ask('GET', `/api/v1/results/${id}.json`)).text).toBe(result.text);
});

test('what the systems before called them, several analyses at once, and what there is not', async () => {
	const server = await startTestServer({isOpen: true});
	const file_id = await server.upload(null, 'a.csv', GOOD_FILE);
	const ask = (json: object) => server.ask('POST', '/api/run', {json: {file_id, ...json}});
	const names = [
		[{task_id: 'eda_statistical_summary'}, ['profile']],
		[{task_id: 'eda_data_quality'}, ['quality']],
		[{analyses: ['transactions', 'quality']}, ['transactions', 'quality']],
		[{}, []],
	] as const;
	for (const [json, analyses] of names) {
		const {status, json: task} = await ask(json);
		expect([status, task.analyses]).toEqual([202, analyses]);
		await server.untilTask(null, task.task_execution_id, 'COMPLETED');
		expect((await server.ask('GET', `/api/results/${task.task_execution_id}`)).json.file_id).toBe(file_id);
	}
	expect(await ask({task_id: 'no-such'})).toMatchObject({status: 400, json: {code: 'UNKNOWN_TASK'}});
	expect(await ask({file_id: 'f_none'})).toMatchObject({status: 404, json: {code: 'NOT_FOUND'}});
	expect(await ask({colour: 'red'})).toMatchObject({status: 400, json: {code: 'INVALID'}});
});

test('a task that cannot be done says why, and is tried again when asked', async () => {
	const server = await startTestServer({isOpen: true});
	const file = await server.upload(null, 'a.csv', 'x\n1\n');
	const id = await server.run(null, file, ['transactions']);
	const failed = await server.untilTask(null, id, 'FAILED');
	expect(failed.error).toMatchObject({code: expect.stringMatching(/^[A-Z_]+$/), message: expect.any(String)});
	const none = await server.ask('GET', `/api/results/${id}`);
	expect(none).toMatchObject({status: 409, json: {code: 'NOT_COMPLETED', status: 'FAILED', error: failed.error}});
	expect((await server.ask('POST', `/api/run/${id}/retry`)).status).toBe(202);
	expect((await server.untilTask(null, id, 'FAILED')).attempts).toBe(2);
	const good = await server.run(null, await server.upload(null, 'b.csv', GOOD_FILE));
	await server.untilTask(null, good, 'COMPLETED');
	expect(await server.ask('POST', `/api/run/${good}/retry`)).toMatchObject({status: 409, json: {code: 'NOT_ENDED'}});
});

test('a task is cancelled while it waits and while it is worked on', async () => {
	const server = await startTestServer({isOpen: true, maxConcurrentTasks: 1});
	const endless = await server.run(null, await server.upload(null, 'endless.csv.gz', ENDLESS_FILE));
	await server.untilTask(null, endless, 'PROCESSING');
	const waiting = await server.run(null, await server.upload(null, 'a.csv', GOOD_FILE));
	const last = await server.run(null, await server.upload(null, 'b.csv', GOOD_FILE));
	expect((await server.ask('GET', `/api/run/${last}`)).json).toMatchObject({status: 'QUEUED', position: 2});
	for (const id of [waiting, endless])
		expect(await server.ask('DELETE', `/api/run/${id}`)).toMatchObject({status: 200, json: {status: 'CANCELLED'}});
	await server.untilTask(null, last, 'COMPLETED');
	// Once more changes nothing.
	expect((await server.ask('DELETE', `/api/run/${last}`)).json.status).toBe('COMPLETED');
	expect((await server.ask('GET', '/api/run/status')).json).toEqual({
		...{active_tasks: 0, message: 'Currently processing 0 task(s)', queued_tasks: 0, max_concurrent_tasks: 1},
	});
});

test.each([
	['a small file', GOOD_FILE],
	['one of its own', gzipSync(GOOD_FILE)],
])('%s does not wait for a long task that has the only thread', async (_, content) => {
	const server = await startTestServer({isOpen: true, threads: 1, maxConcurrentTasks: 2});
	const endless = await server.run(null, await server.upload(null, 'endless.csv.gz', ENDLESS_FILE));
	await server.untilTask(null, endless, 'PROCESSING');
	const short = await server.run(null, await server.upload(null, 'short.csv', content));
	await server.untilTask(null, short, 'COMPLETED');
	expect(await server.ask('DELETE', `/api/run/${endless}`)).toMatchObject({json: {status: 'CANCELLED'}});
});

test('who prefers to wait is answered when the task has ended, or after that time', async () => {
	const server = await startTestServer({isOpen: true, maxConcurrentTasks: 1});
	const ask = (file_id: string, prefer: string) =>
		server.ask('POST', '/api/run', {headers: {prefer}, json: {file_id, analyses: ['transactions']}});
	const file = await server.upload(null, 'a.csv', GOOD_FILE);
	const done = await ask(file, 'respond-async, wait=40');
	expect(done).toMatchObject({status: 200, json: {status: 'COMPLETED', rows: 20}});
	expect(done.headers.get('preference-applied')).toBe('wait=40');
	const endless = await ask(await server.upload(null, 'endless.csv.gz', ENDLESS_FILE), 'wait=0');
	expect(endless.status).toBe(202);
	await server.untilTask(null, endless.json.task_execution_id, 'PROCESSING');
	const waiting = ask(file, 'wait=50');
	const listed = async (query: string) => {
		const {json} = await server.ask('GET', `/api/run${query}`);
		return json.tasks.map((task: {task_execution_id: string}) => task.task_execution_id);
	};
	await vi.waitFor(async () => expect(await listed('?status=QUEUED')).toHaveLength(1), PATIENT);
	expect(await listed('?status=PROCESSING')).toEqual([endless.json.task_execution_id]);
	const [newest, ...others] = await listed('');
	expect(await listed('?limit=1')).toEqual([newest]);
	const {headers} = await server.ask('GET', '/api/run?limit=1');
	const next = /^<\/api\/run(\?[^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
	expect(await listed(String(next).replace('limit=1', 'limit=10'))).toEqual(others);
	await server.ask('DELETE', `/api/run/${endless.json.task_execution_id}`);
	expect(await waiting).toMatchObject({status: 200, json: {status: 'COMPLETED', task_execution_id: newest}});
	expect((await server.ask('GET', '/api/run?status=odd')).status).toBe(400);
});

test('it is said which tasks there are, and how much may be asked for', async () => {
	const server = await startTestServer({isOpen: true});
	const {tasks} = (await server.ask('GET', '/api/v1/tasks')).json;
	expect(tasks).toContainEqual(
		expect.objectContaining({task_id: 'profile', aliases: ['eda_statistical_summary'], columns: []}),
	);
	expect(tasks.find(({task_id}: {task_id: string}) => task_id === 'transactions').columns).toContainEqual({
		...{name: 'amount', type: 'number', optional: false},
	});
	expect((await server.ask('GET', '/api/v1/limits')).json).toMatchObject({
		...{max_upload_bytes: 64 * 1024 * 1024, max_concurrent_tasks: 2, max_queued: 100, dataset_ttl_seconds: null},
	});
});

test('what asks for the same twice by one key has one task, also at once; another body is refused', async () => {
	// Nothing is worked on.
	const server = await startTestServer({isOpen: true, maxConcurrentTasks: 0});
	const file_id = await server.upload(null, 'a.csv', GOOD_FILE);
	const ask = (key: string, json: object = {}) =>
		server.ask('POST', '/api/run', {headers: {'idempotency-key': key}, json: {file_id, task_id: 'quality', ...json}});
	const [key, other] = [randomUUID(), randomUUID()];
	const first = await ask(`"${key}"`);
	const again = await ask(key);
	expect([first.status, again.status]).toEqual([202, 202]);
	expect(again.json.task_execution_id).toBe(first.json.task_execution_id);
	expect(again.headers.get('idempotency-replayed')).toBe('true');
	expect(again.headers.get('location')).toBe(first.headers.get('location'));
	expect(await ask(key, {task_id: 'profile'})).toMatchObject({status: 422, json: {code: 'KEY_REUSED'}});
	const together = await Promise.all(Array.from({length: 8}, () => ask(other)));
	expect(new Set(together.map(({status}) => status))).toEqual(new Set([202]));
	expect(new Set(together.map(({json}) => json.task_execution_id)).size).toBe(1);
	expect((await server.ask('GET', '/api/run')).json.tasks).toHaveLength(2);
	for (const bad of ['', '""', 'x'.repeat(256)]) expect((await ask(bad)).status, bad).toBe(400);
	// Its place is that of now: one in front of it is gone.
	const place = async () => (await ask(other)).json.position;
	expect(await place()).toBe(2);
	await server.ask('DELETE', `/api/run/${first.json.task_execution_id}`);
	expect(await place()).toBe(1);
	// It is remembered by the next process.
	await server.restart();
	expect((await ask(key)).json.task_execution_id).toBe(first.json.task_execution_id);
});

const refusal = (cap: string) => ({
	status: 429,
	json: {
		code: 'TOO_MANY_TASKS',
		detail: 'Too many concurrent tasks. Please try again later.',
		'violated-policies': [cap],
		retry_after_seconds: 5,
	},
});

async function askOften(server: TestServer, token: string, count: number) {
	const file_id = await server.upload(token, 'a.csv', GOOD_FILE);
	const replies = [];
	for (let number = 0; number < count; number++)
		replies.push(await server.ask('POST', '/api/run', {token, json: {file_id, task_id: 'quality'}}));
	return replies;
}

test('of those who ask at the same moment no more are let in than may wait', async () => {
	const server = await startTestServer({maxConcurrentTasks: 0, maxQueued: 5, maxQueuedPerUser: 3});
	const [ann, ben] = [server.seat('ann').token, server.seat('ben').token];
	const file_id = await server.upload(ann, 'a.csv', GOOD_FILE);
	const ofBen = await server.upload(ben, 'b.csv', GOOD_FILE);
	const ask = (token: string, file: string) => server.ask('POST', '/api/run', {token, json: {file_id: file}});
	const replies = await Promise.all(Array.from({length: 10}, () => [ask(ann, file_id), ask(ben, ofBen)]).flat());
	expect(replies.filter(({status}) => status === 202)).toHaveLength(5);
	expect(replies.filter(({status}) => status === 429)).toHaveLength(15);
	for (const token of [ann, ben])
		expect((await server.ask('GET', '/api/run', {token})).json.tasks.length).toBeLessThanOrEqual(3);
	// Nor do those who retry together.
	const [first] = (await server.ask('GET', '/api/run', {token: ann})).json.tasks;
	const id = first.task_execution_id;
	await server.ask('DELETE', `/api/run/${id}`, {token: ann});
	const again = await Promise.all([ask(ben, ofBen), server.ask('POST', `/api/run/${id}/retry`, {token: ann})]);
	expect(again.map(({status}) => status).filter(status => status === 202).length).toBeLessThanOrEqual(1);
	expect((await server.ask('GET', '/api/run/status')).json.queued_tasks).toBeLessThanOrEqual(5);
});

test('as many wait as may, of each user and together; beyond that it is said which and how many', async () => {
	const server = await startTestServer({maxConcurrentTasks: 0, maxQueued: 3, maxQueuedPerUser: 2});
	const [ann, ben] = [await server.account('ann'), await server.account('ben')];
	const ofAnn = await askOften(server, ann, 3);
	expect(ofAnn.map(({status}) => status)).toEqual([202, 202, 429]);
	expect(ofAnn[2]).toMatchObject(refusal('queued-tasks-per-user'));
	expect(ofAnn[2]?.headers.get('retry-after')).toBe('5');
	const ofBen = await askOften(server, ben, 2);
	expect(ofBen.map(({status}) => status)).toEqual([202, 429]);
	expect(ofBen[1]).toMatchObject(refusal('queued-tasks'));
	expect(ofBen[1]?.json).toMatchObject({active_tasks: 0, max_concurrent_tasks: 0, queued_tasks: 3, max_queued: 3});
	const id = ofBen[0]?.json.task_execution_id;
	await server.ask('DELETE', `/api/run/${id}`, {token: ben});
	expect((await server.ask('POST', `/api/run/${id}/retry`, {token: ben})).status).toBe(202);
});

test('with nothing that may wait, a task that would have to is refused at once', async () => {
	const server = await startTestServer({isOpen: true, maxConcurrentTasks: 1, onFull: 'reject'});
	const endless = await server.run(null, await server.upload(null, 'endless.csv.gz', ENDLESS_FILE));
	const file_id = await server.upload(null, 'a.csv', GOOD_FILE);
	const ask = () => server.ask('POST', '/api/run', {json: {file_id, task_id: 'quality'}});
	expect(await ask()).toMatchObject(refusal('tasks'));
	await server.ask('DELETE', `/api/run/${endless}`);
	expect((await ask()).status).toBe(202);
});

test('tasks that wait, and those that were worked on, go on in the next process', async () => {
	const server = await startTestServer({isOpen: true, maxConcurrentTasks: 1, threads: 2});
	const endless = await server.run(null, await server.upload(null, 'endless.csv.gz', ENDLESS_FILE));
	const good = await server.run(null, await server.upload(null, 'a.csv', GOOD_FILE));
	await server.untilTask(null, endless, 'PROCESSING');
	await server.restart({maxConcurrentTasks: 2});
	await server.untilTask(null, good, 'COMPLETED');
	const again = await server.untilTask(null, endless, 'PROCESSING');
	expect(again.attempts).toBe(2);
	expect((await server.ask('DELETE', `/api/run/${endless}`)).json.status).toBe('CANCELLED');
});

test('a task that is held lets others have its turn, and goes on when somebody lets it, also after a restart', async () => {
	const server = await startTestServer({isOpen: true, maxConcurrentTasks: 1});
	const long = await server.run(null, await server.upload(null, 'long.csv.gz', ENDLESS_FILE));
	const short = await server.run(null, await server.upload(null, 'short.csv', GOOD_FILE));
	await server.untilTask(null, long, 'PROCESSING');
	const ask = async (path: string) => (await server.ask('POST', `/api/v1/runs/${path}`)).json;
	expect(await ask(`${long}/pause`)).toMatchObject({status: 'QUEUED', is_paused: true, position: null});
	expect(await ask(`${long}/pause`)).toMatchObject({status: 'QUEUED', is_paused: true});
	await server.untilTask(null, short, 'COMPLETED');
	expect((await server.ask('GET', '/api/run/status')).json).toMatchObject({active_tasks: 0, queued_tasks: 0});
	const held = (await server.ask('GET', '/files?q=status:paused')).json.files;
	expect(held).toMatchObject([{task_execution_id: long}]);
	await server.restart();
	expect((await server.ask('GET', `/api/run/${long}`)).json).toMatchObject({status: 'QUEUED', is_paused: true});
	expect(await ask(`${long}/resume`)).toMatchObject({is_paused: false});
	await server.untilTask(null, long, 'PROCESSING');
	// Held and cancelled at the same time it is cancelled in the end.
	await Promise.all([ask(`${long}/pause`), ask(`${long}/cancel`)]);
	expect(await server.untilTask(null, long, 'CANCELLED')).toMatchObject({is_paused: false});
	for (const word of ['pause', 'resume'])
		expect(await ask(`${long}/${word}`)).toMatchObject({status: 409, code: 'ENDED'});
});

test('the history has what has ended, by terms and page by page, also of files that are gone', async () => {
	const server = await startTestServer();
	const [ann, ben] = [server.seat('ann').token, server.seat('ben').token];
	const file = await server.upload(ann, 'a.csv', GOOD_FILE);
	const good = await server.run(ann, file);
	const bad = await server.run(ann, await server.upload(ann, 'b.csv', 'x\n'));
	await server.untilTask(ann, good, 'COMPLETED');
	await server.untilTask(ann, bad, 'FAILED');
	await server.ask('DELETE', `/api/v1/files/${file}`, {token: ann});
	const ids = async (query: string, token = ann) => {
		const {json} = await server.ask('GET', `/api/v1/history${query}`, {token});
		const tasks = json.tasks as readonly {readonly task_execution_id: string}[];
		return {ids: tasks.map(({task_execution_id: id}) => id), next: json.next_cursor as string | null};
	};
	expect((await ids('')).ids).toEqual([bad, good]);
	expect((await ids('?q=status:failed')).ids).toEqual([bad]);
	expect((await ids('?q=a.csv rows>10')).ids).toEqual([good]);
	const {next} = await ids('?limit=1');
	expect(await ids(`?limit=1&cursor=${next}`)).toEqual({ids: [good], next: null});
	expect((await ids('', ben)).ids).toEqual([]);
	expect((await server.ask('GET', '/api/v1/history?q=colour:red', {token: ann})).status).toBe(400);
});
