// Who may have files read, and whose word counts: jobs and results that nobody with the secret made, workers of another version or that end
// with a file, and queues that are not to be trusted.
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Queue} from 'bullmq';
import {Redis} from 'ioredis';
import {afterAll, beforeAll, describe, expect, onTestFinished, test, vi} from 'vitest';
import {connectToQueue} from '../../source/cluster/connection.ts';
import {FORMAT} from '../../source/cluster/messages.ts';
import {createSealer} from '../../source/cluster/seal.ts';
import {startClusterRun, startWorkerProcess} from '../helpers/cluster-run.ts';
import {findFreePort} from '../helpers/free-port.ts';
import {PATIENT} from '../helpers/patient.ts';
import {hasRedis, type QueueServer, startRedis} from '../helpers/queue-servers.ts';
import {readDefaults} from '../helpers/read-defaults.ts';
import {transactionsText} from '../helpers/temporary-folder.ts';
import {addressOf, openCoordinator, openWorker, type WorkerSettings} from '../helpers/test-cluster.ts';

const folder = mkdtempSync(join(tmpdir(), 'fileproc-trust-'));
afterAll(() => rmSync(folder, {recursive: true}));
writeFileSync(join(folder, 'good.csv'), transactionsText(10));

describe.skipIf(!hasRedis)('on Redis', () => {
	let server: QueueServer;
	beforeAll(async () => {
		server = await startRedis();
	});
	afterAll(() => server?.close());

	const openFor = async () => {
		const opened = await openCoordinator(server.url);
		onTestFinished(opened.close);
		return opened;
	};
	const openWorkerFor = async (settings: WorkerSettings = {}) => {
		const opened = await openWorker(server.url, settings);
		onTestFinished(opened.close);
		return opened;
	};
	const openRawQueue = (): Queue => {
		const queue = new Queue(`fileproc-jobs-${FORMAT}`, {connection: {url: server.url}, prefix: 'fileproc'} as never);
		onTestFinished(() => queue.close());
		return queue;
	};

	test.each([
		['unsigned', () => ({sealed: JSON.stringify({sources: [{kind: 'file', path: '/etc/passwd'}]})})],
		['signed with another secret', () => ({sealed: createSealer('other').seal('job', {format: FORMAT})})],
		['no job at all', () => ({})],
		['a result that is passed off as a job', () => ({sealed: createSealer('secret').seal('result', {format: FORMAT})})],
		[
			'copied from another job',
			() => {
				const source = {kind: 'file', path: join(folder, 'good.csv')};
				const body = {
					format: FORMAT,
					run: 'run-1',
					settings: readDefaults,
					sources: [source],
					bytesTotal: null,
					isGroup: false,
					span: null,
				};
				return {sealed: createSealer('secret').seal('job', {...body, token: 'another'})};
			},
		],
		[
			'of a module with functions',
			() => {
				const settings = {...readDefaults, registered: [{name: 'own', code: {path: '/tmp/own.ts'}}]};
				const source = {kind: 'file', path: join(folder, 'good.csv')};
				const body = {
					format: FORMAT,
					run: 'run-1',
					settings,
					sources: [source],
					bytesTotal: null,
					isGroup: false,
					span: null,
				};
				return {sealed: createSealer('secret').seal('job', {...body, token: 'forged'})};
			},
		],
	])('a job that is %s is refused, and nothing is read', async (_, dataOf) => {
		const {worker, messages} = await openWorkerFor();
		const queue = openRawQueue();
		await queue.remove('forged');
		const job = await queue.add('job', dataOf(), {jobId: 'forged'});
		await vi.waitUntil(async () => (await job.getState()) === 'failed', PATIENT);
		expect(worker.counts.filesDone).toBe(0);
		expect(messages.join('\n')).toMatch(/A job was refused: /);
	});

	test('a result that nobody with the secret made does not count: the file is read', async () => {
		const {coordinator} = await openFor();
		const queue = openRawQueue();
		const run = await startClusterRun(folder, coordinator, {simulateIoMs: 1});
		// Somebody else completes it before a worker is there.
		const client = new Redis(server.url);
		onTestFinished(() => client.disconnect());
		await vi.waitUntil(async () => (await queue.getWaiting()).length > 0, PATIENT);
		const [job] = await queue.getWaiting();
		await client.hset(`fileproc:fileproc-jobs-${FORMAT}:${job?.id}`, 'returnvalue', JSON.stringify('1.result.x.y'));
		await client.lrem(`fileproc:fileproc-jobs-${FORMAT}:wait`, 0, job?.id ?? '');
		await client.zadd(`fileproc:fileproc-jobs-${FORMAT}:completed`, 1, job?.id ?? '');
		await vi.waitUntil(() => coordinator.counts.attempts > 1, PATIENT);
		await openWorkerFor();
		expect((await run.report).totals).toMatchObject({completed: 1});
	});

	test('a worker with another secret has no file read, and the run says why', async () => {
		const {coordinator} = await openFor();
		await openWorkerFor({secret: 'other'});
		const {files} = await (await startClusterRun(folder, coordinator, {retries: 0})).report;
		expect(files[0]?.error).toMatchObject({code: 'QUEUE_REFUSED', message: expect.stringMatching(/secret/)});
	});

	test('workers of another version take nothing, and the run says so; one of its own takes all', async () => {
		const {coordinator, messages} = await openFor();
		const {worker} = await openWorkerFor({format: '0.0.1-1'});
		const run = await startClusterRun(folder, coordinator);
		await vi.waitUntil(() => messages.some(message => /are of version 0\.0\.1/.test(message)), PATIENT);
		expect(worker.counts.filesDone).toBe(0);
		await openWorkerFor();
		expect((await run.report).status).toBe('completed');
	});

	test.each([
		['as a whole', {}, 3],
		// The queue counts for each of its two parts.
		['in parts', {rangeBytes: 20}, 5],
	])('a file that takes workers along %s is a crash loop, and others complete', async (_, cut, most) => {
		writeFileSync(join(folder, 'deadly.csv'), transactionsText(10));
		onTestFinished(() => rmSync(join(folder, 'deadly.csv')));
		const {coordinator} = await openFor();
		const run = await startClusterRun(folder, coordinator, {simulateIoMs: 1, ...cut});
		let isOver = false;
		void run.report.then(() => {
			isOver = true;
		});
		for (let count = 0; count < most && !isOver; count++) {
			const worker = await startWorkerProcess(server.url, 1, {crashOn: 'deadly.csv'});
			await Promise.race([worker.ended, run.report]);
		}
		await openWorkerFor();
		const {files} = await run.report;
		const errors = Object.fromEntries(files.map(({file, error}) => [file.split('/').at(-1), error?.code ?? null]));
		expect(errors).toEqual({'deadly.csv': 'CRASH_LOOP', 'good.csv': null});
	});

	test('paths of the run are found where the worker has them', async () => {
		const {coordinator} = await openFor();
		const {worker} = await openWorkerFor({rootMaps: [{from: folder, to: join(folder, 'elsewhere')}]});
		const report = await (await startClusterRun(folder, coordinator, {simulateIoMs: 1})).report;
		expect(report.files[0]).toMatchObject({status: 'failed', error: {code: 'ENOENT'}});
		expect(worker.counts.filesDone).toBe(1);
	});
});

describe.skipIf(!hasRedis)('a queue that is not as it should be', () => {
	const connect = async (url: string): Promise<readonly string[]> => {
		const connection = await connectToQueue(addressOf(url), () => {});
		await connection.close();
		return connection.warnings;
	};

	test('Redis that throws keys away is refused, and one without a log warned of', async () => {
		const server = await startRedis(['--appendonly', 'no']);
		onTestFinished(server.close);
		expect(await connect(server.url)).toEqual([expect.stringMatching(/appendonly/)]);
		const client = new Redis(server.url);
		await client.config('SET', 'maxmemory-policy', 'allkeys-lru');
		client.disconnect();
		await expect(connect(server.url)).rejects.toThrow(/maxmemory-policy allkeys-lru/);
	});

	test.each(['redis', 'postgres'])('%s that is not there is one sentence, without its password', async kind => {
		const port = await findFreePort();
		const failed = connect(`${kind}://ann:s3cret@127.0.0.1:${port}/0`);
		await expect(failed).rejects.toThrow(`${kind}://127.0.0.1:${port}`);
		await expect(failed).rejects.not.toThrow(/s3cret/);
	});
});
