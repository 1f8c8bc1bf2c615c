// Amounts by month of files that have completed, with real threads.
import {appendFileSync, utimesSync} from 'node:fs';
import {gzipSync} from 'node:zlib';
import {expect, onTestFinished, test, vi} from 'vitest';
import {type BatchSettings, startBatch} from '../../source/engine/batch.ts';
import {planFiles} from '../../source/engine/plan.ts';
import {type Run, startRun} from '../../source/engine/run.ts';
import type {ReadSettings} from '../../source/engine/worker/protocol.ts';
import {createWorkerPool, type WorkerPool} from '../../source/engine/worker-pool.ts';
import type {RunEvent} from '../../source/store/events.ts';
import {monthsByOracle} from '../helpers/months-oracle.ts';
import {createTemporaryFolder, transactionsHeader, transactionsText} from '../helpers/temporary-folder.ts';

const never = new AbortController().signal;
const patient = {timeout: 20_000, interval: 5};

/** Three years of amounts with up to three decimals, some of them rejected. */
const yearsText = (count: number): string =>
	transactionsHeader +
	Array.from({length: count}, (_, index) => {
		const month = String(1 + ((index * 5) % 12)).padStart(2, '0');
		const amount = index % 97 === 0 ? 'none' : `${index % 3 === 0 ? '-' : ''}${index}.${'125'.slice(0, index % 4)}`;
		return `t${index},c${index % 10},${amount},${2021 + (Math.floor(index / 12) % 3)}-${month}-15,food\n`;
	}).join('');

async function runOf(paths: readonly string[], settings: BatchSettings = {}): Promise<{run: Run; events: RunEvent[]}> {
	const events: RunEvent[] = [];
	const run = startBatch({plan: await planFiles(paths), paths, settings, onEvent: event => events.push(event)});
	onTestFinished(async () => {
		run.stop();
		await run.done;
	});
	return {run, events};
}

const hasEnded = (events: readonly RunEvent[], file: string): Promise<void> =>
	vi.waitFor(() => {
		expect(events.some(event => event.type === 'file-completed' && event.file === file)).toBe(true);
	}, patient);

test.each([
	{name: 'a small file', rows: 1000, isPacked: false},
	{name: 'a packed file', rows: 20_000, isPacked: true},
	{name: 'a file that is no small one', rows: 20_000, isPacked: false},
])('$name, when the run is over', async ({rows, isPacked}) => {
	const folder = createTemporaryFolder();
	const bytes = Buffer.from(yearsText(rows));
	const file = folder.write('a.csv', isPacked ? gzipSync(bytes) : bytes);
	const {run} = await runOf([file, folder.write('b.csv', transactionsText(3))], {threads: 2});
	await run.done;
	const months = await run.inspectMonths?.(file, never);
	expect(months).toHaveLength(36);
	expect(months).toEqual(monthsByOracle(bytes));
	expect(await run.inspectMonths?.(file, never), 'once more').toEqual(months);
});

test('while the run is on, a thread that no file wants reads it; only files that have completed have months', async () => {
	const folder = createTemporaryFolder();
	const text = yearsText(500);
	const quick = folder.write('a.csv', text);
	const broken = folder.write('b.csv', 'no,such,columns\n');
	const slow = folder.write('c.csv', transactionsText(60_000));
	const {run, events} = await runOf([quick, broken, slow], {concurrency: 2, threads: 2, simulateIoMs: 20});
	await hasEnded(events, quick);
	await vi.waitFor(() => expect(events.some(({type}) => type === 'file-failed')).toBe(true), patient);
	expect(await run.inspectMonths?.(quick, never)).toEqual(monthsByOracle(Buffer.from(text)));
	expect(await run.inspectMonths?.(slow, never), 'a file that runs').toBeNull();
	expect(await run.inspectMonths?.(broken, never), 'a file that failed').toBeNull();
	expect(await run.inspectMonths?.('nowhere.csv', never), 'a file that is none').toBeNull();
});

test('whoever waits behind a run that needs all threads is served when it is over', async () => {
	const folder = createTemporaryFolder();
	const text = yearsText(100);
	const quick = folder.write('a.csv', text);
	const others = ['b', 'c', 'd'].map(name => folder.write(`${name}.csv`, transactionsText(2000)));
	const {run, events} = await runOf([quick, ...others], {concurrency: 1, threads: 1, simulateIoMs: 5});
	await hasEnded(events, quick);
	let servedAfter = -1;
	const months = run.inspectMonths?.(quick, never).then(answer => {
		servedAfter = events.length;
		return answer;
	});
	const leaving = new AbortController();
	const unwanted = run.inspectMonths?.(quick, leaving.signal);
	leaving.abort();
	expect(await unwanted, 'nobody waits any more').toBeNull();
	await run.done;
	expect(await months).toEqual(monthsByOracle(Buffer.from(text)));
	expect(servedAfter).toBe(events.length);
	expect(events.at(-1)).toMatchObject({type: 'run-completed', totals: {completed: 4}});
});

test('a file that is not what it was has no months', async () => {
	const folder = createTemporaryFolder();
	const [longer, touched] = [folder.write('a.csv', yearsText(100)), folder.write('b.csv', yearsText(100))];
	const {run} = await runOf([longer, touched]);
	await run.done;
	appendFileSync(longer, 't,c,1.00,2024-01-01,food\n');
	utimesSync(touched, 1, 1);
	expect(await run.inspectMonths?.(longer, never)).toBeNull();
	expect(await run.inspectMonths?.(touched, never)).toBeNull();
});

test('an answer that is no longer wanted ends at once, also with a thread of its own', async () => {
	const folder = createTemporaryFolder();
	const file = folder.write('a.csv', yearsText(300_000));
	const {run} = await runOf([file]);
	await run.done;
	const leaving = new AbortController();
	const answer = run.inspectMonths?.(file, leaving.signal);
	// Its thread takes many turns until it has read the file.
	setImmediate(() => leaving.abort());
	expect(await answer).toBeNull();
	expect(await run.inspectMonths?.(file, leaving.signal)).toBeNull();
});

const settings: ReadSettings = {analysis: null, maxErrors: null, simulateIoMs: 0, chunkBytes: 4096, reader: 'kernel'};

/** A run whose pool outlives it: its thread works on. */
async function runWithPool(path: string): Promise<{run: Run; pool: WorkerPool}> {
	const pool = createWorkerPool({threads: 1, onLog() {}});
	onTestFinished(() => pool.close());
	const run = startRun({
		plan: await planFiles([path]),
		paths: [path],
		version: '0.0.0',
		concurrency: 1,
		threads: 1,
		retries: 0,
		timeoutMs: 60_000,
		readSettings: settings,
		pool,
		onEvent() {},
	});
	await run.done;
	return {run, pool};
}

test('a thread of the pool that was told to stop reads the next file', async () => {
	const folder = createTemporaryFolder();
	const text = yearsText(100_000);
	const path = folder.write('a.csv', text);
	const {run, pool} = await runWithPool(path);
	const expected = monthsByOracle(Buffer.from(text));
	for (const waitMs of [0, 1, 3, 10]) {
		const leaving = new AbortController();
		const answer = run.inspectMonths?.(path, leaving.signal);
		setTimeout(() => leaving.abort(), waitMs);
		expect([null, expected]).toContainEqual(await answer);
		const task = await pool.start({source: {kind: 'file', path}, settings}, never);
		expect(await task?.outcome).toMatchObject({type: 'completed', file: {rows: 100_000}});
		expect(await run.inspectMonths?.(path, never)).toEqual(expected);
	}
});

test('a pool that closes under an answer leaves it to a thread of its own', async () => {
	const folder = createTemporaryFolder();
	const text = yearsText(100_000);
	const path = folder.write('a.csv', text);
	const {run, pool} = await runWithPool(path);
	const answer = run.inspectMonths?.(path, never);
	setTimeout(() => void pool.close(), 3);
	expect(await answer).toEqual(monthsByOracle(Buffer.from(text)));
});
