// A pool that several runs share, with real threads: fair between them, and each run's end is its own.
import {setTimeout as delay} from 'node:timers/promises';
import {expect, onTestFinished, test, vi} from 'vitest';
import {describeAnalyses} from '../../source/analysis/registry.ts';
import type {RunningTask, WorkerTask} from '../../source/engine/backend/job-backend.ts';
import {planFiles} from '../../source/engine/plan/plan-files.ts';
import type {PoolClient} from '../../source/engine/pool/pool-client.ts';
import {countHungThreads} from '../../source/engine/pool/start-thread.ts';
import {createWorkerPool, type PoolOptions, type WorkerPool} from '../../source/engine/pool/worker-pool.ts';
import {startRun} from '../../source/engine/run/run.ts';
import type {Run} from '../../source/engine/run/run-options.ts';
import type {ReadSettings} from '../../source/engine/shared/protocol.ts';
import type {RunEvent} from '../../source/model/events.ts';
import {PATIENT} from '../helpers/patient.ts';
import {readDefaults} from '../helpers/read-defaults.ts';
import {createTemporaryFolder, type TemporaryFolder, transactionsText} from '../helpers/temporary-folder.ts';

const settings: ReadSettings = readDefaults;
const never = new AbortController().signal;

function createPool(options: Omit<PoolOptions, 'onLog'>) {
	const log: string[] = [];
	const pool = createWorkerPool({...options, onLog: message => log.push(message)});
	onTestFinished(() => pool.close());
	return {pool, countOf: (message: string) => log.filter(entry => entry === message).length};
}

const quickFile = (folder: TemporaryFolder, name: string): WorkerTask => ({
	source: {kind: 'file', path: folder.write(name, transactionsText(10))},
	settings,
});
/** It waits for 100 ms after every 100 of its 60,000 records. */
const slowFile = (folder: TemporaryFolder, name: string): WorkerTask => ({
	source: {kind: 'file', path: folder.write(name, transactionsText(60_000))},
	settings: {...settings, simulateIoMs: 100},
});

async function start(client: PoolClient, task: WorkerTask): Promise<RunningTask> {
	const running = await client.start(task, never);
	if (running === null) throw new Error('The task got no thread');
	return running;
}
const untilReading = (task: RunningTask): Promise<void> =>
	vi.waitFor(() => expect(task.readProgress().rows).toBeGreaterThan(0), PATIENT);

/** A run with threads of a pool that it shares. */
async function runOn(pool: WorkerPool, folder: string, concurrency: number): Promise<Run & {events: RunEvent[]}> {
	const events: RunEvent[] = [];
	const backend = pool.client({filesInFlight: concurrency});
	const run = startRun({
		plan: await planFiles([folder]),
		paths: [folder],
		version: '0',
		analyses: describeAnalyses(null),
		concurrency,
		maxConcurrency: concurrency,
		threads: 2,
		retries: 0,
		timeoutMs: 60_000,
		readSettings: settings,
		backend,
		releaseThreads: backend.close,
		onEvent: event => events.push(event),
	});
	return {...run, events};
}

test('a run that ends closes its client alone: the threads stay, and the next run reads with them', async () => {
	const folder = createTemporaryFolder();
	folder.write('a.csv', transactionsText(10));
	const {pool, countOf} = createPool({threads: 1});
	for (let count = 0; count < 3; count++) {
		const run = await runOn(pool, folder.path, 1);
		await run.done;
		expect(run.events.at(-1)).toMatchObject({type: 'run-completed', totals: {completed: 1}});
	}
	expect(countOf('worker-started')).toBe(1);
	expect(countOf('worker-ended')).toBe(0);
});

test('a run of thousands of small files does not keep a later run of few waiting', async () => {
	const [many, few] = [createTemporaryFolder(), createTemporaryFolder()];
	for (let index = 0; index < 3000; index++) many.write(`${index}.csv`, transactionsText(20));
	few.write('large.csv', transactionsText(50_000));
	for (let index = 0; index < 5; index++) few.write(`${index}.csv`, transactionsText(20));
	const {pool} = createPool({threads: 1});
	const first = await runOn(pool, many.path, 8);
	await vi.waitFor(() => expect(first.events.some(({type}) => type === 'file-completed')).toBe(true), PATIENT);
	const second = await runOn(pool, few.path, 3);
	await second.done;
	const completed = first.events.filter(({type}) => type === 'file-completed').length;
	expect(second.events.at(-1)).toMatchObject({type: 'run-completed', totals: {completed: 6}});
	expect(completed, 'the first one is not over').toBeLessThan(3000);
	await first.done;
	expect(first.events.at(-1)).toMatchObject({type: 'run-completed', totals: {completed: 3000}});
});

test('who closes ends the tasks and waits of one client, and touches no other', async () => {
	const folder = createTemporaryFolder();
	const {pool, countOf} = createPool({threads: 2});
	const [one, other] = [pool.client({filesInFlight: 2}), pool.client({filesInFlight: 2})];
	const task = await start(one, slowFile(folder, 'a.csv'));
	const otherTask = await start(other, slowFile(folder, 'b.csv'));
	await Promise.all([task, otherTask].map(untilReading));
	const waits = one.start(quickFile(folder, 'c.csv'), never);
	const otherWaits = start(other, quickFile(folder, 'd.csv'));
	await one.close();
	expect(await waits).toBeNull();
	expect(await task.outcome).toEqual({type: 'aborted'});
	// The thread that is free now goes to the other client.
	expect(await (await otherWaits).outcome).toMatchObject({type: 'completed'});
	expect(await one.start(quickFile(folder, 'e.csv'), never)).toBeNull();
	otherTask.direct('abort');
	expect(await otherTask.outcome).toEqual({type: 'aborted'});
	expect(countOf('worker-ended')).toBe(0);
});

test('who closes ends a group of small files that is held, and keeps its thread for others', async () => {
	const folder = createTemporaryFolder();
	const {pool, countOf} = createPool({threads: 1});
	const one = pool.client({filesInFlight: 1});
	const path = folder.write('long.csv', transactionsText(200_000));
	const outcomes: string[] = [];
	const group = await one.startGroup({
		// The hold comes when the thread may have begun: the slow reader is not done by then.
		choose: () => ({
			sources: [{kind: 'file', path}, quickFile(folder, 'a.csv').source],
			settings: {...settings, reader: 'reference'},
		}),
		onStart: ({direct}) => direct('hold'),
		onReply: reply => outcomes.push(...Array.from(reply.outcomes, ({type}) => type)),
	});
	await vi.waitUntil(() => group?.currentIndex() === 0, PATIENT);
	await one.close();
	expect(await group?.ended).toEqual({type: 'done'});
	expect(outcomes).toEqual(['aborted', 'skipped']);
	expect(countOf('worker-ended')).toBe(0);
});

test('a thread that is lost costs its own client one task, and is counted and replaced once', async () => {
	const folder = createTemporaryFolder();
	const {pool, countOf} = createPool({threads: 2});
	const [one, other] = [pool.client({filesInFlight: 2}), pool.client({filesInFlight: 2})];
	const task = await start(one, slowFile(folder, 'a.csv'));
	const otherTask = await start(other, slowFile(folder, 'b.csv'));
	task.kill();
	task.kill();
	expect(await task.outcome).toMatchObject({type: 'worker-lost'});
	await vi.waitFor(() => expect(countHungThreads()).toBe(0), PATIENT);
	expect(await (await start(one, quickFile(folder, 'c.csv'))).outcome).toMatchObject({type: 'completed'});
	expect(countOf('worker-killed')).toBe(1);
	expect(countOf('worker-started')).toBe(3);
	otherTask.direct('abort');
	expect(await otherTask.outcome).toEqual({type: 'aborted'});
});

test('a client has no more threads than it may, also where others are idle', async () => {
	const folder = createTemporaryFolder();
	const {pool} = createPool({threads: 2});
	const [one, other] = [pool.client({filesInFlight: 3, maxThreads: 1}), pool.client({filesInFlight: 1})];
	// Both threads are idle then.
	const first = await Promise.all(
		[slowFile(folder, 'a.csv'), slowFile(folder, 'b.csv')].map(each => start(other, each)),
	);
	for (const running of first) running.direct('abort');
	await Promise.all(first.map(({outcome}) => outcome));
	const task = await start(one, slowFile(folder, 'b.csv'));
	let isSecondStarted = false;
	const second = start(one, quickFile(folder, 'c.csv')).then(running => {
		isSecondStarted = true;
		return running;
	});
	// Another client gets threads meanwhile, and the second file of the first one does not.
	for (let count = 0; count < 3; count++) {
		expect(await (await start(other, quickFile(folder, 'd.csv'))).outcome).toMatchObject({type: 'completed'});
		await delay(0);
	}
	expect(isSecondStarted).toBe(false);
	task.direct('abort');
	expect(await (await second).outcome).toMatchObject({type: 'completed'});
});

test('each client has threads for its files in flight where the pool may have them', async () => {
	const folder = createTemporaryFolder();
	const {pool, countOf} = createPool({threads: 1, maxThreads: 3});
	const [one, other] = [pool.client({filesInFlight: 2}), pool.client({filesInFlight: 2})];
	const tasks = await Promise.all([
		start(one, slowFile(folder, 'a.csv')),
		start(one, slowFile(folder, 'b.csv')),
		start(other, slowFile(folder, 'c.csv')),
	]);
	await Promise.all(tasks.map(untilReading));
	expect(countOf('worker-started')).toBe(3);
	await Promise.all([one.close(), other.close()]);
	for (const task of tasks) expect(await task.outcome).toEqual({type: 'aborted'});
});
