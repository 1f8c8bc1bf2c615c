import fc from 'fast-check';
import {expect, test} from 'vitest';
import {computeRetryWaitMs, isRetryable} from '../../source/engine/jobs/retry-policy.ts';

test('waits double from a quarter of a second up to ten seconds', () => {
	const longest = [1, 2, 3, 4, 5, 6, 7, 8, 50, 5000].map(count => computeRetryWaitMs(count, 1));
	expect(longest).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000, 10_000]);
});

test('a wait is a random part of its upper half, and never more for more luck', () => {
	const random = fc.double({min: 0, max: 1, maxExcluded: true, noNaN: true});
	fc.assert(
		fc.property(fc.integer({min: 1, max: 100}), random, random, (count, one, other) => {
			const wait = computeRetryWaitMs(count, one);
			expect(Number.isInteger(wait)).toBe(true);
			expect(wait).toBeGreaterThanOrEqual(computeRetryWaitMs(count, 0));
			expect(computeRetryWaitMs(count, 0) * 2).toBe(computeRetryWaitMs(count, 1));
			if (one < other) expect(wait).toBeLessThanOrEqual(computeRetryWaitMs(count, other));
		}),
	);
});

test('files that failed together do not come back together', () => {
	const waits = new Set([0, 0.2, 0.4, 0.6, 0.8].map(random => computeRetryWaitMs(3, random)));
	expect(waits.size).toBe(5);
});

test('what may pass is tried again, what stays as it is is not', () => {
	const passing = [
		'EMFILE',
		'ENFILE',
		'EIO',
		'EBUSY',
		'EAGAIN',
		'ENOMEM',
		'ESTALE',
		'ETIMEDOUT',
		'EREMOTEIO',
		'ENOTCONN',
		'EHOSTUNREACH',
		'WORKER_LOST',
		'CHANGED_WHILE_READING',
	];
	const staying = [
		'ENOENT',
		'EACCES',
		'EPERM',
		'EISDIR',
		'ELOOP',
		'ENOSPC',
		'EDQUOT',
		'ENXIO',
		'EBADMSG',
		'EUCLEAN',
		'UNCLOSED_QUOTE',
		'MISSING_COLUMN',
		'CORRUPT_GZIP',
		'TIMEOUT',
		'CRASH_LOOP',
		'INTERNAL_ERROR',
	];
	expect(passing.filter(code => !isRetryable(code))).toEqual([]);
	expect(staying.filter(isRetryable)).toEqual([]);
});
