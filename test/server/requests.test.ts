// What requests are called, and what is written of them and of tasks.
import {expect, test, vi} from 'vitest';
import {CommitError} from '../../source/ledger/start-commit-thread.ts';
import type {LogFields, LogLevel} from '../../source/report/log.ts';
import {createApp} from '../../source/server/app.ts';
import type {ServerContext} from '../../source/server/context.ts';
import {PATIENT} from '../helpers/patient.ts';
import {GOOD_FILE, PASSWORD, startTestServer} from '../helpers/server.ts';

interface Line {
	readonly level: LogLevel;
	readonly message: string;
	readonly fields: LogFields;
}

function collectLines() {
	const lines: Line[] = [];
	const log = (level: LogLevel, message: string, fields: LogFields = {}) => void lines.push({level, message, fields});
	/** Resolves with the lines of this kind when there are so many. */
	const until = (message: string, count: number): Promise<readonly Line[]> =>
		vi.waitFor(() => {
			const found = lines.filter(line => line.message === message);
			expect(found.length).toBeGreaterThanOrEqual(count);
			return found;
		}, PATIENT);
	return {lines, log, until};
}

test('a request keeps a sane name that a trusted proxy has given it, gets one else, and its refusal has it, too', async () => {
	const [server, alone] = [
		await startTestServer({isOpen: true, trustProxy: ['127.0.0.0/8']}),
		await startTestServer({isOpen: true, trustProxy: ['10.0.0.0/8', '::1']}),
	];
	const ask = async (name?: string, asked = server) => {
		const headers = name === undefined ? {} : {'x-request-id': name};
		const {headers: answered, json} = await asked.ask('GET', '/nowhere', {headers});
		expect(json.request_id).toBe(answered.get('x-request-id'));
		return String(json.request_id);
	};
	expect(await ask('proxy-1.2:3')).toBe('proxy-1.2:3');
	const made = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
	for (const name of [undefined, '', 'a b', '{"a":1}', 'x'.repeat(129)]) expect(await ask(name), name).toMatch(made);
	expect(await ask('proxy-1.2:3', alone)).toMatch(made);
	expect(await ask()).not.toBe(await ask());
});

test('each request is a line with the template of its route, and nothing that is secret', async () => {
	const {lines, log, until} = collectLines();
	const server = await startTestServer({log, trustProxy: ['127.0.0.1']});
	const token = await server.account('ann');
	const me = await server.ask('GET', '/api/v1/auth/me?token=oops', {token, headers: {'x-request-id': 'q1'}});
	const file = await server.upload(token, 'salaries.csv', GOOD_FILE);
	await server.ask('GET', `/api/v1/files/${file}`, {token});
	await server.ask('GET', '/somewhere/secret.csv');
	await server.ask('GET', '/livez');
	const stream = await fetch(`${server.url}/api/events`, {headers: {authorization: `Bearer ${token}`}});
	await stream.body?.cancel();
	const requests = await until('request', 8);
	expect(requests.find(({fields}) => fields.id === 'q1')).toEqual({
		...{level: 'info', message: 'request'},
		fields: {
			...{id: 'q1', method: 'GET', route: '/api/v1/auth/me', status: 200, ms: expect.any(Number), user: me.json.id},
			address: '127.0.0.1',
		},
	});
	const shown = requests.map(({level, fields}) => `${level} ${fields.method} ${fields.route} ${fields.status}`);
	expect(shown).toEqual(
		expect.arrayContaining([
			...['info POST /api/v1/auth/login 200', 'info POST /upload 201', 'info GET /api/v1/files/:id 200'],
			...['info GET null 404', 'debug GET /livez 200', 'info GET /api/events 200'],
		]),
	);
	expect(requests.find(({fields}) => fields.route === '/api/events')?.fields).toMatchObject({cut: true});
	const text = JSON.stringify(lines);
	for (const secret of [token, PASSWORD, 'oops', 'salaries', 'secret.csv', file]) expect(text).not.toContain(secret);
});

test('a task is a line when it begins and one when it ends', async () => {
	const {log, until} = collectLines();
	const server = await startTestServer({isOpen: true, log});
	const good = await server.upload(null, 'a.csv', GOOD_FILE);
	const bad = await server.upload(null, 'b.csv', 'a,b\n1,2\n');
	const tasks = [await server.run(null, good), await server.run(null, bad)];
	const started = await until('exec.started', 2);
	expect(started.map(({fields}) => fields.task).sort()).toEqual([...tasks].sort());
	expect(started[0]?.fields).toMatchObject({analyses: ['transactions'], attempt: 1, waited_ms: expect.any(Number)});
	expect(started.map(({fields}) => fields.active)).toSatisfy(
		([first, second]) => first === 1 && (second === 1 || second === 2),
	);
	const ended = await until('exec.removed', 2);
	const endOf = (task: string | undefined) => ended.find(({fields}) => fields.task === task)?.fields;
	expect(endOf(tasks[0])).toEqual({
		...{task: tasks[0], user: 'u_local', file_id: good, analyses: ['transactions'], attempt: 1},
		...{
			status: 'COMPLETED',
			ms: expect.any(Number),
			rows: 20,
			rejected_rows: 0,
			code: null,
			active: expect.any(Number),
		},
	});
	expect(ended.at(-1)?.fields.active).toBe(0);
	expect(endOf(tasks[1])).toMatchObject({status: 'FAILED', rows: null, code: expect.stringMatching(/^[A-Z_]+$/)});
});

test('what goes wrong in the server is reported here, and not to who asked', async () => {
	const faults: {readonly error: unknown; readonly about: LogFields | undefined}[] = [];
	const fault = new Error('the inside of the server');
	const app = await createApp(
		{
			options: {
				trustProxy: ['127.0.0.1'],
				version: '0',
				requestsPerMinute: null,
				taskOptions: {properties: {}},
				isOpen: true,
				log() {},
				onFault: (error: unknown, about?: LogFields) => faults.push({error, about}),
			},
			tasks: {
				get activeCount() {
					throw fault;
				},
			},
			...{uploads: {}, ledger: {shared: null}, metrics: {countRequest() {}, families: () => []}},
		} as unknown as ServerContext,
		null,
	);
	const {statusCode, body} = await app.inject({
		url: '/api/run/status',
		headers: {'x-request-id': 'q1', host: 'localhost'},
	});
	await app.close();
	expect(statusCode).toBe(500);
	expect(body).not.toContain('inside');
	expect(JSON.parse(body)).toMatchObject({code: 'INTERNAL', request_id: 'q1'});
	expect(faults).toEqual([{error: fault, about: {id: 'q1', route: '/api/run/status'}}]);
});

test('a file that cannot be written down is no fault of who sends it', async () => {
	const app = await createApp(
		{
			options: {
				trustProxy: [],
				version: '0',
				requestsPerMinute: null,
				taskOptions: {properties: {}},
				isOpen: true,
				inbox: null,
				log() {},
				onFault() {},
			},
			datasets: {
				room: {assertFits() {}},
				assertOriginal() {},
				async store() {
					throw new CommitError('the disk is full', {isFull: true, isConflict: false});
				},
			},
			...{uploads: {}, ledger: {shared: null}, metrics: {countRequest() {}, families: () => []}},
		} as unknown as ServerContext,
		null,
	);
	const {statusCode, body} = await app.inject({
		...{method: 'POST', url: '/api/upload'},
		headers: {host: 'localhost', 'content-type': 'multipart/form-data; boundary=q'},
		payload: '--q\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\na\r\n--q--\r\n',
	});
	await app.close();
	expect([statusCode, JSON.parse(body).code]).toEqual([507, 'DISK_FULL']);
});
