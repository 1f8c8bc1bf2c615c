// A task that is only tried: what is said of it is what the same request would start, and nothing is.
import {expect, test} from 'vitest';
import {
	ENDLESS_FILE,
	GOOD_FILE,
	type Question,
	type Reply,
	startTestServer,
	type TestServer,
} from '../helpers/server.ts';

const PLANNED = ['file_id', 'file', 'bytes', 'task_id', 'analyses', 'options', 'mapping'] as const;

/** Asked for without and with effect. */
async function bothOf(server: TestServer, path: string, question: Question): Promise<readonly [Reply, Reply]> {
	const count = async () => (await server.ask('GET', '/api/v1/runs?limit=100')).json.tasks?.length;
	const before = await count();
	const dry = await server.ask('POST', `${path}?dry_run=true`, question);
	expect(await count()).toBe(before);
	return [dry, await server.ask('POST', path, question)];
}

test('a dry run says what the same request starts, or is refused as it is, and starts nothing', async () => {
	const server = await startTestServer({isOpen: true, maxConcurrentTasks: 20});
	const headings = ['Wert 7', 'Stichtag', 'Wer', 'Wofür'];
	const map = {amount: 'Wert 7', date: 'Stichtag', customer_id: 'Wer', category: 'Wofür'};
	await server.ask('PUT', '/api/v1/mappings/Berlin', {json: {map, headings}});
	const plain = await server.upload(null, 'a.csv', GOOD_FILE);
	const mapped = await server.upload(null, 'b.csv', `${headings.join(',')}\n1.50,2024-01-01,k1,food\n`);
	const asked: readonly object[] = [
		...[{file_id: plain}, {file_id: plain, task_id: 'eda_data_quality'}, {file_id: mapped, analyses: ['transactions']}],
		{file_id: mapped, analyses: ['transactions'], mapping: 'none'},
		{file_id: mapped, analyses: ['transactions'], mapping: 'Berlin'},
		{file_id: plain, analyses: ['profile', 'quality'], options: {delimiter: ','}},
		...[{file_id: 'f_none'}, {file_id: plain, task_id: 'nope'}, {file_id: plain, options: {nope: 1}}],
		...[
			{file_id: plain, mapping: 'nope'},
			{file_id: plain, colour: 'red'},
		],
	];
	const codes = new Set<string>();
	for (const [index, json] of asked.entries()) {
		const path = index % 2 === 0 ? '/api/run' : '/api/v1/runs';
		// Which mapping the server has chosen is known when it has read the file.
		const headers = 'file_id' in json && json.file_id === mapped ? {prefer: 'wait=60'} : {};
		const [dry, real] = await bothOf(server, path, {json, headers});
		if (real.status >= 400) {
			expect([dry.status, dry.json.code, dry.json.detail]).toEqual([real.status, real.json.code, real.json.detail]);
			codes.add(real.json.code);
		} else {
			const planned = Object.fromEntries(PLANNED.map(name => [name, real.json[name]]));
			expect(dry.json).toEqual({...planned, dry_run: true, position: null, task_execution_id: null});
			expect([dry.status, dry.headers.get('location')]).toEqual([200, null]);
		}
	}
	expect(codes).toEqual(new Set(['NOT_FOUND', 'UNKNOWN_TASK', 'UNKNOWN_OPTION', 'UNKNOWN_MAPPING', 'INVALID']));
});

test('it says the place among those that wait, the limit that refuses it, and the task that a key has started already', async () => {
	const server = await startTestServer({isOpen: true, maxConcurrentTasks: 1, maxQueued: 2});
	const endless = await server.upload(null, 'endless.csv.gz', ENDLESS_FILE);
	const long = await server.run(null, endless);
	await server.untilTask(null, long, 'PROCESSING');
	const json = {file_id: await server.upload(null, 'a.csv', GOOD_FILE)};
	for (const [key, position] of [
		['one', 1],
		['two', 2],
	] as const) {
		const headers = {'idempotency-key': key};
		const [dry, real] = await bothOf(server, '/api/run', {json, headers});
		expect(dry.json).toMatchObject({position, task_execution_id: null});
		expect(real.json).toMatchObject({status: 'QUEUED', position});
		const id = real.json.task_execution_id;
		expect((await server.ask('GET', `/api/run/${id}`)).json.position).toBe(position);
		// Also where there is no room: the same request is answered by what it has started.
		const [again] = await bothOf(server, '/api/run', {json, headers});
		expect(again.json).toMatchObject({...json, position: null, task_execution_id: id});
	}
	const [dry, real] = await bothOf(server, '/api/run', {json});
	for (const reply of [dry, real]) expect(reply).toMatchObject({status: 429, json: {code: 'TOO_MANY_TASKS'}});
	const other = await server.ask('POST', '/api/run?dry_run=true', {
		...{json: {...json, task_id: 'quality'}, headers: {'idempotency-key': 'one'}},
	});
	expect(other).toMatchObject({status: 422, json: {code: 'KEY_REUSED'}});
});

test('a file that is still to be sent in has no id, which only a dry run leaves out', async () => {
	const server = await startTestServer({isOpen: true});
	const [dry, real] = await bothOf(server, '/api/run', {json: {task_id: 'quality'}});
	expect(dry.json).toEqual({
		...{dry_run: true, file_id: null, file: null, bytes: null, task_id: 'quality', analyses: ['quality']},
		...{options: {}, mapping: null, position: null, task_execution_id: null},
	});
	expect(real).toMatchObject({status: 400, json: {code: 'INVALID', detail: expect.stringContaining('file_id')}});
	const wrong = await server.ask('POST', '/api/run?dry_run=true', {json: {task_id: 'nope'}});
	expect(wrong).toMatchObject({status: 400, json: {code: 'UNKNOWN_TASK'}});
});

test('a file that waits for its scanner is not read for its mapping, and nobody tries what they may not start', async () => {
	const server = await startTestServer({
		...{scan: {scanner: {command: ['/no/such/program']}, onOutage: 'hold'}, onFault() {}},
	});
	const {token} = server.seat('owner');
	const file_id = await server.upload(token, 'a.csv', GOOD_FILE);
	const question = {json: {file_id}};
	expect((await server.ask('POST', '/api/run?dry_run=true', {...question, token})).json).toMatchObject({
		...{mapping: null, position: 1},
	});
	for (const role of ['user', 'viewer', 'uploader'] as const) {
		const theirs = {...question, token: server.seat(role, role).token};
		const dry = await server.ask('POST', '/api/run?dry_run=true', theirs);
		expect(dry.status).toBe(role === 'user' ? 404 : 403);
		expect((await server.ask('POST', '/api/run', theirs)).status).toBe(dry.status);
	}
});
