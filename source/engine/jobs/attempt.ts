// One try at one file, from the moment a thread has it to its one end. It watches over the thread: a file that makes no
// progress is given up, a thread that does not answer is ended.

import type {ErrorReport} from '../../model/report.ts';
import type {FileInspection} from '../../model/run-control.ts';
import type {RunningTask, TaskOutcome} from '../backend/job-backend.ts';
import type {FoldedFile, SourceLocation} from '../shared/protocol.ts';
import type {ProgressTotals} from '../shared/shared-progress.ts';
import {canReadAgain, isRemote, outerLocationOf} from '../shared/source-location.ts';

export type AttemptOutcome =
	| {readonly type: 'completed'; readonly file: FoldedFile}
	| {
			readonly type: 'failed';
			readonly error: ErrorReport;
			readonly bytesRead: number;
			/** Whether it was another file that took the thread along. */
			readonly isBlameless?: true;
	  }
	| {readonly type: 'cancelled'; readonly bytesRead: number};

export interface Attempt {
	readonly outcome: Promise<AttemptOutcome>;
	/** Reads the totals; gives the file up when they have not changed for too long. */
	readonly sample: (nowMs: number) => ProgressTotals;
	/** Holds the reading or lets it go on. Time while held does not count as standing still. */
	readonly hold: (isHeld: boolean, nowMs: number) => void;
	/** Ends the attempt as cancelled. */
	readonly cancel: () => void;
	/** What the file came to so far; `null` where that cannot be said. */
	readonly inspect: () => Promise<FileInspection | null>;
}

export interface AttemptOptions {
	readonly source: SourceLocation;
	readonly timeoutMs: number;
	readonly nowMs: number;
}

/**
A thread looks at its directive between chunks and waits; one that has not answered by then hangs. Stopping a whole run
is promised within 2 s.
*/
const ABORT_GRACE_MS = 1500;

/** Samples are taken ten times a second; the file is not the reason for a gap longer than this. */
const LONGEST_SAMPLE_GAP_MS = 1000;

export function watchAttempt(task: RunningTask, {source, timeoutMs, nowMs: startedMs}: AttemptOptions): Attempt {
	let reasonToEnd: 'cancelled' | 'timed-out' | null = null;
	let isHeld = false;
	let changedAtMs = startedMs;
	let sampledAtMs = startedMs;
	let last = task.readProgress();
	let lastReads = task.countReads?.();
	let graceTimer: NodeJS.Timeout | undefined;

	const abort = (reason: 'cancelled' | 'timed-out'): void => {
		if (reasonToEnd !== null) return;
		reasonToEnd = reason;
		task.direct('abort');
		graceTimer = setTimeout(task.kill, ABORT_GRACE_MS);
	};
	const toAttemptOutcome = (outcome: TaskOutcome): AttemptOutcome => {
		clearTimeout(graceTimer);
		if (outcome.type === 'completed') return outcome;
		// A file that fails while it is cancelled is not tried again, because a person has given it up.
		if (outcome.type === 'failed' && reasonToEnd !== 'cancelled') return outcome;
		const {bytesRead} = outcome.type === 'failed' ? outcome : last;
		if (reasonToEnd === 'cancelled') return {type: 'cancelled', bytesRead};
		const error: ErrorReport =
			reasonToEnd === 'timed-out'
				? timedOut(source, timeoutMs, bytesRead)
				: {
						code: 'WORKER_LOST',
						message: `The thread that read the file ended: ${outcome.type === 'worker-lost' ? outcome.cause : 'it was told to'}`,
						line: null,
						byte_offset: bytesRead,
					};
		return {type: 'failed', error, bytesRead};
	};

	return {
		outcome: task.outcome.then(toAttemptOutcome),
		sample(nowMs) {
			const totals = task.readProgress();
			const reads = task.countReads?.();
			const hasMoved = totals.bytesRead !== last.bytesRead || totals.rows !== last.rows || reads !== lastReads;
			if (hasMoved || isHeld) changedAtMs = nowMs;
			lastReads = reads;
			// A gap between samples does not count: the machine slept, or the program was suspended.
			changedAtMs += Math.max(0, nowMs - sampledAtMs - LONGEST_SAMPLE_GAP_MS);
			sampledAtMs = nowMs;
			last = totals;
			if (nowMs - changedAtMs >= timeoutMs) abort('timed-out');
			return totals;
		},
		hold(isToBeHeld, nowMs) {
			if (reasonToEnd !== null || isToBeHeld === isHeld) return;
			isHeld = isToBeHeld;
			changedAtMs = nowMs;
			task.direct(isToBeHeld ? 'hold' : 'run');
		},
		cancel() {
			abort('cancelled');
		},
		inspect: async () => (await task.inspect?.()) ?? null,
	};
}

function timedOut(source: SourceLocation, timeoutMs: number, bytesRead: number): ErrorReport {
	const time = `${timeoutMs / 1000} s after ${bytesRead.toLocaleString('en')} bytes`;
	const what = canReadAgain(source)
		? `No progress for ${time}. Is the ${isRemote(outerLocationOf(source)) ? 'server' : 'drive'} reachable?`
		: `Nothing came from ${source.kind === 'stream' ? 'the pipe' : 'standard input'} for ${time}. Does the program that writes to it still run?`;
	return {
		code: 'TIMEOUT',
		message: `${what} --timeout sets how long is waited`,
		line: null,
		byte_offset: bytesRead,
	};
}
