import {expect, test, vi} from 'vitest';
import {PATIENT} from '../helpers/patient.ts';
import {GOOD_FILE, type Reply, startTestServer, type TestServer} from '../helpers/server.ts';

const BAD_FILE = 'a,b\n1,2\n';

const askAll = (server: TestServer, token: string, json: object, query = ''): Promise<Reply> =>
	server.ask('POST', `/api/v1/bulk${query}`, {token, json});

const untilEnded = (server: TestServer, token: string, id: string): Promise<Reply['json']> =>
	vi.waitFor(async () => {
		const {json} = await server.ask('GET', `/api/v1/bulk/${id}`, {token});
		expect(json.status).toBe('COMPLETED');
		return json;
	}, PATIENT);

const tasksOf = async (server: TestServer, token: string): Promise<readonly Reply['json'][]> =>
	(await server.ask('GET', '/api/run?limit=1000', {token})).json.tasks;

/** Files that cannot be what they are said to be, with a task each that has failed. */
async function failSome(server: TestServer, token: string, count: number): Promise<void> {
	for (let number = 0; number < count; number++) {
		const task = await server.run(token, await server.upload(token, `bad-${number}.csv`, BAD_FILE));
		await server.untilTask(token, task, 'FAILED');
	}
}

test('it is done to all that match, to no other, and to more than may wait at once', async () => {
	const server = await startTestServer({maxQueuedPerUser: 2});
	const [{token: ann}, {token: ben}] = [server.seat('ann'), server.seat('ben')];
	await failSome(server, ann, 7);
	await failSome(server, ben, 1);
	await server.upload(ann, 'good.csv', GOOD_FILE);
	const asked = {action: 'retry', q: 'status:failed', expected_count: 7};
	const dry = await askAll(server, ann, asked, '?dry_run=true');
	expect(dry).toMatchObject({status: 200, json: {dry_run: true, total: 7, applies: 7, skipped: 0}});
	expect(dry.json.sample).toHaveLength(7);
	expect((await tasksOf(server, ann)).map(({attempts}) => attempts)).toEqual(Array(7).fill(1));
	expect((await server.ask('GET', '/api/v1/bulk', {token: ann})).json.bulks).toEqual([]);

	const {status, json, headers} = await askAll(server, ann, asked);
	expect({status, location: headers.get('location')}).toEqual({status: 202, location: `/api/v1/bulk/${json.id}`});
	expect(json).toMatchObject({action: 'retry', status: 'RUNNING', total: 7});
	expect(await untilEnded(server, ann, json.id)).toMatchObject({total: 7, pending: 0, done: 7, skipped: 0, failed: 0});
	await vi.waitFor(
		async () => expect((await tasksOf(server, ann)).map(task => task.status)).toEqual(Array(7).fill('FAILED')),
		PATIENT,
	);
	expect((await tasksOf(server, ann)).map(({attempts}) => attempts)).toEqual(Array(7).fill(2));
	expect((await tasksOf(server, ben)).map(({attempts}) => attempts)).toEqual([1]);
	expect((await server.ask('GET', `/api/v1/bulk/${json.id}`, {token: ben})).status).toBe(404);
});

test('it is refused where a tenth more or fewer match than somebody has seen', async () => {
	const server = await startTestServer({isOpen: true, maxConcurrentTasks: 0});
	for (let number = 0; number < 11; number++) await server.upload(null, `${number}.csv`, GOOD_FILE);
	const ask = (expected_count: number, query = '') =>
		server.ask('POST', `/api/v1/bulk${query}`, {json: {action: 'delete', q: 'csv', expected_count}});
	for (const expected of [0, 9, 13]) {
		for (const query of ['', '?dry_run=true'])
			expect(await ask(expected, query)).toMatchObject({status: 409, json: {code: 'COUNT_CHANGED', count: 11}});
	}
	expect((await server.ask('GET', '/files')).json.files).toHaveLength(11);
	const {json} = await ask(10);
	await vi.waitFor(
		async () =>
			expect((await server.ask('GET', `/api/v1/bulk/${json.id}`)).json).toMatchObject({status: 'COMPLETED', done: 11}),
		PATIENT,
	);
	expect((await server.ask('GET', '/files')).json.files).toEqual([]);
	expect((await ask(0)).status).toBe(202);
});

test('run and cancel; what it does not apply to is skipped with the reason', async () => {
	const server = await startTestServer({isOpen: true, maxConcurrentTasks: 0});
	const files = [];
	for (let number = 0; number < 3; number++) files.push(await server.upload(null, `${number}.csv`, GOOD_FILE));
	const ask = async (json: object) => {
		const {json: made} = await server.ask('POST', '/api/v1/bulk', {json: {q: 'csv', expected_count: 3, ...json}});
		return vi.waitFor(async () => {
			const {json: bulk} = await server.ask('GET', `/api/v1/bulk/${made.id}`);
			expect(bulk.status).toBe('COMPLETED');
			return bulk;
		}, PATIENT);
	};
	expect(await ask({action: 'run', analyses: ['profile']})).toMatchObject({done: 3});
	const {tasks} = (await server.ask('GET', '/api/run')).json;
	expect(tasks.map((task: Reply['json']) => [task.status, task.analyses])).toEqual(
		Array(3).fill(['QUEUED', ['profile']]),
	);
	await server.ask('DELETE', `/api/run/${tasks[0].task_execution_id}`);
	const cancelled = await ask({action: 'cancel'});
	expect(cancelled).toMatchObject({done: 2, skipped: 1});
	expect(cancelled.remarks).toEqual([
		{file_id: files[2], status: 'skipped', reason: expect.stringMatching(/is CANCELLED/)},
	]);
	for (const wrong of [
		{action: 'run', analyses: ['nonsense']},
		{action: 'delete', analyses: ['profile']},
		{action: 'delete', q: 'size>'},
	])
		expect((await server.ask('POST', '/api/v1/bulk', {json: {q: 'csv', expected_count: 3, ...wrong}})).status).toBe(
			400,
		);
});

test('a restart goes on with it, and a cancelled one does not', async () => {
	const server = await startTestServer({maxConcurrentTasks: 0, maxQueuedPerUser: 2});
	const {token} = server.seat('ann');
	for (let number = 0; number < 6; number++) await server.upload(token, `${number}.csv`, GOOD_FILE);
	const ask = async () =>
		(await askAll(server, token, {action: 'run', q: 'csv', expected_count: 6, analyses: ['profile']})).json;
	const stateOf = async (id: string) => (await server.ask('GET', `/api/v1/bulk/${id}`, {token})).json;
	const {id} = await ask();
	await vi.waitFor(
		async () => expect(await stateOf(id)).toMatchObject({status: 'RUNNING', done: 2, pending: 4}),
		PATIENT,
	);
	await server.restart({maxConcurrentTasks: 2});
	await vi.waitFor(async () => expect(await stateOf(id)).toMatchObject({status: 'COMPLETED', done: 6}), PATIENT);
	expect(await tasksOf(server, token)).toHaveLength(6);
	await vi.waitFor(
		async () => expect((await tasksOf(server, token)).every(({status}) => status === 'COMPLETED')).toBe(true),
		PATIENT,
	);

	await server.restart({maxConcurrentTasks: 0, maxQueuedPerUser: 2});
	const {id: second} = await ask();
	await vi.waitFor(async () => expect(await stateOf(second)).toMatchObject({done: 2}), PATIENT);
	expect((await server.ask('DELETE', `/api/v1/bulk/${second}`, {token})).json).toMatchObject({
		status: 'CANCELLED',
		pending: 4,
	});
	await server.restart({maxConcurrentTasks: 2, maxQueuedPerUser: 100});
	expect(await stateOf(second)).toMatchObject({status: 'CANCELLED', done: 2, pending: 4});
	expect(await tasksOf(server, token)).toHaveLength(8);
});

test('a token does by it no more than file by file', async () => {
	const server = await startTestServer();
	const {token} = server.seat('ann');
	await server.upload(token, 'a.csv', GOOD_FILE);
	const made = await server.ask('POST', '/api/v1/tokens', {token, json: {name: 'x', scopes: ['run', 'read']}});
	const ask = (action: string) => askAll(server, made.json.token, {action, q: 'a', expected_count: 1});
	expect(await ask('delete')).toMatchObject({status: 403, json: {code: 'SCOPE_NEEDED'}});
	expect((await ask('run')).status).toBe(202);
});
