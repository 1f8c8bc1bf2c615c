// Networks that break between run, workers and queue, and a queue that is again what it was some time ago: the report is byte for byte the one of
// a single process, and it is there within the time that the documentation says.
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Job} from 'bullmq';
import {afterAll, beforeAll, describe, expect, onTestFinished, test, vi} from 'vitest';
import type {Report} from '../../source/model/report.ts';
import {startClusterRun, startWorkerProcess} from '../helpers/cluster-run.ts';
import {CuttingProxy} from '../helpers/cutting-proxy.ts';
import {PATIENT} from '../helpers/patient.ts';
import {hasPostgres, hasRedis, type QueueServer, startPostgres, startRedis} from '../helpers/queue-servers.ts';
import {textOf} from '../helpers/run-folder.ts';
import {transactionsText} from '../helpers/temporary-folder.ts';
import {openCoordinator, openWorker} from '../helpers/test-cluster.ts';

const folder = mkdtempSync(join(tmpdir(), 'fileproc-network-'));
afterAll(() => rmSync(folder, {recursive: true}));
for (let index = 0; index < 8; index++)
	writeFileSync(
		join(folder, `file-${index}.csv`),
		`${transactionsText(1200 + 100 * index)}${index % 3 === 0 ? 'a,b,c\n' : ''}`,
	);
/** By waits: what is tested is time for something to happen. */
const manners = [
	['files', {simulateIoMs: 40}],
	['parts of files', {simulateIoMs: 40, rangeBytes: 1000}],
] as const;

let single: Report;
beforeAll(async () => {
	single = await (await startClusterRun(folder, null)).report;
});

/** The same server, by another way. */
async function throughProxy(server: QueueServer): Promise<{readonly proxy: CuttingProxy; readonly url: string}> {
	const proxy = await CuttingProxy.start(server.url);
	const url = new URL(server.url);
	url.port = new URL(proxy.url).port;
	return {proxy, url: url.href};
}

const kinds = [
	['Redis', hasRedis, startRedis],
	['Postgres', hasPostgres, startPostgres],
] as const;

describe.each(kinds)('a network to %s', (_, isThere, start) => {
	describe.skipIf(!isThere)('that breaks', () => {
		let server: QueueServer;
		beforeAll(async () => {
			server = await start();
		});
		afterAll(() => server?.close());

		test.each(manners)('for all, with %s', async (__, manner) => {
			const {proxy, url} = await throughProxy(server);
			const {coordinator, messages, close} = await openCoordinator(url);
			onTestFinished(close);
			await Promise.all([startWorkerProcess(url, 1), startWorkerProcess(url, 1)]);
			const run = await startClusterRun(folder, coordinator, manner);
			await vi.waitUntil(() => run.completed() > 0, PATIENT);
			await proxy.close();
			await vi.waitUntil(() => messages.some(message => message.includes('cannot be reached')), PATIENT);
			await proxy.listen();
			expect(textOf(await run.report)).toBe(textOf(single));
		});

		test('for a worker alone, whose files others read', async () => {
			const {proxy, url} = await throughProxy(server);
			const {coordinator, close} = await openCoordinator(server.url);
			onTestFinished(close);
			const [cut] = await Promise.all([startWorkerProcess(url, 1), startWorkerProcess(server.url, 1)]);
			const run = await startClusterRun(folder, coordinator, manners[0][1]);
			await vi.waitUntil(() => cut.counts().jobs > 0, PATIENT);
			await proxy.close();
			expect(textOf(await run.report)).toBe(textOf(single));
		});

		test('while a worker gives back what it has read: it is read again', async () => {
			const {coordinator, close} = await openCoordinator(server.url);
			onTestFinished(close);
			const send = vi.spyOn(Job.prototype, 'moveToCompleted');
			onTestFinished(() => send.mockRestore());
			for (let time = 0; time < 2; time++)
				send.mockRejectedValueOnce(Object.assign(new Error('read ECONNRESET'), {code: 'ECONNRESET'}));
			const worker = await openWorker(server.url);
			onTestFinished(worker.close);
			const run = await startClusterRun(folder, coordinator, manners[0][1]);
			expect(textOf(await run.report)).toBe(textOf(single));
			expect(send.mock.calls.length).toBeGreaterThan(2);
		});

		test('and tells nobody: what was on its way never comes', async () => {
			const {proxy, url} = await throughProxy(server);
			const {coordinator, close} = await openCoordinator(url, 'secret', SILENCE_MS);
			onTestFinished(close);
			await Promise.all([startWorkerProcess(url, 1, {silenceMs: SILENCE_MS}), startWorkerProcess(server.url, 1)]);
			const run = await startClusterRun(folder, coordinator, manners[0][1]);
			await vi.waitUntil(() => run.completed() > 0, PATIENT);
			const [before, stalledAtMs] = [proxy.connectionCount, performance.now()];
			proxy.stall();
			proxy.unstall();
			await vi.waitUntil(() => proxy.connectionCount > before, PATIENT);
			expect(textOf(await run.report)).toBe(textOf(single));
			expect(performance.now() - stalledAtMs).toBeGreaterThan(SILENCE_MS / 2);
		});
	});
});

/** Shorter than usual, and longer than anyone waits for a job. */
const SILENCE_MS = 12_000;

describe.skipIf(!hasRedis)('a Redis that is restored from an old dump', () => {
	test.each(manners)('has what was done since done again, with %s', async (_, manner) => {
		const server = await startRedis();
		onTestFinished(server.close);
		const {coordinator, close} = await openCoordinator(server.url);
		onTestFinished(close);
		await Promise.all([startWorkerProcess(server.url, 1), startWorkerProcess(server.url, 1)]);
		const run = await startClusterRun(folder, coordinator, manner);
		await vi.waitUntil(() => run.completed() > 0, PATIENT);
		server.dump();
		const before = run.completed();
		await vi.waitUntil(() => run.completed() > before, PATIENT);
		await server.kill();
		server.restore();
		await server.start();
		expect(textOf(await run.report)).toBe(textOf(single));
	});
});
