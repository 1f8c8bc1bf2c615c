import {describe, expect, test} from 'vitest';
import type {RunFact} from '../../source/model/events.ts';
import {createProgressLine} from '../../source/report/progress-line.ts';
import {completed, failed, progressed, queued, retrying, runStarted, stampAt, started} from '../store/run-log.ts';

function createBench(isTerminal: boolean) {
	let written = '';
	let nowMs = 0;
	let seq = 0;
	const line = createProgressLine({
		write: text => {
			written += text;
		},
		isTerminal,
		columns: () => 40,
		now: () => nowMs,
	});
	return {
		line,
		take(): string {
			const text = written;
			written = '';
			return text;
		},
		pass(milliseconds: number): void {
			nowMs += milliseconds;
		},
		emit(...facts: readonly RunFact[]): void {
			for (const fact of facts) line.handle(stampAt(fact, nowMs, ++seq));
		},
	};
}

describe('the line of progress', () => {
	test('counts files that are added while the run is on', () => {
		const {line, emit, take} = createBench(false);
		emit(runStarted({fileCount: 1, bytesTotal: 1000}), queued('a'), started('a'), completed('a'));
		emit({...queued('b'), isAdded: true}, queued('b', 1000, 1));
		line.print();
		expect(take()).toContain('1 of 2 files (50%)');
	});

	test('says how many files have ended, the remaining time and the speed, on separate lines', () => {
		const {line, emit, pass, take} = createBench(false);
		emit(runStarted({fileCount: 4, bytesTotal: 4000}), ...['a', 'b', 'c', 'd'].map(name => queued(name)));
		emit(started('a'), progressed('a', 500));
		pass(1000);
		line.print();
		expect(take()).toBe('0 of 4 files (0%), ETA 00:07, 500 B/s\n');
		emit(completed('a'), started('b'), progressed('b', 600), retrying('b'), failed('c'));
		pass(1000);
		line.print();
		expect(take()).toMatch(/^2 of 4 files \(50%\), 1 failed, ETA 00:0\d, \d+ B\/s\n$/);
		line.clear();
		expect(take()).toBe('');
	});

	test('is overwritten on a terminal, never wider than it, and removed at the end', () => {
		const {line, emit, pass, take} = createBench(true);
		emit(runStarted({fileCount: 123_456, bytesTotal: 4e15}), started('a'), progressed('a', 5e9));
		pass(10_000);
		line.print();
		const text = take();
		expect(text.startsWith('\r\u{1b}[K0 of 123,456 files')).toBe(true);
		expect(text.length - '\r\u{1b}[K'.length).toBeLessThan(40);
		line.clear();
		expect(take()).toBe('\r\u{1b}[K');
		line.clear();
		expect(take()).toBe('');
	});
});
