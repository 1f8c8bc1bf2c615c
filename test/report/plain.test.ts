import {describe, expect, test} from 'vitest';
import type {RunFact} from '../../source/model/events.ts';
import type {FileReport} from '../../source/model/report.ts';
import type {WorkerInfo} from '../../source/model/worker-info.ts';
import {createPlainPrinter, type PlainPrinterOptions} from '../../source/report/plain.ts';
import {
	anError,
	cancelled,
	completed,
	failed,
	fileReport,
	progressed,
	queued,
	retrying,
	runCompleted,
	runStarted,
	skipped,
	stampAt,
	started,
	totalsOf,
} from '../store/run-log.ts';
import {ACTING, HOSTILE_TEXTS} from './sample-report.ts';

/** A printer with a clock that the test sets. */
function createBench(options: Partial<PlainPrinterOptions> = {}) {
	const lines: string[] = [];
	// The machine's clock has a value when the run begins.
	const startMs = 5_000_000;
	let nowMs = 0;
	let seq = 0;
	let timer: {tick: () => void; intervalMs: number; dueMs: number} | undefined;
	const printer = createPlainPrinter({
		write: line => lines.push(line),
		now: () => startMs + nowMs,
		startTimer(tick, intervalMs) {
			timer = {tick, intervalMs, dueMs: nowMs + intervalMs};
			return () => {
				timer = undefined;
			};
		},
		...options,
	});
	return {
		lines,
		/** Lines since the last call. */
		take: (): string[] => lines.splice(0),
		emit(...facts: readonly RunFact[]): void {
			for (const fact of facts) {
				seq++;
				printer.handle(stampAt(fact, nowMs, seq));
			}
		},
		pass(milliseconds: number): void {
			const endMs = nowMs + milliseconds;
			while (timer !== undefined && timer.dueMs <= endMs) {
				nowMs = timer.dueMs;
				timer.dueMs += timer.intervalMs;
				timer.tick();
			}
			nowMs = endMs;
		},
		isTimerRunning: (): boolean => timer !== undefined,
	};
}

const namesOf = (count: number): string[] => Array.from({length: count}, (_, index) => `${index + 1}.csv`);

const startOf = (names: readonly string[]): RunFact[] => [
	runStarted({fileCount: names.length, bytesTotal: names.length * 1000}),
	...names.map(name => queued(name)),
];

const endOf = (files: readonly FileReport[]): RunFact =>
	runCompleted({
		status: files.some(({status}) => status === 'cancelled') ? 'cancelled' : 'completed',
		totals: totalsOf(files),
	});

describe('the plain lines', () => {
	test('of files that workers read say where these are asked for, and how many there are', () => {
		let workers: WorkerInfo[] = [];
		const {emit, pass, take} = createBench({workers: () => workers});
		const queue = 'redis://queue.example.org';
		emit(runStarted({fileCount: 1, bytesTotal: 1000, concurrency: 64, threads: 0, queue}), queued('a.csv'));
		pass(2000);
		const one = {name: 'w', version: '1', fits: true, isDraining: false, threads: 2, jobs: 0, filesDone: 0};
		workers = [{...one, partsDone: 0, bytesPerSecond: 0, seenAgoMs: 0}];
		pass(2000);
		// They take no files of this run, or none any more.
		workers = [{...workers[0], fits: false} as WorkerInfo, {...workers[0], isDraining: true} as WorkerInfo];
		pass(2000);
		expect(take()).toEqual([
			`Processing 1 file (1.0 kB) by the workers at ${queue}, up to 64 at a time`,
			'Processed 0 of 1 files (0%), ETA –, –, no worker',
			'Processed 0 of 1 files (0%), ETA –, –, 1 worker with 2 threads',
			'Processed 0 of 1 files (0%), ETA –, –, no worker',
		]);
	});

	test('of a whole run are exactly these', () => {
		const {emit, pass, lines} = createBench();
		emit(...startOf(['a.csv', 'b.csv', 'c.csv', 'd.csv']));
		emit(started('a.csv'), started('b.csv'));
		pass(1000);
		emit(progressed('a.csv', 500), completed('a.csv'), started('c.csv'));
		pass(1000);
		emit(failed('b.csv', {error: anError('UNCLOSED_QUOTE', 'the quote on line 4 is never closed')}));
		pass(2000);
		emit(completed('c.csv'), started('d.csv'), completed('d.csv'));
		emit(
			endOf([
				fileReport('a.csv', {bytes: 1000, rows: 100}),
				fileReport('b.csv', {status: 'failed'}),
				fileReport('c.csv', {bytes: 1000, rows: 100}),
				fileReport('d.csv', {bytes: 1000, rows: 100}),
			]),
		);
		pass(10_000);
		expect(lines).toEqual([
			'Processing 4 files (4.0 kB), 2 at a time on 2 threads',
			'✔ a.csv: 100 rows, 10 rejected',
			'Processed 1 of 4 files (25%), ETA 00:06, 500 B/s',
			'✖ b.csv: UNCLOSED_QUOTE the quote on line 4 is never closed',
			'Processed 2 of 4 files (50%), ETA 00:08, 250 B/s',
			'✔ c.csv: 100 rows, 10 rejected',
			'✔ d.csv: 100 rows, 10 rejected',
			'Processed 4 of 4 files (100%)',
			'✖ 3 of 4 files completed, 1 failed, 3.0 kB, 300 rows in 2.0 s (1.5 kB/s)',
			'',
			'Failed files',
			'  ✖ b.csv: UNCLOSED_QUOTE the quote on line 4 is never closed',
			'',
			'To look at first',
			'  10 of 100 rows rejected in a.csv, and 20 in other files',
			'    fileproc-tui a.csv --analysis quality',
		]);
	});

	test('come every 2 s, even if no file has ended', () => {
		const {emit, pass, take} = createBench();
		emit(...startOf(['a.csv']));
		take();
		pass(1999);
		expect(take()).toEqual([]);
		pass(1);
		expect(take()).toEqual(['Processed 0 of 1 files (0%), ETA –, –']);
		pass(6000);
		expect(take()).toHaveLength(3);
	});

	test('name each file as it ends, uncut, with its bytes and rows', () => {
		const {emit, take} = createBench();
		const long = `${'folder/'.repeat(30)}long.csv`;
		emit(...startOf(['1.csv', long, '3.csv', '4.csv']));
		take();
		emit(started('1.csv'), completed('1.csv', {rows: 1, rejected_rows: 0}));
		emit(started(long), completed(long, {rows: 2000, rejected_rows: 0}));
		emit(started('3.csv'), cancelled('3.csv'), cancelled('4.csv', {attempts: 0}));
		expect(take()).toEqual(['✔ 1.csv: 1 row', `✔ ${long}: 2,000 rows`, '○ 3.csv: cancelled']);
	});

	test('say 100% only when all files have ended', () => {
		const {emit, pass, take} = createBench();
		const names = namesOf(1000);
		emit(...startOf(names), ...names.slice(0, 999).map(name => completed(name)));
		take();
		pass(2000);
		expect(take()[0]).toMatch(/^Processed 999 of 1000 files \(99%\),/);
	});

	test('do not count a cancelled file as processed', () => {
		const {emit, pass, take} = createBench();
		emit(...startOf(['a.csv', 'b.csv']), completed('a.csv'), cancelled('b.csv'));
		pass(2000);
		expect(take().at(-1)).toMatch(/^Processed 1 of 2 files \(50%\)/);
	});

	test('report a failure, a retry and a skipped file at once', () => {
		const {emit, take} = createBench();
		emit(...startOf(['a.csv']));
		take();
		emit(skipped('pipe.csv'), started('a.csv'), retrying('a.csv'), started('a.csv', 2), failed('a.csv', {attempts: 2}));
		expect(take()).toEqual([
			'- pipe.csv: NOT_A_FILE a pipe is no regular file',
			'Retrying a.csv in 0.500 s, attempt 1 ended with EIO the disk did not answer',
			'✖ a.csv: EIO the disk did not answer',
		]);
	});

	test('a reason is never cut, however narrow the summary is', () => {
		const {emit, lines} = createBench({columns: 20});
		emit(...startOf(['a.csv']), failed('a.csv', {error: anError('EIO', 'word '.repeat(50).trim())}));
		expect(lines.at(-1)).toBe(`✖ a.csv: EIO ${'word '.repeat(50).trim()}`);
	});

	test('of a paused run come only if something has ended', () => {
		const {emit, pass, take} = createBench();
		emit(...startOf(['a.csv', 'b.csv']), started('a.csv'));
		take();
		emit({type: 'run-paused'}, completed('a.csv'));
		pass(6000);
		expect(take()).toEqual(['Paused', '✔ a.csv: 100 rows, 10 rejected', 'Processed 1 of 2 files (50%), ETA –, –']);
		emit({type: 'run-resumed'});
		pass(2000);
		expect(take()).toEqual(['Resumed', expect.stringMatching(/^Processed 1 of 2 files \(50%\)/)]);
	});
});

describe('the end', () => {
	test('of a run shorter than 2 s has its status line and the summary', () => {
		const {emit, take} = createBench();
		emit(...startOf(['a.csv']), started('a.csv'), completed('a.csv'));
		emit(endOf([fileReport('a.csv', {bytes: 1000, rows: 100})]));
		expect(take()).toEqual([
			'Processing 1 file (1.0 kB), 2 at a time on 2 threads',
			'✔ a.csv: 100 rows, 10 rejected',
			'Processed 1 of 1 files (100%)',
			'✔ 1 file, 1.0 kB, 100 rows in 2.0 s (500 B/s)',
			'',
			'To look at first',
			'  10 of 100 rows rejected in a.csv',
			'    fileproc-tui a.csv --analysis quality',
		]);
	});

	test('of a cancelled run does not count files that were cancelled as processed', () => {
		const {emit, take} = createBench();
		emit(...startOf(['a.csv', 'b.csv', 'c.csv']), started('a.csv'), completed('a.csv'));
		emit(cancelled('b.csv'), cancelled('c.csv', {attempts: 0}));
		emit(endOf([fileReport('a.csv'), cancelled('b.csv').report, cancelled('c.csv').report]));
		const lines = take();
		expect(lines[3]).toBe('Processed 1 of 3 files (33%)');
		expect(lines[4]).toMatch(/^✖ 1 of 3 files completed, 2 cancelled, /);
	});

	test('stops the timer, and nothing is printed after it', () => {
		const {emit, pass, take, isTimerRunning} = createBench();
		emit(...startOf(['a.csv']), completed('a.csv'));
		expect(isTimerRunning()).toBe(true);
		emit(endOf([fileReport('a.csv')]));
		take();
		expect(isTimerRunning()).toBe(false);
		emit(failed('a.csv'));
		pass(10_000);
		expect(take()).toEqual([]);
	});

	test('without files are all of them', () => {
		const {emit, take} = createBench();
		emit(...startOf([]), endOf([]));
		expect(take()[1]).toBe('Processed 0 of 0 files (100%)');
	});
});

describe('names from outside', () => {
	test.each(HOSTILE_TEXTS)('%j is harmless on every line', text => {
		const {emit, pass, lines} = createBench();
		const error = anError('EIO', text);
		emit(...startOf([text, `2${text}`, `3${text}`]), skipped(`4${text}`, {error}));
		emit(started(text), retrying(text, 1, error), completed(text), failed(`2${text}`, {error}), cancelled(`3${text}`));
		pass(2000);
		emit(endOf([fileReport(text), fileReport(`2${text}`, {status: 'failed', error})]));
		expect(lines.length).toBeGreaterThan(6);
		for (const line of lines) {
			expect(line).not.toMatch(ACTING);
			expect(line).not.toContain('\n');
		}
	});

	test('our own words are ASCII where no other text is', () => {
		const {emit, pass, lines} = createBench({ascii: true});
		const long = `${'folder/'.repeat(10)}a.csv`;
		emit(...startOf([long, 'b.csv']), started(long), completed(long), failed('b.csv'));
		pass(2000);
		emit(endOf([fileReport(long), fileReport('b.csv', {status: 'failed', error: anError()})]));
		expect(lines.join('\n')).toMatch(/^[\n\u0020-\u007e]*$/);
		expect(lines).toContain('FAILED b.csv: EIO the disk did not answer');
	});
});

test('100,000 files cost no copies of the table of files', () => {
	const {emit, pass, lines} = createBench();
	const names = namesOf(100_000);
	emit(...startOf(names));
	for (const name of names) emit(started(name), completed(name));
	pass(2000);
	emit(endOf(names.map(name => fileReport(name))));
	// A copy for each event would be 300,000 × 800 kB, and the test would time out.
	expect(lines).toContain('Processed 100000 of 100000 files (100%)');
});
