// Looks into files while they are read, with real threads.

import {expect, onTestFinished, test, vi} from 'vitest';
import {encodePartial} from '../../source/analysis/partial/partial.ts';
import type {RunningTask} from '../../source/engine/backend/job-backend.ts';
import {type BatchSettings, startBatch} from '../../source/engine/batch.ts';
import {planFiles} from '../../source/engine/plan/plan-files.ts';
import type {Run} from '../../source/engine/run/run-options.ts';
import type {ReadSettings} from '../../source/engine/shared/protocol.ts';
import type {RunEvent} from '../../source/model/events.ts';
import type {FileInspection} from '../../source/model/run-control.ts';
import {type OpenPool, openPool} from '../helpers/open-pool.ts';
import {PATIENT} from '../helpers/patient.ts';
import {readDefaults} from '../helpers/read-defaults.ts';
import {toState} from '../helpers/states.ts';
import {createTemporaryFolder, transactionsText} from '../helpers/temporary-folder.ts';

const never = new AbortController().signal;

interface Started extends Run {
	readonly events: RunEvent[];
	readonly hasBegun: (file: string) => Promise<void>;
}

async function startRunOf(paths: readonly string[], settings: BatchSettings): Promise<Started> {
	const events: RunEvent[] = [];
	const run = startBatch({plan: await planFiles(paths), paths, settings, onEvent: event => events.push(event)});
	onTestFinished(async () => {
		run.perform({type: 'stop'});
		await run.done;
	});
	const hasBegun = (file: string): Promise<void> =>
		vi.waitFor(() => {
			expect(events.some(event => event.type === 'file-progressed' && event.file === file && event.rows > 0)).toBe(
				true,
			);
		}, PATIENT);
	return {...run, events, hasBegun};
}

async function untilMoreThan(inspect: () => Promise<FileInspection | null> | undefined, rows: number) {
	return vi.waitFor(async () => {
		const inspection = await inspect();
		if (inspection === null || inspection === undefined || inspection.rows <= rows) throw new Error('not yet');
		return inspection;
	}, PATIENT);
}

test('the figures of a file grow while it is read, and end as those of its report', async () => {
	const folder = createTemporaryFolder();
	const bad = 'T0,1,not-a-date,x,1.00\n';
	const [slow, next] = [
		folder.write('a.csv', transactionsText(4000) + bad),
		folder.write('b.csv', transactionsText(10)),
	];
	const run = await startRunOf([slow, next], {concurrency: 1, threads: 1, simulateIoMs: 50});
	await run.hasBegun(slow);
	// On a busy machine the file would be over before somebody looks.
	run.perform({type: 'pause-file', file: slow});
	expect(await run.inspectFile?.(next), 'a file that waits').toBeNull();
	expect(await run.inspectFile?.('nowhere.csv'), 'a file that is none').toBeNull();
	expect(await run.inspectRun?.(), 'before any file has completed').toEqual({});

	const inspect = () => run.inspectFile?.(slow);
	const first = await untilMoreThan(inspect, 0);
	run.perform({type: 'resume-file', file: slow});
	const second = await untilMoreThan(inspect, first.rows);
	expect(second.rows).toBeLessThan(4001);
	await run.done;

	const completed = run.events.find(event => event.type === 'file-completed' && event.file === slow);
	const report = completed?.type === 'file-completed' ? completed.report : null;
	expect(report).toMatchObject({status: 'completed', rows: 4001, rejected_rows: 1});
	for (const {analysis, result, dialect, rows} of [first, second]) {
		expect({analysis, dialect}).toEqual({analysis: report?.analysis, dialect: report?.dialect});
		expect(result).toMatchObject({total_transactions: rows});
		expect(Object.keys(result ?? {})).toEqual(Object.keys(report?.result ?? {}));
	}
	expect(report?.result).toMatchObject({total_transactions: 4000});
	expect(await run.inspectFile?.(slow), 'a file that has ended').toBeNull();
});

test('the figures of the run are those of the files that have completed', async () => {
	const folder = createTemporaryFolder();
	const quick = folder.write('a.csv', transactionsText(100));
	const slow = folder.write('b.csv', transactionsText(60_000));
	const run = await startRunOf([quick, slow], {concurrency: 1, threads: 1, simulateIoMs: 20});
	await run.hasBegun(slow);
	expect(await run.inspectRun?.()).toMatchObject({transactions: {total_transactions: 100}});
	expect(await run.inspectRun?.(), 'nothing is computed twice').toBe(await run.inspectRun?.());
});

test('what the reference reader reads has no figures until it ends', async () => {
	const folder = createTemporaryFolder();
	const slow = folder.write('a.csv', transactionsText(60_000));
	const run = await startRunOf([slow], {concurrency: 1, threads: 1, simulateIoMs: 20, reader: 'reference'});
	await run.hasBegun(slow);
	expect(await run.inspectFile?.(slow)).toBeNull();
});

const settings: ReadSettings = {...readDefaults, chunkBytes: 4096, reader: 'kernel'};

function createPool(threads: number): OpenPool {
	const pool = openPool({threads, onLog() {}});
	onTestFinished(() => pool.close());
	return pool;
}

async function startTask(pool: OpenPool, path: string, changed: Partial<ReadSettings>): Promise<RunningTask> {
	const source = {kind: 'file', path} as const;
	const task = await pool.start({source, settings: {...settings, ...changed}, bytesTotal: 1e9}, never);
	if (task === null) throw new Error('The task got no thread');
	return task;
}

const untilReading = (task: RunningTask): Promise<void> =>
	vi.waitFor(() => {
		expect(task.readProgress().rows).toBeGreaterThan(0);
	}, PATIENT);

test('a held file answers, those who ask at the same time share the answer, and a thread that is lost leaves no one waiting', async () => {
	const folder = createTemporaryFolder();
	const task = await startTask(createPool(1), folder.write('slow.csv', transactionsText(60_000)), {simulateIoMs: 20});
	await untilReading(task);
	task.direct('hold');
	const [one, other] = await Promise.all([task.inspect?.(), task.inspect?.()]);
	expect(one?.rows).toBeGreaterThan(0);
	expect(other).toBe(one);
	expect(await task.inspect?.()).toEqual(one);

	task.direct('run');
	const unanswered = task.inspect?.();
	task.kill();
	await unanswered;
	expect(await task.inspect?.()).toBeNull();
});

test('a file that several threads read in ranges is the sum of what all of them have, and looking changes nothing', async () => {
	const folder = createTemporaryFolder();
	const rows = 60_000;
	const text = transactionsText(rows);
	const path = folder.write('large.csv', text);
	const pool = createPool(2);
	const source = {kind: 'file', path} as const;
	const ranged = {...settings, chunkBytes: 512, splitBytes: 1, rangeBytes: 64 * 1024};
	const start = async (): Promise<RunningTask> => {
		const task = await pool.start({source, settings: ranged, bytesTotal: Buffer.byteLength(text)}, never);
		if (task === null) throw new Error('The task got no thread');
		return task;
	};
	const untouched = await (await start()).outcome;
	// On a busy machine a reading may be over before it is looked at.
	for (let looks = 0; looks === 0; ) {
		const task = await start();
		for (let isOver = false; !isOver; ) {
			task.direct('hold');
			const inspection = await task.inspect?.();
			if (inspection != null) {
				looks++;
				expect(inspection.rows).toBeLessThanOrEqual(rows);
				expect(inspection.result).toMatchObject({total_transactions: inspection.rows});
				expect(inspection.rows).toBeGreaterThan(0);
			}
			task.direct('run');
			const nextTurn = new Promise<false>(go => setImmediate(go, false));
			isOver = await Promise.race([task.outcome.then(() => true), nextTurn]);
		}
		const outcome = await task.outcome;
		expect(outcome.type).toBe('completed');
		expect(figuresOf(outcome)).toEqual(figuresOf(untouched));
	}
});

function figuresOf(outcome: Awaited<RunningTask['outcome']>): unknown {
	if (outcome.type !== 'completed') return outcome;
	return outcome.file.folded.map(each => encodePartial(toState(each)));
}
