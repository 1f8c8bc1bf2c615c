// What a task has come to is written down when there is room for it again; what cannot be written at all is a fault, and no task waits for ever.
import {rmSync, writeFileSync} from 'node:fs';
import {Readable} from 'node:stream';
import {expect, test, vi} from 'vitest';
import {LedgerError} from '../../source/ledger/ledger-error.ts';
import type {ServerChange} from '../../source/ledger/server-ledger.ts';
import {CommitError} from '../../source/ledger/start-commit-thread.ts';
import {LOCAL_USER} from '../../source/server/accounts.ts';
import type {Dataset, Datasets} from '../../source/server/datasets.ts';
import {PATIENT} from '../helpers/patient.ts';
import {ENDLESS_FILE, GOOD_FILE} from '../helpers/server.ts';
import {openTasks} from '../helpers/server-tasks.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const store = (datasets: Datasets, content: string | Buffer): Promise<Dataset> =>
	datasets.store(
		LOCAL_USER,
		{name: 'a.csv', source: 'api', stated: null, corrects: null},
		Readable.from([Buffer.from(content)]),
	);

test.each(['startTask', 'endTask'])('a disk that is full at %s holds a task up, and nothing more', async statement => {
	const {ledger, datasets, tasks, close} = await openTasks(createTemporaryFolder());
	let refusals = 0;
	const commit = ledger.commit.bind(ledger);
	ledger.commit = async (...changes: readonly ServerChange[]) => {
		if (refusals === 0 && changes.some(change => change.statement === statement)) {
			refusals++;
			throw new CommitError('the disk is full', {isFull: true, isConflict: false});
		}
		return commit(...changes);
	};
	const dataset = await store(datasets, GOOD_FILE);
	const {id} = await tasks.submit(LOCAL_USER, dataset, {
		task: 'transactions',
		analyses: ['transactions'],
		options: {},
		mapping: null,
	});
	await vi.waitFor(() => expect(tasks.find(LOCAL_USER, id).state).toBe('COMPLETED'), PATIENT);
	expect(refusals).toBe(1);
	await close();
});

test('a task that is paused while nothing can be written waits again when that has passed', async () => {
	const {ledger, datasets, tasks, close} = await openTasks(createTemporaryFolder());
	let refusals = 0;
	const commit = ledger.commit.bind(ledger);
	ledger.commit = async (...changes: readonly ServerChange[]) => {
		if (refusals === 0 && changes.some(({statement}) => statement === 'requeueTask')) {
			refusals++;
			throw new CommitError('the log is away', {isFull: false, isConflict: false, isAway: true});
		}
		return commit(...changes);
	};
	const dataset = await store(datasets, ENDLESS_FILE);
	const {id} = await tasks.submit(LOCAL_USER, dataset, {
		task: 'transactions',
		analyses: ['transactions'],
		options: {},
		mapping: null,
	});
	await vi.waitFor(() => expect(tasks.find(LOCAL_USER, id).state).toBe('PROCESSING'), PATIENT);
	await tasks.pause(LOCAL_USER, id);
	await vi.waitFor(() => expect(tasks.find(LOCAL_USER, id).state).toBe('QUEUED'), PATIENT);
	expect(refusals).toBe(1);
	await close();
});

test('a task whose rejected records cannot be written fails, and the operator hears of it', async () => {
	const folder = createTemporaryFolder();
	const faults: unknown[] = [];
	const {datasets, tasks, close} = await openTasks(folder, {threads: 1}, {}, fault => faults.push(fault));
	rmSync(folder.at('rejects'), {recursive: true});
	writeFileSync(folder.at('rejects'), 'no folder');
	const dataset = await store(datasets, `${GOOD_FILE}x,c,none,2024-01-01,f\n`);
	const {id} = await tasks.submit(LOCAL_USER, dataset, {
		task: 'transactions',
		analyses: ['transactions'],
		options: {},
		mapping: null,
	});
	await vi.waitFor(
		() => expect(tasks.find(LOCAL_USER, id)).toMatchObject({state: 'FAILED', error: {code: 'INTERNAL'}}),
		PATIENT,
	);
	expect(faults).toMatchObject([{code: 'ENOTDIR'}]);
	await close();
});

test('a ledger that has failed is reported, and not asked again without a pause', async () => {
	const faults: unknown[] = [];
	const {ledger, datasets, tasks, close} = await openTasks(createTemporaryFolder(), {threads: 1}, {}, fault =>
		faults.push(fault),
	);
	const dataset = await store(datasets, GOOD_FILE);
	let refusals = 0;
	const commit = ledger.commit.bind(ledger);
	ledger.commit = async (...changes: readonly ServerChange[]) => {
		if (!changes.some(({statement}) => statement === 'startTask')) return commit(...changes);
		// Without a pause nothing else has a turn, not even what ends the test.
		if (refusals++ > 100) return new Promise(() => {});
		throw new LedgerError('the ledger cannot be written');
	};
	await tasks.submit(LOCAL_USER, dataset, {
		task: 'transactions',
		analyses: ['transactions'],
		options: {},
		mapping: null,
	});
	await vi.waitFor(() => expect(faults.length).toBeGreaterThanOrEqual(2), PATIENT);
	expect(faults[0]).toBeInstanceOf(LedgerError);
	expect(refusals).toBe(faults.length);
	await close();
});
