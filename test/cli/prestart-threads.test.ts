// How many threads start before it is known what there is to do.
import {beforeEach, describe, expect, test, vi} from 'vitest';
import type {RunSettings} from '../../source/cli/arguments/settings.ts';
import {PrestartedThreads} from '../../source/cli/process/prestart-threads.ts';
import {startThreadsEarly, threadsOnline} from '../../source/engine/pool/start-thread.ts';

vi.mock('node:v8', () => ({setFlagsFromString: vi.fn()}));
vi.mock('../../source/engine/pool/start-thread.ts', () => ({startThreadsEarly: vi.fn(), threadsOnline: vi.fn()}));

const scripts = {output: 'json', threads: 2, concurrency: 3, simulateIoMs: 0};
const early = (changes: object = {}): PrestartedThreads =>
	new PrestartedThreads({...scripts, ...changes} as RunSettings);
const startedCounts = (): unknown[] => vi.mocked(startThreadsEarly).mock.calls.flat();

beforeEach(() => {
	vi.clearAllMocks();
});

describe('threads', () => {
	test('one by itself, and a second one for a folder', () => {
		const threads = early();
		expect(startedCounts()).toEqual([1]);
		threads.onListed();
		expect(startedCounts()).toEqual([1, 2]);
	});

	test('never more than there shall be', () => {
		early({threads: 1}).onListed();
		early({concurrency: 1}).onListed();
		expect(startedCounts()).toEqual([1, 1, 1, 1]);
	});

	test('heaps are kept small when all that there will be are online', () => {
		early().onCount(499);
		expect(threadsOnline).not.toHaveBeenCalled();
		early().onCount(500);
		expect(threadsOnline).toHaveBeenLastCalledWith(2);
	});
});
