import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {RunEvent} from '../../source/model/events.ts';
import {createRunState, reduce, reduceInPlace, trackRun} from '../../source/store/reduce.ts';
import {buildReport, selectFile} from '../../source/store/selectors.ts';
import type {FileState, RunState} from '../../source/store/state.ts';
import {
	anError,
	cancelled,
	completed,
	FILE_BYTES,
	failed,
	fileReport,
	progressed,
	queued,
	retrying,
	runCompleted,
	runLog,
	runStarted,
	skipped,
	stamp,
	stampAt,
	started,
	totalsOf,
} from './run-log.ts';

const runOf = (...facts: Parameters<typeof stamp>[0]): RunState => reduce(createRunState(), stamp(facts));

const fileOf = (state: RunState, file: string): FileState => {
	const found = selectFile(state, file);
	if (found === undefined) throw new Error(`${file} is not in the state`);
	return found;
};

/** Compares everything except what depends on the path to the end: samples, and bytes of failed attempts. */
const outcomeOf = (state: RunState): object => ({
	...state,
	samples: [],
	history: null,
	bytesRead: 0,
	files: state.files.map(file => ({...file, samples: []})),
});

const replay = (events: readonly RunEvent[], batchSizes: readonly number[]): RunState => {
	let state = createRunState();
	let from = 0;
	for (let turn = 0; from < events.length; turn++) {
		const size = batchSizes[turn % batchSizes.length] ?? 1;
		state = reduce(state, events.slice(from, from + size));
		from += size;
	}
	return state;
};

describe('progress', () => {
	test('late progress never moves a file or the run backwards', () => {
		const state = runOf(queued('a.csv'), started('a.csv'), progressed('a.csv', 900), progressed('a.csv', 400));
		expect(fileOf(state, 'a.csv')).toMatchObject({bytesRead: 900, rows: 90, rejectedRows: 9});
		expect(state).toMatchObject({bytesRead: 900, bytesSettled: 900, rows: 90, rejectedRows: 9});
	});

	test('progress of an attempt that has ended is ignored', () => {
		const state = runOf(
			queued('a.csv'),
			started('a.csv', 1),
			retrying('a.csv', 1),
			started('a.csv', 2),
			progressed('a.csv', 100, {attempt: 2}),
			progressed('a.csv', 900, {attempt: 1}),
		);
		expect(fileOf(state, 'a.csv').bytesRead).toBe(100);
	});

	test('progress that arrives after the file has ended is ignored', () => {
		const before = runOf(queued('a.csv'), started('a.csv'), failed('a.csv', {bytes: 300, rows: 30}));
		const after = reduce(before, [stampAt(progressed('a.csv', 800), 40)]);
		expect(after.files).toEqual(before.files);
		expect(after).toMatchObject({bytesRead: 300, rows: 30});
	});

	test('an event about a file that is not in the plan changes no file and no count', () => {
		const before = runOf(queued('a.csv'));
		const after = reduce(before, stamp([started('b.csv'), progressed('b.csv', 5), completed('b.csv')]));
		expect(outcomeOf({...after, elapsedMs: 0})).toEqual(outcomeOf({...before, elapsedMs: 0}));
	});

	test('a file that is queued again after the end reopens the run, whose figures are then those of the new end', () => {
		const totals = {...totalsOf([fileReport('a.csv', {bytes: FILE_BYTES, rows: 100, rejected_rows: 10})])};
		const facts = [
			runStarted(),
			queued('a.csv'),
			started('a.csv'),
			failed('a.csv', {bytes: 300}),
			runCompleted({status: 'cancelled'}),
			queued('a.csv', FILE_BYTES, 1),
		];
		const reopened = reduce(createRunState(), stamp(facts));
		expect(reopened).toMatchObject({phase: 'running', status: null, totals: null, bytesSettled: 0});
		expect(reopened.counts).toMatchObject({queued: 1, failed: 0});
		expect(reopened.tally.failures).toEqual([]);
		const rest = [started('a.csv', 2), completed('a.csv', {attempts: 2}), runCompleted({totals})];
		const ended = reduce(createRunState(), stamp([...facts, ...rest]));
		expect(ended).toMatchObject({phase: 'ended', status: 'completed', totals, rows: 100, bytesSettled: FILE_BYTES});
		expect(buildReport(ended).files).toMatchObject([{file: 'a.csv', status: 'completed', attempts: 2}]);
	});

	test('leaving out any progress gives the same outcome', () => {
		fc.assert(
			fc.property(runLog, fc.array(fc.boolean(), {minLength: 1}), (events, keeps) => {
				const fewer = events.filter(
					({type}, index) => type !== 'file-progressed' || keeps[index % keeps.length] === true,
				);
				expect(outcomeOf(replay(fewer, [7]))).toEqual(outcomeOf(replay(events, [7])));
			}),
		);
	});

	test('repeating any progress changes nothing', () => {
		fc.assert(
			fc.property(runLog, events => {
				const repeated = events.flatMap((event): RunEvent[] =>
					event.type === 'file-progressed' ? [event, event] : [event],
				);
				expect(reduce(createRunState(), repeated)).toEqual(reduce(createRunState(), events));
			}),
		);
	});
});

describe('the run', () => {
	test('counts add up to the files at every moment, each file counted once', () => {
		fc.assert(
			fc.property(runLog, events => {
				let state = createRunState();
				for (const event of events) {
					state = reduce(state, [event]);
					const recounted: Record<string, number> = {};
					for (const file of state.files) recounted[file.status] = (recounted[file.status] ?? 0) + 1;
					const counted = Object.entries(state.counts).filter(([, count]) => count !== 0);
					expect(Object.fromEntries(counted)).toEqual(recounted);
				}
			}),
		);
	});

	test('rows, rejected rows and settled bytes are those of the files at every moment', () => {
		fc.assert(
			fc.property(runLog, events => {
				let state = createRunState();
				for (const event of events) {
					state = reduce(state, [event]);
					const sum = (figureOf: (file: FileState) => number): number =>
						state.files.reduce((total, file) => total + figureOf(file), 0);
					expect(state.rows).toBe(sum(file => file.rows));
					expect(state.rejectedRows).toBe(sum(file => file.rejectedRows));
					expect(state.bytesSettled).toBe(
						sum(file => (file.report === null ? file.bytesRead : (file.bytesTotal ?? 0))),
					);
				}
				expect(state.bytesSettled).toBe(state.bytesTotal);
			}),
		);
	});

	test('the log gives the same state whatever the batches of a replay', () => {
		fc.assert(
			fc.property(runLog, fc.array(fc.integer({min: 1, max: 30}), {minLength: 1}), (events, batchSizes) => {
				expect(replay(events, batchSizes)).toEqual(reduce(createRunState(), events));
			}),
		);
	});

	test('reducing in place gives the same state, whatever the batches', () => {
		fc.assert(
			fc.property(runLog, fc.integer({min: 1, max: 30}), (events, batchSize) => {
				let state = createRunState();
				for (let start = 0; start < events.length; start += batchSize) {
					state = reduceInPlace(state, events.slice(start, start + batchSize));
				}
				expect(state).toEqual(reduce(createRunState(), events));
			}),
		);
	});

	test('a tracker has the same state after each event, except for the log', () => {
		fc.assert(
			fc.property(runLog, events => {
				const {state, handle} = trackRun();
				for (const event of events) handle(event);
				const expected = reduce(createRunState(), events);
				expect(state).toEqual({...expected, log: [], logCount: 0});
			}),
		);
	});

	test('the given state is not changed', () => {
		fc.assert(
			fc.property(runLog, fc.nat({max: 60}), (events, cut) => {
				const {indexByFile, ...before} = reduce(createRunState(), events.slice(0, cut));
				const copy = structuredClone(before);
				reduce({indexByFile, ...before}, events.slice(cut));
				expect(before).toEqual(copy);
			}),
		);
	});

	test('two runs that grew from the same state do not affect each other', () => {
		const root = runOf(runStarted(), queued('root.csv'));
		const first = reduce(root, stamp([queued('a.csv'), queued('b.csv')]));
		const second = reduce(root, stamp([queued('b.csv'), queued('a.csv'), started('b.csv')]));
		const third = reduce(first, stamp([started('a.csv')]));
		expect(second.files.map(({file, status}) => [file, status])).toEqual([
			['root.csv', 'queued'],
			['b.csv', 'running'],
			['a.csv', 'queued'],
		]);
		expect(third.files.map(({file, status}) => [file, status])).toEqual([
			['root.csv', 'queued'],
			['a.csv', 'running'],
			['b.csv', 'queued'],
		]);
		expect(selectFile(root, 'a.csv')).toBeUndefined();
	});

	test('the bytes behind the speed never decrease, even when an attempt starts again', () => {
		const state = reduce(
			createRunState(),
			stamp(
				[
					queued('a.csv'),
					started('a.csv'),
					progressed('a.csv', 800),
					retrying('a.csv'),
					started('a.csv', 2),
					progressed('a.csv', 100, {attempt: 2}),
				],
				300,
			),
		);
		expect(state.samples.map(({bytesRead}) => bytesRead)).toEqual([0, 0, 800, 800, 800, 900]);
		expect(state.bytesSettled).toBe(100);
	});

	test('keeps the last 40 samples, 250 ms apart', () => {
		const events = Array.from({length: 1000}, (_, index) => stampAt(progressed('a.csv', index), index * 50));
		const {samples} = reduce(runOf(queued('a.csv'), started('a.csv')), events);
		expect(samples).toHaveLength(40);
		expect(samples.at(-1)).toEqual({elapsedMs: 49_750, bytesRead: 995});
		expect(samples.at(0)).toEqual({elapsedMs: 40_000, bytesRead: 800});
	});

	test('without events the state is the same object', () => {
		const state = runOf(queued('a.csv'));
		expect(reduce(state, [])).toBe(state);
	});
});

describe('a file', () => {
	test('keeps why each attempt failed, and what it finally reported', () => {
		const state = runOf(
			queued('a.csv'),
			started('a.csv', 1),
			retrying('a.csv', 1, anError('EIO')),
			started('a.csv', 2),
			failed('a.csv', {attempts: 2, error: anError('UNCLOSED_QUOTE')}),
		);
		const file = fileOf(state, 'a.csv');
		expect(file.errors.map(({attempt, error}) => [attempt, error.code])).toEqual([
			[1, 'EIO'],
			[2, 'UNCLOSED_QUOTE'],
		]);
		expect(file.report?.error?.code).toBe('UNCLOSED_QUOTE');
	});

	test('that is requested again waits with nothing read and keeps its errors', () => {
		const state = runOf(
			runStarted(),
			queued('a.csv'),
			started('a.csv'),
			failed('a.csv', {bytes: 700, rows: 70, rejected_rows: 7}),
			queued('a.csv', FILE_BYTES, 1),
		);
		expect(fileOf(state, 'a.csv')).toMatchObject({status: 'queued', attempt: 1, bytesRead: 0, report: null});
		expect(fileOf(state, 'a.csv').errors).toHaveLength(1);
		expect(state).toMatchObject({bytesSettled: 0, rows: 0, rejectedRows: 0, counts: {queued: 1, failed: 0}});
	});

	test('of unknown size settles the size that it turned out to have', () => {
		const state = runOf(queued('-', null), started('-'), progressed('-', 40), completed('-', {bytes: 55}));
		expect(state).toMatchObject({bytesRead: 55, bytesSettled: 55});
	});

	test('that was cancelled before its turn has 0 attempts and settles its size', () => {
		const state = runOf(queued('a.csv'), cancelled('a.csv', {attempts: 0}));
		expect(fileOf(state, 'a.csv')).toMatchObject({status: 'cancelled', attempt: 0, startedAtMs: null});
		expect(state).toMatchObject({bytesSettled: FILE_BYTES, bytesRead: 0});
	});

	test('that was skipped has its reason and settles nothing', () => {
		const state = runOf(skipped('pipe.csv'));
		expect(fileOf(state, 'pipe.csv').report?.error?.code).toBe('NOT_A_FILE');
		expect(state).toMatchObject({bytesSettled: 0, counts: {skipped: 1}});
	});
});
