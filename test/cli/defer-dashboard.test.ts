import {describe, expect, test} from 'vitest';
import {deferDashboard} from '../../source/cli/outputs/defer-dashboard.ts';
import {FILE_BYTES, progressed, queued, runStarted, stamp, stampAt, started} from '../store/run-log.ts';

/** A run whose time passes while the waiting code sleeps, in steps. */
class Run {
	nowMs = 0;
	readonly #expectedMs: number;
	readonly #saved = Promise.withResolvers<void>();
	readonly #events = stamp([runStarted(), queued('a.csv'), started('a.csv')]);
	/** @param expectedMs - When it is over and saved, by its progress. */
	constructor(expectedMs: number) {
		this.#expectedMs = expectedMs;
	}

	/** @returns When the dashboard is loaded. */
	async watch(
		endsAtMs: number,
		end: (saved: PromiseWithResolvers<void>) => void = ({resolve}) => resolve(),
	): Promise<number> {
		const sleep = async (durationMs: number): Promise<void> => {
			const until = this.nowMs + durationMs;
			while (this.nowMs < until) {
				this.nowMs += 10;
				const part = Math.min(0.9, this.nowMs / this.#expectedMs);
				this.#events.push(stampAt(progressed('a.csv', part * FILE_BYTES), this.nowMs));
				if (this.nowMs >= endsAtMs) {
					end(this.#saved);
					await new Promise(setImmediate);
					// The waiting code has resumed by now.
					if (this.nowMs === endsAtMs) return new Promise(() => {});
				}
			}
		};
		await deferDashboard({
			now: () => this.nowMs,
			saved: this.#saved.promise,
			events: this.#events,
			sleep,
		});
		return this.nowMs;
	}
}

describe('the dashboard is loaded', () => {
	test('at the first poll, where the run will take longer than a second', async () => {
		for (const expectedMs of [1200, 10_000, 3_600_000]) {
			expect(await new Run(expectedMs).watch(expectedMs)).toBeLessThan(500);
		}
	});

	test('at the first poll, where nothing is known yet, as of standard input', async () => {
		expect(await new Run(Number.POSITIVE_INFINITY).watch(400)).toBeLessThan(500);
	});

	test('when a short run is over and saved, or could not be saved', async () => {
		expect(await new Run(700).watch(700)).toBe(700);
		expect(await new Run(700).watch(700, ({reject}) => reject(new Error('The disk is full')))).toBe(700);
	});

	test('after a second, where a run seemed short and is not', async () => {
		const after = await new Run(700).watch(60_000);
		expect(after).toBeGreaterThanOrEqual(1000);
		expect(after).toBeLessThan(1500);
	});
});
