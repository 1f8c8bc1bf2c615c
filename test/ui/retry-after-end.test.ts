// The final screen and the list of a run that is over: files can be retried as long as they are shown.
import {afterEach, expect, test} from 'vitest';
import {sampleReport, sampleRun} from './sample-run.ts';
import {leaveAll, show} from './show.ts';

afterEach(leaveAll);

const BROKEN = 'data/transactions_003.csv';

/** All files done except for the one that failed. */
function endedRun() {
	const run = sampleRun();
	for (const {file, status} of run.store.getSnapshot().files) {
		if (status === 'running' || status === 'queued') run.complete(file);
	}
	run.elapsedMs = 9000;
	run.end();
	return run;
}

test('r on the final screen asks about the failed files, and the list shows them running until the next end', async () => {
	const run = endedRun();
	const {see, terminal} = show(run, 120, 40);
	expect(await see('FAILED')).toMatch(/ r retry /);
	terminal.press('r');
	await see('Retry 1 failed file?');
	terminal.press('y');
	await see('Retrying 1 file');
	expect(run.requests).toEqual([`retry ${BROKEN}`]);

	// What the engine emits then.
	run.emit({type: 'file-queued', file: BROKEN, attempt: 1, bytesTotal: 100_000_000});
	run.run(BROKEN, 2);
	const list = await see(/003\.csv +[-\\|/] running/);
	expect(list).toMatch(/1 running +✔ 11 done/);
	expect(list).toContain('elapsed');
	// Queued again as during the run.
	terminal.press('q');
	await see('Stop the run and leave? (1 running)');
	terminal.press('n');
	run.complete(BROKEN, {attempts: 2});
	run.end();
	expect(await see('12 of 12 completed')).toMatch(/✔ finished in/);
});

test('without failed files, r offers cancelled ones; with neither there is no such key', async () => {
	const run = sampleRun();
	const {files} = run.store.getSnapshot();
	for (const {file, status} of files) {
		if (status === 'failed') run.complete(file);
		else if (status === 'running' || status === 'queued') {
			const report = sampleReport(file, {status: 'cancelled', analysis: null, result: null, rejects: []});
			run.emit({type: 'file-cancelled', file, attempt: 1, report});
		}
	}
	run.end();
	const {see, terminal} = show(run, 120, 40);
	await see('finished in');
	terminal.press('r');
	await see('Retry 8 cancelled files?');

	const all = endedRun();
	all.emit({type: 'file-queued', file: BROKEN, attempt: 1, bytesTotal: 100});
	all.run(BROKEN, 2);
	all.complete(BROKEN);
	all.end();
	const second = show(all, 120, 40);
	expect(await second.see('12 of 12 completed')).not.toContain('r retry');
	second.terminal.press('r');
	await second.see('Nothing to retry');
});

test('a path without an attempt, such as a folder that cannot be read, is not offered', async () => {
	const run = sampleRun();
	for (const {file, status} of run.store.getSnapshot().files) {
		if (status !== 'completed') run.complete(file);
	}
	run.emit(
		{type: 'file-queued', file: 'locked', attempt: 0, bytesTotal: 0},
		{
			type: 'file-failed',
			file: 'locked',
			attempt: 0,
			report: sampleReport('locked', {
				status: 'failed',
				attempts: 0,
				error: {code: 'EACCES', message: 'no', line: null, byte_offset: null},
			}),
		},
	);
	run.end();
	const {see, terminal} = show(run, 120, 40);
	await see('finished in');
	terminal.press('r');
	await see('Nothing to retry');
});
