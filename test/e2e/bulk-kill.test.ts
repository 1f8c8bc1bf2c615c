// A server that is killed in the middle of an action on all that match: the next process goes on with it, and nothing is done twice.
import {join} from 'node:path';
import {expect, test, vi} from 'vitest';
import {createFolder, startCommand, transactions} from '../helpers/command.ts';
import {findFreePort} from '../helpers/free-port.ts';
import {PATIENT} from '../helpers/patient.ts';

const FILES = 40;

test('killed in the middle of an action on all files, a server does it to the rest, and to none twice', async () => {
	const cwd = createFolder();
	const [port, data] = [await findFreePort(), join(cwd, 'data')];
	const url = `http://127.0.0.1:${port}`;
	const start = () => {
		const limits = ['--max-queued', '5', '--max-concurrent-tasks', '1'];
		return startCommand(['serve', '--open', '--listen', `127.0.0.1:${port}`, '--data', data, ...limits], {cwd});
	};
	const ask = async (method: string, path: string, body?: string) => {
		const headers = body?.startsWith('{') === true ? {'content-type': 'application/json'} : {};
		const answer = await fetch(url + path, {method, headers, ...(body !== undefined && {body})});
		// biome-ignore lint/suspicious/noExplicitAny: a test looks at what was answered, whatever that is.
		return (await answer.json()) as any;
	};
	const untilReady = () => vi.waitFor(async () => expect((await fetch(`${url}/livez`)).status).toBe(200), PATIENT);
	const first = start();
	await untilReady();
	for (let index = 0; index < FILES; index++) await ask('PUT', `/api/v1/files/${index}.csv`, transactions(3));
	const asked = {action: 'run', q: 'csv', expected_count: FILES, analyses: ['transactions']};
	const {links} = await ask('POST', '/api/v1/bulk', JSON.stringify(asked));
	const bulk = () => ask('GET', links.self);
	const done = await vi.waitFor(async () => {
		const {done: count} = await bulk();
		expect(count).toBeGreaterThan(2);
		return count;
	}, PATIENT);
	first.kill('SIGKILL');
	await first.ended;
	expect(done).toBeLessThan(FILES);
	const second = start();
	await untilReady();
	await vi.waitFor(
		async () => expect(await bulk()).toMatchObject({status: 'COMPLETED', done: FILES, failed: 0}),
		PATIENT,
	);
	await vi.waitFor(async () => {
		const {tasks} = await ask('GET', '/api/v1/run?limit=1000&status=COMPLETED');
		expect(tasks).toHaveLength(FILES);
		expect(new Set(tasks.map(({file_id}: {file_id: string}) => file_id)).size).toBe(FILES);
	}, PATIENT);
	expect((await ask('GET', '/api/v1/run?limit=1000')).tasks).toHaveLength(FILES);
	second.kill('SIGTERM');
	await second.ended;
});
