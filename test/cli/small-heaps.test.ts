// When V8 is told to keep young heaps small: for many files, and not before all threads have V8's cached code.
import {setFlagsFromString} from 'node:v8';
import {beforeEach, expect, test, vi} from 'vitest';
import {keepHeapsSmall} from '../../source/cli/small-heaps.ts';
import {threadsOnline} from '../../source/engine/start-thread.ts';

vi.mock('node:v8', () => ({setFlagsFromString: vi.fn()}));
vi.mock('../../source/engine/start-thread.ts', () => ({threadsOnline: vi.fn()}));

beforeEach(() => {
	vi.mocked(setFlagsFromString).mockClear();
});

test.each([
	{files: 500, calls: [['--semi-space-growth-factor=1']]},
	{files: Number.POSITIVE_INFINITY, calls: [['--semi-space-growth-factor=1']]},
	{files: 499, calls: []},
])('$files files, when the last of the threads is online', async ({files, calls}) => {
	let comeOnline: () => void = () => {};
	vi.mocked(threadsOnline).mockReturnValue(
		new Promise(resolve => {
			comeOnline = resolve;
		}),
	);
	let fileCount = 0;
	const kept = keepHeapsSmall(2, () => fileCount);
	expect(threadsOnline).toHaveBeenLastCalledWith(2);
	fileCount = files;
	await Promise.resolve();
	expect(setFlagsFromString).not.toHaveBeenCalled();
	comeOnline();
	await kept;
	expect(vi.mocked(setFlagsFromString).mock.calls).toEqual(calls);
});
