import {readdirSync, readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {exportReport} from '../../source/cli/outputs/export-report.ts';
import {createReportCollector} from '../../source/report/collect-report.ts';
import {createTemporaryFolder, workIn} from '../helpers/temporary-folder.ts';
import {completed, queued, runStarted, stamp} from '../store/run-log.ts';

const now = new Date(2026, 10, 22, 9, 46, 5);

test('the report so far goes to a file that sorts by its time, and never replaces another one', async () => {
	const folder = createTemporaryFolder();
	workIn(folder);
	const collector = createReportCollector();
	for (const event of stamp([runStarted(), queued('a.csv'), queued('b.csv'), completed('a.csv')]))
		collector.handle(event);
	const names: string[] = [];
	for (let count = 0; count < 3; count++) names.push(await exportReport({collector, control: {}, now}));
	expect(names).toEqual([
		'fileproc-report-20261122-094605.json',
		'fileproc-report-20261122-094605-2.json',
		'fileproc-report-20261122-094605-3.json',
	]);
	expect(readdirSync(folder.path).sort()).toEqual([...names].sort());
	const report = JSON.parse(readFileSync(names[0] ?? '', 'utf8'));
	expect(report).toMatchObject({status: 'running', totals: {files: 1, completed: 1}, files: [{file: 'a.csv'}]});
});
