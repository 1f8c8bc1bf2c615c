import {expect, test} from 'vitest';
import type {RunningTask, TaskOutcome} from '../../source/engine/backend/job-backend.ts';
import {type Attempt, watchAttempt} from '../../source/engine/jobs/attempt.ts';
import type {SourceLocation} from '../../source/engine/shared/protocol.ts';
import type {Directive} from '../../source/engine/shared/shared-progress.ts';

/** A thread that stands still, and ends when it is told to. */
function startStill(
	countReads?: () => number,
	source: SourceLocation = {kind: 'file', path: 'a.csv'},
): {attempt: Attempt; directives: Directive[]} {
	const directives: Directive[] = [];
	const ended = Promise.withResolvers<TaskOutcome>();
	const task: RunningTask = {
		outcome: ended.promise,
		readProgress: () => ({bytesRead: 5, rows: 1, rejectedRows: 0}),
		direct(directive) {
			directives.push(directive);
			if (directive === 'abort') ended.resolve({type: 'aborted'});
		},
		kill() {},
		...(countReads && {countReads}),
	};
	return {attempt: watchAttempt(task, {source, timeoutMs: 3000, nowMs: 0}), directives};
}

const sampleEvery = (attempt: Attempt, fromMs: number, toMs: number): void => {
	for (let nowMs = fromMs; nowMs <= toMs; nowMs += 100) attempt.sample(nowMs);
};

test('a file that stands still for the whole time is given up', async () => {
	const {attempt, directives} = startStill();
	sampleEvery(attempt, 100, 2900);
	expect(directives).toEqual([]);
	attempt.sample(3000);
	expect(directives).toEqual(['abort']);
	await expect(attempt.outcome).resolves.toMatchObject({type: 'failed', error: {code: 'TIMEOUT', byte_offset: 5}});
});

test.each<[SourceLocation, string]>([
	[{kind: 'file', path: 'a.csv'}, 'No progress for 3 s after 5 bytes. Is the drive reachable? '],
	[
		{kind: 'standard-input'},
		'Nothing came from standard input for 3 s after 5 bytes. Does the program that writes to it still run? ',
	],
	[
		{kind: 'stream', at: 'a.fifo'},
		'Nothing came from the pipe for 3 s after 5 bytes. Does the program that writes to it still run? ',
	],
])('what is said of %j is about what it comes from', async (source, message) => {
	const {attempt} = startStill(undefined, source);
	sampleEvery(attempt, 100, 3000);
	const error = {code: 'TIMEOUT', message: `${message}--timeout sets how long is waited`};
	await expect(attempt.outcome).resolves.toMatchObject({type: 'failed', error});
});

test('time that nobody watched, because the program was suspended, does not count', () => {
	const {attempt, directives} = startStill();
	sampleEvery(attempt, 100, 1000);
	attempt.sample(601_000);
	// Of ten minutes one second counts: so far 2 s in all.
	sampleEvery(attempt, 601_100, 601_900);
	expect(directives).toEqual([]);
	attempt.sample(602_000);
	expect(directives).toEqual(['abort']);
});

test('time while it is held does not count', () => {
	const {attempt, directives} = startStill();
	attempt.hold(true, 0);
	sampleEvery(attempt, 100, 10_000);
	attempt.hold(false, 10_000);
	sampleEvery(attempt, 10_100, 12_900);
	expect(directives).toEqual(['hold', 'run']);
	attempt.sample(13_000);
	expect(directives).toEqual(['hold', 'run', 'abort']);
});

test('a file that is read again does not stand still, although its totals do', () => {
	let reads = 0;
	const {attempt, directives} = startStill(() => reads++);
	sampleEvery(attempt, 100, 10_000);
	expect(directives).toEqual([]);
});
