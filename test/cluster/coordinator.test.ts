// What a coordinator does with a queue that lets it down: each time a queue in memory, which says what the test lets it say.
import {getEventListeners} from 'node:events';
import {describe, expect, onTestFinished, test, vi} from 'vitest';
import type {JobEnd} from '../../source/cluster/coordination.ts';
import {Coordinator, type JobClient} from '../../source/cluster/coordinator.ts';
import {JobAtWork} from '../../source/cluster/job-at-work.ts';
import {FORMAT, type JobBody, type ResultBody, type WorkerBody} from '../../source/cluster/messages.ts';
import {type JobQueue, type JobState, NOT_WANTED} from '../../source/cluster/queue.ts';
import {createSealer, type Sealer} from '../../source/cluster/seal.ts';
import {FakePool} from '../helpers/fake-pool.ts';
import {PATIENT} from '../helpers/patient.ts';
import {readDefaults} from '../helpers/read-defaults.ts';
import {quickCoordinator} from '../helpers/test-cluster.ts';

const sealer = createSealer('secret');

function openFor(itsSealer: Sealer = sealer) {
	const jobs = new Map<string, JobState>();
	const added: string[] = [];
	const bulletins = new Map<string, string>();
	const fetched: string[] = [];
	const queue: JobQueue = {
		async add(batch) {
			for (const {token} of batch) {
				added.push(token);
				jobs.set(token, {type: 'waiting'});
			}
		},
		look: async token => jobs.get(token) ?? {type: 'missing'},
		async readSoFar(token) {
			fetched.push(token);
			const result: ResultBody = {token, execution: '1', type: 'files', replies: [], lost: null};
			return sealer.seal('result', result);
		},
		remove: async token => void jobs.delete(token),
		onHint() {},
		bulletins: {
			publish: async (id, text) => void bulletins.set(id, text),
			retract: async id => void bulletins.delete(id),
			list: async () => Array.from(bulletins, ([id, text]) => ({id, text})),
			find: async id => bulletins.get(id) ?? null,
		},
		warnings: [],
		close: async () => {},
	};
	const coordinator = new Coordinator({
		queue,
		sealer: itsSealer,
		onMessage() {},
		times: {...quickCoordinator, tickMs: 5},
	});
	onTestFinished(() => coordinator.close());
	return {coordinator, jobs, added, bulletins, fetched};
}

function clientOf(path: string): {readonly client: JobClient; readonly ends: JobEnd<ResultBody>[]} {
	const ends: JobEnd<ResultBody>[] = [];
	const body = {
		settings: readDefaults,
		sources: [{kind: 'file', path} as const],
		bytesTotal: null,
		isGroup: false,
		span: null,
	};
	return {
		ends,
		client: {body, onStarted() {}, onWithdrawn() {}, onProgress() {}, onEnded: end => void ends.push(end)},
	};
}

const workerSays = (bulletins: Map<string, string>, id: string, said: Partial<WorkerBody> = {}): void => {
	const body: WorkerBody = {
		...{type: 'worker', id, name: id, format: FORMAT, version: '1', host: 'here', threads: 1, beat: 1},
		...{isDraining: false, jobs: [], filesDone: 0, partsDone: 0, bytesRead: 0, late: 0},
		...said,
	};
	bulletins.set(id, sealer.seal('worker', body));
};

describe('a job that its worker let go of, as it had not heard of the run', () => {
	test('is put in again, and the run has the result of the second try', async () => {
		const {coordinator, jobs, added} = openFor();
		const {client, ends} = clientOf('/data/a.csv');
		coordinator.submit(client);
		await vi.waitUntil(() => added.length === 1, PATIENT);
		jobs.set(added[0] ?? '', {type: 'failed', reason: NOT_WANTED});
		await vi.waitUntil(() => added.length === 2, PATIENT);
		const [, token = ''] = added;
		const result: ResultBody = {token, execution: '1', type: 'files', replies: [], lost: null};
		jobs.set(token, {type: 'completed', result: sealer.seal('result', result)});
		await vi.waitUntil(() => ends.length > 0, PATIENT);
		expect(ends).toEqual([{type: 'result', result}]);
	});

	test('ends at the worker with the reason by which the run knows it', async () => {
		const pool = new FakePool(() => ({threadAfterMs: 0, script: {type: 'hangs'}}));
		const {client} = clientOf('/data/a.csv');
		const body: JobBody = {...client.body, format: FORMAT, token: 'token', run: 'run-1'};
		const job = new JobAtWork({body, execution: '1', backend: pool, rootMaps: [], async onReplies() {}});
		job.kill();
		void pool.close();
		await expect(job.result).rejects.toThrow(NOT_WANTED);
	});
});

test('a job that cannot be sealed ends alone: others are put in, also later ones', async () => {
	const {coordinator, added} = openFor({
		...sealer,
		seal(kind, value) {
			if (kind === 'job' && JSON.stringify(value).includes('bad.csv')) throw new Error('too large');
			return sealer.seal(kind, value);
		},
	});
	const bad = clientOf('/data/bad.csv');
	coordinator.submit(bad.client);
	coordinator.submit(clientOf('/data/good.csv').client);
	await vi.waitUntil(() => bad.ends.length > 0 && added.length === 1, PATIENT);
	expect(bad.ends).toEqual([{type: 'refused', why: 'it cannot be sent: too large'}]);
	coordinator.submit(clientOf('/data/later.csv').client);
	await vi.waitUntil(() => added.length === 2, PATIENT);
});

test('replies of a group are fetched when there are more of them, and not with each thing that its worker says', async () => {
	const {coordinator, added, bulletins, fetched} = openFor();
	const {client} = clientOf('/data/a.csv');
	let told = 0;
	coordinator.submit({...client, body: {...client.body, isGroup: true}, onSoFar: () => void told++});
	await vi.waitUntil(() => added.length === 1, PATIENT);
	const [token = ''] = added;
	const progress = {token, execution: '1', currentIndex: 0, bytesRead: 0, rows: 0, rejectedRows: 0};
	const hasHeard = (beat: number): boolean => coordinator.workers().some(worker => worker.beat === beat);
	for (const [beat, replies, expected] of [
		[1, 0, 0],
		[2, 1, 1],
		[3, 1, 1],
		[4, 1, 1],
		[5, 2, 2],
	] as const) {
		workerSays(bulletins, 'worker-1', {beat, jobs: [{...progress, replies}]});
		await vi.waitUntil(() => hasHeard(beat) && told === expected, PATIENT);
		expect(fetched).toHaveLength(expected);
	}
});

test('who waits for room and ends is no listener any more, and takes no wake-up of another', async () => {
	const {coordinator, bulletins} = openFor();
	const [ending, staying] = [new AbortController(), new AbortController()];
	const ended = coordinator.untilRoom(ending.signal);
	const stayed = coordinator.untilRoom(staying.signal);
	ending.abort();
	await ended;
	workerSays(bulletins, 'worker-1');
	await stayed;
	expect(getEventListeners(staying.signal, 'abort')).toHaveLength(0);
});

test('a worker that takes back what it said is not there any more', async () => {
	const {coordinator, bulletins} = openFor();
	workerSays(bulletins, 'worker-1');
	await vi.waitUntil(() => coordinator.workers().length === 1, PATIENT);
	bulletins.delete('worker-1');
	await vi.waitUntil(() => coordinator.workers().length === 0, {...PATIENT, timeout: quickCoordinator.deadAfterMs / 2});
});
