// With threads that never come to life, which real ones cannot be made to do.
import {EventEmitter} from 'node:events';
import {PassThrough} from 'node:stream';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {createWorkerPool, type WorkerTask} from '../../source/engine/worker-pool.ts';

vi.mock('node:worker_threads', () => ({
	Worker: class extends EventEmitter {
		readonly stdout = new PassThrough();
		readonly stderr = new PassThrough();
		/** Like a thread that hangs in the operating system: it does not end. */
		readonly terminate = (): Promise<number> => new Promise(() => {});
	},
}));

beforeEach(() => {
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
