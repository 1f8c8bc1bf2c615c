// With threads that never come to life, which real ones cannot be made to do.
import {EventEmitter} from 'node:events';
import {PassThrough} from 'node:stream';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {createWorkerPool, type WorkerTask} from '../../source/engine/worker-pool.ts';

/** What the machine does with those who ask for threads. */
const machine = vi.hoisted(() => ({
	allowedCount: Number.POSITIVE_INFINITY,
	areReady: false,
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
		readonly stdout = new PassThrough();
		readonly stderr = new PassThrough();
		/** Like a thread that hangs in the operating system: it does not end. */
		readonly terminate = (): Promise<number> => new Promise(() => {});
	},
}));

beforeEach(() => {
	Object.assign(machine, {allowedCount: Number.POSITIVE_INFINITY, areReady: false, workers: []});
	vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']});
});
afterEach(() => {
	vi.useRealTimers();
});

const task: WorkerTask = {
	source: {kind: 'file', path: 'a.csv'},
	settings: {analysis: null, maxErrors: null, simulateIoMs: 0, chunkBytes: 1, reader: 'reference'},
};
const never = new AbortController().signal;

test('a thread that does not start is given up, and so is everything that waits for it', async () => {
	const pool = createWorkerPool({threads: 1, onLog: () => {}});
	const starting = expect(pool.start(task, never)).rejects.toThrow('it did not start in time');
	await vi.advanceTimersByTimeAsync(20_000);
	await starting;
	expect(vi.getTimerCount()).toBe(0);
});

test('closing does not wait for a thread that hangs for more than a second', async () => {
	const pool = createWorkerPool({threads: 1, onLog: () => {}});
	const starting = pool.start(task, never);
	const closing = pool.close();
	await vi.advanceTimersByTimeAsync(1000);
	await closing;
	expect(await starting).toBeNull();
	expect(vi.getTimerCount()).toBe(0);
});

test('a machine that allows fewer threads than asked for does the work with those it allows', async () => {
	Object.assign(machine, {allowedCount: 1, areReady: true});
	const log: string[] = [];
	const pool = createWorkerPool({threads: 8, onLog: message => log.push(message)});
	const first = await pool.start(task, never);
	const second = pool.start(task, never);
	machine.workers[0]?.emit('message', {type: 'aborted'});
	expect(await first?.outcome).toEqual({type: 'aborted'});
	expect(await second).not.toBeNull();
	expect(log).toEqual(['worker-started', 'worker-not-started']);
	void pool.close();
});

test('a machine that allows no thread at all is told of to whoever asks for one', async () => {
	machine.allowedCount = 0;
	const pool = createWorkerPool({threads: 2, onLog: () => {}});
	await expect(pool.start(task, never)).rejects.toThrow('EAGAIN');
	const client = {choose: () => ({sources: [], settings: null}), onStart() {}, onReply() {}};
	await expect(pool.startBatch(client)).rejects.toThrow('EAGAIN');
});
