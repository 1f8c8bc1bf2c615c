// What a server was at when it ended goes on with the next one: large data sets from where they were.
import {Readable} from 'node:stream';
import {expect, test, vi} from 'vitest';
import type {ServerChange, ServerLedger} from '../../source/ledger/server-ledger.ts';
import type {FileReport} from '../../source/model/report.ts';
import {processFile} from '../../source/process-files.ts';
import {LOCAL_USER} from '../../source/server/accounts.ts';
import {PATIENT} from '../helpers/patient.ts';
import {GOOD_FILE} from '../helpers/server.ts';
import {openTasks} from '../helpers/server-tasks.ts';
import {createTemporaryFolder, transactionsText} from '../helpers/temporary-folder.ts';

const TASK = {task: 'transactions', analyses: ['transactions'], options: {}, mapping: null};
/** Long enough for checkpoints: a wait after every 100 records. */
const SLOWLY = {threads: 1, simulateIoMs: 1};

const checkpointCount = (ledger: ServerLedger): number =>
	Number(ledger.get('SELECT count(*) AS count FROM task_checkpoints')?.count);

const withoutTimes = ({processing_time: _, attempts: __, file: ___, ...figures}: FileReport): object => figures;

test('a large task goes on from its last checkpoint after a restart, and comes to the same', async () => {
	const folder = createTemporaryFolder();
	const text = transactionsText(120_000);
	const first = await openTasks(folder, SLOWLY);
	const dataset = await first.datasets.store(
		LOCAL_USER,
		{name: 'large.csv', source: 'api', stated: null, corrects: null},
		Readable.from([Buffer.from(text)]),
	);
	const {id} = await first.tasks.submit(LOCAL_USER, dataset, TASK);
	await vi.waitFor(() => expect(checkpointCount(first.ledger)).toBe(1), PATIENT);
	await first.close();

	const second = await openTasks(folder, SLOWLY);
	expect(second.tasks.find(LOCAL_USER, id).state).toBe('QUEUED');
	const progress: number[] = [];
	vi.spyOn(second.hub, 'tell').mockImplementation((_account, _task, line) => progress.push(JSON.parse(line).bytesRead));
	await second.tasks.resume();
	await vi.waitFor(() => expect(second.tasks.find(LOCAL_USER, id).state).toBe('COMPLETED'), PATIENT);
	// Ranges end with a record.
	expect(progress[0]).toBeGreaterThan(1_000_000);
	const report = second.results.reportOf(second.tasks.find(LOCAL_USER, id));
	const expected = await processFile(folder.write('large.csv', text), {analysis: 'transactions', hash: 'sha256'});
	expect(withoutTimes(report)).toEqual(withoutTimes(expected));
	expect(checkpointCount(second.ledger)).toBe(0);
	await second.close();
});

test('a task that server after server dies of is not tried for ever, until somebody asks for it', async () => {
	const folder = createTemporaryFolder();
	const made = await openTasks(folder);
	await made.tasks.close();
	const dataset = await made.datasets.store(
		LOCAL_USER,
		{name: 'a.csv', source: 'api', stated: null, corrects: null},
		Readable.from([Buffer.from(GOOD_FILE)]),
	);
	const {id} = await made.tasks.submit(LOCAL_USER, dataset, TASK);
	const {ledger} = made;
	for (let deaths = 1; ; deaths++) {
		// As it is on the disk when the process is killed.
		await ledger.commit({statement: 'startTask', values: [Date.now(), null, id, deaths - 1], rows: 1});
		await made.tasks.resume();
		const {state, error} = made.tasks.find(LOCAL_USER, id);
		if (state === 'QUEUED') continue;
		expect([state, error?.code, deaths]).toEqual(['FAILED', 'CRASH_LOOP', 5]);
		break;
	}
	await made.close();

	const next = await openTasks(folder);
	expect((await next.tasks.retry(LOCAL_USER, id)).error).toBeNull();
	await vi.waitFor(() => expect(next.tasks.find(LOCAL_USER, id).state).toBe('COMPLETED'), PATIENT);
	await next.close();
});

test('a task that processes have died of runs by itself, so that no other one is blamed', async () => {
	const folder = createTemporaryFolder();
	const made = await openTasks(folder, SLOWLY, {maxConcurrentTasks: 3});
	await made.tasks.close();
	const {ledger, datasets} = made;
	const submit = async (rows: number): Promise<string> => {
		const bytes = Buffer.from(transactionsText(rows));
		const dataset = await datasets.store(
			LOCAL_USER,
			{name: 'a.csv', source: 'api', stated: null, corrects: null},
			Readable.from([bytes]),
		);
		return (await made.tasks.submit(LOCAL_USER, dataset, TASK)).id;
	};
	const [before, suspect, behind] = [await submit(20_000), await submit(20_000), await submit(200)];
	for (let deaths = 0; deaths < 2; deaths++) {
		await ledger.commit({statement: 'startTask', values: [Date.now(), null, suspect, deaths], rows: 1});
		await made.tasks.resume();
	}
	await made.close();

	const next = await openTasks(folder, SLOWLY, {maxConcurrentTasks: 3});
	await next.tasks.resume();
	const ids = [before, suspect, behind];
	await vi.waitFor(() => {
		for (const id of ids) expect(next.tasks.find(LOCAL_USER, id).state).toBe('COMPLETED');
	}, PATIENT);
	const [first, alone, last] = ids.map(id => next.tasks.find(LOCAL_USER, id));
	for (const other of [first, last]) expect(other?.startedAt).toBeGreaterThanOrEqual(alone?.endedAt ?? Number.NaN);
	await next.close();
});

test('a task that another one has begun and given up, since it was seen to wait, is begun anew', async () => {
	const made = await openTasks(createTemporaryFolder());
	const {ledger} = made;
	const commit = ledger.commit.bind(ledger);
	let isFirst = true;
	ledger.commit = async (...changes: readonly ServerChange[]) => {
		const [start] = changes;
		if (isFirst && start?.statement === 'startTask') {
			isFirst = false;
			const id = start.values[2] ?? null;
			await commit({statement: 'startTask', values: [Date.now(), 'other', id, 0], rows: 1});
			await commit({statement: 'requeueTask', values: [id, 'other'], rows: 1});
		}
		return commit(...changes);
	};
	const dataset = await made.datasets.store(
		LOCAL_USER,
		{name: 'a.csv', source: 'api', stated: null, corrects: null},
		Readable.from([Buffer.from(GOOD_FILE)]),
	);
	const {id} = await made.tasks.submit(LOCAL_USER, dataset, TASK);
	await vi.waitFor(
		() => expect(made.tasks.find(LOCAL_USER, id)).toMatchObject({state: 'COMPLETED', attempts: 2}),
		PATIENT,
	);
	await made.close();
});
