// When V8 is told to keep young heaps small: for many files, and not before all threads have V8's cached code.
import {setFlagsFromString} from 'node:v8';
import {beforeEach, expect, test, vi} from 'vitest';
import {keepHeapsSmall} from '../../source/cli/small-heaps.ts';

vi.mock('node:v8', () => ({setFlagsFromString: vi.fn()}));

beforeEach(() => {
	vi.mocked(setFlagsFromString).mockClear();
});

test('many files: once, when the last of the threads is ready', () => {
	const hear = keepHeapsSmall(5000, 2);
	for (const message of ['worker-started', 'worker-ready', 'worker-started', 'worker-warned']) hear(message);
	expect(setFlagsFromString).not.toHaveBeenCalled();
	for (const message of ['worker-ready', 'worker-ended', 'worker-started', 'worker-ready']) hear(message);
	expect(setFlagsFromString).toHaveBeenCalledExactlyOnceWith('--semi-space-growth-factor=1');
});

test('few files: never', () => {
	const hear = keepHeapsSmall(499, 1);
	hear('worker-ready');
	expect(setFlagsFromString).not.toHaveBeenCalled();
});
