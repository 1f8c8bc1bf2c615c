// Files that several threads of a real pool read together: what becomes of them when they are held, aborted, lose a thread,
// are changed, or are in the way of others.
import {appendFileSync, readFileSync, renameSync, statSync, truncateSync, utimesSync, writeFileSync} from 'node:fs';
import {expect, onTestFinished, test, vi} from 'vitest';
import type {RunningTask} from '../../source/engine/backend/job-backend.ts';
import {type OpenPool, openPool} from '../helpers/open-pool.ts';
import {PATIENT} from '../helpers/patient.ts';
import {describeOutcome, readSplit, startReading} from '../helpers/split-reading.ts';
import {createTemporaryFolder, transactionsHeader, transactionsText} from '../helpers/temporary-folder.ts';

function createPool(threads: number): OpenPool {
	const pool = openPool({threads, onLog: () => {}});
	onTestFinished(() => pool.close());
	return pool;
}

/** A tenth of a second of work, at 64 bytes a read. */
const slowly = {chunkBytes: 64, rangeBytes: 20_000};
const rows = 20_000;

/** A file that is being read. */
async function startLarge(pool: OpenPool, rowCount = rows) {
	const folder = createTemporaryFolder();
	const text = transactionsText(rowCount);
	const path = folder.write('large.csv', text);
	// A time in whole seconds can be set back exactly.
	utimesSync(path, 2, 2);
	folder.awaitTick(path);
	const task = await startReading(pool, path, text.length, slowly);
	await untilReading(task);
	return {folder, path, task, size: text.length};
}

const untilReading = (task: RunningTask): Promise<void> =>
	vi.waitFor(() => expect(task.readProgress().rows).toBeGreaterThan(0), PATIENT);
const wait = (durationMs: number): Promise<void> => new Promise(resolve => setTimeout(resolve, durationMs));

/** The hold has reached the threads: nothing moves any more. Returns how much had been read by then. */
const untilStill = (task: RunningTask): Promise<number> =>
	vi.waitFor(async () => {
		const held = task.readProgress();
		await wait(60);
		expect(task.readProgress()).toEqual(held);
		return held.bytesRead;
	}, PATIENT);

/** A large file that is held before all of it was read: on a busy machine the first hold may come too late. */
async function startHeld(pool: OpenPool, rowCount = rows) {
	for (;;) {
		const started = await startLarge(pool, rowCount);
		started.task.direct('hold');
		if ((await untilStill(started.task)) < started.size) return started;
	}
}

test('a hold stops all, and then they go on to the exact result; totals never fall', async () => {
	const pool = createPool(3);
	for (let holds = 0; holds < 3; ) {
		const {path, task, size} = await startHeld(pool);
		let last = task.readProgress();
		const watch = setInterval(() => {
			const totals = task.readProgress();
			expect(totals.bytesRead).toBeGreaterThanOrEqual(last.bytesRead);
			expect(totals.rows).toBeGreaterThanOrEqual(last.rows);
			last = totals;
		}, 1);
		onTestFinished(() => clearInterval(watch));
		do {
			holds++;
			const {rows: heldRows} = task.readProgress();
			task.direct('run');
			await vi.waitFor(() => expect(task.readProgress().rows).toBeGreaterThan(heldRows), {...PATIENT, interval: 1});
			task.direct('hold');
		} while ((await untilStill(task)) < size);
		task.direct('run');
		const outcome = describeOutcome(await task.outcome);
		clearInterval(watch);
		expect(outcome).toEqual(await readSplit(pool, path, size));
		expect(task.readProgress()).toEqual({bytesRead: size, rows, rejectedRows: 0});
	}
});

test('an abort ends it, also while it is held, and the threads are free', async () => {
	const pool = createPool(2);
	for (const isHeld of [false, true]) {
		const {task, path} = await startLarge(pool, 5 * rows);
		if (isHeld) task.direct('hold');
		task.direct('abort');
		expect(await task.outcome).toEqual({type: 'aborted'});
		const others = await Promise.all([1, 2].map(() => startReading(pool, path, readFileSync(path).length)));
		for (const other of others) expect((await other.outcome).type).toBe('completed');
	}
});

test('threads that die take the attempt along, and new ones read the file', async () => {
	const pool = createPool(2);
	const {task, path, size} = await startLarge(pool, 5 * rows);
	task.kill();
	expect((await task.outcome).type).toBe('worker-lost');
	expect(await readSplit(pool, path, size, {rangeBytes: 5000})).toEqual(await readSplit(pool, path, size));
});

test.each(['run', 'hold'] as const)('a helper leaves for another file (%s)', async directive => {
	const pool = createPool(2);
	const {folder, task, path, size} = await (directive === 'hold' ? startHeld(pool) : startLarge(pool));
	const small = folder.write('small.csv', transactionsText(3));
	const other = await startReading(pool, small, 200);
	expect((await other.outcome).type).toBe('completed');
	task.direct('run');
	expect(describeOutcome(await task.outcome)).toEqual(await readSplit(pool, path, size));
});

const manyRows = 5 * rows;

test.each([
	['is written to', (path: string) => appendFileSync(path, 't,c,1,2024-01-01,food\n')],
	['is replaced', (path: string) => renameSync(path.replace('large', 'other'), path)],
	['shrinks', (path: string) => truncateSync(path, 100_000)],
	[
		'is overwritten and its time set back',
		(path: string) => {
			const {atime, mtime} = statSync(path);
			writeFileSync(path, transactionsText(manyRows).replaceAll('food', 'wood'));
			utimesSync(path, atime, mtime);
		},
	],
])('a file that %s while it is read comes to what it is now: no two states are mixed', async (_, change) => {
	const pool = createPool(2);
	for (let isInTime = false; !isInTime; ) {
		const {folder, path, task, size} = await startHeld(pool, manyRows);
		folder.write('other.csv', transactionsText(manyRows).replaceAll('food', 'wood'));
		change(path);
		// On a busy machine what seems to stand still may have only been waiting for its turn.
		isInTime = task.readProgress().bytesRead < size;
		task.direct('run');
		const outcome = describeOutcome(await task.outcome);
		if (isInTime) expect(outcome).toEqual(await readSplit(pool, path, statSync(path).size));
	}
});

test('a file that is read again, for one thread to say what is wrong, is not one that stands still', async () => {
	const folder = createTemporaryFolder();
	const bad = 'too,few\n';
	const text = transactionsHeader + bad + transactionsText(rows).slice(transactionsHeader.length) + bad;
	const path = folder.write('late.csv', text);
	const pool = createPool(2);
	const task = await startReading(pool, path, text.length, {...slowly, maxErrors: 2});
	const outcome = describeOutcome(await task.outcome);
	expect(outcome).toMatchObject({type: 'failed', error: {code: 'TOO_MANY_REJECTS', line: rows + 3}});
	expect(outcome).toEqual(await readSplit(pool, path, text.length, {chunkBytes: slowly.chunkBytes, maxErrors: 2}));
	expect(task.readProgress().bytesRead).toBe(text.length);
	// The totals do not say so, but all of it was read twice.
	expect(task.countReads?.()).toBeGreaterThan(1.5 * text.length);
});

test('a header that never ends is read by one thread, whatever others are there', async () => {
	const folder = createTemporaryFolder();
	const bytes = Buffer.alloc(20 * 1024 * 1024, 'a');
	const path = folder.write('endless.csv', bytes);
	const started: string[] = [];
	const pool = openPool({threads: 8, onLog: message => started.push(message)});
	onTestFinished(() => pool.close());
	const outcome = await readSplit(pool, path, bytes.length, {rangeBytes: 1024 * 1024});
	expect(outcome).toMatchObject({type: 'failed', error: {code: 'LINE_TOO_LONG', line: 1}});
	expect(started.filter(message => message === 'worker-started')).toHaveLength(1);
});
