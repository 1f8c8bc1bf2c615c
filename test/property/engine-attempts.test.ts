// Random runs over threads that complete, fail, die, hang and hear nothing, steered by random hands at random moments.
// A ledger takes every event in and holds it against the laws; time is fake, so that a run of minutes takes milliseconds.
import fc from 'fast-check';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {keyOf} from '../../source/model/file-address.ts';
import type {FileReport} from '../../source/model/report.ts';
import {createReportCollector} from '../../source/report/collect-report.ts';
import {buildReport} from '../../source/store/selectors.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {moment, play, type Scenario, scenario, scriptedTask} from '../helpers/random-runs.ts';

beforeEach(() => {
	vi.useFakeTimers({toFake: ['Date']});
});
afterEach(() => {
	vi.unstubAllGlobals();
	vi.useRealTimers();
});

/** Names that several files may have. */
const nameCount = fc.constantFrom({}, {nameCount: 1}, {nameCount: 2});

const countOf = (reports: readonly FileReport[], status: FileReport['status']): number =>
	reports.filter(report => report.status === status).length;

test('whatever threads and people do, every attempt ends once, every file has one report and the run ends', async () => {
	await fc.assert(
		fc.asyncProperty(scenario, nameCount, async (scenarioOfNames, count) => {
			const given = {...scenarioOfNames, ...count};
			const {ledger, pool, rejection, timerCount} = await play(given);
			expect(rejection).toBeNull();

			const {state} = ledger;
			expect(ledger.events.at(-1)?.type).toBe('run-completed');
			const report = buildReport(state);
			const collector = createReportCollector();
			for (const event of ledger.events) collector.handle(event);
			expect(collector.report(), 'the report of one who keeps only what files end with').toEqual(report);
			const fileCount = given.scripts.length + given.skippedCount + given.unreadableCount;
			expect(report.files).toHaveLength(fileCount);
			expect(new Set(state.files.map(keyOf)).size).toBe(fileCount);
			const {totals} = report;
			expect(totals.completed + totals.failed + totals.cancelled + totals.skipped).toBe(fileCount);
			expect(totals).toMatchObject({
				files: fileCount,
				completed: countOf(report.files, 'completed'),
				failed: countOf(report.files, 'failed'),
				cancelled: countOf(report.files, 'cancelled'),
				skipped: given.skippedCount,
				bytes: report.files.reduce((sum, {bytes}) => sum + bytes, 0),
				rows: report.files.reduce((sum, {rows}) => sum + rows, 0),
			});
			expect(report.status).toBe(ledger.isStopped && totals.cancelled > 0 ? 'cancelled' : 'completed');

			expect(pool.mostInFlight, 'tasks in flight').toBeLessThanOrEqual(given.concurrency);
			expect(pool.inFlightCount, 'no task is left behind').toBe(0);
			expect(timerCount, 'no timer is left behind').toBe(0);
		}),
		{numRuns: randomCases(120)},
	);
});

/** Runs that files are added to, at any moment, of which some stay open until they are closed. */
const additions: fc.Arbitrary<Scenario> = fc
	.record({
		given: scenario,
		names: nameCount,
		addedScripts: fc.array(fc.array(scriptedTask, {minLength: 1, maxLength: 3}), {maxLength: 6}),
		staysOpen: fc.boolean(),
		forgetsEnded: fc.boolean(),
		isGrouped: fc.boolean(),
		adding: fc.array(
			fc.record({
				moment,
				action: fc.oneof(
					{
						weight: 4,
						arbitrary: fc.record({
							type: fc.constant('addFiles' as const),
							count: fc.nat({max: 3}),
							areTogether: fc.boolean(),
						}),
					},
					{weight: 1, arbitrary: fc.record({type: fc.constant('close' as const)})},
				),
			}),
			{minLength: 1, maxLength: 6},
		),
	})
	.map(({given, names, adding, ...rest}) => ({
		...given,
		...names,
		...rest,
		commands: [...given.commands, ...adding],
	}));

test('whatever is added, at whatever moment, ends exactly once, and no figure is lost or counted twice', async () => {
	await fc.assert(
		fc.asyncProperty(additions, async given => {
			const {ledger, pool, completed, rejection, timerCount} = await play(given);
			expect(rejection).toBeNull();
			const {state} = ledger;
			expect(ledger.events.at(-1)?.type).toBe('run-completed');
			const fileCount = given.scripts.length + given.skippedCount + given.unreadableCount + ledger.addedCount;
			expect(state.files).toHaveLength(fileCount);
			expect(state.fileCount, 'files, as the screen counts them').toBe(fileCount);
			expect(state.bytesTotal).toBe(state.files.reduce((sum, {bytesTotal}) => sum + (bytesTotal ?? 0), 0));
			const report = buildReport(state);
			expect(report.files).toHaveLength(fileCount);
			const {totals, analyses} = report;
			expect(totals).toMatchObject({
				files: fileCount,
				completed: completed.size,
				failed: countOf(report.files, 'failed'),
				cancelled: countOf(report.files, 'cancelled'),
				skipped: countOf(report.files, 'skipped'),
				bytes: report.files.reduce((sum, {bytes}) => sum + bytes, 0),
				rows: report.files.reduce((sum, {rows}) => sum + rows, 0),
			});
			if (given.isGrouped) {
				const categories = analyses.transactions?.categories.map(({category, count}) => `${category} ${count}`) ?? [];
				expect(categories.sort()).toEqual(Array.from(completed, file => `${file} 1`).sort());
			}
			expect(pool.mostInFlight, 'tasks in flight').toBeLessThanOrEqual(given.concurrency);
			expect(pool.inFlightCount, 'no task is left behind').toBe(0);
			expect(timerCount, 'no timer is left behind').toBe(0);
		}),
		{numRuns: randomCases(80)},
	);
});

test('a subscriber that throws, at whatever event, stops the run in order and is told by done', async () => {
	await fc.assert(
		fc.asyncProperty(scenario, fc.integer({min: 1, max: 30}), async (given, throwsAt) => {
			const failure = new Error('The screen is gone');
			let thrownAt: number | null = null;
			const {ledger, pool, rejection, timerCount} = await play(given, event => {
				if (event.seq !== throwsAt) return;
				thrownAt = event.seq;
				throw failure;
			});
			if (thrownAt === null) expect(rejection).toBeNull();
			else {
				expect(rejection).toBe(failure);
				expect(ledger.events.at(-1)?.seq, 'it is told nothing more').toBe(thrownAt);
			}
			expect(pool.inFlightCount, 'no task is left behind').toBe(0);
			expect(timerCount, 'no timer is left behind').toBe(0);
		}),
		{numRuns: randomCases(100)},
	);
});
