// How many threads start before the work is known.
import {beforeEach, describe, expect, test, vi} from 'vitest';
import type {RunSettings} from '../../source/cli/arguments/settings.ts';
import {PrestartedThreads} from '../../source/cli/process/prestart-threads.ts';
import type {Plan} from '../../source/engine/plan/plan.ts';
import {prestartThreads, threadsOnline} from '../../source/engine/pool/start-thread.ts';

vi.mock('node:v8', () => ({setFlagsFromString: vi.fn()}));
vi.mock('../../source/engine/pool/start-thread.ts', () => ({prestartThreads: vi.fn(), threadsOnline: vi.fn()}));

const scripts = {output: 'json', threads: 2, concurrency: 3, simulateIoMs: 0};
const early = (changes: object = {}): PrestartedThreads =>
	new PrestartedThreads({...scripts, ...changes} as RunSettings);
const LARGE_BYTES = 10_000_000;
const planOf = (count: number, bytesTotal: number | null): Plan => ({
	entries: Array.from({length: count}, (_, index) => {
		const file = `${index}.csv`;
		return {type: 'file', file, source: {kind: 'file', path: file}, bytesTotal};
	}),
	unmatched: [],
});
const startedCounts = (): unknown[] => vi.mocked(prestartThreads).mock.calls.flat();

beforeEach(() => {
	vi.clearAllMocks();
});

describe('threads', () => {
	test('one by itself, and a second one for a large file, or one of unknown size', () => {
		const threads = early();
		expect(startedCounts()).toEqual([1]);
		threads.onPlanned(planOf(1, LARGE_BYTES));
		expect(startedCounts()).toEqual([1, 2]);
		early().onPlanned(planOf(1, null));
		expect(startedCounts()).toEqual([1, 2, 1, 2]);
	});

	test('no second one for a few small files, which are read before it could begin', () => {
		early().onPlanned(planOf(10, 1000));
		expect(startedCounts()).toEqual([1]);
	});

	test('no second one for very many files: those that read show whether it is worth it', () => {
		early().onPlanned(planOf(500, LARGE_BYTES));
		expect(startedCounts()).toEqual([1]);
	});

	test('never more than the settings allow', () => {
		early({threads: 1}).onPlanned(planOf(10, LARGE_BYTES));
		early({concurrency: 1}).onPlanned(planOf(10, LARGE_BYTES));
		expect(startedCounts()).toEqual([1, 1, 1, 1]);
	});

	test('heaps are limited when a thread is online', () => {
		early().onCount(499);
		expect(threadsOnline).not.toHaveBeenCalled();
		early().onCount(500);
		expect(threadsOnline).toHaveBeenLastCalledWith(1);
	});
});
