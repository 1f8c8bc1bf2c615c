import fc from 'fast-check';
import {expect, test} from 'vitest';
import {createReplayClock} from '../../source/cli/replay/replay-clock.ts';

const never = new AbortController().signal;

test('no sleep is negative, however much time passes between two readings of the clock', async () => {
	const moments = fc.array(fc.double({min: 0, max: 50, noNaN: true}), {minLength: 1});
	await fc.assert(
		fc.asyncProperty(moments, fc.integer({min: 1, max: 1000}), fc.nat(500), async (steps, speed, elapsedMs) => {
			let nowMs = 0;
			let index = 0;
			const pass = (): number => (nowMs += steps[index++ % steps.length] || 0.001);
			const slept: number[] = [];
			const sleep = async (durationMs: number): Promise<void> => {
				slept.push(durationMs);
				nowMs += Math.max(0, durationMs);
			};
			const clock = createReplayClock(speed, {monotonicNow: pass, sleep});
			await clock.waitUntil(elapsedMs, never);
			expect(slept.filter(durationMs => !(durationMs > 0))).toEqual([]);
			expect(clock.now()).toBeGreaterThanOrEqual(elapsedMs);
		}),
	);
});

test('while it is paused, the run does not come to any later moment', async () => {
	let nowMs = 0;
	const clock = createReplayClock(10, {
		monotonicNow: () => nowMs,
		async sleep(durationMs) {
			nowMs += durationMs;
			if (nowMs >= 1000) clock.resume();
		},
	});
	nowMs = 20;
	clock.pause();
	nowMs = 500;
	expect(clock.now()).toBe(200);
	await clock.waitUntil(300, never);
	expect(nowMs).toBeGreaterThanOrEqual(1010);
});

test('an abort ends the wait', async () => {
	const aborted = new AbortController();
	const clock = createReplayClock(1);
	const waited = clock.waitUntil(1e9, aborted.signal);
	aborted.abort();
	await waited;
});
