// Random runs in which small files go to the threads by the dozen: the same laws as for files that go one by one, and no
// figure is lost or counted twice, whatever becomes of the threads.
import fc from 'fast-check';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {customersOf} from '../helpers/fake-group-pool.ts';
import type {ScriptedTask} from '../helpers/fake-pool.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {type Action, play, type Scenario, scenario} from '../helpers/random-runs.ts';

beforeEach(() => {
	vi.useFakeTimers({toFake: ['Date']});
});
afterEach(() => {
	vi.unstubAllGlobals();
	vi.useRealTimers();
});

/** Few scripts, repeated over many files: most complete at once, so that something is untold when others hang. */
const grouped: fc.Arbitrary<Scenario> = fc
	.tuple(scenario, fc.integer({min: 1, max: 12}), fc.boolean(), fc.constantFrom({}, {nameCount: 3}))
	.map(([given, repeats, isQuick, names]) => {
		const quick = [{threadAfterMs: 0, script: {type: 'completes' as const, afterMs: 0}}];
		const scripts = given.scripts.flatMap(script => [script, ...Array.from({length: repeats}, () => quick)]);
		return {...given, ...names, scripts: isQuick ? scripts : [...given.scripts, ...given.scripts], isGrouped: true};
	});

test('whatever threads and people do, no figure is lost or counted twice, and the run ends', async () => {
	await fc.assert(
		fc.asyncProperty(grouped, async given => {
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
		{numRuns: randomCases(40)},
	);
});

/** The start of the run and the queueing of each file come before it. */
const FILES = 24;
const FIRST_START = 1 + FILES + 1;
/** The first group has half of them. */
const FIRST_WAITING = FILES / 2;
const doing = (script: ScriptedTask['script']): ScriptedTask[] => [{threadAfterMs: 0, script}];
/** Files of which the first cannot be read, and what is done at one moment. */
const withActions = (seq: number, ...actions: Action[]): Scenario => ({
	scripts: [
		doing({type: 'fails', code: 'EIO', afterMs: 0}),
		...Array.from({length: FILES - 1}, () => doing({type: 'completes', afterMs: 0})),
	],
	skippedCount: 0,
	unreadableCount: 0,
	concurrency: 1,
	retries: 1,
	isGrouped: true,
	stalls: [],
	random: 0,
	commands: actions.map(action => ({moment: {type: 'event', seq}, action})),
	retriedAfterwards: [],
});

test('a file that is cancelled as subscribers are told of its start is not tried again', async () => {
	const {ledger} = await play(withActions(FIRST_START, {type: 'cancelFile', index: 0}));
	expect(ledger.events[FIRST_START - 1]).toMatchObject({type: 'file-started', file: 'f0.csv'});
	expect(ledger.events.filter(({type}) => type === 'file-retrying')).toEqual([]);
	expect(ledger.events.filter(({type}) => type === 'file-cancelled')).toMatchObject([{file: 'f0.csv', attempt: 1}]);
});

test('a file that is cancelled when it has left the queue and its group has not begun is not read', async () => {
	const {ledger, completed} = await play(withActions(0, {type: 'cancelFile', index: 1}));
	expect(ledger.events.filter(({type}) => type === 'file-cancelled')).toMatchObject([{file: 'f1.csv', attempt: 0}]);
	expect(completed.size).toBe(FILES - 2);
	expect(completed).not.toContain('f1.csv');
});

test('a file that is cancelled while it waits, and then wanted after all, is read once', async () => {
	const waiting = Array.from({length: FILES - FIRST_WAITING}, (_, place) => FIRST_WAITING + place);
	const cancels = waiting.map((index): Action => ({type: 'cancelFile', index}));
	const retry: Action = {type: 'retryFiles', indexes: [FIRST_WAITING]};
	const {ledger, completed} = await play(withActions(FIRST_START, ...cancels, retry));
	const wanted = `f${FIRST_WAITING}.csv`;
	const starts = ledger.events.filter(event => event.type === 'file-started' && event.file === wanted);
	expect(starts).toHaveLength(1);
	const read = Array.from({length: FIRST_WAITING}, (_, index) => `f${index + 1}.csv`);
	expect([...completed].sort()).toEqual(read.sort());
});
