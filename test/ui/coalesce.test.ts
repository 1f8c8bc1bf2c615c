import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {coalesce} from '../../source/ui/terminal/coalesce.ts';

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

test('the first request is performed at once, many requests at most once per interval, and the last one always', () => {
	let wanted = 0;
	const performed: number[] = [];
	const {call} = coalesce(() => performed.push(wanted), 40);
	for (wanted = 1; wanted <= 100; wanted++) {
		call();
		vi.advanceTimersByTime(1);
	}
	expect(performed[0]).toBe(1);
	expect(performed.length).toBeLessThanOrEqual(4);
	wanted = 101;
	call();
	vi.advanceTimersByTime(1000);
	expect(performed.at(-1)).toBe(101);
	call();
	expect(performed.at(-1)).toBe(101);
	expect(performed.length).toBeLessThanOrEqual(6);
});

test('nothing is performed after cancel', () => {
	let count = 0;
	const {call, cancel} = coalesce(() => count++, 40);
	call();
	call();
	cancel();
	vi.advanceTimersByTime(1000);
	expect(count).toBe(1);
});
