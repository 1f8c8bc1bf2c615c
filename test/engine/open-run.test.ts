// A run that stays open, with real threads: small files of different settings go in groups of their own.
import {expect, test} from 'vitest';
import {startBatch} from '../../source/engine/batch.ts';
import type {PlanEntry} from '../../source/engine/plan/plan.ts';
import type {RunEvent} from '../../source/model/events.ts';
import {createReportCollector} from '../../source/report/collect-report.ts';
import {createTemporaryFolder, transactionsText} from '../helpers/temporary-folder.ts';

const FILES = 80;
const ROWS = 3;

test('files that are added with settings of their own are read by these, and all figures are there in the end', async () => {
	const folder = createTemporaryFolder();
	const text = `${transactionsText(ROWS)}broken\n`;
	const entryOf = (index: number): PlanEntry => {
		const path = folder.write(`f${index}.csv`, text);
		return {type: 'file', file: path, source: {kind: 'file', path}, bytesTotal: Buffer.byteLength(text)};
	};
	const lenient = Array.from({length: FILES}, (_, index) => entryOf(index));
	const strict = Array.from({length: FILES}, (_, index) => entryOf(FILES + index));
	const collector = createReportCollector();
	const events: RunEvent[] = [];
	const run = startBatch({
		plan: {entries: [], unmatched: []},
		paths: [],
		settings: {threads: 2},
		staysOpen: true,
		runId: 'uploads',
		onEvent(event) {
			events.push(event);
			collector.handle(event);
		},
	});
	const added = Promise.all([run.addFiles(lenient), run.addFiles(strict, {maxErrors: 1})]);
	// The same file again, as a file of its own.
	expect(run.addFile(lenient[0] as PlanEntry)).toMatchObject({jobId: expect.any(Number)});
	expect(await added).toEqual([FILES, FILES]);
	run.close();
	await run.done;
	const {files, totals, analyses} = collector.report();
	const statusesOf = (entries: readonly PlanEntry[]): Set<string> => {
		const names = new Set(entries.map(({file}) => file));
		return new Set(
			files.filter(({file}) => names.has(file)).map(({status, error}) => `${status} ${error?.code ?? ''}`.trim()),
		);
	};
	expect(statusesOf(lenient)).toEqual(new Set(['completed']));
	expect(statusesOf(strict)).toEqual(new Set(['failed TOO_MANY_REJECTS']));
	expect(totals).toMatchObject({files: 2 * FILES + 1, completed: FILES + 1, failed: FILES});
	expect(analyses.transactions?.total_transactions).toBe((FILES + 1) * ROWS);
	expect(new Set(events.map(({runId}) => runId))).toEqual(new Set(['uploads']));
});
