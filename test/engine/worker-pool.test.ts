// With real threads, which run the sources as they are.
import {spawn} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {expect, onTestFinished, test, vi} from 'vitest';
import type {RunningTask, WorkerTask} from '../../source/engine/backend/job-backend.ts';
import {groupRoom} from '../../source/engine/pool/start-thread.ts';
import type {ReadSettings} from '../../source/engine/shared/protocol.ts';
import {type OpenPool, openPool} from '../helpers/open-pool.ts';
import {PATIENT} from '../helpers/patient.ts';
import {readDefaults} from '../helpers/read-defaults.ts';
import {createTemporaryFolder, type TemporaryFolder, transactionsText} from '../helpers/temporary-folder.ts';

interface WatchedPool extends OpenPool {
	/** Threads started and ended so far. */
	readonly countOf: (message: 'worker-started' | 'worker-ended') => number;
}

function createPool(threads: number, filesInFlight?: number): WatchedPool {
	const log: string[] = [];
	const pool = openPool({threads, filesInFlight, onLog: message => log.push(message)});
	onTestFinished(() => pool.close());
	return {...pool, countOf: message => log.filter(entry => entry === message).length};
}

const settings: ReadSettings = readDefaults;
const never = new AbortController().signal;

const taskOf = (path: string, changed: Partial<ReadSettings> = {}): WorkerTask => ({
	source: {kind: 'file', path},
	settings: {...settings, ...changed},
});

async function start(pool: OpenPool, task: WorkerTask, signal = never): Promise<RunningTask> {
	const running = await pool.start(task, signal);
	if (running === null) throw new Error('The task got no thread');
	return running;
}

const smallFile = (folder: TemporaryFolder, name = 'small.csv'): WorkerTask =>
	taskOf(folder.write(name, transactionsText(10)));

/** A file that takes a minute: it waits for 100 ms after every 100 of its 60,000 records. */
const slowFile = (folder: TemporaryFolder, name = 'slow.csv'): WorkerTask =>
	taskOf(folder.write(name, transactionsText(60_000)), {simulateIoMs: 100});

/** Resolves when the thread is in the middle of the file. */
const untilReading = (task: RunningTask): Promise<void> =>
	vi.waitFor(() => {
		expect(task.readProgress().rows).toBeGreaterThan(0);
	}, PATIENT);

test('a task is completed with what its file came to', async () => {
	const folder = createTemporaryFolder();
	const pool = createPool(1);
	const task = await start(pool, smallFile(folder));
	expect(await task.outcome).toMatchObject({
		type: 'completed',
		file: {
			bytesRead: Buffer.byteLength(transactionsText(10)),
			rows: 10,
			rejectedRows: 0,
			dialect: {delimiter: ',', newline: '\n', header: true, compression: null},
			folded: [{analysis: 'transactions', partial: expect.any(Uint8Array) as Uint8Array}],
		},
	});
	expect(task.readProgress()).toMatchObject({rows: 10});
});

test('a file that cannot be used is a failure, and the thread takes the next one', async () => {
	const folder = createTemporaryFolder();
	const pool = createPool(1);
	const missing = await start(pool, taskOf(folder.at('gone.csv')));
	expect(await missing.outcome).toMatchObject({type: 'failed', bytesRead: 0, error: {code: 'ENOENT'}});
	const wrong = await start(pool, taskOf(folder.write('wrong.csv', 'a,b\n1,2\n'), {analysis: 'transactions'}));
	expect(await wrong.outcome).toMatchObject({type: 'failed', bytesRead: 8, error: {code: 'MISSING_COLUMN'}});
	const small = await start(pool, smallFile(folder));
	expect(await small.outcome).toMatchObject({type: 'completed'});
	expect(pool.countOf('worker-started')).toBe(1);
});

test('an abort ends a task at once, also in a wait, and the thread takes the next one', async () => {
	const folder = createTemporaryFolder();
	const pool = createPool(1);
	const task = await start(pool, slowFile(folder));
	await untilReading(task);
	task.direct('abort');
	expect(await task.outcome).toEqual({type: 'aborted'});
	// The directive of the task before is forgotten.
	const next = await start(pool, smallFile(folder));
	expect(await next.outcome).toMatchObject({type: 'completed'});
	expect(pool.countOf('worker-started')).toBe(1);
});

test('a held task reads nothing until it may go on', async () => {
	const folder = createTemporaryFolder();
	const pool = createPool(2);
	const task = await start(pool, {...slowFile(folder), settings: {...settings, simulateIoMs: 1}});
	await untilReading(task);
	task.direct('hold');
	// Another thread tells the time: it waits for as long as the held one would for tens of its waits.
	const other = taskOf(folder.write('clock.csv', transactionsText(2000)), {simulateIoMs: 1});
	await (await start(pool, other)).outcome;
	const held = task.readProgress();
	await (await start(pool, other)).outcome;
	await (await start(pool, other)).outcome;
	expect(task.readProgress()).toEqual(held);
	expect(held.rows).toBeLessThan(60_000);

	task.direct('run');
	expect(await task.outcome).toMatchObject({type: 'completed', file: {rows: 60_000}});
});

test('a held task can be aborted', async () => {
	const pool = createPool(1);
	const task = await start(pool, slowFile(createTemporaryFolder()));
	task.direct('hold');
	task.direct('abort');
	expect(await task.outcome).toEqual({type: 'aborted'});
});

test('a thread that dies loses its task and no more: the next one gets another thread', async () => {
	const folder = createTemporaryFolder();
	const pool = createPool(1);
	const task = await start(pool, slowFile(folder));
	await untilReading(task);
	const waiting = start(pool, smallFile(folder));
	task.kill();
	expect(await task.outcome).toEqual({type: 'worker-lost', cause: 'it was ended because it did not answer'});
	expect(await (await waiting).outcome).toMatchObject({type: 'completed'});
	expect(await (await start(pool, smallFile(folder))).outcome).toMatchObject({type: 'completed'});
	expect(pool.countOf('worker-started')).toBe(2);
	// What is asked of a task that is over is not asked of the thread's next one.
	task.kill();
	task.direct('abort');
	expect(await (await start(pool, smallFile(folder))).outcome).toMatchObject({type: 'completed'});
	expect(pool.countOf('worker-started')).toBe(2);
});

test('no more threads are started than may be, and each is used again', async () => {
	const folder = createTemporaryFolder();
	const pool = createPool(2);
	const tasks = Array.from({length: 12}, (_, index) => smallFile(folder, `${index}.csv`));
	const outcomes = await Promise.all(tasks.map(async task => (await start(pool, task)).outcome));
	expect(outcomes.map(({type}) => type)).toEqual(tasks.map(() => 'completed'));
	expect(pool.countOf('worker-started')).toBe(2);
	expect(pool.countOf('worker-ended')).toBe(0);
});

test('as many files as are in flight are read at the same time, also where there are fewer cores', async () => {
	const folder = createTemporaryFolder();
	const pool = createPool(1, 3);
	const tasks = await Promise.all(['a.csv', 'b.csv', 'c.csv'].map(name => start(pool, slowFile(folder, name))));
	await Promise.all(tasks.map(untilReading));
	for (const task of tasks) task.direct('abort');
	for (const task of tasks) expect(await task.outcome).toEqual({type: 'aborted'});
});

test('who waits for a thread can give up, and leaves the others their place', async () => {
	const folder = createTemporaryFolder();
	const pool = createPool(1);
	const task = await start(pool, slowFile(folder));
	const stopper = new AbortController();
	const givesUp = pool.start(smallFile(folder), stopper.signal);
	const stays = start(pool, smallFile(folder));
	stopper.abort();
	expect(await givesUp).toBeNull();
	expect(await pool.start(smallFile(folder), stopper.signal)).toBeNull();
	task.direct('abort');
	expect(await (await stays).outcome).toMatchObject({type: 'completed'});
});

test('who gives up while the thread starts leaves it to the next', async () => {
	const folder = createTemporaryFolder();
	const pool = createPool(1);
	const stopper = new AbortController();
	const givesUp = pool.start(smallFile(folder), stopper.signal);
	const stays = start(pool, smallFile(folder));
	stopper.abort();
	expect(await givesUp).toBeNull();
	expect(await (await stays).outcome).toMatchObject({type: 'completed'});
	expect(pool.countOf('worker-started')).toBe(1);
});

test('closing ends all threads, the tasks on them and the waiting for them', async () => {
	const folder = createTemporaryFolder();
	const pool = createPool(2);
	const tasks = [await start(pool, slowFile(folder, 'a.csv')), await start(pool, slowFile(folder, 'b.csv'))];
	const waiting = pool.start(smallFile(folder), never);
	await pool.close();
	expect(await waiting).toBeNull();
	for (const task of tasks) expect(await task.outcome).toMatchObject({type: 'worker-lost'});
	expect(pool.countOf('worker-ended')).toBe(2);
	expect(await pool.start(smallFile(folder), never)).toBeNull();
	expect(pool.countOf('worker-started')).toBe(2);
	await pool.close();
});

test('a pool that was never used has no threads', async () => {
	const pool = createPool(4);
	await pool.close();
	expect(pool.countOf('worker-started')).toBe(0);
});

test('how much of a failed file was read does not depend on the size of the chunks', async () => {
	const folder = createTemporaryFolder();
	const pool = createPool(1);
	const long = 'x'.repeat(99);
	const path = folder.write('other.csv', `a,b\n${`${long},1\n`.repeat(4000)}`);
	const broken = folder.write('broken.csv', `${transactionsText(4000)}"${long}`);
	const bytesOf = async (source: string, changed: Partial<ReadSettings>): Promise<unknown> => {
		const outcome = await (await start(pool, taskOf(source, changed))).outcome;
		return outcome.type === 'failed' ? [outcome.error.code, outcome.bytesRead] : outcome.type;
	};
	for (const chunkBytes of [1000, 65_536, 262_144, 1_000_000]) {
		expect(await bytesOf(path, {chunkBytes, analysis: 'transactions'})).toEqual(['MISSING_COLUMN', 65_536]);
		expect(await bytesOf(broken, {chunkBytes, maxErrors: 1})).toEqual([
			'UNCLOSED_QUOTE',
			transactionsText(4000).length + 100,
		]);
		expect(await bytesOf(broken, {chunkBytes, reader: 'reference', maxErrors: 1})).toEqual(
			await bytesOf(broken, {chunkBytes, maxErrors: 1}),
		);
	}
});

test.skipIf(process.platform !== 'linux')('a file without a size, as in /proc, is read to its end', async () => {
	const pool = createPool(1);
	// What a process was started with is such a file, and its names may be anything: here a table.
	const child = spawn('sleep', ['60'], {env: {[transactionsText(3)]: ''}});
	onTestFinished(() => {
		child.kill();
	});
	const path = `/proc/${child.pid}/environ`;
	await vi.waitFor(() => expect(readFileSync(path, 'utf8')).toContain('customer_id'), PATIENT);
	const task = await start(pool, taskOf(path));
	// Behind the table is the sign between a name and its value.
	expect(await task.outcome).toMatchObject({type: 'completed', file: {rows: 4, rejectedRows: 1}});
});

test('a thread that is ended in the middle of a group is told of as lost', async () => {
	const folder = createTemporaryFolder();
	const pool = createPool(1);
	const source = {kind: 'file', path: folder.write('large.csv', transactionsText(200_000))} as const;
	const group = await pool.startGroup({
		choose: () => ({sources: [source], settings}),
		onStart: ({direct}) => direct('hold'),
		onReply() {},
	});
	group?.kill();
	expect(await group?.ended).toEqual({type: 'lost', cause: 'it was ended because it did not answer'});
});

/** More categories than three threads may each have without waiting for others. */
const fileOfCategories = (folder: TemporaryFolder): WorkerTask => {
	const records = Array.from({length: 120_000}, (_, index) => `c,1,2024-01-01,n${index}\n`);
	return taskOf(folder.write('categories.csv', `customer_id,amount,date,category\n${records.join('')}`));
};

/** A number that no thread has. */
const elsewhere = -1;

async function startWithoutMemory(pool: OpenPool, folder: TemporaryFolder): Promise<RunningTask> {
	groupRoom.take(elsewhere, 2 ** 20);
	onTestFinished(() => groupRoom.leave(elsewhere));
	const task = await start(pool, fileOfCategories(folder));
	await vi.waitFor(() => expect(task.countReads?.()).toBeGreaterThan(0), PATIENT);
	return task;
}

test('while a thread waits for memory no further one is started, and then for all who wait', async () => {
	const folder = createTemporaryFolder();
	const pool = createPool(3);
	const task = await startWithoutMemory(pool, folder);
	const others = [start(pool, slowFile(folder, 'a.csv')), start(pool, slowFile(folder, 'b.csv'))];
	expect(pool.countOf('worker-started')).toBe(1);
	groupRoom.leave(elsewhere);
	expect(await task.outcome).toMatchObject({type: 'completed', file: {rows: 120_000}});
	await Promise.all(others);
	// The first thread has more than its share of memory and ends with its file: on a busy machine one more starts in its place.
	expect(pool.countOf('worker-started')).toBeGreaterThanOrEqual(3);
});

test('a file that is held keeps no other one from getting a thread, also where it waits for memory', async () => {
	const folder = createTemporaryFolder();
	const pool = createPool(3);
	const task = await startWithoutMemory(pool, folder);
	const other = start(pool, smallFile(folder));
	expect(pool.countOf('worker-started')).toBe(1);
	task.direct('hold');
	expect(await (await other).outcome).toMatchObject({type: 'completed'});
});
