// The commands whose files workers read, as people type them: a run, a watched folder, a server, and the workers themselves.
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, onTestFinished, test, vi} from 'vitest';
import {
	createFolder,
	type Ending,
	parseReport,
	type RunningCommand,
	runCommand,
	startCommand,
	startProgram,
	transactions,
	writeFiles,
} from '../helpers/command.ts';
import {findFreePort} from '../helpers/free-port.ts';
import {PATIENT} from '../helpers/patient.ts';
import {hasPostgres, hasRedis, type QueueServer, startPostgres, startRedis} from '../helpers/queue-servers.ts';

import {type ServingProcess, serve} from '../helpers/serving-process.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const withoutTimes = (json: string): string => json.replaceAll(/"processing_time": [\d.e-]+/g, '');

describe.skipIf(!hasRedis)('with a queue on Redis', () => {
	let server: QueueServer;
	beforeAll(async () => {
		server = await startRedis();
	});
	afterAll(() => server?.close());

	const startWorker = (): RunningCommand => startCommand(['worker', '--queue', server.url, '--name', 'w']);

	test('a run has the report of one process, and a worker that is told to end says what it did', async () => {
		const folder = createFolder();
		writeFiles(join(folder, 'data'), 20, 50);
		writeFileSync(join(folder, 'data', 'large.csv'), transactions(20_000));
		const worker = startWorker();
		const [queued, single] = [
			await runCommand(['data', '--json', '--queue', server.url], {cwd: folder}),
			await runCommand(['data', '--json'], {cwd: folder}),
		];
		expect(queued).toMatchObject({code: 0, stderr: ''});
		expect(withoutTimes(queued.stdout)).toBe(withoutTimes(single.stdout));
		const plain = await runCommand(['data', '--plain', '--queue', server.url], {cwd: folder});
		expect(plain.stdout).toMatch(/^Processing 21 files \(.*\) by the workers at redis:\S+, up to 64 at a time\n/);
		// Standard input is read by the run itself.
		const piped = await runCommand(['-', '--json', '--queue', server.url], {cwd: folder, input: transactions(3)});
		expect(parseReport(piped.stdout).totals).toMatchObject({completed: 1, rows: 3});
		worker.kill('SIGTERM');
		const {code, stderr} = await worker.ended;
		expect(code).toBe(143);
		expect(stderr).toMatch(/worker w, version \S+, takes files from redis:\/\/127\.0\.0\.1:\d+, on 1 thread\n/);
		expect(stderr).toMatch(/worker w has ended: 42 files, /);
		expect(stderr).toMatch(
			/warning: there is no secret, so anyone who can reach the queue at \S+ can have files read .*: set --queue-secret-file <file>\n/,
		);
	});

	test('a run without a worker says that its files wait, and ends by a signal', async () => {
		const folder = createFolder();
		writeFiles(folder, 2, 5);
		const told = join(folder, 'told.txt');
		const script = `exec "$NODE" "$CLI" '${folder}' --json --queue ${server.url} 2> '${told}'`;
		const run = startProgram('sh', ['-c', script]);
		await vi.waitUntil(
			() => existsSync(told) && readFileSync(told, 'utf8').includes('No worker is at the queue'),
			PATIENT,
		);
		run.kill('SIGINT');
		const {code, stdout} = await run.ended;
		expect(code).toBe(130);
		expect(parseReport(stdout).totals).toMatchObject({cancelled: 2});
	});

	test('files of a watched folder are read by a worker', async () => {
		const folder = createFolder();
		const unprocessed = join(folder, 'inbox', 'unprocessed');
		mkdirSync(unprocessed, {recursive: true});
		for (const [index, name] of ['a', 'b'].entries())
			writeFileSync(join(unprocessed, `${name}.csv`), transactions(30 + index));
		const worker = startWorker();
		const watched = await runCommand(['watch', 'inbox', '--once', '--json', '--queue', server.url], {cwd: folder});
		expect(watched).toMatchObject({code: 0});
		worker.kill('SIGTERM');
		expect((await worker.ended).stderr).toMatch(/has ended: 2 files, /);
		const processed = readdirSync(join(folder, 'inbox', 'processed'), {recursive: true, encoding: 'utf8'});
		expect(processed.filter(name => name.endsWith('.csv'))).toHaveLength(2);
	});

	test('data sets of a server are read by a worker', async () => {
		const folder = createFolder();
		const port = await findFreePort();
		const url = `http://127.0.0.1:${port}`;
		const served = startCommand(['serve', '--open', '--listen', `127.0.0.1:${port}`, '--queue', server.url], {
			cwd: folder,
		});
		await vi.waitFor(async () => expect((await fetch(`${url}/health`)).status).toBe(200), PATIENT);
		const worker = startWorker();
		writeFileSync(join(folder, 'sent.csv'), transactions(40));
		const pushed = await runCommand(['push', url, 'sent.csv', '--wait', '--json'], {cwd: folder});
		expect(pushed).toMatchObject({code: 0});
		worker.kill('SIGTERM');
		expect((await worker.ended).stderr).toMatch(/has ended: 1 file, /);
		served.kill('SIGTERM');
		await served.ended;
	});

	test('data sets that a server has encrypted are read by workers that have the key', async () => {
		const folder = createFolder();
		const port = await findFreePort();
		const url = `http://127.0.0.1:${port}`;
		const key = join(folder, 'key');
		writeFileSync(key, 'ab'.repeat(32), {mode: 0o600});
		const encryption = ['--queue', server.url, '--encryption-key-file', key];
		const served = startCommand(['serve', '--open', '--listen', `127.0.0.1:${port}`, ...encryption], {cwd: folder});
		await vi.waitFor(async () => expect((await fetch(`${url}/health`)).status).toBe(200), PATIENT);
		writeFileSync(join(folder, 'sent.csv'), transactions(40));
		const push = (): Promise<Ending> => runCommand(['push', url, 'sent.csv', '--wait', '--json'], {cwd: folder});
		const ignorant = startWorker();
		const failed = await push();
		ignorant.kill('SIGTERM');
		await ignorant.ended;
		expect(failed.code).toBe(1);
		expect(parseReport(failed.stdout).files[0]?.error?.message).toMatch(/--encryption-key-file/);
		const worker = startCommand(['worker', '--name', 'w', ...encryption]);
		const pushed = await push();
		expect(pushed).toMatchObject({code: 0});
		expect(parseReport(pushed.stdout).totals).toMatchObject({completed: 1, rows: 40});
		worker.kill('SIGTERM');
		expect((await worker.ended).stderr).toMatch(/has ended: 1 file, /);
		served.kill('SIGTERM');
		await served.ended;
	});

	test.skipIf(!hasPostgres)(
		'of servers that share tasks, another one has a file read by workers when the first one has died',
		{timeout: 240_000},
		async () => {
			const database = await startPostgres();
			onTestFinished(() => database.close());
			const files = createTemporaryFolder().at('files');
			const start = (): Promise<ServingProcess> =>
				serve(
					createTemporaryFolder(),
					...['--metadata', database.url, '--shared-files', files, '--registration', 'open'],
					...['--queue', server.url, '--max-concurrent-tasks', '1', '--rate-limit', '0'],
				);
			const [one, other] = [await start(), await start()];
			const account = {name: 'ann', password: 'correct horse 7 battery'};
			const ask = async (at: ServingProcess, method: string, path: string, body?: object, token?: string) => {
				const headers = {'content-type': 'application/json', ...(token && {authorization: `Bearer ${token}`})};
				const answer = await fetch(at.url + path, {method, headers, ...(body && {body: JSON.stringify(body)})});
				return (await answer.json()) as Record<string, unknown>;
			};
			await ask(one, 'POST', '/api/v1/auth/register', account);
			const token = String((await ask(other, 'POST', '/api/v1/auth/login', account)).token);
			const sent = await fetch(`${one.url}/api/v1/files/a.csv`, {
				...{method: 'PUT', headers: {authorization: `Bearer ${token}`}, body: transactions(70)},
			});
			const {file_id} = (await sent.json()) as {file_id: string};
			const task = await ask(one, 'POST', '/api/v1/run', {file_id, analyses: ['transactions']}, token);
			const path = `/api/v1/run/${task.task_execution_id}`;
			const stateAt = async (at: ServingProcess) => (await ask(at, 'GET', path, undefined, token)).status;
			await vi.waitFor(async () => expect(await stateAt(other)).toBe('PROCESSING'), PATIENT);
			one.kill('SIGKILL');
			const worker = startWorker();
			await vi.waitFor(async () => expect(await stateAt(other)).toBe('COMPLETED'), {...PATIENT, timeout: 120_000});
			expect(await ask(other, 'GET', path, undefined, token)).toMatchObject({rows: 70});
			worker.kill('SIGTERM');
			expect((await worker.ended).stderr).toMatch(/has ended: [12] files?, /);
		},
	);

	test('a queue that is not there, or needs a secret, is one sentence', async () => {
		const port = await findFreePort();
		const folder = createFolder();
		writeFiles(folder, 1, 1);
		expect(await runCommand([folder, '--queue', `redis://:s3cret@127.0.0.1:${port}`])).toMatchObject({
			code: 3,
			stderr: expect.stringMatching(`^fileproc-tui: The queue at redis://127.0.0.1:${port} cannot be used: .*\n$`),
		});
		expect(await runCommand(['worker', '--queue', 'redis://queue.example.org'])).toMatchObject({
			code: 2,
			stderr: expect.stringMatching(/must be signed/),
		});
	});
});
