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
/** The same, with each file in five parts or more. */
const manners = [
	['files', slow],
	['parts of files', {...slow, rangeBytes: 1000}],
] as const;
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
			const cut = await (await startClusterRun(folder, coordinator, {rangeBytes: 1000})).report;
			expect(textOf(cut)).toBe(textOf(single));
			expect(coordinator.counts).toMatchObject({lost: 0, late: 0});
		});

		test.each(manners)('%s of a worker that is killed are read by another one', async (_, manner) => {
			const {coordinator} = await openFor(server);
			const [doomed] = await Promise.all([startWorkerProcess(server.url, 2), startWorkerProcess(server.url, 2)]);
			const run = await startClusterRun(folder, coordinator, manner);
			await vi.waitUntil(() => doomed.counts().jobs > 0 && run.completed() > 0, PATIENT);
			doomed.signal('SIGKILL');
			expect(textOf(await run.report)).toBe(textOf(single));
		});

		test.each(
			manners,
		)('a worker that was stopped for too long with %s changes nothing when it goes on', async (_, manner) => {
			const {coordinator} = await openFor(server);
			const [frozen] = await Promise.all([startWorkerProcess(server.url, 1), startWorkerProcess(server.url, 2)]);
			const run = await startClusterRun(folder, coordinator, manner);
			await vi.waitUntil(() => frozen.counts().jobs > 0, PATIENT);
			frozen.signal('SIGSTOP');
			expect(textOf(await run.report)).toBe(textOf(single));
			frozen.signal('SIGCONT');
			await vi.waitUntil(() => frozen.counts().late > 0, PATIENT);
			expect(coordinator.counts).toMatchObject({lost: 0});
		});

		test.each(manners)('a server that is killed and started again loses no %s', async (_, manner) => {
			const {coordinator, messages} = await openFor(server);
			await Promise.all([startWorkerProcess(server.url, 1), startWorkerProcess(server.url, 1)]);
			const run = await startClusterRun(folder, coordinator, manner);
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
	test.each(manners)('%s that are gone are put in again', async (_, manner) => {
		const server = await startRedis();
		onTestFinished(server.close);
		const {coordinator} = await openFor(server);
		await Promise.all([startWorkerProcess(server.url, 1), startWorkerProcess(server.url, 1)]);
		const run = await startClusterRun(folder, coordinator, manner);
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
