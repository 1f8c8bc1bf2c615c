import fc from 'fast-check';
import {expect, test} from 'vitest';
import {createReportCollector} from '../../source/report/collect-report.ts';
import {toJson} from '../../source/report/json.ts';
import {createRunState, reduce} from '../../source/store/reduce.ts';
import {buildReport} from '../../source/store/selectors.ts';
import {completed, fileReport, queued, runCompleted, runLog, runStarted, stamp, totalsOf} from '../store/run-log.ts';

test('the collected report equals that of the state after all events', () => {
	fc.assert(
		fc.property(runLog, events => {
			const collector = createReportCollector();
			for (const event of events) collector.handle(event);
			expect(collector.report()).toEqual(buildReport(reduce(createRunState(), events)));
		}),
	);
});

test('more files than one batch of events are all there', () => {
	const names = Array.from({length: 2500}, (_, index) => `${String(index).padStart(5, '0')}.csv`);
	const collector = createReportCollector();
	const files = names.map(name => fileReport(name));
	const facts = [
		runStarted({fileCount: 2500}),
		...names.map(name => queued(name)),
		...names.map(name => completed(name)),
	];
	for (const event of stamp([...facts, runCompleted({totals: totalsOf(files)})])) collector.handle(event);
	expect(collector.report().files.map(({file}) => file)).toEqual(names);
});

test('a run that has not ended has no report yet', () => {
	const collector = createReportCollector();
	for (const event of stamp([runStarted(), queued('a.csv')])) collector.handle(event);
	expect(() => collector.report()).toThrow(/before the run has ended/);
});

test('a report so far has the files that have ended, adds up, and says that the run continues', () => {
	const collector = createReportCollector();
	const facts = [
		runStarted(),
		...['c.csv', 'a.csv', 'b.csv'].map(name => queued(name)),
		completed('c.csv'),
		completed('a.csv'),
	];
	for (const event of stamp(facts)) collector.handle(event);
	const report = collector.reportSoFar();
	expect(report.status).toBe('running');
	expect(report.files.map(({file}) => file)).toEqual(['a.csv', 'c.csv']);
	expect(report.totals).toEqual({...totalsOf(report.files), processing_time: report.totals.processing_time});
	expect(toJson(report)).toContain('"status": "running"');
});

test('after the end of a run, the report so far is its report', () => {
	fc.assert(
		fc.property(runLog, events => {
			const collector = createReportCollector();
			for (const event of events) collector.handle(event);
			expect(collector.reportSoFar({})).toEqual(collector.report());
		}),
	);
});
