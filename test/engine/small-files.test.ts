// A group between its thread and its run, at moments that random schedules hardly meet.
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import type {GroupClient, GroupEnd} from '../../source/engine/backend/job-backend.ts';
import type {Attempt} from '../../source/engine/jobs/attempt.ts';
import {beginWork, createJob, type Job} from '../../source/engine/jobs/job.ts';
import {BatchBoard} from '../../source/engine/shared/batch-board.ts';
import {SharedProgress} from '../../source/engine/shared/shared-progress.ts';
import type {GroupBackend} from '../../source/engine/small-files/dequeue-group.ts';
import {FileGroup, type GroupOwner} from '../../source/engine/small-files/file-group.ts';
import {readDefaults} from '../helpers/read-defaults.ts';

beforeEach(() => {
	vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']});
});
afterEach(() => {
	vi.useRealTimers();
});

const readSettings = {...readDefaults, chunkBytes: 1, reader: 'kernel'} as const;
const rules = {readSettings, retries: 0, timeoutMs: 60_000};

/** A group of two files whose thread has taken the first one and says no more. */
function hangingGroup(isElsewhere = false) {
	const jobs: [Job, Job] = [
		createJob({file: 'a.csv'}, {source: {kind: 'file', path: 'a.csv'}, bytesTotal: 1}, rules),
		createJob({file: 'b.csv'}, {source: {kind: 'file', path: 'b.csv'}, bytesTotal: 1}, rules),
	];
	for (const job of jobs) beginWork(job);
	const seen = {
		isPaused: false,
		isKilled: false,
		settled: [] as unknown[],
		putBack: [] as string[],
		cancelled: [] as string[],
	};
	let lose: (end: GroupEnd) => void = () => {};
	const ended = new Promise<GroupEnd>(resolve => {
		lose = resolve;
	});
	const owner: GroupOwner = {
		settings: readSettings,
		timeoutMs: 60_000,
		now: () => 0,
		isPaused: () => seen.isPaused,
		startAttempt(job: Job, attempt: Attempt | null) {
			job.work.attempt = attempt;
			job.phase = 'running';
		},
		finishAttempt(job, outcome) {
			job.phase = 'ended';
			seen.settled.push([job.file, outcome]);
		},
		merge() {},
		requeue(jobs) {
			for (const {file} of jobs) seen.putBack.push(file);
		},
		cancel({file, work}) {
			if (work.removeFromGroup === null) seen.cancelled.push(file);
		},
	};
	const board = new BatchBoard(jobs.length);
	const progress = new SharedProgress();
	const group = new FileGroup(jobs, owner);
	let client: GroupClient | null = null as GroupClient | null;
	const pool: GroupBackend = {
		async startGroup(given) {
			client = given;
			const {choose, onStart} = given;
			choose();
			board.take(0);
			const running = {
				currentIndex: () => board.current,
				readProgress: () => progress.read(),
				direct: (directive: 'hold' | 'run') => progress.direct(directive),
				// A worker elsewhere cannot say at once whether it has begun the file.
				cancelFile: (index: number) => !isElsewhere && board.cancel(index),
				abortFile(index: number) {
					board.abort(index);
					progress.nudge();
				},
				kill() {
					seen.isKilled = true;
				},
				ended,
			};
			onStart(running);
			return running;
		},
	};
	const over = group.work(pool);
	const reply = (types: ReadonlyArray<'aborted' | 'skipped'>): void => {
		const outcomes = types.map(type => (type === 'skipped' ? {type} : {type, elapsedMs: 1}));
		client?.onReply({type: 'did-files', outcomes, merged: [], rows: [], isLast: false});
	};
	return {group, board, progress, jobs, seen, over, lose, reply};
}

/** What the thread is told: to go on, to hold, to abort; the bit beside it only makes it look. */
const toldTo = ({buffer}: SharedProgress): string | undefined =>
	['run', 'hold', 'abort'][(new Int32Array(buffer)[0] ?? 0) & 3];

test('a thread that hangs at a file that was cancelled in a pause is ended after its grace', async () => {
	const {group, jobs, seen} = hangingGroup();
	await Promise.resolve();
	seen.isPaused = true;
	group.hold(true);
	expect(jobs[0].work.removeFromGroup?.(jobs[0])).toBe(false);
	group.poll();
	await vi.advanceTimersByTimeAsync(2000);
	expect(seen.isKilled).toBe(true);
});

test('a pause that comes after the cancel of the file that runs holds the thread all the same', async () => {
	const {group, jobs, seen, progress} = hangingGroup();
	await Promise.resolve();
	group.startCurrent();
	jobs[0].work.attempt?.cancel();
	seen.isPaused = true;
	jobs[0].work.attempt?.hold(true, 0);
	group.hold(true);
	expect(toldTo(progress)).toBe('hold');
});

test.each([
	['at another one', 'WORKER_LOST'],
	['at another one that does not answer', 'TIMEOUT'],
])('a file that began and was not told of is not to blame for the loss of its thread %s', async (_, code) => {
	const {group, board, jobs, seen, over, lose} = hangingGroup();
	await Promise.resolve();
	group.startCurrent();
	board.take(1);
	for (let nowMs = 0; nowMs <= 60_000; nowMs += 1000) if (code === 'TIMEOUT') jobs[0].work.attempt?.sample(nowMs);
	lose({type: 'lost', cause: 'scripted loss'});
	await over;
	expect(seen.settled).toEqual([
		['a.csv', expect.objectContaining({type: 'failed', isBlameless: true})],
		['b.csv', expect.objectContaining({type: 'failed', error: expect.objectContaining({code})})],
	]);
	expect(seen.settled[1]).not.toMatchObject(['b.csv', {isBlameless: true}]);
});

test('a file whose cancel was not certain at once is cancelled when it turns out that it was skipped', async () => {
	const {group, jobs, seen, reply} = hangingGroup(true);
	await Promise.resolve();
	expect(jobs[1].work.removeFromGroup?.(jobs[1])).toBe(false);
	expect(seen.cancelled).toEqual([]);
	reply(['aborted', 'skipped']);
	await group.reported;
	expect(seen.cancelled).toEqual(['b.csv']);
	expect(seen.settled).toEqual([['a.csv', expect.objectContaining({type: 'cancelled'})]]);
});
