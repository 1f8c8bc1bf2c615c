import {afterEach, expect, onTestFinished, test, vi} from 'vitest';
import {FramePacer} from '../../source/ui/terminal/frame-pacer.ts';
import {PATIENT} from '../helpers/patient.ts';
import {KEY} from '../helpers/virtual-terminal.ts';
import {SampleRun, sampleRun} from './sample-run.ts';
import {leaveAll, show} from './show.ts';

afterEach(leaveAll);

/** The name of the file under the cursor. */
const cursor = /▸ (transactions\S+)/;
const at = (number: number) => new RegExp(`▸ transactions_${String(number).padStart(3, '0')}.csv`);

test('the list follows the running files until the user moves the cursor, and again after Esc', async () => {
	const run = sampleRun();
	const {terminal, see} = show(run, 80, 24);
	await see(at(5));
	run.complete('data/transactions_005.csv');
	await see(at(6));
	terminal.press('k');
	await see(at(5));
	run.complete('data/transactions_006.csv');
	await see('✔ 5 done');
	expect(await terminal.screen()).toMatch(at(5));
	terminal.press(KEY.escape);
	await see(at(7));
});

test('arrows, pages and ends move the cursor, also several keys at once', async () => {
	const {terminal, see} = show(sampleRun(), 40, 10);
	await see(/▸ transact…005/);
	for (const [keys, number] of [
		[KEY.down, '006'],
		['jj', '008'],
		[KEY.up, '007'],
		['G', '012'],
		['g', '001'],
		[KEY.end, '012'],
		[KEY.home, '001'],
		[KEY.pageDown, '004'],
		[KEY.ctrlF, '007'],
		[KEY.pageUp, '004'],
		[KEY.ctrlB, '001'],
		['kkk', '001'],
	] as const) {
		terminal.press(keys);
		await see(new RegExp(`▸ transact…${number}`));
	}
});

test('a paste is not obeyed', async () => {
	const run = sampleRun();
	const {terminal, see} = show(run, 80, 24);
	await see(at(5));
	terminal.press('quit and quit again, quickly');
	await vi.waitFor(() => expect(terminal.stdin.readableLength).toBe(0), PATIENT);
	terminal.press('j');
	await see(at(6));
	expect(run.requests).toEqual([]);
});

test('Enter opens the file under the cursor, Esc or Left goes back', async () => {
	const {terminal, see, seeNo} = show(sampleRun(), 80, 40);
	await see(cursor);
	terminal.press('g\r');
	expect(await see('HOW IT WAS READ')).toContain('about 37,411');
	terminal.press(KEY.left);
	await see(at(1));
	terminal.press(KEY.down);
	terminal.press(KEY.enter);
	await see('data/transactions_002.csv\n');
	terminal.press(KEY.escape);
	await seeNo('HOW IT WAS READ');
	await see(at(2));
});

test('details of a running file are live, and scroll when they do not fit', async () => {
	const run = sampleRun();
	const {terminal, see} = show(run, 80, 16);
	await see(cursor);
	terminal.press(KEY.enter);
	await see('700,000 rows');
	run.elapsedMs = 5500;
	run.progress('data/transactions_005.csv', 80_000_000);
	await see('800,000 rows');
	run.complete('data/transactions_005.csv');
	await see('more');
	terminal.press('G');
	await see('delimiter ,');
});

test('p pauses the run, and resumes it', async () => {
	const run = sampleRun();
	const {terminal, see, seeNo} = show(run, 80, 24);
	await see(cursor);
	terminal.press('p');
	await vi.waitFor(() => expect(run.requests).toEqual(['pause']), PATIENT);
	run.emit({type: 'run-paused'});
	await see('‖ paused  00:05');
	terminal.press('p');
	await vi.waitFor(() => expect(run.requests).toEqual(['pause', 'resume']), PATIENT);
	run.emit({type: 'run-resumed'});
	await seeNo('‖');
});

test('while the run is paused nothing is painted', async () => {
	const run = sampleRun();
	run.emit({type: 'run-paused'});
	const {terminal, see} = show(run, 80, 24);
	await see('‖ paused');
	const {length} = terminal.written;
	// An unrelated wait: the spinner would have moved meanwhile.
	const other = show(sampleRun(), 80, 24);
	const first = (await other.see(cursor)).split('\n')[0];
	await vi.waitFor(async () => expect((await other.terminal.screen()).split('\n')[0]).not.toBe(first), PATIENT);
	expect(terminal.written.length).toBe(length);
});

test('P pauses the running file under the cursor, x asks and then cancels it', async () => {
	const run = sampleRun();
	const {terminal, see, seeNo} = show(run, 80, 24);
	await see(cursor);
	terminal.press('P');
	await see('Pausing data/transactions_005.csv');
	run.progress('data/transactions_005.csv', 70_000_000, true);
	await see('‖ paused');
	terminal.press('P');
	await see('Going on with data/transactions_005.csv');
	terminal.press('x');
	await see('Cancel data/transactions_005.csv?');
	terminal.press('n');
	await seeNo('Cancel data/transactions_005.csv?');
	terminal.press('xxx');
	await see('Cancel data/transactions_005.csv?');
	terminal.press('y');
	await see('Cancelling data/transactions_005.csv');
	expect(run.requests).toEqual([
		'pause data/transactions_005.csv',
		'resume data/transactions_005.csv',
		'cancel data/transactions_005.csv',
	]);
	terminal.press('gx');
	await see('nothing to cancel');
});

test('r retries the failed file under the cursor; elsewhere all failed files, and asks with their number first', async () => {
	const run = sampleRun();
	run.fail('data/transactions_006.csv', 'no');
	const {terminal, see} = show(run, 80, 24);
	await see(cursor);
	terminal.press('r');
	await see('Retry 2 failed files?');
	expect(run.requests).toEqual([]);
	terminal.press('y');
	await see('Retrying 2 files');
	terminal.press('gjj');
	await see(at(3));
	terminal.press('r');
	await see('Retrying data/transactions_003.csv');
	expect(run.requests).toEqual([
		'retry data/transactions_003.csv data/transactions_006.csv',
		'retry data/transactions_003.csv',
	]);
});

test('? shows the help and hides it', async () => {
	const {terminal, see, seeNo} = show(sampleRun(), 80, 24);
	await see(cursor);
	terminal.press('?');
	await see('One page down');
	terminal.press('?');
	await seeNo('One page down');
});

test('q asks; then the run stops gently, and the dashboard leaves when it has ended', async () => {
	const run = sampleRun();
	const {terminal, outcome, onForceQuit, see, seeNo} = show(run, 80, 24);
	await see(cursor);
	terminal.press('q');
	await see('Stop the run and leave? (3 running, 5 waiting)');
	terminal.press(KEY.escape);
	await seeNo('Stop the run');
	expect(run.requests).toEqual([]);
	terminal.press('q');
	await see('Stop the run and leave?');
	terminal.press('y');
	await see('Stopping … press q again to leave at once');
	expect(run.requests).toEqual(['stop']);
	run.end({status: 'cancelled'});
	expect(await outcome).toEqual({reason: 'left'});
	expect(onForceQuit).not.toHaveBeenCalled();
});

test.each(['qyq', 'qqq', `q${KEY.ctrlC}q`, KEY.ctrlC + KEY.ctrlC])('%j stops the run and exits at once', async keys => {
	const run = sampleRun();
	const {terminal, outcome, onForceQuit, see} = show(run, 80, 24);
	await see(cursor);
	terminal.press(keys);
	expect(await outcome).toEqual({reason: 'forced'});
	expect(onForceQuit).toHaveBeenCalledOnce();
	expect(run.requests).toEqual(['stop']);
	expect(terminal.isRaw).toBe(false);
	await terminal.screen();
	expect(terminal.isAlternateScreen).toBe(false);
	expect(terminal.written).toMatch(/\u{1b}\[\?25h$/u);
});

test('the summary appears by itself; Tab, f and Esc lead to the files and back; q leaves', async () => {
	const run = sampleRun();
	const {terminal, outcome, see} = show(run, 80, 24);
	await see(cursor);
	run.end();
	await see(' RUN');
	for (const keys of [KEY.tab, 'f', '1', KEY.enter, KEY.escape]) {
		terminal.press(keys);
		await see(cursor);
		terminal.press(KEY.escape);
		await see(' RUN');
	}
	// All views in turn, back to the files.
	terminal.press(`2${KEY.tab}`);
	await see('THROUGHPUT');
	terminal.press(KEY.tab);
	await see('The run ended');
	terminal.press(KEY.tab);
	await see(' RUN');
	terminal.press(KEY.tab);
	terminal.press(KEY.enter);
	await see('data/transactions');
	terminal.press('q');
	expect(await outcome).toEqual({reason: 'left'});
});

test('a user who reads details when the run ends keeps them, and finds the summary behind', async () => {
	const run = sampleRun();
	const {terminal, see} = show(run, 80, 40);
	await see(cursor);
	terminal.press('g\r');
	await see('HOW IT WAS READ');
	run.end();
	await see('finished in');
	expect(await terminal.screen()).toContain('HOW IT WAS READ');
	terminal.press(KEY.escape);
	await see(' RUN');
});

test('a run without a file has a screen too', async () => {
	const run = new SampleRun();
	const {terminal, outcome, see} = show(run, 80, 24);
	await see('0 files');
	terminal.press('j\rP');
	await see('Only a running file');
	run.start([]);
	run.end();
	await see('0 of 0 completed');
	terminal.press('q');
	await outcome;
});

test('a notice of a key gives way to the keys again', async () => {
	const {terminal, see} = show(sampleRun(), 80, 24);
	await see('q quit');
	terminal.press('p');
	await see('Paused: running files are held');
	await vi.waitFor(async () => {
		const screen = await terminal.screen();
		expect(screen).not.toContain('Paused: running files are held');
		expect(screen).toContain('q quit');
	}, PATIENT);
});

test('the answer to a key does not wait for the next frame', async () => {
	// What that does is tested with a clock of its own: frame-pacer.test.ts.
	const expedite = vi.spyOn(FramePacer.prototype, 'expedite');
	onTestFinished(() => expedite.mockRestore());
	const {terminal, see} = show(sampleRun(), 80, 24);
	await see('q quit');
	expect(expedite).not.toHaveBeenCalled();
	terminal.press('?');
	await see('KEYS');
	expect(expedite).toHaveBeenCalledOnce();
});
