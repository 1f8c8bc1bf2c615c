// How many threads start before it is known what there is to do, and when the calling thread may read.
import {beforeEach, describe, expect, test, vi} from 'vitest';
import type {RunSettings} from '../../source/cli/arguments/settings.ts';
import {EarlyThreads} from '../../source/cli/process/prestart-threads.ts';
import {isOnLocalDrive} from '../../source/engine/local-drive.ts';
import {startThreadsEarly, threadsOnline} from '../../source/engine/pool/start-thread.ts';

vi.mock('node:v8', () => ({setFlagsFromString: vi.fn()}));
vi.mock('../../source/engine/pool/start-thread.ts', () => ({startThreadsEarly: vi.fn(), threadsOnline: vi.fn()}));
vi.mock('../../source/engine/local-drive.ts', () => ({
	isOnLocalDrive: vi.fn((path: string) => path.startsWith('/disk/')),
}));

const scripts = {output: 'json', threads: 2, concurrency: 3, simulateIoMs: 0};
const early = (changes: object = {}): EarlyThreads => new EarlyThreads({...scripts, ...changes} as RunSettings);
const startedCounts = (): unknown[] => vi.mocked(startThreadsEarly).mock.calls.flat();

beforeEach(() => {
	vi.clearAllMocks();
});

describe('threads', () => {
	test('one by itself, and a second one for a folder', () => {
		const threads = early();
		expect(startedCounts()).toEqual([1]);
		threads.onListed(8);
		expect(startedCounts()).toEqual([1, 2]);
	});

	test('never more than there shall be', () => {
		early({threads: 1}).onListed(8);
		early({concurrency: 1}).onListed(8);
		expect(startedCounts()).toEqual([1, 1, 1, 1]);
	});

	test('one less for many files where the calling thread reads', () => {
		early().onListed(500);
		expect(startedCounts()).toEqual([1, 1]);
		early({threads: 3}).onListed(500);
		expect(startedCounts()).toEqual([1, 1, 1, 2]);
	});

	test('no less where it does not', () => {
		early({output: 'auto'}).onListed(500);
		expect(startedCounts()).toEqual([1, 2]);
	});

	test('heaps are kept small when all that there will be are online', () => {
		early().onCount(499);
		expect(threadsOnline).not.toHaveBeenCalled();
		early().onCount(500);
		expect(threadsOnline).toHaveBeenLastCalledWith(1);
		early({output: 'plain'}).onCount(500);
		expect(threadsOnline).toHaveBeenLastCalledWith(2);
	});
});

describe('the calling thread reads', () => {
	test.each([
		[{output: 'json'}, true],
		[{output: 'jsonl'}, true],
		[{output: 'plain'}, false],
		[{output: 'auto'}, false],
		// Files go one by one then.
		[{simulateIoMs: 10}, false],
		// It would be one more than is wanted.
		[{threads: 1}, false],
		// With more threads than files in flight it is not needed.
		[{threads: 4, concurrency: 3}, false],
		[{threads: 3, concurrency: 3}, true],
	])('%o: %s', (changes, isRight) => {
		const threads = early(changes);
		threads.onCount(500);
		expect(threads.callerReads).toBe(isRight);
	});

	test('many files only', () => {
		const few = early();
		few.onCount(499);
		expect(few.callerReads).toBe(false);
		// They are counted as they are found, in as many turns as it takes.
		few.onCount(500);
		expect(few.callerReads).toBe(true);
	});

	test('from local drives only', () => {
		const threads = early();
		threads.onCount(500);
		threads.onDrive('/disk/a.csv');
		expect(threads.callerReads).toBe(true);
		threads.onDrive('/net/a.csv');
		threads.onDrive('/disk/b.csv');
		expect(threads.callerReads).toBe(false);
		early({output: 'auto'}).onDrive('/disk/a.csv');
		expect(isOnLocalDrive, 'nobody asks a drive in vain').toHaveBeenCalledTimes(2);
	});
});
