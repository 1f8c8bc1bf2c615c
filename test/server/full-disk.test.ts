// What a task has come to is written down when there is room for it again.
import {Readable} from 'node:stream';
import {expect, test, vi} from 'vitest';
import type {ServerChange} from '../../source/ledger/server-ledger.ts';
import {CommitError} from '../../source/ledger/start-commit-thread.ts';
import {LOCAL_USER} from '../../source/server/accounts.ts';
import {PATIENT} from '../helpers/patient.ts';
import {GOOD_FILE} from '../helpers/server.ts';
import {openTasks} from '../helpers/server-tasks.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

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
	const dataset = await datasets.store(
		LOCAL_USER,
		{name: 'a.csv', source: 'api', stated: null},
		Readable.from([Buffer.from(GOOD_FILE)]),
	);
	const {id} = await tasks.submit(LOCAL_USER, dataset, {task: 'transactions', analyses: ['transactions']});
	await vi.waitFor(() => expect(tasks.find(LOCAL_USER, id).state).toBe('COMPLETED'), PATIENT);
	expect(refusals).toBe(1);
	await close();
});
