// Which earlier run a run is compared with, and what is said to have changed.
import {rmSync} from 'node:fs';
import {resolve} from 'node:path';
import {expect, test} from 'vitest';
import {describeAnalyses} from '../../source/analysis/registry.ts';
import {readSettingsOf} from '../../source/engine/batch.ts';
import {digestOfReading} from '../../source/engine/settings-digest.ts';
import {processBatch} from '../../source/index.ts';
import {diffRuns, diffWithEarlier, diffWithEarlierOf} from '../../source/ledger/diff-runs.ts';
import {openLedger} from '../../source/ledger/ledger.ts';
import {saveRun} from '../../source/ledger/save-run.ts';
import type {RunEvent} from '../../source/model/events.ts';
import {createReportCollector} from '../../source/report/collect-report.ts';
import {transactions, WITHOUT_AMOUNT} from '../helpers/command.ts';
import {createTemporaryFolder, workIn} from '../helpers/temporary-folder.ts';

const DAY_MS = 86_400_000;
let day = 0;

interface Saved {
	readonly id: string;
	readonly startedAt: number;
	readonly events: readonly RunEvent[];
}

const readingOf = (settings: object): string => digestOfReading(readSettingsOf(settings));

/** Reads files and saves the run, each a day after the one before. */
async function run(ledger: string, paths: readonly string[], settings: object = {}, isCut = false): Promise<Saved> {
	const events: RunEvent[] = [];
	await processBatch(paths, {hash: 'xxh3', ...settings, onEvent: event => events.push(event)});
	const startedAt = Date.parse('2026-01-01') + day++ * DAY_MS;
	const saved = saveRun(ledger, settings, {
		...{settingsDigest: null, reading: readingOf(settings), isResumed: false, startedAt},
	});
	for (const event of events) if (!isCut || event.type !== 'run-completed') saved.handle(event);
	await saved.finish();
	return {id: saved.id, startedAt, events};
}

test('a run is compared with the newest one before it that completed and was of the same paths, however they are written', async () => {
	const folder = createTemporaryFolder();
	folder.write('data/one.csv', transactions(5));
	folder.write('other/one.csv', transactions(5));
	const path = folder.at('ledger.db');
	const elsewhere = process.cwd();
	workIn(folder);
	const first = await run(path, ['data', 'other']);
	await run(path, ['data']);
	const second = await run(path, ['./other/', folder.at('data')]);
	await run(path, ['data', 'other'], {}, true);
	const last = await run(path, ['data', 'other']);
	const ledger = openLedger(path);
	const earlierOf = ({id}: Saved): string | undefined => diffWithEarlierOf(ledger, id)?.from;
	expect(earlierOf(first)).toBeUndefined();
	expect(earlierOf(second)).toBe(first.id);
	expect(earlierOf(last)).toBe(second.id);
	expect(diffWithEarlierOf(ledger, 'unknown')).toBeNull();
	// From another folder names differ, and the files are the same.
	process.chdir(elsewhere);
	const outside = await run(path, [folder.at('data'), folder.at('other')]);
	expect(diffWithEarlierOf(ledger, outside.id)).toMatchObject({
		...{from: last.id, new: [], gone: [], changed: [], unchanged: 2, analyses: [], same_settings: true},
	});
	ledger.close();
});

test('what is said at the end of a run is what the ledger says of it later', async () => {
	const folder = createTemporaryFolder();
	const path = folder.at('ledger.db');
	const analysis = {allOf: ['transactions', 'profile']};
	for (const name of ['one', 'two', 'three']) folder.write(`data/${name}.csv`, transactions(20));
	const first = await run(path, [folder.at('data')], {analysis});
	rmSync(folder.at('data/three.csv'));
	folder.write('data/two.csv', WITHOUT_AMOUNT);
	folder.write('data/four.csv', transactions(500));
	const second = await run(path, [folder.at('data')], {analysis, retries: 1});
	const collector = createReportCollector();
	for (const event of second.events) collector.handle(event);
	const ledger = openLedger(path);
	const later = diffRuns(ledger, first.id, second.id);
	expect(later).toMatchObject({
		...{new: [folder.at('data/four.csv')], gone: [folder.at('data/three.csv')], changed: [folder.at('data/two.csv')]},
		...{unchanged: 1, same_settings: true, totals: {from: {rows: 60}, to: {rows: 521, failed: 0}}},
	});
	expect(later.analyses.map(({name}) => name)).toEqual(['transactions', 'profile']);
	const ended = {id: second.id, startedAt: second.startedAt, folder: process.cwd(), paths: [folder.at('data')]};
	const reading = readingOf({analysis});
	const analyses = describeAnalyses(analysis);
	expect(diffWithEarlier(ledger, {...ended, reading, report: collector.report(), analyses})).toEqual(later);
	// As it is where the end of the run is not in the ledger yet.
	const other = {...ended, id: 'not there yet', paths: [`${resolve(folder.path)}/data/../data`]};
	expect(
		diffWithEarlier(ledger, {...other, reading: readingOf({}), report: collector.report(), analyses}),
	).toMatchObject({
		...{from: second.id, to: 'not there yet', unchanged: 3, same_settings: false},
	});
	expect(() => diffRuns(ledger, first.id, 'unknown')).toThrow('There is no run unknown in the ledger.');
	ledger.close();
});
