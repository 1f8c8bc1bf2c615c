// Rejected records are on the screen as soon as there are any, even in little room.
import {afterEach, expect, test} from 'vitest';
import {createLook} from '../../source/ui/look/look.ts';
import {buildHeader} from '../../source/ui/views/header-lines.ts';
import {SampleRun} from './sample-run.ts';
import {leaveAll, show} from './show.ts';

afterEach(leaveAll);

const FILES = Array.from({length: 40}, (_, index) => `file_${index + 10}.csv`);

function runWith(rejectedRows: number): SampleRun {
	const run = new SampleRun();
	run.start(FILES);
	run.elapsedMs = 1000;
	for (const file of FILES.slice(0, 10)) run.run(file);
	run.complete('file_10.csv', {rows: 4000, rejected_rows: 0, rejects: []});
	run.complete('file_11.csv', {rows: 4000, rejected_rows: rejectedRows});
	return run;
}

test('the list at 80 x 24 counts the rejected records of each file', async () => {
	const {see} = show(runWith(200), 80, 24);
	const screen = await see('q quit');
	expect(screen).toMatch(/FILE .* STATUS +PROGRESS +SIZE +ROWS +REJECTED$/m);
	expect(screen).toMatch(/file_11\.csv +✔ done .* 4\.0 k +200$/m);
	expect(screen).toMatch(/file_10\.csv +✔ done .* 4\.0 k$/m);
});

test('in the details the name of a column has the room that values leave', async () => {
	const run = new SampleRun();
	run.start(['pay.csv']);
	run.run('pay.csv');
	const reject = {line: 2, byte_offset: 20, column: 'gross_pay_eur', reason: 'not-a-number', value: '12o'} as const;
	run.complete('pay.csv', {rejected_rows: 2, rejects: [reject, {...reject, column: 'x'.repeat(30)}]});
	const {terminal, see} = show(run, 120, 40);
	await see('pay.csv');
	terminal.press('\r');
	const screen = await see('REJECTED RECORDS');
	expect(screen).toMatch(/ 2 {2}gross_pay_eur +not-a-number {2}12o/);
	expect(screen).toMatch(/ 2 {2}x{10,}… {2}not-a-number {2}12o/);
});

test('the list of files without rejected records shows the speed in their place', async () => {
	const {see} = show(runWith(0), 80, 24);
	const screen = await see('q quit');
	expect(screen).toMatch(/ROWS +MB\/s$/m);
	expect(screen).not.toContain('REJECTED');
});

test('at every width the header counts rejected records before it counts queued files', () => {
	const look = createLook({theme: 'mono', ascii: false, colorLevel: 0});
	for (const rejectedRows of [7, 76, 123, 3999]) {
		const state = runWith(rejectedRows).store.getSnapshot();
		for (let columns = 40; columns <= 120; columns++) {
			const {counts} = buildHeader(state, 1000, {title: 'data', connection: null}, columns, look);
			const text = counts.map(part => part.text).join('');
			expect(text).toMatch(/[\dk] rejected/);
			if (columns >= 80) expect(text).toContain('30 queued');
		}
	}
});
