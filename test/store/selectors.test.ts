import {describe, expect, test} from 'vitest';
import type {RunEvent, RunFact} from '../../source/model/events.ts';
import {createRunState, reduce} from '../../source/store/reduce.ts';
import {
	buildReport,
	selectBytesPerSecond,
	selectEndedCount,
	selectFile,
	selectFileBytesPerSecond,
	selectFileRemainingMs,
	selectProgress,
	selectRemainingMs,
} from '../../source/store/selectors.ts';
import type {FileState, RunState} from '../../source/store/state.ts';
import {
	cancelled,
	completed,
	failed,
	fileReport,
	progressed,
	queued,
	runCompleted,
	runStarted,
	skipped,
	stamp,
	stampAt,
	started,
	totalsOf,
} from './run-log.ts';

/** The state after facts that are one second apart. */
const runOf = (...facts: readonly RunFact[]): RunState => reduce(createRunState(), stamp(facts, 1000));

const fileOf = (state: RunState, file: string): FileState => {
	const found = selectFile(state, file);
	if (found === undefined) throw new Error(`${file} is not in the state`);
	return found;
};

/** 400 of 1000 bytes at 3 s, 200 bytes a second since the file started at 1 s. */
const halfway = [
	queued('a.csv'),
	started('a.csv'),
	progressed('a.csv', 200),
	progressed('a.csv', 400),
] as const satisfies readonly RunFact[];

describe('the progress of the run', () => {
	test('is by bytes, with all of a file that failed early counted as done', () => {
		const state = runOf(runStarted({fileCount: 2, bytesTotal: 2000}), ...halfway, queued('b.csv'), failed('b.csv'));
		expect(selectProgress(state)).toBe(0.7);
		expect(selectEndedCount(state)).toBe(1);
	});

	test('is by files where no bytes are known', () => {
		const state = runOf(runStarted({fileCount: 4, bytesTotal: 0}), queued('-', null), completed('-'));
		expect(selectProgress(state)).toBe(0.25);
	});

	test('is 0 before the first event and 1 after the last', () => {
		expect(selectProgress(createRunState())).toBe(0);
		expect(selectProgress(runOf(runStarted(), runCompleted()))).toBe(1);
	});

	test('stays within 0 and 1 where files turn out larger than planned', () => {
		const state = runOf(runStarted({bytesTotal: 10}), queued('a.csv', 10), started('a.csv'), progressed('a.csv', 99));
		expect(selectProgress(state)).toBe(1);
	});
});

describe('the remaining time of the run', () => {
	test('is the time for the remaining bytes at the speed of the last seconds', () => {
		const state = runOf(runStarted(), ...halfway);
		expect(selectBytesPerSecond(state, 4000)).toBe(100);
		expect(selectRemainingMs(state, 4000)).toBe(6000);
	});

	test('is unknown in the first two seconds, while caches and starting threads distort it', () => {
		const events: RunEvent[] = [stampAt(runStarted({bytesTotal: 1e9}), 0), stampAt(queued('a.csv', 1e9), 0)];
		events.push(stampAt(started('a.csv'), 50));
		for (let ms = 100; ms <= 3000; ms += 100) events.push(stampAt(progressed('a.csv', ms * 1000), ms));
		for (const event of events) {
			const state = reduce(createRunState(), events.slice(0, events.indexOf(event) + 1));
			const isEarly = event.elapsedMs < 2000;
			expect(selectRemainingMs(state, event.elapsedMs) === undefined).toBe(isEarly);
			const [file] = state.files;
			if (file !== undefined)
				expect(selectFileRemainingMs(file, event.elapsedMs) === undefined).toBe(event.elapsedMs < 2050);
		}
	});

	test('is unknown while the run is held', () => {
		expect(selectRemainingMs(runOf(runStarted(), ...halfway, {type: 'run-paused'}), 5000)).toBeUndefined();
	});

	test('is unknown where no size is known', () => {
		const state = runOf(runStarted({bytesTotal: 0}), queued('-', null), started('-'), progressed('-', 900));
		expect(selectRemainingMs(state, 3000)).toBeUndefined();
	});
});

describe('a file', () => {
	test('has its own speed and remaining time while it runs', () => {
		const file = fileOf(runOf(...halfway), 'a.csv');
		expect(selectFileBytesPerSecond(file, 3000)).toBe(200);
		expect(selectFileRemainingMs(file, 3000)).toBe(3000);
	});

	test('has neither while it is held', () => {
		const file = fileOf(runOf(...halfway, progressed('a.csv', 400, {isPaused: true})), 'a.csv');
		expect(selectFileBytesPerSecond(file, 4000)).toBeUndefined();
		expect(selectFileRemainingMs(file, 4000)).toBeUndefined();
	});

	test('that completed has its average speed', () => {
		const file = fileOf(runOf(...halfway, completed('a.csv')), 'a.csv');
		expect(selectFileBytesPerSecond(file, 99_000)).toBeCloseTo(1000 / 3);
	});

	test('that failed has no speed', () => {
		const file = fileOf(runOf(...halfway, failed('a.csv', {bytes: 400})), 'a.csv');
		expect(selectFileBytesPerSecond(file, 4000)).toBeUndefined();
	});
});

describe('the report', () => {
	test('holds each file once, by path in UTF-8 byte order', () => {
		const names = ['b.csv', 'B.csv', '\u{1f600}.csv', '\uff01.csv', 'a/z.csv', 'a.csv'];
		const facts = names.map(name => (name === 'B.csv' ? skipped(name) : queued(name)));
		const ends = names.map(name => (name === 'a.csv' ? cancelled(name, {attempts: 0}) : completed(name)));
		const report = buildReport(runOf(runStarted(), ...facts, ...ends, runCompleted()));
		expect(report.files.map(({file}) => file)).toEqual([
			'B.csv',
			'a.csv',
			'a/z.csv',
			'b.csv',
			'\uff01.csv',
			'\u{1f600}.csv',
		]);
	});

	test('has the totals and the status of the run', () => {
		const totals = totalsOf([fileReport('a.csv')]);
		const report = buildReport(runOf(runStarted(), runCompleted({status: 'cancelled', totals})));
		expect(report).toEqual({report_version: 1, status: 'cancelled', totals, analyses: {}, files: []});
	});

	test('of a run that has not ended is refused', () => {
		expect(() => buildReport(runOf(runStarted(), queued('a.csv')))).toThrow(/before the run has ended/);
	});
});
