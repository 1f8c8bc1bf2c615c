// A file for a thread to read, and what the thread says of it.

import type {ErrorReport} from '../../model/report.ts';
import type {RunningTask, TaskOutcome, WorkerTask} from '../backend/job-backend.ts';
import {toErrorReport} from '../shared/errors.ts';
import type {
	FromWorker,
	PackedFilesReply,
	PartSoFar,
	RangesSoFarReply,
	SnapshotReply,
	ToWorker,
} from '../shared/protocol.ts';
import type {SharedProgress} from '../shared/shared-progress.ts';
import {TooManyHungThreadsError} from './too-many-hung-threads.ts';

/** A task as threads of one process have it. */
export interface ThreadTask extends WorkerTask {
	/** See merge-board.ts. */
	readonly mergeBoard: SharedArrayBuffer;
}

/** What a thread says of a request, or what became of the thread. */
export type ThreadReply =
	| Exclude<FromWorker, {type: 'ready'} | SnapshotReply | RangesSoFarReply>
	| {readonly type: 'worker-lost'; readonly cause: string};

/** What a thread says before its last reply. */
export type EarlyReply = PackedFilesReply | RangesSoFarReply;

/** Sends a request to a thread. @param onReply - Called with each reply that is not the last one. */
export type AssignThread = (request: ToWorker, onReply?: (reply: EarlyReply) => void) => AssignedThread;

/** A thread that works for someone. */
export interface AssignedThread {
	readonly reply: Promise<ThreadReply>;
	readonly progress: SharedProgress;
	readonly kill: () => void;
	/** What there is so far; `null` when the reply comes first. */
	readonly askForSnapshot: () => Promise<PartSoFar | null>;
}

export function toOutcome(reply: ThreadReply): TaskOutcome {
	if (reply.type === 'read-ranges' || reply.type === 'did-files' || reply.type === 'converted-file')
		throw new Error('A thread answered what it was not asked');
	if (reply.type !== 'completed') return reply;
	const {type, ...file} = reply;
	return {type, file};
}

/** What there is to watch when no thread could be had. */
export const refusedTask = (cause: unknown): RunningTask => ({
	outcome: Promise.resolve({type: 'failed', error: describeRefusal(cause), bytesRead: 0}),
	readProgress: () => ({bytesRead: 0, rows: 0, rejectedRows: 0}),
	direct() {},
	kill() {},
});

export function describeRefusal(cause: unknown): ErrorReport {
	if (cause instanceof TooManyHungThreadsError) return toErrorReport(cause);
	const message = `No thread could be started: ${cause instanceof Error ? cause.message : cause}`;
	return {code: 'WORKER_LOST', message, line: null, byte_offset: null};
}
