// Random runs in which small files go to the threads by the dozen: the same laws as for files that go one by one, and no
// figure is lost or counted twice, whatever becomes of the threads.
import fc from 'fast-check';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {customersOf} from '../helpers/fake-batching-pool.ts';
import {play, type Scenario, scenario} from '../helpers/random-runs.ts';

beforeEach(() => {
	vi.useFakeTimers({toFake: ['Date']});
});
afterEach(() => {
	vi.unstubAllGlobals();
	vi.useRealTimers();
});

/** Few scripts, repeated over many files: most complete at once, so that something is untold when others hang. */
const batched: fc.Arbitrary<Scenario> = fc
	.tuple(scenario, fc.integer({min: 1, max: 12}), fc.boolean())
	.map(([given, repeats, isQuick]) => {
		const quick = [{threadAfterMs: 0, script: {type: 'completes' as const, afterMs: 0}}];
		const scripts = given.scripts.flatMap(script => [script, ...Array.from({length: repeats}, () => quick)]);
		return {...given, scripts: isQuick ? scripts : [...given.scripts, ...given.scripts], isBatched: true};
	});

test('whatever threads and people do, no figure is lost or counted twice, and the run ends', async () => {
	await fc.assert(
		fc.asyncProperty(batched, async given => {
			const {ledger, pool, completed, rejection, timerCount} = await play(given);
			expect(rejection).toBeNull();
			const last = ledger.events.at(-1);
			if (last?.type !== 'run-completed') throw new Error('The run did not complete');
			const fileCount = given.scripts.length + given.skippedCount + given.unreadableCount;
			const {totals, analyses} = last;
			expect(totals.completed + totals.failed + totals.cancelled + totals.skipped).toBe(fileCount);
			expect(totals.completed).toBe(completed.size);
			const result = analyses.transactions;
			expect(result?.total_transactions ?? 0, 'records').toBe(completed.size);
			const categories = result?.categories.map(({category, count}) => `${category} ${count}`) ?? [];
			expect(categories.sort()).toEqual(
				Array.from(completed, file => `${file} 1`)
					.sort()
					.slice(0, 100),
			);
			const customers = new Set(Array.from(completed).flatMap(customersOf));
			expect(result?.unique_customers.value ?? 0, 'customers').toBe(customers.size);
			expect(pool.mostInFlight, 'threads').toBeLessThanOrEqual(given.concurrency);
			expect(pool.inFlightCount, 'no thread is left behind').toBe(0);
			expect(timerCount, 'no timer is left behind').toBe(0);
		}),
		{numRuns: 300},
	);
});
