import fc from 'fast-check';
import {expect, test} from 'vitest';
import {computeBytesPerSecond, computeRateHistory, computeRemainingMs} from '../../source/store/rates.ts';
import type {Sample} from '../../source/store/state.ts';

/** A reader that reads `bytesPerSecond` without a pause, sampled every 250 ms. */
const steady = (bytesPerSecond: number, untilMs: number): Sample[] =>
	Array.from({length: untilMs / 250 + 1}, (_, index) => ({
		elapsedMs: index * 250,
		bytesRead: (index * bytesPerSecond) / 4,
	}));

const samplesOf = fc
	.array(fc.record({spanMs: fc.integer({min: 0, max: 4000}), bytes: fc.nat({max: 1e9})}), {maxLength: 40})
	.map(steps => {
		let elapsedMs = 0;
		let bytesRead = 0;
		return steps.map(step => {
			elapsedMs += step.spanMs;
			bytesRead += step.bytes;
			return {elapsedMs, bytesRead};
		});
	});

test('the rate is unknown before 750 ms', () => {
	expect(computeBytesPerSecond([], 5000)).toBeUndefined();
	expect(computeBytesPerSecond(steady(1000, 0), 100)).toBeUndefined();
	expect(computeBytesPerSecond(steady(1000, 500), 500)).toBeUndefined();
	expect(computeBytesPerSecond(steady(1000, 750), 750)).toBe(1000);
});

test('the rate of a steady reader is its rate, also between two samples', () => {
	expect(computeBytesPerSecond(steady(1000, 10_000), 10_000)).toBe(1000);
	expect(computeBytesPerSecond(steady(1000, 10_000), 10_900)).toBe(1000);
});

test('the rate looks back no further than 5 s', () => {
	const slowThenFast = [
		...steady(1000, 10_000),
		{elapsedMs: 12_500, bytesRead: 10_000 + 2500 * 9},
		{elapsedMs: 15_000, bytesRead: 10_000 + 5000 * 9},
	];
	expect(computeBytesPerSecond(slowThenFast, 15_000)).toBe(9000);
});

test('the rate of a stalled reader falls continuously', () => {
	const samples = steady(1000, 10_000);
	const rates = [12_000, 13_000, 14_000, 20_000, 60_000].map(nowMs => computeBytesPerSecond(samples, nowMs) ?? -1);
	expect(rates.every(rate => rate >= 0)).toBe(true);
	expect(rates).toEqual([...rates].sort((left, right) => right - left));
	expect(rates.at(0)).toBeLessThan(1000);
	expect(rates.at(-1)).toBeLessThan(10);
});

test('the rate is finite and never negative, or unknown', () => {
	fc.assert(
		fc.property(samplesOf, fc.integer({min: -10_000, max: 200_000}), (samples, nowMs) => {
			const rate = computeBytesPerSecond(samples, nowMs);
			expect(rate === undefined || (Number.isFinite(rate) && rate >= 0)).toBe(true);
		}),
	);
});

test('the rate is never negative where byte counts decrease', () => {
	const falling = [
		{elapsedMs: 0, bytesRead: 900},
		{elapsedMs: 1000, bytesRead: 100},
	];
	expect(computeBytesPerSecond(falling, 1000)).toBe(0);
	expect(computeRateHistory(falling)).toEqual([0]);
});

test('the remaining time is the remaining bytes divided by the rate', () => {
	expect(computeRemainingMs(3000, 1000)).toBe(3000);
	expect(computeRemainingMs(0, undefined)).toBe(0);
	expect(computeRemainingMs(-5, 1000)).toBe(0);
});

test('the remaining time is unknown while the rate is unknown or zero', () => {
	expect(computeRemainingMs(3000, undefined)).toBeUndefined();
	expect(computeRemainingMs(3000, 0)).toBeUndefined();
});

test('the history has a rate for each step in time', () => {
	const samples = [
		{elapsedMs: 0, bytesRead: 0},
		{elapsedMs: 250, bytesRead: 250},
		{elapsedMs: 250, bytesRead: 300},
		{elapsedMs: 1250, bytesRead: 2300},
	];
	expect(computeRateHistory(samples)).toEqual([1000, 2000]);
});
