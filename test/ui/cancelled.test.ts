// A cancelled file, and a stopped run, show how far they came, and no figures that look complete.
import {afterEach, expect, test} from 'vitest';
import {MEGABYTE, SampleRun, sampleReport} from './sample-run.ts';
import {leaveAll, show} from './show.ts';

afterEach(leaveAll);

/** Four files of 100 MB: one done, one cancelled at 40 MB, one with all its bytes read, one before it began. */
function stoppedRun(): SampleRun {
	const run = new SampleRun();
	const files = ['a.csv', 'b.csv', 'c.csv', 'd.csv'];
	run.start(files);
	for (const file of files.slice(0, 3)) run.run(file);
	run.elapsedMs = 2500;
	run.complete('a.csv');
	run.progress('b.csv', 40 * MEGABYTE);
	run.progress('c.csv', 100 * MEGABYTE);
	for (const [file, bytes] of [
		['b.csv', 40 * MEGABYTE],
		['c.csv', 100 * MEGABYTE],
		['d.csv', 0],
	] as const) {
		const attempts = bytes === 0 ? 0 : 1;
		const report = sampleReport(file, {
			status: 'cancelled',
			analysis: null,
			attempts,
			bytes,
			rows: 0,
			rejected_rows: 0,
			result: null,
			rejects: [],
		});
		run.emit({type: 'file-cancelled', file, attempt: attempts, report});
	}
	return run;
}

test.each([
	[80, 24],
	[120, 40],
] as const)('in the list at %i x %i', async (columns, rows) => {
	const {see} = show(stoppedRun(), columns, rows);
	const screen = await see('3 cancelled');
	const lineOf = (file: string): string => screen.split('\n').find(line => line.includes(file)) ?? '';
	expect(lineOf('b.csv')).toMatch(/○ cancelled +cancelled after 40\.0 MB of 100 MB/);
	expect(lineOf('c.csv')).toMatch(/○ cancelled +cancelled after 100 MB of 100 MB/);
	expect(lineOf('d.csv')).toMatch(/○ cancelled +cancelled before it began/);
	for (const file of ['b.csv', 'c.csv', 'd.csv']) expect(lineOf(file)).not.toMatch(/\d %|█/);
});

test('in its details', async () => {
	const {see, terminal} = show(stoppedRun(), 80, 24);
	await see('3 cancelled');
	terminal.press('gj\r');
	const screen = await see('cancelled after 40.0 MB of 100 MB; nothing of it counts');
	expect(screen).not.toMatch(/○ cancelled.*rows/);
});

test('a run that was stopped is not at 100 %', async () => {
	const run = stoppedRun();
	run.end({status: 'cancelled'});
	const {see, terminal} = show(run, 80, 24);
	const screen = await see('stopped after');
	expect(screen).toMatch(/ 60 % +240 \/ 400 MB/);
	expect(screen).not.toContain('100 %');
	// After they are retried and complete, it is.
	for (const file of ['b.csv', 'c.csv', 'd.csv']) {
		run.emit({type: 'file-queued', file, attempt: 1, bytesTotal: 100 * MEGABYTE});
		run.run(file, 2);
		run.complete(file, {attempts: 2});
	}
	run.end();
	terminal.press('\u{c}');
	expect(await see('finished in')).toMatch(/100 % +400 \/ 400 MB/);
});
