// Files whose results an earlier run has kept: the screen says that they were not read.
import {afterEach, expect, test} from 'vitest';
import {SampleRun} from './sample-run.ts';
import {leaveAll, show} from './show.ts';

afterEach(leaveAll);

test('the final screen counts them, and the details of one say so without a speed', async () => {
	const run = new SampleRun();
	run.start(['known.csv', 'new.csv'], 1000);
	for (const file of ['known.csv', 'new.csv']) run.run(file);
	run.elapsedMs = 1000;
	run.complete('known.csv', {source: 'ledger'});
	run.complete('new.csv');
	run.end();
	const {see, terminal} = show(run, 80, 24);
	await see(/unchanged +1 file, taken from the ledger, not read/);
	terminal.press('1');
	await see(/known\.csv +✔ done/);
	terminal.press('\r');
	expect(await see('unchanged, from the ledger')).toMatch(/✔ done .*unchanged, from the ledger *$/m);
});
