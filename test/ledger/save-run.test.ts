// What a ledger gives back of a run is what its outputs were told.
import fc from 'fast-check';
import {expect, test, vi} from 'vitest';
import {processBatch} from '../../source/index.ts';
import {openLedger} from '../../source/ledger/ledger.ts';
import {saveRun} from '../../source/ledger/save-run.ts';
import type {RunEvent} from '../../source/model/events.ts';
import {createReportCollector} from '../../source/report/collect-report.ts';
import {toJson} from '../../source/report/json.ts';
import {createRecorder} from '../../source/report/recorder.ts';
import {transactions, WITHOUT_AMOUNT} from '../helpers/command.ts';
import {play, scenario} from '../helpers/random-runs.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

async function save(path: string, events: readonly RunEvent[]): Promise<string> {
	const saved = saveRun(
		path,
		{},
		{settingsDigest: null, isResumed: false, startedAt: Date.parse('2026-11-29T10:00:00Z')},
	);
	for (const event of events) saved.handle(event);
	await saved.finish();
	return saved.id;
}

test('the report of any run is the one that its outputs had', async () => {
	const path = createTemporaryFolder().at('ledger.db');
	const runs = fc.sample(scenario, {numRuns: 12, seed: 20_261_129});
	const expected = new Map<string, string>();
	for (const run of runs) {
		const collector = createReportCollector();
		const events: RunEvent[] = [];
		await play(run, event => {
			events.push(event);
			collector.handle(event);
		});
		vi.unstubAllGlobals();
		vi.useRealTimers();
		expected.set(await save(path, events), toJson(collector.reportSoFar()));
	}
	const ledger = openLedger(path);
	expect(new Set(ledger.runs().map(({id}) => id))).toEqual(new Set(expected.keys()));
	for (const [id, report] of expected) expect(toJson(ledger.report(id) ?? expect.fail())).toBe(report);
	ledger.close();
});

test('texts and names of any bytes, several analyses and their rejects come back as they were', async () => {
	const folder = createTemporaryFolder();
	folder.write('data/one.csv', transactions(50));
	folder.write('data/bad.csv', `${transactions(3)}T4,"\u{1f600}\u0007\u2028",x,2024-01-01,"a\n=b"\n`);
	folder.write('data/other.csv', WITHOUT_AMOUNT);
	folder.writeBytesName(Buffer.from('odd \xff\n\x1b.csv', 'latin1'), transactions(2));
	const events: RunEvent[] = [];
	const report = await processBatch([folder.path], {
		analysis: ['transactions', 'quality'],
		onEvent: event => events.push(event),
	});
	const id = await save(folder.at('ledger.db'), events);
	const ledger = openLedger(folder.at('ledger.db'));
	expect(toJson(ledger.report(id) ?? expect.fail())).toBe(toJson(report));
	const recorded: RunEvent[] = [];
	const recorder = createRecorder({write: line => recorded.push(JSON.parse(line) as RunEvent)});
	for (const event of events) recorder.handle(event);
	expect([...ledger.events(id)]).toEqual(recorded);
	const [run] = ledger.runs();
	expect(run).toEqual({
		id,
		started_at: '2026-11-29T10:00:00.000Z',
		folder: process.cwd(),
		paths: [folder.path],
		status: 'completed',
		totals: report.totals,
		elapsed: report.totals.processing_time,
	});
	ledger.close();
});

test('a run without an end has the files that had ended', async () => {
	const folder = createTemporaryFolder();
	folder.write('one.csv', transactions(50));
	folder.write('two.csv', WITHOUT_AMOUNT);
	const events: RunEvent[] = [];
	await processBatch([folder.path], {analysis: 'transactions', onEvent: event => events.push(event)});
	const id = await save(
		folder.at('ledger.db'),
		events.filter(({type}) => type !== 'run-completed'),
	);
	const ledger = openLedger(folder.at('ledger.db'));
	// This process is still there.
	expect(ledger.report(id)).toMatchObject({status: 'running', totals: {files: 2, completed: 1, failed: 1, rows: 50}});
	expect(ledger.runs()).toMatchObject([{id, status: 'running', totals: {files: 2, completed: 1, failed: 1, rows: 50}}]);
	ledger.close();
});

test('a run that is not there has no report and no events', async () => {
	const path = createTemporaryFolder().at('ledger.db');
	await save(path, []);
	// Without a first event nothing is written at all.
	expect(() => openLedger(path)).toThrow(`The ledger ${path} cannot be used: there is no such file or folder.`);
});
