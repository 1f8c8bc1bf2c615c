import {expect, test} from 'vitest';
import type {RunFact} from '../../source/model/events.ts';
import {createMilestonePrinter} from '../../source/report/milestones.ts';
import {
	anError,
	completed,
	failed,
	fileReport,
	progressed,
	queued,
	runCompleted,
	runStarted,
	stampAt,
	started,
	totalsOf,
} from '../store/run-log.ts';
import {ACTING, HOSTILE_TEXTS} from './sample-report.ts';

function createBench() {
	const lines: string[] = [];
	const {handle} = createMilestonePrinter({write: line => lines.push(line), columns: 80});
	let elapsedMs = 0;
	return {
		lines,
		emit: (...facts: readonly RunFact[]): void => {
			for (const fact of facts) handle(stampAt(fact, elapsedMs));
		},
		pass: (milliseconds: number): void => {
			elapsedMs += milliseconds;
		},
	};
}

test('a run has a line for its start, each tenth part, each failed file and its end', () => {
	const {lines, emit, pass} = createBench();
	emit(runStarted({fileCount: 2, bytesTotal: 2000}), queued('a.csv'), queued('b.csv'), started('a.csv'));
	for (let bytesRead = 100; bytesRead <= 1000; bytesRead += 100) {
		pass(1000);
		emit(progressed('a.csv', bytesRead), progressed('a.csv', bytesRead));
	}
	emit(completed('a.csv'), started('b.csv'));
	pass(1000);
	emit(failed('b.csv', {error: anError('UNCLOSED_QUOTE', 'the quote on line 4 is never closed')}));
	const files = [fileReport('a.csv', {bytes: 1000, rows: 100}), fileReport('b.csv', {status: 'failed'})];
	emit(runCompleted({totals: totalsOf(files)}));
	expect(lines.slice(0, 9)).toEqual([
		'Processing 2 files, 2.0 kB.',
		'10 percent, 0 of 2 files done, less than a minute left.',
		'20 percent, 0 of 2 files done, less than a minute left.',
		'30 percent, 0 of 2 files done, less than a minute left.',
		'40 percent, 0 of 2 files done, less than a minute left.',
		'50 percent, 0 of 2 files done, less than a minute left.',
		'Failed: b.csv: UNCLOSED_QUOTE the quote on line 4 is never closed',
		'Done.',
		'FAILED 1 of 2 files completed, 1 failed, 1.0 kB, 100 rows in 2.0 s (500 B/s)',
	]);
});

test('every line consists of words that can be spoken, and nothing in it is obeyed by a terminal', () => {
	const {lines, emit} = createBench();
	for (const text of HOSTILE_TEXTS) emit(failed(text, {error: anError('EIO', text)}));
	emit(runStarted(), ...HOSTILE_TEXTS.map(text => queued(text)));
	emit(...HOSTILE_TEXTS.map(text => failed(text, {error: anError('EIO', text)})));
	expect(lines.length).toBeGreaterThan(HOSTILE_TEXTS.length);
	for (const line of lines) expect(line).not.toMatch(ACTING);
	expect(lines.join('\n')).not.toMatch(/[─-▟✔✖▸]/);
});

test('of very many failures only the first are named', () => {
	const {lines, emit} = createBench();
	const names = Array.from({length: 100}, (_, index) => `${index}.csv`);
	emit(runStarted({fileCount: 100}), ...names.map(name => queued(name)), ...names.map(name => failed(name)));
	expect(lines.filter(line => line.startsWith('Failed: '))).toHaveLength(20);
	expect(lines.at(-1)).toBe('More files fail; the summary counts them.');
});
