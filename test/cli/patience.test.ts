import {describe, expect, test} from 'vitest';
import {waitUntilWorthIt} from '../../source/cli/outputs/defer-dashboard.ts';
import {FILE_BYTES, progressed, queued, runStarted, stamp, stampAt, started} from '../store/run-log.ts';

/** A run whose time passes as the one who waits sleeps, in steps. */
class Run {
	nowMs = 0;
	readonly #wholeMs: number;
	readonly #saved = Promise.withResolvers<void>();
	readonly #events = stamp([runStarted(), queued('a.csv'), started('a.csv')]);
	/** @param wholeMs - When it is over and saved, by its progress. */
	constructor(wholeMs: number) {
		this.#wholeMs = wholeMs;
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
				const part = Math.min(0.9, this.nowMs / this.#wholeMs);
				this.#events.push(stampAt(progressed('a.csv', part * FILE_BYTES), this.nowMs));
				if (this.nowMs >= endsAtMs) {
					end(this.#saved);
					await new Promise(setImmediate);
					// Whoever waits for it has gone on by now.
					if (this.nowMs === endsAtMs) return new Promise(() => {});
				}
			}
		};
		await waitUntilWorthIt({
			now: () => this.nowMs,
			saved: this.#saved.promise,
			events: this.#events,
			sleep,
		});
		return this.nowMs;
	}
}

describe('the dashboard is loaded', () => {
	test('at the first look, where the run will take longer than a second', async () => {
		for (const wholeMs of [1200, 10_000, 3_600_000]) {
			expect(await new Run(wholeMs).watch(wholeMs)).toBeLessThan(500);
		}
	});

	test('at the first look, where nothing is known yet, as of standard input', async () => {
		expect(await new Run(Number.POSITIVE_INFINITY).watch(400)).toBeLessThan(500);
	});

	test('when a short run is over and saved, or could not be saved', async () => {
		expect(await new Run(700).watch(700)).toBe(700);
		expect(await new Run(700).watch(700, ({reject}) => reject(new Error('The disk is full')))).toBe(700);
	});

	test('after a second, where what seemed short is not', async () => {
		const after = await new Run(700).watch(60_000);
		expect(after).toBeGreaterThanOrEqual(1000);
		expect(after).toBeLessThan(1500);
	});
});
