// With threads that never come to life, which real ones cannot be made to do.
import {EventEmitter} from 'node:events';
import {PassThrough} from 'node:stream';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import type {WorkerTask} from '../../source/engine/backend/job-backend.ts';
import {type OpenPool, openPool} from '../helpers/open-pool.ts';
import {readDefaults} from '../helpers/read-defaults.ts';

/** What the machine does with those who ask for threads. */
const machine = vi.hoisted(() => ({
	allowedCount: Number.POSITIVE_INFINITY,
	areReady: false,
	/** How busy its threads are. */
	utilization: 0,
	workers: [] as EventEmitter[],
}));

vi.mock('node:worker_threads', () => ({
	Worker: class extends EventEmitter {
		constructor() {
			super();
			if (machine.workers.length >= machine.allowedCount) throw new Error('ERR_WORKER_INIT_FAILED: EAGAIN');
			machine.workers.push(this);
			if (machine.areReady) queueMicrotask(() => this.emit('message', {type: 'ready', warning: null}));
		}

		postMessage(): void {}
		readonly performance = {eventLoopUtilization: () => ({idle: 0, active: 0, utilization: machine.utilization})};
		readonly stdout = new PassThrough();
		readonly stderr = new PassThrough();
		/** Like a thread that hangs in the operating system: it does not end. */
		readonly terminate = (): Promise<number> => new Promise(() => {});
	},
}));

beforeEach(() => {
	Object.assign(machine, {allowedCount: Number.POSITIVE_INFINITY, areReady: false, workers: []});
	vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'performance']});
});
afterEach(() => {
	vi.useRealTimers();
});

const task: WorkerTask = {
	source: {kind: 'file', path: 'a.csv'},
	settings: {...readDefaults, chunkBytes: 1, reader: 'reference'},
};
const never = new AbortController().signal;

test('a thread that does not start is given up, and so is everything that waits for it', async () => {
	const pool = openPool({threads: 1, onLog: () => {}});
	const starting = expect(pool.start(task, never)).rejects.toThrow('it did not start in time');
	await vi.advanceTimersByTimeAsync(20_000);
	await starting;
	expect(vi.getTimerCount()).toBe(0);
});

test('closing does not wait for a thread that hangs for more than a second', async () => {
	const pool = openPool({threads: 1, onLog: () => {}});
	const starting = pool.start(task, never);
	const closing = pool.close();
	await vi.advanceTimersByTimeAsync(1000);
	await closing;
	expect(await starting).toBeNull();
	expect(vi.getTimerCount()).toBe(0);
});

/** A pool of two whose first thread works on a task, and whose second one has been started for another. */
async function poolWithOneWaiting() {
	const pool = openPool({threads: 2, onLog: () => {}});
	const [first, second] = [pool.start(task, never), pool.start(task, never)];
	const [ready, slow] = machine.workers;
	ready?.emit('message', {type: 'ready', warning: null});
	const running = await first;
	const finishFirst = async (): Promise<void> => {
		ready?.emit('message', {type: 'aborted'});
		expect(await running?.outcome).toEqual({type: 'aborted'});
	};
	return {pool, second, slow, finishFirst};
}

test('whoever waits gets the thread that is free first, and not the one that was started for them', async () => {
	const {pool, second, slow, finishFirst} = await poolWithOneWaiting();
	await finishFirst();
	expect(await second).not.toBeNull();
	// The other one is there for the next.
	slow?.emit('message', {type: 'ready', warning: null});
	const third = await pool.start(task, never);
	expect(third).not.toBeNull();
	expect(machine.workers).toHaveLength(2);
	void pool.close();
});

test('a thread that does not start leaves those who wait to the others', async () => {
	const {pool, second, slow, finishFirst} = await poolWithOneWaiting();
	slow?.emit('exit', 1);
	await finishFirst();
	expect(await second).not.toBeNull();
	expect(machine.workers).toHaveLength(2);
	void pool.close();
});

test('where no thread starts, each who waits is told after a try of its own', async () => {
	const pool = openPool({threads: 1, onLog: () => {}});
	const tries = Promise.allSettled([pool.start(task, never), pool.start(task, never)]);
	for (let thread = 0; thread < 2; thread++) machine.workers[thread]?.emit('exit', 7);
	const results = await tries;
	expect(results.map(result => 'reason' in result && String(result.reason))).toEqual([
		'Error: it ended with code 7',
		'Error: it ended with code 7',
	]);
	expect(machine.workers).toHaveLength(2);
	void pool.close();
});

test('where the first three threads do not start, nobody waits for a fourth', async () => {
	const pool = openPool({threads: 1, onLog: () => {}});
	const tries = Promise.allSettled(Array.from({length: 5}, () => pool.start(task, never)));
	for (let thread = 0; thread < 3; thread++) machine.workers[thread]?.emit('exit', 7);
	for (const result of await tries) expect(result).toMatchObject({reason: {message: 'it ended with code 7'}});
	await expect(pool.start(task, never)).rejects.toThrow('it ended with code 7');
	expect(machine.workers).toHaveLength(3);
	// What was wrong may have passed by then.
	await vi.advanceTimersByTimeAsync(1000);
	const later = pool.start(task, never);
	machine.workers[3]?.emit('message', {type: 'ready', warning: null});
	expect(await later).not.toBeNull();
	void pool.close();
});

test('where it goes on, one more is tried each second', async () => {
	const pool = openPool({threads: 1, onLog: () => {}});
	const tries = Promise.allSettled(Array.from({length: 3}, () => pool.start(task, never)));
	for (let thread = 0; thread < 3; thread++) machine.workers[thread]?.emit('exit', 7);
	await tries;
	for (let thread = 3; thread < 6; thread++) {
		await vi.advanceTimersByTimeAsync(1000);
		const starting = pool.start(task, never);
		machine.workers[thread]?.emit('exit', 7);
		await expect(starting).rejects.toThrow('it ended with code 7');
		await expect(pool.start(task, never)).rejects.toThrow('it ended with code 7');
		expect(machine.workers).toHaveLength(thread + 1);
	}
	void pool.close();
});

test('where the last thread is lost and no other allowed, all who wait are told why', async () => {
	Object.assign(machine, {areReady: true});
	const pool = openPool({threads: 1, onLog: () => {}});
	await pool.start(task, never);
	const waiting = Promise.allSettled([pool.start(task, never), pool.start(task, never), pool.start(task, never)]);
	machine.allowedCount = 1;
	machine.workers[0]?.emit('exit', 7);
	for (const result of await waiting)
		expect(result).toMatchObject({reason: {message: expect.stringContaining('EAGAIN')}});
	void pool.close();
});

test.each([
	['ERR_WORKER_OUT_OF_MEMORY', 'Worker terminated', 'ERR_WORKER_OUT_OF_MEMORY: Worker terminated'],
	['ENOENT', 'ENOENT: no such file', 'ENOENT: no such file'],
	[undefined, 'a bug', 'a bug'],
])('the code of what ended a thread is told once: %s', async (code, message, told) => {
	const pool = openPool({threads: 1, onLog: () => {}});
	const starting = pool.start(task, never);
	const error = new Error(message);
	machine.workers[0]?.emit('error', code === undefined ? error : Object.assign(error, {code}));
	machine.workers[0]?.emit('exit', 1);
	await expect(starting).rejects.toThrow(new Error(told));
	void pool.close();
});

test('where one has started, each who waits has a try of its own however many fail', async () => {
	const pool = openPool({threads: 1, onLog: () => {}});
	const first = pool.start(task, never);
	machine.workers[0]?.emit('message', {type: 'ready', warning: null});
	await first;
	machine.workers[0]?.emit('exit', 7);
	for (let thread = 1; thread <= 4; thread++) {
		const next = pool.start(task, never);
		machine.workers[thread]?.emit('exit', 7);
		await expect(next).rejects.toThrow('it ended with code 7');
	}
	expect(machine.workers).toHaveLength(5);
	void pool.close();
});

test('a machine that allows fewer threads than asked for does the work with those it allows', async () => {
	Object.assign(machine, {allowedCount: 1, areReady: true});
	const log: string[] = [];
	const pool = openPool({threads: 8, onLog: message => log.push(message)});
	const first = await pool.start(task, never);
	const second = pool.start(task, never);
	machine.workers[0]?.emit('message', {type: 'aborted'});
	expect(await first?.outcome).toEqual({type: 'aborted'});
	expect(await second).not.toBeNull();
	void pool.start(task, never);
	expect(log, 'it is not asked again').toEqual(['worker-started', 'worker-not-started']);
	void pool.close();
});

test('a machine that allows no thread at all is told of to whoever asks for one', async () => {
	machine.allowedCount = 0;
	const pool = openPool({threads: 2, onLog: () => {}});
	await expect(pool.start(task, never)).rejects.toThrow('EAGAIN');
	const client = {choose: () => ({sources: [], settings: null}), onStart() {}, onReply() {}};
	await expect(pool.startGroup(client)).rejects.toThrow('EAGAIN');
});

/** From then on a file waits for too long. */
const untilOverdue = (): Promise<unknown> => vi.advanceTimersByTimeAsync(250);

async function isStarted(starting: Promise<unknown>): Promise<boolean> {
	let isThere = false;
	void starting.then(() => {
		isThere = true;
	});
	await vi.advanceTimersByTimeAsync(0);
	return isThere;
}

/** The threads of this machine never end. */
async function close(pool: OpenPool): Promise<void> {
	const closing = pool.close();
	await vi.advanceTimersByTimeAsync(1000);
	await closing;
	expect(vi.getTimerCount()).toBe(0);
	// The limit of threads that hang is for the whole process.
	for (const worker of machine.workers) worker.emit('exit', 0);
}

test('a file in flight that would wait for another one to end gets a thread beyond those for any work', async () => {
	Object.assign(machine, {areReady: true});
	const pool = openPool({threads: 1, filesInFlight: 3, onLog: () => {}});
	const starts = Array.from({length: 4}, () => pool.start(task, never));
	await vi.advanceTimersByTimeAsync(249);
	expect(machine.workers).toHaveLength(1);
	await untilOverdue();
	for (const starting of starts.slice(0, 3)) expect(await isStarted(starting)).toBe(true);
	// As many as may be in flight: the fourth file waits for one of them.
	await vi.advanceTimersByTimeAsync(10_000);
	expect(machine.workers).toHaveLength(3);
	machine.workers[1]?.emit('message', {type: 'aborted'});
	expect(await starts[3]).not.toBeNull();
	expect(machine.workers).toHaveLength(3);
	await close(pool);
});

test('where threads come free all the time, none is started, and where nobody waits for it a file waits longer for one', async () => {
	Object.assign(machine, {areReady: true});
	for (const [isUnattended, freeMs] of [
		[false, 250],
		[true, 3000],
	] as const) {
		machine.workers = [];
		const pool = openPool({threads: 1, filesInFlight: 3, isUnattended, onLog: () => {}});
		const starts = Array.from({length: 4}, () => pool.start(task, never));
		for (const starting of starts.slice(0, 2)) {
			expect(await isStarted(starting)).toBe(true);
			await vi.advanceTimersByTimeAsync(freeMs - 1);
			machine.workers[0]?.emit('message', {type: 'aborted'});
		}
		await vi.advanceTimersByTimeAsync(freeMs - 1);
		expect(machine.workers).toHaveLength(1);
		await vi.advanceTimersByTimeAsync(1);
		expect(machine.workers).toHaveLength(2);
		expect(await isStarted(starts[3] as Promise<unknown>)).toBe(true);
		await close(pool);
	}
});

test('where nobody waits for it, a further thread is started when those that there are have no time left', async () => {
	Object.assign(machine, {areReady: true});
	for (const [utilization, counts] of [
		[0.7, [1, 1, 1, 1]],
		[0.9, [1, 1, 2, 2]],
	] as const) {
		Object.assign(machine, {workers: [], utilization});
		const pool = openPool({threads: 2, isUnattended: true, onLog: () => {}});
		for (let index = 0; index < 10; index++) void pool.start(task, never);
		for (const count of counts) {
			expect(machine.workers).toHaveLength(count);
			await vi.advanceTimersByTimeAsync(1000);
			machine.workers[0]?.emit('message', {type: 'aborted'});
			await vi.advanceTimersByTimeAsync(0);
		}
		await close(pool);
	}
	// Elsewhere at once.
	Object.assign(machine, {workers: [], utilization: 0});
	const pool = openPool({threads: 2, onLog: () => {}});
	for (let index = 0; index < 3; index++) void pool.start(task, never);
	expect(machine.workers).toHaveLength(2);
	await close(pool);
});

test('a file that gets a thread soon has none started for it', async () => {
	Object.assign(machine, {areReady: true});
	const pool = openPool({threads: 1, filesInFlight: 3, onLog: () => {}});
	const [first, second] = [pool.start(task, never), pool.start(task, never)];
	await vi.advanceTimersByTimeAsync(249);
	machine.workers[0]?.emit('message', {type: 'aborted'});
	await untilOverdue();
	expect(await isStarted(second)).toBe(true);
	expect(machine.workers).toHaveLength(1);
	await first;
	await close(pool);
});

test('a file that gave up waiting has no thread started for it', async () => {
	Object.assign(machine, {areReady: true});
	const pool = openPool({threads: 1, filesInFlight: 3, onLog: () => {}});
	await pool.start(task, never);
	const stopper = new AbortController();
	const givesUp = pool.start(task, stopper.signal);
	stopper.abort();
	expect(await givesUp).toBeNull();
	await untilOverdue();
	expect(machine.workers).toHaveLength(1);
	await close(pool);
});

test('a group of small files gets a thread beyond those for any work after a while', async () => {
	Object.assign(machine, {areReady: true});
	const pool = openPool({threads: 1, filesInFlight: 3, onLog: () => {}});
	await pool.start(task, never);
	const group = pool.startGroup({choose: () => ({sources: [], settings: null}), onStart() {}, onReply() {}});
	// A file by itself would have one by now.
	await untilOverdue();
	expect(machine.workers).toHaveLength(1);
	await vi.advanceTimersByTimeAsync(1000);
	expect(machine.workers).toHaveLength(2);
	expect(await group).toBeNull();
	await close(pool);
});

test('more files in flight than at first get a thread each, unless the number of threads was set', async () => {
	Object.assign(machine, {areReady: true});
	for (const [filesInFlight, expected] of [
		[1, 2],
		[undefined, 1],
	] as const) {
		machine.workers = [];
		const pool = openPool({threads: 1, filesInFlight, onLog: () => {}});
		void pool.start(task, never);
		void pool.start(task, never);
		await untilOverdue();
		expect(machine.workers).toHaveLength(1);
		pool.setFilesInFlight(2);
		await vi.advanceTimersByTimeAsync(0);
		expect(machine.workers).toHaveLength(expected);
		await close(pool);
	}
});
