// Threads that are started before anyone needs them.
import {execFile} from 'node:child_process';
import {once} from 'node:events';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import type {Worker} from 'node:worker_threads';
import {expect, onTestFinished, test} from 'vitest';
import {prestartThreads, startThread} from '../../source/engine/pool/start-thread.ts';
import {PATIENT} from '../helpers/patient.ts';

test('an early thread is taken over; one that has ended by then is not', async () => {
	const created: Worker[] = [];
	const take = (worker: Worker): void => void created.push(worker);
	process.on('worker', take);
	onTestFinished(async () => {
		process.off('worker', take);
		await Promise.all(created.map(worker => worker.terminate()));
	});
	prestartThreads(2);
	// No more than so many wait.
	prestartThreads(2);
	await new Promise(resolve => setImmediate(resolve));
	expect(created).toHaveLength(2);
	const [early, dead] = created;
	if (early === undefined || dead === undefined) throw new Error('No threads were started');
	const ended = once(dead, 'exit');
	await dead.terminate();
	await ended;

	const first = startThread();
	expect(first.worker).toBe(early);
	expect(await first.ready).toEqual({type: 'ready', warning: null});
	const second = startThread();
	expect(second.worker).not.toBe(dead);
	expect(await second.ready).toEqual({type: 'ready', warning: null});
});

test('threads that nobody takes over keep no process alive', async () => {
	const module = fileURLToPath(new URL('../../source/engine/pool/start-thread.ts', import.meta.url));
	const script = `const {prestartThreads} = await import(${JSON.stringify(module)}); prestartThreads(2);`;
	const {stdout, stderr} = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
		timeout: PATIENT.timeout,
	});
	expect({stdout, stderr}).toEqual({stdout: '', stderr: ''});
});
