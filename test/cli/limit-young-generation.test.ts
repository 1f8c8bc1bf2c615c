// When V8 is asked to limit heaps: for many files, and not before a thread has V8's cached code.
import {setFlagsFromString} from 'node:v8';
import {beforeEach, expect, test, vi} from 'vitest';
import {limitHeapsOfService, limitYoungGeneration} from '../../source/cli/process/limit-young-generation.ts';
import {threadsOnline} from '../../source/engine/pool/start-thread.ts';

vi.mock('node:v8', () => ({setFlagsFromString: vi.fn()}));
vi.mock('../../source/engine/pool/start-thread.ts', () => ({threadsOnline: vi.fn()}));

beforeEach(() => {
	vi.mocked(setFlagsFromString).mockClear();
});

test('many files: when a thread is online', async () => {
	let comeOnline: () => void = () => {};
	vi.mocked(threadsOnline).mockReturnValue(
		new Promise(resolve => {
			comeOnline = resolve;
		}),
	);
	const tellCount = limitYoungGeneration();
	await tellCount(499);
	const kept = tellCount(500);
	void tellCount(900);
	expect(threadsOnline).toHaveBeenLastCalledWith(1);
	await Promise.resolve();
	expect(setFlagsFromString).not.toHaveBeenCalled();
	comeOnline();
	await kept;
	expect(vi.mocked(setFlagsFromString).mock.calls).toEqual([['--semi-space-growth-factor=1']]);
});

test('old heaps too, for very many files: as soon as these are known, and once', async () => {
	vi.mocked(threadsOnline).mockResolvedValue();
	const tellCount = limitYoungGeneration();
	await tellCount(19_999);
	expect(setFlagsFromString).not.toHaveBeenCalledWith('--heap-growing-percent=20');
	await tellCount(20_000);
	await tellCount(100_000);
	expect(vi.mocked(setFlagsFromString).mock.calls).toEqual([
		['--semi-space-growth-factor=1'],
		['--heap-growing-percent=20'],
	]);
});

test('few files: never', async () => {
	await limitYoungGeneration()(499);
	expect(setFlagsFromString).not.toHaveBeenCalled();
});

test('a service keeps its heaps small, and where others wait for its answers it does not collect all the time', async () => {
	await limitHeapsOfService({answers: false});
	expect(vi.mocked(setFlagsFromString).mock.calls.at(-1)).toEqual(['--heap-growing-percent=20']);
	await limitHeapsOfService({answers: true});
	expect(vi.mocked(setFlagsFromString).mock.calls.at(-1)).toEqual(['--heap-growing-percent=100']);
	expect(vi.mocked(setFlagsFromString).mock.calls).toContainEqual(['--semi-space-growth-factor=1']);
});
