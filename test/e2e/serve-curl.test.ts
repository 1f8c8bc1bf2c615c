// The lines of curl that the systems before were used by, byte for byte but for the port, and every row of the API beside them: against the built server, by a
// token of a program and without accounts.
import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {expect, test, vi} from 'vitest';
import {STEP_MS, totpOf} from '../../source/server/totp.ts';
import {fromBase32} from '../helpers/base32.ts';
import {transactions} from '../helpers/command.ts';
import {PATIENT} from '../helpers/patient.ts';
import {curl, type ServingProcess, serve} from '../helpers/serving-process.ts';
import {createTemporaryFolder, type TemporaryFolder} from '../helpers/temporary-folder.ts';

const DOORS = ['--open', 'bearer'] as const;

/** Of a server of each kind. */
interface Door {
	readonly server: ServingProcess;
	readonly folder: TemporaryFolder;
	/** What a line has more, where there are accounts. */
	readonly auth: string;
	/** The same of somebody who has logged in. */
	readonly login: string;
}

async function openDoor(name: (typeof DOORS)[number]): Promise<Door> {
	const folder = createTemporaryFolder();
	folder.write('your_file.txt', transactions(40));
	folder.write('dataset1.csv', transactions(60));
	const flags = ['--watch', folder.at('inbox'), '--max-concurrent-tasks', '3'];
	const server = await serve(folder, ...flags, ...(name === '--open' ? ['--open'] : []));
	const {login, program} = name === '--open' ? {login: '', program: ''} : await programOf(server);
	return {server, folder, auth: program, login};
}

const send = (value: object): readonly string[] => [
	'-H',
	'Content-Type: application/json',
	'-d',
	JSON.stringify(value),
];

/** What a person who has logged in sends, who has a second factor, and what a program of theirs does. */
async function programOf({url, said}: ServingProcess): Promise<{readonly login: string; readonly program: string}> {
	// It is said behind the address.
	const invitation = await vi.waitFor(() => {
		const [, found] = /"invitation": "([^"]+)"/.exec(said()) ?? [];
		expect(found).toBeDefined();
		return found;
	}, PATIENT);
	const account = {name: 'ann', password: 'correct horse 7 battery'};
	const api = `${url}/api/v1`;
	await curl(...send({...account, invitation}), `${api}/auth/register`);
	const {token} = JSON.parse(await curl(...send(account), `${api}/auth/login`));
	const auth = ['-H', `Authorization: Bearer ${token}`];
	const {secret} = JSON.parse(await curl(...auth, ...send({password: account.password}), `${api}/auth/second-factor`));
	const code = totpOf(fromBase32(secret), Math.floor(Date.now() / STEP_MS));
	await curl(...auth, ...send({code}), `${api}/auth/second-factor/confirm`);
	const made = await curl(...auth, ...send({name: 'lines', scopes: ['upload', 'run', 'read']}), `${api}/tokens`);
	return {login: bearer(token), program: bearer(JSON.parse(made).token)};
}

const bearer = (token: string): string => `-H "Authorization: Bearer ${token}"`;

/** A line as people type it, in a shell. @returns What was answered, and its status. */
async function type(
	{server, folder, auth}: Door,
	line: string,
): Promise<{readonly status: number; readonly text: string}> {
	const typed = line
		.replaceAll('http://localhost:8000', server.url)
		.replace(/^curl /, `curl -sS -w '\n%{http_code}' --max-time 60 ${auth} `);
	const {stdout} = await promisify(execFile)('sh', ['-c', typed], {cwd: folder.path});
	const end = stdout.lastIndexOf('\n');
	return {status: Number(stdout.slice(end + 1)), text: stdout.slice(0, end)};
}

// biome-ignore lint/suspicious/noExplicitAny: a test looks at what was answered, whatever that is.
async function answerOf(door: Door, line: string, status = 200): Promise<any> {
	const answer = await type(door, line);
	expect(answer.status, `${line}: ${answer.text}`).toBe(status);
	return JSON.parse(answer.text);
}

/** Keys of the systems before come first, in their order. */
const startsWith = (found: object, ...keys: readonly string[]): void =>
	expect(Object.keys(found).slice(0, keys.length)).toEqual(keys);

async function typeLinesOfBefore(door: Door): Promise<void> {
	const sent = await answerOf(
		door,
		'curl -X POST http://localhost:8000/upload -H "Content-Type: multipart/form-data" -F "file=@your_file.txt"',
		201,
	);
	expect(sent.files).toMatchObject([{name: 'your_file.txt', status: 'STORED'}]);
	const health = await answerOf(door, 'curl -X GET http://localhost:8000/health');
	startsWith(health, 'status', 'system', 'capabilities');
	startsWith(health.system, 'storage', 'streaming', 'execution');
	startsWith(health.system.storage, 'datasets_count', 'results_count', 'total_items');
	startsWith(health.system.streaming, 'active_streams', 'completed_streams', 'cached_events_count');
	startsWith(health.system.execution, 'active_tasks');
	startsWith(health.capabilities, 'concurrent_users', 'concurrent_tasks', 'thread_safe');
	expect(health).toMatchObject({
		...{status: 'healthy', capabilities: {concurrent_tasks: 3, thread_safe: true, resumable_uploads: 'tus-1.0.0'}},
	});
	expect(Object.keys(health.checks)).toEqual(['database', 'disk', 'workers', 'queue', 'inbox', 'clock']);
	const stats = await answerOf(door, 'curl -X GET http://localhost:8000/stats');
	startsWith(
		stats,
		'since',
		'files',
		'success_rate',
		'processing_time_seconds',
		'throughput',
		'rows',
		'system',
		'storage',
	);
	expect((await answerOf(door, 'curl -X GET http://localhost:8000/files')).files).toHaveLength(1);

	const upload = await answerOf(door, 'curl -X POST http://localhost:8000/api/upload -F "file=@dataset1.csv"', 201);
	const [{file_id: id}] = upload.files;
	const run = await answerOf(
		door,
		`curl -X POST http://localhost:8000/api/run -H "Content-Type: application/json" -d '{"file_id": "${id}", "task_id": "eda_statistical_summary"}'`,
		202,
	);
	startsWith(run, 'task_execution_id');
	expect(run).toMatchObject({file_id: id, task_id: 'eda_statistical_summary', analyses: ['profile']});
	const status = await answerOf(door, 'curl http://localhost:8000/api/run/status');
	startsWith(status, 'active_tasks', 'message', 'queued_tasks', 'max_concurrent_tasks');
	expect(status.message).toBe(`Currently processing ${status.active_tasks} task(s)`);
	await answerOf(
		door,
		`curl -X POST http://localhost:8000/api/run -H "Content-Type: application/json" -d '{"file_id": "${id}", "task_id": "eda_data_quality"}'`,
		202,
	);
	await vi.waitFor(
		async () => {
			const {tasks} = await answerOf(door, 'curl http://localhost:8000/api/run');
			expect(tasks.map((task: {status: string}) => task.status)).toEqual(['COMPLETED', 'COMPLETED']);
		},
		{...PATIENT, interval: 100},
	);
	// A stream of one task tells late comers all of it.
	const events = await type(
		door,
		`curl -N -m 1 "http://localhost:8000/api/run/${run.task_execution_id}/events?after=0" || true`,
	);
	expect(events.text).toMatch(/"type":"run-started"[\s\S]*"type":"file-completed"[\s\S]*"type":"run-completed"/);
}

async function typeEachRow(door: Door, name: string): Promise<void> {
	const {server} = door;
	const H = 'http://localhost:8000';
	const sent = await answerOf(door, `curl -F file=@dataset1.csv "${H}/upload?task_id=transactions"`, 202);
	const [{file_id: file, task_execution_id: task}] = sent.files;
	const waited = await answerOf(
		door,
		`curl -X POST ${H}/api/v1/runs -H "Prefer: wait=30" -H 'Idempotency-Key: "k1"' -H "Content-Type: application/json" -d '{"file_id":"${file}","analyses":["lines"]}'`,
	);
	expect(waited.status).toBe('COMPLETED');
	await vi.waitFor(
		async () => expect((await answerOf(door, `curl ${H}/api/v1/runs/${task}`)).status).toBe('COMPLETED'),
		{...PATIENT, interval: 100},
	);
	const [shown] = (await answerOf(door, `curl "${H}/files?q=dataset1&limit=1"`)).files;
	expect(Object.keys(shown)).toEqual(
		expect.arrayContaining(
			'file_id name size sha256 source owner route tag status attempts received_at started_at completed_at expires_at processing_time rows rejected_rows error links'.split(
				' ',
			),
		),
	);
	const OK: readonly string[] = [
		...['/livez', '/readyz', '/healthz', '/livez?verbose', '/health', '/stats', '/files', '/api/v1/run/status'],
		...['/api/v1/runs', `/api/v1/runs/${task}`, '/api/v1/usage', '/api/v1/history', '/api/v1/tasks', '/api/v1/limits'],
		...[`/api/v1/files/${file}`, `/api/v1/files/${file}/result`, `/api/v1/files/${file}/result.json`],
		...[`/api/v1/files/${file}/result.csv`, `/api/v1/files/${file}/original`, `/api/v1/files/${file}/preview`],
		...[
			'/api/v1/mappings',
			'/api/v1/droplinks',
			'/api/v1/webhooks',
			'/openapi.json',
			'/docs',
			'/docs/problems/not-found',
		],
		...['/api/v1/results', `/api/v1/results/${task}`, `/api/v1/results/${task}.csv`, `/api/v1/results/${task}/tables`],
		...[`/api/v1/results/${task}.parquet`, '/api/v1/bulk', '/.well-known/api-catalog'],
	];
	const found: Record<string, number> = {};
	for (const path of OK) found[path] = (await type(door, `curl -o /dev/null "${H}${path}"`)).status;
	expect(found).toEqual(Object.fromEntries(OK.map(path => [path, 200])));
	// Without a body.
	for (const path of ['/health', '/livez', '/readyz'])
		expect((await type(door, `curl -I -o /dev/null ${H}${path}`)).status).toBe(200);
	// Nothing was rejected, so there are none.
	expect((await type(door, `curl ${H}/api/v1/files/${file}/rejects.csv`)).status).toBe(404);

	// An upload in pieces, by hand.
	const tus = '-H "Tus-Resumable: 1.0.0"';
	const begun = await type(
		door,
		`curl -D - -X POST ${tus} -H "Upload-Length: 6" -H "Upload-Metadata: filename YS5jc3Y=" ${H}/api/v1/uploads`,
	);
	expect(begun.status).toBe(201);
	const path = /location: (\S+)/i.exec(begun.text)?.[1] ?? '';
	const type1 = '-H "Content-Type: application/offset+octet-stream"';
	expect((await type(door, `curl -X PATCH ${tus} ${type1} -H "Upload-Offset: 0" -d abc ${H}${path}`)).status).toBe(204);
	expect((await type(door, `curl -I ${tus} ${H}${path}`)).text).toMatch(/upload-offset: 3\r/i);
	expect((await type(door, `curl -X DELETE ${tus} ${H}${path}`)).status).toBe(204);

	const mapping = `-H "Content-Type: application/json" -d '{"map":{"amount":"Betrag"},"headings":["Betrag"]}'`;
	expect((await type(door, `curl -X PUT ${mapping} ${H}/api/v1/mappings/m`)).status).toBe(201);
	const bulk = `-H "Content-Type: application/json" -d '{"action":"retry","q":"status:failed","expected_count":0}'`;
	const begunBulk = await answerOf(door, `curl -X POST ${bulk} ${H}/api/v1/bulk`, 202);
	await answerOf(door, `curl ${H}/api/v1/bulk/${begunBulk.bulk_id ?? begunBulk.id}`);
	expect((await type(door, `curl -X PUT --data-binary @dataset1.csv ${H}/api/v1/files/dataset2.csv`)).status).toBe(201);
	expect((await type(door, `curl -F file=@dataset1.csv "${H}/upload?to=inbox"`)).status).toBe(201);
	for (const word of ['cancel', 'pause', 'resume', 'retry'])
		expect((await type(door, `curl -X POST ${H}/api/v1/runs/${task}/${word}`)).status, word).toBe(
			word === 'cancel' ? 200 : 409,
		);
	expect((await type(door, `curl -X DELETE ${H}/api/v1/files/${file}`)).status).toBe(204);
	expect((await type(door, `curl -X TRACE ${H}/health`)).status).toBe(405);
	const socket = await type(door, `curl -i ${H}/api/v1/ws`);
	expect(socket.status).toBe(426);
	// Who brings no token is nobody.
	const nobody = await type({...door, auth: ''}, `curl ${H}/files`);
	expect(nobody.status).toBe(name === '--open' ? 200 : 401);
	expect(server.said()).not.toMatch(/INTERNAL|went wrong/);
}

test.each(
	DOORS,
)('the lines of the systems before work as they are, and each row of the API answers to curl (%s)', async name => {
	const door = await openDoor(name);
	await typeLinesOfBefore(door);
	// Some of it is for people alone.
	await typeEachRow({...door, auth: door.login}, name);
	door.server.kill('SIGTERM');
	expect((await door.server.ended).code).toBe(143);
});

test('too many tasks are refused in the words of the systems before', async () => {
	const folder = createTemporaryFolder();
	folder.write('dataset1.csv', transactions(60));
	const server = await serve(folder, '--open', '--max-concurrent-tasks', '1', '--on-full', 'reject');
	const door = {server, folder, auth: '', login: ''};
	const {files} = await answerOf(door, 'curl -F "file=@dataset1.csv" http://localhost:8000/api/upload', 201);
	const line = `curl -D head -X POST http://localhost:8000/api/run -H "Content-Type: application/json" -d '{"file_id": "${files[0].file_id}"}'`;
	const both = await Promise.all([1, 2, 3, 4, 5, 6].map(() => type(door, line.replace('-D head', ''))));
	const refused = both.find(({status}) => status === 429);
	expect(both.map(({status}) => status)).toContain(202);
	expect(JSON.parse(refused?.text ?? '{}')).toMatchObject({
		...{status: 429, detail: 'Too many concurrent tasks. Please try again later.', code: 'TOO_MANY_TASKS'},
		...{max_concurrent_tasks: 1, 'violated-policies': ['tasks']},
	});
	server.kill('SIGTERM');
	await server.ended;
});
