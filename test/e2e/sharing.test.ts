// Servers that share their tasks, as processes: one is frozen and wakes up, one is killed; nothing is lost, and nothing is done twice.
import {randomUUID} from 'node:crypto';
import {existsSync, readdirSync, statSync} from 'node:fs';
import {constants} from 'node:os';
import {gzipSync} from 'node:zlib';
import {expect, onTestFinished, test, vi} from 'vitest';
import {runCommand, startCommand} from '../helpers/command.ts';
import {PATIENT} from '../helpers/patient.ts';
import {hasPostgres, startPostgres} from '../helpers/queue-servers.ts';
import {type Reply, replyOf} from '../helpers/server.ts';
import {type ServingProcess, serve} from '../helpers/serving-process.ts';
import {createTemporaryFolder, transactionsHeader} from '../helpers/temporary-folder.ts';

const PASSWORD = 'correct horse 7 battery';

/** Takes many seconds to read, so that both are seen at some: one block many times over. */
const block = gzipSync(
	Array.from({length: 10_000}, (_, index) => `t${(index - (index % 20)) * 7919},c1,1.25,2024-01-01,food\n`).join(''),
	{level: 9},
);
const LONG_FILE = Buffer.concat([gzipSync(transactionsHeader), ...Array<Buffer>(1500).fill(block)]);

async function ask(
	server: ServingProcess,
	method: string,
	path: string,
	token: string | null,
	json?: object,
): Promise<Reply> {
	return replyOf(
		await fetch(server.url + path, {
			method,
			headers: {
				...(token !== null && {authorization: `Bearer ${token}`}),
				...(json !== undefined && {'content-type': 'application/json'}),
			},
			...(json !== undefined && {body: JSON.stringify(json)}),
		}),
	);
}

test.skipIf(!hasPostgres)(
	'what passwords are kept as is left nowhere by a command that is ended',
	{timeout: 240_000},
	async () => {
		const database = await startPostgres();
		onTestFinished(() => database.close());
		const temporary = createTemporaryFolder();
		const words = ['users', 'add', 'root', '--role', 'admin', '--password-stdin', '--metadata', database.url];
		for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
			// It waits for the password, with the copy on the disk.
			const command = startCommand(words, {env: {TMPDIR: temporary.path}, input: 'open'});
			const copy = await vi.waitFor(() => {
				const [folder = ''] = readdirSync(temporary.path);
				expect(existsSync(temporary.at(`${folder}/ledger.db`))).toBe(true);
				return folder;
			}, PATIENT);
			const modes = ['', '/ledger.db'].map(name => statSync(temporary.at(copy + name)).mode & 0o777);
			expect(modes).toEqual([0o700, 0o600]);
			command.kill(signal);
			expect((await command.ended).code).toBe(128 + constants.signals[signal]);
			expect(readdirSync(temporary.path)).toEqual([]);
		}
		const users = await runCommand(['users', 'list', '--metadata', database.url], {env: {TMPDIR: temporary.path}});
		expect(users.code).toBe(0);
		expect(readdirSync(temporary.path)).toEqual([]);
	},
);

test.skipIf(!hasPostgres)(
	'whoever is frozen or killed, each task is worked on to its end once',
	{timeout: 900_000},
	async () => {
		const database = await startPostgres();
		onTestFinished(() => database.close());
		const files = createTemporaryFolder().at('files');
		const start = (): Promise<ServingProcess> =>
			serve(
				createTemporaryFolder(),
				...['--metadata', database.url, '--shared-files', files, '--registration', 'open'],
				// It is asked all the time how far things are.
				...['--max-concurrent-tasks', '2', '--threads', '1', '--rate-limit', '0'],
			);
		// The first account may be there before there is any server.
		const users = (...words: readonly string[]) => runCommand(['users', ...words, '--metadata', database.url]);
		expect((await users('add', 'root', '--role', 'admin')).code).toBe(0);
		const [one, other] = [await start(), await start()];
		expect((await ask(one, 'POST', '/api/v1/auth/register', null, {name: 'ann', password: PASSWORD})).status).toBe(201);
		expect((await users('list')).stdout).toMatch(/^ann .*^root /ms);
		const {json: session} = await ask(other, 'POST', '/api/v1/auth/login', null, {name: 'ann', password: PASSWORD});
		const token = String(session.token);
		const sent = await fetch(`${one.url}/api/v1/files/long.csv.gz`, {
			method: 'PUT',
			headers: {authorization: `Bearer ${token}`},
			body: new Uint8Array(LONG_FILE),
		});
		const {file_id: file} = (await sent.json()) as {file_id: string};
		const startTasks = async (): Promise<readonly string[]> => {
			const ids: string[] = [];
			for (let count = 0; count < 6; count++) {
				// Whose connection was ended while it was frozen says once that it is away.
				const reply = await vi.waitFor(async () => {
					const task = {file_id: file, analyses: ['transactions']};
					const answer = await ask(count % 2 === 0 ? one : other, 'POST', '/api/run', token, task);
					expect(answer.status, answer.text).toBe(202);
					return answer;
				}, PATIENT);
				ids.push(String(reply.json.task_execution_id));
			}
			// Both are at some.
			await vi.waitFor(async () => {
				const states = await Promise.all(
					ids.map(async id => (await ask(other, 'GET', `/api/run/${id}`, token)).json.status),
				);
				expect(states.filter(state => state === 'PROCESSING').length).toBeGreaterThanOrEqual(3);
			}, PATIENT);
			return ids;
		};
		const untilAllAt = async (server: ServingProcess, ids: readonly string[]): Promise<void> => {
			for (const id of ids)
				await vi.waitFor(
					async () => expect((await ask(server, 'GET', `/api/run/${id}`, token)).json.status).toBe('COMPLETED'),
					PATIENT,
				);
		};
		const endsAt = async (server: ServingProcess): Promise<readonly unknown[]> => {
			const controller = new AbortController();
			const response = await fetch(`${server.url}/api/v1/events`, {
				headers: {authorization: `Bearer ${token}`},
				signal: controller.signal,
			});
			expect(response.status).toBe(200);
			let text = '';
			const reading = (async () => {
				for await (const piece of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()))
					text += piece;
			})().catch(() => {});
			const told = (type: string, member: string) =>
				text
					.split('\n')
					.filter(line => line.startsWith('data: ') && line.includes(`"type":"${type}"`))
					.map(line => JSON.parse(line.slice(6))[member]);
			// What happens after all of them is told after all of them.
			const last = await fetch(`${server.url}/api/v1/files/last-${randomUUID()}.csv`, {
				method: 'PUT',
				headers: {authorization: `Bearer ${token}`},
				body: 'a,b\n1,2\n',
			});
			expect(last.status).toBe(201);
			const {file_id: lastId} = (await last.json()) as {file_id: string};
			await vi.waitFor(() => expect(told('upload-completed', 'fileId')).toContain(lastId), PATIENT);
			controller.abort();
			await reading;
			return told('run-completed', 'runId').toSorted();
		};
		const first = await startTasks();
		one.kill('SIGSTOP');
		await untilAllAt(other, first);
		one.kill('SIGCONT');
		await untilAllAt(one, first);
		const second = await startTasks();
		one.kill('SIGKILL');
		await untilAllAt(other, second);
		expect(await endsAt(other)).toEqual([...first, ...second].toSorted());
		const results = await Promise.all(
			[...first, ...second].map(async id => (await ask(other, 'GET', `/api/v1/results/${id}`, token)).json),
		);
		for (const {analyses} of results) expect(analyses).toEqual(results[0].analyses);
		// A new one has all of it.
		const next = await start();
		await untilAllAt(next, [...first, ...second]);
		expect(await endsAt(next)).toEqual([...first, ...second].toSorted());
	},
);
