// Files that completed without an accepted record, on every view and at common sizes.
import {afterEach, expect, test} from 'vitest';
import {SampleRun, sampleReport} from './sample-run.ts';
import {leaveAll, show} from './show.ts';

afterEach(leaveAll);

const EMPTY = {rows: 0, rejected_rows: 0, rejects: []} as const;

/** One good file, one whose records are all rejected, one with a header only, one empty. */
function runWithoutRecords(): SampleRun {
	const run = new SampleRun();
	run.start(['good.csv', 'rejected.csv', 'header.csv', 'empty.csv'], 1000);
	for (const file of ['good.csv', 'rejected.csv', 'header.csv', 'empty.csv']) run.run(file);
	run.elapsedMs = 1000;
	const {dialect} = sampleReport('');
	run.complete('good.csv');
	run.complete('rejected.csv', {rows: 3, rejected_rows: 3});
	run.complete('header.csv', EMPTY);
	run.complete('empty.csv', {...EMPTY, analysis: null, result: null, dialect: dialect && {...dialect, header: false}});
	return run;
}

test.each([
	[80, 24],
	[120, 40],
] as const)('the list and the header show their state at %i x %i', async (columns, rows) => {
	const {see} = show(runWithoutRecords(), columns, rows);
	const screen = await see('q quit');
	expect(screen).toMatch(/✔ 1 done +! 1 all rejected +! 2 empty/);
	expect(screen).toMatch(/good\.csv +✔ done/);
	expect(screen).toMatch(/rejected\.csv +! rejected +done, 3 of 3 rejected: line/);
	expect(screen).toMatch(/header\.csv +! empty +done, header only/);
	expect(screen).toMatch(/empty\.csv +! empty +done, empty/);
});

test('the smallest screen shows them too', async () => {
	const {see} = show(runWithoutRecords(), 40, 10);
	const screen = await see('q quit');
	expect(screen).toMatch(/1 done +1 all rejected +2 empty/);
	expect(screen).toMatch(/rejected\.csv +! 3 of 3 rejected/);
	expect(screen).toMatch(/header\.csv +! header only/);
});

test('the overview and the final screen count them in the words of the header, each file once', async () => {
	const run = runWithoutRecords();
	const {see, terminal} = show(run, 80, 24);
	terminal.press('3');
	const counts = /files +4 of 4 completed \(1 done, 1 all rejected, 2 empty\)$/m;
	expect(await see(counts)).toMatch(/✔ 1 done +! 1 all rejected +! 2 empty/);
	run.end();
	terminal.press('1');
	await see('finished in');
	terminal.press('\u{1b}');
	await see(counts);
});

test('the final screen lists them, and does not say that all went well', async () => {
	const run = runWithoutRecords();
	run.end();
	const {see, terminal} = show(run, 80, 24);
	const screen = await see('NO ACCEPTED RECORD');
	expect(screen).toMatch(/! finished in/);
	expect(screen).not.toMatch(/✔ finished/);
	terminal.press('4');
	expect(await see('The run ended')).toMatch(/! rejected\.csv {2}done, 3 of 3 rejected/);
	terminal.press('1/status:rej\rG\r');
	expect(await see('done, 3 of 3 rejected: line 17')).toContain('! rejected');
});
