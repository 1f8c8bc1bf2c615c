// Whatever happens to workers and to the queue, the report is byte for byte the one of a single process.
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Redis} from 'ioredis';
import {afterAll, beforeAll, describe, expect, onTestFinished, test, vi} from 'vitest';
import type {Report} from '../../source/model/report.ts';
import {startClusterRun, startWorkerProcess} from '../helpers/cluster-run.ts';
import {PATIENT} from '../helpers/patient.ts';
import {hasPostgres, hasRedis, type QueueServer, startPostgres, startRedis} from '../helpers/queue-servers.ts';
import {textOf} from '../helpers/run-folder.ts';
import {transactionsText} from '../helpers/temporary-folder.ts';
import {type OpenedCoordinator, openCoordinator} from '../helpers/test-cluster.ts';

const folder = mkdtempSync(join(tmpdir(), 'fileproc-faults-'));
afterAll(() => rmSync(folder, {recursive: true}));
/** Half a second each, by waits: what is tested is time for something to happen. */
const slow = {simulateIoMs: 40} as const;
const FILES = 8;
for (let index = 0; index < FILES; index++) {
	const rejected = index % 3 === 0 ? 'not a date,abc,xyz\n' : '';
	writeFileSync(join(folder, `file-${index}.csv`), `${transactionsText(1200 + 100 * index)}${rejected}`);
}

let single: Report;
beforeAll(async () => {
	single = await (await startClusterRun(folder, null)).report;
});

async function openFor(server: QueueServer): Promise<OpenedCoordinator> {
	const opened = await openCoordinator(server.url);
	onTestFinished(opened.close);
	return opened;
}

function faultsOn(name: string, isThere: boolean, start: () => Promise<QueueServer>): void {
	describe.skipIf(!isThere)(name, () => {
		let server: QueueServer;
		beforeAll(async () => {
			server = await start();
		});
		afterAll(() => server?.close());

		test('two workers come to the same as one process, also with small files in groups', async () => {
			const {coordinator} = await openFor(server);
			await startWorkerProcess(server.url, 2);
			await startWorkerProcess(server.url, 1);
			const grouped = await (await startClusterRun(folder, coordinator)).report;
			expect(textOf(grouped)).toBe(textOf(single));
			const alone = await (await startClusterRun(folder, coordinator, slow)).report;
			expect(textOf(alone)).toBe(textOf(single));
			expect(coordinator.counts).toMatchObject({lost: 0, late: 0});
		});

		test('files of a worker that is killed are read by another one', async () => {
			const {coordinator} = await openFor(server);
			const [doomed] = await Promise.all([startWorkerProcess(server.url, 2), startWorkerProcess(server.url, 2)]);
			const run = await startClusterRun(folder, coordinator, slow);
			await vi.waitUntil(() => doomed.counts().jobs > 0 && run.completed() > 0, PATIENT);
			doomed.signal('SIGKILL');
			expect(textOf(await run.report)).toBe(textOf(single));
		});

		test('a worker that was stopped for too long changes nothing when it goes on', async () => {
			const {coordinator} = await openFor(server);
			const [frozen] = await Promise.all([startWorkerProcess(server.url, 1), startWorkerProcess(server.url, 2)]);
			const run = await startClusterRun(folder, coordinator, slow);
			await vi.waitUntil(() => frozen.counts().jobs > 0, PATIENT);
			frozen.signal('SIGSTOP');
			expect(textOf(await run.report)).toBe(textOf(single));
			frozen.signal('SIGCONT');
			await vi.waitUntil(() => frozen.counts().late > 0, PATIENT);
			expect(coordinator.counts).toMatchObject({lost: 0});
		});

		test('a server that is killed and started again loses no file', async () => {
			const {coordinator, messages} = await openFor(server);
			await Promise.all([startWorkerProcess(server.url, 1), startWorkerProcess(server.url, 1)]);
			const run = await startClusterRun(folder, coordinator, slow);
			await vi.waitUntil(() => run.completed() > 1, PATIENT);
			await server.kill();
			await vi.waitUntil(() => messages.some(message => message.includes('cannot be reached')), PATIENT);
			await server.start();
			expect(textOf(await run.report)).toBe(textOf(single));
			expect(messages.join('\n')).toMatch(/cannot be reached/);
		});
	});
}

faultsOn('on Redis', hasRedis, startRedis);
faultsOn('on Postgres', hasPostgres, startPostgres);

describe.skipIf(!hasRedis)('on a Redis that loses all', () => {
	test('what is gone is put in again', async () => {
		const server = await startRedis();
		onTestFinished(server.close);
		const {coordinator} = await openFor(server);
		await Promise.all([startWorkerProcess(server.url, 1), startWorkerProcess(server.url, 1)]);
		const run = await startClusterRun(folder, coordinator, slow);
		await vi.waitUntil(() => run.completed() > 1, PATIENT);
		const client = new Redis(server.url);
		await client.flushall();
		client.disconnect();
		expect(textOf(await run.report)).toBe(textOf(single));
		expect(coordinator.counts.lost).toBeGreaterThan(0);
	});

	test('so is what was not written before a power cut', async () => {
		const server = await startRedis(['--appendonly', 'no']);
		onTestFinished(server.close);
		const {coordinator} = await openFor(server);
		await startWorkerProcess(server.url, 2);
		const run = await startClusterRun(folder, coordinator, slow);
		await vi.waitUntil(() => run.completed() > 1, PATIENT);
		await server.kill();
		await server.start();
		expect(textOf(await run.report)).toBe(textOf(single));
		expect(coordinator.counts.lost).toBeGreaterThan(0);
	});
});
