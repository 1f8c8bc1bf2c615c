import {expect, test} from 'vitest';
import type {RunEvent, RunFact} from '../../source/model/events.ts';
import {createRecorder} from '../../source/report/recorder.ts';

/** The recorded events of these facts, each with its time in milliseconds. */
function record(facts: readonly (readonly [atMs: number, fact: RunFact])[]): RunEvent[] {
	const lines: string[] = [];
	const recorder = createRecorder({write: line => lines.push(line)});
	for (const [index, [elapsedMs, fact]] of facts.entries()) {
		recorder.handle({...fact, seq: index + 1, at: '2026-01-01T00:00:00.000Z', elapsedMs});
	}
	for (const line of lines) expect(line).toMatch(/^\{"type":.*\}\n$/);
	return lines.map(line => JSON.parse(line) as RunEvent);
}

const started = (file: string): RunFact => ({type: 'file-started', file, attempt: 1});
const progressed = (file: string, bytesRead: number, isPaused = false): RunFact => ({
	type: 'file-progressed',
	file,
	attempt: 1,
	bytesRead,
	rows: 0,
	rejectedRows: 0,
	isPaused,
});

test('the progress of one file is recorded four times a second', () => {
	const facts = Array.from({length: 100}, (_, index) => [index * 100, progressed('a', index)] as const);
	const kept = record([[0, started('a')], ...facts]).length - 1;
	expect(kept).toBeGreaterThan(30);
	expect(kept).toBeLessThanOrEqual(40);
});

test('the progress of many files together is recorded at most 20 times a second', () => {
	const names = Array.from({length: 500}, (_, index) => `${index}.csv`);
	const starts = names.map(name => [0, started(name)] as const);
	const facts = Array.from({length: 600}, (_, tick) => tick).flatMap(tick =>
		names.map(name => [tick * 100, progressed(name, tick)] as const),
	);
	const kept = record([...starts, ...facts]).length - names.length;
	expect(kept).toBeGreaterThan(500);
	expect(kept).toBeLessThanOrEqual(60 * 20 + names.length);
});

test('a pause and a resume are recorded even right after another event', () => {
	const kept = record([
		[0, started('a')],
		[1, progressed('a', 1)],
		[2, progressed('a', 1, true)],
		[3, progressed('a', 1, true)],
		[4, progressed('a', 1, false)],
	]);
	expect(kept.map(({seq}) => seq)).toEqual([1, 3, 5]);
});

test('everything else is recorded', () => {
	const facts: RunFact[] = [
		{
			type: 'run-started',
			version: '1',
			paths: [],
			fileCount: 1,
			bytesTotal: 1,
			concurrency: 1,
			threads: 1,
			analyses: [],
		},
		{type: 'file-queued', file: 'a', attempt: 0, bytesTotal: 1},
		started('a'),
		{type: 'run-paused'},
		{type: 'run-resumed'},
		{
			type: 'file-retrying',
			file: 'a',
			attempt: 1,
			waitMs: 1,
			error: {code: 'EIO', message: '', line: null, byte_offset: null},
		},
	];
	expect(record(facts.map(fact => [0, fact])).map(({type}) => type)).toEqual(facts.map(({type}) => type));
});
