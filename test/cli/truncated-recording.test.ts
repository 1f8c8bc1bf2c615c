import {expect, test} from 'vitest';
import {createTruncatedRun} from '../../source/cli/replay/truncated-recording.ts';
import type {RunFact} from '../../source/model/events.ts';
import {completed, failed, progressed, queued, runCompleted, runStarted, stampAt, started} from '../store/run-log.ts';

const remainingAfter = (...facts: readonly RunFact[]) => {
	const truncatedRun = createTruncatedRun();
	for (const [index, fact] of facts.entries()) truncatedRun.handle(stampAt(fact, index * 10, index + 1));
	return truncatedRun.remainingEvents();
};

const FIRST_ROUND = [
	runStarted({fileCount: 2}),
	queued('a.csv'),
	queued('b.csv'),
	started('a.csv'),
	completed('a.csv'),
	started('b.csv'),
	failed('b.csv'),
	runCompleted(),
] as const;

test('a complete recording lacks nothing, and a truncated one lacks the ends of its files and its own', () => {
	expect(remainingAfter(...FIRST_ROUND)).toEqual([]);
	const remaining = remainingAfter(...FIRST_ROUND.slice(0, 4));
	expect(
		remaining.map(event => ('file' in event ? `${event.type} ${event.file} ${event.attempt}` : event.type)),
	).toEqual(['file-cancelled a.csv 1', 'file-cancelled b.csv 0', 'run-completed']);
	expect(remaining.at(-1)).toMatchObject({status: 'cancelled', totals: {files: 2, cancelled: 2}});
});

test('a recording truncated while files were retried after the end lacks that second end', () => {
	const again = [queued('b.csv', 1000, 1), started('b.csv', 2), progressed('b.csv', 400, {attempt: 2})];
	const remaining = remainingAfter(...FIRST_ROUND, ...again);
	expect(remaining).toMatchObject([
		{type: 'file-cancelled', file: 'b.csv', attempt: 2, report: {bytes: 400}},
		{type: 'run-completed', status: 'cancelled', totals: {files: 2, completed: 1, failed: 0, cancelled: 1}},
	]);
	expect(remainingAfter(...FIRST_ROUND, ...again, completed('b.csv', {attempts: 2}), runCompleted())).toEqual([]);
});

test('files of the same name each get their own end, with the id of the run', () => {
	const cutRun = createTruncatedRun();
	const facts = [runStarted({fileCount: 2}), queued('a.csv'), {...queued('a.csv'), jobId: 2}, started('a.csv')];
	for (const [index, fact] of facts.entries()) cutRun.handle({...stampAt(fact, index * 10, index + 1), runId: 'r'});
	expect(cutRun.remainingEvents()).toMatchObject([
		{type: 'file-cancelled', file: 'a.csv', attempt: 1, runId: 'r'},
		{type: 'file-cancelled', file: 'a.csv', jobId: 2, attempt: 0, runId: 'r'},
		{type: 'run-completed', totals: {files: 2, cancelled: 2}, runId: 'r'},
	]);
});
