// When frames are painted: at most the given number per second, the latest always, and answers to keys at once.
import fc from 'fast-check';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {FramePacer} from '../../source/ui/terminal/frame-pacer.ts';

beforeEach(() => {
	vi.useFakeTimers({now: 0, toFake: ['setTimeout', 'clearTimeout', 'Date']});
});
afterEach(() => {
	vi.useRealTimers();
});

function createPaced(framesPerSecond: number) {
	const painted: Array<{readonly frame: string; readonly atMs: number}> = [];
	const paint = (frame: string): boolean => {
		if (frame === painted.at(-1)?.frame) return false;
		painted.push({frame, atMs: Date.now()});
		return true;
	};
	return {painted, pacer: new FramePacer({framesPerSecond, paint, now: () => Date.now()})};
}

test('for any requests at any times, frames keep their spacing, and the last one is never lost', () => {
	const gaps = fc.array(fc.integer({min: 0, max: 400}), {minLength: 1, maxLength: 60});
	fc.assert(
		fc.property(gaps, fc.constantFrom(1, 4, 10, 60), (gapsMs, framesPerSecond) => {
			const {painted, pacer} = createPaced(framesPerSecond);
			for (const [index, gapMs] of gapsMs.entries()) {
				vi.advanceTimersByTime(gapMs);
				pacer.submit(`frame ${index}`);
			}
			vi.advanceTimersByTime(2000);
			expect(painted.at(-1)?.frame).toBe(`frame ${gapsMs.length - 1}`);
			for (const [index, {atMs}] of painted.entries()) {
				const before = painted[index - 1];
				// Timers have whole milliseconds.
				if (before !== undefined) expect(atMs - before.atMs).toBeGreaterThanOrEqual(Math.floor(1000 / framesPerSecond));
			}
			expect(vi.getTimerCount()).toBe(0);
		}),
	);
});

test('the answer to a key does not wait, and later automatic frames do', () => {
	const {painted, pacer} = createPaced(4);
	pacer.submit('first');
	vi.advanceTimersByTime(20);
	pacer.submit('by itself');
	pacer.expedite();
	pacer.submit('answer');
	expect(painted.map(({frame}) => frame)).toEqual(['first', 'answer']);
	vi.advanceTimersByTime(150);
	pacer.submit('news');
	expect(painted).toHaveLength(2);
	vi.advanceTimersByTime(100);
	expect(painted.at(-1)).toEqual({frame: 'news', atMs: 270});
});

test('a frame without changes uses no turn; a dropped frame is not painted', () => {
	const {painted, pacer} = createPaced(4);
	pacer.submit('same');
	vi.advanceTimersByTime(250);
	pacer.submit('same');
	pacer.submit('other');
	expect(painted.map(({atMs}) => atMs)).toEqual([0, 250]);
	pacer.submit('held');
	pacer.drop();
	vi.advanceTimersByTime(1000);
	pacer.submit('next');
	pacer.restart();
	pacer.submit('at once');
	expect(painted.map(({frame}) => frame)).toEqual(['same', 'other', 'next', 'at once']);
});
