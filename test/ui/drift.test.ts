// What changed since an earlier run, in whole screens.
import {afterEach, expect, test} from 'vitest';
import type {Drift, RunDiff} from '../../source/model/run-diff.ts';
import {SampleRun} from './sample-run.ts';
import {leaveAll, show} from './show.ts';

afterEach(leaveAll);

const totals = {files: 3, completed: 3, failed: 0, cancelled: 0, skipped: 0, bytes: 1, rejected_rows: 2};
const diff: RunDiff = {
	...{from: '20251231-080000-9f3c2a', to: '20260101-000000-abcdef', from_started_at: '2025-12-31T08:00:00.000Z'},
	...{same_settings: true, new: ['data/c.csv'], gone: [], changed: ['data/b\u{1b}.csv'], unchanged: 1},
	totals: {
		from: {...totals, rows: 1_000_000, processing_time: 1},
		to: {...totals, rows: 2_600_000, processing_time: 1},
	},
	analyses: [
		{
			...{name: 'transactions', title: 'Transactions'},
			figures: [{label: 'total amount', format: 'decimal', from: '1000000.00', to: '1234567.50'}],
			tables: [{title: 'categories', new: ['travel'], gone: []}],
			columns: [],
		},
	],
};

function endedRun(): SampleRun {
	const run = new SampleRun();
	run.start(['data/a.csv', 'data/b.csv']);
	for (const file of ['data/a.csv', 'data/b.csv']) run.run(file);
	run.elapsedMs = 2000;
	for (const file of ['data/a.csv', 'data/b.csv']) run.complete(file);
	return run;
}

test('is in the summary and the overview once the run has ended, and not before', async () => {
	const run = endedRun();
	let calls = 0;
	const findDrift = (): Drift => {
		calls++;
		return diff;
	};
	const {terminal, see} = show(run, 80, 24, {colorLevel: 1}, {findDrift});
	await see('q quit');
	terminal.press('3');
	await see('THROUGHPUT');
	expect(calls).toBe(0);
	terminal.press('1');
	await see('q quit');
	run.end();
	expect(await see('WHAT CHANGED')).toMatchInlineSnapshot(`
		" fileproc-tui  ./data  2 files  200 MB                     ✔ finished in 2.0 s
		 ██████████████████████████ 100 %        200 / 200 MB    100 MB/s
		 ✔ 2 done                                   2.6 M rows   4 rejected   2 threads
		────────────────────────────────────────────────────────────────────────────────

		 RUN
		   files             2 of 2 completed
		   rows              2,600,000
		   rejected          4
		   read              200 MB in 2.0 s, 100 MB/s

		 TO LOOK AT FIRST
		   2 of 1,300,000 rows rejected in data/a.csv, most of them for amount
		   not-a-number, and 2 in other files
		     fileproc-tui data/a.csv --analysis quality

		 WHAT CHANGED   since the run of 2025-12-31 08:00 UTC
		   files             1 new, 1 changed, 1 unchanged
		   rows              2,600,000, before 1,000,000
		   new               data/c.csv
		   changed           data/b\\x1b.csv
		   + 20 more                                                         1–17 of 37
		────────────────────────────────────────────────────────────────────────────────
		 ↑↓ scroll  ⏎ files  ? help  q quit"
	`);
	terminal.press('3');
	await see('WHAT CHANGED   since the run of 2025-12-31 08:00 UTC');
	terminal.press('\u{1b}[6~');
	await see('before 1,000,000.00');
	expect(calls).toBe(1);
});

test('says why it is not known', async () => {
	const run = endedRun();
	run.end();
	const problem =
		'The ledger ledger.db cannot be used: its disk reports an error: check the disk, or name a file on another one.';
	const {see} = show(run, 80, 24, {}, {findDrift: () => ({problem})});
	const screen = await see('WHAT CHANGED IS NOT KNOWN');
	expect(screen.replace(/\s+/g, ' ')).toContain(problem);
});
