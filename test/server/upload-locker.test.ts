// Who writes to an upload of several servers, where something goes wrong.
import {setTimeout as wait} from 'node:timers/promises';
import {expect, test, vi} from 'vitest';
import {LedgerError} from '../../source/ledger/ledger-error.ts';
import {CommitError} from '../../source/ledger/start-commit-thread.ts';
import {UploadLocker, type UploadLockerOptions} from '../../source/server/upload-locker.ts';
import {PATIENT} from '../helpers/patient.ts';

const noRequest = {abort() {}} as never;
const AWAY = new CommitError('the log is away', {isFull: false, isConflict: false, isAway: true});

/** An instance `own` beside one that has died, as the ledger of an upload `u` has it. */
function openLocker(takeOver: UploadLockerOptions['takeOver'] = async () => {}) {
	const row: {holder: string | null} = {holder: null};
	const asked = {commits: 0, failure: null as Error | null};
	const shared = {instance: 'own', isDead: (instance: string) => instance === 'dead'};
	const ledger = {
		shared,
		get: () => row,
		async commit({statement}: {statement: string}) {
			asked.commits++;
			if (asked.failure !== null) throw asked.failure;
			row.holder = statement === 'holdUpload' ? 'own' : null;
		},
	};
	const locker = new UploadLocker({ledger: ledger as never, isReader: () => false, takeOver, againMs: 1});
	return {row, asked, lock: locker.newLock('u'), locker};
}

test('an upload of an instance that has died is written to when its file is one of its own, however often that has failed', async () => {
	let copies = 0;
	const {row, lock, locker} = openLocker(async () => {
		if (++copies < 3) throw new Error('the disk is full');
	});
	row.holder = 'dead';
	for (let time = 0; time < 2; time++) {
		await expect(lock.lock(noRequest, () => {})).rejects.toThrow('the disk is full');
		expect(locker.isHeld('u')).toBe(false);
	}
	await lock.lock(noRequest, () => {});
	expect(copies).toBe(3);
	await lock.unlock();
	// It is not done again.
	await lock.lock(noRequest, () => {});
	expect(copies).toBe(3);
});

test('so it is where the answer of the database is lost that it is held', async () => {
	let copies = 0;
	const {row, asked, lock} = openLocker(async () => void copies++);
	row.holder = 'dead';
	asked.failure = AWAY;
	await expect(lock.lock(noRequest, () => {})).rejects.toThrow(AWAY);
	asked.failure = null;
	row.holder = 'own';
	await lock.lock(noRequest, () => {});
	expect(copies).toBe(1);
});

test('it is let go when the log is there again, and not asked for that for ever once the ledger is closed', async () => {
	const {row, asked, lock} = openLocker();
	await lock.lock(noRequest, () => {});
	asked.failure = AWAY;
	await lock.unlock();
	await vi.waitFor(() => expect(asked.commits).toBeGreaterThan(5), PATIENT);
	asked.failure = null;
	await vi.waitFor(() => expect(row.holder).toBe(null), PATIENT);
	await lock.lock(noRequest, () => {});
	asked.failure = new LedgerError('the ledger is closed');
	const {commits} = asked;
	await lock.unlock();
	await vi.waitFor(() => expect(asked.commits).toBe(commits + 2), PATIENT);
	// Asked for ever, it would be so again within this time.
	await wait(50);
	expect(asked.commits).toBe(commits + 2);
});
